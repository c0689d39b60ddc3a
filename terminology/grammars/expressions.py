"""Code systems whose codes a grammar gives: UCUM, MIME types, languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from terminology.codesystem import (
    CodeSystem,
    ConceptDefinition,
    ConceptDesignation,
    ConceptProperty,
    PropertyDefinition,
    Standing,
    words_of,
)
from terminology.grammars import languagetags, mimetypes, ucum
from terminology.library import SystemsLayer
from terminology.supplemented import plain

CANONICAL = PropertyDefinition("canonical", kind="string")
PROPERTY = PropertyDefinition("property", kind="string")  # what a unit of the base units measures


@dataclass(frozen=True)
class Expressions:
    """A code system of R4's list of external ones; `written` gives a code as the system writes it.

    `names` are displays that others agreed on; all other codes are called what `called` makes.
    `covers` says whether a code stands above another; two codes of one `meaning` are equivalent.
    """

    url: str
    version: str
    title: str
    case_sensitive: bool
    written: Callable[[str], str | None]
    called: Callable[[str], str]
    told: Callable[[str], tuple[ConceptProperty, ...]] = lambda code: ()
    declared: tuple[PropertyDefinition, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict, compare=False)
    covers: Callable[[str, str], bool] = lambda above, below: False
    meaning: Callable[[str], object] = lambda code: code
    language = "en"
    content = "complete"
    version_needed = compositional = False
    standing = Standing("active")
    supplements: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The title: it is all that these are known by."""
        return self.title

    @property
    def properties(self) -> Mapping[str, PropertyDefinition]:
        """The declared properties by code."""
        return {each.code: each for each in self.declared}

    def find(self, code: str) -> str | None:
        return self.written(code)

    def concept(self, code: str) -> ConceptDefinition:
        made = self.called(code)
        display = self.names.get(code, made)
        others = dict.fromkeys(each for each in (made, code) if each != display)
        designations = tuple(ConceptDesignation(each, self.language) for each in others)
        return ConceptDefinition(
            code, display, designations=designations, properties=self.told(code)
        )

    def codes(self) -> Sequence[str]:
        return ()

    def parents(self, code: str) -> Sequence[str]:
        return ()

    def children(self, code: str) -> Sequence[str]:
        return ()

    def is_inactive(self, code: str) -> bool:
        return False

    def is_abstract(self, code: str) -> bool:
        return False

    def search(self, text: str) -> Sequence[str]:
        return ()

    def matches(self, code: str, text: str) -> bool:
        known = words_of([code, self.called(code), self.names.get(code, "")])
        return all(any(each.startswith(word) for each in known) for word in words_of([text]))


def _unit(code: str) -> str | None:
    return code if ucum.unit(code) else None


def _unit_name(code: str) -> str:
    found = ucum.unit(code)
    return found.name if found else code


def _base(code: str) -> Iterator[ConceptProperty]:
    if known := ucum.canonical(code):
        yield ConceptProperty(CANONICAL.code, "string", known.unit)
        if measured := ucum.PROPERTIES.get(known.unit):
            yield ConceptProperty(PROPERTY.code, "string", measured)


def _subtags(code: str) -> tuple[ConceptProperty, ...]:
    return tuple(ConceptProperty(kind, "code", part) for kind, part in languagetags.parts(code))


def _type(code: str) -> str | None:
    return code if mimetypes.is_type(code) else None


ROWS = (
    Expressions(
        *(ucum.SYSTEM, "", "UCUM", True, _unit, _unit_name),
        told=lambda code: tuple(_base(code)),
        declared=(CANONICAL, PROPERTY),
        meaning=lambda code: ucum.canonical(code) or code,
    ),
    Expressions(mimetypes.SYSTEM, "", "MIME types", True, _type, lambda code: code),
    Expressions(
        *(languagetags.SYSTEM, "", "Language tags", False),
        *(languagetags.written, languagetags.name, _subtags),
        tuple(PropertyDefinition(kind) for kind in languagetags.KINDS),
        covers=languagetags.covers,
    ),
)


def endless(system: CodeSystem) -> bool:
    """Whether the codes of a system can't be listed."""
    return isinstance(plain(system), Expressions)


class ExpressionsLayer(SystemsLayer):
    """The systems of ROWS as a layer of a library, with the names that `named` has for a url."""

    def __init__(self, named: Callable[[str], Mapping[str, str]] = lambda url: {}) -> None:
        super().__init__(replace(each, names=named(each.url)) for each in ROWS)
