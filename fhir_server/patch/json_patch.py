"""JSON Patch (RFC 6902) on a resource."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Set
from typing import Any

from capability.issue import error
from fhir_server.errors import BadRequest, Invalid
from fhir_server.patch.document import dump, load, same
from fhir_server.patch.limits import MOST_COPIED, check_number

END = "-"  # of an array
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
NEEDS = {  # by operation, the members that it must have besides op and path
    "add": ("value",),
    "remove": (),
    "replace": ("value",),
    "move": ("from",),
    "copy": ("from",),
    "test": ("value",),
}
Json = Any


def read(patch: bytes) -> Callable[[bytes], bytes]:
    """What the patch does to a resource's bytes; raises BadRequest with the operation's place.

    The function raises Invalid where a test fails or a path leads nowhere. What it leaves empty
    goes too: FHIR has no empty arrays and objects.
    """
    operations = load(patch)
    if not isinstance(operations, list):
        raise BadRequest("a JSON Patch is an array of operations")
    check_number(len(operations))
    for at, given in enumerate(operations):
        _check(given, f"[{at}]")

    def apply(body: bytes) -> bytes:
        root: Json = load(body)
        lessened: list[Json] = []  # objects and arrays that something was taken out of
        copied = 0
        for at, given in enumerate(operations):
            place = f"[{at}]"
            if given["op"] == "copy":
                copied += len(dump(_get(root, _pointer(given["from"], place), place)))
                if copied > MOST_COPIED:
                    raise BadRequest(f"the patch copies more than {MOST_COPIED} bytes", place)
            elif given["op"] in ("remove", "move"):
                taken = _pointer(given.get("from", given["path"]), place)
                lessened.append(_get(root, taken[:-1], place))
            root = _do(root, given, place)
        if lessened:
            _emptied(root, {id(each) for each in lessened})
        if not isinstance(root, dict):
            raise BadRequest("the patch leaves no resource")
        return dump(root)

    return apply


def _check(given: Json, place: str) -> None:
    kind = given.get("op") if isinstance(given, dict) else None
    if not isinstance(kind, str) or kind not in NEEDS:
        raise BadRequest(f"op is one of {', '.join(NEEDS)}", place)
    for name in ("path", *NEEDS[kind]):
        if name not in given:
            raise BadRequest(f"{kind} needs {name}", place)
        if name != "value":
            _pointer(given[name], f"{place}.{name}")


def _do(root: Json, given: Json, place: str) -> Json:
    path = _pointer(given["path"], place)
    match given["op"]:
        case "add":
            return _add(root, path, copy.deepcopy(given["value"]), place)
        case "remove":
            return _remove(root, path, place)[0]
        case "replace":
            return _replace(root, path, copy.deepcopy(given["value"]), place)
        case "move":
            source = _pointer(given["from"], place)
            if path[: len(source)] == source and path != source:
                raise BadRequest("nothing can be moved into itself", place)
            root, value = _remove(root, source, place)
            return _add(root, path, value, place)
        case "copy":
            value = _get(root, _pointer(given["from"], place), place)
            return _add(root, path, copy.deepcopy(value), place)
    if not same(_get(root, path, place), given["value"]):
        raise _unfit("a test of the patch fails: the resource is another", place)
    return root


def _pointer(text: Json, place: str) -> tuple[str, ...]:
    """The tokens of a JSON Pointer (RFC 6901)."""
    if not isinstance(text, str) or (text and not text.startswith("/")) or _bad_escape(text):
        raise BadRequest("a path is a JSON Pointer, as in /name/0/family", place)
    return tuple(t.replace("~1", "/").replace("~0", "~") for t in text.split("/")[1:])


def _bad_escape(text: str) -> bool:
    return re.search(r"~(?![01])", text) is not None


def _get(root: Json, path: tuple[str, ...], place: str) -> Json:
    for token in path:
        if isinstance(root, dict) and token in root:
            root = root[token]
        elif isinstance(root, list) and (at := _index(token, len(root) - 1)) >= 0:
            root = root[at]
        else:
            raise _unfit("the path leads to nothing in the resource", place)
    return root


def _add(root: Json, path: tuple[str, ...], value: Json, place: str) -> Json:
    if not path:
        return value
    owner = _get(root, path[:-1], place)
    token = path[-1]
    if isinstance(owner, dict):
        owner[token] = value
    elif isinstance(owner, list):
        at = len(owner) if token == END else _index(token, len(owner))
        if at < 0:
            raise _unfit("the index is beyond the end of the array", place)
        owner.insert(at, value)
    else:
        raise _unfit("the path leads into a value that has no members", place)
    return root


def _remove(root: Json, path: tuple[str, ...], place: str) -> tuple[Json, Json]:
    """The document without what is at the path, and that."""
    value = _get(root, path, place)
    if not path:
        return None, value
    owner = _get(root, path[:-1], place)
    if isinstance(owner, dict):
        del owner[path[-1]]
    else:
        del owner[int(path[-1])]
    return root, value


def _replace(root: Json, path: tuple[str, ...], value: Json, place: str) -> Json:
    _get(root, path, place)
    if not path:
        return value
    owner = _get(root, path[:-1], place)
    owner[path[-1] if isinstance(owner, dict) else int(path[-1])] = value
    return root


def _emptied(value: Json, lessened: Set[int]) -> bool:
    """Takes away what is empty within, and tells whether the value is: where something was taken
    out; what came empty stays."""
    if not isinstance(value, dict | list):
        return False
    before = len(value)
    if isinstance(value, dict):
        for name in [name for name, each in value.items() if _emptied(each, lessened)]:
            del value[name]
    else:
        value[:] = [each for each in value if not _emptied(each, lessened)]
    return not value and (before > 0 or id(value) in lessened)


def _unfit(text: str, place: str) -> Invalid:
    """The patch was read and does not fit the resource (R4 3.1.0.5: 422)."""
    return Invalid([error("processing", place, text)])


def _index(token: str, most: int) -> int:
    """An array index up to `most`, -1 where the token is none."""
    if _INDEX.fullmatch(token) is None or int(token) > most:
        return -1
    return int(token)
