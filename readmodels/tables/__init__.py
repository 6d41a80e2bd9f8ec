"""Tables of each projection and the views that serve them, one file a projection."""
