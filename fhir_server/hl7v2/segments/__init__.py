"""One file a segment: rows that say which field becomes which element."""
