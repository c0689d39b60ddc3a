"""Which dictionary hits are mentions: those cut short where a sentence or list ends, no others."""

from __future__ import annotations

import pytest

from nlp.pipeline import Pipeline


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("She has depression, anxiety, and insomnia.", ["F32.A", "F41.9", "G47.00"]),
        ("She has depression with anxiety.", ["F41.8"]),
        ("She has diabetes. No ulcers were seen.", ["E11.9"]),
        ("Major depressive disorder, recurrent, moderate.", ["F33.1"]),
        ("This was done to aid in positioning. A Band-Aid was applied.", []),
        ("The pre-injury films were seen.", []),
        ("He took the Memory Assessment Scale (MAS).", []),
        ("He likes sweets and fears harming others.", []),
        ("He has a heart condition.", []),
        ("He has arthritis-like joint pains.", ["M25.50"]),
        ("A strep culture is pending.", []),
        ("Acid reflux is stable.", ["K21.9"]),
        ("Your reflux is stable.", ["K21.9"]),
        ("Hepatojugular reflux was absent.", []),
        ("History of hypertension.", ["I10"]),
        ("History of pneumonia.", ["Z87.01"]),
        ("AKI on CKD.", ["N17.9", "N18.9"]),
        ("NPO past MN.", []),
        ("It is something viral right now.", ["B34.9"]),
        ("CC: CP x 3h", []),
        ("He has CP, uses a wheelchair.", ["G80.9"]),
        ("VA OD 20/40.", []),
        ("Found down after heroin OD.", ["T50.901A"]),
        ("GC/CT sent.", []),
        ("The pleural cavity was irrigated.", []),
        ("Gram positive cocci in clusters; she is expecting a call.", []),
        ("Works nights on a rota. STS x5, VVS stable.", []),
        ("A dental cavity on the right.", ["K02.9"]),
        ("Enhancement near the Sylvian fissure.", []),
        ("Painful fissure, posterior midline.", ["K60.2"]),
        ("Adhesions at the coronal sulcus were lysed.", []),
        ("Dense pelvic adhesions.", ["N73.6"]),
        ("MCL rupture of the left knee.", ["S83.412A"]),
        ("Left ventricular dysfunction.", ["I51.89"]),
        ("A laryngeal lesion was seen.", ["J38.7"]),
        ("Received MMR, DTaP and IPV today.", []),
        ("ASSESSMENT:\n1. Flu vaccine.", []),
        ("She was delivered by C/S.", []),
        ("She gets really stressed out.", []),
        ("Stage 3b chronic kidney disease (HCC)", ["N18.32"]),
        ("HCC s/p TACE.", ["C22.0"]),
        ("ED note. HS I+II+0, HS normal. Sputum grew Strep pneumoniae.", []),
        ("Flashes and floaters: PVD.", []),
        ("Acute non-recurrent maxillary sinusitis", ["J01.00"]),
        ("CA lung; adenoca of the colon; breast CA.", ["C34.90", "C18.9", "C50.919"]),
        ("K 4.1, Ca 9.2. Lung function is normal.", []),
        ("OE: abdomen soft. Urine PH 6. Left DIP joint tender. Quad strength 4/5.", []),
        ("The change in dose was noted. High blood counts. Long periods of sitting.", []),
        ("Any nasal discharge of his own.", []),
    ],
)
def test_mentions(pipeline: Pipeline, text: str, codes: list[str]) -> None:
    found = pipeline.extract(text).findings
    assert [f.codings[0].code for f in found if f.kind == "condition"] == codes


def test_a_status_of_drug_use_is_the_drug(pipeline: Pipeline) -> None:
    (drug,) = pipeline.extract("He is on Coumadin.").findings
    assert drug.ingredients == ("warfarin",)


@pytest.mark.parametrize(
    ("text", "drugs"),
    [
        ("TSH 2.1, vitamin D 18.", []),
        ("Vitamin D 2000 IU daily.", ["Vitamin D"]),
        ("Vitamin D 50,000 units once weekly.", ["Vitamin D"]),
        ("Vitamin B12 level 180.", []),
        ("Potassium held steady. Calcium stopped falling.", []),
        ("ASA class II, ASA 3, ASA PS 2.", []),
        ("Started beta agonist, beta-blocker stopped.", []),
        ("ASA 325 given, beta 0.05% cream.", ["ASA", "beta"]),
        ("MEDICATIONS:\nDeclined therapy", []),
    ],
)
def test_a_measured_level_is_no_drug(pipeline: Pipeline, text: str, drugs: list[str]) -> None:
    found = pipeline.extract(text).findings
    assert [f.span.quote for f in found if f.kind == "medication"] == drugs


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("DIET:  Diabetic, 2 gram sodium.", []),
        ("Discharge diet: renal, low potassium.", []),
        ("She is on a 2 g sodium diet, a diabetic diet.", []),
        ("Diet: gluten free for celiac disease.", ["celiac disease"]),
        ("DIET: Regular with iron supplement.", ["iron supplement"]),
        ("Diabetes, diet controlled.", ["Diabetes"]),
    ],
)
def test_what_is_eaten_is_no_finding(pipeline: Pipeline, text: str, quotes: list[str]) -> None:
    assert [f.span.quote for f in pipeline.extract(text).findings] == quotes


@pytest.mark.parametrize(
    ("item", "codes"),
    [
        ("Fluids", []),
        ("Oxygen", []),
        ("Nutrition", []),
        ("Electrolytes", []),
        ("Osteoporsis", ["M81.0"]),
        ("Hypertenson", ["I10"]),
    ],
)
def test_one_word_of_a_plan_is_no_part_of_a_name(
    pipeline: Pipeline, item: str, codes: list[str]
) -> None:
    found = pipeline.extract(f"ASSESSMENT AND PLAN:\n1. {item}.\n").findings
    assert [f.codings[0].code for f in found] == codes
