"""What the text says the patient does with a drug: active, new, changed, stopped, held …

The cue nearest to the mention within its clause decides; then the section; then ACTIVE.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from nlp import dialogue, sig
from nlp.places import Place, between, key_at, sentence_at
from nlp.types import Document, MedicationStatus

S = MedicationStatus

_THING = r"(?:\s(?:the|his|her|your|this|that|any|all|both|these|with|of|on|from))*"
# Cues that stand before the drug; of several, the one that ends nearest to it wins.
BEFORE: tuple[tuple[MedicationStatus, str], ...] = (
    (
        S.ALLERGY,
        r"allerg(?:y|ies|ic)(?:\sreactions?)?\s?(?:to\b|:|-|with\b|includ\w+|are\b|is\b)|intoleran(?:t"
        r"|ce)s?\s?(?:of|to|:)?|sensitiv(?:e|ity|ities)\s?(?:to|:)"
        r"|(?:adverse\s)?reactions?\s(?:to|with)|anaphyla\w+\s(?:to|from|with)",
    ),
    (
        S.NOT_TAKING,
        r"not\s(?:been\s)?(?:currently\s|yet\s)?(?:tak(?:e|en|ing)|us(?:e|ed|ing)|on"
        r"|start(?:ed)?|restart(?:ed)?|require[ds]?|need(?:ed)?|given|receiv(?:e|ed"
        r"|ing)|be\son|filled|tolerate)|never\s(?:took|taken|used|been\son|started"
        r"|filled)|den(?:ies|ied|ying)(?:\s(?:taking|using|(?:any\s)?use\sof))?"
        r"|refus(?:es|ed|ing)|declin(?:es|ed|ing)|without|avoid(?:s|ed|ing)?|(?:stay(?:s|ing|ed)?\saway|steer\sclear|keep\saway)\s(?:from|of)|(?:asked"
        r"|told|advised|instructed|counseled|cautioned|warned)\snot\sto\s\w+"
        r"|no\s(?:longer\s(?:on|taking|using|takes|uses)|history\sof|use\sof|need\sfor"
        r"|further|more|evidence)|out\sof\sher|non-?complian(?:t"
        r"|ce)\swith|contraindicat\w+|but\snot|n't\s(?:take|taking|taken|use"
        r"|been\staking|want)|(?:would|will|do|should)\s(?:not|n't)\s(?:use|start|give|prescribe|recommend|take)"
        r"|(?:would|did|wo|do|does)n['’]t\s(?:use|start|give|prescribe|recommend|take|wanna|want(?:\sto)?)|unable\sto\s(?:take|tolerate)|can(?:not|'t)\s(?:take"
        r"|tolerate)|could\snot\stolerate|failed|rather\sthan",
    ),
    (
        S.STOPPED,
        r"(?<!be\s)(?<!was\s)(?<!were\s)(?<!been\s)(?<!is\s)(?<!recently\s)(?:discontinu(?:e"
        r"|es|ed|ing)|d/c(?:'?d)?(?!\s(?:home|to\b|on\b|with|w/|meds|instr))|stop(?:s|ped|ping)?(?!\s(?:smoking|drinking|eating"
        r"|working|by\b))(?:\s(?:taking|using|the\suse\sof))?:?|ceas(?:e|ed|ing)|quit(?!\ssmoking))|(?:taken|took|take"
        r"|weaned?|weaning|tapered?|come|came|been|is|was|now|currently)\soff"
        r"|off(?:\sof)?|discontinuation\sof|cessation\sof|instead\sof|in\splace\sof|(?:switch(?:ed"
        r"|ing)?|chang(?:ed?|ing)|transition(?:ed|ing)?|convert(?:ed)?|rotat(?:ed"
        r"|e))(?:\s(?:him|her|the\spatient|them|over))?\sfrom|previously\s(?:on|took"
        r"|taking|taken|used|treated\swith|prescribed)|formerly\son|used\sto\s(?:take"
        r"|be\son|use)|(?:has|had|have)\s(?:tried|failed|previously\s\w+)|tried(?:\son)?"
        r"|(?:was|were|been)\stried\son|(?:failed|had|after)\s(?:a\s)?trial\sof|history\sof\s(?:taking|using)|last\stook|replac(?:e|ed|ing)"
        r"|remov(?:e|ed|al)\s(?:of)?|(?:was|had\sbeen)\s(?:previously\s|formerly\s)?(?:on"
        r"|taking)(?=\s)|(?:quit|stop(?:ped)?)\s(?:that|this)|ran\sout\sof",
    ),
    (
        S.HELD,
        r"hold(?:ing)?(?!\soff)|held|withh(?:old|eld)(?:ing)?|suspend(?:ed|ing)?"
        r"|hold\soff(?:\son)?",
    ),
    (
        S.COMPLETED,
        r"(?:had|finished|completed|received|after|following|given)\s(?:a|an|his|her)\s(?:[\w-]+\s){0,2}?"
        r"course\sof(?:\s(?:oral|iv))?|(?:multiple|several|many|prior|previous|repeated|two|three|\d)"
        r"\s(?:[\w-]+\s){0,2}courses?\sof|despite|complet(?:e|ed|es|ing|ion)(?:\s(?:a|his|her|the|of)){0,2}(?:\s(?:full"
        r"|\d+-?\s?days?|course))*(?:\sof)?|finish(?:ed|ing)?|(?:was|were|been"
        r"|being)\s(?:then\s|also\s)?(?:given|treated\s(?:\w+\s){0,2}with|administered|infused"
        r"|injected\swith|loaded\swith|bolused)|received|required|narrowed\sto|treated\swith"
        r"|given(?!\s(?:a\s)?(?:prescription|rx|script))|gave(?!\s(?:him"
        r"|her)?\s?(?:a\s)?(?:prescription|script))|responded\sto|status\spost|s/p"
        r"|injected\swith|infiltrated|anesthetized\swith|anesthesia|local\swith|underwent\s[^.;]{0,60}?\bwith|(?:chemotherapy|radiation|induction)\swith|premedicated\swith"
        r"|irrigated|instilled|induced|(?:dilated|prepped|sedated|sedation|numbed|block|spinal|epidural|closed|dressed|scrubbed)"
        r"\s(?:\w+\s)?with|\bcycles\sof|treated\s(?:in|at)\s(?:\w+\s){1,4}?with|\bload\sof"
        r"|cleared\s(?:up\s)?(?:with|after|on)|(?:\w+oscopy|biopsy|anesthetic)\s(?:\w+\s)?under",
    ),
    (
        S.PLANNED,
        r"consider(?:s|ed|ing|ation)?(?:\sof)?|could\s(?:benefit|try|use|be|add"
        r"|consider)|may\s(?:benefit|try|need|require|want|consider|use|be|add|start"
        r"|also)|might\s(?!be\s(?:the|from|due|your|related)\b)(?:\w+)|would\s(?:benefit|consider|like\sto\stry|require"
        r"|be\sa\scandidate)|if\s[\w\s]{0,60}?(?:then|will|would|can|we)|discuss(?:ed"
        r"|ing|ion)?(?:\s(?:about|of|starting|options?))*|options?(?:\s(?:would\s)?(?:of|include"
        r"|including|are))|candidate\sfor|risks?\s(?:and\sbenefits\s)?of|(?:some|many|most|other)\s(?:people|patients|folks|kids)\b[^.]{0,40}"
        r"|(?:talk|see|ask|doctor|specialist|\w+ologist|pharmacist)\b[^.]{0,30}\babout(?:\s(?:a|an|the))?|plan(?:s|ned"
        r"|ning)?\s(?:to|for|on)|wonder(?:s|ed|ing)?|thinking\sabout|in\sthe\sfuture"
        r"|(?:future|possible)\s(?:use\sof)?|need\sfor|offer(?:ed|ing)?|eventually|(?:was|were)\s(?:gon\s?na|going\sto)\s(?:try|take|start|use)"
        r"|(?:could|might)\s(?:give|do|put|prescribe|switch|think\sabout)(?:\s\w+){0,6}?(?:\swith|\son|\sto)?"
        r"|(?:can|could|might)\s(?:try|think\sabout|look\sat|talk\sabout)|think\s(?:about|of)|escalate\sto|fail(?:s|ing)?,"
        r"|maybe|perhaps|depending\son|should\s(?:he|she|they|this|it|the)|ask(?:s|ed"
        r"|ing)?\s(?:about|for)",
    ),
    (
        S.CHANGED,
        r"increas(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)|titrat(?:e|es|ed|ing)"
        r"|adjust(?:s|ed|ing)?|reduc(?:e|es|ed|ing)|rais(?:e|ed|ing)|lower(?:s|ed|ing)"
        r"|up-?titrat\w+|taper(?:ing)?|doubl(?:e|ed|ing)|cut(?:ting)?(?:\s(?:back|down))?(?:\son)?|halv(?:e|ed|ing)|chang(?:e|ed"
        r"|ing)(?:\sthe)?\s(?:dose|dosage)|bump(?:ed)?(?:\sup)?",
    ),
    (
        S.NEW,
        r"(?:re)?start(?:s|ed|ing)?|resum(?:e|es|ed|ing)|begin|began|begun|initiat(?:e"
        r"|es|ed|ing|ion)(?:\sof)?|prescrib(?:e|es|ed|ing)"
        r"|prescriptions?\s(?:\w+\s){0,3}?(?:for|of)|scripts?\sfor|rx|add(?:s|ed|ing)?"
        r"|plac(?:e|ed|ing)(?:\s(?:him|her|the\spatient|them))?\son"
        r"|put(?:ting)?(?:\s(?:him|her|the\spatient|them))?\son|recommend(?:s|ed|ing)?"
        r"|advis(?:e|ed|ing)|encouraged|suggest(?:s|ed)?|try|trying|commenced?"
        r"|order(?:ed)?|(?:switch(?:ed|ing)?|chang(?:ed?|ing)|transition(?:ed|ing)?"
        r"|convert(?:ed)?)(?:\s[\w-]+){0,4}?\s(?:over\s)?to|(?:discharg(?:e"
        r"|ed)|d/c(?:'?d)?)(?:\shome)?\s(?:on|with|w/)|sent\shome\s(?:on|with)|will\s(?:take|give|use"
        r"|treat|get|be\son|need|receive|go\shome)|treat\swith|trial\sof"
        r"|(?:->|=>|→)(?=\s?$)|giv(?:e|ing)(?:\s(?:you|him|her|them))?|administer|use(?=\s)",
    ),
    (
        S.ACTIVE,
        r"(?:stick(?:ing)?|go)\swith|(?:is|are|currently|being|well|now)\s(?:treated|managed|controlled)\s(?:with|by|on)|carry\son\swith|continu(?:e|es|ed|ing)|maintain(?:ed|s)?|remain(?:s|ed)?|refill(?:s|ed)?"
        r"|renew(?:ed)?|still|currently|takes|taking|(?:is|are|be|stay|been|also"
        r"|currently|daily)\son|(?<!not\s)on(?=\s)(?!\s(?:(?:sun|mon|tues|wednes|thurs|fri|satur)day|exam|arrival|admission|discharge"
        r"|presentation|the\s(?:left|right|floor|day|morning)|\d))|us(?:es|ing)|using|compliant\swith"
        r"|controlled\s(?:with|on|by)|well\son|managed\s(?:with|by)|tolerat(?:es|ing)"
        r"|medications?\s(?:are|include|includes|including|consist\sof)"
        r"|meds(?:\sinclude)?:?|keep(?:s|ing)?",
    ),
)
AFTER: tuple[tuple[MedicationStatus, str], ...] = (
    (
        S.ALLERGY,
        r"(?<!for\s)(?<!the\s)(?<!your\s)(?<!my\s)(?<!his\s)(?<!her\s)(?<!seasonal\s)allerg(?:y|ies)"
        r"|(?:causes?|caused|causing|gives?|gave|makes?"
        r"|made)\s(?:\w+\s){0,4}?(?:rash|hives|itch(?:y|ing)?|cough|myalgias?|swell(?:ing)?|nause(?:a|ous)"
        r"|anaphylaxis|angioedema|reaction|vomit(?:ing)?|throw\sup|upset|sick|palpitations|dizz(?:y|iness)"
        r"|break\sout|short\sof\sbreath|feel\s\w+|allergic\s\w+|dermatitis|conjunctivitis|dystonia|seizures?"
        r"|hallucinations?|drowsiness|sedation|tremors?|constipation|bleeding|an?\sulcer|edema)|made\s(?:him|her|me|them)\s(?:\w+\s)?\w+|intoleran(?:t|ce)"
        r"|\((?:rash|hives|itching|anaphyla\w+|swelling|cough|nausea|angioedema"
        r"|gi\supset|upset\sstomach)",
    ),
    (
        S.STOPPED,
        r"(?:(?:was|were|is|are|been|be|being|have|has|now|recently|subsequently|since"
        r"|this|which|will|to)\s(?:\w+ly\s|since\s|then\s|was\s|been\s|be\s"
        r"|were\s)*)?(?:discontinued|stopped|d/c'?d|dc'?d|ceased|withdrawn|weaned\soff"
        r"|tapered\soff)|in\sthe\spast|previously|didn't\shelp|did\snot\shelp"
        r"|without\s(?:relief|benefit|improvement|success)|(?:was\s)?(?:changed"
        r"|switched|replaced)\s(?:to|by|with)|no\slonger|stopped"
        r"|which\s(?:he|she)\s(?:\w+\s){0,2}?(?:discontinued|stopped|quit)"
        r"|(?:was|were|has\sbeen|had\sbeen)\s(?:previously\s|once\s|briefly\s)?tried"
        r"|(?:was|were|is|are)\snot\s(?:\w+\s)?(?:helpful|effective|successful)"
        r"|(?:and|then)\s(?:(?:was|were|has\sbeen|had\sbeen|then|later|subsequently)\s){0,2}"
        r"(?:(?:switched|changed|transitioned|converted)\s(?:over\s)?to|replaced\s(?:by|with))"
        r"|neither\sof\s(?:which|these|them)|(?:was|were|proved)\s(?:ineffective|unsuccessful|unhelpful"
        r"|not\s\w*\s?effective)|had\s(?:no|little)\s(?:\w+\s)?(?:effect|benefit|response)|will\snot\s(?:be\s)?continued?"
        r"|(?:from\s)?(?:19|20)\d\d\s?(?:through|thru|to|until|-|–)\s?(?:19|20)\d\d"
        r"|but\s(?:that|this|it|they|she|he|i)\s(?:(?:was|were|got|had)\s(?:\w+\s)?)?(?:stopped|discontinued|quit)"
        r"|(?:[|\t]|[-–:]\s?|\s\s)\s*(?:discontinued?|stop(?:ped)?|d/c(?:'?d)?)\b|\((?:discontinued|stopped|d/c)",
    ),
    (
        S.HELD,
        r"(?:should|can|may|to|will)\sbe\s(?:restarted|resumed)\s(?:by|in|after|once|when|at)\b|(?:(?:was|were|is|are|been|be|being|will|has|have|should|to)\s(?:\w+ly\s"
        r"|be\s|been\s|currently\s)*)?(?:held|withheld|suspended|on\shold"
        r"|placed\son\shold)|(?:[|\t]|[-–:]\s?|\()\s*(?:hold|held|on\shold)\b",
    ),
    (
        S.COMPLETED,
        r"(?:was|were|has|had|have)\s(?:been\s)?(?:\w+ly\s)?(?:completed|finished"
        r"|given|administered|infused|injected|instilled|infiltrated|used)"
        r"|(?:course\s)?(?:completed|finished)|(?:was\s)?given(?=\s?(?:[,.;]|$))|(?:was\s)?given\s(?:today|here|x\s?\d|in\s(?:the\s)?(?:ed|er|clinic|office)\b)"
        r"|(?:[|\t]|\()\s*completed?\b",
    ),
    (
        S.CHANGED,
        r"(?:(?:was|were|has|is|will)\s(?:been\s|be\s|\w+ly\s)*)?(?:increased"
        r"|decreased|titrated|adjusted|reduced|doubled)|to\sbe\s(?:increased"
        r"|decreased)|→|->",
    ),
    (
        S.NEW,
        r"(?:can|may|should)\sbe\s(?:taken|used)(?=\s(?:for|as|prn|if|every|up))"
        r"|(?:was|were|has\sbeen|will\sbe|is\sbeing|to\sbe)\s(?:\w+ly\s|then\s"
        r"|also\s)*(?:(?:re)?started|initiated|added|prescribed|begun|resumed|ordered)",
    ),
    (
        S.ACTIVE,
        r"(?:was|were|is|will\sbe|to\sbe|has\sbeen)\s(?:\w+ly\s)*(?:continued|refilled|renewed)",
    ),
    (
        S.NOT_TAKING,
        r"(?:wo\s?n['’]t|will\snot|(?:would|does|did|is)\s?n['’]t)\s(?:really\s|going\sto\s)?(?:help|work)"
        r"|(?:(?:was|were|is|has)\s(?:been\s)?)?(?:refused|declined|not\s(?:started|given"
        r"|tolerated|taken|been\sfilled|prescribed|recommended|indicated|needed|required|used|necessary))|(?:were|was"
        r"|is|are)\scontraindicated",
    ),
    (
        S.PLANNED,
        r"(?:may|might|could|can)\s(?:also\s)?be\s(?:\w+ly\s)*(?:considered|tried"
        r"|added|started|used|given|needed|helpful|beneficial)|(?:was"
        r"|were)\s(?:discussed|considered|offered)|(?:was\s|were\s)?discussed|is\splanned|are\splanned"
        r"|(?:was\s)?(?:offered|deferred)",
    ),
)
_BEFORE = tuple((s, re.compile(rf"(?<![\w-])(?:{p})(?![\w])", re.I)) for s, p in BEFORE)
_AFTER = tuple((s, re.compile(rf"(?<![\w-])(?:{p})", re.I)) for s, p in AFTER)
_CLAUSE = re.compile(
    r";|\n\s*\n|[.:?!]\s|\bbut\b(?!\s(?:not|(?:that|this|it|they)\s(?:was|were|got|had|made|caused|gave|did|stopped))\b)|\bhowever\b|\balthough\b"
    r"|\bthen\b(?!\s(?:was\s)?(?:switched|changed|transitioned|converted)\b)",
    re.I,
)
_LISTED = re.compile(r"^[\s,]*(?:and|or|as\swell\sas|plus|&|/|,)?\s*$", re.I)
# Of drugs in a list only a plural verb speaks of all: "A and B were stopped".
# What may stand between a verb and the drug that it takes: "albuterol, stopped her sertraline".
_NEXT = re.compile(r"(?:\s(?:taking|using|the|his|her|my|home|all))*\s", re.I)
_PLURAL = re.compile(r"which|were|have|are|both|all|cause|caused|to be|will be", re.I)
_OTHER_SUBJECT = re.compile(r"\band\b|\b(?:that|which)\s(?:he|she|they|i|we|the)\b", re.I)
_HEADING = re.compile(
    r"\b(?:stop|stopped|discontinued?|hold|held|continued?|start|new|changed?|increased?|decreased?"
    r"|resume|avoid|completed?)(?:\s(?:taking|these|the|following|medications?|meds|use|using))*:$",
    re.I,
)
_SWITCH = re.compile(
    r"\b(?:switch|chang|transition|convert|replac|swap|substitut)(?:e|es|ed|ing|ped|ping)?"
    r"(?:\s(?:him|her|them|you|me|the\spatient|from|over|the|his|her|your|my|out)){0,3}\s$",
    re.I,
)
_TO = re.compile(
    r"[\s_,]{1,40}(?:to|with|for|by|over\sto)\s(?!(?:once|twice|every|daily|a\b|the\b)|[\d_])", re.I
)
_TO_DOSE = re.compile(r"\s(?:from\s[_\s\d]+)?to\s[\d_]", re.I)
_ON_CONDITION = re.compile(
    r"\s(?:only\s)?if\s(?!needed|necessary|able|tolerated|indicated|possible|desired|pain|fever)",
    re.I,
)
# What opens a clause that only a later event makes true: "If not better, we will change to …".
_SHOULD = re.compile(
    r"\W*(?:(?:and|but|so|then|now|okay|again|also)\W+)*(?:if\s(?!you\s(?:could|can|would|don)|(?:that|it)(?:\s?['’]s|\sis)"
    r"\s(?:ok|all|fine)|needed|possible|necessary|tolerated)|unless\b|in\s(?:the\s)?(?:case|event)\b"
    r"|should\s(?!(?:be|have|take|continue|use|start|stop|return|follow|try|get)\b)\w)",
    re.I,
)
_STARTS = re.compile(r"[.;?!]\s|\n")
_LATER_ON = re.compile(
    r"(?:\s(?!daily|mg|as\b)[A-Za-z-]+){0,4}\sif\s(?!needed|necessary|able|tolerated|indicated|possible|desired|you\b"
    r"|pain|fever|ok)",
    re.I,
)
_FOR_ANY = re.compile(r"\s(?:for|during|with|if)\s(?:any|an?|there|he|she|you|they)\b", re.I)
_ARROW = re.compile(r"[\s_]*(?:->|=>|→)\s*")
_WHEN_LOW = re.compile(
    r"[^.\n;]{0,40}?\b(?:if|for|when)\s(?:the\s|his\s|her\s)?(?:sbp|hr|bp|systolic|map|rr|pulse"
    r"|heart\srate|blood\spressure|inr|glucose|bg|fsbs|sedat\w+)\s?(?:is\s)?(?:<|>|less|below|under|above|greater|\d)",
    re.I,
)
_NOT_ON = re.compile(r"\bnot\s(?:currently\s)?(?:on|taking)\s(?:any\s)?\Z", re.I)
_WAS_HELD = re.compile(r"\b(?:held|stopped|withheld)\sfor\b", re.I)
_DATED = re.compile(
    r"\s(?:(?:back\s)?in\s(?:19|20)\d\d\b|last\s(?:year|spring|summer|fall|autumn|winter)\b"
    r"(?=[^.;]{0,30}\b(?:switched|changed|stopped|but))"
    r"|(?:back\s)?in\sthe\s(?:spring|summer|fall|autumn|winter)\b)",
    re.I,
)
_AS_AT_HOME = re.compile(
    r"\b(?:home|outpatient|usual|prior|previous|regular|preadmission|pre-admission|same|other|chronic)"
    r"\s(?:med(?:ication)?s|medicines|drugs|regimen)\b(?!\s(?:stopped|changed))"
    r"|\b(?:same|unchanged)\s(?:as|from)\b|\bas\s(?:before|on\sadmission)\b",
    re.I,
)
_TRIED = re.compile(r"\b(?:tried|failed|discontinued|stopped|former)\b", re.I)
_IN_EMERGENCY = re.compile(r"(?:ed|er|emergency|preop\w*|intraop\w*|operative)\b", re.I)
_ANESTHESIA = re.compile(r"anesthe|procedure|operation", re.I)
_BEGUN = (S.NEW, S.ACTIVE, S.CHANGED, S.HELD, S.COMPLETED)
_THEN = r"(?:\band|\bthen|\bbut|,)\s(?:\w+\s){0,4}?"
_LATER = (
    (re.compile(rf"{_THEN}(?:discontinued|stopped|d/c'?d)\b", re.I), S.STOPPED),
    (re.compile(rf"{_THEN}(?:held|withheld)\b", re.I), S.HELD),
    (re.compile(rf"{_THEN}(?:restarted|resumed|continued|reintroduced)\b", re.I), S.ACTIVE),
)
_GOVERNING = (S.NOT_TAKING, S.PLANNED)
_GOVERNS = 6  # code points between a governing cue and the verb it governs

LISTS = frozenset({"medications", "discharge_medications"})
_NEAR = 400  # code points to either side in which a cue is looked for
SECTION: dict[str, MedicationStatus] = {
    "allergies": S.ALLERGY,
    "procedure": S.COMPLETED,
    "hospital_course": S.ACTIVE,
    "immunizations": S.COMPLETED,
}


def status(document: Document, drug: Place, drugs: list[Place]) -> tuple[MedicationStatus, bool]:
    """The status of one of the document's `drugs` (in order), and whether a cue said so."""
    start, end = drug
    key = key_at(document, start)
    if key == "allergies" and _NOT_ON.search(document.text, max(0, start - _NEAR), start):
        return S.NOT_TAKING, True
    if key == "allergies" or dialogue.allergic(document, start):
        return S.ALLERGY, True
    replied = dialogue.replied(document, end)
    if replied is not None:
        return replied, True
    return _by_cue(document, key, drug, drugs) or _by_place(document, key, drug)


