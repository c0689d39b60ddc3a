"""Places near a point: what is nowhere on earth has no row of the index."""

from __future__ import annotations

import pytest

from fhir_server.search.index import Rows
from fhir_server.search.types.near import SCALE, TYPE, apart


@pytest.mark.parametrize("longitude", [180.5, 1e19, 1e300, -1e30])
def test_a_place_that_is_nowhere_has_no_row(longitude: float) -> None:
    rows = Rows()
    emit = TYPE.emit["Location.position"]("position")
    emit({"latitude": 1, "longitude": longitude}, rows, "")
    assert rows.dat == []
    emit({"latitude": 1, "longitude": 2.5}, rows, "")
    assert rows.dat == [("position", 10_000_000, 25_000_000)]


def test_distances() -> None:
    paris, london = (48.8566, 2.3522), (51.5074, -0.1278)
    scaled = [round(angle * SCALE) for angle in (*paris, *london)]
    assert apart(*scaled) == pytest.approx(343.5, abs=1)
