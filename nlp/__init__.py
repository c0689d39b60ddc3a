"""Text to findings: spans, assertion, sig and codes. Knows no FHIR and no HTTP."""
