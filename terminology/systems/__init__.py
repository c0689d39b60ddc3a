"""The code systems that can be loaded: one row each."""

from __future__ import annotations

from terminology.loading.source import Format, System
from terminology.systems import atc, claml, delimited, fhir, icd10cm, loinc, rxnorm, snomed
from terminology.types import ICD10CM, RXNORM

SYSTEMS = (
    System("icd10cm", ICD10CM, "ICD-10-CM", icd10cm.files, icd10cm.read),
    System("rxnorm", RXNORM, "RxNorm", rxnorm.files, rxnorm.read),
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
