"""Fast paths in Mojo, each with its Python reference. No imports here: transformers probes a package of this name."""
