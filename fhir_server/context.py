"""Context: all that a handler may touch, wired once in app.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from fhir_server.settings import Settings
from nlp.pipeline import Pipeline
from terminology.service import Terminology

if TYPE_CHECKING:
    from fhir_server.repository import Repository
    from fhir_server.terminology.matching import Matching
    from fhir_server.terminology.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Context:
    """Time and ids come from here, so that golden files are stable."""

    settings: Settings
    terminology: Terminology
    pipeline: Pipeline
    repository: Repository
    vocabulary: Vocabulary
    matching: Matching
    now: Callable[[], datetime]  # aware, UTC
    new_id: Callable[[], str]  # a fresh resource id
