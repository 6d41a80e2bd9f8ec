"""A fault's test asks for `plant`, for two of them, or for `own_plant` if it kills servers."""

from tests.integration.plants import own_plant, plant, second_plant

__all__ = ["own_plant", "plant", "second_plant"]
