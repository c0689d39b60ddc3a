"""One file a format: each turns a Source into a Reading, and none knows of another."""
