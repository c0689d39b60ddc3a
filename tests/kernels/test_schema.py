"""What the schema kernel says yes to is so, by Python's own readers of XML and base64."""

from __future__ import annotations

import binascii
import random
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels import schema
from kernels.schema import Nodes, Operation, Text

ROOT = '<div xmlns="urn:x"'
ELEMENTS = ("div", "p", "blockquote", "b")
LINKS = ("href", "src", "longdesc", "cite", "usemap")
ATTRIBUTES = ("cellspacing", "title", "xml:lang")
PIECES = [
    "<>", "</>", '<p ="a">', '<p title="a" ="b">', "<p / >", '<p title ="a">',
    "<p>", "</p>", "<b>", "</b>", "<b/>", "</blockquote>", "text", " ", "é", "&lt;", "&#160;", "&#9;", "&nbsp;", "&#", "&", "]]>",
    '<p title="a">', '<p title="a" title="b">', '<p title="a"  xml:lang="b" >', "<p title='a'>", '<p title="a<b">', '<p title="a&amp;b">', '<p title="',
    '<p style="color: red">', '<p style="x:expression(1)">', '<p style="behavior:x">', '<p style="a:b&amp;c">', '<p href="http://x/?a=1&amp;b">', '<p href="#a">',
    '<p href="javascript:x">', '<p href="http:x">', '<p href="tel:+1 2">', "<script>", "<blockquotes>", "<p", "</p", "<", "</", "<!-- -->", "<?x?>", "\x01", "\x7f", "\ufffe",
    '<p cellspacing="1">', '<p cellspacings="1">', "\U0001f600", "x" * 70, " " * 130, '<p title="' + "y" * 100 + '">', "<p" + " " * 70 + ">", "</div>", "<div>",
]  # fmt: skip

pytestmark = pytest.mark.usefixtures("backend")


def _test(root: Callable[[Nodes], int]) -> Callable[[Any], bool]:
    """A test by a node that is made here; skips where this back end has none."""
    nodes = Nodes()
    test = nodes.test(root(nodes))
    if test is None:
        pytest.skip("the Python back end leaves the answer to who asks")
    return test


def _text(kind: Text) -> Callable[[Any], bool]:
    return _test(lambda nodes: nodes.node(Operation.TEXT, kind))


def _xhtml() -> Callable[[Any], bool]:
    words = schema.markup(ROOT, ELEMENTS, "style", LINKS, ATTRIBUTES)

    def root(nodes: Nodes) -> int:
        return nodes.node(Operation.TEXT, Text.XHTML, nodes.array(words))

    return _test(root)


def _safe(div: str) -> bool:
    """What the kernel promises, by the standard library's reader."""
    try:
        tree = ElementTree.fromstring(div)  # noqa: S314 - a text made here
    except (ElementTree.ParseError, ValueError):
        return False
    names = {ROOT[1:4]} | {f"{{urn:x}}{name}" for name in ELEMENTS}
    for element in tree.iter():
        for key, value in element.attrib.items():
            if key in LINKS and ":" in value:
                assert re.match("https?://|mailto:|tel:", value)
            assert key != "style" or re.fullmatch(r"[a-z0-9 .:;%#,\-]*", value)
            assert "behavior" not in value
        if element.tag not in names:
            return False
    return bool("".join(tree.itertext()).strip())


def _nested(draw: random.Random, depth: int) -> str:
    """Elements within elements, and text."""
    parts = []
    for _ in range(draw.randint(0, 3)):
        inner = _nested(draw, depth - 1) if depth else "a"
        name = draw.choice(ELEMENTS)
        parts.append(draw.choice((f"<{name}>{inner}</{name}>", f"<{name}/>", "text", " ")))
    return "".join(parts)


def test_a_yes_is_well_formed_markup_of_the_names() -> None:
    certain = _xhtml()
    draw = random.Random(3)  # noqa: S311 - made-up markup
    said = 0
    for _ in range(10_000):
        inner = _nested(draw, 3)
        for _ in range(draw.randint(0, 2)):
            at = draw.randint(0, len(inner))
            lost = draw.choice((0, 0, 1, 4))
            inner = inner[:at] + draw.choice((*PIECES, "")) + inner[at + lost :]
        div = f"{ROOT}>{inner}</div>"
        if certain(div):
            said += 1
            assert _safe(div), div
    assert 1000 < said < 9000


