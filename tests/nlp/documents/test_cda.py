"""C-CDA: sections by LOINC, narrative as text, entries that negate, end and stop."""

from __future__ import annotations

import base64

import pytest

from nlp.documents import Reading, Source, Unreadable, read
from nlp.types import Assertion, MedicationStatus
from tests.nlp.documents.samples import cda, drug, pdf, problem, refers, section

PROBLEMS = "11450-4"
A = Assertion
S = MedicationStatus


def document(*sections: str) -> Reading:
    return read(Source(cda(*sections).encode(), "text/xml"))


def claimed(found: Reading, words: str) -> list[Assertion | MedicationStatus | None]:
    at = found.text.index(words)
    return [c.assertion or c.status for c in found.hints.claims if c.start <= at < c.end]


@pytest.mark.parametrize(
    ("code", "title", "shown"),
    [
        (PROBLEMS, "Problems", "Problems"),
        (PROBLEMS, "", "Problem List"),
        (PROBLEMS, "What bothers you", "Problem List"),
        ("48765-2", "Allergies and adverse reactions", "Allergies and adverse reactions"),
        ("10160-0", "", "Medications"),
        ("99999-9", "Odd things", "Odd things:"),
    ],
)
def test_a_section_has_the_title_of_its_code(code: str, title: str, shown: str) -> None:
    assert document(section(code, "x", title=title)).text == f"{shown}\nx"


def test_narrative_is_laid_out() -> None:
    text = (
        "<paragraph>one <content styleCode='Bold'>two</content></paragraph>"
        "<list><item>a</item><item>b</item></list>"
        "<table><thead><tr><th>Problem</th><th>Status</th></tr></thead>"
        "<tbody><tr><td>Gout</td><td>Active<br/>mild</td></tr></tbody></table>"
        "<content revised='delete'>gone</content>"
    )
    assert document(section(PROBLEMS, text)).text == (
        "Problem List\n\none two\n- a\n- b\n\nProblem | Status\nGout | Active, mild"
    )


RESOLVED = (
    '<entryRelationship><observation><code code="33999-4"/>'
    '<value code="{}"/></observation></entryRelationship>'
)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (problem(refers("p"), observed='negationInd="true"'), [A.NEGATED]),
        (problem(refers("p"), observed='negationInd="false"'), []),
        (problem(refers("p")), []),
        (problem(refers("p"), concern="completed"), [A.HISTORICAL]),
        (problem(refers("p"), inside='<effectiveTime><high value="2019"/></effectiveTime>'), [A.HISTORICAL]),
        (problem(refers("p"), inside='<effectiveTime><high nullFlavor="UNK"/></effectiveTime>'), [A.HISTORICAL]),
        (problem(refers("p"), inside='<effectiveTime><high nullFlavor="NI"/></effectiveTime>'), []),
        (problem(refers("p"), inside=RESOLVED.format("413322009")), [A.HISTORICAL]),
        (problem(refers("p"), inside=RESOLVED.format("55561003"), concern="completed"), []),
        (problem("", observed='negationInd="true"', inside='<value displayName="gout"/>'), [A.NEGATED]),
        (problem("<code><originalText>Gout</originalText></code>", observed='negationInd="true"'), [A.NEGATED]),
        (problem("", observed='negationInd="true"', inside='<value displayName="Asthma"/>'), []),
        (problem("", observed='negationInd="true"', inside='<value displayName="Cold"/>'), []),
    ],
)  # fmt: skip
def test_what_entries_state_of_a_problem(entry: str, said: list[Assertion]) -> None:
    text = '<list><item ID="p">Gout</item><item>Cold</item><item>Cold</item></list>'
    assert claimed(document(section(PROBLEMS, text, entry)), "Gout") == said


