"""What clinical sentences are made of beside names and cues; slots in braces are filled by lot."""

from __future__ import annotations

from nlp.cues import CUES, Category
from nlp.types import Assertion

_OF: dict[Category, Assertion] = {
    "negated": Assertion.NEGATED,
    "possible": Assertion.POSSIBLE,
    "hypothetical": Assertion.HYPOTHETICAL,
    "conditional": Assertion.HYPOTHETICAL,
    "history": Assertion.HISTORICAL,
    "past": Assertion.HISTORICAL,
    "family": Assertion.FAMILY,
}


def cues(side: str) -> dict[Assertion, tuple[str, ...]]:
    """The phrases of the assertion table that stand on a side of a mention, as they are written."""
    out: dict[Assertion, tuple[str, ...]] = {}
    for kind, phrases in CUES.items():
        if kind.side == side and kind.category in _OF:
            plain = tuple(
                p.replace(" - ", "-").replace(" / ", "/") for p in phrases if "<" not in p
            )
            said = _OF[kind.category]
            out[said] = out.get(said, ()) + plain
    return out


def stops() -> tuple[str, ...]:
    """Words that end the scope of cues and open another clause."""
    ending = (phrases for kind, phrases in CUES.items() if kind.category == "stop")
    return tuple(p for phrases in ending for p in phrases if "<" not in p)


def _phrases(table: str) -> tuple[str, ...]:
    return tuple(" ".join(phrase.split()) for phrase in table.split(";"))


PRESENT = _phrases(
    """
    has; with; reports; complains of; presents with; c/o; endorses; notes; diagnosed with;
    known; ongoing; worsening; shows; reveals; remarkable for; significant for; positive for;
    consistent with; due to; secondary to; suffers from; developed; found to have;
    experiencing; admitted for; treated for; managed for; continues to have; demonstrates;
    admits to; because of; here for; follow up of
    """
)
PRESENT_AFTER = _phrases(
    """
    is stable; persists; is worse; is well controlled; was noted; on exam; is improving; noted
    """
)
TAKEN = _phrases(
    """
    taking; on; continue; continues; started; start; resume; takes; prescribed; given;
    received; maintained on; currently on; refill; increase; add; initiated; treated with;
    will start; remains on; stop; stopped; discontinued; held; hold; previously on; failed;
    consider; allergic to; allergy to; intolerant to; not taking; switched from; switch to;
    decrease; loaded with; in addition to; refuses; tolerating
    """
)
SUBJECTS = _phrases(
    """
    Patient; Pt; He; She; The patient; Mr. {name}; Ms. {name}; {n} yo M; This is a
    {n}-year-old woman who; {n}F; Child; Today she; Currently he; Also; ; Mother states he;
    Dr. {name} feels she; On arrival she; Per chart,; I think he
    """
)
TAILS = _phrases(
    """
    in the past week; since last visit; for {n} days; over the last {n} months; at night; on
    exertion; after eating; today; on exam; on imaging; at baseline; x {n} weeks; in the ED;
    of the left leg; which is improving; per cardiology; by CT; at this time; on MRI of the
    {part}; stage {d}; grade {d}; as tolerated; until follow up; at home; with good control;
    on the right {part}; seen by Dr. {name}; measuring {n} mm
    """
)
FILLERS = _phrases(
    """
    Vitals stable.; BP 1{n}/{n}, HR {n}, RR {n}, T 98.{d}.; Lives alone in an apartment.; Will
    follow up in {n} weeks.; The plan was reviewed with the family.; Uses a walker.; Labs
    notable for WBC {n}, Hgb {d}.{d}, platelets {n}0.; INR 2.{d}.; Echo with EF {n}%.; Weight
    {n} kg, up {d} kg.; Heart regular rate and rhythm, no murmurs, rubs or gallops.; Lungs
    clear to auscultation bilaterally.; Abdomen soft and nontender, bowel sounds present.;
    {part} exam is normal.; She works as a teacher and walks {d} miles a day.; Alert and
    oriented x3.; The {part} was prepped and draped in a sterile fashion.; Sutures were placed
    without incident.; CT of the {part} was obtained.; He underwent surgery of the {part} in
    20{n}.; Drinks socially.; Consent was obtained after risks and benefits were discussed.;
    Creatinine {d}.{d}, potassium {d}.{d}, sodium 1{n}.; Patient was transferred to the floor
    in stable condition.; Pupils equal, round and reactive to light.; No tobacco, alcohol or
    drug use.; Iron {n}, ferritin {n}, vitamin B12 {n}0, glucose {n}, calcium {d}.{d}.; Return
    to clinic in {d} months.; Extraocular movements intact.; Cranial nerves II through XII
    intact.; Family at bedside.; Strength 5/5 in all extremities, sensation intact.; Please
    call the office with any questions.; Gait is normal.; Oxygen saturation {n}% on room air.
    """
)
PARTS = _phrases(
    """
    chest; abdomen; left knee; right hip; neck; brain; head; spine; right shoulder; skin;
    foot; heart
    """
)
MODIFIERS = _phrases(
    """
    chronic; acute; mild; severe; new; worsening; recurrent; bilateral; left; right;
    significant; persistent; stable; any; some
    """
)
NAMES = _phrases(
    """
    Adams; Baker; Chen; Diaz; Evans; Garcia; Hill; Khan; Lopez; Miller; Nguyen; Patel; Reed;
    Smith; Wood; Young
    """
)
UNITS = _phrases(
    """
    mg; mg; mg; mcg; units; g; mL; mg/mL; %; mEq
    """
)
FORMS = _phrases(
    """
    tablet; tab; capsule; tabs; patch; inhaler; solution; cream; injection; puffs; drops
    """
)
TIMES = _phrases(
    """
    daily; BID; TID; QID; qhs; once daily; twice a day; q6h; every 8 hours; q.d.; b.i.d.; at
    bedtime; weekly; prn; as needed; every morning; q4h prn
    """
)
