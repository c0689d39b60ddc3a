"""Clinical notes with known mentions, composed of cues, frames and the terminology's own names."""

from __future__ import annotations

from random import Random

from nlp.sections import SECTIONS
from nlp.sig.routes import ROUTES
from nlp.training import frames
from nlp.training.corpus import Gold, Text
from nlp.training.vocabulary import Vocabulary
from nlp.types import Assertion, Kind

# What a bare list in a section claims.
_LISTED = {
    "past_medical_history": Assertion.HISTORICAL,
    "family_history": Assertion.FAMILY,
    "assessment": Assertion.PRESENT,
    "diagnosis": Assertion.PRESENT,
    "chief_complaint": Assertion.PRESENT,
}
_ALL = tuple(Assertion)
_SHARES = (38, 24, 12, 13, 6, 7)  # of Assertion's members, in their order
_JOINTS = (", ", ", ", " and ", " or ", "/", ", and ", ", or ")


class Generator:
    """Notes by lot: one seed gives one series."""

    def __init__(self, vocabulary: Vocabulary, seed: int) -> None:
        self._vocabulary = vocabulary
        self._lot = Random(seed)  # noqa: S311 - a series to learn from, no secret
        self._before = frames.cues("before")
        self._after = frames.cues("after")
        self._stops = frames.stops()

    def note(self) -> Text:
        """A note of one to four sections."""
        note = _Note()
        for _ in range(self._lot.randint(1, 4)):
            if note.length:
                note.say(self._lot.choice(("\n", "\n\n", "\n\n", " ")))
            self._section(note)
        return note.text()

    def _section(self, note: _Note) -> None:
        lot = self._lot
        key = lot.choice(sorted(SECTIONS)) if lot.random() < 0.75 else ""
        if key:
            title = lot.choice(SECTIONS[key])
            title = lot.choice((title.upper(), title.capitalize(), title.title()))
            note.say(title + lot.choice((": ", ":\n", ": ", "\n", " - ")))
        if key in ("medications", "allergies") or lot.random() < 0.15:
            self._drug_list(note, sig=key != "allergies")
        elif key in _LISTED and lot.random() < 0.5:
            self._problem_list(note, _LISTED[key])
        else:
            for number in range(lot.randint(1, 6)):
                note.say(" " if number else "")
                self._sentence(note, key)

    def _sentence(self, note: _Note, key: str) -> None:
        lot, way = self._lot, self._lot.random()
        if way < 0.27:
            note.say(self._filled(lot.choice(frames.FILLERS)))
            return
        if way < 0.4:
            self._named_first(note)
        else:
            note.say(self._filled(lot.choice(frames.SUBJECTS)), capital=True)
            for number in range(lot.choices((1, 2, 3), (55, 32, 13))[0]):
                if number:
                    note.say(
                        lot.choice((", " + lot.choice(self._stops), " but", ";", ", and", " and"))
                    )
                note.gap()
                self._drug_clause(note) if lot.random() < 0.35 else self._clause(note, key)
        note.say(lot.choice((".", ".", ".", ".", ";", "")))

    def _clause(self, note: _Note, key: str) -> None:
        lot = self._lot
        said = lot.choices(_ALL, _SHARES)[0]
        cue = lot.choice(frames.PRESENT if said is Assertion.PRESENT else self._before[said])
        if said is Assertion.FAMILY:
            cue += lot.choice((" with", " had", " has", " died of", ":", ""))
        elif key == "family_history" and said is Assertion.PRESENT:
            said = Assertion.FAMILY
        note.say(cue + " ", capital=True)
        self._conditions(note, said, lot.choices((1, 2, 3, 4), (5, 3, 2, 1))[0])
        self._tail(note)

    def _named_first(self, note: _Note) -> None:
        lot = self._lot
        said = lot.choice([*self._after, Assertion.PRESENT])
        self._conditions(note, said, lot.choice((1, 1, 2)))
        after = self._after.get(said, frames.PRESENT_AFTER)
        note.say(" " + lot.choice(after))

    def _drug_clause(self, note: _Note) -> None:
        lot = self._lot
        said = Assertion.PRESENT
        if lot.random() < 0.15:
            said = lot.choice((Assertion.NEGATED, Assertion.HYPOTHETICAL, Assertion.HISTORICAL))
        words = frames.TAKEN if said is Assertion.PRESENT else self._before[said]
        note.say(lot.choice(words) + " ", capital=True)
        for number in range(lot.choice((1, 1, 2))):
            note.say(" and " if number else "")
            self._drug(note, said, sig=lot.random() < 0.5)
        if lot.random() < 0.3:
            note.say(lot.choice((" for ", " to treat ", " because of ")))
            self._conditions(note, Assertion.PRESENT, 1)

    def _drug_list(self, note: _Note, *, sig: bool) -> None:
        lot = self._lot
        mark, end = lot.choice(
            (
                ("- ", "\n"),
                ("{i}. ", "\n"),
                ("", ", "),
                ("", "; "),
                ("* ", "\n"),
                ("", "\n"),
                ("{i}. ", " "),
            )
        )
        for number in range(lot.randint(1, 6)):
            note.say(end if number else "")
            note.say(mark.replace("{i}", str(number + 1)))
            self._drug(note, Assertion.PRESENT, sig=sig and lot.random() < 0.85)
            note.say("." if end == " " else "")

    def _problem_list(self, note: _Note, said: Assertion) -> None:
        lot = self._lot
        mark, end = lot.choice(
            (("- ", "\n"), ("{i}. ", "\n"), ("", ", "), ("{i}. ", " "), ("", ". "))
        )
        for number in range(lot.randint(1, 6)):
            note.say(end if number else "")
            note.say(mark.replace("{i}", str(number + 1)))
            self._conditions(note, said, 1)
            self._tail(note)
            note.say("." if end == " " else "")

    def _conditions(self, note: _Note, said: Assertion, count: int) -> None:
        lot = self._lot
        for number in range(count):
            note.say(lot.choice(_JOINTS) if number else "")
            if lot.random() < 0.12:
                note.say(lot.choice(frames.MODIFIERS) + " ", capital=True)
            pool = self._vocabulary.spoken if lot.random() < 0.55 else self._vocabulary.titles
            self._name(note, self._common(pool), "condition", said)

    def _drug(self, note: _Note, said: Assertion, *, sig: bool) -> None:
        lot = self._lot
        brand = lot.random() < 0.3
        pool = self._vocabulary.brands if brand else self._vocabulary.ingredients
        self._name(note, self._common(pool), "medication", said)
        if not sig:
            return
        if lot.random() < 0.85:
            amount = lot.choice(("5", "10", "20", "25", "40", "81", "500", "0.5", "2.5", "1,000"))
            note.say(f" {amount}{lot.choice((' ', ' ', ''))}{lot.choice(frames.UNITS)}")
        if lot.random() < 0.3:
            note.say(f" {lot.choice(frames.FORMS)}")
        if lot.random() < 0.5:
            note.say(f" {lot.choice(sorted(code for code, _, _ in ROUTES))}")
        if lot.random() < 0.75:
            note.say(f" {lot.choice(frames.TIMES)}")

    def _common(self, pool: tuple[str, ...]) -> str:
        """One of the pool, short ones more often: those are what notes say."""
        return min(self._lot.choices(pool, k=2), key=lambda name: name.count(" "))

    def _name(self, note: _Note, name: str, kind: Kind, said: Assertion) -> None:
        lot = self._lot
        if lot.random() < 0.08 and len(name) > 5:
            at = lot.randrange(1, len(name) - 2)
            swapped = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
            name = lot.choice((name[:at] + name[at + 1 :], swapped))
        if lot.random() < 0.12 and not name.isupper():
            name = lot.choice((name.upper(), name.title(), name.capitalize()))
        note.mention(name, kind, said)

    def _tail(self, note: _Note) -> None:
        if self._lot.random() < 0.3:
            note.say(" " + self._filled(self._lot.choice(frames.TAILS)))

    def _filled(self, frame: str) -> str:
        lot = self._lot
        return (
            frame.replace("{n}", str(lot.randint(10, 98)))
            .replace("{d}", str(lot.randint(1, 9)))
            .replace("{name}", lot.choice(frames.NAMES))
            .replace("{part}", lot.choice(frames.PARTS))
        )


class _Note:
    """A text in the making, and the mentions in it."""

    def __init__(self) -> None:
        self.length = 0
        self._pieces: list[str] = []
        self._gold: list[Gold] = []

    def say(self, piece: str, *, capital: bool = False) -> None:
        """Adds words; `capital` writes the first one large where a sentence starts."""
        if capital and piece and self._opens():
            piece = piece[0].upper() + piece[1:]
        self._pieces.append(piece)
        self.length += len(piece)

    def gap(self) -> None:
        """A space, where none is there yet."""
        last = self._last()
        if last and not last[-1].isspace():
            self.say(" ")

    def mention(self, name: str, kind: Kind, said: Assertion) -> None:
        """Adds a name that counts."""
        if self._opens() and name[0].islower():
            name = name[0].upper() + name[1:]
        self._gold.append(Gold(self.length, self.length + len(name), kind, said))
        self.say(name)

    def text(self) -> Text:
        """What has been said."""
        return Text("".join(self._pieces), tuple(self._gold))

    def _last(self) -> str:
        return next((piece for piece in reversed(self._pieces) if piece), "")

    def _opens(self) -> bool:
        before = "".join(self._pieces[-3:]).rstrip(" ")
        return not before or before[-1] in ".\n;"
