"""_text and _content: words of a narrative, or of any text, "phrases", and, or, not, brackets.

They are looked up in the store's full text; resources that it does not have yet are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from itertools import accumulate
from typing import Any, TypeGuard

import orjson

from fhir_server.errors import BadRequest
from fhir_server.search.types.string import norm
from fhir_server.store.types import Connection

TAG = re.compile(r"<[^<>]*+>")
WORD = re.compile(r"\w+")
TOKEN = re.compile(r'"[^"\w]*+\w[^"]*+"|\w+|[()]')
QUOTE = '"'
DEEPEST = 20  # brackets within brackets
MOST_WORDS = 300  # each is looked for in each resource that the others leave
# the start of a word, a phrase in its quotes, or "and", "or", "not" with its parts
Wanted = str | tuple[str, tuple["Wanted", ...]]
DATA = frozenset({"resourceType", "data", "id", "reference", "url", "system", "div"})  # no text


def register(connection: Connection) -> None:
    """Gives the connection what the criteria call: holds(name, words, body)."""
    connection.create_function("holds", 3, holds, deterministic=True)


def query(written: str, name: str) -> str:
    """What asks the full text for the words, or the starts of them; raises BadRequest.

    Of a phrase it asks for the words alone: the full text does not know in which order they stand.
    """
    asked = _match_expression(read(written, name))
    return f"{{narrative}} : ({asked})" if name == "_text" else asked


def _match_expression(wanted: Wanted) -> str:
    if isinstance(wanted, str):
        words = (f'"{word}"' for word in WORD.findall(wanted))
        return f"({' AND '.join(words)})" if wanted.startswith(QUOTE) else f'"{wanted}"*'
    operator, parts = wanted
    if operator == "or":
        return f"({' OR '.join(map(_match_expression, parts))})"
    without = [part for part in parts if _is_not(part) and not _has_phrase(part)]
    within = [part for part in parts if not _is_not(part)]
    asked = " AND ".join(map(_match_expression, within))
    for _, (part,) in without:
        asked = f"({asked}) NOT {_match_expression(part)}"
    return f"({asked})"


def _is_not(wanted: Wanted) -> TypeGuard[tuple[str, tuple[Wanted]]]:
    return isinstance(wanted, tuple) and wanted[0] == "not"


def has_phrase(written: str, name: str) -> bool:
    """Whether words must follow each other: what the full text finds has to be read for that."""
    return _has_phrase(read(written, name))


def _has_phrase(wanted: Wanted) -> bool:
    if isinstance(wanted, str):
        return wanted.startswith(QUOTE)
    return any(map(_has_phrase, wanted[1]))


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
    """Whether the text has words that begin as is wanted; "_text" looks in the narrative alone."""
    resource = orjson.loads(body)
    text = " ".join(_narrative(resource) if name == "_text" else _texts(resource))
    return _holds(read(written, name), norm(text))


def _holds(wanted: Wanted, text: str) -> bool:
    if isinstance(wanted, str):
        end = r"\b" if wanted.startswith(QUOTE) else ""
        words = r"\W++".join(WORD.findall(wanted))
        return re.search(rf"\b{words}{end}", text) is not None
    operator, parts = wanted
    if operator == "not":
        return not _holds(parts[0], text)
    return (any if operator == "or" else all)(_holds(part, text) for part in parts)


@lru_cache(256)
def read(written: str, name: str) -> Wanted:
    """What is looked for: words side by side or with `and` are all wanted, of those with `or` one,
    what follows `not` is not; words in quotes follow each other, and are whole.

    Raises BadRequest where there is no word, nothing beside what is not wanted, or brackets are not
    closed, and for very many words.
    """
    if len(WORD.findall(written)) > MOST_WORDS:
        raise BadRequest(f"up to {MOST_WORDS} words are looked for", name)
    rest = TOKEN.findall(norm(written))[::-1]
    if not rest:
        raise BadRequest("words to look for were expected", name)
    if (depth := _depth(rest)) > DEEPEST:
        raise BadRequest(f"up to {DEEPEST} brackets in brackets, found {depth}", name)
    wanted = _either(rest, name)
    if rest:
        raise BadRequest("a bracket is closed that was not opened", name)
    return wanted


def _depth(rest: list[str]) -> int:
    return max(accumulate({"(": 1, ")": -1}.get(token, 0) for token in reversed(rest)))


def _either(rest: list[str], name: str) -> Wanted:
    """Takes tokens, the next one last."""
    parts = [_both(rest, name)]
    while rest and rest[-1] == "or":
        rest.pop()
        parts.append(_both(rest, name))
    return ("or", tuple(parts)) if len(parts) > 1 else parts[0]


def _both(rest: list[str], name: str) -> Wanted:
    parts = [_not(rest, name)]
    while rest and rest[-1] not in ("or", ")"):
        if rest[-1] == "and":
            rest.pop()
        parts.append(_not(rest, name))
    if all(map(_is_not, parts)):
        raise BadRequest("beside what is `not` wanted, say a word that is", name)
    return ("and", tuple(parts)) if len(parts) > 1 else parts[0]


def _not(rest: list[str], name: str) -> Wanted:
    if rest[-1:] != ["not"]:
        return _one(rest, name)
    rest.pop()
    return "not", (_one(rest, name),)


def _one(rest: list[str], name: str) -> Wanted:
    word = rest.pop() if rest else ")"
    if word == ")":
        raise BadRequest("a word was expected before the end or a bracket that closes", name)
    if word != "(":
        return word
    inner = _either(rest, name)
    if not rest:
        raise BadRequest("a bracket is not closed", name)
    rest.pop()
    return inner


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
