"""New ids: UUIDs of version 7 that sort as they were made, from any thread."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from fhir_server.ids import new_id


def test_ids_are_uuids_in_their_order() -> None:
    before = time.time_ns() // 1_000_000
    made = [new_id() for _ in range(10_000)]
    assert made == sorted(set(made))
    for text in (made[0], made[-1]):
        uuid = UUID(text)
        assert str(uuid) == text
        assert (uuid.version, uuid.variant) == (7, "specified in RFC 4122")
        assert 0 <= (uuid.int >> 80) - before < 60_000


def test_no_two_threads_get_one() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: new_id(), range(4000)))
    assert len(set(made)) == 4000
