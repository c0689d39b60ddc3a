"""Fast paths in Mojo, each with its Python reference beside it.

Nothing is imported and no version is set here: transformers probes for a package of this name.
"""
