"""Findings to FHIR: Condition, MedicationStatement, and the Provenance that explains them."""

from fhir_server.findings.evidence import EVIDENCE, EVIDENCE_PARTS, SUPPLY, SUPPLY_PARTS, place
from fhir_server.findings.provenance import device, provenance, provenance_id
from fhir_server.findings.resources import resource, resources
from fhir_server.findings.source import Source

__all__ = [
    "EVIDENCE",
    "EVIDENCE_PARTS",
    "SUPPLY",
    "SUPPLY_PARTS",
    "Source",
    "device",
    "place",
    "provenance",
    "provenance_id",
    "resource",
    "resources",
]
