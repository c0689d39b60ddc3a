"""Words that stand for each other in a phrase of the tables, by the name of their class."""

from __future__ import annotations

_KIN = """mother father mom dad brother sister son daughter aunt uncle grandmother grandfather wife
    husband cousin friend neighbor roommate mum mam nan gran grandma grandpa parents family"""
_WORDS = {
    "<month>": """january february march april may june july august september october november
        december jan feb mar apr jun jul aug sep sept oct nov dec""",
    "<season>": "spring summer fall autumn winter",
    "<number>": """<n> two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen twenty thirty""",
    "<end>": "$ . , <semi>",
    # Who: relatives, who speaks, who is spoken to, the young.
    "<kin>": _KIN,
    "<they>": "he she they i you",
    "<whom>": f"{_KIN} him her them me us you patient pt mummy caregiver spouse staff",
    "<young>": """child kid youngster teen teenager adolescent infant baby toddler boy girl youth
        student""",
    # When: "during her second pregnancy", "in college".
    "<in>": "in during with after following",
    "<nth>": "first second third 1st 2nd 3rd last previous prior",
    "<birth>": "pregnancy pregnancies delivery deliveries child baby birth labor miscarriage",
    "<phase>": """childhood infancy adolescence youth teens twenties thirties forties fifties
        college school army navy military service""",
    "<gone>": """resolved healed cleared subsided settled recovered closed corrected excised drained
        disappeared vanished abated""",
    "<fully>": "fully completely entirely totally now since",
    # What is given, as it stands before what it is given for; what is said of the doubt in a cause.
    "<treatment>": """nsaid nsaids metformin statin statins aspirin asa warfarin coumadin heparin
        anticoagulation anticoagulant anticoagulants anticoag doac doacs noac noacs apixaban
        eliquis rivaroxaban xarelto dabigatran clopidogrel plavix antiplatelets tpa thrombolysis
        thrombolytics lytics blocker blockers bb acei aceis arb arbs inhibitor inhibitors
        lisinopril losartan metoprolol propranolol atenolol amlodipine diltiazem verapamil digoxin
        amiodarone spironolactone diuretic diuretics furosemide lasix hctz hydrochlorothiazide
        steroid steroids prednisone dexamethasone antibiotic antibiotics abx penicillin
        amoxicillin nitrofurantoin ssri ssris opioid opioids opiates benzodiazepines benzos
        triptan triptans estrogen hrt insulin pioglitazone gadolinium contrast methotrexate
        immunotherapy chemo chemotherapy dialysis""",
    # What is done, used or given, and forgone because of an illness, beside those treatments.
    "<forgone>": """driving lifting exercise exertion sports swimming diving climbing flying running
        alcohol etoh drinking smoking tobacco caffeine salt sugar gluten dairy grapefruit
        ibuprofen motrin advil naproxen tylenol acetaminophen toradol ketorolac beta med meds
        medication medications medicine medicines drugs pills treatment treatments therapy
        supplements antihypertensives antidepressants anticonvulsants antipsychotics antivirals
        allopurinol colchicine surgery surgeries operation operations transfusions radiation oxygen
        inhaler inhalers vaccine vaccines hospitalization hospitalizations
        hospitalisation hospitalisations admission admissions visits""",
    "<likely>": "likely probably possibly presumably presumed",
    "<advice>": "advice information instructions leaflet handout is was are were be been",
    # What is said, thought, found and looked for.
    "<warned>": """warn warned warning cautioned counseled counselled counseling counselling
        educated advised advise alerted reminded""",
    "<about>": "about of on regarding re",
    "<thought>": "thought felt believed considered deemed judged",
    "<thinks>": "thinks thought believes believed feels felt fears",
    "<think>": "think believe suspect suppose feel reckon",
    "<its>": "it's that's this's there's he's she's you've",
    "<found>": "found noted known shown seen documented",
    "<shows>": """shows showed shown reveals revealed demonstrates demonstrated confirms confirmed
        identifies identified""",
    "<show>": "show reveal demonstrate identify disclose detect",
    "<watch>": """watch watched watching monitor monitored monitoring observe observed observing
        screen screened screening check checked checking assess assessed assessing test tested
        testing""",
}
CLASSES = {name: frozenset(words.split()) for name, words in _WORDS.items()}
