"""Regexes of values that are certainly right, as the schemas use them.

Narrower than R4's own: what they decline (years before 1000, the 29th of February, second 60, white
space in base64 …) is for `primitives` to judge.
"""

from __future__ import annotations

from capability.definitions import RESOURCE_TYPES

ID = r"[A-Za-z0-9\-.]{1,64}"
YEAR = r"[12][0-9]{3}"
MONTH = r"(?:0[1-9]|1[0-2])"
DAY = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
ZONE = r"(?:Z|[+\-](?:0[0-9]|1[0-3]):[0-5][0-9])"
B64 = "[A-Za-z0-9+/]"
PLAIN = r"[^\x00-\x08\x0b\x0c\x0e-\x1f]*"
CODE = r"[!-~]+(?: [!-~]+)*"
PATTERNS = {
    "base64Binary": f"(?:{B64}{{4}})*(?:{B64}{{4}}|{B64}{{3}}=|{B64}{{2}}==)",
    "canonical": r"\S*",
    "code": CODE,
    "date": f"{YEAR}(?:-(?:{MONTH}|{DAY}))?",
    "dateTime": f"{YEAR}(?:-(?:{MONTH}|{DAY}(?:T{TIME}{ZONE})?))?",
    "id": ID,
    "instant": f"{YEAR}-{DAY}T{TIME}{ZONE}",
    "markdown": r"[^\x00-\x20\s]" + PLAIN,
    "oid": r"urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+",
    "string": r"[^\x00-\x20\s]" + PLAIN,
    "time": TIME,
    "uri": r"\S*",
    "url": r"\S*",
    "uuid": "urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
}


def anchored(pattern: str) -> str:
    """Anchored; alternatives in a group (the validator knows `^\\S*$` by heart)."""
    return f"^(?:{pattern})$" if "|" in pattern else f"^{pattern}$"


def reference(targets: tuple[str, ...], conditional: bool) -> str:
    """References whose syntax tells that they are fine; of URLs, those that end in Type/id."""
    names = "|".join(targets or RESOURCE_TYPES)
    search = rf"|(?:{names})\?[!-~]+" if conditional else ""
    rest = rf"(?:https?://[!-~]+/)?(?:{names})/{ID}(?:/_history/{ID})?"
    return rf"^(?:{rest}|urn:(?:uuid|oid):[!-~]+{search})$"
