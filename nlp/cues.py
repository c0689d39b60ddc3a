"""The phrases that decide an assertion, as one literal table (after NegEx 2001 and ConText 2009).

Phrases are words and marks as `nlp.assertion` cuts them. <n> is a number, <year> one from 1900 to
2099, <month> a month's name, <semi> a semicolon, <end> a point, comma, semicolon or the sentence's
end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Category = Literal[
    "negated",
    "possible",
    "opinion",  # "I think": possible in writing, a diagnosis in speech
    "hypothetical",
    "conditional",  # hypothetical for what is done as well: "if", "would"
    "history",  # told as history, perhaps still so: "history of"
    "past",  # over: "status post", "resolved"
    "family",
    "pseudo",  # looks like a cue and is none
    "stop",  # ends the scope of every cue
    "dated",  # told with a date: over, unless the condition is one that lasts
    "stop-list",  # ends only that of negated and possible
    "stop-past",  # ends only that of history and past
    "stop-family",  # ends only that of family
    "stop-back",  # ends only the scope of cues that come after
]
Side = Literal["before", "after"]  # where the cue stands, seen from the mention
Reach = Literal["clause", "list", "phrase", "next"]
# clause: to a stop; list: also at most 8 words off; phrase: also no comma between; next: beside it


@dataclass(frozen=True, slots=True)
class Cues:
    """Phrases, separated by semicolons, that work alike."""

    category: Category
    side: Side
    reach: Reach
    phrases: str


CUES: tuple[Cues, ...] = (
    Cues("negated", "before", "clause", """
        unlikely to be; unlikely to have; unlikely that; anything like; nothing like; not
        anything like; not worried about; no; denies; denied; denying; deny; without; w/o; never;
        none of; negative for; neg for; free of; clear of; absence of; lack of; lacks; lacked;
        lacking; nor; neither; unaware of; nil; did not have; does not have; do not have; has not
        had; have not had; had not had; not have; not had; did not; does not; do not; has not;
        have not; had not; no longer; didn't; doesn't; don't; hasn't; haven't; hadn't; ruled out
        for; ruled out; rules out; rule out negative for; fails to reveal; failed to reveal;
        fails to show; failed to show; not demonstrate; not reveal; not show; unremarkable for;
        no history of; no hx of; no h/o; without history of; no prior history of; no past history
        of; no known history of; denies history of; denies a history of; denies any history of;
        denied history of; no previous history of; no personal history of; never had; no evidence
        of; no sign of; no signs of; no suspicion of; no suspicion for; no concern for; no
        concerns for; no possible; not concerning for; not suspicious for; not suggestive of; not
        consistent with; not indicative of; never diagnosed with; no complaints of; no complaint
        of; no c/o; no known; non; inconsistent with; rather than; unable to identify; unable to
        find; unable to see; cannot see; can not see; not appreciate; without evidence of;
        without any; no further evidence of; no clinical evidence of; no evidence to suggest;
        nothing to suggest; no reason to suspect; do not suspect; does not suspect; no findings
        of; no findings to suggest; no indication of; tested negative for; screened negative for;
        tests negative for; negative screen for; exclusion of; no family history of; no family hx
        of; no significant family history of; denies family history of; no known family history
        of; without family history of; denies any family history of; no known allergies to;
        neither had; does not appear to have; does not seem to have; not had any; has never had;
        has never; have never; never been diagnosed with; no complaint; no symptoms of; symptoms
        not consistent with; not associated with; no associated; without associated; no obvious;
        no definite; no definitive; no acute"""),
    Cues("negated", "before", "list", """
        not; isn't; wasn't; aren't; weren't; is not; was not; are not; were not; cannot; can't;
        couldn't; won't; negative; [ ]; ( ); ( - ); no acute; absent; - ve for; excluded;
        excludes"""),
    Cues("negated", "after", "list", """
        is negative; are negative; was negative; were negative; has been negative; have been
        negative; negative; : none; : no <end>; : denies <end>; : denied <end>; : negative <end>;
        : neg <end>; : absent <end>; : nil <end>; : never <end>; : n <end>; - none; - no <end>; -
        denies <end>; - negative <end>; - absent <end>; ( - ); = none; = no; none <end>; ruled
        out; is ruled out; was ruled out; were ruled out; been ruled out; has been ruled out; be
        ruled out; have been ruled out; was excluded; were excluded; is excluded; are excluded;
        has been excluded; excluded; not seen; not present; not identified; not appreciated; not
        noted; not found; not demonstrated; not evident; not visualized; not detected; not
        observed; not felt; not heard; not palpated; not palpable; not apparent; not suspected;
        not elicited; not reported; not endorsed; not a concern; not an issue; not diagnosed; is
        not seen; are not seen; was not seen; were not seen; is not present; are not present; was
        not present; were not present; is not identified; are not identified; was not identified;
        was not found; is not noted; was not noted; were not noted; was not appreciated; were not
        appreciated; is not suspected; is not evident; is not appreciated; are not appreciated;
        was not observed; were not observed; was not detected; is absent; are absent; was absent;
        were absent; absent; denied; was denied; is denied; were denied; are denied; unlikely; is
        unlikely; was unlikely; very unlikely; is very unlikely; less likely; seems unlikely;
        appears unlikely; is felt to be unlikely; felt to be unlikely; free; did not occur; has
        not recurred; have not recurred; has not occurred; have not occurred; could not be
        identified; could not be found; could not be seen; could not be appreciated; was never"""),
    Cues("possible", "before", "clause", """
        possible; possibly; probable; probably; likely; most likely; suspected; suspect;
        suspects; suspicious for; suspicious of; suspicion of; suspicion for; suspicion is for;
        concern for; concern of; concerns for; concerning for; concerned about; concerned for;
        worrisome for; worried about; cannot exclude; can't exclude; can not exclude; could not
        exclude; cannot rule out; can't rule out; could not rule out; can not rule out; cannot
        completely exclude; cannot entirely exclude; not excluded; does not exclude; not rule
        out; question of; not ruled out; questionable; ?; ??; may be; might be; may have; might
        have; could be; could have; may represent; might represent; could represent; may reflect;
        may be due to; might be due to; could be due to; may be secondary to; likely due to;
        likely secondary to; probably due to; probably secondary to; possibly due to; possibly
        secondary to; likely represents; most likely due to; most likely secondary to; suspicious
        for an; presumed; presumptive; presumably; perhaps; suggestive of; suggesting; suggests;
        suggest; evaluate for; evaluation for; considered; i considered; we considered;
        evaluation of possible; evaluate for possible;
        differential diagnosis; differential diagnoses; differential includes; differential; ddx;
        equivocal for; working diagnosis of; working diagnosis; workup for; work - up for; work
        up for; could indicate; could suggest; may indicate; may suggest; raises the possibility
        of; raise the possibility of; possibility of; the possibility of; versus; vs; r/o; rule
        out; to rule out; rule - out; in favor of; i suspect; we suspect; borderline; appears to
        have; seems to have; index of suspicion for; potentially; consider; considering;
        attributed to; initially thought to be; was thought to be; thought to have; thought to be
        due to; felt to be due to; misdiagnosed as; misdiagnosed with; referral for possible;
        concerned he has; concerned she has; concerned that; worried that; concern that"""),
    Cues("opinion", "before", "clause", """
        i think; i guess; think this is; thinks this is; think you have; think you've got; i
        believe; i feel; looks like; sounds like; seems like"""),
    Cues("possible", "after", "phrase", """
        is possible; possible; is probable; probable; is likely; likely; is suspected; was
        suspected; are suspected; suspected; is not excluded; not excluded; cannot be excluded;
        can't be excluded; could not be excluded; can not be excluded; cannot be ruled out; can't
        be ruled out; could not be ruled out; not ruled out; is not ruled out; is a
        consideration; is considered; be considered; is a possibility; a possibility; is in the
        differential; in the differential; remains a possibility; remains a concern; is a
        concern; is questioned; is questionable; questionable; versus; vs; ?; has not been ruled
        out; not yet ruled out; is presumed; was entertained; is being considered; ( ? ); is
        equivocal"""),
    Cues("conditional", "before", "clause", """
        if; if there is; if there are; if he develops; if she develops; should he; should she;
        should they; should you; should the patient; should there be; should symptoms; should it;
        should any; should this; in case of; in the event of; in the event that; unless;
        whenever; in case; when she has; when he has; when you have"""),
    Cues("hypothetical", "before", "clause", """
        sometimes we see; we often see; we see a lot of; you can get; you could get; people get;
        that happens with; can be a sign of; can be from; could be from; to treat or prevent;
        going around; return for; return with; return to the ed for; return to er for; return
        precautions; come back for; call for; call with; call us for; report any; risk of; risks
        of; risk for; risks for; at risk for; at risk of; high risk for; high risk of; increased
        risk of; increased risk for; risk factor for; risk factors for; risk factors of; monitor
        for; monitored for; monitoring for; watch for; watching for; watch out for; look for;
        look out for; looking for; observe for; observed for; alert for; screening for; screen
        for; screened for; to prevent; prevent; prevents; preventing; prevention of; prophylaxis
        for; prophylaxis against; prophylaxis of; prophylactic; prophylactically for; avoid; to
        avoid; educated about; educated on; education on; education about; education regarding;
        counseled on; counseled about; counseled regarding; risks include; risks included; risks
        including; risks , including; risks , benefits; risks and benefits; risks and
        complications; complications include; complications included; complications including;
        complications such as; side effects; side effects include; side effect of; potential;
        potential for; chance of; chances of; probability of; can cause; can lead to; may cause;
        may lead to; could cause; could lead to; might cause; may result in; can result in; could
        result in; may develop; could develop; might develop; can develop; predispose to;
        predisposes to; test for; tested for; testing for; check for; checked for; checking for;
        assess for; assessed for; assessment for; checked to; vaccine for; vaccinated against;
        vaccination for; immunized against; warning signs of; signs and symptoms of; warned
        about; warned of; fear of; afraid of; instructed to; instructions for; precautions for;
        precautions regarding; ordered for; advised of; informed of the risks; susceptible to;
        susceptibility to; susceptibility for; exposure to; exposed to; to exclude; to r/o;
        would; not limited to; but not limited to; information regarding; information about;
        information on; literature on; handout on; handout about; reading about; discussed the
        risk of; rather than having; make sure it's not; make sure it is not; make sure you don't
        have; make sure there's no; make sure there is no; worried about getting; worry about;
        worries about; things like; stuff like; something like; people with; patients with;
        others with; people who have; also called; known as; contribute to; contributes to; to
        reduce the risk of; lower the risk of; lowers the risk of; help prevent; helps prevent;
        protect against; protects against; because of the risk of; in the setting of possible;
        start to have; starts to have; want to avoid; keep an eye out for; keep an eye on for;
        sounds like a little bit of"""),
    Cues("hypothetical", "after", "next", """
        versus other causes; in the future; prevention program; support group; awareness;
        precautions; precaution; risk; prophylaxis; prevention; screening; screen; vaccine;
        vaccines; vaccination; immunization; protocol; panel; risk factors; risk factor;
        education; shot; toxoid; test; testing; titer; titers; antibody; antibodies; serology;
        serologies; clinic; workup; exposure; prophylactically"""),
    Cues("history", "before", "clause", """
        history of; hx of; hx; h/o; h / o; history includes; history is significant for; history
        significant for; history remarkable for; history notable for; history is notable for;
        history is remarkable for; past medical history; medical history; pmh; pmhx; pmh of; past
        medical history of; past history of; past medical history is significant for; past
        medical history significant for; medical history of; past medical history includes; past
        medical history notable for; past medical history remarkable for; past medical history is
        notable for; past medical history is remarkable for; personal history of; known history
        of; prior history of; previous history of; longstanding history of; long history of;
        medical history significant for; medical history includes; medical history is significant
        for; medical history notable for; history positive for; history is positive for; history
        with; previously diagnosed with; sequelae of; sequela of; history consists of; past
        medical problems; medical problems include; no history of; no hx of; no h/o; without
        history of; no prior history of; no past history of; no known history of; denies history
        of; denies a history of; denies any history of; denied history of; no previous history
        of; no personal history of; past medical history included; family history of; family hx
        of; fh of; strong family history of; no family history of"""),
    Cues("possible", "after", "phrase", """
        was considered; were considered"""),
    Cues("past", "after", "phrase", """
        [ ] current [ x ] past; ( ) current ( x ) past; cleared with; cleared after; cleared up"""),
    Cues("dated", "after", "phrase", """
        at age one; at age two; at age three; at age four; at age five; at age six;
        at age seven; at age eight; at age nine; at age ten; at age eleven; at age twelve"""),
    Cues("history", "before", "next", """
        discontinued because of; stopped because of; discontinued due to; stopped due to;
        discontinued secondary to; stopped secondary to; discontinued after; stopped after;
        stopped for; discontinued for; caused; caused a; caused an; caused her; caused him; gave
        her; gave him; gave me; gave me a; gave her a; gave him a; gave her an; gave him an"""),
    Cues("history", "after", "phrase", """
        by history; per history; history; in history; who presents; who presented; who is
        admitted; who was admitted; who comes; who came; who presents with; who presented with"""),
    Cues("past", "before", "phrase", """
        status post; s/p; s / p; sp; status - post; previous; previously; prior; past; former;
        formerly; remote; remote history of; very remote history of; distant history of; old;
        childhood; had had; past history of; resolved; resolution of; recovered from; recovering
        from; used to have; recent history of; cured of; healed; history of prior; history of
        past; history of previous; history of childhood; history of remote; history of resolved;
        treated for; was treated for; hospitalized for; was hospitalized for; hospitalization
        for; surgery for; surgery to repair; surgery to correct; surgery to remove; previous
        surgery for; prior surgery for; previous surgery to repair"""),
    Cues("past", "before", "clause", """
        in the past; as a child; as an infant; in childhood"""),
    Cues("dated", "before", "clause", """
        in <year>; years ago; in <month> <year>; in <month> of <year>; last year; at age <n>; at
        the age of <n>"""),
    Cues("dated", "after", "phrase", """
        in <year>; in <month> <year>; in <month> of <year>; in <month> , <year>; in the <n>s; in
        early <year>; in late <year>; in mid <year>; years ago; year ago; decades ago; at age <n>;
        at the age of <n>; , in <year>; last year; ( <year> ); , <year>; months ago; month ago;
        weeks ago; at <n> months; at <n> weeks; at <n> years; after her first pregnancy;
        after her second pregnancy; after her last pregnancy; after her pregnancy; after her
        delivery; after delivery; with her first pregnancy; with her pregnancy; years back; a
        while back; a while ago; long ago; last spring; last summer; last
        fall; last winter"""),
    Cues("past", "after", "phrase", """
        in the past; in the remote past; as a child; as a kid; as a teenager; as an infant; as
        a baby;
        in childhood; in infancy; in adolescence; in her youth; in his youth; has resolved; have
        resolved; is resolved; had resolved; was resolved; were resolved; now resolved; since
        resolved; has since resolved; completely resolved; fully resolved; at age <n>; at the age
        of <n>; ( resolved ); - resolved; has cleared; resolved; , resolved; , now resolved; ,
        since resolved; previously; went away; subsided; has subsided;
        when he was; when she was; at
        that time; back then; which has since; that has since; has since healed; have since
        healed; since healed; has healed; have healed; which healed; that healed; which resolved;
        that resolved; but not for years; not for years; not in years; not for a long time; none for
        years; none in years; has recovered; have recovered; has fully recovered; and recovered; but
        that went away; but it went away; that went away; it went away; while pregnant"""),
    Cues("family", "before", "clause", """
        children with; child with; <n> children; two children; three children; kids with; his
        children; her children; their children; my kids; my children; my son's; buddy;
        grandson; granddaughter; stepdad; stepmom;
        partner; classmate; teammate; guy at work; neighbor; friend;
        mum; mummy; mam; nan; nana; gran; granny; grandma; grandpa; grandad; granddad; auntie; half
        brother; half sister; friend of mine; coworker; co - worker; boss; mother; father; mom;
        dad; brother; brothers;
        sister; sisters; sibling; siblings; son; sons; daughter; daughters; aunt; aunts; uncle;
        uncles; grandmother; grandfather; grandparents; grandparent; parent; parents; cousin;
        cousins; nephew; niece; half - brother; half - sister; maternal; paternal; twin;
        relative; relatives; family history; family history of; family hx; family hx of; fh; fhx;
        fh of; family member; family members; runs in the family; strong family history of;
        familial history of; wife; husband; spouse; roommate; girlfriend; boyfriend; stepfather;
        stepmother; first degree relative; mgm; mgf; pgm; pgf; no family history of; no
        significant family history of; denies family history of; no known family history of;
        denies any family history of"""),
    Cues("family", "after", "phrase", """
        in mother; in father; in his mother; in his father; in her mother; in her father; in
        brother; in sister; in his brother; in her brother; in his sister; in her sister; in the
        family; in his family; in her family; in the mother; in the father; in a brother; in a
        sister; in both parents; in children; in parents; in his parents; in her parents; in
        siblings; in multiple family members; in family members; in family; in grandmother; in
        grandfather; in aunt; in uncle; in maternal; in paternal; in his maternal; in her
        maternal; in his paternal; in her paternal; in a maternal; in a paternal; in his
        grandfather; in her grandmother; in relatives; in a cousin; in first degree relatives; in
        one brother; in one sister; in son; in daughter; in his son; in her son; in his daughter;
        in her daughter; ( mother; ( father; ( brother; ( sister; ( maternal; ( paternal; (
        grandmother; ( grandfather; ( aunt; ( uncle; ( mom; ( dad; ( parents; ( both; - mother; -
        father; - brother; - sister; - maternal; - paternal; - grandmother; - grandfather; - mom;
        - dad; : mother; : father; : brother; : sister; : maternal; : paternal; : grandmother; :
        grandfather; : mom; : dad; runs in; in her grandfather; in his grandmother; in the
        patient's mother; in the patient's father; in patient's mother; in patient's father"""),
    Cues("pseudo", "before", "next", """
        no increase; no significant increase; no decrease; not only; gram negative; gram -
        negative; no doubt; no question; without difficulty; without any difficulty; without
        incident; without complication; not certain; not certain if; not certain whether; not
        sure; not sure if; not sure whether; not necessarily; not drain; not cause; no cause of;
        not known; not known if; unknown if; no improvement; no improvement in; without
        improvement; no relief; no relief of; no relief from; not improved; not improving; not
        improve; not resolved; not resolving; has not resolved; have not resolved; did not
        resolve; does not resolve; not fully resolved; not completely resolved; not yet resolved;
        not controlled; not well controlled; not well - controlled; not adequately controlled;
        not under control; not optimally controlled; not at goal; not tolerate; not tolerated;
        did not tolerate; could not tolerate; does not tolerate; cannot tolerate; not take; not
        taking any; did not take; does not take; not responded; not respond; not compliant; not
        responding; did not respond; not related to; not due to; not secondary to; not caused by;
        no longer controlled; not just; not able to; not seek; not seen for; not been seen; not
        been treated; not treated; not being treated; untreated; no response; no new; not worse;
        not worsening; not worsened; no worsening of; no progression of; no recurrence
        prophylaxis; not limited to; not bothered by; not helping; not help; did not help; no
        interval change; no significant change; no significant interval change; without change;
        without significant change; without further; not clear if; not clear whether; unclear if;
        no exacerbation of; no complications from; no complications of; no problems with; no
        issues with; not changed; not at all; not interested in; negative pressure; triple
        negative; rh negative; not had his; not had her; not received; not given; not started;
        not recall; does not recall; doesn't recall; does not remember; not been well controlled;
        not been controlled; who i learned; who i heard; who i think; who i know; that i know;
        history of present illness; history and physical; history ,
        physical; social history; history taking; day history; days history; day history of; days
        history of; week history of; weeks history of; hour history of; hours history of; month
        history of; months history of; days' history of; weeks' history of; day's history of;
        week's history of; recent history; present history of; poor historian; poor history;
        surgical history; prior to; prior authorization; previous exam; previous study; previous
        studies; previous examination; previous films; previous ct; previous mri; previous visit;
        previous note; previous dose; previous appointment; previously noted; previously
        described; previously scheduled; previously mentioned; as previously; past week; past
        weeks; past few; past several; past <n>; past two; past three; past day; past days; past
        month; past months; past year; past years; past couple; past four; past five; past six;
        past 24; for the past; over the past; in the past few; in the past week; in the past
        month; in the past year; in the past <n>; in the past several; in the past two; in the
        past three; old records; old chart; old ekg; year old; years old; y/o; y / o; y o; yo; -
        year - old; - old; month old; weeks old; day old; week old; post void; post - void; post
        op; post - op; post operative; post - operative; post prandial; post - prandial; status
        post day; compared to prior; compared to previous; compared with prior; compared with
        previous; prior study; prior exam; prior films; prior ct; prior mri; prior visit; prior
        examination; unchanged from prior; from prior; than prior; than previous; from previous;
        to previous; to prior; family doctor; family physician; family practice; family medicine;
        family practitioner; family meeting; family counseling; family support; family planning;
        family therapy; and dad report; likely to; if any; as if; even if; know if; asked if; see
        if; would like; would benefit; i would; we would; most likely to; no known drug
        allergies; probably not; likely not; if needed; if necessary; if possible; if tolerated;
        if indicated; test results; not otherwise specified; otherwise specified; low risk; not
        entered; not applicable; not available; not specified; not performed; not done; not
        obtained; not assessed; not tested; not examined; not checked; not obvious; not
        mentioned; previous hospital; previous admission; previous hospitalization; prior
        admission; prior hospitalization; prior level of; would continue; would recommend; would
        suggest; would consider; no apparent change; family history is; past due; risk
        assessment; if not; without symptoms of; no more than; not more than; not less than; no
        less than; old age; old man; old woman; old male; old female; old boy; old girl; absent
        minded; not recently; not been taking; has not been taking; have not been taking; is not
        taking; not using; not been using; no longer taking; no longer takes; has not taken; not
        taken; did not start; not started on; never took; not picked up; not had any episodes;
        not missed; why don't we; why don't you; why don't i; don't you; don't know if; don't
        know what; don't mind; wouldn't you; can't believe"""),
    Cues("stop", "before", "next", """
        but; however; although; though; except; except for; aside from; apart from; other than;
        besides; yet; still; nevertheless; which; who; whom; <semi>; secondary to; due to;
        because; because of; since; therefore; until; positive for; positive; admits; admitted
        to; endorses; endorsed; remains; consistent with; found to have; was found; noted to
        have; with the
        exception of; revealed; reveals; reveal; shows; showed; shown; demonstrates;
        demonstrated; cause of; cause for; causes of; causes for; source of; source for; etiology
        of; etiology for; reason for; reasons for; trigger for; origin of; origin for; and is;
        and was; and has; and had; and he; and she; and there; and patient; and the patient; and
        will; and takes; and continues; and now; and then; and felt; and appears; and are; and
        were; and this; and it; and they; and i; , he; , she; , has; , had; , is; , was; , there;
        , the patient; , patient; , it; , this; , i; , we; , they; , with; , history; , status; ,
        s/p; , h/o; , otherwise; , now; , then; , and he; , and she; , and has; , and is; , and
        the; , and there; , and was; , so; , +; +; ( + ); [ x ]; [x]; [ ]; ( ); ( x ); where;
        when; while; whereas; as a result; as a result of; in addition to; instead; instead of;
        status post; in spite of; despite; has been; is now; are now; was then; is stable; is
        unchanged; is well controlled; to treat; for which; in order to; he is; she is; he has;
        she has; he was; she was; he had; she had; there is; there are; there was; there were;
        patient is; patient has; patient was; patient had; likely; probably; possibly; side
        effects from; side effects of; side effects with; side effects to; side effect from;
        adverse effects from; adverse effects of; adverse reaction to; adverse reactions to;
        problems with; trouble with; issues with; complications from; complications of;
        complication of; response to; relief with; relief from; relief of; reaction to; reactions
        to; allergy to; allergic to; intolerance to; difficulty taking; missed doses of; doses
        of; <n> ); changes to; change to; adjustments to; and continue; , continue; improvement
        with; improvement in; who presents; who presented; who presents with; who presented with;
        who is admitted; who was admitted; who comes; who came"""),
    Cues("stop-past", "before", "next", """
        diagnosed; dx'd; onset; started; began; beginning; starting; initially; first; today;
        currently; now; recently; this morning; who; is; are; comes; came; seen; here; brought;
        evaluated; transferred; referred; for evaluation; chief complaint; worsening; worsened;
        last; undergoing; developed; on <month>; on <n>"""),
    Cues("stop-family", "before", "next", """
        he; she; patient; the patient; pt; i; himself; herself; his own; her own; patient's own;
        states; stated; says; said; notes; noted; noticed; called; calls; brought; denies;
        denied; thinks; thought; believes; feels; is concerned; are concerned; was concerned;
        worried; gave; gives; describes; describe; tells; told; asks; asked; saw; observed;
        found; witnessed; reports; reported; report; state; say; think; called him; accompanied;
        stayed; present at; at bedside; is here; bring; took; wants; agrees; agreed; understands;
        understand; recalls; refused; his; her; but; however; although; though; except; <semi>;
        and he; and she; , he; , she; and the patient; otherwise; [ ]; [ x ]; <n> ); presents;
        presented; complains; admitted; for patient; unlike; non contributory; noncontributory;
        who reports; who states; who says; who noticed; who noted; who called; who brought"""),
    Cues("stop-back", "before", "next", """
        is; are; was; were; has; had; have; reveals; shows; denies; no; not; without; there; and
        the; he; she; we; they; i; patient; the patient; with; in; for; on; of; because;
        due"""),
    Cues("negated", "after", "list", """
        ( ) yes ( x ) no; [ ] yes [ x ] no; yes ( ) no ( x ); yes [ ] no [ x ]; ( ) y ( x ) n;
        [ ] y [ x ] n; ☐ yes ☒ no; ☐ yes ☑ no; yes ☐ no ☒; yes ☐ no ☑; : 0 <end>; : none <end>;
        | no; | denies; | absent; | negative; neg <end>; neg ,; is neg; was neg; immune"""),
    Cues("stop-back", "before", "next", """
        strep neg; strep negative; culture negative; cultures negative; culture neg; flu neg; flu
        negative; covid neg; covid negative; test negative; screen negative; ct negative; x - ray
        negative"""),
    Cues("pseudo", "before", "next", """
        diet controlled; diet - controlled; diet control; diet treated; is considered;
        was considered;
        are considered; is considered to; was considered to"""),
    Cues("negated", "after", "next", """
        : ☐ <end>"""),
    Cues("negated", "before", "list", """
        ☐; doubt it's; doubt it is; doubt this is; not a; not an; never been told of; no hint of;
        no trace of; far from; neg; no more; isn't any; wasn't any; no episodes of; no bouts of;
        no signs or symptoms of; no symptoms or signs of; no recurrence of; no recurrent; no
        longer has; no longer had; well - vaccinated against"""),
    Cues("possible", "before", "list", """
        doubt; doubts; doubted; doubtful for; could it be; could this be; could that be; might it
        be; might this be; is it possibly; wonder if; wonders if; wondering if; wonder about;
        wondered about; rule out for; suspicious - looking; in question; be concerned for; the
        question of; if this is; could be a; might be a; versus possible; as opposed to"""),
    Cues("hypothetical", "before", "clause", """
        rtc for; rtc if; return to clinic for; return to clinic if; return if; return sooner for;
        return sooner if; call if; seek care for; seek medical attention for; come in for; come
        back if; go to the er for; go to the ed for; went over symptoms of; go over symptoms of;
        reviewed symptoms of; discussed symptoms of; reviewed signs of; discussed signs of;
        discussed the symptoms of; reviewed the symptoms of; explained symptoms of; screening
        ultrasound for; screening ct for; screening mri for; screening colonoscopy for;
        surveillance for; surveillance of; prophylaxis :; ppx :; dvt prophylaxis :; risks like;
        risk like; risks such as; risks are; complications like; side effects like; talked about
        the association with; association with; associated with an increased risk of; turn into;
        turns into; will become; can become; could become; may become; works for; work for; used
        for; helps with; progress to; progresses to; lead into; cause of death; candidate for;
        let me
        know if; let us know if; you know if; a lot of people with; most people with; some people
        with; some people get; most people get; people with; folks with; anyone with; anybody
        with; someone with; kids with; children who have; kids who have; women with; men with;
        reasons for; trying to prevent; want to prevent; wanna prevent; so you don't get; so that
        you don't get; so you do not get; make sure there's nothing; make sure there is
        nothing; make sure it's nothing; nothing hiding
        there like; that can be; that could mean; could mean; can mean; that can mean; turn out to
        be; ends up being; end up with; ends up
        with; end up having"""),
    Cues("hypothetical", "after", "next", """
        will start; can start; can be; can cause; tend to; tends to; usually; are usually; are
        often;
        is often; are caused by; is caused by; come from; comes from; is when; is what happens;
        spores; ppx; prophylaxis; symptoms were reviewed; symptoms reviewed; warning signs; symptoms
        discussed; surveillance; counseling; eye exam; eye exams; foot exam; foot exams; diet;
        teaching; supplies; shoes; educator; medication; medications; medicine; medicines; pill;
        pills; drugs; guidelines; specialist; center; group; unit; service; team; registry;
        season; booster"""),
    Cues("past", "before", "phrase", """
        resolved problems; inactive problems; resolved problem; first pregnancy complicated by;
        first pregnancy c / b; prior pregnancy c / b; prior
        pregnancy complicated by; previous pregnancy complicated by; last pregnancy complicated
        by; previous pregnancy c / b; last pregnancy c / b; outgrew; outgrown; got over; used to
        get; back when i had; when i had; when she had; when he had; survivor of; hospital stay
        for; follow - up after; follow up after; in remission
        from; recovered after"""),
    Cues("past", "after", "phrase", """
        ( childhood; ( as a child; ( remote; ( in the past; once <end>; once in; once when;
        once years; once before; twice last year; twice in <year>;
        survivor; in high school; in college; in my <n>s; in his <n>s; in her <n>s; in my
        twenties; in my thirties; in his twenties; in her twenties; when i was; growing up; not
        anymore"""),
    Cues("stop-list", "before", "next", """
        presents; presented; presenting; reports; reported; reporting; complains; complained;
        complaining; c/o; continues; continued; developed; develops; appears; , some; , only; ,
        normal; , mild; , moderate; , severe; , stable; , chronic; , known"""),
    Cues("stop", "before", "next", """
        so i; so it; so it's; so we; so you; so you're; so he; so she; so the; so for; so what; so
        that's; so my; so your; so let's; for your; for the hypertension; for the diabetes; i
        want; i wanna; i'm gonna; i'm going; i'd like; i do; you've; you have; you're; you've got;
        i've; i've got; i'm on; i take; i am; that's; as for; in terms of; let me; let's; we'll;
        we're; i'll; it's; he's; she's; ☒; ☑; ☐; ✓; ✔"""),
    Cues("pseudo", "before", "next", """
        no i; no we; no he; no she; no it; no it's; no that's; no that; no but; no just; no only;
        no mine; no actually; no problem; no problems; no worries; no my; no they; no this; no
        you; no yeah; no , i; no , it; no , it's; no , that's; no , just; no , we; no , he; no ,
        she; no , my; no , but; no , you; no , sir; no , ma'am; no sir; no ma'am; no i'm; no i've;
        no , i'm; no , i've; no doubt; without a doubt; ( x ) yes ( ) no; [ x ] yes [ ] no; yes (
        x ) no ( ); yes [ x ] no [ ]; ☒ yes ☐ no; ☑ yes ☐ no; yes ☒ no ☐; can't help; neg pressure;
        did n't help; i doubt you"""),
)  # fmt: skip
