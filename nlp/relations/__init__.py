"""What a text says between mentions, and of them."""

from nlp.relations.relate import relate

__all__ = ["relate"]
