"""Free text to codes: the words, the names and the structure of what codes mean."""
