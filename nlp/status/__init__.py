"""What a text says that the patient does with a drug."""

from nlp.status.decision import status

__all__ = ["status"]
