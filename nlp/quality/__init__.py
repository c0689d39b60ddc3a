"""How good extraction is: predictions against gold, with intervals and with errors by class."""
