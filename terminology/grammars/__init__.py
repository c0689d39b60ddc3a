"""Codes that a grammar gives: units, MIME types, languages."""
