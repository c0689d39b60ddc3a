"""Which dictionary hits are mentions: abbreviations, everyday words, analytes, titles."""

from nlp.mentions import injuries, spread
from nlp.mentions.drugs import used
from nlp.mentions.readings import EVERYDAY
from nlp.mentions.terms import terms

__all__ = ["EVERYDAY", "injuries", "spread", "terms", "used"]
