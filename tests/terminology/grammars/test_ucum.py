"""UCUM: its grammar, its atoms, and the law that a product of units is the product of their sizes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capability.terminology import borrowed
from terminology.grammars.ucum import PREFIXES, SYSTEM, atoms, canonical, unit

METRIC = sorted(code for code, atom in atoms().items() if atom.metric and atom.factor is not None)


def test_what_r4_lists_is_valid() -> None:
    listed = [each["code"] for each in borrowed(SYSTEM)]
    assert len(listed) > 1_000
    assert [code for code in listed if unit(code) is None] == []


@pytest.mark.parametrize(
    "code",
    [
        "mg/dL",
        "/min",
        "10*3/uL",
        "m[H2O]",
        "B[10.nV]",
        "(8.h)",
        "1/(12.h)",
        "{score}",
        "/100{WBC}",
        "kg.m/s2",
        "10*-3",
        "s-1",
        "m+2",
        "KiBy",
        "[m/s2/Hz^0.5]",
        "mm[Hg]{sitting}",
        "((g))",
        "1",
    ],
)
def test_expressions(code: str) -> None:
    assert unit(code)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "mgg",
        "Mg%%",
        "mg//dL",
        "mg/",
        "(mg",
        "mg)",
        "()",
        "{a",
        "a b",
        "mg dL",
        "k%",
        "2mg",
        "mg2dL",
        "0",
        "m{é}",
        "[foo]",
        "mg{a{b}}",
        "10*3 /uL",
        "{a}{b}",
        "mg^2",
        ".mg",
        "ML/MIN",
        "beats",
        "IU",
        "°C",
        "µg",
        "m-",
        "m99",
        "g" * 400,
        "(" * 90 + "g" + ")" * 90,
    ],
)
def test_what_is_no_expression(code: str) -> None:
    assert unit(code) is None


def test_names_and_sizes() -> None:
    found = unit("mg/dL")
    assert found is not None
    assert found.name == "(milligram) / (deciliter)"
    assert canonical("mg/dL") == (Decimal(10), "g.m-3")
    assert canonical("1/(12.h)") == canonical("/(12.h)")
    assert canonical("Cel") is None
    assert unit("Cel") is not None
    assert canonical("[degF]/h") is None
    assert canonical("KiBy") == (Decimal(8192), "bit")


@given(st.sampled_from(METRIC), st.sampled_from(METRIC), st.sampled_from(sorted(PREFIXES)))
def test_sizes_multiply(a: str, b: str, prefix: str) -> None:
    one, two = canonical(a), canonical(b)
    many, ratio = canonical(f"{prefix}{a}.{b}"), canonical(f"({a}/{b}).{b}")
    assert one is not None
    assert two is not None
    assert many is not None
    assert ratio is not None
    scaled = (one.factor * two.factor).scaleb(PREFIXES[prefix][0])
    # a prefix and an atom may read as another atom: cd is no centiday
    if f"{prefix}{a}" not in atoms():
        assert many.factor == pytest.approx(scaled, rel=Decimal("1e-20"))
    assert ratio.factor == pytest.approx(one.factor, rel=Decimal("1e-20"))
    assert ratio.unit == one.unit


@given(st.text("mgdL/.()[]{}1*-%'", max_size=12))
def test_any_text_is_read_to_its_end(text: str) -> None:
    if unit(text):
        # UCUM's grammar has the leading "/" of a main term alone, never within parentheses
        assert bool(unit(f"({text})/{{x}}")) is not text.startswith("/")
        assert unit(f"{text}/") is None


UNITS: list[tuple[str, str, str | None]] = [
    ("mg", "ug", "1000"), ("kg", "[lb_av]", "2.20462262"), ("mg/dL", "g/L", "0.01"), ("mmol/L", "umol/mL", "1"),
    ("mm[Hg]", "kPa", "0.133322"), ("L", "mL", "1000"), ("h", "min", "60"), ("[in_i]", "cm", "2.54"), ("%", "1", "0.01"),
    ("10*3/uL", "10*9/L", "1"), ("U/L", "nkat/mL", "0.0166666667"), ("kg/m2", "g/cm2", "0.1"), ("{beats}/min", "/s", "0.0166666667"),
    ("m[iU]/L", "[iU]/mL", "0.000001"), ("mg", "mL", None), ("mg", "mmol", None), ("ug/kg/min", "ug/kg/h", "60"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "ratio"), UNITS)
def test_units(one: str, other: str, ratio: str | None) -> None:
    first, second = canonical(one), canonical(other)
    assert first is not None
    assert second is not None
    assert (first.unit == second.unit) == (ratio is not None)
    if ratio is not None:
        assert float(first.factor / second.factor) == pytest.approx(float(Decimal(ratio)))


@pytest.mark.parametrize(
    "code", ["Cel", "[degF]", "nonsense", "mg/", "m[", "10*999", "//", "(g)", ""]
)
def test_what_has_no_base_units_stands_for_itself(code: str) -> None:
    known = canonical(code)
    assert known is None or known.unit in ("g", "1")


@given(st.text(max_size=12))
def test_no_unit_is_too_odd(code: str) -> None:
    known = canonical(code)
    assert known is None or known.factor > 0
