"""$expand and $validate-code agree on any value set: includes, excludes, imports, versions."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from terminology.codesystem import Coding, ConceptDefinition, ConceptProperty
from terminology.expansion import Options as Expanding
from terminology.expansion import expand
from terminology.expansion.contains import Contains
from terminology.library import Library, Shelf
from terminology.table import Node, Table
from terminology.validation import Codings, Membership, Options, validate_in_value_set
from terminology.valueset import Filter, Include, Reference, ValueSet
from terminology.versions import VersionRules

URL = "http://example.org/plants"
CODES = "pqrstu"
VERSIONS = ("1.0.0", "1.1.0", "2.0.0")
OPS = ("is-a", "descendent-of", "is-not-a", "generalizes", "child-of", "descendent-leaf", "=")


@st.composite
def system(draw: st.DrawFn, version: str) -> Table:
    """A version with some of the codes, each below an earlier one or none; some are inactive."""
    nodes = []
    codes = draw(st.lists(st.sampled_from(CODES), min_size=1, unique=True))
    for place, code in enumerate(codes):
        told = [ConceptProperty("inactive", "boolean", draw(st.booleans()))]
        if place and draw(st.booleans()):
            above = draw(st.sampled_from(codes[:place]))
            told.append(ConceptProperty("parent", "code", above))
        display = f"{draw(st.sampled_from(('leaf', 'stem')))} {code}"
        nodes.append(Node(ConceptDefinition(code, display, properties=tuple(told))))
    return Table(URL, version, roots=tuple(nodes))


CODE = st.sampled_from(CODES)
FILTERS = st.builds(Filter, st.just("concept"), st.sampled_from(OPS), CODE)
INACTIVE = st.sampled_from([None, True, False])


def includes(known: int) -> st.SearchStrategy[Include]:
    """Includes that may import the first so many value sets."""
    sets = st.lists(st.integers(0, known - 1), max_size=2, unique=True) if known else st.just([])
    imports = sets.map(lambda numbers: tuple(f"urn:{n}" for n in numbers))
    own = st.builds(
        Include,
        st.just(URL),
        st.sampled_from(("", "1.x", *VERSIONS)),
        st.lists(st.builds(Reference, CODE), max_size=2).map(tuple),
        st.lists(FILTERS, max_size=2).map(tuple),
        imports,
    )
    return own | st.builds(Include, value_sets=imports.filter(bool)) if known else own


@st.composite
def libraries(draw: st.DrawFn) -> tuple[Library, ValueSet]:
    """Three versions of a system, and value sets of which each may import the earlier ones."""
    sets: list[ValueSet] = []
    for number in range(draw(st.integers(1, 3))):
        parts = includes(number)
        include = tuple(draw(st.lists(parts, min_size=1, max_size=3)))
        exclude = tuple(draw(st.lists(parts, max_size=2)))
        own = f"urn:{number}"
        sets.append(ValueSet(own, include=include, exclude=exclude, inactive=draw(INACTIVE)))
    tables = tuple(draw(system(version)) for version in VERSIONS)
    return Library((Shelf(tables, tuple(sets)),)), sets[-1]


def flat(contains: tuple[Contains, ...]) -> Iterator[str]:
    for each in contains:
        yield each.code
        yield from flat(each.contains)


def codes(known: Library, value_set: ValueSet, **asked: object) -> list[str]:
    made = expand(known, value_set, Expanding(**asked))  # type: ignore[arg-type]
    return list(flat(made.contains))


@settings(max_examples=60)
@given(libraries(), st.booleans())
def test_a_code_is_in_the_expansion_or_not_valid(
    made: tuple[Library, ValueSet], active_only: bool
) -> None:
    known, value_set = made
    listed = set(codes(known, value_set, nested=False, active_only=active_only))
    for code in CODES:
        asked = Codings((Coding(URL, code),), ("Coding",))
        found = validate_in_value_set(known, value_set, asked, Options(active_only=active_only))
        assert found.result is (code in listed), (code, found.message)


@settings(max_examples=60)
@given(libraries())
def test_each_version_of_a_code_of_the_expansion_is_valid(made: tuple[Library, ValueSet]) -> None:
    known, value_set = made
    for each in expand(known, value_set, Expanding(nested=False)).contains:
        if each.version:
            asked = Codings((Coding(URL, each.code, each.version),), ("Coding",))
            found = validate_in_value_set(known, value_set, asked, Options())
            assert found.result, (each.code, each.version, found.message)


@settings(max_examples=60)
@given(libraries(), st.integers(0, 4), st.integers(0, 4))
def test_pages_trees_and_texts_are_of_the_same_codes(
    made: tuple[Library, ValueSet], offset: int, count: int
) -> None:
    known, value_set = made
    every = codes(known, value_set, nested=False)
    assert sorted(codes(known, value_set)) == sorted(every)
    assert codes(known, value_set, offset=offset, count=count) == every[offset:][:count]
    leaves = codes(known, value_set, nested=False, text="leaf")
    stems = codes(known, value_set, nested=False, text="stem")
    assert sorted(leaves + stems) == sorted(every)


def test_what_many_sets_share_is_asked_once() -> None:
    """Sixty sets, each of what all versions have in common with the next one."""
    node = Node(ConceptDefinition("p", "leaf p"))
    every = ValueSet("urn:every", include=tuple(Include(URL, version) for version in VERSIONS))
    chain = [
        ValueSet(f"urn:{n}", include=(Include(value_sets=("urn:every", f"urn:{n + 1}")),))
        for n in range(60)
    ]
    last = ValueSet("urn:60", include=tuple(Include(URL, version) for version in VERSIONS))
    tables = tuple(Table(URL, version, roots=(node,)) for version in VERSIONS)
    library = Library((Shelf(tables, (every, *chain, last)),))
    whole = library.value_set("urn:0")
    assert whole is not None
    newest = library.system(URL, VERSIONS[-1])
    assert newest is not None
    assert Membership(library, whole, VersionRules()).find(newest, "p") is not None  # 3 ** 60 else
