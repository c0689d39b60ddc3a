"""What a criterion asks as SQL: a set of row ids, made of arms of which one suffices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from fhir_server.errors import NotSupported

Args = tuple[str | int | float | None, ...]
MOST = 400  # arms of one statement (SQLite joins up to 500 by UNION)
ID = "{rid}"


class Arm(NamedTuple):
    """Row ids by one walk over an index.

    `select` gives them; `probe` asks about the one put in place of {rid}. Both bind `args` in
    their order. `unique` says that `select` gives none twice, in the order of the ids.
    """

    select: str
    probe: str
    args: Args
    unique: bool = False


@dataclass(frozen=True, slots=True)
class Test:
    """A resource passes where one of the arms has it, or where none has it."""

    arms: tuple[Arm, ...]
    none: bool = False
    costly: bool = False  # reads whole resources: better asked of few

    @property
    def args(self) -> Args:
        return tuple(value for arm in self.arms for value in arm.args)

    @property
    def seeks(self) -> bool:
        """Whether its rows lie together: no range to walk, no other criterion inside."""
        return all(arm.unique for arm in self.arms)

    def rids(self, *, once: bool = True) -> str:
        """The SELECT of the row ids of the arms, each of them `once`."""
        if not self.arms:
            return "SELECT 0 AS rid WHERE 0"
        if len(self.arms) == 1:
            (arm,) = self.arms
            plain = arm.unique or not once
            return arm.select if plain else f"SELECT DISTINCT rid FROM ({arm.select})"
        return " UNION ".join(arm.select for arm in self.arms)

    def some(self, limit: int) -> str:
        """The SELECT of how many rows the arms have, counted up to a limit."""
        rows = " UNION ALL ".join(arm.select for arm in self.arms) or "SELECT 0 WHERE 0"
        return f"SELECT count(*) FROM (SELECT 1 FROM ({rows}) LIMIT {limit})"

    def condition(self, rid: str) -> str:
        """The condition on the column that holds the row id."""
        one = " OR ".join(arm.probe.replace(ID, rid) for arm in self.arms) or "0"
        return f"NOT ({one})" if self.none else f"({one})"


def of_one(where: str) -> str:
    """A condition as it is asked of one resource: its few references are looked for in the list of
    targets. SQLite would take each target of the list to the index, for every resource again."""
    return where.replace("tgt_rid IN (", "+tgt_rid IN (", 1)


def few(arms: list[Arm], name: str) -> tuple[Arm, ...]:
    """The arms; raises NotSupported where they are too many for one statement."""
    if len(arms) > MOST:
        raise NotSupported("too many alternatives: ask for fewer at once", name)
    return tuple(arms)