def _by_cue(
    document: Document, key: str, drug: Place, drugs: list[Place]
) -> tuple[MedicationStatus, bool] | None:
    """What the words beside the drug say; None where they say nothing."""
    start, end = drug
    first, last = sentence_at(document, start)
    first, last = max(first, start - _NEAR), min(last, end + _NEAR)
    low = _WHEN_LOW.match(document.text, end)
    if low and not _WAS_HELD.search(low[0]):
        return S.ACTIVE, False  # "hold if SBP < 100" is how it is taken
    given = key == "hospital_course" and _sent_home(document)
    after = _after(document.text, end, last, drugs)
    if after is not None and not (given and after in (S.NEW, S.ACTIVE)):
        return after, True
    left = _clause(document.text, first, start)
    before = _exchanged(document.text, left, end) or _before(left)
    if before is S.NEW and (
        _SHOULD.match(_STARTS.split(document.text[first:start])[-1])
        or _LATER_ON.match(document.text, end)
    ):
        return S.PLANNED, True
    if before is S.HELD and _FOR_ANY.match(document.text, end):
        return S.ACTIVE, False  # "hold it for any infection" tells how it is taken
    if before is S.ACTIVE and _DATED.match(document.text, end):
        return S.STOPPED, True
    if given and before is S.ACTIVE and _home_goes_on(document):
        return S.ACTIVE, False
    if given and before in (None, S.NEW, S.ACTIVE):
        return S.COMPLETED, False  # the list of what the patient goes home on decides
    if before is not None and not (key in LISTS and before is S.COMPLETED):
        return before, True
    return (S.PLANNED, True) if _ON_CONDITION.match(document.text, end) else None


