"""How the tagger's weights are made: `python -m nlp.training` reproduces the shipped file."""
