"""Official files of releases: read, written to disk, taken into use."""
