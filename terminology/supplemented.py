"""A loaded system, or one that a grammar gives, with what supplements add to its concepts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

from terminology.codesystem import (
    CodeSystem,
    ConceptDefinition,
    PropertyDefinition,
    canonical,
    words_of,
)
from terminology.table import Table, names, supplement_concept

KEPT = 1 << 10  # concepts, for as long as the request


class Supplemented:
    """A code system whose codes and their order are those of `system`; supplements add no codes."""

    def __init__(self, system: CodeSystem, added: Sequence[Table]) -> None:
        self.system, self._added = system, tuple(added)
        self.url, self.version, self.name, self.title = (
            *(system.url, system.version),
            *(system.name, system.title),
        )
        self.language, self.content, self.standing = (
            system.language,
            system.content,
            system.standing,
        )
        self.case_sensitive, self.version_needed = system.case_sensitive, system.version_needed
        self.compositional = system.compositional
        self.find, self.codes = system.find, system.codes
        self.parents, self.children = system.parents, system.children
        self.is_inactive, self.is_abstract = system.is_inactive, system.is_abstract
        self.supplements = (
            *system.supplements,
            *(canonical(table.url, table.version) for table in added),
        )
        self.concept = lru_cache(KEPT)(self._concept)

    @cached_property
    def properties(self) -> Mapping[str, PropertyDefinition]:
        """The declared properties by code."""
        own = {each.code: each for table in self._added for each in table.declared}
        return own | dict(self.system.properties)

    def _concept(self, code: str) -> ConceptDefinition:
        return supplement_concept(self.system.concept(code), self._added)

    def search(self, text: str) -> Sequence[str]:
        found = dict.fromkeys(self.system.search(text))
        listed = (code for table in self._added for code in table.codes())
        known = (own for code in listed if (own := self.system.find(code)) is not None)
        found |= dict.fromkeys(code for code in known if self.matches(code, text))
        return list(found)

    def matches(self, code: str, text: str) -> bool:
        if self.system.matches(code, text):
            return True
        words = words_of(names(self.concept(code)))
        return all(any(word.startswith(each) for word in words) for each in words_of([text]))


def plain(system: CodeSystem) -> CodeSystem:
    """A system without what supplements add to it."""
    return system.system if isinstance(system, Supplemented) else system
