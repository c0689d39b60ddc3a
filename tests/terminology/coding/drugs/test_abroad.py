"""Drugs as they are called outside the United States: international and British names, brands."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.building.names import named
from terminology.coding.drugs.rewrite import drug
from terminology.entry import Entry, Name, Release
from terminology.index import Row
from terminology.service import Terminology
from terminology.types import RXNORM, Method, TermKind

CALLED = """
paracetamol=acetaminophen salbutamol=albuterol frusemide=furosemide adrenaline=epinephrine
noradrenaline=norepinephrine isoprenaline=isoproterenol orciprenaline=metaproterenol
pethidine=meperidine lignocaine=lidocaine glibenclamide=glyburide aciclovir=acyclovir
ciclosporin=cyclosporine rifampicin=rifampin beclometasone=beclomethasone cefalexin=cephalexin
chlorphenamine=chlorpheniramine clomethiazole=chlormethiazole chlortalidone=chlorthalidone
colecalciferol=cholecalciferol colestyramine=cholestyramine clomifene=clomiphene
mercaptamine=cysteamine dantron=danthron dexamfetamine=dextroamphetamine dicycloverine=dicyclomine
amfepramone=diethylpropion dosulepin=dothiepin eformoterol=formoterol norethisterone=norethindrone
hydroxycarbamide=hydroxyurea indometacin=indomethacin levomepromazine=methotrimeprazine
mepacrine=quinacrine mitozantrone=mitoxantrone chlormethine=mechlorethamine
nicoumalone=acenocoumarol oxpentifylline=pentoxifylline phenobarbitone=phenobarbital
amylobarbitone=amobarbital quinalbarbitone=secobarbital sulfafurazole=sulfisoxazole
suxamethonium=succinylcholine tetracosactide=cosyntropin amethocaine=tetracaine
alimemazine=trimeprazine benzhexol=trihexyphenidyl busulphan=busulfan crisantaspase=asparaginase
dextropropoxyphene=propoxyphene diamorphine=heroin glycopyrronium=glycopyrrolate
pizotifen=pizotyline dithranol=anthralin calcipotriol=calcipotriene metamizole=dipyrone
oxybuprocaine=benoxinate proxymetacaine=proparacaine cinchocaine=dibucaine ergometrine=ergonovine
phenazone=antipyrine torasemide=torsemide mesalazine=mesalamine leuprorelin=leuprolide
ispaghula=psyllium methylthioninium_chloride=methylene_blue oestradiol=estradiol
sulphadiazine=sulfadiazine sodium_cromoglycate=cromolyn_sodium nitrazepam=nitrazepam
gliclazide=gliclazide nicorandil=nicorandil co-dydramol=acetaminophen_/_dihydrocodeine
co-amilofruse=amiloride_/_furosemide co-beneldopa=benserazide_/_levodopa
co-trimoxazole=sulfamethoxazole_/_trimethoprim doliprane=acetaminophen combiflam=acetaminophen_/_ibuprofen
seretide=fluticasone_/_salmeterol ecosprin=aspirin septrin=sulfamethoxazole_/_trimethoprim
"""
PAIRS = [tuple(pair.replace("_", " ").split("=")) for pair in CALLED.split()]


@pytest.fixture(scope="module")
def terminology(data: Path) -> Terminology:
    return Terminology.open(data)


@pytest.mark.parametrize(("term", "name"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_names_of_other_countries(terminology: Terminology, term: str, name: str) -> None:
    found = terminology.match(term, RXNORM, 1)[0]
    assert name in found.display.lower()
    assert found.method in (Method.EXACT, Method.SYNONYM, Method.ABBREVIATION)


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("Cephradine", "cefradine"),
        ("Morphine Sulfate", "morphine sulphate"),
        ("Ethinyl Estradiol", "ethinyl oestradiol"),
        ("Aluminum Hydroxide", "aluminium hydroxide"),
        ("imatinib mesylate", "imatinib mesilate"),
        ("ketorolac tromethamine", "ketorolac trometamol"),
        ("valproate sodium", "sodium valproate"),
        ("Chorionic Gonadotropin", "chorionic gonadotrophin"),
    ],
)
def test_stems_of_other_countries(name: str, theirs: str) -> None:
    assert theirs in drug(name)


@pytest.mark.parametrize("name", ["Atropine", "levonorgestrel", "sodium chloride"])
def test_names_that_are_spelled_alike(name: str) -> None:
    assert not list(drug(name))


def test_what_a_release_says_of_a_brand_goes_first() -> None:
    brand = Entry("7", "Aggrenox", names=(Name("Aggrenox", TermKind.BRAND),), tty="BN")
    row = Row(RXNORM, "rxnorm", "RxNorm", "1", "complete", "a test", 0, 2)
    other = Entry("226716", "Aspirin / Dipyridamole", tty="MIN")
    told = named(row, Release("1", "complete", "a test", (brand, other)))
    assert [concept for concept, name in told if name.text == "Aggrenox"] == [1]
    alone = named(row, Release("1", "complete", "a test", (other,)))
    assert [concept for concept, name in alone if name.text == "Aggrenox"] == [0]
