"""Routes that call an ad or shop platform, or publish: the runtime mounts them beside api's."""
