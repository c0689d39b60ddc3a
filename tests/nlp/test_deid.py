"""Identifiers of every category are found by their context; clinical words and values are not."""

from __future__ import annotations

import json

import pytest

from nlp.deid import Category, Mode, deidentify, find
from nlp.predict import DEID
from tests.reference import reference

FOUND = [
    (Category.NAME, "Patient Name: Garcia-Lopez, Maria E.", "Garcia-Lopez, Maria E"),
    (Category.NAME, "Attending: Thanh Okafor, MD", "Thanh Okafor"),
    (Category.NAME, "Seen by Dr. Bone of neurology.", "Bone"),
    (Category.NAME, "Dear Dr. Kwiatkowski,", "Kwiatkowski"),
    (Category.NAME, "d/w Dr Yilmaz", "Yilmaz"),
    (Category.NAME, "referred by Prof. van der Berg", "van der Berg"),
    (Category.NAME, "His wife, Xochitl Vega-Diaz, called.", "Xochitl Vega-Diaz"),
    (Category.NAME, "with her daughter Siobhan.", "Siobhan"),
    (Category.NAME, "Mullins returns today.", "Mullins"),
    (Category.NAME, "Pt GRACE ROSSI ambulating", "GRACE ROSSI"),
    (Category.NAME, "Sincerely,\n\nJane Q. Doe\n", "Jane Q. Doe"),
    (Category.NAME, "NAME: KIM, MAR\u00cdA   MED REC NO: 5", "KIM, MAR\u00cdA"),
    (Category.NAME, "Assisted by Mary-Kate O'Leary, RN.", "Mary-Kate O'Leary"),
    (Category.NAME, "[doctor] hi elif how are you today", "elif"),
    (Category.NAME, "good doctor shelton i feel fine", "shelton"),
    (Category.LOCATION, "lives at 944 Jeffrey Corner Apt. 921", "944 Jeffrey Corner Apt. 921"),
    (Category.LOCATION, "PO Box 1122", "PO Box 1122"),
    (Category.LOCATION, "Home: Jonesstad, PR 12249", "Jonesstad, PR 12249"),
    (Category.LOCATION, "Zip code 90210", "90210"),
    (Category.LOCATION, "works in Cook County", "Cook County"),
    (Category.LOCATION, "She moved from Tulsa.", "Tulsa"),
    (Category.LOCATION, "Seen in East Samanthamouth on 1/2/2020", "East Samanthamouth"),
    (Category.LOCATION, "admitted to St. Mary Medical Center", "St. Mary Medical Center"),
    (Category.LOCATION, "RIVERSIDE FAMILY MEDICINE\nOffice visit", "RIVERSIDE FAMILY MEDICINE"),
    (Category.LOCATION, "Oak Hill Cardiology, PLLC\nNote", "Oak Hill Cardiology, PLLC"),
    (Category.LOCATION, "PRESENTS TO MERCY HOSPITAL.", "MERCY HOSPITAL"),
    (Category.LOCATION, "over at good samaritan hospital right", "good samaritan hospital"),
    (
        Category.LOCATION,
        "3 The Old Forge, Little Hadham SG11 2BX",
        "3 The Old Forge, Little Hadham SG11 2BX",
    ),
    (Category.LOCATION, "Galway H91 X2Y3", "Galway H91 X2Y3"),
    (Category.LOCATION, "at Klinikum Großhadern", "Klinikum Großhadern"),
    (Category.LOCATION, "booked at Queen Charlotte's.", "Queen Charlotte's"),
    (Category.LOCATION, "sent to the lab, Haifa on Monday", "Haifa"),
    (Category.LOCATION, "a job at the Ford Motor plant", "Ford Motor plant"),
    (Category.LOCATION, "Room 214-A", "214-A"),
    (Category.NAME, "Seen by Prof. d'Alessandro.", "d'Alessandro"),
    (Category.NAME, "Mrs. Okoro (née Benali)", "Benali"),
    (Category.NAME, 'Zachary "Zac" Moreau walked', 'Zachary "Zac" Moreau'),
    (Category.LOCATION, "seen at Cedar Falls Memorial.", "Cedar Falls Memorial"),
    (Category.LOCATION, "the pharmacy on Alameda Blvd.", "Alameda Blvd"),
    (Category.LOCATION, "tourist from Wuppertal, hotel", "Wuppertal"),
    (Category.NAME, "seen by A. Kowalczyk-Jones, NP", "A. Kowalczyk-Jones"),
    (Category.AGE, "IS A 91 Y/O FEMALE", "91"),
    (Category.AGE, "Mrs. Eudora Blankenship, 101, at home", "101"),
    (Category.AGE, "Pt is a widow 96F from here", "96"),
    (Category.NAME, "Seen by Dr. van Dyke of neurology.", "van Dyke"),
    (Category.LOCATION, "works in Coos Harbor now", "Coos Harbor"),
    (Category.LOCATION, "lives at 27 Sparrow Ct, Elkhorn.", "27 Sparrow Ct, Elkhorn"),
    (Category.LOCATION, "Clinic: Bayberry Women's Health.", "Bayberry Women's Health"),
    (Category.LOCATION, "seen at Borders General on", "Borders General"),
    (Category.PHONE, "Secretary: 01896 555 732.", "01896 555 732"),
    (Category.DATE, "Next 5/24.", "5/24"),
    (Category.NAME, "NAME: VAN DYKE, ELIF   MED REC NO: 5", "VAN DYKE, ELIF"),
    (Category.NAME, "[patient] good doctor van dyke i feel fine", "van dyke"),
    (Category.NAME, "[patient] my sister will drove me here", "will"),
    (Category.NAME, "Smith-Jones returns today.", "Smith-Jones"),
    (Category.NAME, "Anselm Crowder transferred from here.", "Anselm Crowder"),
    (Category.NAME, "Lab: PRZYBYLSKI, JADWIGA was seen here this morning", "PRZYBYLSKI, JADWIGA"),
    (Category.NAME, "Message taken by Corinne, MA.", "Corinne"),
    (Category.LOCATION, "at Riverstone Gastroenterology.", "Riverstone Gastroenterology"),
    (Category.LOCATION, "by EMS from the Starlight Motel.", "Starlight Motel"),
    (Category.LOCATION, "Admit to 3 North under", "3 North"),
    (Category.LOCATION, "Loc MICU-09 now", "MICU-09"),
    (Category.LOCATION, "Employer: Tidewater Cannery", "Tidewater Cannery"),
    (Category.LOCATION, "at Kowhai Rest Home, Rotorua.", "Kowhai Rest Home, Rotorua"),
    (Category.LOCATION, "The plant (Tulsa) closed.", "Tulsa"),
    (Category.ID, "ID 7729104.", "7729104"),
    (Category.LICENSE, "State license CA-A88213", "CA-A88213"),
    (Category.DATE, "excised in spring 2019", "spring 2019"),
    (Category.DATE, "catheter removed 7/19.", "7/19"),
    (Category.DATE, "on 3/15/15", "3/15/15"),
    (Category.DATE, "DOB: 2022-05-08", "2022-05-08"),
    (Category.DATE, "seen 09 Jan 2022", "09 Jan 2022"),
    (Category.DATE, "NOTE October 24th 0730", "October 24th"),
    (Category.DATE, "stopped it in March because", "March"),
    (Category.DATE, "since 12/07", "12/07"),
    (Category.DATE, "Born in 1925.", "1925"),
    (Category.AGE, "The patient is 94 years old.", "94"),
    (Category.AGE, "i turned 95 last week", "95"),
    (Category.AGE, "a ninety-two-year-old", "ninety-two"),
    (Category.AGE, "Ms Doe (102 yrs) came", "102"),
    (Category.PHONE, "at (330) 555-8286.", "(330) 555-8286"),
    (Category.PHONE, "call +1 460 555 1792", "+1 460 555 1792"),
    (Category.PHONE, "pager 8279-792", "8279-792"),
    (Category.FAX, "Fax: 617.555.0199", "617.555.0199"),
    (Category.EMAIL, "email j.doe+x@mail.example.org.", "j.doe+x@mail.example.org"),
    (Category.SSN, "SSN 576-26-4401", "576-26-4401"),
    (Category.MRN, "MED REC NO: 969-23230", "969-23230"),
    (Category.HEALTH_PLAN, "Member ID: XYZ123456789", "XYZ123456789"),
    (Category.HEALTH_PLAN, "policy XJH 882 019 334.", "XJH 882 019 334"),
    (Category.ID, "Sample GX-118-204-77 was sent", "GX-118-204-77"),
    (Category.LICENSE, "Consultant, GMC 7041882", "7041882"),
    (Category.SSN, "Veteran, last four 4417", "4417"),
    (Category.ACCOUNT, "acct# A80823001", "A80823001"),
    (Category.LICENSE, "DEA # AB1234563", "AB1234563"),
    (Category.VEHICLE, "License plate: ABC-1234", "ABC-1234"),
    (Category.DEVICE, "DEVICE SN: SNQR2734NR", "SNQR2734NR"),
    (Category.URL, "see https://portal.example.org/p/1401.", "https://portal.example.org/p/1401"),
    (Category.IP, "from 25.239.67.37", "25.239.67.37"),
    (Category.IP, "from fe80::1ff:fe23:4567:890a", "fe80::1ff:fe23:4567:890a"),
    (Category.BIOMETRIC, "Fingerprint ID: FP-99812", "FP-99812"),
    (Category.ID, "Accession #: S19-12345", "S19-12345"),
]
KEPT = """
BP 120/80, pulse 72, temp 98.6, SpO2 97% on room air; strength 5/5, pain 8/10, 3/6 murmur, 20/40 vision.
MRI L4-L5 shows stenosis; C5-C6 too. T2N0M0, Gleason 3+4, EF 55-60%, INR 2-3, HbA1c 7.4%, platelets 150-400.
Foley catheter, Jackson-Pratt drain, Kelly clamp, Wells score, Ranson criteria, Glasgow coma scale 15, Murphy sign.
Parkinson disease, Crohn's disease, Charcot joint, Hodgkin lymphoma, Graves disease, Colles fracture, Bell's palsy.
Continue metformin 500 mg b.i.d., Lantus 10-12 units, Percocet 10/325 mg, carbidopa/levodopa 25/100 mg, 1/2 tab.
Follow up in the Pain Clinic and the Emergency Department of the hospital; seen by Neurology and by Cardiology.
She had pneumonia in 2019; he is 89 years old with 95 pack-years, lives in Ohio, born in Mexico, CT of the chest.
Viral load 12500000 copies. SNOMED 44054006. Heart rate in the 100s. EC 2.4.2.30. She may march 3 times daily.
VITAMIN B12 5MG given; he smoked for 92 years; involved 3/12 nodes; scored 8/15; on St. John's wort; trial of FOLFOX6; works at home.
"""


