"""Laws are judged by what they say, not by how long an example takes on a busy machine."""

from hypothesis import settings

settings.register_profile("metricx", deadline=None, print_blob=True)
settings.load_profile("metricx")
