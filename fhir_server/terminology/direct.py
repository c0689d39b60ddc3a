"""The commonest questions about loaded codes, answered with bytes without making anything of them.

What is answered here is what the operations themselves would answer, byte for byte; whatever is
said with a parameter, a header or a code that is out of the ordinary is left to them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote_plus

import orjson

from fhir_server.http.asgi import Header
from fhir_server.http.media import READABLE, acceptable, media
from fhir_server.parameters import TEXTUAL
from fhir_server.terminology.vocabulary import Vocabulary
from fhir_server.terminology.wire import Wire
from terminology.codesystem import CodeSystem, Coding
from terminology.errors import TerminologyError
from terminology.indexedsystem import IndexedSystem
from terminology.languages import is_well_formed
from terminology.library import Library
from terminology.validation import Membership, undisputed

Given = dict[str, str]
KEPT = 1024  # systems and value sets of which it is kept where to look
LOOKUP = frozenset({"system", "code", "version", "displayLanguage", "date"})
IN_SYSTEM = LOOKUP | {"url", "display"}
IN_SET = IN_SYSTEM - {"version"} | {"systemVersion", "valueSetVersion"}
CODING = frozenset({"valueCoding"})
PARTS = frozenset({"system", "code", "version", "display"})  # of a Coding
BARE = PARTS | {"systemVersion"}  # what a Coding is given in place of


class Direct:
    """Gives the body of a reply, or None where the operation is to be asked.

    `base` is the path below which the operations are.
    """

    def __init__(self, vocabulary: Vocabulary, base: str) -> None:
        self._vocabulary = vocabulary
        self._as_of: object = None
        for system in vocabulary.loaded():
            _wire(system)  # nobody's first question has to wait for it
        self._paths = {
            # what answers, the parameters that it takes, and which of them is a code's version
            f"{base}/CodeSystem/$lookup": (_Known.lookup, LOOKUP, "version"),
            f"{base}/CodeSystem/$validate-code": (_Known.in_system, IN_SYSTEM, "version"),
            f"{base}/ValueSet/$validate-code": (_Known.in_set, IN_SET, "systemVersion"),
        }

    def __call__(
        self, path: str, query: bytes, body: bytes, told: Iterable[Header], as_of: object
    ) -> bytes | None:
        """`told` are the headers that a reply may depend on, `as_of` what it is made from."""
        if path not in self._paths or not self._current(as_of):
            return None
        answer, names, version = self._paths[path]
        given = _queried(query) if not body else None if query else _posted(body, version)
        if given is None or not given.keys() <= names:
            return None
        language = given.get("displayLanguage", "")
        if language and not _well_formed(language):
            return None
        for name, value in told:
            if name == b"accept-language":
                language = "some"
            elif not _plain(name, value, bool(body)):
                return None
        if language and "display" in given:
            return None  # whether the display is right is a matter of language
        return answer(self._known, given)

    def _current(self, as_of: object) -> bool:
        """Takes up what changed; false where the vocabulary has not done so yet."""
        if as_of != self._as_of:
            library = self._vocabulary.settled()
            if library is None:
                return False
            self._known, self._as_of = _Known(library), as_of
        return True


class _Known:
    """What there is to be asked, as of one moment."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._system = lru_cache(KEPT)(self._find_system)
        self._checked = lru_cache(KEPT)(self._find_checked)
        self._member = lru_cache(KEPT)(self._find_member)

    def lookup(self, given: Given) -> bytes | None:
        """CodeSystem/$lookup."""
        wire = self._system(given.get("system", ""), given.get("version", ""))
        return None if wire is None else wire.lookup(given.get("code", ""))

    def in_system(self, given: Given) -> bytes | None:
        """CodeSystem/$validate-code."""
        url = given["system"] if "system" in given else given.get("url", "")
        wire = self._checked(url, given.get("version", ""))
        return None if wire is None else wire.valid(given.get("code", ""), given.get("display", ""))

    def in_set(self, given: Given) -> bytes | None:
        """ValueSet/$validate-code."""
        found = self._member(
            *(given.get("url", ""), given.get("valueSetVersion", "")),
            *(given.get("system", ""), given.get("systemVersion", "")),
        )
        code = given.get("code", "")
        if found is None or not code:
            return None
        wire, membership = found
        if membership is not None:
            try:
                member = membership.find(wire.system, code, given.get("systemVersion", ""))
            except TerminologyError:
                return None
            if member is None or member.listed is not None:
                return None
        return wire.valid(code, given.get("display", ""))

    def _find_system(self, url: str, version: str) -> Wire | None:
        return _wire(self._library.system(url, version))

    def _find_checked(self, url: str, version: str) -> Wire | None:
        found = undisputed(self._library, None, Coding(url, "", version))
        return None if found is None else _wire(found[0])

    def _find_member(
        self, url: str, set_version: str, system: str, version: str
    ) -> tuple[Wire, Membership | None] | None:
        """Where to look codes up, and the set that they must be in; None in place of all codes."""
        value_set = self._library.value_set(url, set_version) if url else None
        if value_set is None:
            return None
        found = undisputed(self._library, value_set, Coding(system, "", version))
        wire = None if found is None else _wire(found[0])
        if found is None or wire is None:
            return None
        membership = found[1]
        whole = membership is None or membership.has_all(wire.system)
        return wire, None if whole else membership


def _wire(system: CodeSystem | None) -> Wire | None:
    return _made(system) if isinstance(system, IndexedSystem) else None


@lru_cache(8)  # systems: what is loaded outlasts what is stored beside it
def _made(system: IndexedSystem) -> Wire:
    return Wire(system)


@lru_cache(256)
def _plain(name: bytes, value: bytes, posted: bool) -> bool:
    """Whether a header asks for nothing but JSON."""
    if name == b"accept":
        return b"xml" not in value.lower() and acceptable(value)
    if name == b"content-type":
        return media(value.decode("latin-1")) in READABLE if posted else b"xml" not in value
    return name == b"prefer" or (name == b"accept-encoding" and value == b"identity")


@lru_cache(256)
def _well_formed(languages: str) -> bool:
    return is_well_formed(languages)


@lru_cache(KEPT)
def _unquoted(text: str) -> str:
    return unquote_plus(text, errors="strict")


def _queried(query: bytes) -> Given | None:
    """The parameters of a query, None where one is given twice or can't be read."""
    given: Given = {}
    try:
        for each in query.decode("ascii").split("&"):
            name, _, value = each.partition("=")
            if name in given:
                return None
            given[name] = _unquoted(value) if "%" in value or "+" in value else value
    except UnicodeError:
        return None
    return given


def _posted(body: bytes, version: str) -> Given | None:
    """The parameters of a Parameters resource of texts; a Coding gives system, code and display.

    `version` is the parameter that stands for a Coding's version. None where there is more to it.
    """
    try:
        resource = orjson.loads(body)
        if resource.pop("resourceType") != "Parameters" or resource.keys() != {"parameter"}:
            return None
        given: Given = {}
        for entry in resource["parameter"]:
            name = entry.pop("name")
            ((kind, value),) = entry.items()
            if name in given or kind not in (TEXTUAL if name != "coding" else CODING):
                return None
            given[name] = value
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    if isinstance(coding := given.pop("coding", None), dict):
        if given.keys() & BARE or not {"system", "code"} <= coding.keys() <= PARTS:
            return None
        coding[version] = coding.pop("version", "")
        given |= coding
    elif coding is not None:
        return None
    return given if all(isinstance(value, str) for value in given.values()) else None