def test_an_entry_is_of_the_narrowest_words_that_it_refers_to() -> None:
    text = (
        '<table ID="all"><thead><tr><td>Since:</td><td>Problem:</td></tr></thead><tbody>'
        '<tr ID="r1"><td>May</td><td ID="c1">Gout</td></tr>'
        '<tr ID="r2"><td>June</td><td>Asthma</td></tr></tbody></table>'
    )
    both = refers("r1") + '<value><originalText><reference value="#c1"/></originalText></value>'
    found = document(section(PROBLEMS, text, problem(both, observed='negationInd="true"')))
    assert [found.text[c.start : c.end].strip(" |") for c in found.hints.claims] == ["Gout"]
    named = '<value displayName="Asthma"/>'
    for words in (refers("all") + named, named, refers("r2")):
        found = document(section(PROBLEMS, text, problem(words, observed='negationInd="true"')))
        assert claimed(found, "Asthma") == [A.NEGATED]
        assert claimed(found, "Gout") == []
    wide = problem(refers("all"), observed='negationInd="true"')
    assert document(section(PROBLEMS, text, wide)).hints.claims == ()


@pytest.mark.parametrize(
    ("status", "given", "said"),
    [
        ("active", "", []),
        ("completed", "", [S.COMPLETED]),
        ("aborted", "", [S.STOPPED]),
        ("suspended", "", [S.HELD]),
        ("cancelled", "", [S.NOT_TAKING]),
        ("active", 'negationInd="true"', [S.NOT_TAKING]),
    ],
)
def test_what_entries_state_of_a_drug(
    status: str, given: str, said: list[MedicationStatus]
) -> None:
    text = '<table><tbody><tr ID="m"><td>Aspirin</td><td>81 mg</td></tr></tbody></table>'
    entry = drug(refers("m"), status, given=given)
    assert claimed(document(section("10160-0", text, entry)), "Aspirin") == said


def test_offsets_and_paths_are_of_the_source() -> None:
    source = cda(section(PROBLEMS, "<paragraph>a &amp; é <content>Gout</content></paragraph>"))
    found = read(Source(source.encode()))
    start = found.text.index("Gout")
    origin = found.origin(start, start + 4)
    assert source[origin.start : origin.end] == "Gout"
    assert origin.path == (
        "/ClinicalDocument[1]/component[1]/structuredBody[1]/component[1]/section[1]/text[1]"
        "/paragraph[1]/content[1]"
    )


def test_a_packed_document_is_read_in_its_place() -> None:
    data = base64.b64encode(pdf("Asthma")).decode()
    body = (
        '<ClinicalDocument xmlns="urn:hl7-org:v3"><component><nonXMLBody>'
        f'<text mediaType="application/pdf" representation="B64">{data}</text>'
        "</nonXMLBody></component></ClinicalDocument>"
    )
    found = read(Source(body.encode()))
    assert (found.format, found.text, found.origin(0, 6).page) == ("pdf", "Asthma", 1)
    with pytest.raises(Unreadable, match="not base64"):
        read(Source(body.replace(data, "%%%").encode()))


LOL = '<!DOCTYPE d [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]><ClinicalDocument>&b;</ClinicalDocument>'
FILE = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]><ClinicalDocument>&a;</ClinicalDocument>'


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        (LOL, "security", "may not declare entities"),
        (FILE, "security", "may not declare entities"),
        ('<!DOCTYPE d SYSTEM "x.dtd"><ClinicalDocument>&a;</ClinicalDocument>', "structure", "not declare"),
        ("<ClinicalDocument>" * 300, "structure", "nested deeper than 200"),
        (cda(section(PROBLEMS, "Gout"))[:-30], "structure", "line 2, column"),
        ("<ClinicalDocument/>", "required", "no body"),
        ("<other/>", "not-supported", "no ClinicalDocument"),
    ],
)  # fmt: skip
def test_bad_documents_are_told(source: str, code: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said) as caught:
        read(Source(source.encode(), "application/xml"))
    assert caught.value.code == code