def _by_place(document: Document, key: str, drug: Place) -> tuple[MedicationStatus, bool]:
    """What the title above says, else the section."""
    title = _title(document, drug[0])
    if _TRIED.search(title):
        return S.STOPPED, True
    if _ANESTHESIA.match(title) or (key == "hospital_course" and _IN_EMERGENCY.match(title)):
        return S.COMPLETED, False
    # What a patient is sent home on is the last word on it.
    return SECTION.get(key, S.ACTIVE), key == "discharge_medications"


def _title(document: Document, start: int) -> str:
    """The innermost title above; "" before the first."""
    at = bisect_right(document.titles, start) - 1
    return document.sections[at].title.quote if at >= 0 else ""


def _sent_home(document: Document) -> bool:
    return any(section.key == "discharge_medications" for section in document.sections)


def _home_goes_on(document: Document) -> bool:
    """Whether the list of what the patient goes home on names drugs only as those of home."""
    return any(
        _AS_AT_HOME.search(document.text, section.start, section.end)
        for section in document.sections
        if section.key == "discharge_medications"
    )


def _clause(text: str, first: int, start: int) -> str:
    """The clause to the left; a colon behind a cue ("STOP taking: …") opens none."""
    left = _masked(text, first, start)
    cuts = [m.end() for m in _CLAUSE.finditer(left) if not _HEADING.search(left, 0, m.start() + 1)]
    return left[cuts[-1] :] if cuts else left


