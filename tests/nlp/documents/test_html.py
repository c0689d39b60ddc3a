"""HTML: what a reader sees becomes lines, and every word is found again in the source."""

from __future__ import annotations

import re

import pytest

from nlp.documents import Reading, Source, Unreadable, read


def page(body: str) -> Reading:
    return read(Source(body.encode(), "text/html"))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>a</p><p>b\n  c</p>", "a\n\nb c"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<h2>Cardiac cath</h2><p>done", "Cardiac cath:\n\ndone"),
        ("<h2>Medications</h2><p>none", "Medications\n\nnone"),
        ("<ul><li>a<li>b</ul><ol><li>c</li><li>d</li></ol>", "- a\n- b\n1. c\n2. d"),
        ("5 mg&nbsp;PO &lt; 6 &amp; &#233; &bogus; & x", "5 mg PO < 6 & é &bogus; & x"),
        ("<style>p{}</style>a<script>if (a<b) x='</p>'</script>b<!-- c -->z", "abz"),
        ("<p>kept <s>struck</s> <span hidden>h</span><i style='display: none'>n</i>end", "kept end"),
        ("<pre>a  b\nc</pre>", "a b\nc"),
        ("BP <120 and >60", "BP <120 and >60"),
        ("in\u00adso\u200bmnia de\ufb01cit", "insomnia deficit"),
        ("<input type=checkbox checked>Asthma <input type=radio>Gout ☐ COPD ☒ MI",
         "[x] Asthma [ ] Gout [ ] COPD [x] MI"),
        ("<p>one<div>two</div></p>three", "one\n\ntwo\nthree"),
    ],
)  # fmt: skip
def test_layout(body: str, text: str) -> None:
    assert page(f"<html><body>{body}</body></html>").text == text


ROWS = "<tr><th>Condition<th>Yes<th>No</tr><tr><td>Gout<td>X<td></tr><tr><td>MI<td>☐<td>☒</tr>"


@pytest.mark.parametrize(
    ("table", "text"),
    [
        (
            "<tr><th>Drug<th>Dose</tr><tr><td><p>Aspirin</p><td>81 mg</tr>",
            "Drug | Dose\nAspirin | 81 mg",
        ),
        (ROWS, "Condition | Yes | No\nGout | Yes\nMI | No"),
        ("<tr><td><b>Allergies</b><td>Penicillin</tr>", "Allergies: Penicillin"),
        ("<tr><th>Plan:</th><td>rest</td></tr>", "Plan: rest"),
        ("<tr><td>Plan:</td><td>rest</td></tr>", "Plan: rest"),
        (
            "<thead><tr><td>Start:<td>Name:</tr></thead><tr><td>May<td>MI</tr>",
            "Start | Name\nMay | MI",
        ),
        ("<tr><td><p>a</p><p>b</p><td>c</tr>", "a\n\nb\nc"),
        ("<tr><td>a<table><tr><td>b<td>c</table><td>d</tr>", "a\n\nb | c\nd"),
    ],
)
def test_tables(table: str, text: str) -> None:
    assert page(f"<table>{table}</table>").text == text


def test_paths_count_elements_of_a_name() -> None:
    body = "<html><body><p>a<p>b<table><tr><td>x<td>y<tr><td>z</table></body></html>"
    found = page(body)
    paths = {w[0]: found.origin(*w.span()).path for w in re.finditer(r"\w", found.text)}
    assert paths["b"] == "/html[1]/body[1]/p[2]"
    assert paths["z"] == "/html[1]/body[1]/table[1]/tr[2]/td[1]"


def test_the_charset_that_a_page_declares() -> None:
    body = '<html><head><meta charset="windows-1252"></head>5 \xb5g'.encode("cp1252")
    assert read(Source(body)).text == "5 µg"
    utf = '<?xml version="1.0" encoding="utf-8"?><html xmlns="x/xhtml"><p/>5 µg</html>'.encode()
    assert read(Source(utf, "application/xhtml+xml")).text == "5 µg"


@pytest.mark.parametrize(
    "cut", ["<p>a<td cl", "<p>a<!-- b", "<p>a<script>x</scr", '<p title="a>b', "<p '>b"]
)
def test_a_page_that_is_cut_off_is_told_where(cut: str) -> None:
    if "script" in cut:
        assert page(cut).text == "a"
        return
    with pytest.raises(Unreadable, match="cut off"):
        page(cut)


def test_any_depth_is_read() -> None:
    found = page("<div>" * 5000 + "deep" + "</div>" * 5000 + "<p>after")
    assert found.text == "deep\n\nafter"
    assert found.origin(0, 4).path.count("/") == 128
