"""What a product loses by its dose form where a text asks for another, or for none."""

from __future__ import annotations

from terminology.coding.drugs.forms import (
    AT_ONCE,
    CLASSES,
    FORMS,
    HOURS,
    IN_MOUTH,
    LASTS,
    ORAL,
    PERCENT,
    POURED,
    RELEASE,
    ROUTES,
    SAID,
    SHAPES,
    SPECIAL,
    WAYS,
)

CONTRADICTED = 0.3  # what a product loses whose form is another
_SLIP = 0.12
_UNSAID = 0.06
_LIQUID = FORMS["solution"]
_PILLS = FORMS["tablet"] | FORMS["capsule"]
# what is sprayed into the nose is called by any of these
_SPRAYED = FORMS["spray"] | FORMS["solution"] | FORMS["suspension"] | FORMS["powder"]
_SPRAYED |= FORMS["inhaler"]
# and what is dabbed on the skin by any of these
_DABBED = FORMS["solution"] | FORMS["suspension"] | FORMS["lotion"]
# what a drug loses by its shape where none is told: the commonest lose nothing
_COMMON = {
    FORMS["tablet"]: 0.0,
    FORMS["capsule"]: 0.008,
    FORMS["pen"]: 0.018,
    FORMS["cartridge"]: 0.022,
    FORMS["syringe"]: 0.014,
    FORMS["injection"]: 0.01,
    FORMS["solution"]: 0.012,
    FORMS["suspension"]: 0.016,
    FORMS["granules"]: 0.07,
}
# grains that pass the stomach are mostly sold in capsules: omeprazole, duloxetine
_COMMON_DELAYED = {FORMS["capsule"]: 0.0, FORMS["tablet"]: 0.008}
# what has its strength in percent is mostly for the skin
_COMMON_PERCENT = {
    FORMS["cream"]: 0.0,
    FORMS["ointment"]: 0.004,
    FORMS["gel"]: 0.006,
    FORMS["lotion"]: 0.008,
    FORMS["injection"]: 0.009,
    FORMS["solution"]: 0.01,
    FORMS["suspension"]: 0.012,
    FORMS["foam"]: 0.02,
    FORMS["shampoo"]: 0.025,
}
# and what is measured in millilitres, mostly for a vein
_COMMON_POURED = {
    FORMS["injection"]: 0.0,
    FORMS["lotion"]: 0.008,
    FORMS["shampoo"]: 0.01,
    FORMS["solution"]: 0.012,
    FORMS["suspension"]: 0.014,
}
# and what is for the eye or the ear, mostly drops
_COMMON_DROPS = {
    FORMS["solution"]: 0.0,
    FORMS["suspension"]: 0.004,
    FORMS["ointment"]: 0.01,
    FORMS["gel"]: 0.015,
}
_DROPPED = FORMS["ophthalmic"] | FORMS["otic"]
_OTHER_SHAPE = 0.045
_INNER = FORMS["rectal"] | FORMS["vaginal"]  # of a cream, meant only where it is said
_PENS = FORMS["pen"] | FORMS["autoinjector"]


def form_cost(asked: int, has: int, *, by_brand: bool = False) -> float:
    """What a product with these forms loses where a text asks for those; bits of FORMS.

    Where its brand is named, another form or route is rather a slip than another product.
    """
    if asked & LASTS:
        asked |= has & RELEASE
    cost = _told_cost(asked, has) + _untold_cost(asked, has)
    release = asked & RELEASE
    if (release and not has & release and has & ORAL) or (asked & AT_ONCE and has & RELEASE):
        cost += CONTRADICTED
    elif asked & LASTS and not has & RELEASE and has & ORAL:
        cost += _UNSAID  # what lasts for a day needn't be called so: tamsulosin
    routes, own = asked & WAYS, has & WAYS
    if has & IN_MOUTH:
        own |= FORMS["oral"]  # a film for the cheek is none for the rectum
    other_way = routes and own and not routes & own
    if other_way or (asked & SHAPES and has & SHAPES and not _shared_shape(asked, has)):
        injected = (asked ^ has) & FORMS["injection"]
        given = asked & has & _PILLS  # "4 tablets vaginally"
        cost += _SLIP if given or (by_brand and not injected) else CONTRADICTED
    return cost


def _told_cost(asked: int, has: int) -> float:
    """What it loses by the forms that the text tells and it hasn't."""
    missing, cost = asked & ~has & SAID, 0.0
    # "injectable solution" was the name of what is an injection now; drops may be a suspension
    liquid = asked & has & FORMS["injection"] or (
        (asked | has) & _DROPPED and has & FORMS["suspension"]
    )
    if missing & _LIQUID and liquid:
        missing &= ~_LIQUID
        cost = 0.01
    if asked & has & IN_MOUTH:
        missing &= ~FORMS["oral"]  # "SL tab, 1 po"
    if has & _PENS:
        missing &= ~_PENS
    cost += 0.05 * missing.bit_count() + 0.06 * (missing & SPECIAL).bit_count()
    return cost + 0.02 * (asked & HOURS & ~has).bit_count()


def _untold_cost(asked: int, has: int) -> float:
    """What it loses by the forms that it has and the text doesn't tell: the commonest nothing."""
    extra = has & ~asked & SAID
    cost = 0.01 * bool(extra & IN_MOUTH) + 0.004 * bool(extra & FORMS["otic"])
    cost += 0.008 * extra.bit_count() + 0.03 * (extra & SPECIAL).bit_count()
    if not asked & (ROUTES | POURED) and not has & ORAL:
        cost += 0.024 if has & _INNER else 0.02
    if not asked & SHAPES:
        common = _COMMON_DELAYED if has & FORMS["delayed"] else _COMMON
        common = _COMMON_PERCENT if asked & PERCENT else common
        common = _COMMON_POURED if asked & POURED else common
        common = _COMMON_DROPS if asked & _DROPPED else common
        cost += next((each for shape, each in common.items() if has & shape), _OTHER_SHAPE)
    return cost


def _shared_shape(asked: int, has: int) -> bool:
    for route, shapes in ((FORMS["nasal"], _SPRAYED), (FORMS["topical"], _DABBED)):
        if asked & has & route and asked & shapes and has & shapes:
            return True
    if asked & _LIQUID and has & FORMS["injection"] and not asked & WAYS:
        return True  # order systems call an injection a solution too
    return any(asked & shapes and has & shapes for shapes in CLASSES)
