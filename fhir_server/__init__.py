"""The server: FHIR R4 over HTTP, HL7 v2 over MLLP, one store behind one door."""
