"""Code systems as plain values, and text to code. Knows no FHIR and no HTTP."""
