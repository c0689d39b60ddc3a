"""$validate-code: whether codes exist, are in a value set, and are written as they should be."""

from __future__ import annotations

from dataclasses import replace

from terminology.codesystem import CodeSystem, Coding
from terminology.issue import Refused
from terminology.languages import parse as languages_of
from terminology.library import Library
from terminology.messages import (
    UNKNOWN_VALUE_SET,
)
from terminology.validation.checking import Checking
from terminology.validation.membership import Membership
from terminology.validation.types import Checked, Codings, Options, Outcome
from terminology.valueset import ValueSet
from terminology.versions import VersionRules

__all__ = [
    "Checked",
    "Codings",
    "Membership",
    "Options",
    "Outcome",
    "undisputed",
    "validate_in_system",
    "validate_in_value_set",
]


def validate_in_value_set(
    library: Library, value_set: ValueSet, asked: Codings, options: Options
) -> Outcome:
    """Whether a code, or one of several, is in a value set.

    Raises Refused where the definition of the set is broken; a set that it names and that isn't
    known makes the answer false.
    """
    try:
        membership = Membership(library, value_set, options.rules, options.set_rules)
    except Refused as refused:
        if all(i.id == UNKNOWN_VALUE_SET.id for i in refused.issues):
            told = (
                None if asked.concept else Checked(asked.codings[0].system, asked.codings[0].code)
            )
            return Outcome(False, told, refused.issues)
        raise
    checking = Checking(membership.library, _spoken(options, value_set), membership)
    return checking.outcome(asked)


def validate_in_system(
    library: Library, system: CodeSystem | None, asked: Codings, options: Options, url: str = ""
) -> Outcome:
    """Whether codes exist in their systems: that of the `url`, where one is named.

    `system` stands in for what the library has of its url.
    """
    checking = Checking(library, _spoken(options, ValueSet()), None, system, url)
    return checking.outcome(asked)


def undisputed(
    library: Library, value_set: ValueSet | None, coding: Coding
) -> tuple[CodeSystem, Membership | None] | None:
    """The system that a coding is looked up in and, of a value set, its membership.

    None where there is anything to say besides of the code itself, or the code decides.
    """
    membership = None
    if value_set is not None:
        try:
            membership = Membership(library, value_set, VersionRules())
        except Refused:
            return None
    known = membership.library if membership else library
    system = Checking(known, Options(), membership).undisputed(coding)
    return None if system is None else (system, membership)


def _spoken(options: Options, value_set: ValueSet) -> Options:
    """The options with the languages that count: request, value set, header, set's language."""
    author = value_set.parameter("displayLanguage")
    own = options.languages or languages_of(author) or options.header
    return replace(options, languages=own or languages_of(value_set.language))
