"""What stands beside names: titles, credentials, roles, relatives, and the nouns of eponyms."""

from __future__ import annotations

import re

TITLES = frozenset(
    """dr doctor drs mr mrs ms miss mx prof professor rev reverend fr father sister pastor rabbi
    imam capt captain sgt sergeant lt lieutenant col colonel maj officer judge senator sir dame
    hon messrs señor señora sra herr frau monsieur madame mister nurse""".split()  # noqa: SIM905
)
FIELDS = frozenset(
    """name names patient pt client attending physician provider pcp surgeon surgeons assistant
    assistants anesthesiologist anesthetist consultant ordering referring author by resident
    intern fellow nurse rn guardian contact kin spouse mother father husband wife son daughter
    guarantor subscriber insured interpreter from to attn attention re radiologist pathologist
    technologist tech therapist scribe signature signed dictator transcriptionist recipient parent
    parents caregiver cc bcc practitioner midwife dentist pharmacist specialist doctor md dr
    clinician cardiologist oncologist neurologist psychiatrist psychologist witness proxy manager
    worker sibling brother sister partner beneficiary holder member investigator
    coordinator informant reporter requested requester copies copy alias aka maiden nee surname
    last first middle given officer operator performing interpreting admitting primary co-surgeon
    d:""".split()  # noqa: SIM905
)
RELATIVES = frozenset(
    """wife husband spouse son daughter sons daughters mother father mom dad brother sister brothers
    sisters aunt uncle cousin niece nephew grandmother grandfather grandma grandpa grandson
    granddaughter stepmother stepfather stepson stepdaughter girlfriend boyfriend fiance fiancé
    fiancee fiancée partner friend roommate neighbor neighbour caregiver guardian twin child baby
    boy girl son-in-law daughter-in-law mother-in-law father-in-law sister-in-law brother-in-law
    mommy daddy ex-husband ex-wife coworker boss landlord teacher aide
    sponsor sibling""".split()  # noqa: SIM905
)
ROLES = frozenset(
    """patient pt client attending physician provider pcp surgeon resident intern fellow nurse rn np
    pmd gp medic
    pa lpn cna pharmacist therapist interpreter radiologist pathologist cardiologist neurologist
    oncologist psychiatrist psychologist anesthesiologist hospitalist consultant assistant manager
    worker scribe technician tech technologist chaplain dietitian paramedic emt md crna
    practitioner coordinator counselor""".split()  # noqa: SIM905
)
STAFF = frozenset("rn np lpn cna lvn crna emt nurse scribe".split())  # noqa: SIM905
# Before these a person is expected, and other things are possible: the words must look like a name.
PERSONAL = frozenset(
    """hi hello hey dear thanks referring regarding named called saw seeing contacted notified paged
    informed phoned met meet attn re cc with by per to from spoke told asked and w d/w dw texted
    emailed reassured thanking greeted name's i'm am goes""".split()  # noqa: SIM905
)
# Of those, what a person alone can follow.
ONLY_PERSONS = frozenset(
    """hi hello hey dear referring née nee named d/w dw name's attn cc goes phoned notified
    paged""".split()  # noqa: SIM905
)
CREDENTIAL = re.compile(
    r"(?:,[ ]?|[ ])(?:M\.?[ ]?D\.?|D\.?[ ]?O\.?|R\.?N\.?|L\.?P\.?N|N\.?P\.?|P\.?A\.?(?:-?C)?|"
    r"Ph\.?[ ]?D\.?|Pharm\.?[ ]?D\.?|"
    r"D\.?D\.?S\.?|D\.?M\.?D\.?|D\.?P\.?M\.?|D\.?P\.?T\.?|Psy\.?D\.?|APRN|ARNP|FNP(?:-\w+)?|CRNA|"
    r"CNM|CNP|DNP|LCSW|MSW|LMFT|"
    r"LPC|RD|BSN|MSN|CCC-SLP|OTR(?:/L)?|PT|OT|RT|RPh|MBBS|MBChB|FACS|FACC|FACP|FAAP|MPH|MSc|CMA|"
    r"CNA|"
    r"EMT(?:-\w)?|RDCS|RVT|Esq|PGY-?\d)\b(?!\w)"
)
AFTER = re.compile(
    r",[ ](?=(?:MRN|DOB|SSN|NHS|CHI|NHI|d\.?o\.?b)\b"
    r"|\d{1,3}[ -]?(?:y\b|y\.?/?o\b|years?\b|yrs?\b|[MF]\b))"
    r"|[ ]+(?:(?:again )?(?:returns?|returned|presents|presented|comes|came|arrives|arrived|"
    r"reports|reported|states|"
    r"stated|denies|denied|complains|complained|tells|says|said|admits|endorses|reiterates|"
    r"explains|"
    r"understands|verbalized|ambulated|tolerated|continues|called|agreed|wishes|lives|works|"
    r"feels|underwent|transferred)\b|is[ ]+(?:an?|"
    r"the)[ ]+(?:\d{1,3}|(?:very )?(?:pleasant|delightful|lovely|elderly|young|otherwise|healthy|"
    r"previously))|was[ ]+(?:seen|admitted|brought|discharged|referred|evaluated|examined|born)|"
    r"has[ ]+(?:been[ ]+"
    r"(?:seen|followed|doing|having|feeling|under)|done well)|(?:drove|picked|dropped|"
    r"accompanied)\b)"
)
EPONYMOUS = frozenset(
    """disease diseases syndrome syndromes sign signs test tests score scores scale criteria
    criterion catheter catheters fracture fractures lymphoma drain drains joint joints index
    classification class grade stage maneuver manoeuvre procedure operation repair tube tubes line
    lines clamp clamps forceps retractor retractors scissors needle needles bag stain law
    phenomenon reflex reflexes palsy paralysis chorea anemia sarcoma tumor tumour cell cells body
    bodies node nodes gland glands duct ducts tubule ring rings loop canal ligament triangle point
    space pouch hernia membrane membranes fissure angle view position incision approach technique
    method anastomosis gastric fundoplication esophagus esophagitis ulcer ulcers diverticulum
    thyroiditis ophthalmopathy contracture deformity lesion cyst nodule nodules neuroma aneurysm
    murmur breathing respiration respirations pulse equation formula rule rules nomogram estimate
    curve chart lines plate plates screw screws nail pin pins wire wires rod rods prosthesis
    implant graft shunt valve ventilation blade laryngoscope speculum suture sutures knot dressing
    wrap boot brace collar splint cast block blocks hook spots spot papules fever pain virus
    bacteria coma dementia encephalopathy tremor gait tetralogy anomaly malformation phase waves
    wave stenosis regurgitation arthropathy foot finger toe knee hip elbow wrist flap bar cannula
    trocar port pump monitor scan study device suction solution lactate lactated medium agar
    protocol trial scoring staging perforator fasciitis purpura vasculitis arteritis
    granulomatosis crisis precautions pack pad tip kit type stocking stockings hose sequence
    interval effect sulcus gyrus area artery vein nerve muscle tendon capsule space cartilage
    crystals granules inclusion inclusions deposits esotropia cardiomyopathy inventory
    questionnaire assessment instrument wort""".split()  # noqa: SIM905
)
FUNCTION = frozenset(
    """the a an and or of in on at to for from with by is was are were be been has have had do does
    did will would can could may might shall should must this that these those it its he she him
    her his they them their we us our you your i me my who what when where why how if so but not
    no yes as than then there here said says see saw also just very well good please
    then today""".split()  # noqa: SIM905
)
# Words before a surname that are part of it, and no English ones.
NOBLE = frozenset("van von de del della der di da dos du la le bin ibn ter zu".split())  # noqa: SIM905
# No names; "will" and "may" can be one.
NO_NAME = FUNCTION - {"will", "may"}
PARTICLES = r"(?:van|von|de|del|della|der|den|di|da|dos|du|la|le|el|al|bin|ibn|ter|ten|y|zu|st\.)"
NEXT = re.compile(r"(?:['’]s)?(?:[ -]|\n)([A-Za-z]+)")
CONTRACTION = re.compile(r"['’](?:re|ll|ve|d|m|t|s)$")
