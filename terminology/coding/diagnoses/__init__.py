"""From a phrase for a condition to ICD-10-CM: its words, names, side and circumstances."""
