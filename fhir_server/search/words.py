"""_text and _content: words of a narrative, or of any text.

They are looked up in the store's full text; resources that it does not have yet are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from typing import Any

import orjson

from fhir_server.errors import BadRequest
from fhir_server.search.types.string import norm
from fhir_server.store.types import Connection

TAG = re.compile(r"<[^>]*>")
WORD = re.compile(r"\w+")
DATA = frozenset({"resourceType", "data", "id", "reference", "url", "system", "div"})  # no text


def register(connection: Connection) -> None:
    """Gives the connection what the criteria call: holds(name, words, body)."""
    connection.create_function("holds", 3, holds, deterministic=True)


def query(written: str, name: str) -> str:
    """What asks the full text for each word, or the start of it; raises BadRequest."""
    words = " AND ".join(f'"{word}"*' for word in _words(written, name))
    return f"{{narrative}} : ({words})" if name == "_text" else words


def texts(body: bytes) -> tuple[str, str]:
    """The words of a resource's narrative, and those of all else that people read, each once."""
    resource = orjson.loads(body)
    narrative = " ".join(_narrative(resource))
    if "text" in resource:
        resource["text"] = {k: v for k, v in resource["text"].items() if k != "div"}
    listed = (narrative, " ".join(_texts(resource)))
    narrative, other = (" ".join(dict.fromkeys(WORD.findall(norm(text)))) for text in listed)
    return narrative, other


def holds(name: str, written: str, body: bytes) -> bool:
    """Whether each word begins one of the text's; "_text" looks in the narrative alone."""
    wanted = patterns(written, name)
    resource = orjson.loads(body)
    text = " ".join(_narrative(resource) if name == "_text" else _texts(resource))
    found = norm(text)
    return all(word.search(found) for word in wanted)


@lru_cache(256)
def patterns(written: str, name: str) -> tuple[re.Pattern[str], ...]:
    """What finds each word that is looked for; raises BadRequest where there is none."""
    return tuple(re.compile(rf"\b{re.escape(word)}") for word in _words(written, name))


def _words(written: str, name: str) -> list[str]:
    words: list[str] = WORD.findall(norm(written))
    if not words:
        raise BadRequest("words to look for were expected", name)
    return words


def _narrative(resource: dict[str, Any]) -> Iterator[str]:
    yield unescape(TAG.sub(" ", resource.get("text", {}).get("div", "")))


def _texts(value: Any) -> Iterator[str]:
    """Every string of a resource that people read, the narrative too."""
    if isinstance(value, dict):
        if isinstance(div := value.get("div"), str):
            yield unescape(TAG.sub(" ", div))
        for name, each in value.items():
            if name not in DATA:
                yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value
