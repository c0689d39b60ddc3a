"""One file a code system."""
