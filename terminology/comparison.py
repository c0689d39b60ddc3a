"""How two value sets stand to each other: by their codes, or by their definitions where need be.

https://build.fhir.org/ig/FHIR/fhir-tools-ig/comparing-value-sets.html
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from terminology.expansion.members import Making
from terminology.expansion.types import Key, Options
from terminology.issue import Issue, Refused
from terminology.library import Library
from terminology.valueset import Include, ValueSet

Relation = Literal[
    "same", "subset", "superset", "overlapping", "disjoint", "empty", "indeterminate"
]
Policy = Literal["always", "as-needed", "never"]
LIMIT = 500_000  # codes of one of the sets
WORDS: dict[Relation, str] = {
    "same": "The value sets {0} and {1} contain the same codes",
    "subset": "The valueSet {0} is a sub-set of the valueSet {1}",
    "superset": "The valueSet {0} is a super-set of the valueSet {1}",
    "overlapping": "Both value sets {0} and {1} contain the codes the other doesn't, but there is "
    "some overlap",
    "disjoint": "No shared codes between the value sets {0} and {1}",
    "empty": "Both the value sets {0} and {1} are empty",
    "indeterminate": "Unable to compare {0} and {1}: {2}",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """How `this` stands to `other`; `missing` are codes of this alone, `extra` of the other."""

    relation: Relation
    message: str
    expanded: bool
    common: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


def compare(
    library: Library, this: ValueSet, other: ValueSet, options: Options, policy: Policy
) -> Comparison:
    """Compares the codes of two sets; sets that can't be listed whole, by their definitions.

    The version of a system counts where `policy` says so: as-needed is for systems that say that
    their codes need it.
    """
    names = this.canonical or "(this)", other.canonical or "(other)"
    try:
        mine, theirs = (_codes(library, each, options, policy) for each in (this, other))
    except Refused as refused:
        if relation := _by_definition(this, other):
            return Comparison(relation, WORDS[relation].format(*names), expanded=False)
        reason = "; ".join(i.text for i in refused.issues)
        told = WORDS["indeterminate"].format(*names, reason)
        return Comparison("indeterminate", told, expanded=True)
    return _compared(mine, theirs, names)


def _compared(mine: set[Key], theirs: set[Key], names: tuple[str, str]) -> Comparison:
    common, missing, extra = mine & theirs, mine - theirs, theirs - mine
    relation: Relation
    if not mine and not theirs:
        relation = "empty"
    elif not common:
        relation = "disjoint"
    elif missing and extra:
        relation = "overlapping"
    elif missing or extra:
        relation = "superset" if missing else "subset"
    else:
        relation = "same"
    message = WORDS[relation].format(*names)
    if relation == "same":
        return Comparison(relation, message, expanded=True)
    return Comparison(relation, message, True, _listed(common), _listed(missing), _listed(extra))


def _codes(library: Library, value_set: ValueSet, options: Options, policy: Policy) -> set[Key]:
    """The codes of a set, with versions where they count; raises Refused where some may lack."""
    if not value_set.include and value_set.expansion is None:
        raise Refused(_unlisted(f"the value set {value_set.canonical} has no compose"))
    own = library.with_supplements(value_set.supplements)
    making = Making(own, options, value_set)
    lone = making.lone(value_set)
    found = making.members(value_set).values() if lone is None else lone.members(0, LIMIT + 1)
    if len(found) > LIMIT:
        raise Refused(_unlisted(f"the value set {value_set.canonical} has over {LIMIT} codes"))
    if making.unclosed:
        raise Refused(_unlisted("; ".join(making.unclosed)))
    counts = {m.system.url for m in found if policy == "always" or m.system.version_needed}
    versioned = counts if policy != "never" else set()
    return {
        (m.system.url, m.system.version if m.system.url in versioned else "", m.code) for m in found
    }


def _unlisted(text: str) -> Issue:
    return Issue("error", "not-supported", "cannot-determine", text)


def _by_definition(this: ValueSet, other: ValueSet) -> Relation | None:
    """What the definitions tell of sets that can't be listed: that they say the same."""
    return "same" if this.include and _definition(this) == _definition(other) else None


def _definition(value_set: ValueSet) -> tuple[frozenset[object], frozenset[object]]:
    return _parts(value_set.include), _parts(value_set.exclude)


def _parts(includes: Iterable[Include]) -> frozenset[object]:
    return frozenset(
        (
            each.system,
            each.version,
            frozenset(c.code for c in each.concepts),
            frozenset((f.property, f.op, f.value) for f in each.filters),
            frozenset(each.value_sets),
        )
        for each in includes
    )


def _listed(keys: Iterable[Key]) -> tuple[str, ...]:
    return tuple(sorted(code for _, _, code in keys))
