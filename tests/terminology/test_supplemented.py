"""Supplements of systems that are loaded, or that a grammar gives."""

from __future__ import annotations

import pytest

from terminology.codesystem import (
    ConceptDefinition,
    ConceptDesignation,
    ConceptProperty,
    PropertyDefinition,
)
from terminology.expansion import Options, expand
from terminology.expansion.contains import Details
from terminology.grammars.expressions import ExpressionsLayer
from terminology.issue import Refused
from terminology.languages import parse
from terminology.library import Library, Shelf, SystemsLayer
from terminology.subsumption import subsumption
from terminology.supplemented import Supplemented
from terminology.table import Node, Table
from terminology.valueset import Include, Reference, ValueSet
from tests.terminology.vocabulary import URL, animals

UCUM = "http://unitsofmeasure.org"
HEN = ConceptDefinition(
    "hen",
    "Huhn",
    designations=(ConceptDesignation("Henne", "de"),),
    properties=(ConceptProperty("eggs", "code", "white"),),
)
GERMAN = Table(
    "urn:de",
    "1",
    language="de",
    content="supplement",
    declared=(PropertyDefinition("eggs"),),
    roots=(Node(HEN), Node(ConceptDefinition("roc", "Roch"))),
    supplemented=URL,
)
METRIC = Table(
    "urn:units",
    content="supplement",
    roots=(Node(ConceptDefinition("mg", designations=(ConceptDesignation("Milligramm", "de"),))),),
    supplemented=UCUM,
)


def test_it_says_what_a_table_with_the_same_supplements_says() -> None:
    whole, wrapped = animals().with_supplements([GERMAN]), Supplemented(animals(), [GERMAN])
    assert wrapped.supplements == whole.supplements == ("urn:de|1",)
    assert list(wrapped.codes()) == list(whole.codes())
    assert wrapped.find("roc") is None
    assert wrapped.properties == whole.properties
    for code in whole.codes():
        assert wrapped.concept(code) == whole.concept(code)
        assert wrapped.is_inactive(code) == whole.is_inactive(code)
    for text in ("huhn", "henn", "hen", "bird", "roch", "hen bird"):
        assert set(wrapped.search(text)) == set(whole.search(text))
        matching = {code for code in whole.codes() if wrapped.matches(code, text)}
        assert matching == set(whole.search(text))


def test_a_supplement_that_is_named_twice_adds_but_once() -> None:
    for system in (animals(), SystemsLayer([animals()])):
        layers = (system,) if isinstance(system, SystemsLayer) else (Shelf((system,)),)
        known = Library((Shelf((GERMAN,)), *layers)).with_supplements(["urn:de", "urn:de|1"])
        found = known.system(URL)
        assert found is not None
        assert [each.value for each in found.concept("hen").designations] == ["Henne", "Huhn"]
        assert found.supplements == ("urn:de|1",)


def test_units_have_names_in_other_languages() -> None:
    known = Library((Shelf((METRIC,)), ExpressionsLayer())).with_supplements(["urn:units"])
    listed = Include(UCUM, concepts=(Reference("mg"), Reference("kg")))
    made = expand(known, ValueSet("urn:v", include=(listed,)), Options(wanted=Details(parse("de"))))
    assert [each.display for each in made.contains] == ["Milligramm", "(kilogram)"]
    assert ("used-supplement", "urn:units") in made.used


def test_a_system_of_a_grammar_stays_one() -> None:
    known = Library((Shelf((METRIC,)), ExpressionsLayer())).with_supplements(["urn:units"])
    units = known.system(UCUM)
    assert units is not None
    assert subsumption(units, "N", "kg.m/s2") == "equivalent"
    with pytest.raises(Refused, match="too many codes"):
        expand(known, ValueSet("urn:v", include=(Include(UCUM),)), Options())
