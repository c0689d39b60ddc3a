"""What the server says of itself, and the R4 definitions it checks by."""
