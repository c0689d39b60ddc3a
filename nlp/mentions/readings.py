"""Words that name a code and in a note mean something else, always or beside certain words."""

from __future__ import annotations

import re

from nlp.tables import rows


def _words(kind: str) -> frozenset[str]:
    return frozenset(word for of, word in rows("other_meanings.tsv") if of == kind)


# Words that name a code but in a note nearly always mean something else.
EVERYDAY = _words("everyday")
HABITS = _words("habit")
# In laboratory reports and kitchens: a drug only with a dose, a route, or in a list of medications.
ANALYTES = _words("analyte")
# Drugs that are also measured: a bare number behind them is a result.
MEASURED = _words("measured")
# Letters of a condition and a drug that mean the drug.
DRUG_FIRST = _words("drug-first")
# What an examination names as a sign, though the classification has it as a disease.
EXAM_SIGNS = _words("exam-sign")
# Words that stand where a drug's name does.
NO_DRUG = _words("no-drug")
# What anything may be: the code of "heart condition" says no more than these words.
VAGUE = re.compile(
    r"(?:conditions?|problems?|troubles?|issues?|complaints?|concerns?|symptoms?)$", re.I
)
# Letters with another reading: no mention where the pattern is in "left context|right context".
_OTHER_READING: dict[str, str] = {
    "MS": r"\|\s?(?:contin\b|\d|exam|ir\b|,?\s?(?:rn|md|np|pa)\b)|(?:cv|neuro|m\.?d\.?,?)\s*\|",
    "RA": r"\|-|(?:%|\bon|sat\w*|spo2)\s(?:\w+\s)?\||\|\s?(?:sat|pressure|mean)",
    "PE": r"^\s*\||\|\s?(?:\s*:|tubes?|exam)|\b(?:on|per|see)\s*\|",
    "PT": r".*",
    "OT": r".*",
    "NS": r"\|\s(?:cataract|changes)|\d\+\s\|",  # nuclear sclerosis
    "ED": r"\b(?:requesting|referring|service|location|disposition)\b[^.;]{0,12}:\s\|"
    r"|\b(?:the|to|in|our|an?|via|from|at)\s\|"
    r"|\|\s(?:physician|course|visit|staff|attending|doctor|notes?|triage|nurse|summary|arrival|discharge|bed|ddx|eval)\b",
    "OD": r"^(?!.*(?:heroin|opioid|fentanyl|drug|suicid|intent|narcan|naloxone|accidental|pills))",
    # Sliding-scale insulin, save beside what tells of a wound.
    "SSI": r"^(?!.*(?:wound|incision|surg|post-?op|superficial|deep|organ|drain|cellulit|abscess))",
    "PN": r"^(?!.*(?:neuro|diabet|\bdm|numb|feet|foot|gaba|lyrica|tingl))",  # progress note
    "HP": r"\b(?:r|l|right|left)\s\||pylori",
    "HS": r"\bin\s\||\bac\s?(?:/|and|&|\+)\s?\||\bq\.?\s?\||\d\s?(?:mg|units?|u)?\s?\||\|\s?prn"
    r"|\|\s?(?:normal|dual|regular|present|i\s?\+|1\s?\+|s?[12])",  # heart sounds
    "BD": r"\d\s?(?:mg|mcg|g|ml|units?|iu|tabs?|puffs?)?\s?\|",  # twice a day
    # Lumbar puncture, save beside what tells of lichen planus.
    "LP": r"^(?!.*(?:lichen|derm|skin|oral|mouth|vulv|genital|plaque|papul|wickham|clobetasol))",
    "HCC": r"\(\|\)",  # of a diagnosis: hierarchical condition category
    "HCM": r"^\W*\|\W*$",  # a title: health care maintenance
    "CMV": r"\bdonor\s\||\|\s?(?:pos|neg|igg|status|\+|-|d[+-]|r[+-]|mismatch|viral\sload)",
    "HYPOK": r"\b(?:ant\w*|inf\w*|lat\w*|apical|sept\w*|global|wall|ef|echo)\b",
    "IMMUNOSUPPRESSION": r"\|\s?(?:consists?|regimen|:|with|includ|level|was|is)",
    "CA": r"\|\s?(?:/|\+\s?d|\d|,?\s?(?:9\d{4})|and\smg"
    r"|score)|\b[A-Z][a-z]+,\s\||\b(?:na|k|mg|phos)\W.*\|",
    "MD": r".*",
    "DO": r".*",
    # The anaesthetist's class.
    "ASA": r"\|\s(?:class|ps|physical|score|grade|status|i{1,3}v?\b|iv|[1-6](?:e\b|(?=[.,;)]|$)))",
    "BETA": r"\|[\s-]?(?:block|agonist|lactam|h?cg|caroten|cell|thal|strep|[12]\b|adren|antag)",
    "AS": r"^\s*\|\s[A-Z]{2,}|\bau\b",
    "AD": r"\b(?:a-?)$|-\||\|-",
    "OR": r".*",
    "IT": r".*",
    "US": r".*",
    "ANXIOUS": r"\|\s(?:to|about|for)\b",
    # Ligaments of the knee, save beside what tells of a lymphoma or a leukemia.
    "MCL": r"^(?!.*(?:lymphoma|chemo|rituxi|ibrutinib|node|marrow|blast))",
    "PCL": r"^(?!.*(?:leuk|plasma|myeloma|chemo|marrow|blast))",
    "SCD": r"\|s?\s(?:and\sted|hose|boots|device|sleeve)",
    "SMA": r"\|\s?(?:-|\d|artery)",
    "ET": r"\|\s(?:tube|al\b)",
    # Of the vitreous body.
    "PVD": r"floater|flash|retin|vitre|ophth|\bo[uds]\b|iop|\brd\b",
    "STREP": r"\|\s(?:pneumo|viridans|pyogenes|agalact|mitis|bovis|gallolyt|group|spp?\b)",
    "OM": r"\d\s?(?:mg|mcg|micrograms?|g|units?)?\s\||\|\s?(?:\d|branch|artery|lesion|graft)",
    "CMP": r"\b(?:his|her|the|a|cbc,?|check|and|showed)\s|\|\s?(?:and|,|was|with|to)",
    "HIV": r"\b(?:check|test\w*|screen\w*|for|order\w*)\s(?:an?\s)?\|"
    r"|\|\s?(?:neg|status|non|and\srpr)",
    "RHF": r".*",
    "RHD": r"^(?!.*(?:valv|mitral|rheum|murmur|penicillin))",  # right-handed
    "EVD": r"^(?!.*(?:ebola|outbreak))",  # a drain of the ventricles
    "VF": r"\|\s?(?:defect|arcuate|full|test|constrict|loss|:)|\b(?:humphrey|iop|c/d|poag)\b",
    "PPD": r"\b(?:smok\w*|\d)\s\||\|\s?(?:was|neg|pos|skin|placed|test|\d|x|smoker)|\brecent\s\|",
    "PCP": r"\|(?!\s?(?:pneumonia|abuse|use\b|intox|infection))",
    "PD": r"\|\s?(?:catheter|dialysis)",
    # Chest pain, save beside what tells of palsy.
    "CP": r"^(?!.*(?:palsy|spastic|diplegi|plegi|gmfcs|contractur|baclofen|botox|wheelchair"
    r"|birth))",
    "MN": r"\b(?:p|after|at|past|until|npo)\s\|",
    "IPV": r"\b(?:mmr|dtap|tdap|hib|pcv\d*|varicella|rotavirus|vaccin\w*|immuni\w*|receive)\b",
    "HPV": r"\b(?:gardasil|vaccin\w*|shot|tdap|series)\b",
    "GC": r"\|\s?/|/\s?\||\b(?:urine|check|dna|probe)\b",
    "ID": r".*",
    "BS": r"\|.*",
    "MR": r"\|\s?(?:imaging|angiogra\w+|\.)",
    "AR": r"\|\s?\d",
    "RAD": r"\|\s?(?:onc|tech)",
    "SOB": r"$^",
    "CD": r"[a-z]{4}\s\|\s\d",  # of a drug that is released slowly
    "PCA": r"\|\s(?:down|up|pump|off|on|d/c|stopped|for|with|w/)\b|(?:one|ine|nyl|via|on|iv)\s\|",
    "POP": r"\|\s?(?:\(|pill)|contracep|\bmini",
    "CVS": r"\b(?:to|at|from)\s\||\|\s?(?:pharm|on\b)",
    "ENDO": r"\|\s?:",  # a system's title
    # Urgent care.
    "UC": r"\b(?:by|from|at|to|the|via|in)\s\||\|\s(?:visit|changed|gave|prescribed|rx|doctor|dr|md"
    r"|said|told|started|put)\b",
    # Prior to admission, prostate-specific antigen: seldom an abscess or an abuse.
    "PTA": r"\b(?:hours?|hrs?|h|days?|d|wks?|weeks?|min\w*|mos?|months?|meds"
    r"|medications)\s\||\|\s(?:meds|medic)",
    "PSA": r"^(?!.*(?:abuse|cocaine|heroin|drug|etoh|opioid|detox))",
    # Systolic pressure, save beside what tells of a peritonitis.
    "SBP": r"^(?!.*(?:ascit|cirrho|esld|septic|periton|paracent|prophyla|hepat))",
    "BP": r"\|(?!\s?(?:wash|gel|cream|\d+(?:\.\d+)?\s?%))",
    "HA": r"\|\s?(?:1c|lc)|\bhgb?\s?\|",
    "AF": r"\|\s?(?:vss|and\svss)|^\s*\|\s*,(?!\s(?:not|on|off|rate|s/p|with|newly|known)\b)",
    "HD": r"^(?!.*(?:chorea|huntington|\bcag\b))",  # hemodialysis, day of a stay
    "BPD": r"week|prem|newborn|nicu|neonat|ligation|surfactant|\bvent\b",
    "GBS": r"\|\s?(?:bacteriuria|neg|pos|\+|-|status|unknown|carrier|coloni|prophyl|swab|cultur"
    r"|screen|ppx|in\surine)|pregnan|labor|\bpcn\b|\bivf?\b",
    # A urine sample, fluids, save beside what tells of a heart, a pregnancy.
    "UA": r"^(?!.*(?:angina|nstemi|\bacs\b|trop|cath\b|chest))",
    "IVF": r"^(?!.*(?:fertil|pregnan|embryo|conce|gestat|transfer|egg|twins|icsi))",
    "OVERDUE": r"^(?!.*(?:pregnan|gestat|weeks|deliver|labou?r|induc|edd\b))",
    "GASTRO": r"\|\s?(?:consult|clinic|team|to\b|saw|appt|appointment|refer|f/u|will|recs?\b|re\b)"
    r"|\b(?:by|from|to|with|per|see|saw|under)\s\|",
    "COLLAPSE": r"\|\s?(?:of|/|consolid)|(?:lobe|lung|lobar|vertebral|basal|airway)\s\|",
    "DM": r"robitussin[\s-]\||mucinex[\s-]\||delsym[\s-]\|",
    "CFS": r"\|\s?(?:\d|score|=|:)|frail",  # the scale of frailty
    "CF": r"\bfinger\w*\s\|",
    "DT": r".*",
    "CAT": r".*",
    "ALL": r".*",
    "ADD": r"^\s*\|\s[a-z]|\bwill\s\||\|\s(?:on|to|a|the)\b",
    # Of the body and of operations: no caries, no tear of the anus, no bands of the belly.
    "CAVITY": r"^(?!.*(?:tooth|teeth|molar|dent(?!ate)))",
    "FISSURE": r"^(?!.*(?:\ban(?:al|us)\b|rect|stool|sitz|painful|bleed|nifedipine|diltiazem))",
    "ADHESIONS": r"\b(?:shoulder|humer\w*|tendon|sheath|pleur\w*|lung|prepu\w*|foreskin|glans"
    r"|coronal|penile|labial|joint|knee|subacromial|epidural|nerve)\b",
    "ABI": r"\|\s?(?:\d|[:=<>~]|of\s\d|was|is\b|and\s(?:pvr|toe))|\b(?:check|rest\w*)\s\|",
    "TCC": r"\|\s?(?:appl|cast|boot|remov|chang|place)",
    "AIDS": r"\b(?:hearing|visual|sleep(?:ing)?|walking|mobility)\b",
    "NSAID": r".*",
    "NSAIDS": r".*",
    "PPI": r".*",
    "CHI": r".*",
    "MAC": r"\banesthesia\b|\blisten\b",
    # A caesarean section, save beside what tells of the spine.
    "LSCS": r"^(?!.*(?:lumbar|spin|back|stenos|claudic|sciatic|radicul|\bl[345]\b))",
    "LAD": r"\b(?:stent|artery|lesion|proximal|mid|distal|to|of)\b.*\||\|\s?(?:stent"
    r"|artery|lesion|territory|to\b|disease)",
}
# Letters that coders write for a code, and notes for other things: O/E, DIP joint, pH.
_ELSEWHERE = dict.fromkeys(map(str.upper, sorted(_words("letters"))), ".*")
READING = {
    word: re.compile(pattern, re.I) for word, pattern in (_ELSEWHERE | _OTHER_READING).items()
}
