"""From a phrase and its context to codes: dictionary terms, then qualifiers, then search.

Every coding returned names a code that the loaded terminology holds.
"""

from nlp.linking.billing import billable, is_plain
from nlp.linking.conditions import condition
from nlp.linking.searching import EXTENDED, FOUND, found, search
from nlp.linking.terms import SYSTEM_OF, coding, from_match, given, rank

__all__ = [
    "EXTENDED",
    "FOUND",
    "SYSTEM_OF",
    "billable",
    "coding",
    "condition",
    "found",
    "from_match",
    "given",
    "is_plain",
    "rank",
    "search",
]
