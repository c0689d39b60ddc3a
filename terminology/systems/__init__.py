"""The code systems that can be loaded: one row each."""

from __future__ import annotations

from pathlib import Path

from terminology import rrf
from terminology.source import Format, Release, System
from terminology.systems import (
    atc,
    claml,
    delimited,
    fhir,
    icd10cm,
    listing,
    loinc,
    rxnorm,
    snomed,
    starter,
)
from terminology.types import ICD10CM, RXNORM


def _rxnorm_files(folder: Path | None) -> tuple[Path, ...]:
    if folder is None:
        return (starter.TABLE,)
    table = listing.find(folder)
    return rrf.files(folder) if table is None else (table,)


def _rxnorm(folder: Path | None) -> Release:
    if folder is None:
        return starter.read()
    table = listing.find(folder)
    return rxnorm.read(folder) if table is None else listing.read(table)


SYSTEMS = (
    System("icd10cm", ICD10CM, "ICD-10-CM", icd10cm.files, icd10cm.read),
    System("rxnorm", RXNORM, "RxNorm", _rxnorm_files, _rxnorm),
)

# what `medparser terminology load` reads: name, title, its official files, how it is read
FORMATS = (
    Format("icd10cm", "ICD-10-CM", "tabular XML, order file, index XML", icd10cm.load),
    Format("rxnorm", "RxNorm", "RXNCONSO.RRF, RXNREL.RRF, RXNSAT.RRF", rxnorm.load),
    Format("snomed", "SNOMED CT", "RF2 snapshot", snomed.load),
    Format("loinc", "LOINC", "Loinc.csv", loinc.load),
    Format("icd10", "ICD-10 (WHO)", "ClaML XML", claml.load),
    Format("atc", "ATC", "ATC index, CSV", atc.load),
    Format("csv", "any table", "CSV or TSV", delimited.load),
    Format("fhir", "FHIR CodeSystem", "JSON or NDJSON", fhir.load),
)
