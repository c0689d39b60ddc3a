"""Drugs by their parts: what a text says of salt, release, form and strength is never contradicted."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.service import Terminology

NAMED = """
metoprolol succinate 50 mg = 24 HR metoprolol succinate 50 MG Extended Release Oral Tablet
metoprolol succ 25 mg daily = 24 HR metoprolol succinate 25 MG Extended Release Oral Tablet
metoprolol tartrate 50 mg = metoprolol tartrate 50 MG Oral Tablet
metoprolol ER 50 mg = 24 HR metoprolol succinate 50 MG Extended Release Oral Tablet
bupropion XL 150 mg = 24 HR bupropion hydrochloride 150 MG Extended Release Oral Tablet
bupropion SR 150 mg = 12 HR bupropion hydrochloride 150 MG Extended Release Oral Tablet
diltiazem CD 120 mg = 24 HR diltiazem hydrochloride 120 MG Extended Release Oral Capsule
hydroxyzine HCl 25 mg = hydroxyzine hydrochloride 25 MG Oral Tablet
hydroxyzine pamoate 25 mg = hydroxyzine pamoate 25 MG Oral Capsule
morphine ER 15 mg = morphine sulfate 15 MG Extended Release Oral Tablet
morphine IR 15 mg = morphine sulfate 15 MG Oral Tablet
potassium citrate 10 meq = potassium citrate 10 MEQ Extended Release Tablet
potassium chloride 10 meq = potassium chloride 10 MEQ Extended Release Tablet
ferrous gluconate 324 mg = ferrous gluconate 324 MG Oral Tablet
doxycycline hyclate 100 mg = doxycycline hyclate 100 MG Oral Tablet
doxycycline monohydrate 100 mg = doxycycline monohydrate 100 MG Oral Tablet
divalproex DR 500 mg = divalproex sodium 500 MG Delayed Release Oral Tablet
divalproex ER 500 mg = 24 HR divalproex sodium 500 MG Extended Release Oral Tablet
aspirin EC 81 mg = aspirin 81 MG Delayed Release Oral Tablet
triamcinolone 0.1% cream = triamcinolone acetonide 1 MG/ML Topical Cream
rosuvastatin 5 mg = rosuvastatin calcium 5 MG Oral Tablet
tirzepatide 5 mg = 0.5 ML tirzepatide 10 MG/ML Injection
cariprazine 3 mg capsule = cariprazine 3 MG Oral Capsule
vraylar 3 mg = cariprazine 3 MG Oral Capsule [Vraylar]
NPH insulin = insulin isophane, human
metoprolol succ er 50 mg po daily = 24 HR metoprolol succinate 50 MG Extended Release Oral Tablet
take 2 tabs of tylenol 500mg by mouth every 6 hours as needed = acetaminophen 500 MG Oral Tablet [Tylenol]
Zocor 20 qhs = simvastatin 20 MG Oral Tablet [Zocor]
HCTZ 25 = hydrochlorothiazide 25 MG Oral Tablet
captopril hctz 25-25 = captopril 25 MG / hydrochlorothiazide 25 MG Oral Tablet
ethosuximide 250 mg/5 ml q8h = ethosuximide 50 MG/ML Oral Solution
Spiriva 18 mcg inh powder take 2 puffs = tiotropium 0.018 MG/ACTUAT Inhalant Powder [Spiriva]
lantus 100 units/ml inject 20 units subq qhs = insulin glargine 100 UNT/ML Injectable Solution [Lantus]
naproxen 500 mg tablet take 1000 mg po bid = naproxen 500 MG Oral Tablet
clobetasol 0.05% = clobetasol propionate 0.5 MG/ML Topical Cream
albuterol 0.083% nebulize 1 vial q4h = albuterol 0.83 MG/ML Inhalant Solution
oxycontin 20 mg q12h = Abuse-Deterrent 12 HR oxycodone hydrochloride 20 MG Extended Release Oral Tablet [Oxycontin]
gabapentin 300 tid = gabapentin 300 MG Oral Capsule
amoxicillin 400 suspension = amoxicillin 80 MG/ML Oral Suspension
K+ chloride 10 meq er = potassium chloride 10 MEQ Extended Release Tablet
vitamin b12 1000 mcg daily = vitamin B 12 1 MG Oral Tablet
enoxaparin 40 mg/0.4 ml sq daily = 0.4 ML enoxaparin sodium 100 MG/ML Prefilled Syringe
10mg dulcolax suppository weekly = bisacodyl 10 MG Rectal Suppository [Dulcolax]
flomax 0.4 qhs = tamsulosin hydrochloride 0.4 MG Oral Capsule [Flomax]
fosamax 70 weekly = alendronic acid 70 MG Oral Tablet [Fosamax]
codeine 10 mg/5 ml-guaifenesin 100 mg/5 ml oral liquid = codeine phosphate 2 MG/ML / guaifenesin 20 MG/ML Oral Solution
levemir flextouch 100 unit/ml = 3 ML insulin detemir 100 UNT/ML Pen Injector [Levemir]
humira 40 mg/0.8 ml pen = 0.8 ML adalimumab 50 MG/ML Auto-Injector [Humira]
Escitalopram Oxalate 20 MG Tablet = escitalopram 20 MG Oral Tablet
ProAir HFA 108 (90 Base) MCG/ACT Inhalation Aerosol Solution = 200 ACTUAT Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler [ProAir HFA]
Baqsimi 3 mg/actuation nasal powder = glucagon 3 MG Nasal Powder [Baqsimi]
basiliximab 10 mg IV recon soln = basiliximab 10 MG Injection
dapagliflozin propaned-metformin 10-1,000 mg tablet, IR & ER, biphasic 24hr = 24 HR dapagliflozin 10 MG / metformin hydrochloride 1000 MG Extended Release Oral Tablet
Lidocaine Viscous HCl 2 % Mouth/Throat Solution = lidocaine hydrochloride 20 MG/ML Mucous Membrane Topical Solution
amlodipine besylate-benazepril hcl 5-20 mg = amlodipine 5 MG / benazepril hydrochloride 20 MG Oral Capsule
ketorolac 30 mg/ml soln = 2 ML ketorolac tromethamine 30 MG/ML Injection
lidocaine 1% = Lidocaine Hydrochloride 10 MG/ML Injectable Solution
lidocaine 4% = lidocaine 40 MG/ML Topical Cream
lidocaine-prilocaine 2.5-2.5% = lidocaine 25 MG/ML / prilocaine 25 MG/ML Topical Cream
EMLA 2.5% = lidocaine 25 MG/ML / prilocaine 25 MG/ML Topical Cream
clobetasol 0.05% foam aerosol = clobetasol propionate 0.5 MG/ML Topical Foam
lidocaine 10% aerosol spray = lidocaine 100 MG/ML Topical Spray
estradiol valerate 1 mg = estradiol valerate 1 MG Oral Tablet
estradiol 1 mg = estradiol 1 MG Oral Tablet
naproxen sodium 220 mg = naproxen sodium 220 MG Oral Tablet
Voltarol 50 mg = Diclofenac Sodium 50 MG Enteric Coated Tablet
Efavirenz-Emtricitab-Tenofo DF 600-200-300 MG Oral Tablet = efavirenz 600 MG / emtricitabine 200 MG / tenofovir disoproxil fumarate 300 MG Oral Tablet
lithium 300 mg tid = lithium carbonate 300 MG Oral Tablet
loteprednol 0.5% 1 gtt os qid = loteprednol etabonate 5 MG/ML Ophthalmic Suspension
prednisolone acetate 1% 1 gtt qid = prednisolone acetate 10 MG/ML Ophthalmic Suspension
misoprostol 200 mcg tablet; 4 tablets vaginally once = misoprostol 0.2 MG Oral Tablet
Kevzara 200 mg pen = 1.14 ML sarilumab 175 MG/ML Prefilled Syringe [Kevzara]
ofloxacin 0.3% 5 gtts AU bid = ofloxacin 3 MG/ML Otic Solution
ofloxacin 0.3% drops as needed = ofloxacin 3 MG/ML Ophthalmic Solution
kaopectate = Kaopectate Reformulated Aug 2006
heparin 5000 units/ml inj = heparin sodium, porcine 5000 UNT/ML Injectable Solution
sulfacetamide sodium 10% topical suspension = sulfacetamide sodium 100 MG/ML Topical Lotion
hydrocortisone 2.5% cream = hydrocortisone 25 MG/ML Topical Cream
bimatoprost external solution 0.03 % = bimatoprost 0.3 MG/ML Topical Solution
ondansetron 4 mg oral tablet dispersible = ondansetron 4 MG Disintegrating Tablet
candesartan-hydrochlorothiazide 16/12.5 mg tab = candesartan cilexetil 16 MG / hydrochlorothiazide 12.5 MG Oral Tablet
methylphenidate 5 mg take one tablet three times a day = methylphenidate hydrochloride 5 MG Oral Tablet
Yasmin 28 Day Pack 1 daily = Yasmin 28 Day Pack
ASA EC 81 mg po daily = aspirin 81 MG Delayed Release Oral Tablet
infliximab-dyyb 100 mg = infliximab-dyyb 100 MG Injection
infliximab-dyyb = infliximab
adalimumab-atto 40 mg pen = 0.8 ML adalimumab-atto 50 MG/ML Auto-Injector
bactrim ds 1 tab bid = Sulfamethoxazole 800 MG / Trimethoprim 160 MG Oral Tablet [Bactrim]
humalog mix 75/25 100 units/ml = insulin lispro 25 UNT/ML / insulin lispro protamine, human 75 UNT/ML Injectable Suspension [Humalog Mix]
yasmin 1 tab daily = Yasmin 28 Day Pack
potassium chloride 15 % injectable solution = potassium chloride 2 MEQ/ML Injectable Solution
potassium citrate ER 1080 mg = potassium citrate 10 MEQ Extended Release Tablet
levocetirizine 5mg = levocetirizine dihydrochloride 5 MG Oral Tablet
ketorolac 0.5% eye drops = ketorolac tromethamine 5 MG/ML Ophthalmic Solution
nystatin 100,000 unit/gram powder = nystatin 100 UNT/MG Topical Powder
Basaglar KwikPen U-100 20 units qhs = 3 ML insulin glargine 100 UNT/ML Pen Injector [Basaglar]
Saxenda 3 mg daily pen = 3 ML liraglutide 6 MG/ML Pen Injector [Saxenda]
risperidone M-tab 1 mg = risperidone 1 MG Disintegrating Oral Tablet
ecasa 81 = aspirin 81 MG Delayed Release Oral Tablet
Toprol XL = Toprol
PEN V POT 500 MG TAB = penicillin V potassium 500 MG Oral Tablet
DOCUSATE SOD 100MG CAP = docusate sodium 100 MG Oral Capsule
albuterol 2.5 mg/3 ml neb q4h = albuterol 0.83 MG/ML Inhalant Solution
acetaminophen 325mg 2 tabs = acetaminophen 325 MG Oral Tablet
dabigatran 75 mg bid = dabigatran etexilate 75 MG Oral Capsule
dulcolax suppository 10 mg = bisacodyl 10 MG Rectal Suppository [Dulcolax]
humalog kwikpen 100 units/ml 8 units tid ac = 3 ML insulin lispro 100 UNT/ML Pen Injector [Humalog]
vitamin d 50,000 unit capsule weekly = cholecalciferol 50000 UNT Oral Capsule
Tdap vaccine = Bordetella pertussis filamentous hemagglutinin vaccine, inactivated / Bordetella pertussis fimbriae 2/3 vaccine, inactivated / Bordetella pertussis pertactin vaccine, inactivated / Bordetella pertussis toxoid vaccine, inactivated / diphtheria toxoid vaccine, inactivated / tetanus toxoid vaccine, inactivated
Hyrimoz = adalimumab
Toprol daily = metoprolol
alprazolam 1 q6h prn = alprazolam
insulin regular = insulin, regular, human
finasteride 5 = finasteride 5 MG Oral Tablet
protonix 40 = pantoprazole 40 MG Enteric Coated Tablet [Protonix]
lisinopril 10 daily = lisinopril 10 MG Oral Tablet
infliximab-zzzz = infliximab
clonidine patch 0.1 mg = 168 HR clonidine 0.00417 MG/HR Transdermal System
rivastigmine 9.5 mg/24 h patch = 24 HR rivastigmine 0.396 MG/HR Transdermal System
co-amoxiclav 625 mg = amoxicillin 500 MG / clavulanate 125 MG Oral Tablet
letrozole 2.5mg OD = letrozole 2.5 MG Oral Tablet
Ozempic 0.5 mg weekly = 0.25 MG, 0.5 MG Dose 3 ML semaglutide 0.68 MG/ML Pen Injector [Ozempic]
levemir flextouch 15 u qhs = 3 ML insulin detemir 100 UNT/ML Pen Injector [Levemir]
norepinephrine 4 mg in NS = norepinephrine 1 MG/ML Injectable Solution
prednisolone acetate 1% eye drops = prednisolone acetate 10 MG/ML Ophthalmic Suspension
furosemide 40 mg tablet take 0.5 tablets (20 mg total) = furosemide 40 MG Oral Tablet
tamsulosin 0.4 mg 24 hr capsule = tamsulosin hydrochloride 0.4 MG Oral Capsule
metformin MR 500 mg BD = 24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet
diclofenac 50mg e/c TDS = diclofenac sodium 50 MG Enteric Coated Tablet
Spiriva HandiHaler 18 mcg cap daily = tiotropium 0.018 MG/ACTUAT Inhalant Powder [Spiriva]
fentanyl 75 mcg patch = 72 HR fentanyl 0.075 MG/HR Transdermal System
flucloxacillin 500 mg QDS = floxacillin
ns @ 100 cc/hr = sodium chloride 0.154 MEQ/ML Injectable Solution
ns 1000 ml = sodium chloride 0.154 MEQ/ML Injectable Solution
penicillin = penicillin
vicodin = vicodin
oxycodone 5/325 = acetaminophen 325 MG / oxycodone hydrochloride 5 MG Oral Tablet
oxycodone-acetaminophen 5/325 = acetaminophen 325 MG / oxycodone hydrochloride 5 MG Oral Tablet
acetaminophen-codeine 30/300 = acetaminophen 300 MG / codeine phosphate 30 MG Oral Tablet
hydrocodone 10-325 1 tab q6h = acetaminophen 325 MG / hydrocodone bitartrate 10 MG Oral Tablet
lisinopril 20/12.5 = hydrochlorothiazide 12.5 MG / lisinopril 20 MG Oral Tablet
codeine 30/500 = codeine
co-codamol 30/500 mg = acetaminophen / codeine
warfarin 5/2.5 mg = warfarin
amlodipine 5/20 = amlodipine
lorazepam 4 mg = lorazepam
morphine 15 mg = morphine sulfate 15 MG Oral Tablet
morphine 10 mg IV = 10 ML morphine sulfate 1 MG/ML Injection
co-amoxiclav 625 mg = amoxicillin 500 MG / clavulanate 125 MG Oral Tablet
human insulin 70/30 = insulin isophane, human 70 UNT/ML / insulin, regular, human 30 UNT/ML Injectable Suspension
insulin 70/30 100 units/ml = insulin isophane, human 70 UNT/ML / insulin, regular, human 30 UNT/ML Injectable Suspension
lidocaine 1% 5 ml = lidocaine hydrochloride 10 MG/ML Injectable Solution
ketoconazole 2% 120 ml = ketoconazole 20 MG/ML Medicated Shampoo
5% dextrose 500 ml over 6 hours = glucose 50 MG/ML Injectable Solution
Hartmann's 1 L over 8 h = lactated ringer's solution
Ringer's lactate 500 ml iv = lactated ringer's solution
compound sodium lactate 1000 ml = lactated ringer's solution
Maxalt-MLT 10 mg = rizatriptan 10 MG Disintegrating Tablet [Maxalt]
"""
PAIRS = [tuple(line.split(" = ")) for line in NAMED.strip().splitlines()]


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


@pytest.mark.parametrize(("text", "name"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_what_the_text_says_is_kept(terminology: Terminology, text: str, name: str) -> None:
    assert terminology.match(text, "rxnorm", 1)[0].display.lower() == name.lower()


@pytest.mark.parametrize(
    "text",
    [
        "metformin",
        "metformin tablet",
        "lisinopril oral tablet",
        "furosemide injection",
        "lovastatin 7 mg",
        "simvastatin 33 mg tablet",
        "clonidine patch 7 mg",
        "lisinopril 15 mg",
        "lantus 20 units",
    ],
)
def test_no_strength_or_form_that_the_text_does_not_say(
    terminology: Terminology, text: str
) -> None:
    assert not any(map(str.isdigit, terminology.match(text, "rxnorm", 1)[0].display))


def test_a_combination_is_not_one_of_its_parts(terminology: Terminology) -> None:
    display = terminology.match("adderall xr 20 mg", "rxnorm", 1)[0].display
    assert "dextroamphetamine saccharate 5 MG" in display
    assert "Extended Release" in display


@pytest.mark.parametrize("name", ["tirzepatide", "lemborexant", "vraylar", "pembrolizumab"])
def test_a_name_that_only_products_have_is_found_and_left_open(
    terminology: Terminology, name: str
) -> None:
    found = terminology.match(name, "rxnorm", 5)
    assert name in found[0].display.lower()
    assert found[0].score <= 0.7
    (hit,) = terminology.hits(f"started on {name} today")
    assert [term.code for term in hit.terms] == [""]


def test_as_many_as_asked_for_begin_alike(terminology: Terminology) -> None:
    for text in ("metoprolol 50 mg", "insulin", "ASA", "amoxicillin clavulanate"):
        assert terminology.match(text, "rxnorm", 10)[:1] == terminology.match(text, "rxnorm", 1)


def test_a_brief_name_among_other_words_is_doubted(terminology: Terminology) -> None:
    assert terminology.match("ca larynx", "rxnorm", 1)[0].score < 0.7
    assert terminology.match("asa daily", "rxnorm", 1)[0].score > 0.9


@pytest.mark.parametrize("text", ["water pill", "cholesterol pill", "sugar pill", "fluid pill"])
def test_what_patients_call_a_class_names_no_drug(terminology: Terminology, text: str) -> None:
    assert not terminology.match(text, "rxnorm", 5)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("LIPITOR PO", "atorvastatin"),
        ("Lipitor tablet daily", "atorvastatin"),
        ("Lipitor", "lipitor"),
        ("Lipitor 20 mg PO", "atorvastatin 20 MG Oral Tablet [Lipitor]"),
        ("rosuvastatin 20 mg PO CPSP", "rosuvastatin 20 MG Oral Capsule"),
    ],
)
def test_an_order_without_a_strength_is_for_the_ingredient(
    terminology: Terminology, text: str, name: str
) -> None:
    assert terminology.match(text, "rxnorm", 1)[0].display.lower() == name.lower()


def test_a_note_is_no_order(terminology: Terminology) -> None:
    order = "metformin 500 mg daily "
    assert terminology.match(order, "rxnorm", 1)
    assert not terminology.match(order * 50, "rxnorm", 1)
    assert not terminology.match("12-" * 4000, "rxnorm", 1)  # a minute, were it read whole
