"""Pages about the API for people, made of its OpenAPI document."""
