"""What goes over the wire: TypedDicts that routes fill, msgspec encodes and OpenAPI describes."""
