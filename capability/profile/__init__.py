"""Profiles: StructureDefinitions that users store, and what of a resource breaks them."""
