"""Narratives: what is basic XHTML passes, what runs or reaches out does not."""

from __future__ import annotations

import random
import re

import pytest

from capability import xhtml
from capability.narrative import fault
from kernels import native, schema
from tests.capability.samples import NAMESPACE
from tests.growth import linear


def _div(inner: str) -> str:
    return f'<div xmlns="{NAMESPACE}">{inner}</div>'


@pytest.mark.parametrize(
    "inner",
    [
        "text",
        '<p>a <b>b</b><br/><a href="https://example.org">c</a></p>',
        '<table class="grid"><tbody><tr><td colspan="2">a</td></tr></tbody></table>',
        '<img src="#pic1" alt=""/>',
        '<img src="data:image/png;base64,AAAA"/>',
        '<p style="color: red; background-image: url(bar.png)">a</p>',
        "a &lt; b &#160; <!-- a comment -->",
        '<a href="Patient/1#part">a</a>',
    ],
)
def test_formatting_passes(inner: str) -> None:
    assert fault(_div(inner)) is None


@pytest.mark.parametrize(
    ("div", "key"),
    [
        (_div("<script>a</script>"), "txt-1"),
        (_div("half a pair: \ud800"), "txt-1"),
        (_div("<iframe src='x'>a</iframe>"), "txt-1"),
        (_div("<form>a</form>"), "txt-1"),
        (_div("<object>a</object>"), "txt-1"),
        (_div("<svg><g>a</g></svg>"), "txt-1"),
        (_div("<p onload='x'>a</p>"), "txt-1"),
        (_div("<p ONCLICK='x'>a</p>"), "txt-1"),
        (_div('<a href="javascript:x">a</a>'), "txt-1"),
        (_div('<a href=" JaVa&#9;Script:x">a</a>'), "txt-1"),
        (_div('<a href="data:text/html,x">a</a>'), "txt-1"),
        (_div('<img src="vbscript:x"/>'), "txt-1"),
        (_div('<p style="width: expression(x)">a</p>'), "txt-1"),
        (_div('<p style="background: url(https://example.org/t.gif)">a</p>'), "txt-1"),
        (_div('<p style="background: \\75rl(x)">a</p>'), "txt-1"),
        (_div('<p xmlns="http://www.w3.org/2000/svg">a</p>'), "txt-1"),
        (_div("<p>a"), "txt-1"),
        (_div("a &nbsp; b"), "txt-1"),
        (_div("a & b"), "txt-1"),
        (f'<!DOCTYPE div [<!ENTITY e "a">]>{_div("&e;")}', "txt-1"),
        (f'<?xml-stylesheet href="x"?>{_div("a")}', "txt-1"),
        ("<div>a</div>", "txt-1"),
        (f'<p xmlns="{NAMESPACE}">a</p>', "txt-1"),
        (_div("a") + _div("b"), "txt-1"),
        ("text", "txt-1"),
        (_div(""), "txt-2"),
        (_div(" <p>\n</p> "), "txt-2"),
    ],
)
def test_the_rest_does_not(div: str, key: str) -> None:
    assert (fault(div) or "").startswith(key)


WHOLE = (
    '<p>Ann <b>Doe</b>, <i>born</i> <span title="x">1980</span><br/></p><h3>Name</h3>',
    '<table class="grid"><thead><tr><th>A</th></tr></thead><tbody><tr><td/><td style="width: 3px">&lt;b</td></tr></tbody></table>',
    '<ul>\n<li><a href="http://example.org/a">a</a></li> <li><em>b</em></li></ul><hr/><p/>',
    '<blockquote><p><b>a</b>: b</p><table><tr><td>-</td></tr></table><blockquote>c</blockquote></blockquote>',
)  # fmt: skip
PIECES = [piece for inner in WHOLE for piece in re.findall("<[^>]*>|[^<]+", inner)]
OTHERS = [
    "<script>", '<p onclick="x">', '<a href="javascript:x">', '<p style="behavior:x">', '<p style="x: expression(y)">', "&nbsp;", "&#32;",
    "]]>", "<!-- -->", "<?x?>", "<P>", "\x01", "\ufffe", '<p class="a" class="b">', "<br>", "<div>", "</div>", "<hr/ >", "é", '<img src="x"/>',
]  # fmt: skip


def _mutants() -> set[str]:
    draw = random.Random(6)  # noqa: S311 - made-up markup
    mutants = set()
    for _ in range(6000):
        pieces = re.findall("<[^>]*>|[^<]+", draw.choice(WHOLE))
        for _ in range(draw.randint(0, 2)):
            at = draw.randrange(len(pieces))
            pieces[at : at + draw.randint(0, 1)] = draw.choice(
                ([], [draw.choice(PIECES)], [draw.choice(OTHERS)])
            )
            pieces = pieces or ["a"]
        mutants.add(f'<div xmlns="{NAMESPACE}">{"".join(pieces)}</div>')
    return mutants


@pytest.mark.parametrize("back_end", ["mojo", "python"])
def test_what_is_certain_is_judged_so(back_end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if back_end == "python":
        monkeypatch.setattr(schema.Nodes, "test", lambda self, root: None)
    elif native.backend("schema") == "python":
        pytest.skip("no compiled kernel")
    mutants, certain = _mutants(), xhtml.certain.__wrapped__()
    said = {mutant for mutant in mutants if certain(mutant)}
    assert 100 < len(said) < len(mutants)
    assert not certain(_div("half a pair: \ud800"))
    monkeypatch.setattr(xhtml, "certain", lambda: lambda div: False)
    assert not [mutant for mutant in said if fault(mutant)]


def test_a_style_is_read_in_time_that_its_length_sets() -> None:
    def job(size: int) -> None:
        assert fault(_div(f'<p style="url({" " * size}!)">a</p>')) is None

    assert linear(job, 60_000)
