"""Resources that the server has of itself: made from its tables, never stored."""

from fhir_server.own.owned import Owned
from fhir_server.own.pages import found
from fhir_server.own.source import Made, Own, Source

__all__ = ["Made", "Own", "Owned", "Source", "found"]
