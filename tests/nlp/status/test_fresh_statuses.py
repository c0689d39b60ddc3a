"""What notes written fresh say of drugs in ways that were misread, each class with its opposite."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from nlp.pipeline import Pipeline
from nlp.status import cues
from tests.nlp.test_fresh_notes import found


@pytest.mark.parametrize(
    ("text", "drug", "status"),
    [
        # What is stopped and what is taken for it; a switch, and its end in the same chain.
        ("Lisinopril -> cough x 3 wks, losartan 50 mg instead.", "lisinopril", "intolerance"),
        ("Lisinopril -> cough x 3 wks, losartan 50 mg instead.", "losartan", "new"),
        ("Vancomycin/Zosyn stopped, narrowed to cefazolin.", "cefazolin", "new"),
        ("Vanc narrowed to ceftriaxone, then discharged on cefpodoxime.", "ceftriaxone", "stopped"),
        ("Migraines are quiet on propranolol, none in six weeks.", "propranolol", "active"),
        ("Hold warfarin tonight, then resume 5 mg daily.", "warfarin", "active"),
        ("Hold warfarin, then resume if the bleeding stops.", "warfarin", "held"),
        ("I would be grateful if you could add bisoprolol 2.5 mg.", "bisoprolol", "new"),
        ("Zoledronic acid to be arranged by the fracture liaison.", "zoledronic acid", "planned"),
        ("Lamictal had been proposed, but we opted against it.", "lamictal", "planned"),
        ("Ramipril swapped to sacubitril 24 mg BD.", "ramipril", "stopped"),
        ("Aspirin 300 mg for two weeks -> now edoxaban 60 mg OD.", "aspirin", "stopped"),
        ("Lovenox bridge -> warfarin 5 mg.", "lovenox", "active"),
        ("Told to quit taking the Motrin.", "motrin", "stopped"),
        ("Hold losartan for SBP 98.", "losartan", "held"),
        ("Losartan 50 mg daily, hold for SBP < 100.", "losartan", "active"),
        ("Oxybutynin 5 mg bid - pt states dr took her off it.", "oxybutynin", "stopped"),
        ("Ampyra d/c per neuro.", "ampyra", "stopped"),
        ("Took Concerta until last summer, now Intuniv 2 mg.", "concerta", "stopped"),
        ("Bevacizumab lost its effect.", "bevacizumab", "stopped"),
        ("Ceftriaxone d4/7 (initially Zosyn).", "zosyn", "stopped"),
        ("Home metformin will not be resumed.", "metformin", "stopped"),
        ("Offered hydroxyzine 25 mg prn, patient accepts.", "hydroxyzine", "new"),
        ("Was not taking Colace. Told to take Colace bid.", "colace", "new"),
        ("Cardizem CD 240 mg daily ........ HELD HR 52", "cardizem", "held"),
        ("MEDS\nAmlodipine 5 mg | no | START |\nIbuprofen | yes | STOP |", "amlodipine", "new"),
        ("MEDS\nAmlodipine 5 mg | no | START |\nIbuprofen | yes | STOP |", "ibuprofen", "stopped"),
        ("Vanc/Zosyn held.", "vanc", "held"),
        ("Simvastatin to atorvastatin 80 mg.", "simvastatin", "stopped"),
        ("Added metoprolol to amlodipine.", "metoprolol", "new"),
        ("She used selenium tablets for six months.", "selenium", "stopped"),
        ("She has used Flonase for six months.", "flonase", "active"),
        ("Haloperidol 0.5 mg / prn / Stop - sedated", "haloperidol", "stopped"),
        ("Doxycycline must not be combined with this.", "doxycycline", "not-taking"),
        ("Metoprolol must not be missed.", "metoprolol", "active"),
        ("Uses clonazepam, which I have asked her to discard.", "clonazepam", "stopped"),
        ("Valsartan and bendroflumethiazide have gone.", "valsartan", "stopped"),
        ("Amlodipine 10: ankle swelling, swapped for lercanidipine.", "amlodipine", "stopped"),
        ("Start iron tablets next month.", "iron", "planned"),
        ("He self-stopped Lexapro; psychiatry restarted it at 5 mg.", "lexapro", "active"),
        ("He stopped Plavix and will restart it tomorrow.", "plavix", "stopped"),
        ("Entresto, which he could not afford.", "entresto", "not-taking"),
        ("Celebrex upset her stomach.", "celebrex", "intolerance"),
        (
            "Doctor: Good.\nPatient: Yes.\nDoctor: You look fine on the losartan.\nPatient: Yeah. The "
            "indapamide you stopped.",
            "losartan",
            "active",
        ),
        ("Benlysta 200 mg - awaiting approval", "benlysta", "planned"),
        ("I'd rather not refill the Norco.", "norco", "not-taking"),
        ("Oxybutynin (stop), donepezil (no change).", "oxybutynin", "stopped"),
        ("Meloxicam → stop, donepezil (no change).", "donepezil", "active"),
        ("He takes Zantac but mom stopped it last week.", "zantac", "stopped"),
        (
            "Takes baclofen, and tizanidine, which made her drowsy, was dropped.",
            "baclofen",
            "active",
        ),
        ("Metformin held for contrast -> resumed.", "metformin", "active"),
        ("Vancomycin and cefepime initially; now amoxicillin.", "vancomycin", "stopped"),
        ("Eplerenone would be an alternative.", "eplerenone", "planned"),
        ("Midodrine proved unnecessary.", "midodrine", "not-taking"),
        ("Her pressure dropped on metoprolol 25 mg.", "metoprolol", "active"),
        ("Drop metoprolol to 25 mg daily.", "metoprolol", "changed"),
        ("Home w/ parents: Tylenol 650 mg q6h.", "tylenol", "active"),
        ("PLAN: If not better, we will change to Augmentin.", "augmentin", "planned"),
        ("PLAN: Should she develop osteoporosis, we would begin Prolia.", "prolia", "planned"),
        ("PLAN: Start Augmentin. Call if not better.", "augmentin", "new"),
        ("PLAN: Resume nadolol after endoscopy if varices are confirmed.", "nadolol", "planned"),
        ("PLAN: Hold Humira for any infection.", "humira", "active"),
        ("PLAN: Consider stopping the Lupron next year.", "lupron", "active"),
        ("Meds: albuterol prn, stopped sertraline in May.", "albuterol", "active"),
        # An item of a list says its status behind its sig.
        (
            "HOME MEDS\n1. warfarin 5 mg -- LAST DOSE SUN, HOLDING\n2. Zocor 20 mg",
            "warfarin",
            "held",
        ),
        (
            "HOME MEDS\n1. warfarin 5 mg -- LAST DOSE SUN, HOLDING\n2. Zocor 20 mg",
            "zocor",
            "active",
        ),
        (
            "HOME MEDS\n4. allopurinol 300 mg -- not taking\n5. Zocor 20 mg",
            "allopurinol",
            "not-taking",
        ),
        ("HOME MEDS\n6. Zocor -- told to stop by PCP", "zocor", "stopped"),
        ("HOME MEDS\nDITROPAN 5MG QHS........HOLD (CONFUSION)", "ditropan", "held"),
        ("PLAN:\n* rasagiline: stop (cost)\n* melatonin 6 mg qhs", "rasagiline", "stopped"),
        # One line of a list is held, the next is given as before.
        (
            "MAR\nmetoprolol 25 mg PO BID 0900 held SBP 92\npantoprazole 40 mg IV daily 0900 given",
            "pantoprazole",
            "active",
        ),
        ("Amiodarone 200 mg, Lasix held, lisinopril 10 mg daily.", "lisinopril", "active"),
        ("Amiodarone 200 mg, Lasix held, lisinopril 10 mg daily.", "lasix", "held"),
        ("Tonight: Lasix on hold, resumed metoprolol.", "metoprolol", "new"),
        ("Insulin drip off at 1400, Lantus 24 units daily.", "lantus", "active"),
        ("IV Lasix -> PO torsemide 20 mg today.", "lasix", "stopped"),
        ("IV Lasix -> PO torsemide 20 mg today.", "torsemide", "active"),
        # The verb goes on with its subject, or another one has it as its object.
        ("Quetiapine has been tapered and discontinued.", "quetiapine", "stopped"),
        (
            "Propranolol, which she needed at first, has been discontinued.",
            "propranolol",
            "stopped",
        ),
        ("He took naltrexone for a year and discontinued it on his own.", "naltrexone", "stopped"),
        ("Lisinopril was started in May but she stopped it for cough.", "lisinopril", "stopped"),
        ("She takes naltrexone and he stopped smoking.", "naltrexone", "active"),
        ("Lisinopril held for AKI and will be restarted by the PCP.", "lisinopril", "held"),
        # What is only to come.
        ("Metformin will be started by the PCP if it rises.", "metformin", "planned"),
        (
            "Morphine concentrate and lorazepam may be ordered when she enrolls.",
            "lorazepam",
            "planned",
        ),
        ("Ketamine is another option.", "ketamine", "planned"),
        ("He is not interested in varenicline.", "varenicline", "not-taking"),
        ("We will continue it until the Lovenox is done.", "lovenox", "active"),
        ("Allergies: sulfa\nI have commenced finasteride 5 mg daily.", "finasteride", "new"),
        ("Rash w/ amox as an infant.", "amox", "allergy"),
        ("Home: spironolactone, lasix, propranolol - all held.", "lasix", "held"),
        ("Ramipril & furosemide withheld (AKI).", "ramipril", "held"),
        ("On aspirin and furosemide was stopped.", "aspirin", "active"),
        ("DC'd: diltiazem 120 mg, naproxen", "naproxen", "stopped"),
        ("Dalfampridine tried, no help.", "dalfampridine", "stopped"),
        ("Alendronate to start in clinic.", "alendronate", "planned"),
        ("Haloperidol must never be given to her.", "haloperidol", "not-taking"),
        ("Apixaban was begun, and the aspirin was then stopped.", "aspirin", "stopped"),
        ("He weaned himself from oxycodone and needs only ibuprofen.", "ibuprofen", "active"),
        ("He weaned himself from oxycodone and needs only ibuprofen.", "oxycodone", "stopped"),
        ("PLAN: Stop morphine if improved.", "morphine", "active"),
        ("PLAN: TSH; ? levothyroxine", "levothyroxine", "planned"),
        ("ALLERGY AND IMMUNOLOGY\nShe takes famotidine daily.", "famotidine", "active"),
        ("She takes torsemide 20 mg daily and has discontinued potassium.", "torsemide", "active"),
        ("Meds: Ozempic (last 2 wks ago, holding), metformin 1 g bid", "metformin", "active"),
        ("PLAN: Avoid zofran, azithromycin w/ dofetilide.", "dofetilide", "active"),
        ("PLAN: Will start glecaprevir once approved.", "glecaprevir", "planned"),
        ("PLAN: Will start metformin once daily.", "metformin", "new"),
        ("PLAN: ablation, hold Xarelto day of.", "xarelto", "active"),
        ("CONT ASA 81, Lipitor 20.", "asa", "active"),
        ("PAD - plavix + asa.", "asa", "active"),
        # Names as notes clip them, where an amount, a list or a verb shows that they are drugs.
        ("BP 148/94 on amlod 10, chlorthal 12.5.", "chlorthal", "active"),
        ("Metf stopped last yr, cont ticag.", "metf", "stopped"),
        ("Metf stopped last yr, cont ticag.", "ticag", "active"),
        ("Meds: albuterol prn, stopped sertraline in May.", "sertraline", "stopped"),
        ("PLAN: d/c lisinopril -> losartan 50 daily.", "losartan", "new"),
        ("PLAN: lisinopril -> losartan 50 daily.", "lisinopril", "stopped"),
        ("She was tried on Seroquel, which sedated her.", "seroquel", "stopped"),
        ("Tamoxifen 2009 through 2011, then changed to Arimidex.", "tamoxifen", "stopped"),
        ("Tamoxifen 2009 through 2011, then changed to Arimidex.", "arimidex", "new"),
        ("Pupils were dilated with tropicamide.", "tropicamide", "completed"),
        ("Spinal with morphine 0.2 mg.", "morphine", "completed"),
        ("Alphagan caused an allergic conjunctivitis.", "alphagan", "allergy"),
        ("I will start Betnovate cream twice a day.", "betnovate", "new"),
        ("Takes atorva 20 mg nightly.", "atorva", "active"),
        ("MEDICATIONS: warfarin 5 mg daily, held for INR 4.5.", "warfarin", "held"),
        ("MEDICATIONS: metoprolol 25 mg bid, hold for HR < 55.", "metoprolol", "active"),
        ("Allergies: NKDA. Not on aspirin.", "aspirin", "not-taking"),
        ("Allergies: NKDA. Reacts to aspirin.", "aspirin", "allergy"),
        ("MEDS: Zoloft. In the past, she has been on Paxil and Prozac.", "prozac", "stopped"),
        ("MEDS: Zoloft. In the past two weeks she has been on Paxil.", "paxil", "active"),
        ('He describes an "allergy" to Haldol.', "haldol", "allergy"),
        ("Therapy was offered, i.e. Lupron, but declined.", "lupron", "not-taking"),
        ("She took too many aspirin at age 14.", "aspirin", "completed"),
        ("She may use Tylenol as needed.", "tylenol", "new"),
        ("She may use Tylenol.", "tylenol", "planned"),
        ("She had been prescribed Zestril, but developed a cough.", "zestril", "stopped"),
        ("He will stop Naprosyn 7 days before surgery.", "naprosyn", "active"),
        ("He stopped Naprosyn 7 days before surgery.", "naprosyn", "stopped"),
        ("PLAN: TURBT. He will stop Plavix 5 days prior.", "plavix", "active"),
        ("Prior DMARDs: Plaquenil (retina), leflunomide (LFTs).", "leflunomide", "stopped"),
        ("Xeljanz was substituted for abatacept.", "abatacept", "stopped"),
        ("She asks whether she can go back on ibuprofen.", "ibuprofen", "planned"),
        ("Levophed off since 0200.", "levophed", "stopped"),
        ("propofol/fentanyl gtts d/c'd at extubation.", "propofol", "stopped"),
        ("Lasix 40 IV x1 w/ good response.", "lasix", "completed"),
        ("Lasix 40 po x1 week.", "lasix", "active"),
        ("Cipro will be given before the procedure.", "cipro", "planned"),
        ("Sildenafil used to work.", "sildenafil", "stopped"),
        ("They had me on propranolol.", "propranolol", "stopped"),
        ("Allergic: doxycycline (sun rash).", "doxycycline", "allergy"),
        ("Call if not better in 3 d -> levofloxacin.", "levofloxacin", "planned"),
        ("Hold Xeljanz if infection.", "xeljanz", "active"),
        ("stop vanc (MRSA neg), cont Zosyn for 7d.", "zosyn", "active"),
        ("Plavix to be held five days before.", "plavix", "active"),
        ("Avoid NSAIDs w/ Eliquis.", "eliquis", "active"),
        ("Fosamax x 6 yrs, now on drug holiday.", "fosamax", "stopped"),
        ("Pt self-discontinued donepezil.", "donepezil", "stopped"),
        ("He completed a prednisone taper and a course of Cipro.", "cipro", "completed"),
        ("We talked about Dupixent.", "dupixent", "planned"),
        ("Inderal may worsen asthma, so I changed it to Mysoline.", "inderal", "stopped"),
        ("Inderal may worsen asthma, so I changed it to Mysoline.", "mysoline", "new"),
        ("HOSPITAL COURSE: Initially on Vancocin, then Zyvox.", "vancocin", "stopped"),
        ("PMH: depression treated with Zoloft, cholecystectomy.", "zoloft", "active"),
        ("Will replace DuoNeb with Advair.", "advair", "new"),
        ("Will replace DuoNeb with Advair.", "duoneb", "stopped"),
        ("Symmetrel was not helpful, Provigil 100 mg daily is.", "provigil", "active"),
        ("Peanut allergy - EpiPen.", "epipen", "active"),
        ("DDAVP not desired.", "ddavp", "not-taking"),
        ("Past trials: bupropion (worse), escitalopram (s/e), Abilify.", "abilify", "stopped"),
        ("No statin due to prior myalgias on Zocor and Crestor.", "crestor", "stopped"),
        ("Prior visit with Dr. Lee. Crestor 10 daily.", "crestor", "active"),
        ("Sevelamer recently prescribed, which he has not yet started.", "sevelamer", "not-taking"),
        ("Stop chlorthalidone in favor of Lasix 40 mg BID.", "lasix", "new"),
        ("Metformin should remain off.", "metformin", "stopped"),
        ("PLAN: stop Keflex, doxycycline 100 mg BID x 7 d.", "doxycycline", "new"),
        ("PLAN: stop Keflex, doxycycline.", "doxycycline", "stopped"),
        ("Due for Menveo.", "menveo", "planned"),
        ("Zofran 4 mg IV x1 for nausea.", "zofran", "completed"),
        ("Covered w/ 4 units Humalog.", "humalog", "completed"),
        ("Lisinopril 10 -> 20 mg daily.", "lisinopril", "changed"),
        ("Wants a refill of Viagra -> ok.", "viagra", "active"),
        (
            "PROCEDURE: TKA\nDESCRIPTION: Cement with tobramycin was used.",
            "tobramycin",
            "completed",
        ),
        ("She has Parkinson disease treated with Sinemet.", "sinemet", "active"),
        ("He was treated with Sinemet.", "sinemet", "completed"),
        ("He has had a UTI treated with Bactrim.", "bactrim", "completed"),
        ("PLAN: Lipid panel good, samples of Lipitor given.", "lipitor", "new"),
        ("PLAN: Xanax 0.5 mg b.i.d., 60 pills with no refills given.", "xanax", "new"),
        ("PLAN: Lipitor given.", "lipitor", "completed"),
        ("She is intolerant of lisinopril.", "lisinopril", "intolerance"),
        ("Codeine causes nausea.", "codeine", "intolerance"),
        ("Quetiapine caused weight gain.", "quetiapine", "intolerance"),
        ("Propranolol was of no benefit.", "propranolol", "stopped"),
        ("Meds: Imitrex useless, Tylenol did nothing.", "tylenol", "stopped"),
        ("Meds: HCTZ d/c.", "hctz", "stopped"),
        ("Metoprolol stopped then restarted at 12.5.", "metoprolol", "active"),
        ("Coumadin held x2 days then resumed.", "coumadin", "active"),
        ("Metoprolol stopped and can be resumed later.", "metoprolol", "stopped"),
        ("Metformin contraindicated (eGFR 22).", "metformin", "not-taking"),
        ("Prev tried: Lexapro, Zoloft. Current: Wellbutrin XL 300 qam.", "wellbutrin", "active"),
        ("Stopped: lisinopril, HCTZ. Started: apixaban.", "apixaban", "new"),
        ("Stopped: lisinopril, HCTZ. Unchanged: synthroid.", "synthroid", "active"),
        ("Meds: levophed off 24h, vasopressin.", "levophed", "stopped"),
        ("Meds: MOM 30 mL prn.", "mom", "active"),
        ("Codeine causes hives.", "codeine", "allergy"),
        ("ALLERGIES: codeine - nausea, sulfa.", "codeine", "intolerance"),
        ("ALLERGIES: codeine - nausea, sulfa.", "sulfa", "allergy"),
        ("Topical anesthesia using tetracaine eye drops.", "tetracaine", "completed"),
        ("MEDICATIONS: Phenergan 25 mg given throughout the procedure.", "phenergan", "completed"),
    ],
)
def test_status(pipeline: Pipeline, text: str, drug: str, status: str) -> None:
    assert [str(f.status) for f in found(pipeline, text, drug)] == [status]


def test_home_goes_on(pipeline: Pipeline) -> None:
    """A list that names the drugs of home as such closes none of them."""
    course = "HOSPITAL COURSE: He was continued on his home lisinopril.\n\n"
    named = "DISCHARGE MEDICATIONS: Apixaban 5 mg bid."
    told = "DISCHARGE MEDICATIONS: Continue home meds. New: apixaban 5 mg bid."
    assert [str(f.status) for f in found(pipeline, course + told, "lisinopril")] == ["active"]
    assert [str(f.status) for f in found(pipeline, course + named, "lisinopril")] == ["in-hospital"]


def test_every_cue_behind_a_drug_holds_a_stem() -> None:
    notes = files("nlp").joinpath("quality", "notes")
    texts = [notes.joinpath(n).read_text("utf-8") for n in ("notes.jsonl", "dialogues.jsonl")]
    clauses = [c.lower() for text in texts for c in re.split(r"[.;]|\\n", text)]
    silent = [c for c in clauses if not any(stem in c for stem in cues.STEMS)]
    assert len(silent) > len(clauses) / 4  # else they would spare nothing
    rules = [re.compile(rf"(?<![\w-])(?:{cue})", re.I) for _, cue in cues.AFTER]
    assert [c for c in silent for rule in rules if rule.search(c)] == []


_FRAMES = (
    "We {past} metoprolol.",
    "Please {base} metoprolol.",
    "Metoprolol 25 mg BID {part} in March.",
    "Metoprolol has now been {part}.",
    "Aspirin, atenolol and metoprolol {part}.",
    "Metoprolol ({part} 3/12).",
    "Metoprolol: {part}",
    "Let's {base} the metoprolol.",
)
_VERBS = {
    "off": "discontinue discontinued discontinued; drop dropped dropped; omit omitted omitted; "
    "pause paused paused; abandon abandoned abandoned; decline declined declined; "
    "eliminate eliminated eliminated; interrupt interrupted interrupted; reject rejected rejected",
    "on": "commence commenced commenced; introduce introduced introduced; begin began begun; "
    "reinstate reinstated reinstated; uptitrate uptitrated uptitrated; maintain kept maintained",
}


@pytest.mark.parametrize("frame", _FRAMES)
@pytest.mark.parametrize("said", _VERBS)
def test_every_verb_in_every_voice(pipeline: Pipeline, frame: str, said: str) -> None:
    for verb in _VERBS[said].split(";"):
        base, past, part = verb.split()
        (drug,) = found(pipeline, frame.format(base=base, past=past, part=part), "metoprolol")
        taken = drug.status in ("active", "new", "changed")
        assert taken == (said == "on"), (verb, drug.status)


@pytest.mark.parametrize(
    ("text", "drug", "status"),
    [
        ("Lisinopril 10 mg daily. No ACE wrap.", "lisinopril", "active"),
        ("No penicillin allergy.", "penicillin", "not-taking"),
        ("Not allergic to penicillin.", "penicillin", "not-taking"),
        ("Do not stop aspirin.", "aspirin", "active"),
        ("She never stopped the metformin.", "metformin", "active"),
        ("Atorvastatin 40 mg daily. No statin side effects.", "atorvastatin", "active"),
        ("Ibuprofen 200 mg prn. No NSAIDs for now.", "ibuprofen", "not-taking"),
        ("Continue aspirin 81 mg, discontinued: ibuprofen", "aspirin", "active"),
        ("[Doctor]: And the metoprolol?\n[Patient]: I quit drinking, yes.", "metoprolol", "active"),
        (
            "[Doctor]: And the metoprolol?\n[Patient]: My doctor switched it.",
            "metoprolol",
            "stopped",
        ),
    ],
)
def test_what_another_thing_is_said_of(
    pipeline: Pipeline, text: str, drug: str, status: str
) -> None:
    assert [f.status for f in found(pipeline, text, drug)] == [status]
