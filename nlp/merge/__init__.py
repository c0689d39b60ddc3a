"""One finding a fact: mentions of one condition or drug in a document become one, with evidence."""

from nlp.merge.conditions import contains
from nlp.merge.diabetes import one_type
from nlp.merge.facts import merge
from nlp.merge.mention import Mention

__all__ = ["Mention", "contains", "merge", "one_type"]
