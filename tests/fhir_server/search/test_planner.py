"""Plans: criteria together, chains both ways, sorting, pages, totals, includes, hostile values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise

import pytest

from fhir_server.errors import BadRequest, FhirError, NotSupported
from fhir_server.search import include
from fhir_server.search.builder import Builder
from fhir_server.search.planner import Walk
from fhir_server.search.query import parse
from tests.fhir_server.search.loaded import BASE, Loaded, Resource

NAMES = ["Zoe", "ann", "Bob", "Ann", None, "bob"]


def patient(number: int) -> Resource:
    name = NAMES[number % len(NAMES)]
    named = {"name": [{"family": f"F{number % 5}", "given": [name]}]} if name else {}
    born = {"birthDate": f"19{number % 7 + 10}-01-01"} if number % 4 else {}
    gender = {"gender": ["male", "female"][number % 2]}
    return {"resourceType": "Patient", "id": f"p{number}", **named, **born, **gender}


def observation(number: int) -> Resource:
    return {
        "resourceType": "Observation",
        "id": f"o{number}",
        "status": "final",
        "code": {"coding": [{"system": "urn:c", "code": f"c{number % 3}"}]},
        "subject": {"reference": f"Patient/p{number % 10}"},
        "effectiveDateTime": f"2020-01-{number % 28 + 1:02}",
        "valueQuantity": {"value": number, "unit": "u"},
        **({"performer": [{"reference": "Organization/org"}]} if number % 2 else {}),
    }


@pytest.fixture(scope="module")
def some() -> Iterator[Loaded]:
    patients = [patient(n) for n in range(20)]
    patients[3]["managingOrganization"] = {"reference": "Organization/org"}
    org = {"resourceType": "Organization", "id": "org", "name": "Clinic"}
    loaded = Loaded([*(observation(n) for n in range(60)), *patients, org])
    yield loaded
    loaded.connection.close()


def walk(loaded: Loaded, type: str, *pairs: tuple[str, str]) -> list[str]:
    """The ids on all pages, each of which tells the same total; there and back again."""
    page = loaded.page(type, *pairs)
    assert not page.previous
    total, ids = page.total, [s.id for s in page.entries]
    pages = [page]
    while page.next:
        page = loaded.page(type, *page.next)
        assert page.total == total
        ids += [s.id for s in page.entries]
        pages.append(page)
    assert total is None or total == len(ids)
    for there in reversed(pages[:-1]):
        page = loaded.page(type, *page.previous)
        assert (page.entries, page.total) == (there.entries, total)
        assert page.next
    assert not page.previous
    return ids


def test_criteria_are_joined_by_and(some: Loaded) -> None:
    pairs = (
        ("patient", "p3"),
        ("code", "urn:c|c0"),
        ("date", "ge2020-01-05"),
        ("value-quantity", "lt50"),
    )
    expected = {
        f"o{n}" for n in range(60) if n % 10 == 3 and n % 3 == 0 and n % 28 + 1 >= 5 and n < 50
    }
    assert expected
    assert set(some.find("Observation", *pairs)) == expected
    assert set(some.find("Observation", *reversed(pairs))) == expected


def test_pages_hold_everything_once(some: Loaded) -> None:
    for pairs in [(), (("code", "c1"),), (("date", "gt2020-01-03"),), (("code:not", "c1"),)]:
        whole = walk(some, "Observation", *pairs)
        assert walk(some, "Observation", *pairs, ("_count", "7")) == whole
        assert len(set(whole)) == len(whole) >= 20


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("_id", lambda n: (0, f"p{n}")),
        ("birthdate,_id", lambda n: (n % 4 == 0, n % 7 if n % 4 else 0, f"p{n}")),
        ("-birthdate,_id", lambda n: (n % 4 == 0, -(n % 7) if n % 4 else 0, f"p{n}")),
        ("given,family,_id", lambda n: (not NAMES[n % 6], (NAMES[n % 6] or "").lower(), n % 5 if NAMES[n % 6] else 0, f"p{n}")),
        ("gender,-_id", lambda n: ("mf"[n % 2] == "m", [*(-ord(c) for c in f"p{n}"), 1])),
        ("_lastUpdated", lambda n: n),
    ],
)  # fmt: skip
@pytest.mark.parametrize("count", ["1000", "3", "1"])
def test_sorting(some: Loaded, sort: str, key: object, count: str) -> None:
    expected = [f"p{n}" for n in sorted(range(20), key=key)]  # type: ignore[call-overload]
    assert walk(some, "Patient", ("_sort", sort), ("_count", count)) == expected


def test_chains(some: Loaded) -> None:
    anns = {n for n in range(10) if (NAMES[n % 6] or "").lower() == "ann"}
    expected = {f"o{n}" for n in range(60) if n % 10 in anns}
    assert set(walk(some, "Observation", ("patient.name", "ann"))) == expected
    assert set(walk(some, "Observation", ("subject:Patient.given", "ANN"))) == expected
    assert walk(some, "Observation", ("subject:Group.characteristic", "ann")) == []
    both = {f"o{n}" for n in range(60) if n % 10 == 3}
    assert set(walk(some, "Observation", ("patient.organization.name", "clin"))) == both
    assert set(walk(some, "Observation", ("patient.organization", "org"))) == both
    females = {f"o{n}" for n in range(60) if n % 2}
    assert set(walk(some, "Observation", ("patient.gender:not", "male"))) == females


def test_chains_end_at_a_type(some: Loaded) -> None:
    all_of_them = {f"o{n}" for n in range(60)}
    assert set(walk(some, "Observation", ("subject._type", "Group,Patient"))) == all_of_them
    assert walk(some, "Observation", ("subject:Patient._type", "Group")) == []
    assert walk(some, "Patient", ("_has:Observation:subject:_type", "Encounter")) == []
    assert walk(some, "Patient", ("_type", "Observation")) == []
    with pytest.raises(BadRequest, match="no resource type 'Elephant'"):
        walk(some, "Observation", ("subject._type", "Elephant"))


def test_chains_of_four() -> None:
    """SQLite reads no more brackets in brackets than these need."""
    line: list[Resource] = [
        {"resourceType": "Organization", "id": f"o{n}", "name": f"n{n}"} for n in range(6)
    ]
    for child, parent in pairwise(line):
        child["partOf"] = {"reference": f"Organization/{parent['id']}"}
    made = Loaded(line)
    up, down = "partof.", "_has:Organization:partof:"
    for name, value, found in (
        (f"{up * 4}name:exact", "n4", "o0"),
        (f"{up * 4}identifier:not", "x", "o0 o1"),
        (f"{down * 4}name", "n1", "o5"),
        (f"{down * 2}{up * 2}name", "n3", "o3"),
    ):
        assert set(walk(made, "Organization", (name, value))) == set(found.split()), name
    deep = 'name eq "n1"'
    for _ in range(15):
        deep = f'not ({deep} and name co "n")'
    with pytest.raises(NotSupported):
        made.find("Organization", ("_filter", deep))


def test_chains_over_too_many_types_are_refused(some: Loaded) -> None:
    """Any reference may be of 146 types, which are as many chains at each further link."""
    for type, name, value in (
        ("List", "item.item.subject.subject.identifier", "x"),
        ("Task", "_has:Provenance:target:target.subject.subject.identifier", "x"),
        ("List", "_filter", "item.item.subject.subject.identifier eq x"),
    ):
        with pytest.raises(NotSupported, match="types"):
            some.find(type, (name, value))
    assert some.find("List", ("item:Patient.organization.name", "x")) == []


def test_reverse_chains(some: Loaded) -> None:
    expected = {f"p{n % 10}" for n in range(60) if n % 3 == 1 and n > 50}
    found = walk(some, "Patient", ("_has:Observation:patient:code-value-quantity", "c1$gt50"))
    assert set(found) == expected
    assert set(
        walk(some, "Patient", ("_has:Observation:patient:status", "final"), ("_id", "p3,p15"))
    ) == {"p3"}
    assert walk(
        some, "Organization", ("_has:Patient:organization:_has:Observation:patient:code", "c0")
    ) == ["org"]


def test_missing(some: Loaded) -> None:
    undated = {f"p{n}" for n in range(0, 20, 4)}
    assert set(walk(some, "Patient", ("birthdate:missing", "true"))) == undated
    assert (
        set(walk(some, "Patient", ("birthdate:missing", "false")))
        == {f"p{n}" for n in range(20)} - undated
    )


def test_last_updated_and_id(some: Loaded) -> None:
    at = "1970-01-01T00:00:00.071Z"  # of 81 resources the 71st
    expected = {"gt": 10, "ge": 11, "lt": 70, "le": 71, "eq": 1, "ne": 80, "sa": 10, "eb": 70}
    for prefix, hits in expected.items():
        found = [
            walk(some, type, ("_lastUpdated", prefix + at), ("_count", "9"))
            for type in ("Observation", "Patient", "Organization")
        ]
        assert sum(map(len, found)) == hits, prefix
    assert walk(some, "Patient", ("_id", "p3,o3,p19,none")) == ["p19", "p3"]


def test_totals(some: Loaded) -> None:
    assert some.page("Observation", ("_count", "0")).total == 60
    assert some.page("Observation", ("_summary", "count")).entries == ()
    assert some.page("Observation", ("_total", "none")).total is None


MANY = [f"x{n}" for n in range(2000)]  # alternatives that nothing has


@pytest.mark.parametrize(
    ("type", "name", "values"),
    [
        ("Observation", "code", ["c0", "urn:c|c2", "|c1", "urn:d|c1"]),
        ("Observation", "code:not", ["c0", "urn:c|c2"]),
        ("Observation", "patient", ["p3", "Patient/p4", f"{BASE}/Patient/p5"]),
        ("Observation", "performer", ["org", "Practitioner/org"]),
        ("Patient", "_id", ["p3", "p4", "p4", "none"]),
        ("Patient", "_has:Observation:patient:code", ["c0"]),
        ("Observation", "patient._id", ["p3", "p19"]),
    ],
)
def test_many_alternatives_find_what_few_do(
    some: Loaded, type: str, name: str, values: list[str]
) -> None:
    few = walk(some, type, (name, ",".join(values)))
    assert few
    assert set(walk(some, type, (name, ",".join([*MANY, *values])))) == set(few)
    narrow = ("_id", few[0])
    assert walk(some, type, (name, ",".join([*values, *MANY])), narrow) == few[:1]


@pytest.mark.parametrize(
    "asked",
    [
        ("patient.gender", "male"),
        ("patient", ",".join(MANY)),
        ("patient:Patient._id", ",".join(MANY)),
    ],
)
def test_no_list_of_targets_is_walked_for_each_resource(
    some: Loaded, asked: tuple[str, str]
) -> None:
    builder = Builder(some.connection, some.numbers, BASE)
    query = parse("Observation", [asked, ("_id", "o3")])
    walk = Walk.of(builder, query, (), by_time=False)
    told = some.connection.execute(
        f"EXPLAIN QUERY PLAN {walk.rows(builder).sql}", walk.rows(builder).args
    )
    plan = [row[3] for row in told]
    assert any("ref_back (rid=? AND p=?)" in line for line in plan)
    assert not any("ref_back (rid=? AND p=? AND tgt_rid=?)" in line for line in plan)


def test_too_many_strings_are_told(some: Loaded) -> None:
    with pytest.raises(NotSupported):
        some.page("Patient", ("name", ",".join(MANY)))


def test_a_page_is_cut_where_too_much_would_come_along(
    some: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(include, "MOST", 20)
    asked = (("_revinclude", "Observation:patient"), ("_sort", "_id"))
    page, matches, along = some.page("Patient", *asked), [], set()
    while True:
        assert len(page.included) <= 20
        matches += [s.id for s in page.entries]
        along |= {s.id for s in page.included}
        if not page.next:
            break
        page = some.page("Patient", *page.next)
    assert matches == sorted(f"p{n}" for n in range(20))
    assert along == {f"o{n}" for n in range(60)}
    monkeypatch.setattr(include, "MOST", 5)
    with pytest.raises(NotSupported):
        some.page("Patient", *asked, ("_id", "p3"))


def test_includes(some: Loaded) -> None:
    pairs = (
        ("code", "c0"),
        ("_count", "4"),
        ("_include", "Observation:patient"),
        ("_include", "Observation:performer:Organization"),
    )
    page = some.page("Observation", *pairs)
    wanted = {f"Patient/p{int(s.id[1:]) % 10}" for s in page.entries} | {"Organization/org"}
    assert {f"{s.type}/{s.id}" for s in page.included} == wanted
    page = some.page("Patient", ("_id", "p3"), ("_revinclude", "Observation:patient"))
    assert {s.id for s in page.included} == {f"o{n}" for n in range(3, 60, 10)}
    assert (
        some.page("Patient", ("_id", "p19"), ("_revinclude", "Observation:patient")).included == ()
    )


def test_deleted_and_unwritten_resources_are_not_found() -> None:
    loaded = Loaded([observation(1)])
    assert loaded.find("Patient") == []
    assert loaded.find("Patient", ("_id", "p1")) == []
    assert loaded.find("Patient", ("gender:not", "male")) == []
    assert loaded.find("Patient", ("_has:Observation:patient:code", "c1")) == []
    assert loaded.page("Observation", ("_include", "Observation:patient")).included == ()


HOSTILE = [
    "' OR 1=1 --",
    "x'); DROP TABLE res; --",
    "%",
    "_",
    "\x00",
    "{rid}",
    "?",
    ":lo",
    "\U0010ffff",
    "a" * 5000,
    "\\",
    "||",
    "$",
]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(
    "name",
    ["_id", "code", "patient", "patient.name", "patient.name:exact", "patient.name:contains", "_has:Provenance:target:agent",
     "date", "value-quantity", "_lastUpdated", "_profile", "_sort", "_count", "_cursor", "_include", "code:missing", "subject:identifier"],
)  # fmt: skip
def test_hostile_values_find_nothing(some: Loaded, name: str, value: str) -> None:
    with suppress(BadRequest, NotSupported):
        assert some.find("Observation", (name, value)) == []
    assert some.page("Observation", ("_count", "0")).total == 60


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_unknown(some: Loaded, name: str) -> None:
    for each in (
        name,
        f"code:{name}",
        f"patient.{name}",
        f"_has:{name}:x:y",
        f"_has:Condition:patient:{name}",
    ):
        with pytest.raises(FhirError):
            some.find("Observation", (each, "x"))


@pytest.mark.parametrize(
    "cursor",
    [
        "e30",
        "W10",
        "WzFd",
        "bnVsbA",
        "WyJ4IixudWxsXQ",
        "WzEsMiwzXQ",
        "W251bGwsbnVsbF0",
        "é",
        "W1sxXSwxXQ",
    ],
)
def test_a_made_up_cursor_is_refused(some: Loaded, cursor: str) -> None:
    with pytest.raises(BadRequest) as raised:
        some.find("Observation", ("code", "c1"), ("_cursor", cursor))
    assert raised.value.expression == "_cursor"


@pytest.mark.parametrize(
    ("type", "pairs"),
    [
        ("Observation", (("code", "c2"),)),
        ("Observation", (("code", "c1"), ("status", "final"))),
        ("Observation", (("code", "c1"), ("_sort", "_id"))),
        ("Patient", (("code", "c1"),)),
    ],
)
def test_the_cursor_of_another_query_is_refused(
    some: Loaded, type: str, pairs: tuple[tuple[str, str], ...]
) -> None:
    cursor = dict(some.page("Observation", ("code", "c1"), ("_count", "2")).next)["_cursor"]
    assert some.find("Observation", ("code", "c1"), ("_count", "3"), ("_cursor", cursor))
    with pytest.raises(BadRequest) as raised:
        some.page(type, *pairs, ("_cursor", cursor), strict=False)
    assert raised.value.expression == "_cursor"


def test_what_is_known_once_is_known_beside_what_is_not(some: Loaded) -> None:
    pairs = (("gender", "male"), ("gender", ""), ("_include", "Patient:colour"))
    page = some.page("Patient", *pairs, ("_include", "Patient:organization"), strict=False)
    assert page.total == 10
    assert set(page.ignored) == {("gender", ""), ("_include", "Patient:colour")}
