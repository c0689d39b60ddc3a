"""The words that tell what a patient does with a drug, as two tables: before the drug, after it."""

from __future__ import annotations

from nlp.types import MedicationStatus

S = MedicationStatus

# The object of a verb that may have none: "dropped her metoprolol", but "the pressure dropped".
_OBJECT = r"(?=\s(?:(?:the|his|her|my|your|their|all|iv|po|oral|home)\s){0,2}$)"
_WHO = r"(?:she|he|they|we|i|mom|mum|mother|dad|father|(?:the|her|his|my)\s\w+)"
# Cues that stand before the drug; of several, the one that ends nearest to it wins.
BEFORE: tuple[tuple[MedicationStatus, str], ...] = (
    (
        S.ALLERGY,
        r"allerg(?:y|ies|ic)[\"”']?(?:\sreactions?)?\s?(?:to\b|:|-|with\b|includ\w+|(?:are|is)\b(?!\s(?:bad|worse|better|acting|good|fine|flar\w+|terrible|awful|really|so|pretty|under|doing)\b))|intoleran(?:t"
        r"|ce)s?\s?(?:of|to|:)?|sensitiv(?:e|ity|ities)\s?(?:to|:)"
        r"|(?<!treat\s)(?<!treated\s)(?<!for\s)(?<!the\s)(?:rash|hives|urticaria|angioedema)\s(?:to|from|w/)|(?:adverse\s)?reactions?\s(?:to|with)|anaphyla\w+\s(?:to|from|with)",
    ),
    (
        S.NOT_TAKING,
        r"not\s(?:interested\sin|willing\sto\s\w+|keen\son|a\scandidate\sfor)|not\s(?:been\s)?(?:currently\s|yet\s)?(?:tak(?:e|en|ing)|us(?:e|ed|ing)|on"
        r"|start(?:ed)?|restart(?:ed)?|require[ds]?|need(?:ed)?|given|receiv(?:e|ed"
        r"|ing)|be\son|filled|tolerate)|never\s(?:took|taken|used|been\son|started"
        r"|filled)|den(?:ies|ied|ying)(?:\s(?:taking|using|(?:any\s)?use\sof))?"
        r"|refus(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|reject(?:s|ed|ing)?|without|avoid(?:s|ed|ing)?|(?:stay(?:s|ing|ed)?\saway|steer\sclear|keep\saway)\s(?:from|of)|(?:asked"
        r"|told|advised|instructed|counseled|cautioned|warned)\snot\sto\s\w+"
        r"|never\stakes?|no\s(?:longer\s(?:on|taking|using|takes|uses)|history\sof|use\sof|need\sfor"
        r"|further|more|evidence)|out\sof\sher|non-?complian(?:t"
        r"|ce)\swith|contraindicat\w+|but\snot|n't\s(?:take|taking|taken|use"
        r"|been\staking|want)|(?:would|will|do|should)\s(?:not|n't)\s(?:use|start|give|prescribe|recommend|take)"
        r"|(?:would|did|wo|do|does)n['’]t\s(?:use|start|give|prescribe|recommend|take|wanna|want(?:\sto)?)|unable\sto\s(?:take|tolerate)|can(?:not|'t)\s(?:take"
        r"|tolerate)|could\snot\stolerate|failed|rather\sthan|(?:rather|prefer)\snot(?:\sto)?",
    ),
    (
        S.STOPPED,
        r"(?<!be\s)(?<!was\s)(?<!were\s)(?<!been\s)(?<!is\s)(?<!recently\s)(?:(?:self-)?discontinu(?:e"
        r"|es|ed|ing)|d/c(?:'?d)?(?!\s(?:home|to\b|on\b|with|w/|meds|instr))|stop(?:s|ped|ping)?(?!\s(?:smoking|drinking|eating"
        r"|working|by\b))|ceas(?:e|ed|ing)|quit(?!\ssmoking)|withdr(?:aw|ew|awing)|abandon(?:ed|ing)?|eliminat(?:e|ed|ing)|terminat(?:e|ed|ing)"
        rf"|(?:drop(?:s|ped|ping)?|cancel(?:s|l?ed|l?ing)?|quitting|removing){_OBJECT})(?:\s(?:taking|using|the\suse\sof))?"
        r"|(?:taken|took|take"
        r"|weaned?|weaning|tapered?|come|came|been|is|was|now|currently)\soff"
        r"|off(?:\sof)?(?!\s(?:at|since|post|after|by|yesterday|today|overnight|until|till|because|due|for|on|\d))"
        rf"|dc(?:'?(?:d|ing))?{_OBJECT}"
        r"|wean(?:ed|ing)?\s(?:himself|herself)\s(?:off|from)|discontinuation\sof|cessation\sof|instead\sof|in\splace\sof|(?:switch(?:ed"
        r"|ing)?|chang(?:ed?|ing)|transition(?:ed|ing)?|convert(?:ed)?|rotat(?:ed"
        r"|e))(?:\s(?:him|her|the\spatient|them|over))?\sfrom|previously\s(?:on|took"
        r"|taking|taken|used|treated\swith|prescribed)|formerly\son|used\sto\s(?:take"
        r"|be\son|use)|(?:has|had|have)\s(?:tried|failed|previously\s\w+)|tried(?:\son)?"
        r"|(?:past|prior|previous|failed|former)\s(?:[\w-]+\s){0,2}?(?:trials?|meds|medications?|agents?|regimens?"
        r"|dmards?|biologics?|therap(?:y|ies)|treatments?|antidepressants?|antipsychotics?|aeds?|drugs|chemo\w*|inhalers|statins"
        r"|triptans|preventi\w+|abortives?)"
        r"(?:\s(?:of|with|to|on|were|include[sd]?|have\sincluded))?:?"
        r"|(?:prior|previous|past)\s(?:[\w-]+\s)?(?:myalgias?|intoleran\w+|reactions?|side\seffects?|trouble|problems?|failure|use"
        r"|cough|rash|angioedema|nausea|bleed\w*|toxicity|rhabdo\w*|pancreatitis|response)\s(?:on|with|to|from|of)"
        r"|substitut(?:ed|ing|e)\sfor|had\s(?:me|him|her|them|the\spatient)\son|initially\s(?:\w+\s){0,2}?(?:on|with|given|received)"
        r"|in\sthe\s(?:remote\s|distant\s)?past,?\s(?:(?:he|she|i|they|(?:the\s)?patient)\s)?(?:(?:has|have|had|was|were)\s)?"
        r"(?:(?:been|also|previously)\s)*(?:on|taken|taking|used|treated\swith|prescribed|given|placed\son|received)"
        r"|(?:was|were|been)\stried\son|(?<=\bi\s)was\s(?:doing|using)|\((?:initially|was|were|previously|prev|formerly|prior|ex)\b[^()]{0,40}$|(?:swapped|simplified|tapered|weaned|stepped\s(?:down|up))\sfrom|(?:failed|had|after)\s(?:a\s)?trial\sof|history\sof\s(?:taking|using)|last\stook|replac(?:e|ed|ing)"
        r"|remov(?:e|ed|al)\s(?:of)?|(?:was|were|had\sbeen)\s(?:previously\s|formerly\s)?(?:on"
        r"|taking)(?=\s)|(?:quit|stop(?:ped)?)\s(?:that|this)|ran\sout\sof",
    ),
    (
        S.HELD,
        rf"hold(?:ing)?(?!\soff)|held|withh(?:old|eld)(?:ing)?|suspend(?:ed|ing)?|(?:paus(?:e|ed|ing)|omit(?:ted|ting)?|interrupt(?:ed|ing)?){_OBJECT}"
        r"|hold\soff(?:\son)?",
    ),
    (
        S.COMPLETED,
        r"(?:had|finished|completed|received|after|following|given)\s(?:a|an|his|her)\s(?:[\w-]+\s){0,2}?"
        r"course\sof(?:\s(?:oral|iv))?|(?:completed|finished|received|had)\s[^.;]{0,60}?\bcourse\sof|(?:multiple|several|many|prior|previous|repeated|one|two|three|\d)"
        r"\s(?:[\w-]+\s){0,2}courses?(?:\sof)?|despite|complet(?:e|ed|es|ing|ion)(?:\s(?:a|his|her|the|of)){0,2}(?:\s(?:full"
        r"|\d+-?\s?days?|course))*(?:\sof)?|finish(?:ed|ing)?|(?:was|were|been"
        r"|being)\s(?:then\s|also\s)?(?:given|treated\s(?:\w+\s){0,2}with|administered|infused"
        r"|injected\swith|loaded\swith|bolused)|received|required|(?:treated|medicated|covered)\s(?:with|w/|w)"
        r"|(?<!monthly\s)(?<!weekly\s)(?<!daily\s)injections?\s(?:of|with)|given(?!\s(?:a\s)?(?:prescription|rx|script)|\s(?:the|that|her|his|their|this|concerns?|history|risk)\b)|gave(?!\s(?:him"
        r"|her)?\s?(?:a\s)?(?:prescription|script))|responded\sto|status\spost|s/p"
        r"|injected\swith|infiltrated|anesthetized\swith|anesthesia(?:\s(?:was\s(?:\w+\s)?)?(?:using|by|of))?|local\swith|underwent\s[^.;]{0,60}?\bwith|(?:chemotherapy|radiation|induction)\swith|premedicated\swith|thrombolysed\swith|thrombolyzed\swith"
        r"|irrigated|instilled|induced|(?:dilated|prepped|sedated|sedation|numbed|block|spinal|epidural|closed|dressed|scrubbed)"
        r"\s(?:\w+\s)?with|\bcycles\sof|treated\s(?:in|at)\s(?:\w+\s){1,4}?with|\bload\sof"
        r"|took\s(?:too\smany|a\slot\sof|an?\soverdose\sof)|overdos(?:e|ed|ing)\s(?:of|on|with|by)|od(?:'?e?d)?\son|cured\s(?:with|by)|(?<=\bi\s)had(?=\s$)|(?<!i\s)(?<!ve\s)(?<!still\s)got(?=\s)|post(?=\s$)"
        r"|cleared\s(?:up\s)?(?:with|after|on)|(?:(?:colono|endo|broncho|cysto|arthro|laparo)scopy|biopsy|anesthetic)\s(?:\w+\s)?under",
    ),
    (
        S.PLANNED,
        r"(?:asks?|asked|asking|wonder\w*)\s(?:whether|if|about)\b[^.;]{0,40}?\b(?:on|take|taking|use|using|try|trying|start|starting|resume)"
        r"|if\s(?:not|no|worse\w*|still|symptoms|sx|fail\w*|unable)[^.;]{0,50}?(?:->|→|\bthen|,)"
        r"|(?:over)?due\sfor|defer(?:s|red|ring)?|consider(?:s|ed|ing|ation)?(?:\sof)?|(?<!if\syou\s)could\s(?:benefit|try|use|be|add"
        r"|consider)|may\s(?:benefit|try|need|require|want|consider|use|be|add|start"
        r"|also)|might\s(?!be\s(?:the|from|due|your|related)\b)(?:\w+)|would\s(?:benefit|consider|like\sto\stry|require"
        r"|be\sa\scandidate)|if\s[\w\s]{0,60}?(?:then|will|would|can|we)|discuss(?:ed"
        r"|ing|ion)?(?:\s(?:about|of|starting|options?))*|options?(?:\s(?:would\s)?(?:of|include"
        r"|including|are))|candidate\sfor|risks?\s(?:and\sbenefits\s)?of|(?:some|many|most|other)\s(?:people|patients|folks|kids)\b[^.]{0,40}"
        r"|(?:talk(?:ed|ing)?|spoke|see|ask|doctor|specialist|\w+ologist|pharmacist)\b[^.]{0,30}\babout(?:\s(?:a|an|the))?|plan(?:s|ned"
        r"|ning)?\s(?:to|for|on)|wants\s(?:me|him|her|us)\s(?:on|to\s(?:try|take|start))|wonder(?:s|ed|ing)?|thinking\sabout|in\sthe\sfuture"
        r"|(?:future|possible)\s(?:use\sof)?|need\sfor|offer(?:ed|ing)?|eventually|(?:was|were)\s(?:gon\s?na|going\sto)\s(?:try|take|start|use)"
        r"|(?:could|might)\s(?:give|do|put|prescribe|switch|think\sabout)(?:\s\w+){0,6}?(?:\swith|\son|\sto)?"
        r"|(?:can|could|might)\s(?:try|think\sabout|look\sat|talk\sabout)|think\s(?:about|of)|escalate\sto|fail(?:s|ing)?,"
        rf"|thought\s(?:about|of)|toyed\swith|wants(?:\sto\s(?:try|start|restart))?{_OBJECT}"
        r"|maybe|perhaps|depending\son|should\s(?:he|she|they|this|it|the)|ask(?:s|ed"
        r"|ing)?\s(?:about|for)",
    ),
    (
        S.CHANGED,
        r"increas(?:e|es|ed|ing)|(?:incr?|decr?)(?=\s$)|decreas(?:e|es|ed|ing)|titrat(?:e|es|ed|ing)"
        r"|adjust(?:s|ed|ing)?|reduc(?:e|es|ed|ing)|rais(?:e|ed|ing)|lower(?:s|ed|ing)"
        r"|up-?titrat\w+|taper(?:ing)?|doubl(?:e|ed|ing)|cut(?:ting)?(?:\s(?:back|down))?(?:\son)?|halv(?:e|ed|ing)|chang(?:e|ed"
        r"|ing)(?:\sthe)?\s(?:dose|dosage)|bump(?:ed)?(?:\sup)?",
    ),
    (
        S.NEW,
        r"in\sfavou?r\sof|(?:replac(?:e|es|ed|ing)|substitut(?:e|ed|ing)|swap(?:ped|ping)?)\s(?:[^.;]{0,40}?\s)?(?:with|by)|(?:send|sent|sending)\s(?:in|over|out)|call(?:ed|ing)?\sin|swap(?:ped|ping)?\s[^.;]{0,40}?\sfor|(?:re)?start(?:s|ed|ing)?|resum(?:e|es|ed|ing)|begin|began|begun|initiat(?:e"
        r"|es|ed|ing|ion)(?:\sof)?|prescrib(?:e|es|ed|ing)"
        r"|prescriptions?\s(?:\w+\s){0,3}?(?:for|of)|scripts?\sfor|rx|add(?:s|ed|ing)?"
        r"|plac(?:e|ed|ing)(?:\s(?:him|her|the\spatient|them))?\son"
        r"|put(?:ting)?(?:\s(?:him|her|the\spatient|them))?\son|recommend(?:s|ed|ing)?"
        r"|advis(?:e|ed|ing)|(?:told|instructed|asked|reminded)\s(?:(?:him|her|them|pt|patient)\s)?to\s(?:take|use|continue|try)|re-?sent|encouraged|suggest(?:s|ed)?|try|trying|commenced?"
        r"|order(?:ed)?|(?:switch(?:ed|ing)?|chang(?:ed?|ing)|transition(?:ed|ing)?"
        r"|convert(?:ed)?|narrow(?:ed)?|broaden(?:ed)?|(?:de-?)?escalated|stepped\s(?:up|down)|cross-?\s?taper(?:ed|ing)?|bridged|weaned|rotated|simplified|swapped|reverted)(?:\s[\w-]+){0,4}?\s(?:over\s)?to|(?:discharg(?:e"
        r"|ed)|d/c(?:'?d)?)(?:\shome)?\s(?:on|with|w/)|complete\s(?:the\s)?course\s(?:with|of)|(?:sent|going|goes)\shome\s(?:on|with)|will\s(?:take|give|use"
        r"|treat|get|be\son|need|receive|go\shome)|treat\swith|trial\sof"
        r"|(?:->|=>|→)(?=\s?$)|giv(?:e|ing)(?:\s(?:you|him|her|them))?|administer|use(?=\s)",
    ),
    (
        S.ACTIVE,
        r"(?:has|have|with|for)\s(?:(?!\w*(?:itis|infect|pneumon|uti\b|abscess|fractur|attack|crisis|episode|flare|was\b|were\b|been\b))[\w'-]+\s){1,5}"
        r"(?:treated|managed|controlled)\s(?:with|by|on)|"
        r"(?:depression|anxiety|hypertension|htn|diabetes|dm|(?:hypo|hyper)?thyroidism|gerd|reflux|asthma|copd|epilepsy|migraines?"
        r"|bipolar\w*|schizophrenia|psoriasis|arthritis|ra|gout|osteoporosis|(?:hyper|dys)?lipidemia|cholesterol|adhd|insomnia|parkinson\w*"
        r"|lupus|colitis|crohn\S*|disease|disorder|syndrome|bph|a-?fib|fibrillation|chf|failure|hiv|tremor|neuropathy)"
        r"\s(?:currently\s|well\s)?(?:treated|managed|controlled)\s(?:with|by|on)|"
        r"(?:stick(?:ing)?|go)\swith|(?:is|are|currently|being|well|now)\s(?:treated|managed|controlled)\s(?:with|by|on)|carry\son\swith|cont\b|c/w|(?:avoid|hold\soff\son)\s[^.;]{0,40}?\s(?:w/|with|while\son)(?:\sthe)?|continu(?:e|es|ed|ing)|maintain(?:ed|s)?|remain(?:s|ed)?|refill(?:s|ed)?"
        r"|renew(?:ed)?|still|currently|just|needs(?:\sonly)?|(?<!you\s)(?<!i\s)(?<!to\s)(?<!when\s)take(?=\s)|takes|taking|(?:is|are|be|stay|been|also"
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
        r"(?<!for\s)(?<!the\s)(?<!your\s)(?<!my\s)(?<!his\s)(?<!her\s)(?<!seasonal\s)allerg(?:y|ies|ic\b(?!\s(?:rhin|asthma|conj)))"
        r"|(?:upset|bothered|irritated|hurt)\s(?:his|her|my|the|their)\s(?:stomach|gut|guts)"
        r"|provok(?:e|es|ed)\s(?:\w+\s)?(?:hives|rash|asthma|wheez\w+|angioedema|swelling)"
        r"|(?:causes?|caused|causing|gives?|gave|makes?"
        r"|made)\s(?:\w+\s){0,4}?(?:rash|hives|itch(?:y|ing)?|cough|myalgias?|swell(?:ing)?|nause(?:a|ous)"
        r"|anaphylaxis|angioedema|reaction|vomit(?:ing)?|throw\sup|upset|sick|palpitations|dizz(?:y|iness)"
        r"|break\sout|short\sof\sbreath|feel\s\w+|allergic\s\w+|dermatitis|conjunctivitis|dystonia|seizures?"
        r"|hallucinations?|drowsiness|sedation|tremors?|constipation|bleeding|an?\sulcer|edema|weight\sgain|agitat\w+|insomnia"
        r"|diarrhea|headaches?|fatigue|bruising|hypo\w+emia|hyperkalemia|neutropenia|thrombocytopenia|pancreatitis)|made\s(?:him|her|me|them)\s(?:\w+\s)?\w+|intoleran(?:t|ce)"
        r"|(?:->|=>|→)\s?(?:rash|hives|itch\w*|cough|swelling|angioedema|anaphyla\w+|nausea|vomiting|diarrhea|dizz\w+|myalgias?|bleed\w*|edema|gi\supset|headaches?)"
        r"|\((?:rash|hives|itching|anaphyla\w+|swelling|cough|nausea|angioedema"
        r"|gi\supset|upset\sstomach)",
    ),
    (
        S.STOPPED,
        r"but\s(?:(?:she|he|they|(?:the\s)?patient)\s)?(?:developed|experienced|could\snot\stolerate|couldn't\stolerate)"
        r"|(?:now\s)?on\s(?:a\s)?holiday|drug\sholiday|deprescribed|(?:has|have)\s(?:both\s|all\s|now\s)?gone\b(?!\s(?:up|down|well))|(?:is|are)\sout\b(?!\sof)|off\b(?=\s(?:since|at|yesterday|today|overnight|this|(?:x\s?)?\d+\s?(?:h|hrs?|hours?|d|days?|w|wks?|weeks?|mos?|months?|yrs?|years?)\b))"
        r"|off\b(?=\s*(?:[.,;()\n]|$|post\b|after\b))|told\sto\sstop|self[-\s]d/?c'?d|expired|lapsed"
        r"|turned\soff|made\sno\sdifference|did\snothing|(?:was\s|were\s)?useless|d/?c\b(?=\s*(?:[.,;)\n]|$|(?:per|by|today|yesterday|tonight|at|due|since|\d)\b))|gave\s(?:only\s)?(?:brief|little|no|temporary|minimal)\s(?:relief|benefit|improvement)|all\s(?:stopped|discontinued)|tried\b(?=\s*(?:[,.;(]|$|no\b|without|w/o))|ending\sin\s(?:19|20)\d\d|did(?:n't|\sn't|\snot)(?:\s(?:help|work|do\s(?:anything|much|a\sthing))|(?=\s*(?:[.,;]|$)))"
        r"|but\s(?:she|he|they|i|(?:the\s)?patient)\s(?:\w+ly\s|has\s|had\s|since\s)*(?:stopped|discontinued|quit|dropped)"
        r"|used\sto\s(?:work|help)|(?:that\s|it\s|which\s)?(?:worked|helped)\s(?:\w+\s){0,2}?(?:until|for\sa\swhile)"
        r"|(?:changed|switch(?:ed)?|replaced|substituted|swapped|stopped|discontinued|ceased|quit|dropped|d/c'?d)\s(?:it|this|that|these|them)\b"
        r"|(?:(?:was|were|is|are|been|be|being|have|has|now|recently|subsequently|since"
        r"|this|which|will|to)\s(?:\w+ly\s|since\s|then\s|was\s|been\s|be\s"
        r"|were\s)*)?(?:discontinued|stopped|d/c'?d|dc'?d|ceased|withdrawn|abandoned|eliminated|removed|cancell?ed|terminated|dropped(?!\sto\s[_\d])|quit|taken\soff|come\soff|weaned\soff"
        r"|tapered\s(?:and|then|off))|in\sthe\spast|previously|didn't\shelp|did\snot\shelp"
        r"|without\s(?:relief|benefit|improvement|success)|(?:(?:was|were|been)\s)?(?:changed|switched|replaced|swapped|rotated|converted|transitioned|simplified|cross-?\s?tapered)\s(?:over\s)?(?:to|by|with|for)|substituted\s(?:by|with)"
        r"|(?<!not\s)(?<!n't\s)(?:stop|discontinue|quit|drop|toss|throw\s(?:out|away)|get\srid\sof)\s(?:that|it|this|those|them)\b|(?:leave|put|throw)\s(?:that|it|those|them)\s(?:off|away|out)"
        r"|(?:took|taken|weaned|got)\s(?:him|her|me|them|herself|himself|myself)\soff|lost\s(?:its\s)?(?:effect\w*|efficacy|response)|stopped\sworking|wore\soff|(?:had\s|has\s)?ran\sout|i['’]?m\sout\sof\b(?=\s*(?:[.,;]|$))|off\s(?:your|the|his|her|my)\s(?:med\w*\s)?list|(?:has|have|had|is|been)\s(?:now\s)?off\s(?:it|them|this|that)\b|initially\b(?=\s*(?:[.;,)]|$))"
        r"|until\s(?:recently|last\s\w+|(?:about\s)?(?:a\s)?(?:few|couple|\w+)\s(?:of\s)?(?:days|weeks|months|years)\sago|(?:the\s)?(?:spring|summer|fall|autumn|winter),?\s(?:now|when|but))|no\slonger|stopped|ended\b|(?:should|will|to|must|is|was|remains?|stays?|stay|be\skept)\s(?:(?:remain|stay|be|kept)\s)*off\b"
        r"|(?:which|that)\s(?:he|she|i|we|they|(?:the|my|his|her)\s\w+)\s(?:\w+\s){0,5}?(?:discontinued?|stop(?:ped)?|quit|discard|dropped|withdrew|abandoned)\b"
        r"|(?:was|were|has\sbeen|had\sbeen)\s(?:previously\s|once\s|briefly\s)?tried"
        r"|(?:was|were|is|are)\snot\s(?:\w+\s)?(?:helpful|effective|successful)"
        r"|(?:and|then)\s(?:(?:was|were|has\sbeen|had\sbeen|then|later|subsequently)\s){0,2}"
        r"(?:(?:switched|changed|transitioned|converted)\s(?:over\s)?to|replaced\s(?:by|with)|discharged\s(?:home\s)?on)"
        r"|neither\sof\s(?:which|these|them)|(?:was|were|proved)\s(?:ineffective|unsuccessful|unhelpful"
        r"|not\s\w*\s?effective)|had\s(?:no|little)\s(?:\w+\s)?(?:effect|benefit|response)|(?:was|were|been|proved)\sof\s(?:no|little|limited|minimal)\s(?:\w+\s)?(?:benefit|help|use|value|effect)|(?:will|would|should|is|are)\snot\s(?:to\s)?(?:be\s)?(?:re-?)?(?:started|resumed|continued?)"
        r"|(?:from\s)?(?:19|20)\d\d\s?(?:through|thru|to|until|-|–)\s?(?:19|20)\d\d"
        rf"|but\s{_WHO}\s(?:\w+ly\s)?(?:stopped|discontinued|quit|held)\s(?:it|them|that)\b"
        r"|but\s(?:that|this|it|they|she|he|i)\s(?:(?:was|were|got|had)\s(?:\w+\s)?)?(?:stopped|discontinued|quit)"
        r"|(?:[|\t]|\s/|[-–:]+\s?|\s\s|\.{2,})\s*(?:discontinued?|stop(?:ped)?|d/?c(?:'?d)?)\b|(?:\(|(?:->|=>|→)\s?)(?:discontinued?|stop(?:ped)?|d/c)\b|and\sthen\s(?:on\s)?to\b|x\s?\d\scourses?",
    ),
    (
        S.HELD,
        r"(?:should|can|may|to|will)\sbe\s(?:restarted|resumed)\s(?:by|in|after|once|when|at)\b|(?:(?:was|were|is|are|been|be|being|will|has|have|should|to)\s(?:\w+ly\s"
        r"|be\s|been\s|currently\s)*)?(?:held|withheld|suspended|omitted|interrupted|on\shold"
        r"|placed\son\shold)|(?:[|\t]|[-–:]+\s?|\(|\.{2,})\s*(?:hold|held|on\shold)\b"
        r"|holding\b|paused|all\s(?:held|on\shold|withheld)|hold\b(?=\s*(?:[(.,;\n]|$|tonight|today|for\b|until|till?\b|in\b|during\b|before\b|while\b|x\s?\d))",
    ),
    (
        S.COMPLETED,
        r"(?:was|were|has|had|have)\s(?:been\s)?(?:\w+ly\s)?(?:completed|finished"
        r"|given|administered|infused|injected|instilled|infiltrated|used)"
        r"|(?:is|are)\s(?:now\s|all\s|long\s)*(?:completed?|finished)|(?:course|treatment)\s(?:(?:is|was)\s)?(?:now\s)?(?:done|over|complete)\b"
        r"|(?:which|that)\s(?:he|she|they|(?:the\s)?patient)\s(?:had\s)?(?:took|received)\b(?!\s(?:this|today|daily))"
        r"|(?:course\s)?(?:completed|finished)|(?:was\s)?given(?=\s?(?:[,.;]|$))|given\s(?:for|x)\s(?:\d|one|two|three|four|five|six|seven|ten)|compl\b|done\b(?=\s*(?:\d|[.,;)]|$|at\b|in\b|last\b))|(?:was\s)?given\s(?:today|here|x\s?\d|in\s(?:the\s)?(?:ed|er|clinic|office)\b)"
        r"|(?:(?:was|were)\s)?(?:given|used|administered)\s(?:\w+\s){0,2}?(?:throughout|during|before|prior\sto|for)"
        r"\s(?:the\s)?(?:\w+\s)?(?:procedure|case|surgery|operation|sedation|examination|intubation|induction|incision)\b"
        r"|(?:[|\t]|\(|\.{2,})\s*completed?\b",
    ),
    (
        S.CHANGED,
        r"(?:(?:was|were|has|is|will)\s(?:been\s|be\s|\w+ly\s)*)?(?:increased"
        r"|decreased|(?:up-?|down-?)?titrated|adjusted|reduced|doubled|halved|escalated)|to\sbe\s(?:increased"
        r"|decreased)|[|\t]\s*(?:changed?|increased?|decreased?)\b|(?:→|->)(?=\s?(?:_|\d|twice|once|daily|bid|tid|q\w))",
    ),
    (
        S.NEW,
        r"(?:refills?|prescriptions?|rx|scripts?|samples|supply)"
        r"\s(?:(?:was|were)\s)?(?:given|provided|dispensed|written|sent)\b"
        r"|(?:[|\t])\s*(?:new|start(?:ed)?|add(?:ed)?|begin)\b|instead\b(?!\sof)"
        r"|(?:can|may|should)\sbe\s(?:taken|used)(?=\s(?:_|for|as|prn|if\s(?:needed|necessary)|every|up))"
        r"|(?:was|were|has\sbeen|will\sbe|is\sbeing|to\sbe)\s(?:\w+ly\s|then\s"
        r"|also\s)*(?:(?:re-?)?(?:started|initiated|commenced|introduced)|instituted|reinstated|added|prescribed|begun|resumed|ordered)",
    ),
    (
        S.ACTIVE,
        r"(?:was|were|is|will\sbe|to\sbe|has\sbeen)\s(?:\w+ly\s)*(?:continued|refilled|renewed|maintained|kept|retained)|(?:[|\t]|\s/)\s*(?:(?:continued?|cont|same|unchanged|resumed?|ongoing)\b|_{3}(?=\s*[|\t]))|continues\b(?!\sto\b)"
        r"|(?:to|will|should)\sbe\s(?:held|stopped)\s(?:\w+\s){0,4}(?:before|prior|pre)",
    ),
    (
        S.NOT_TAKING,
        r"(?:which|that|but)\s(?:(?:he|she|they|(?:the\s)?patient)\s)?(?:has|have|had|did|does)(?:\s?n['’]t|\snot|\snever)\s(?:yet\s|been\s)*"
        r"(?:start|tak|took|fill|us|tr[iy]|pick)\w*|but\s(?:(?:she|he|they|(?:the\s)?patient|was|were|has|had)\s){0,2}(?:declined|refused|deferred|never\s(?:took|started|filled|picked))"
        r"|(?:wo\s?n['’]t|will\snot|(?:would|does|did|is)\s?n['’]t)\s(?:really\s|going\sto\s)?(?:help|work)"
        r"|(?:(?:was|were|is|has)\s(?:been\s)?)?(?:refuse[sd]|decline[sd]|rejected|avoided|unnecessary|not\s(?:started|given|desired|wanted"
        r"|tolerated|taken|been\sfilled|prescribed|recommended|indicated|needed|required|used|necessary))|(?:(?:were|was"
        r"|is|are)\s)?contraindicated|(?:were|was|is|are)\s(?:being\s)?avoided|not\s(?:currently\s|yet\s)?(?:taking|using|covered|approved|filled|available"
        r"|affordable)|never\s(?:filled|started|took|picked)|did(?:\snot|n't|\sn't)\stake\s(?:it|them)|(?:which|that)\s(?:he|she|they|i)\s(?:could|can)(?:not|\snot|n't)\s(?:afford|get|tolerate)|(?:advised|opted|decided|chose|elected)\sagainst|not\sadvised|discouraged|(?:must|should|to)\sbe\savoided|is\snot\san\soption|n/a\b|never\sagain|(?:is|are|was)(?:n't|\sn't|\snot)\s(?:a\s)?(?:great|ideal|safe|good|suitable|advisable|appropriate)\b|none\b(?=\s*(?:[.,;]|x\b|for\b|since\b|in\b|now\b|this\b))|(?:must|should|can|may)\s(?:never|not)\sbe\s(?!missed|skipped|stopped|interrupted|delayed|crushed|chewed)\w+|do\snot\s(?:restart|resume|give|use)|too\s(?:expensive|costly)",
    ),
    (
        S.PLANNED,
        r"(?:will|to|can|may|might|should)\sbe\s(?:\w+ly\s)*(?:(?:re)?started|resumed|initiated|added|given|ordered|used|considered|tried)\b"
        r"[^.;]{0,40}?\b(?:if|once|when|should|unless)\s(?!needed|necessary|pain|fever)"
        r"|is\s(?:also\s|still\s)?(?:an|another|one|the\snext)\s(?:other\s)?(?:option|possibility|alternative)|(?:(?:will|would)\sbe|(?:has|have)\sbeen)\sconsidered|to\s(?:start|begin|resume|restart)\s(?:in|at|after|when|once|on|if|next)\b"
        r"|(?:will|to)\sbe\s(?:given|used|administered|started|added|offered|considered)\s(?:peri|pre|post|before|after|prior|at\sthe"
        r"|during|if|when|once)|(?:may|might|could|can)\s(?:also\s)?be\s(?:\w+ly\s)*(?:considered|tried"
        r"|added|started|used|given|needed|helpful|beneficial)|(?:was"
        r"|were)\s(?:discussed|considered|offered)|(?:(?:was|were|is|are|has\sbeen|had\sbeen|have\sbeen)\s)?(?:discussed|proposed|suggested)|to\sbe\s(?:arranged|organi[sz]ed|booked|decided|discussed)|would\sbe\s(?:an?|another)\s(?:option|alternative|possibility|choice)|is\splanned|are\splanned|awaiting\b|pending\s(?:approval|insurance|auth\w*|pa\b)"
        r"|(?:was\s)?(?:offered|deferred)|considered\b(?!\s(?:safe|first|stable|effective|to|a|an|the)\b)",
    ),
)
# Every cue of AFTER holds one of these, and few clauses do: the table is tried in those alone.
_STEMS = """
    safe ideal great suitable advisab appropriate choice courses stomach initially unnecessar
    afford await pending bother irritat hurt gut allerg caus give gave mak made intoleran rash
    hives itch anaphyl swell cough nause angioed upset off self expired lapsed ending did but
    holiday deprescri never none must discard withdrew used worked helped chang switch replac
    substitut swap stop discontinu quit drop d/c dc ceas withdrawn abandon wean taper past
    previous help without longer not n't neither effect success benefit value useless had 19 20
    transition convert tried held hold suspend compl finish administ infus inject instill infiltr
    done increas decreas titrat adjust reduc doubl -> → provided dispensed written sent start
    initiat added prescri begun resum order continu refill renew which that refus declin contraind
    avoid too be discuss consider offer planned defer option possib alternative paus provok propos
    suggest arrang organi book decided discourag against ended discharg omit interrupt eliminat
    remov cancel terminat commenc introduc institut reinstat maintain kept retain halv escalat
    reject | wore until toss simplified rotat
"""
# Short words, told apart from parts of others.
_WORDS = (
    " ran out", " is out", " are out", "m out of", " list", " over", " gone", " lost", " n/a",
    " away", " received", " instead",
)  # fmt: skip
STEMS = (*_STEMS.split(), *_WORDS)
