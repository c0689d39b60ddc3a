"""What is over, told as history, or not yet so."""

from __future__ import annotations

from nlp.cues.row import Cues

TIME: tuple[Cues, ...] = (
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
        of; no personal history of; past medical history included; past history includes; past
        history also includes; past medical history also includes; past history significant for;
        past history notable for; past history is significant for; past history is notable for;
        family history of; family hx of; fh of; strong family history of; no family history of"""),
    Cues("history", "before", "next", """
        discontinued because of; tolerate because of; tolerate it because of; tolerated because
        of; tolerate due to; tolerate it due to; tolerated due to; stopped it because of; stopped
        it due to; switched because of; switched due to; off because of; off due to; withdrawn
        because of; withdrawn due to; stopped because of; discontinued due to; stopped due to;
        discontinued secondary to; stopped secondary to; discontinued after; stopped after;
        stopped for; discontinued for; caused; caused a; caused an; caused her; caused him; gave
        her; gave him; gave me; gave me a; gave her a; gave him a; gave her an; gave him an"""),
    Cues("history", "after", "phrase", """
        by history; per history; history; in history; who presents; who presented; who is
        admitted; who was admitted; who comes; who came; who presents with; who presented with;
        in <month>"""),
    Cues("past", "after", "phrase", """
        [ ] current [ x ] past; ( ) current ( x ) past; cleared with; cleared after; cleared up;
        in the past; in the remote past; is resolved; was resolved; were resolved; at age <n>; at
        the age of <n>; ( resolved ); - resolved; <year> , <gone>; <year> , <fully> <gone>; <year>
        , cured; , cured; , eradicated; closed after; closed with; resolved; , resolved; , now
        resolved; , since resolved; , <fully> <gone>; previously; went away; gone <end>; gone now;
        is gone; are gone; has gone away; have gone away; has gone; cleared <end>; broke <end>;
        settled <end>; at that time; back then; , which has since; , which have since; , which had
        since; , that has since; cured; cured with; cured by; cured in; which has since; that has
        since; but not for years; not for years; not in years; not for a long time; none this
        year; none since; none x; none for years; none in years; but that went away; but it went
        away; that went away; it went away; while pregnant; ( childhood; ( remote; ( in the past;
        once <end>; once in; once when; once years; once before; twice last year; twice in <year>;
        survivor; in my <n>s; in his <n>s; in her <n>s; growing up; not anymore; as a young adult;
        as a young man; as a young woman; with full recovery; with complete recovery; full
        recovery; made a full recovery; treated x <n>; treated x2; treated x3; treated twice;
        treated in; treated <year>; ( treated; adequately treated; fully treated; successfully
        treated; completely treated; healed <end>; well healed; was cured; were cured; been cured;
        , none since; , none x; , none for; , no recurrence; , no further; , none in; which he has
        outgrown; which she has outgrown; he has outgrown; she has outgrown; outgrown; which he
        outgrew; which she outgrew; is no longer a problem; no longer a problem; is no longer an
        issue; no longer an issue; is no longer active; no longer active; is no longer present; no
        longer present; corrected after; corrected with; now corrected; has corrected; corrected
        <end>; , disease free; , disease - free; disease free; disease - free; cancer free; cancer
        - free; , outgrown; , since outgrown; , which he has outgrown; , which she has outgrown; ,
        which he outgrew; , which she outgrew; removed; was removed; were removed; extracted;
        subsided; and recovered; has <gone>; have <gone>; had <gone>; <fully> <gone>; has <fully>
        <gone>; have <fully> <gone>; had <fully> <gone>; which <gone>; which <fully> <gone>; that
        <gone>; that <fully> <gone>; , which <gone>; , which <fully> <gone>; , which has <gone>; ,
        which have <gone>; , which has <fully> <gone>; , which have <fully> <gone>; and has
        <gone>; and has <fully> <gone>; and it has <gone>; and it <gone>; and this has <gone>; but
        has <gone>; but it has <gone>; but it <gone>; that has <gone>; , this has <gone>; , it has
        <gone>; , treated <end>; as a <young>; as an <young>; as <young>; ( as a <young>; <in>
        <phase>; <in> his <phase>; <in> her <phase>; <in> my <phase>; <in> their <phase>; <in> the
        <phase>; <in> early <phase>; in high school; in grade school; in middle school; in his
        early <phase>; in her early <phase>; in his late <phase>; in her late <phase>; <in> both
        <birth>; <in> <nth> <birth>; <in> her <nth> <birth>; <in> my <nth> <birth>; <in> the <nth>
        <birth>; <in> a <nth> <birth>; in her pregnancies; as a <number> - year - old; as an
        <number> - year - old; as a <number> year old; at <number> years of age; behind him;
        behind her; is behind him; is behind her; healed; cleared on; cleared without; cleared by;
        has gotten better; have gotten better; is better now; got better; has since gotten better;
        , which has since gotten better; , which got better; freshman year; sophomore year; junior
        year; senior year; in tenth grade; in ninth grade; in eighth grade; in seventh grade; in
        sixth grade; twice before; before , most recently; when <they> was; when <they> were;
        which is gone; which are gone; that is gone; , which is gone; , which is gone now; did not
        come back; never came back; has not come back; have not come back; and did not come back;
        and has not come back; and never came back; and did not recur; but did not recur; has not
        happened since; have not happened since; , but this has not happened since; but this has
        not happened since; but this has not recurred; which has not recurred; which has not
        happened since"""),
    Cues("past", "after", "phrase", """
        <in> g1; <in> g2; <in> g3; <gone> since; <gone> by; <gone> in; <gone> with; <gone> after;
        <gone> on; <gone> without"""),
    Cues("past", "before", "phrase", """
        due to prior; due to previous; secondary to prior; secondary to previous;
        status post; s/p; s / p; sp; status - post; previous; previously; prior; past; former;
        formerly; remote; remote history of; very remote history of; distant history of; old;
        childhood; had had; past history of; resolved; resolution of; recovered from; recovering
        from; used to have; recent history of; cured of; healed; history of prior; history of
        past; history of previous; history of childhood; history of remote; history of resolved;
        treated for; was treated for; hospitalized for; was hospitalized for; hospitalization for;
        surgery for; surgery to repair; surgery to correct; surgery to remove; previous surgery
        for; prior surgery for; previous surgery to repair; resolved problems; inactive problems;
        resolved problem; outgrew; outgrown; got over; used to get; back when i had; when i had;
        when she had; when he had; survivor of; hospital stay for; follow - up after; follow up
        after; in remission from; recovered after; after recurrent; after repeated; after multiple
        bouts of; used to suffer from; used to suffer with; suffered from; survived; inactive :;
        once had; once had a; once had an; one bout of; one episode of; a single episode of; a
        single bout of; one prior episode of; one previous episode of; childhood illnesses :;
        childhood illnesses include; childhood illnesses included; beat; admission in <month> for;
        hospitalization in <month> for; hospitalized with; hospitalised with; hospitalised for;
        hospitalized in <year> for; hospitalized in <year> with; admission in <year> for; reports
        having had; <nth> <birth> complicated by; <nth> <birth> was complicated by; <nth> <birth>
        c / b; <nth> <birth> with; once went into; was treated as; treated as; once got; once
        developed"""),
    Cues("past", "before", "next", """
        ex -; ex"""),
    Cues("past", "before", "clause", """
        in the past; in childhood; at one time; at one point; at one stage; as a <young>; as an
        <young>"""),
    Cues("dated", "after", "phrase", """
        <year> , <gone>; <year> , <fully> <gone>; <year> , cured;
        in <year>; in <month> <year>; in <month> of <year>; in <month> , <year>; in the <n>s; in
        early <year>; in late <year>; in mid <year>; years ago; year ago; decades ago; in the
        past; in the remote past; at the age of <n>; , in <year>; last year; ( <year> ); , <year>;
        months ago; month ago; weeks ago; at <n> months; at <n> weeks; at <n> years; after her
        pregnancy; after her delivery; after delivery; with her first pregnancy; with her
        pregnancy; years back; a while back; a while ago; long ago; last month; last mo; after the
        birth of; last <season>; this past <season>; in the <season>; in the early <season>; in
        the late <season>; in the <season> of <year>; winters ago; summers ago; springs ago; falls
        ago; seasons ago; ' <n>; at age one; at age <number>; at the age of <number>; <number>
        years back; years earlier; years before; from last month; from last year; from last week;
        from last <season>"""),
    Cues("dated", "after", "next", """
        <year> <end>; <year> ); <year> with; <year> treated; <year> and; <year> after; <year>
        following; <year> -; <year> (; aged <n> <end>"""),
    Cues("dated", "after", "phrase", """
        , completed; , finished; ( completed; ( finished"""),
    Cues("dated", "before", "clause", """
        in <year>; years ago; in <month> <year>; in <month> of <year>; last year; at age <n>; at
        the age of <n>"""),
    Cues("hypothetical", "before", "clause", """
        may worsen; can worsen; could worsen; might worsen; may exacerbate; can exacerbate; may
        precipitate; can precipitate; sometimes we see; we often see; we see a lot of; you can
        get; you could get; people get; that happens with; can be a sign of; can be from; could be
        from; to treat or prevent; going around; return for; return with; return to the ed for;
        low risk of; low risk for; return to er for; return precautions;
        return precautions given; precautions given; return
        precautions were given; come back for; call for; call with; call us for; report any; risk
        of; risks of; risk for; risks for; at risk for; at risk of; high risk for; high risk of;
        increased risk of; increased risk for; risk factor for; risk factors for; risk factors of;
        watch out for; look for; look out for; looking for; alert for; to prevent; prevent;
        prevents; preventing; prevention of; prophylaxis for; prophylaxis against; prophylaxis of;
        prophylactic; prophylactically for; avoid; to avoid; education on; education about;
        education regarding; risks include; risks included; risks including; risks , including;
        risks , benefits; risks and benefits; risks and complications; complications include;
        complications included; complications including; complications such as; side effects; side
        effects include; side effect of; potential; potential for; chance of; chances of;
        probability of; can cause; can lead to; may cause; may lead to; could cause; could lead
        to; might cause; may result in; can result in; could result in; may develop; could
        develop; might develop; can develop; may get; might get; will get; would get; get another;
        getting another; have another; having another; predispose to; predisposes to; assessment
        for; checked to; vaccine for; vaccinated against; vaccination for; immunized against;
        warning signs of; signs and symptoms of; fear of; afraid of; instructed to; instructions
        for; precautions for; precautions regarding; ordered for; informed of the risks;
        susceptible to; susceptibility to; susceptibility for; exposure to; exposed to; to
        exclude; to r/o; would; not limited to; but not limited to; information regarding;
        information about; information on; literature on; handout on; handout about; reading
        about; discussed the risk of; rather than having; make sure it's not; make sure it is not;
        make sure you don't have; make sure there's no; make sure there is no; worried about
        getting; worry about; worries about; things like; stuff like; something like; people with;
        patients with; others with; people who have; also called; known as; contribute to;
        contributes to; to reduce the risk of; lower the risk of; lowers the risk of; help
        prevent; helps prevent; protect against; protects against; because of the risk of; in the
        setting of possible; start to have; starts to have; want to avoid; keep an eye out for;
        keep an eye on for; sounds like a little bit of; rtc for; rtc if; return to clinic for;
        return to clinic if; return if; return sooner for; return sooner if; call if; seek care
        for; seek medical attention for; come in for; come back if; go to the er for; go to the ed
        for; safety netted re; safety netted for; safety net re; safety - netting re; went over
        symptoms of; go over symptoms of; reviewed symptoms of; discussed symptoms of; reviewed
        signs of; discussed signs of; discussed the symptoms of; reviewed the symptoms of;
        explained symptoms of; screening ultrasound for; screening ct for; screening mri for;
        screening colonoscopy for; surveillance for; surveillance of; prophylaxis :; ppx :; dvt
        prophylaxis :; risks like; risk like; risks such as; risks are; complications like; side
        effects like; talked about the association with; association with; associated with an
        increased risk of; turn into; turns into; will become; can become; could become; may
        become; works for; work for; used for; helps with; progress to; progresses to; lead into;
        cause of death; candidate for; let me know if; let us know if; you know if; a lot of
        people with; most people with; some people with; some people get; most people get; folks
        with; anyone with; anybody with; someone with; kids with; children who have; kids who
        have; women with; men with; reasons for; trying to prevent; want to prevent; wanna
        prevent; so you don't get; so that you don't get; so you do not get; make sure there's
        nothing; make sure there is nothing; make sure it's nothing; nothing hiding there like;
        that can be; that could mean; could mean; can mean; that can mean; turn out to be; ends up
        being; end up with; ends up with; end up having; risks explained; risks explained :; risk
        explained; risks discussed; risks :; risk :; consented for; consent for; informed of; told
        about the risk of; instructed in; taught; teaching on; signs of infection; safety net -;
        safety net :; safety net; safety netted; safety netting; worsening advice; red flags :;
        leaflet about; leaflet on; leaflet for; booklet about; booklet on; leaflets about;
        leaflets on; instructed on; instructed about; instructed regarding; <warned> <about>;
        <warned> <whom> <about>; <warned> the <whom> <about>; <warned> his <whom> <about>;
        <warned> her <whom> <about>; <warned> both <about>; red flags for; red flags of; red flags
        re; red flag symptoms of; discussed; we discussed; talked about; we talked about; spoke
        about; went over; might give; can give; could give; may give; leads to; lead to; made
        aware; complications , including; so as not to; what to do in case of; <watch> for; keep
        <whom> from; prevent <whom> from; stop <whom> from; keeps <whom> from"""),
    Cues("hypothetical", "after", "phrase", """
        were mentioned; were discussed; were explained; were outlined; were emphasized; was
        explained; was emphasized; would be; as a risk; as a possible risk; as a potential risk;
        as a complication; as a possible complication; as a potential complication; as possible
        complications; as potential complications; as complications; as risks; as possible risks;
        as a side effect; as possible side effects; as side effects; may develop; might develop;
        could develop; can develop; may occur; might occur; could occur; can occur; may follow"""),
    Cues("hypothetical", "after", "next", """
        versus other causes; in the future; prevention program; support group; awareness;
        precautions; precaution; risk; prophylaxis; prevention; screening; screen; vaccine;
        vaccines; vaccination; immunization; protocol; panel; risk factors; risk factor;
        education; shot; toxoid; test; testing; titer; titers; antibody; antibodies; serology;
        serologies; clinic; workup; exposure; prophylactically; will start; can start; can be;
        can cause; tend to; tends to; usually; are usually; are often; is often; are caused by;
        is caused by; come from; comes from; is when; is what happens; spores; ppx; symptoms were
        reviewed; symptoms reviewed; warning signs; symptoms discussed; surveillance; counseling;
        eye exam; eye exams; foot exam; foot exams; diet; teaching; supplies; shoes; educator;
        medication; medications; medicine; medicines; pill; pills; drugs; guidelines; specialist;
        center; w / u; work - up; work up; group; unit; service; team; registry; season; booster;
        ppx :; prophylaxis :;
        is not required; not required; is not needed; not needed; is not indicated; not
        indicated; not warranted; rationale; handout; leaflet; information; advice; counselling;
        if positive; if confirmed; if found; if present; if it develops; bloods; swab; swabs;
        labs; discharge summary"""),
    Cues("conditional", "before", "next", """
        should"""),
    Cues("hypothetical", "before", "next", """
        stool; stool for; order; ordered; send; sent"""),
    Cues("conditional", "before", "clause", """
        if; if there is; if there are; if he develops; if she develops; should he; should she;
        should they; should you; should the patient; should there be; should symptoms; should it;
        should any; should this; in case of; in the event of; in the event that; unless;
        whenever; in case; when she has; when he has; when you have; if you have; if he has; if
        she has; if they have; if you get; if he gets; if she gets; if you notice; if you feel;
        if you see; if you are; if there was; were she
        to; were he to; were you to; were there to be"""),
)  # fmt: skip
