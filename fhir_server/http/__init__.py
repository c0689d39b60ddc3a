"""HTTP: requests in, replies out, the formats and encodings they travel in."""
