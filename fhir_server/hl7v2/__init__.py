"""HL7 v2 in: MLLP frames → journal → segments → FHIR resources → acknowledgement."""
