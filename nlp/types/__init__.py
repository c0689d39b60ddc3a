"""The values nlp gives. Offsets are code points of the text: text[start:end] == quote.

Those of which a note has hundreds are structs: made in a tenth of the time that an instance of a
class with slots takes, changed (`msgspec.structs.replace`) in a twentieth.
"""

from nlp.types.assertion import Assertion, Kind, MedicationStatus
from nlp.types.document import INHERITED, Claim, Document, Hints, Section, Sentence, Span
from nlp.types.engine import Correcting, Engine, EngineError, ModelMissing, Naming, UnknownEngine
from nlp.types.finding import Candidate, Coding, Dropped, Extraction, Fault, Finding, Relation
from nlp.types.sig import Quantity, Sig, Supply, Timing

__all__ = [
    "INHERITED",
    "Assertion",
    "Candidate",
    "Claim",
    "Coding",
    "Correcting",
    "Document",
    "Dropped",
    "Engine",
    "EngineError",
    "Extraction",
    "Fault",
    "Finding",
    "Hints",
    "Kind",
    "MedicationStatus",
    "ModelMissing",
    "Naming",
    "Quantity",
    "Relation",
    "Section",
    "Sentence",
    "Sig",
    "Span",
    "Supply",
    "Timing",
    "UnknownEngine",
]
