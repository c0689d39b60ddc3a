"""Who found: the Device, and the Provenance of what was made of a document."""

from __future__ import annotations

import hashlib
from datetime import datetime

from fhir_server.findings.source import TERMINOLOGY, Resource, Source, concept, instant
from fhir_server.version import VERSION
from nlp.types import (
    Extraction,
)


def device(extraction: Extraction) -> Resource:
    """The software that found: one Device per engine, model and version."""
    key = f"{extraction.engine}|{extraction.model}|{VERSION}"
    name = f"medparser, engine {extraction.engine}"
    return {
        "resourceType": "Device",
        "id": hashlib.sha256(key.encode()).hexdigest()[:32],
        "status": "active",
        "manufacturer": "medparser",
        "deviceName": [{"name": name, "type": "model-name"}],
        **({"modelNumber": extraction.model} if extraction.model else {}),
        "version": [{"value": VERSION}],
    }


def provenance(targets: list[str], source: Source, device_id: str, now: datetime) -> Resource:
    """Who made the targets, when, and from which version of the document."""
    return {
        "resourceType": "Provenance",
        "id": provenance_id(source.document),
        "target": [{"reference": t} for t in targets],
        "occurredDateTime": instant(now),
        "recorded": instant(now),
        "activity": concept(f"{TERMINOLOGY}/v3-DataOperation", "CREATE"),
        "agent": [
            {
                "type": concept(f"{TERMINOLOGY}/provenance-participant-type", "assembler"),
                "who": {"reference": f"Device/{device_id}"},
            }
        ],
        "entity": [
            {
                "role": "source",
                "what": {"reference": f"{source.document}/_history/{source.version}"},
            }
        ],
    }


def provenance_id(document: str) -> str:
    """One Provenance per document: extracting again replaces it."""
    return hashlib.sha256(f"provenance|{document}".encode()).hexdigest()[:32]
