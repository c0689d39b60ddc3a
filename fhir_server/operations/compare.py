"""ValueSet/$compare: how two value sets stand to each other."""

from __future__ import annotations

from fhir_server.terminology.comparison import operation

OPERATION = operation("compare")
