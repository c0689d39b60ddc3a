"""Every message the server takes, by code and trigger event."""

from __future__ import annotations

from fhir_server.hl7v2.messages import adt, mdm
from fhir_server.hl7v2.place import Handler

MESSAGES: dict[tuple[str, str], Handler] = {
    ("ADT", "A01"): adt.handle,
    ("ADT", "A02"): adt.handle,
    ("ADT", "A03"): adt.handle,
    ("ADT", "A04"): adt.handle,
    ("ADT", "A05"): adt.handle,
    ("ADT", "A08"): adt.handle,
    ("ADT", "A11"): adt.handle,
    ("ADT", "A28"): adt.handle,
    ("ADT", "A31"): adt.handle,
    ("MDM", "T02"): mdm.handle,
    ("MDM", "T04"): mdm.handle,
    ("MDM", "T08"): mdm.handle,
}
