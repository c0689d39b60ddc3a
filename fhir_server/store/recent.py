"""Resources read not long ago, so that one in demand costs no query. For one thread alone."""

from __future__ import annotations

from collections.abc import Iterable

from fhir_server.store.types import Stored

ROOM = 32 << 20  # bytes of bodies
LARGEST = 256 << 10  # of one body


class Recent:
    """Current versions by type and id; the first to come is the first to go."""

    def __init__(self, room: int = ROOM) -> None:
        self._kept: dict[tuple[str, str], Stored] = {}
        self._free, self._largest = room, min(LARGEST, room)

    def get(self, type: str, id: str) -> Stored | None:
        """The resource, None where it is not kept."""
        return self._kept.get((type, id))

    def put(self, stored: Stored) -> None:
        """Keeps a current version, in the room of others where need be."""
        size = len(stored.body)
        if size > self._largest:
            return
        name = stored.type, stored.id
        self.drop((name,))
        self._free -= size
        self._kept[name] = stored
        while self._free < 0:
            self.drop((next(iter(self._kept)),))

    def drop(self, names: Iterable[tuple[str, str]]) -> None:
        """Forgets resources: they were written."""
        for name in names:
            if gone := self._kept.pop(name, None):
                self._free += len(gone.body)
