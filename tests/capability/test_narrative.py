"""Narratives: what is basic XHTML passes, what runs or reaches out does not."""

from __future__ import annotations

import pytest

from capability.narrative import fault
from tests.capability.samples import NAMESPACE


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
