"""What narratives are made of: the XHTML that R4 allows, and a test of what is certainly safe."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import jsonschema_rs
import numpy as np
from numpy.typing import NDArray

from kernels import schema

NAMESPACE = "http://www.w3.org/1999/xhtml"
_ELEMENTS = (
    "a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em"
    " h1 h2 h3 h4 h5 h6 hr i img li ol p pre q s samp small span strike strong sub sup"
    " table tbody td tfoot th thead tr tt u ul var"
)
_ATTRIBUTES = (
    "abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign"
    " char charoff charset cite class color colspan compact coords datetime dir disabled height"
    " href hreflang hspace id lang longdesc name noshade nowrap rel rev rowspan rules scope shape"
    " span src start style summary tabindex title type usemap valign value vspace width"
    " xml:lang frame headers clear"
)
ELEMENTS = frozenset(_ELEMENTS.split())
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
LINKS = ("href", "src", "longdesc", "cite", "usemap")

ROOT = r'<div xmlns="http://www\.w3\.org/1999/xhtml">'
TEXT = r"[\t\n\r\x20-%'-;=?-\x7f\u0080-\ud7ff]|&(?:amp|lt|gt|quot|apos);"
SPACE = r"[\t\n\r ]"
SIGN = r"[!#-%'-;=?-~]"  # in the value of an attribute
HREF = rf'href="(?:(?:https?://|mailto:|tel:){SIGN}*|[!#-%\'-9;=?-~]*)"'  # no other scheme
STYLE = 'style="[a-z0-9 .:;%#,\\-]*"'
RUNNING = r"javascript:|-moz-binding|behavior\s*:"  # what such a style may not hold
NAMED = rf'(?: (?:(?:class|id|title)="(?:{SIGN}| )*"|{STYLE}))?'
BOXED = rf'(?: (?:(?:align|border|class|colspan|rowspan|width)="(?:{SIGN}| )*"|{STYLE}))?'
LEAF = r'<[bh]r ?/>|<p ?/>|<a name="[A-Za-z0-9.\-]*"(?: ?/>|></a>)'
CONTENT = r">[^<&]*[\p{L}\p{N}]"  # some text between tags (txt-2)


def _elements(names: str, inner: str, attributes: str = "") -> str:
    return "|".join(f"<{name}{attributes}>(?:{inner})*</{name}>" for name in names.split())


def _row(inner: str) -> str:
    empty = r"<td ?/>|<th ?/>"
    return _elements("tr", f"{SPACE}|{empty}|{_elements('td th', inner, BOXED)}", BOXED)


def _whole() -> str:
    """Well-formed as well: each nesting that it knows is written out, for a regex counts no tags.

    Text with inline formatting in headings, paragraphs, flat lists, plain tables and quotes.
    """
    flat = f"{TEXT}|{LEAF}"
    bold = f"{flat}|{_elements('b', flat)}"
    links = _elements("a", flat, f"(?: {HREF})?")
    inline = f"{bold}|{_elements('i em strong', flat)}|{_elements('span', bold, NAMED)}|{links}"
    paragraph = _elements("p", inline, NAMED)
    heads = _elements("pre h1 h2 h3 h4", f"{bold}|{links}", NAMED)
    lists = _elements("ul ol", f"{SPACE}|{_elements('li', inline)}")
    titles = _elements("thead", f"{SPACE}|{_row(flat)}")
    rows = f"{SPACE}|{_row(f'{inline}|{paragraph}')}"
    table = _elements("table", f"{titles}|{rows}|{_elements('tbody', rows)}", BOXED)
    short = f"{inline}|{paragraph}|{_elements('h3', flat)}|{_elements('table', _row(inline))}"
    quote = _elements("blockquote", f"{short}|{_elements('blockquote', short)}")
    blocks = f"{paragraph}|{heads}|{lists}|{table}|{quote}"
    return f"{ROOT}(?:{inline}|{blocks})*</div>"


def _matches(pattern: str) -> Callable[[str], bool]:
    valid = jsonschema_rs.validator_for(
        {"pattern": f"^{pattern}$", "not": {"pattern": RUNNING}, "allOf": [{"pattern": CONTENT}]},
        pattern_options=jsonschema_rs.RegexOptions(size_limit=1 << 26),
    ).is_valid

    def matches(div: str) -> bool:
        try:
            return bool(valid(div))
        except UnicodeEncodeError:  # half a pair of surrogates
            return False

    return matches


@cache
def words() -> NDArray[np.uint64]:
    """What the compiled kernel has to know of narratives."""
    plain = sorted(ATTRIBUTES - {"style", *LINKS})
    root = f'<div xmlns="{NAMESPACE}"'
    return schema.markup(root, sorted(ELEMENTS), "style", LINKS, plain)


@cache
def certain() -> Callable[[str], bool]:
    """A test of whether a narrative certainly holds txt-1 and txt-2: most that there are.

    The compiled kernel's where there is one, which knows every nesting; else the regexes'.
    """
    nodes = schema.Nodes()
    known = nodes.array(words())
    test = nodes.test(nodes.node(schema.Operation.TEXT, schema.Text.XHTML, known))
    return test or _matches(_whole())