@pytest.mark.parametrize(
    "inner",
    [
        "text",
        "<p>a</p>" * 40,
        "<b>" * 63 + "a" + "</b>" * 63,
        '<p\n\ttitle="a"\n>&amp;</p>',
        '<p title="a&quot;b" xml:lang="en" style="color: #fff">a</p>',
        '<p href="https://example.org/?a=1&amp;b=2">a</p><p src="a/b.png">&#233; a</p>',
        "ü" * 100 + " a",
    ],
)
def test_what_is_plain_is_certain(inner: str) -> None:
    assert _xhtml()(f"{ROOT}>{inner}</div>")


@pytest.mark.parametrize(
    "div",
    [
        *(f"{ROOT}>a{inner}</div>" for inner in ("<>b</>", "</>", '<p ="b">c</p>', "<p=>b</p>")),
        "",
        "<",
        ROOT,
        f"{ROOT}>",
        f"{ROOT}/>",
        f"{ROOT}>a</div> ",
        f"{ROOT}>a</div\0>",
        f"{ROOT}>a</div",
        f"{ROOT}>{'<b>' * 64}a{'</b>' * 64}</div>",
        "\0" * 200,
        "\ud800" * 50,
    ],
)
def test_what_is_cut_off_or_too_deep_is_not(div: str) -> None:
    assert not _xhtml()(div)


def test_names_have_to_fit() -> None:
    with pytest.raises(ValueError, match="names"):
        schema.markup(ROOT, ["a" * 16], "style", LINKS, ATTRIBUTES)
    with pytest.raises(ValueError, match="links"):
        schema.markup(ROOT, ELEMENTS, "style", LINKS[:2], ATTRIBUTES)
    for name in ("", "a" * 256):
        with pytest.raises(ValueError, match="1 to 255"):
            Nodes().names({name: (0, 0)})


@given(st.text("AZaz09+/= \n-_é@[`{", max_size=12), st.integers(0, 70))
def test_base64(text: str, before: int) -> None:
    certain = _text(Text.BASE64)
    whole = "QUJD" * before + text
    bare = re.sub(r"[ \n]", "", whole)
    try:
        right = len(bare) % 4 == 0 and bool(binascii.a2b_base64(bare, strict_mode=True))
    except ValueError:
        right = False
    assert certain(whole) == right


SPACES = " \t\n\r\x85\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000"


@given(
    st.text(SPACES + "aé\u2030\u200b\u3001\U0001f600\x7f\x1f\x0b", max_size=40), st.integers(0, 9)
)
def test_texts_and_uris_know_white_space_beyond_ascii(text: str, before: int) -> None:
    controls = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text)
    bare = text.lstrip("\t\n\r ")
    right = bool(bare) and not bare[0].isspace() and not controls
    assert _text(Text.STRING)(text) == right
    whole = "http://a"[:before] + text
    assert _text(Text.URI)(whole) == (
        bool(whole) and not any(map(str.isspace, whole)) and not controls
    )


NAMES = st.text("ab.é", min_size=1, max_size=40)


@given(st.lists(NAMES, min_size=1, max_size=60), st.lists(NAMES, max_size=20))
def test_names_are_found_and_no_others(known: list[str], asked: list[str]) -> None:
    table = dict.fromkeys(known, (0, 0))
    test = _test(lambda nodes: nodes.node(Operation.AMONG, nodes.names(table)))
    middle = [name[:9] + "b" + name[9:] for name in known] + [name + "a" for name in known]
    for name in (*known, *asked, *middle, "", "a" * 300):
        assert test(name) == (name in table)


def test_a_literal_is_found_anywhere() -> None:
    words = (b"/_history/", 10)
    test = _test(
        lambda nodes: nodes.node(Operation.MATCH, Text.LITERAL, nodes.literal(words[0]), words[1])
    )
    assert test("a/_history/1")
    assert test("é/_history/")
    assert not test("/_histor/y")
    assert not test("")
    assert test(5), "of other values nothing is asked"


def test_half_a_pair_of_surrogates_is_no_text() -> None:
    for kind in (Text.STRING, Text.BASE64):
        assert not _text(kind)("\ud800 abc")


def test_what_is_not_yet_filled_accepts_nothing() -> None:
    test = _test(lambda nodes: nodes.reserved(6))
    assert not any(map(test, ({}, [], "", 0, None, True)))


def test_a_str_is_read_where_it_lies_or_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for laid_out in (schema.header(), 0):
        monkeypatch.setattr(schema, "header", lambda laid_out=laid_out: laid_out)
        assert _text(Text.ID)("a.1")
        assert not _text(Text.ID)("a 1")
