"""ICD-10 of the WHO, or another classification, in ClaML 2.0 or 3.0.

Format: EN 14463:2007, Classification Markup Language; Class, SuperClass, Rubric, and modifiers,
whose classes are put to the leaves that name them (E10-E14 with .0 to .9).
Memory: 100 MiB; a class is written when its element ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from terminology.errors import SourceError
from terminology.loading.draft import Draft
from terminology.loading.layout import ABSTRACT
from terminology.loading.lines import CHUNK, required
from terminology.loading.source import Head, Options

URL = "http://hl7.org/fhir/sid/icd-10"
NAMED = "preferred"
PROPERTIES = {
    # kind of rubric: name of the property; every kind that is neither here nor a name is a note
    "exclusion": "excludes",
    "definition": "definition",
    "introduction": "note",
    "coding-hint": "codingHint",
}
SYNONYMS = frozenset({"inclusion", "preferredLong"})
GROUPS = frozenset({"chapter", "block"})


@dataclass(slots=True)
class Class:
    """A Class or ModifierClass while it is read."""

    code: str
    kind: str
    usage: str = ""
    modifier: str = ""
    above: list[str] = field(default_factory=list)
    below: bool = False
    rubrics: list[tuple[str, str, str]] = field(default_factory=list)
    modified: list[str] = field(default_factory=list)
    spared: set[str] = field(default_factory=set)
    valid: dict[str, set[str]] = field(default_factory=dict)

    def title(self) -> str:
        return next((text for kind, text, _ in self.rubrics if kind == NAMED), "")


def load(path: Path, draft: Draft, options: Options) -> Head:
    """Reads a ClaML file; `options.url` names a system other than ICD-10. Raises SourceError."""
    file = required(path, "ClaML file", "*.xml", "**/*claml*.xml")
    reader = _Reader(draft)
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text.append
    total, done = file.stat().st_size, 0
    try:
        with file.open("rb") as xml:
            while chunk := xml.read(CHUNK):
                parser.Parse(chunk)
                done += len(chunk)
                draft.progress(file.name, done, total)
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise SourceError(f"{file.name}:{error.lineno}: {expat.ErrorString(error.code)}") from None
    except SourceError as error:
        raise SourceError(f"{file.name}:{parser.CurrentLineNumber}: {error}") from None
    if not len(draft):
        raise SourceError(f"{file.name}:1: no <Class> in it, so it is not ClaML")
    title = options.title or reader.title or "ICD-10"
    version = options.version or reader.version
    if not version:
        raise SourceError(f"{file.name}:1: no <Title version>: name the version")
    return Head(options.url or URL, title, version, f"{title}; {file.name}", language=reader.lang)


class _Reader:
    """The state of the walk through the XML."""

    def __init__(self, draft: Draft) -> None:
        self.text: list[str] = []
        self.title = self.version = ""
        self.lang = "en"
        self._draft = draft
        self._open: Class | None = None
        self._rubric = ""
        self._label_language = ""
        self._modified_by = ""
        self._modifiers: dict[str, list[Class]] = {}
        self._inherited: dict[str, list[str]] = {}

    def start(self, element: str, attributes: dict[str, str]) -> None:
        code = attributes.get("code", "")
        node = self._open
        match element:
            case "Class" | "ModifierClass":
                self._open = Class(
                    code,
                    attributes.get("kind", ""),
                    attributes.get("usage", ""),
                    attributes.get("modifier", ""),
                )
            case "Title" | "Rubric" | "Label":
                self._opened(element, attributes)
            case "Para" | "Fragment" | "ListItem":
                self.text.append(" ")
            case "Reference":
                self.text.append(" (")
            case _ if node is not None:
                self._related(node, element, code)

    def _opened(self, element: str, attributes: dict[str, str]) -> None:
        match element:
            case "Title":
                self.version = attributes.get("version", "") or attributes.get("date", "")
                self.text.clear()
            case "Rubric":
                self._rubric = attributes.get("kind", "")
            case _:
                self.text.clear()
                self._label_language = attributes.get("xml:lang", "")

    def _related(self, node: Class, element: str, code: str) -> None:
        match element:
            case "SuperClass":
                node.above.append(code)
            case "SubClass":
                node.below = True
            case "ModifiedBy":
                node.modified.append(code)
                self._modified_by = code
            case "ExcludeModifier":
                node.spared.add(code)
            case "ValidModifierClass":
                node.valid.setdefault(self._modified_by, set()).add(code)

    def end(self, element: str) -> None:
        node = self._open
        if element == "Reference":
            self.text.append(")")
        elif element == "Title":
            self.title = _plain(self.text)
        elif element == "Label" and node is not None:
            said = _plain(self.text)
            if said:
                node.rubrics.append((self._rubric, said, self._label_language or self.lang))
            if self._rubric == NAMED and self._label_language:
                self.lang = self._label_language
        elif element == "ModifierClass" and node is not None:
            self._modifiers.setdefault(node.modifier, []).append(node)
            self._open = None
        elif element == "Class" and node is not None:
            self._class(node)
            self._open = None

    def _class(self, node: Class) -> None:
        concept = self._concept(node, node.code, node.title(), node.above)
        for kind, text, language in node.rubrics:
            if kind in SYNONYMS:
                self._draft.term(concept, text, kind, language)
            elif kind != NAMED:
                self._draft.property(concept, PROPERTIES.get(kind, "note"), text, "string")
        inherited = [name for above in node.above for name in self._inherited.get(above, [])]
        names = [name for name in (*inherited, *node.modified) if name not in node.spared]
        self._inherited[node.code] = list(dict.fromkeys(names))
        if not node.below and node.kind not in GROUPS:
            self._compose(node, self._inherited[node.code])

    def _compose(self, node: Class, names: list[str]) -> None:
        """Puts the classes of each modifier, one after the other, to the code of a leaf."""
        leaves = [(node.code, node.title())]
        for name in names:
            valid = node.valid.get(name)
            added = []
            for code, title in leaves:
                for each in self._modifiers.get(name, []):
                    if valid is None or each.code in valid:
                        made = _joined(code, each.code)
                        called = f"{title} : {each.title()}"
                        self._concept(each, made, called, [code])
                        added.append((made, called))
            leaves = added or leaves

    def _concept(self, node: Class, code: str, title: str, above: list[str]) -> int:
        flags = ABSTRACT if node.kind in GROUPS else 0
        concept = self._draft.concept(code, title, self.lang, flags)
        self._draft.property(concept, "kind", node.kind or "category", "code")
        if node.usage:
            self._draft.property(concept, "usage", node.usage, "code")
        for each in above:
            self._draft.below(concept, each, code)
        return concept


def _plain(text: list[str]) -> str:
    """The text of an element, its white space made plain."""
    said = re.sub(r"\s+", " ", "".join(text)).strip()
    text.clear()
    return re.sub(r"\(\s+", "(", said)


def _joined(code: str, suffix: str) -> str:
    """E10 and .1 give E10.1; M01.1 and 5, or .5, give M01.15."""
    suffix = suffix.lstrip(".") if "." in code else suffix
    return code + (suffix if "." in code or suffix.startswith(".") else f".{suffix}")