@pytest.mark.parametrize(("category", "text", "quote"), FOUND)
def test_found(category: Category, text: str, quote: str) -> None:
    assert (category, quote) in [(p.category, text[p.start : p.end]) for p in find(text)]


@pytest.mark.parametrize("line", KEPT.strip().splitlines())
def test_clinical_words_are_kept(line: str) -> None:
    assert [line[p.start : p.end] for p in find(line)] == []


def test_every_category_has_a_case() -> None:
    assert {category for category, _, _ in FOUND} == set(Category)


def test_names_recur_without_context() -> None:
    text = "Mr. Perry Fox came. The wife of Fox waited; PERRY slept. A fox, and Foxglove."
    masked = deidentify(text).text
    assert (
        masked == "Mr. [NAME] came. The wife of [NAME] waited; [NAME] slept. A fox, and Foxglove."
    )


def test_a_name_that_is_an_eponym_stays_one_in_the_term() -> None:
    masked = deidentify("Dr. Foley placed a Foley catheter.").text
    assert masked == "Dr. [NAME] placed a Foley catheter."


def test_modes() -> None:
    text = "Mrs. Okafor, MRN 5512345, came on 3/4/2020."
    assert deidentify(text).text == "Mrs. [NAME], MRN [MRN], came on [DATE]."
    assert deidentify(text, Mode.REMOVE).text == "Mrs. , MRN , came on ."
    surrogate = deidentify(text, Mode.SURROGATE, "secret").text
    assert surrogate.startswith("Mrs. ")
    for old in ("Okafor", "5512345", "3/4/2020"):
        assert old not in surrogate


@pytest.mark.parametrize(("mode", "key"), [("hide", "k"), ("surrogate", "")])
def test_what_can_not_be_done(mode: str, key: str) -> None:
    with pytest.raises(ValueError, match=r"hide|key"):
        deidentify("text", mode, key)


def test_reference_notes_are_covered() -> None:
    path = reference("data/nlp/deid_synthetic.dev.jsonl")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    covered = wanted = right = claimed = 0
    for row in rows:
        found = find(row["text"])
        for gold in row["gold"]:
            wanted += 1
            covered += any(p.start <= gold["start"] and gold["end"] <= p.end for p in found)
        claimed += len(found)
        for p in found:
            label = DEID.get(p.category, "ID")
            right += any(
                p.start < g["end"] and g["start"] < p.end and g["label"] == label
                for g in row["gold"]
            )
    assert covered >= 0.95 * wanted
    assert right >= 0.90 * claimed
