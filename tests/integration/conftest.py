"""A fault's test asks for `plant`, or for `own_plant` if it kills servers."""

from tests.integration.plants import own_plant, plant

__all__ = ["own_plant", "plant"]