def _exchanged(text: str, left: str, end: int) -> MedicationStatus | None:
    """A drug that is left for another ("switch omeprazole to famotidine") or for another dose."""
    if not _SWITCH.search(left):
        return None
    right = _masked(text, end, min(len(text), end + _NEAR))
    return S.STOPPED if _TO.match(right) else S.CHANGED if _TO_DOSE.match(right) else None


def _before(clause: str) -> MedicationStatus | None:
    """The cue nearest to the drug in the clause to its left."""
    if not clause.strip(" \n-"):
        return None
    found = [(m.end(), m.start(), s) for s, rule in _BEFORE for m in rule.finditer(clause)]
    if not found:
        return None
    # Of cues that end together the longer one is the more specific.
    _, begins, said = max(found, key=lambda f: (f[0], -f[1]))
    # "consider adding", "refused to start": what governs the verb decides.
    governs = [s for e, _, s in found if 0 <= begins - e <= _GOVERNS and s in _GOVERNING]
    if governs and governs[0] is S.PLANNED and said in (S.STOPPED, S.HELD):
        return S.ACTIVE  # "consider stopping" it
    return governs[0] if governs and said in (S.NEW, S.CHANGED, S.ACTIVE) else said


def _masked(text: str, start: int, end: int) -> str:
    """text[start:end] without the sigs in it, whose points ("p.o. q.d.") end no clause."""
    out, at = [], start
    for part in sig.find(text, start, end):
        out += [text[at : part.start], "_" * (part.end - part.start)]
        at = part.end
    return "".join(out) + text[at:end]


