"""The code systems that can be loaded: one row each."""

from __future__ import annotations

from pathlib import Path

from terminology.source import Release, System
from terminology.systems import icd10cm, rxnorm, starter
from terminology.types import ICD10CM, RXNORM


def _rxnorm_files(folder: Path | None) -> tuple[Path, ...]:
    return rxnorm.files(folder) if folder is not None else (starter.TABLE,)


def _rxnorm(folder: Path | None) -> Release:
    return rxnorm.read(folder) if folder is not None else starter.read()


SYSTEMS = (
    System("icd10cm", ICD10CM, "ICD-10-CM", icd10cm.files, icd10cm.read),
    System("rxnorm", RXNORM, "RxNorm", _rxnorm_files, _rxnorm),
)
