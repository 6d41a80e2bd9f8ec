"""A fault's test asks for `plant`, for more of them, or for `own_plant` if it kills servers."""

from tests.integration.plants import another_plant, own_plant, plant, second_plant

__all__ = ["another_plant", "own_plant", "plant", "second_plant"]