def _after(text: str, end: int, last: int, drugs: list[Place]) -> MedicationStatus | None:
    """The first cue to the right before another drug, unless that drug is joined in a list."""
    at, alone, stop = end, True, last
    for i in between(drugs, end, last):
        a, b = drugs[i]
        if not _LISTED.match(text[at:a]):
            stop = a
            break
        at, alone = b, False
    right = _masked(text, at, stop)
    if stop < last and _ARROW.fullmatch(right):
        return S.STOPPED  # "lisinopril -> losartan"
    cut = _CLAUSE.search(right)
    clause = right[: cut.start()] if cut else right
    if not clause.strip(" \n_"):
        return None
    found = [
        (m.start(), -m.end(), s)
        for s, rule in _AFTER
        for m in rule.finditer(clause)
        if (alone or _PLURAL.match(m[0]))
        and not _OTHER_SUBJECT.search(clause, 0, m.start())
        and not (
            " " not in m[0] and stop < last and cut is None and _NEXT.fullmatch(clause, m.end())
        )
    ]
    if not found:
        return None
    said = min(found)[2]
    # "was started and discontinued on day 2": the last word counts.
    later = [s for rule, s in _LATER for m in rule.finditer(clause, -min(found)[1])]
    return later[-1] if said in _BEGUN and later else said
