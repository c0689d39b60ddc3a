"""ValueSet/$related: the name by which $compare was known before."""

from __future__ import annotations

from fhir_server.terminology.comparison import operation

OPERATION = operation("related")
