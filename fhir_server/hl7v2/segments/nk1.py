"""NK1 → Patient.contact (v2-to-FHIR IG, segment map NK1[Patient])."""

from __future__ import annotations

from fhir_server.hl7v2 import datatypes as dt
from fhir_server.hl7v2.mapping import Row

# R4 has one name and one address of a contact
CONTACT = (
    Row(2, "name", dt.xpn),
    Row(3, "relationship", dt.cwe, many=True),
    Row(4, "address", dt.xad),
    Row(5, "telecom", dt.home_xtn, many=True),
    Row(6, "telecom", dt.work_xtn, many=True),
    Row(7, "relationship", dt.cwe, many=True),
    Row(8, "period.start", dt.date_time),
    Row(9, "period.end", dt.date_time),
    Row(13, "organization", dt.xon),
    Row(15, "gender", dt.gender, table="A F M N O U X"),
    Row(40, "telecom", dt.xtn, many=True),
)
