"""De-identification of notes by rules: the identifiers of HIPAA Safe Harbor that text can hold."""

from nlp.deid.known import Fact
from nlp.deid.replace import deidentify
from nlp.deid.safe_harbor import find
from nlp.deid.types import CAUTION, Category, Deidentified, Mode, Phi, Replaced

__all__ = [
    "CAUTION",
    "Category",
    "Deidentified",
    "Fact",
    "Mode",
    "Phi",
    "Replaced",
    "deidentify",
    "find",
]
