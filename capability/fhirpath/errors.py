"""PathError: an expression that can't be read, or can't be evaluated on what it was given."""


class PathError(ValueError):
    """Says what of the expression is the reason; it repeats nothing of the resource."""
