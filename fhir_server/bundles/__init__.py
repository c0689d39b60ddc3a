"""Bundles that are sent to be worked off: batches and transactions."""
