"""What a text says of what it names."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

Kind = Literal["condition", "medication"]


class Assertion(StrEnum):
    """What the text claims of a mention."""

    PRESENT = "present"
    NEGATED = "negated"
    POSSIBLE = "possible"
    HISTORICAL = "historical"
    FAMILY = "family"
    HYPOTHETICAL = "hypothetical"


class MedicationStatus(StrEnum):
    """What the text says the patient does with a drug."""

    ACTIVE = "active"
    NEW = "new"
    CHANGED = "changed"
    STOPPED = "stopped"
    HELD = "held"
    COMPLETED = "completed"
    PLANNED = "planned"
    NOT_TAKING = "not-taking"
    IN_HOSPITAL = "in-hospital"  # given during the stay that is told
    ALLERGY = "allergy"
    INTOLERANCE = "intolerance"  # not tolerated, though no allergy
