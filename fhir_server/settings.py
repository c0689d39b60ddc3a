"""Every setting, in one table; only this file and kernels/native.py read the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from nlp.engines import ENGINES


def _data_home() -> Path:
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "medparser"


@dataclass(frozen=True, slots=True)
class Settings:
    """The server's settings; each is the environment variable MEDPARSER_<NAME>."""

    host: str = "127.0.0.1"
    port: int = 8080
    mllp_port: int = 2575  # 0 picks a free port, -1 turns MLLP off
    data: Path = Path()  # indexes and the default database
    database: str = ""  # sqlite:///PATH
    base_url: str = ""  # as clients see it; default http://host:port/fhir
    engine: str = "rules"  # of $extract where the request names none
    model: str = ""  # folder of an mlx-lm model, for the engine "llm"
    rxnorm: str = ""  # folder of an RxNorm release (rrf); default: the starter that ships
    icd10cm: str = ""  # folder of an ICD-10-CM release; default: the one that ships
    max_body: int = 64 << 20  # bytes of one request or one v2 message
    max_note: int = 16 << 20  # bytes of one document to extract from
    min_score: float = 0.0  # findings below it are left out
    referential_integrity: bool = False  # what is referred to must be there
    reference_types: bool = True  # a reference names one of its element's target types
    delete_multiple: bool = False  # a conditional delete may end several resources
    match_workers: int = -1  # processes that match text to codes
    handling: str = "lenient"  # of unknown search parameters, where a request doesn't say
    cors_origins: str = ""  # comma-separated, * for all


DEFAULTS = Settings()
# what a value may be: one of some words, or a number from the first to the last
CHOICES: dict[str, tuple[str, ...]] = {
    "engine": tuple(ENGINES),
    "handling": ("strict", "lenient"),
}
RANGES: dict[str, tuple[float, float]] = {
    "port": (0, 65535),
    "mllp_port": (-1, 65535),
    "max_body": (1, 1 << 40),
    "max_note": (1, 1 << 40),
    "min_score": (0, 1),
    "match_workers": (-1, 1024),
}
SWITCHES = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}

DOC = {
    "host": "address to listen on; only loopback is served without authentication",
    "port": "HTTP port; 0 picks a free one",
    "mllp_port": "MLLP port; 0 picks a free one, -1 turns MLLP off",
    "data": "folder of the terminology index and the default database",
    "database": "sqlite:///PATH of the store",
    "base_url": "base of the URLs in replies, where a proxy stands in front",
    "engine": "extraction engine where a request names none",
    "model": "folder with an mlx-lm model for the engine `llm`",
    "rxnorm": "folder of an official RxNorm release (RXNCONSO.RRF …)",
    "icd10cm": "folder of an official ICD-10-CM release (tabular XML and order file)",
    "max_body": "largest request or v2 message, bytes",
    "max_note": "largest document for extraction, bytes",
    "min_score": "findings that score lower are left out (0..1)",
    "referential_integrity": "whether local references must lead to a resource that is stored",
    "reference_types": "whether a reference must be to one of the types that its element allows",
    "delete_multiple": "whether a conditional delete may end several resources at once",
    "match_workers": "processes for $match; -1: one a core, up to four, none where there is one",
    "handling": "`strict` refuses unknown search parameters, `lenient` ignores and names them",
    "cors_origins": "origins of web pages that may use the server, comma-separated; `*` for all",
}


def load(environ: Mapping[str, str] = os.environ, **overrides: object) -> Settings:
    """Settings from the environment; overrides that are not None win.

    Raises ValueError that names the variable where a value can't be read or followed.
    """
    values: dict[str, object] = {"data": _data_home()}
    for field in fields(Settings):
        raw = environ.get(f"MEDPARSER_{field.name.upper()}")
        if raw is not None:
            values[field.name] = raw
    values |= {name: value for name, value in overrides.items() if value is not None}
    for field in fields(Settings):
        if field.name in values:
            values[field.name] = _allowed(field.name, _typed(field.name, values[field.name]))
    if not values.get("database"):
        values["database"] = f"sqlite:///{values['data']}/medparser.sqlite"
    return Settings(**values)  # type: ignore[arg-type]


def _allowed(name: str, value: object) -> object:
    """The value, if it is one of the setting's choices and in its range."""
    variable = f"MEDPARSER_{name.upper()}"
    if name in CHOICES and value not in CHOICES[name]:
        raise ValueError(f"{variable}: {value!r} is not one of {', '.join(CHOICES[name])}")
    if name in RANGES and isinstance(value, int | float):
        low, high = RANGES[name]
        if not low <= value <= high:
            raise ValueError(f"{variable}: {value} is not from {low} to {high}")
    return value


def _typed(name: str, raw: object) -> object:
    kind = type(getattr(DEFAULTS, name))
    if issubclass(kind, Path):
        return Path(str(raw)).expanduser().absolute()
    if kind is bool and isinstance(raw, str):
        if raw.lower() not in SWITCHES:
            raise ValueError(
                f"MEDPARSER_{name.upper()}: {raw!r} is not one of {', '.join(SWITCHES)}"
            )
        return SWITCHES[raw.lower()]
    try:
        return kind(raw)
    except ValueError:
        raise ValueError(f"MEDPARSER_{name.upper()}: {raw!r} is not {kind.__name__}") from None
