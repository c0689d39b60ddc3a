"""What is denied, doubted or only looked like it."""

from __future__ import annotations

from nlp.cues.row import Cues

NEGATION: tuple[Cues, ...] = (
    Cues("negated", "before", "clause", """
        unlikely to be; unlikely to have; unlikely that; unlikely that he has; unlikely that she
        has; unlikely he has; unlikely she has; unlikely that this is; unlikely this is; anything
        like; nothing like; not anything like; not worried about; no; denies; denied; denying;
        deny; without; w/o; never; none of; negative for; neg for; free of; clear of; absence of;
        lack of; lacks; lacked; lacking; nor; neither; unaware of; nil; did not have; does not
        have; do not have; has not had; have not had; had not had; not have; not had; did not;
        does not; do not; has not; have not; had not; no longer; didn't; doesn't; don't; hasn't;
        haven't; hadn't; don't <think> <its>; do not <think> <its>; doesn't <think> <its>;
        don't <think> that <its>; didn't <think> it was; ruled out for; ruled out; rules out; rule
        out negative for; unremarkable
        for; no history of; no pmh of; no pmhx of; no dx of; no hx of; no h/o; without history of;
        no prior history of; no past history of; no known history of; denies history of; denies a
        history of; denies any history of; denied history of; no previous history of; no personal
        history of; never had; no evidence of; no sign of; no signs of; no suspicion of; no
        suspicion for; no concern for; no concerns for; no possible; not concerning for; not
        suspicious for; not suggestive of; not consistent with; not indicative of; never diagnosed
        with; not diagnosed as; not diagnosed with; was not diagnosed as; was not diagnosed with;
        no complaints of; no complaint of; no c/o; no known; no <shows>; without <shows>;
        inconsistent with; rather than;
        unable to identify; unable to find; unable to see; cannot see; can not see; without
        evidence of; without any; no further evidence of; no clinical evidence of; no evidence to
        suggest; nothing to suggest; no reason to suspect; do not suspect; does not suspect; no
        findings of; no findings to suggest; no indication of; tested negative for; screened
        negative for; tests negative for; negative screen for; exclusion of; no family history of;
        no family hx of; no significant family history of; denies family history of; no known
        family history of; without family history of; denies any family history of; no known
        allergies to; neither had; does not appear to have; does not seem to have; not had any;
        has never had; has never; have never; never been diagnosed with; no complaint; no symptoms
        of; symptoms not consistent with; not associated with; no associated; without associated;
        no obvious; no definite; no definitive; no acute; w/o dx of; w/o a dx of; w/o diagnosis
        of; without dx of; without diagnosis of; without a diagnosis of; nothing to indicate; x -
        ray negative for; ct negative for; test negative for; screen negative for; culture
        negative for; cultures negative for; x - ray neg for; ct neg for; fail to <show>; fails to
        <show>; failed to <show>; not appreciate; never <found> to have; not <found> to have; nor
        <found> to have; was never <found>; were never <found>; ever told <whom> that <they> has;
        ever told <whom> <they> has; never been told that <they> has; never been told <they> has;
        never been told <they> had; never told <they> had; never told <they> has; not known to
        have; not <show>; never <show>; did not <show>; does not <show>; do not <show>; did not
        develop; has not developed; have not developed; not seen any; not noticed any; not noted
        any; not had problems with; any problems with; any issues with; any trouble with; no
        problems with; no issues with; no trouble with; little to suggest; little to indicate;
        ruling out; no new; not due to; nothing on; does not yet have; do not yet have; has not
        yet had; not yet have; not yet had; has not yet developed; not yet developed"""),
    Cues("negated", "before", "next", """
        non; non -; pre -"""),
    Cues("negated", "before", "list", """
        not; isn't; wasn't; aren't; weren't; is not; was not; are not; were not; cannot; can't;
        couldn't; won't; negative; [ ]; ( ); ( - ); no acute; absent; - ve for; excluded;
        excludes; ☐; unlikely; improbable; very unlikely; highly unlikely;
        extremely unlikely; less likely; is unlikely; are unlikely; seems unlikely; highly
        improbable; doubt it's; doubt it is; doubt this is; not a; not an; never been told of;
        no hint of; no trace of; far from; neg; no more; isn't any; wasn't any; no episodes of;
        no bouts of; no signs or symptoms of; no symptoms or signs of; no recurrence of; no
        recurrent; argue against; argues against; argued against; arguing against; evidence against;
        speak against; speaks against; spoke against; speaking against; points against; weighs
        against; no longer has; no longer had; well - vaccinated against"""),
    Cues("negated", "after", "list", """
        negative; : none; : no <end>; : denies <end>; : denied <end>; : negative <end>; : neg
        <end>; : absent <end>; : nil <end>; : never <end>; : n <end>; - none; - no <end>; - denies
        <end>; - negative <end>; - absent <end>; ( - ); = none; = no; none <end>; ruled out; been
        ruled out; be ruled out; excluded; not seen; not present; not identified; not appreciated;
        not noted; not found; not demonstrated; not evident; not visualized; not detected; not
        observed; not felt; not heard; not palpated; not palpable; not apparent; not suspected;
        not elicited; not reported; not endorsed; not a concern; not an issue; not diagnosed;
        absent; denied; unlikely; very unlikely; highly unlikely; extremely unlikely; improbable;
        highly improbable; less likely; seems unlikely; appears unlikely; free; did not occur; has
        not recurred; have not recurred; has not occurred; have not occurred; could not be
        identified; could not be found; could not be seen; could not be appreciated; was never; (
        ) yes ( x ) no; [ ] yes [ x ] no; yes ( ) no ( x ); yes [ ] no [ x ]; ( ) y ( x ) n; [ ] y
        [ x ] n; ☐ yes ☒ no; ☐ yes ☑ no; yes ☐ no ☒; yes ☐ no ☑; : 0 <end>; : none <end>; | no; |
        denies; | absent; | negative; r/o by; r / o by; r / o'd; not confirmed; never confirmed;
        did not confirm <end>; neg <end>; neg ); neg ,; is neg; was neg; immune; not developed;
        has not developed; have not developed; did not develop; not developing; not materialised;
        not materialized; - ve; - nil; - nil <end>; <thought> unlikely; <thought> very unlikely;
        <thought> highly unlikely; <thought> less likely; <thought> to be unlikely; <thought> to
        be very unlikely; <thought> to be less likely; seemed unlikely; appeared unlikely; both
        absent; are both absent; were both absent; both negative; put to rest; was put to rest;
        looked for but; looked for and not found; came back negative; came back clean; came back
        clear; came back normal; returned negative; turned out negative; searched for but; sought
        but"""),
    Cues("negated", "after", "next", """
        : ☐ <end>"""),
    Cues("possible", "before", "clause", """
        possible; possibly; probable; probably; likely; most likely; suspected; suspect; suspects;
        suspicious for; suspicious of; suspicion of; suspicion for; suspicion is for; concern for;
        concern of; concerns for; concerning for; concerned about; concerned for; concern about;
         worrisome for; worried about; worried re; anxious re; anxious about; cannot
        exclude; can't exclude; can not exclude; could not exclude; cannot rule out; can't rule
        out; could not rule out; can not rule out; cannot completely exclude; cannot entirely
        exclude; not excluded; does not exclude; not rule out; question of; possible that; possible
        he has; possible she has; once told she had; once told he had; not ruled out; questionable;
        ?; ??; may be; might be; may have; might have; <thinks> he may have; <thinks> she may have;
        could be; could have; may represent; might represent; could represent; may reflect; may be
        due to; might be due to; could be due to; may be secondary to; likely represents; <likely>
        due to; <likely> secondary to; <likely> from; <likely> related to; <likely> caused by;
        <likely> 2/2; <likely> d/t; most likely due to; most likely secondary to; most likely from;
        most likely related to; most likely 2/2; most likely d/t; suspicious for an; presumed;
        presumptive; presumably; perhaps; suggestive of; suggesting; suggests; suggest; evaluate
        for; evaluation for; considered; i considered; we considered; evaluation of possible;
        evaluate for possible; differential diagnosis; differential diagnoses; differential
        includes; differential; ddx; equivocal for; working diagnosis of; working diagnosis; workup
        for; work - up for; work up for; could indicate; could suggest; may indicate; may suggest;
        raises the possibility of; raise the possibility of; possibility of; the possibility of;
        versus; vs; r/o; rule out; to rule out; rule - out; in favor of; i suspect; we suspect;
        borderline; appears to have; seems to have; index of suspicion for; potentially; consider;
        considering; attributed to; put down to; ascribed to; chalked up to; initially thought to
        be; was thought to be; thought to have; thought to be due to; felt to be due to;
        misdiagnosed as; misdiagnosed with; referral for possible; concerned he has; concerned she
        has; worried he has; worried she has; worried that he has; worried that she has; concerned
        that he has; concerned that she has; fears he has; fears she has; suspects he has; suspects
        she has; concerned that; worried that; concern that; unclear if; unclear whether; not clear
        if; not clear whether; not sure if; not sure whether; not certain if; not certain whether;
        not known if; unknown if; uncertain if; uncertain whether; told it was; told this was; told
        that it was; query; queried; may well be; might well be; could well be; may well have;
        might well have; could well have; provisional diagnosis; provisional diagnosis :;
        provisional diagnosis of; working diagnosis :; provisional dx; provisional dx :; working
        dx; working dx :; working dx of; believed to have; felt to have; <kin> <thinks> he has;
        <kin> <thinks> she has; <kin> <thinks> it is; <kin> <thinks> this is; <kin> <thinks> i
        have; <kin> <thinks> i might have; <kin> <thinks> that he has; <kin> <thinks> that she has;
        <kin> <thinks> he may have; <kin> <thinks> she may have; <kin> <thinks> he had; <kin>
        <thinks> she had; <kin> <thinks> it was; <kin> <thinks> this was; convinced he has;
        convinced she has; convinced it is; convinced that he has; convinced that she has"""),
    Cues("possible", "after", "phrase", """
        is possible; possible; is probable; probable; is likely; likely; is suspected; was
        suspected; are suspected; suspected; is not excluded; not excluded; cannot be excluded;
        can't be excluded; could not be excluded; can not be excluded; cannot be ruled out; can't
        be ruled out; could not be ruled out; not ruled out; is not ruled out; is a consideration;
        is considered; be considered; to be ruled out; to be excluded; must be ruled out; should be
        ruled out; must be excluded; should be excluded; is a possibility; a possibility; is in the
        differential; in the differential; remains a possibility; remains a concern; is a concern;
        questioned; is questionable; questionable; queried; versus; vs; ?; has not been ruled out;
        not yet ruled out; is presumed; was entertained; is being considered; ( ? ); is equivocal;
        was considered; were considered; considered <end>; was felt possible; a concern"""),
    Cues("possible", "after", "phrase", """
        because <kin> had; because <kin> has; because his <kin> had; because his <kin> has; because
        her <kin> had; because her <kin> has; since his <kin> had; since his <kin> has; since her
        <kin> had; since her <kin> has"""),
    Cues("possible", "before", "list", """
        doubt; doubts; doubted; doubtful for; could it be; could this be; could that be; might it
        be; might this be; is it possibly; wonder if; wonders if; wondering if; wonder about;
        wondered about; rule out for; suspicious - looking; in question; be concerned for; the
        question of; if this is; could be a; might be a; versus possible; as opposed to; wonder
        whether; wonders whether; wondering whether; wondered whether; wondered if; wonder if he
        has; wonder if he had; wonder if she has; wonder if she had; wonder whether he has;
        wonder whether he had; wonder whether she has; wonder whether she had; wonders if he has;
        wonders if he had; wonders if she has; wonders if she had; wonders whether he has;
        wonders whether he had; wonders whether she has; wonders whether she had; wondering if he
        has; wondering if he had; wondering if she has; wondering if she had; wondering whether
        he has; wondering whether he had; wondering whether she has; wondering whether she had"""),
    Cues("opinion", "before", "clause", """
        i think; i guess; think this is; thinks this is; think you have; think you've got; i
        believe; i feel; looks like; sounds like; seems like; <thinks> he has; <thinks> she has;
        <thinks> it is; <thinks> that he has; <thinks> that she has"""),
    Cues("pseudo", "before", "next", """
        dear colleague; grateful if; grateful if you would; grateful if you could; appreciate it if
        you would; appreciate it if you could; not helpful; not effective; not beneficial; not
        useful; not working; not successful; not enough; not adequate; no increase; no significant
        increase; no decrease; not only; gram negative; gram - negative; no doubt; no question;
        without difficulty; without any difficulty; without incident; without complication; not
        certain; not sure; not necessarily; not drain; not cause; no cause of; no improvement; no
        improvement in; without improvement; no relief; no relief of; no relief from; not improved;
        not improving; not improve; not resolved; not resolving; has not resolved; have not
        resolved; did not resolve; does not resolve; not fully resolved; not completely resolved;
        not yet resolved; not controlled; not well controlled; not well - controlled; not
        adequately controlled; not under control; not optimally controlled; not at goal; not
        tolerate; not tolerated; did not tolerate; could not tolerate; does not tolerate; cannot
        tolerate; not take; not taking any; did not take; does not take; not responded; not
        respond; not compliant; not responding; did not respond; not related to; not secondary to;
        not caused by; no longer controlled; not just; not able to; not seek; not seen for; not
        been treated; not treated; not being treated; untreated; no response; not worse; not
        worsening; not worsened; no worsening of; no progression of; no recurrence prophylaxis; not
        limited to; not bothered by; not helping; not help; did not help; no interval change; no
        significant change; no significant interval change; without change; without significant
        change; without further; no exacerbation of; no complications from; no complications of;
        not changed; not at all; not interested in; negative pressure; triple negative; rh
        negative; not had his; not had her; not received; not given; not started; not recall; does
        not recall; doesn't recall; does not remember; not been well controlled; not been
        controlled; who i learned; here with <kin>; here with his <kin>; here with her <kin>; home
        with <kin>; home with his <kin>; home with her <kin>; home w / <kin>; came with <kin>;
        attended with his <kin>; attended with her <kin>; by <kin>; by his <kin>; by her <kin>; mom
        <n> ml; mom <n> cc; mom prn; mom daily; mom given; mom hs; mom qhs; mom x; who i heard; who
        i think; who i know; that i know; history of present illness; history and physical; history
        , physical; social history; history taking; day history; days history; day history of; days
        history of; week history of; weeks history of; hour history of; hours history of; month
        history of; months history of; days' history of; weeks' history of; day's history of;
        week's history of; recent history; present history of; poor historian; poor history;
        surgical history; prior to; prior authorization; previous exam; previous study; previous
        studies; previous examination; previous films; previous ct; previous mri; previous visit;
        previous note; previous dose; previous appointment; previously noted; previously described;
        previously scheduled; previously mentioned; as previously; past week; past weeks; past few;
        past several; past <n>; past two; past three; past day; past days; past month; past months;
        past year; past years; past couple; past four; past five; past six; past 24; for the past;
        over the past; in the past few; in the past week; in the past month; in the past year; in
        the past <n>; in the past several; in the past two; in the past three; old records; old
        chart; old ekg; year old; years old; y/o; y / o; y o; yo; - year - old; - old; month old;
        weeks old; day old; week old; post void; post - void; post op; post - op; post operative;
        post - operative; post prandial; post - prandial; status post day; compared to prior;
        compared to previous; compared with prior; compared with previous; prior study; prior exam;
        prior films; prior ct; prior mri; prior visit; prior examination; unchanged from prior;
        from prior; than prior; than previous; from previous; to previous; to prior; family doctor;
        family physician; family practice; family medicine; family practitioner; family meeting;
        family counseling; family support; family planning; family therapy; and dad report; likely
        to; if any; as if; even if; know if; asked if; see if; would like; would benefit; i would;
        we would; most likely to; no known drug allergies; probably not; likely not; if needed; if
        necessary; if possible; if tolerated; if indicated; test results; not otherwise specified;
        otherwise specified; not entered; not applicable; not available; not specified;
        not performed; not done; not obtained; not assessed; not tested; not examined; not checked;
        not obvious; not mentioned; previous hospital; previous admission; previous
        hospitalization; prior admission; prior hospitalization; prior level of; would continue;
        would recommend; would suggest; would consider; no apparent change; family history is; past
        due; risk assessment; if not; without symptoms of; no more than; not more than; not less
        than; no less than; old age; old man; old woman; old male; old female; old boy; old girl;
        absent minded; not recently; not been taking; has not been taking; have not been taking; is
        not taking; not using; not been using; no longer taking; no longer takes; has not taken;
        not taken; did not start; not started on; never took; not picked up; not had any episodes;
        not missed; why don't we; why don't you; why don't i; don't you; don't know if; don't know
        what; don't mind; wouldn't you; can't believe; diet controlled; diet - controlled; diet
        control; diet treated; is considered; was considered; are considered; is considered to; was
        considered to; no i; no we; no he; no she; no it; no it's; no that's; no that; no but; no
        just; no only; no mine; no actually; no problem; no worries; no my; no they; no this; no
        you; no yeah; no , i; no , it; no , it's; no , that's; no , just; no , we; no , he; no ,
        she; no , my; no , but; no , you; no , sir; no , ma'am; no sir; no ma'am; no i'm; no i've;
        no , i'm; no , i've; without a doubt; ( x ) yes ( ) no; [ x ] yes [ ] no; yes ( x ) no ( );
        yes [ x ] no [ ]; ☒ yes ☐ no; ☑ yes ☐ no; yes ☒ no ☐; can't help; neg pressure; did n't
        help; rather you didn't; i doubt you; no change to; denies that the; denies that her;
        denies that his; denies worsening of; denies any worsening of; not without; not deny; does
        not deny; did not deny; no reason to doubt; no question that; not surprisingly; not to
        mention; no longer on; no medication for; no medications for; no treatment for; not
        explain; does not explain; did not explain; no one but; not seen anyone; no change in her;
        no change in his; no change in the; no change in known; not take her; not take his; not
        taking her; not taking his; not go; not abated; has not abated; have not abated; not
        subsided; has not subsided; not settled; has not settled; not cleared; has not cleared;
        have not cleared; not gone; not gone away; not better; no better; not let up; previously
        controlled; previously well controlled; previously on; previously stable; previously
        managed; previously taking; previously seen; not been to; no wonder; not want; does not
        want; did not want; not wish; does not wish; no allergies; no known allergies; he and his
        <kin>; she and her <kin>; like her <kin>; like his <kin>; same as her <kin>; same as his
        <kin>; unlike her <kin>; unlike his <kin>; discussed with; discussed his; discussed her;
        discussed the diagnosis; discussed diagnosis; discussed the findings; as discussed;
        discussed that; discussed above; discussed at; discussed in; discussed how; discussed
        treatment; discussed management; discussed options; no problems with her; no problems with
        his; no problems with the; no issues with her; no issues with his; no issues with the; no
        trouble with her; no trouble with his; no problems with taking; no issues with taking; due
        to prior; due to previous; secondary to prior; secondary to previous; <advice> given; given
        a diagnosis; given the diagnosis; given diagnosis; not been seen by; not been seen since;
        not been seen for; not been seen in; no problems ,"""),
)  # fmt: skip
