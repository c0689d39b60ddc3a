"""Whose it is, and where the reach of cues ends."""

from __future__ import annotations

from nlp.cues.row import Cues

LIMITS: tuple[Cues, ...] = (
    Cues("family", "before", "clause", """
        children with; child with; <n> children; two children; three children; kids with; his
        children; her children; their children; my kids; my children; my son's; buddy; grandson;
        granddaughter; stepdad; stepmom; partner; classmate; teammate; guy at work; neighbor;
        friend; mum; mummy; mam; nan; nana; gran; granny; grandma; grandpa; grandad; granddad;
        auntie; half brother; half sister; friend of mine; coworker; co - worker; boss; mother;
        father; mom; dad; brother; brothers; sister; sisters; sib; sibs; sibling; siblings; son;
        sons; daughter; daughters; aunt; aunts; uncle; uncles; grandmother; grandfather;
        grandparents; grandparent; parent; parents; cousin; cousins; nephew; niece; half -
        brother; half - sister; maternal; paternal; twin; relative; relatives; family history;
        family history of; family hx; family hx of; fh; fhx; fh of; family member; family members;
        runs in the family; strong family history of; familial history of; wife; husband; spouse;
        roommate; girlfriend; boyfriend; stepfather; stepmother; first degree relative; mgm; mgf;
        pgm; pgf; no family history of; no significant family history of; denies family history
        of; no known family history of; denies any family history of; children at; children in;
        kids at; kids in; classmates; friends; colleague; colleagues; flatmate; housemate;
        household contact; household contacts; housemates; lodger; other residents; residents at;
        neighbour; neighbours; coworkers; anyone in the family; anyone in your family; anyone in
        her family; anyone in his family; someone in the family; nobody in the family; no one in
        the family; in the family; in your family; : mother; : father; : brother; : sister; :
        maternal; : paternal; : grandmother; : grandfather; : mom; : dad; : mum; : uncle; : aunt;
        : son; : daughter; : sibling; : siblings; : parents; kids had; kids have; kids all had;
        kids were; children had; children have; children were"""),
    Cues("family", "before", "clause", """
        <kin> who himself; <kin> who herself; <kin> , who himself; <kin> , who herself; <kin>
        himself has; <kin> herself has; <kin> himself had; <kin> herself had"""),
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
        patient's mother; in the patient's father; in patient's mother; in patient's father; ,
        which her <kin>; , which his <kin>; , which her late <kin>; , which his late <kin>; ,
        which runs in; which runs in"""),
    Cues("stop", "before", "next", """
        but; however; although; though; except; except for; aside from; apart from; other than;
        besides; yet; still; nevertheless; which; who; whom; <semi>; secondary to; due to;
        because; because of; since; therefore; until; admits; admitted to; endorses; endorsed;
        remains; with the exception of; cause of; cause for; causes of; causes for; source of;
        source for; etiology of; etiology for; reason for; reasons for; trigger for; origin of;
        origin for; and is; and was; and has; and had; and he; and she; and there; and patient;
        and the patient; and will; and takes; and continues; and now; and then; and felt; and
        appears; and are; and were; and this; and it; and they; and i; , he; , she; , has; , had;
        , is; , was; , there; , the patient; , patient; , it; , this; , i; , we; , they; , with; ,
        history; , status; , s/p; , h/o; , otherwise; , now; , then; , and he; , and she; , and
        has; , and is; , and the; , and there; , and was; , so; , +; +; ( + ); [ x ]; [x]; [ ]; (
        ); ( x ); where; when; while; whereas; as a result; as a result of; in addition to;
        instead; instead of; in view of; given his; given her; because of his; because of her; on
        account of; status post; in spite of; despite; has been; is now; are now; was then; is
        stable; is unchanged; is well controlled; to treat; for which; in order to; he is; she is;
        he has; she has; he was; she was; there is; there are; patient is; patient has; patient
        was; likely; probably; possibly; side effects from; side effects of; side effects with;
        side effects to; side effect from; adverse effects from; adverse effects of; adverse
        reaction to; adverse reactions to; problems with; trouble with; issues with; complications
        from; complications of; complication of; response to; relief with; relief from; relief of;
        reaction to; reactions to; allergy to; allergic to; intolerance to; difficulty taking;
        missed doses of; doses of; <n> ); changes to; change to; adjustments to; and continue; ,
        continue; improvement with; improvement in; who presents; who presented; who presents
        with; who presented with; who is admitted; who was admitted; who comes; who came; so i; so
        it; so it's; so we; so you; so you're; so he; so she; so the; so for; so what; so that's;
        so my; so your; so let's; for your; for the hypertension; for the diabetes; i want; i
        wanna; i'm gonna; i'm going; i'd like; i do; you've; you have; you're; you've got; i've;
        i've got; i'm on; i take; i am; that's; as for; in terms of; let me; let's; we'll; we're;
        i'll; it's; he's; she's; ☒; ☑; ☐; ✓; ✔; pmh; pmhx; psh; pshx; rx; dx; takes; meds; imp;
        impression; a / p; , complicated by; complicated by"""),
    Cues("stop-reason", "before", "next", """
        d/t; 2/2; b/c; given; as has; as is; as known; since has; as pt has; as the pt has; due to
        prior; due to previous; secondary to prior; secondary to previous; <treatment> for;
        <likely> due to; <likely> secondary to; <likely> from; <likely> related to; <likely>
        caused by; <likely> because of; <likely> 2/2; <likely> d/t; most likely due to; most
        likely secondary to; most likely from; most likely related to; most likely 2/2; most
        likely d/t"""),
    Cues("stop-found", "before", "next", """
        positive for; positive; consistent with; found to have; was found; noted to have; <shows>;
        <show>"""),
    Cues("stop-claim", "before", "next", """
        he had; she had; patient had; there was; there were"""),
    Cues("stop-list", "before", "next", """
        presents; presented; presenting; reports; reported; reporting; complains; complained;
        complaining; c/o; continues; continued; developed; develops; appears; , some; , only; ,
        just; , simply; , merely; , normal; , mild; , moderate; , severe; , stable; , chronic; ,
        known"""),
    Cues("stop-past", "before", "next", """
        diagnosed; dx'd; onset; started; began; beginning; starting; initially; first; today;
        currently; now; recently; this morning; who; is; are; comes; came; seen; here; brought;
        evaluated; transferred; referred; for evaluation; chief complaint; worsening; worsened;
        last; undergoing; developed; on <month>; on <n>; →; - >; = >"""),
    Cues("stop-family", "before", "next", """
        he; she; patient; the patient; pt; i; himself; herself; his own; her own; patient's own;
        states; stated; says; said; notes; noted; noticed; called; calls; brought; ringing; rang;
        phoned; phoning; calling; denies; denied; thinks; thought; believes; feels; is concerned;
        are concerned; was concerned; worried; gave; gives; describes; describe; tells; told;
        asks; asked; saw; observed; found; witnessed; reports; reported; report; state; say;
        think; called him; accompanied; stayed; present at; at bedside; is here; bring; took;
        wants; agrees; agreed; understands; understand; recalls; refused; his; her; but; however;
        although; though; except; <semi>; and he; and she; , he; , she; and the patient;
        otherwise; [ ]; [ x ]; <n> ); presents; presented; complains; admitted; for patient;
        unlike; non contributory; noncontributory; who reports; who states; who says; who noticed;
        who noted; who called; who brought; concerned he has; concerned she has; , i; , we;
        worried he has; worried she has; worried that he has; worried that she has; concerned that
        he has; concerned that she has; concerned; fears he has; fears she has; suspects he has;
        suspects she has; worried about; concerned about; worries about"""),
    Cues("stop-of", "before", "next", """
        in; for; on; of"""),
    Cues("stop-with", "before", "next", """
        with"""),
    Cues("stop-back", "before", "next", """
        is; are; was; were; has; had; have; reveals; shows; denies; no; not; without; there; and
        the; he; she; we; they; i; patient; the patient; because; due; strep neg; strep negative;
        culture negative; cultures negative; culture neg; flu neg; flu negative; covid neg; covid
        negative; test negative; screen negative; ct negative; x - ray negative"""),
)  # fmt: skip
