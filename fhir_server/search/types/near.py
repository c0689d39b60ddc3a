"""special: places near a point (R4 Location, search parameter `near`).

A place is one row of the index of ranges, which holds two whole numbers: latitude and longitude in
ten-millionths of a degree.
"""

from __future__ import annotations

import math
from typing import Any

from fhir_server.errors import BadRequest
from fhir_server.search.index import Clause, Extract, IndexPath, Keys, Rows, SearchType
from fhir_server.search.value import split, unescape
from fhir_server.store.types import Connection

SCALE = 10_000_000
RADIUS = 6371.0088  # mean radius of the earth in km
DEFAULT = 10.0  # km, where the query names no distance
UNITS = {"km": 1.0, "m": 0.001, "[mi_i]": 1.609344, "mi": 1.609344, "[mi_us]": 1.609347}


def register(connection: Connection) -> None:
    """Gives the connection what the clauses call: apart(lat, lon, lat, lon) in km."""
    connection.create_function("apart", 4, apart, deterministic=True)


def apart(lat: int, lon: int, lat2: int, lon2: int) -> float:
    """The distance of two places in km on a sphere (haversine); angles as in the index."""
    a, b, c, d = (math.radians(angle / SCALE) for angle in (lat, lon, lat2, lon2))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * RADIUS * math.asin(min(1.0, math.sqrt(half)))


def _position(path: str) -> Extract:
    def extract(value: Any, out: Rows, base: str) -> None:
        lat, lon = value.get("latitude"), value.get("longitude")
        if _on_earth(lat, lon):
            out.dat.append((path, round(lat * SCALE), round(lon * SCALE)))

    return extract


def _on_earth(lat: float | None, lon: float | None) -> bool:
    """Whether these are a latitude and a longitude; what a resource has may be none."""
    return lat is not None and lon is not None and abs(lat) <= 90 and abs(lon) <= 180


def where(place: IndexPath, value: str, modifier: str, keys: Keys) -> list[Clause]:
    """`latitude|longitude|distance|units`, the last two at will; the distance in km or a unit."""
    parts = [unescape(p) for p in split(value, "|")]
    try:
        lat, lon = float(parts[0]), float(parts[1])
        distance = float(parts[2]) if len(parts) > 2 and parts[2] else DEFAULT
        distance *= UNITS[parts[3] if len(parts) > 3 and parts[3] else "km"]
    except (ValueError, IndexError, KeyError):
        text = f"a place is latitude|longitude|distance|units, units one of {', '.join(UNITS)}"
        raise BadRequest(text) from None
    if not (_on_earth(lat, lon) and 0 <= distance < math.inf) or len(parts) > 4:
        raise BadRequest("latitude is -90..90, longitude -180..180, the distance not negative")
    reach = math.degrees(min(distance / RADIUS, math.pi))
    here = round(lat * SCALE), round(lon * SCALE)
    span = round((lat - reach) * SCALE) - 1, round((lat + reach) * SCALE) + 1
    within = "lo BETWEEN ? AND ? AND apart(lo, hi, ?, ?) <= ?"
    return [Clause("dat", within, (*span, *here, distance))]


TYPE = SearchType(
    tables=("dat",),
    emit={"Location.position": _position},
    modifiers=("missing",),
    where=where,
)
