"""What an index is made of, part by part."""
