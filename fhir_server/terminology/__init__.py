"""Terminology as FHIR tells it: resources to plain values, and replies back."""
