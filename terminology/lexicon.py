"""Words that mean the same: clinical shorthand, body parts, spellings. One row a meaning; ours."""

from __future__ import annotations

# Each line: words that count as one and the same when phrases are compared word by word.
_SAME = """
kidney renal nephric nephro
liver hepatic
heart cardiac
lung pulmonary pneumonic
stomach gastric
brain cerebral encephalic
skin cutaneous dermal
bone osseous
muscle muscular
nerve neural
eye ocular ophthalmic
ear aural auricular
nose nasal
mouth oral
throat pharynx pharyngeal
tongue lingual glossal
lip labial
tooth teeth dental
gum gingiva gingival
neck cervical
cervix uteri
womb uterus uterine
ovary ovarian
testis testicle testicular
penis penile
breast mammary
bladder vesical
gallbladder cholecystic
bowel intestine intestinal gut
colon colonic
rectum rectal
anus anal
esophagus esophageal gullet
pancreas pancreatic
spleen splenic
artery arterial
vein venous
vessel vascular
blood hematic
lymph lymphatic
thyroid thyroidal
adrenal suprarenal
pituitary hypophysis hypophyseal
prostate prostatic
vagina vaginal
vulva vulvar
urethra urethral
ureter ureteral ureteric
trachea tracheal windpipe
larynx laryngeal
bronchus bronchi bronchial
pleura pleural
pericardium pericardial
peritoneum peritoneal
abdomen abdominal belly
chest thorax thoracic
back dorsal
spine spinal vertebral vertebra
pelvis pelvic
shoulder
elbow
wrist carpal carpus
hand manual
finger digit
thumb
hip coxal
thigh femur femoral
knee patellar
ankle
foot feet pedal
toe
rib costal
skull cranium cranial
face facial
jaw mandible mandibular
scalp
scrotum scrotal
joint articular
cartilage cartilaginous
tendon tendinous
ligament ligamentous
tonsil tonsillar
appendix appendiceal
duodenum duodenal
jejunum jejunal
ileum ileal
cornea corneal
retina retinal
iris iridic
conjunctiva conjunctival
eyelid palpebral lid
lens lenticular
placenta placental
fetus fetal
newborn neonatal neonate perinatal
child childhood pediatric infantile juvenile
pregnancy pregnant gestation gestational
childbirth delivery parturition labor
puerperium puerperal postpartum
menstruation menstrual
menopause menopausal climacteric
cancer carcinoma malignancy cancerous adenocarcinoma
neoplasm tumor neoplastic
metastatic secondary metastasis metastases
leukemia leukemic
lymphoma lymphomatous
anemia anemic
diabetes diabetic
hypertension hypertensive
alcohol alcoholic ethanol
tuberculosis tuberculous tb
syphilis syphilitic luetic
epilepsy epileptic
migraine migrainous
schizophrenia schizophrenic
depression depressive depressed
anxiety anxious
psychosis psychotic
virus viral
bacteria bacterial bacterium
fungus fungal mycotic mycosis
parasite parasitic
infection infected infectious infective
inflammation inflammatory inflamed
ulcer ulcerated ulceration ulcerative
fracture broken fractured break
dislocation dislocated luxation
laceration cut
wound
burn burned
bleeding hemorrhage hemorrhagic bleed haemorrhage
clot thrombus thrombosis thrombotic
embolism embolus embolic
stone calculus calculi lithiasis
swelling edema swollen edematous
itching pruritus itchy pruritic
fever pyrexia febrile
pain ache aching painful
stiffness stiff
weakness weak
obstruction obstructive obstructed blockage
stricture stenosis stenotic narrowing
rupture ruptured
perforation perforated
abscess
cyst cystic
hernia herniated herniation
prolapse prolapsed
paralysis palsy paralytic
deafness deaf
blindness blind
jaundice icterus
cold coryza
flu influenza
pneumonia
whooping pertussis
chickenpox varicella
shingles zoster
measles rubeola
rubella
mumps
rabies
plague
leprosy hansen
lice pediculosis
scabies
wart verruca verrucae
poisoning poison toxicity overdose intoxication
injury trauma traumatic injured
congenital hereditary
deformity deformed
anomaly malformation abnormality abnormal
defect
deficiency deficient
insufficiency insufficient incompetence
failure
disorder disease illness
syndrome
screening screen
history hx
encounter
abortion miscarriage
obesity obese
malnutrition malnourished
dependence dependent addiction
abuse misuse
suicide suicidal
atrophy atrophic
necrosis necrotic
fibrosis fibrotic
sclerosis sclerotic
degeneration degenerative
hypertrophy hypertrophic
allergy allergic
immune immunity
autoimmune
metabolism metabolic
nutrition nutritional
endocrine
psychiatric mental psychological psychic psychogenic
nervous neurologic neurological
sleep
seizure convulsion fit
stroke apoplexy
dementia
bullous blister
rash eruption exanthem
nodule nodular
polyp polyposis
gland glandular
aneurysm aneurysmal
varix varices varicose varicosity
arrhythmia dysrhythmia
rhythm
tachycardia
angina
asthma asthmatic
emphysema emphysematous
arthritis arthritic
osteoarthritis osteoarthrosis
gout gouty
rheumatism rheumatic
osteoporosis osteoporotic
scoliosis scoliotic
gangrene gangrenous
pus purulent suppurative
septic sepsis septicemia
teenage adolescent
senile elderly
vertigo
headache cephalalgia
vomiting emesis
nausea
diarrhea
constipation
sequela late
primary idiopathic essential
acute
chronic
recurrent relapsing recurring
bilateral
multiple
unspecified nos
other nec
open
closed
upper
lower
motorcycle motorcyclist
pedestrian
bicycle pedal cyclist
truck
car automobile
collision
drowning
fall falling fell
gun firearm
knife
vaccine vaccination immunization
operation operative surgical surgery postprocedural postoperative
implant prosthesis prosthetic
transplant graft
absence missing
stuttering
fluke trematode
tapeworm cestode
roundworm nematode
prepuce foreskin
oropharynx mesopharynx
remission remitted
corn clavus
goiter struma
nevus naevus mole
gonorrhea gonococcal
hypophosphatasia hypophosphatasemia
neurosis neurotic
cirrhosis cirrhotic
ischemia ischemic
hyperplasia hyperplastic
dysplasia dysplastic
dystrophy dystrophic
calcification calcific calcified
"""

# What stands in short titles and notes: the word, then what it stands for. A word may have several
# meanings; `+` joins the words of one.
_SHORT = """
dl delivery
gb gallbladder
lg large
les lesion
reg region
prox proximal
dist distal
idio idiopathic
susp suspected
symp symptoms
unspf unspecified
ren renal
dys dystrophy dysfunction
abd abdomen
abdom abdomen
abn abnormal
abnl abnormal
abort abortion
ab abortion antibody
ac acute
acc accident
acq acquired
act active
adm administrative
adv adverse
aff affecting
aft after
aftrcre aftercare
agt agent
alc alcohol
allerg allergic
alt alternating
ami acute+myocardial+infarction
amput amputation
an anemia
anes anesthesia
ang angle
anom anomaly
ant anterior
antep antepartum
antepar antepartum
antepart antepartum
arthr arthritis
artic articular
asp aspiration
assoc associated
asthm asthma
att attention
attem attempted
aut autoimmune
bact bacterial
bdy body
behav behavior
ben benign
bil bilateral
bilat bilateral
biol biological
bipol bipolar
bl blood
bld blood
bp blood+pressure
brn burn
bs bacillus
ca cancer
cal calculus
cardiovasc cardiovascular
cavrn cavernous
cent central
cereb cerebral
cerv cervical
chf congestive+heart+failure
chld child
chr chronic
chrn chronic
circ circulatory
cl closed
clos closed
close closed
cmp complication
cmplx complex
cns central+nervous+system
cntct contact
cntrl central
cog cognitive
comb combined
comp complication
compl complication complicating
complic complication
compress compression
con congenital
cond condition
cong congenital
congen congenital
cont contact continuous
contus contusion
cor coronary
cryst crystal
ctr center
cult culture
cv cardiovascular
cva stroke
d disease
def deficiency
defic deficiency
deform deformity
deg degree degenerative
degen degenerative
del delivered delivery
deliv delivery
deliver delivered
dep dependence
depend dependence
depr depressive
dermat dermatitis
dev developmental
devel developmental
diab diabetes
dis disease
disloc dislocation
dislocat dislocation
disord disorder
disrupt disruption
div diverticulitis
dm diabetes+mellitus
dmi type+1+diabetes+mellitus
dmii type+2+diabetes+mellitus
dm1 type+1+diabetes+mellitus
dm2 type+2+diabetes+mellitus
dsrpt disruption
dup duplication
dvt deep+vein+thrombosis
dx diagnosis
dz disease
ef effect
eff effect
elec elective
embol embolism
enceph encephalitis
enc encounter
episod episode
esoph esophagus
etoh alcohol
ex exercise
exam examination
exc except
exp exposure
ext external extremity
extrem extremity
extrm extremity
fail failure
fam family
fb foreign+body
fem femoral
fet fetal
fh family+history
find findings
fol following
ft foot
funct functional
fx fracture
gc gonococcal
gen general genital
ges gestation
gest gestational
gi gastrointestinal
glauc glaucoma
gr grand
gravs gravis
gu genitourinary
hb hemoglobin
hd head
hea hearing
hem hemorrhage
hemor hemorrhage
hemorr hemorrhage
hf heart+failure
hgb hemoglobin
histo histology
ho history
hodg hodgkin
hosp hospital
hrt heart
ht heart hypertension
htn hypertension
hx history
hy hypertensive
hyp hypertensive hypertrophy
hyper hypertension
hypert hypertension
hyperten hypertension
id intellectual+disability
illeg illegal
immat immature
immun immunization
imp implant
inc incomplete
inf infection inferior
infarct infarction
infec infection
infect infection
inflam inflammation
inguin inguinal
inh inhalation
init initial
inj injury
ins insulin
insuff insufficiency
int internal intestinal
intest intestinal
intox intoxication
intra intra
iatro iatrogenic
isch ischemic
jt joint
jts joint
juv juvenile
kd kidney
kid kidney
lac laceration
lat lateral
leuk leukemia
lig ligament
lmb limb
lo low
loc localized
lt left
lw lower
lym lymphoma lymphoid
lymph lymph lymphoid
maj major
mal malignant
malf malformation
malfun malfunction
malig malignant
mat maternal
matern maternal
mech mechanical
med medical medicine
memb membrane
mening meningitis
metab metabolic
meth methicillin
mgrn migraine
mi myocardial+infarction
misc miscellaneous
ml malignant+lymphoma
mod moderate
mon mononeuritis
ms multiple+sclerosis
mult multiple
muscl muscle
musc muscle
mv motor+vehicle
myl myeloid
myo myocardial
myocard myocardial
nb newborn
nd not+delivered
neo neoplasm
neopl neoplasm
nephrit nephritis
nerv nerve
neuro neurologic
nod nodular
nonsp nonspecific
nontraf nontraffic
nontraum nontraumatic
nt not
nutrit nutritional
o of
ob obstetric
obs observation
obst obstruction obstructed
obstr obstruction
occ occlusion
occl occlusion
op open
opn open
org organism organic
ot other
oth other
ovar ovarian
p post
palp palpebral
parox paroxysmal
path pathologic
pel pelvic
pelv pelvic
perf perforation
periph peripheral
perm permanent
pers personal persistent
ph personal+history
phalang phalanx
phlebit phlebitis
plac placenta
plex plexus
pna pneumonia
pneu pneumonia
pneum pneumonia
pois poisoning
polio poliomyelitis
pos positive
post posterior post
postop postoperative
postpart postpartum
preg pregnancy
prem premature
prim primary
prob problem
proc procedure
prod product
prol prolapse
prolif proliferative
prosth prosthetic
psych psychiatric
psychos psychosis
ptb pulmonary+tuberculosis
puerp puerperal
pulm pulmonary
pv peripheral+vascular
rad radius
react reaction
recur recurrent
ref refractive
rel related
rem remission
remiss remission
req required
resp respiratory
retin retinal
rheum rheumatic
rhy rhythm
rt right
rup rupture
rupt rupture
sac sacral
schizo schizophrenia
screen screening
sec secondary
sep septal
sev severe
simp simple
sit situ
smr smear
sp spine specified
spc specified
spcf specified
spec specified
spon spontaneous
spont spontaneous
spr sprain
st state stage
stat status
sten stenosis
stom stomach
strep streptococcal
staph staphylococcal
sub subsequent
subac subacute
subcut subcutaneous
sup superficial superior
superfic superficial
surg surgery
swell swelling
sx symptoms
sym symptoms
syn syndrome
synd syndrome
syph syphilis
sys system
syst system
teno tenosynovitis
thromb thrombosis
thrt threatened
tiss tissue
tox toxic
tr tract
traum traumatic
trans transient
tum tumor
ulc ulcer
unc uncertain uncontrolled
uncomp uncomplicated
unk unknown
unkn unknown
uns unspecified
unsp unspecified
unspc unspecified
unspcf unspecified
unspec unspecified
up upper
upr upper
uri upper+respiratory+infection
urin urinary
ut uterine
uti urinary+tract+infection
vag vaginal
vasc vascular
ven venous
vent ventricular
vert vertebra
vess vessel
vert vertebra
vir viral
vit vitamin
vacc vaccination
vaccin vaccination
w with
wks weeks
wnd wound
wo without
wt weight
y unspecified
scrn screening
hmrhg hemorrhage
ntrc intractable
ntr intractable
xtrndl extranodal
ocl occlusion
mlt multiple
infrct infarction
tot total
exac exacerbation
exacer exacerbation
achv achieved
rmsn remission
rmsion remission
fingr finger
abdmnal abdominal
intrau intrauterine
gstritis gastritis
alchl alcoholic
dvrtclo diverticulosis
dvrtcli diverticulitis
intst intestine
intstn intestine
menstl menstrual
mycs mycosis
fng fungoides
mth methicillin
sus susceptible
stph staphylococcus
varn variants
phlbts phlebitis
sprfc superficial
vn vein
vns veins
prsn personal
hst history
spf specified
urn urinary
dsrd disorder
cma coma
uncn unspecified
uncntrld unspecified
encph encephalitis
mye myelitis
thrombot thrombotic
neurpthy neuropathy
mgkrycyt megakaryoblastic
crcnoid carcinoid
prfnd profound
cnsl counseling
prnt parent
osteoart osteoarthritis
osteoarth osteoarthritis
damg damage
psy psychotic
lacer laceration
recurr recurrent
arthrop arthropathy
arthrit arthritis
subchr subchronic
asth asthma asthmaticus
shlder shoulder
clstrdium clostridium
dfcile difficile
nondom nondominant
encephal encephalitis
malnutr malnutrition
pyogen pyogenic
syphil syphilitic
granulom granuloma
gestat gestation
obstruc obstruction
dysfunc dysfunction
preeclamp preeclampsia
derang derangement
derangment derangement
valv valve
insuffic insufficiency
multip multiple
neop neoplasm
tachycard tachycardia
ventric ventricular
parals paralysis
prp puerperal
placent placenta
isoimmun isoimmunization
entangle entanglement
cardioresp cardiorespiratory
hypergly hyperglycemia
hypogly hypoglycemia
disch discharge
spasm spasm
hypertr hypertrophy
hyperpl hyperplasia
carcin carcinoma
tonsil tonsil
thyr thyroid
nutr nutrition
convul convulsion
seiz seizure
brnch bronchitis
bronch bronchitis
frac fracture
dislc dislocation
ligamnt ligament
trachea trachea
abnrm abnormal
cntrct contracture
othr other
wthout without
wout without
kidny kidney
pancreat pancreatitis
hepatit hepatitis
gastroent gastroenteritis
septicem septicemia
hypothyr hypothyroidism
hyperthyr hyperthyroidism
thyrotox thyrotoxicosis
depress depressive
schizoph schizophrenia
paranoid paranoid
retard retardation
catarct cataract
retinopth retinopathy
conjunctiv conjunctivitis
keratit keratitis
otit otitis
mastoid mastoiditis mastoid
ulcr ulcer
"""

# Whole phrases, rewritten before words are compared.
_PHRASES = """
malignant neoplasm > cancer
malignant tumor > cancer
malignant neoplastic disease > cancer
mal neo > cancer
malig neo > cancer
malign neopl > cancer
malignant neopl > cancer
primary malignant neoplasm > cancer
primary cancer > cancer
ca in situ > carcinoma in situ
high blood pressure > hypertension
heart attack > myocardial infarction
heart failure > heart failure
passing out > syncope
blood clot > thrombosis
blood poisoning > sepsis
low blood sugar > hypoglycemia
high blood sugar > hyperglycemia
kidney stone > calculus kidney
collar bone > clavicle
breast bone > sternum
shin bone > tibia
thigh bone > femur
knee cap > patella
belly button > umbilicus
whooping cough > pertussis
chicken pox > varicella
windpipe > trachea
sore throat > pharyngitis
pink eye > conjunctivitis
lock jaw > tetanus
german measles > rubella
water on the brain > hydrocephalus
cleft lip > cleft lip
late effect > sequela
nonspecific > unspecified
not otherwise specified > unspecified
not elsewhere classified > other
other specified > other
other and unspecified > other
without mention of > without
w o > without
due to > due
type i > type 1
type ii > type 2
type iii > type 3
type iv > type 4
stage i > stage 1
stage ii > stage 2
stage iii > stage 3
stage iv > stage 4
first degree > degree 1
second degree > degree 2
third degree > degree 3
1st deg > degree 1
2nd deg > degree 2
3rd deg > degree 3
1st degree > degree 1
2nd degree > degree 2
3rd degree > degree 3
3d deg > degree 3
non insulin dependent diabetes > type 2 diabetes
insulin dependent diabetes > type 1 diabetes
motor vehicle > car
late eff > sequela
late effects > sequela
lt ef > sequela
lt eff > sequela
cult dx > unspecified
histo dx > unspecified
micro dx > unspecified
exam unkn > unspecified
exam und > unspecified
test und > unspecified
oth test > unspecified
nt st uncntrld > unspecified
nt st uncntrl > unspecified
nt st uncn > unspecified
not stated as uncontrolled > unspecified
wo ntrc > not intractable
w ntrc > intractable
wo st > without status migrainosus
w st > status migrainosus
wo mgr > without status migrainosus
mild mod nonprf > nonproliferative
c section > cesarean
pap smr > papanicolaou smear
gall bladder > gallbladder
renal failure > kidney failure
infectious disease > infection
infectious disorder > infection
"""

_PREFIXES = "non pre anti sub intra extra peri para hyper hypo"
PREFIXES = frozenset(_PREFIXES.split())
_TUMORS = "neoplasm neoplasms tumor tumors tumour tumours neo neopl"
TUMORS = frozenset(_TUMORS.split())
_STOP = (
    "an and as at by for from in into is it of on or s than that the this to was were which with"
)
STOP = frozenset(_STOP.split())
# words that tell little of what a phrase is about
_WEAK = """
unspecified other disorder syndrome condition specified type initial encounter part site elsewhere
classified state process problem form certain due unknown related associated thi clas cause region
episode current nature
"""
WEAK = frozenset(_WEAK.split())

_NUMERALS = """
ii=2 iii=3 iv=4 vi=6 vii=7 viii=8 ix=9 xi=11 xii=12 one=1 two=2 three=3 four=4 five=5 six=6 seven=7
eight=8 nine=9 ten=10 first=1 second=2 third=3 fourth=4 fifth=5 1st=1 2nd=2 3rd=3 3d=3 4th=4 5th=5
"""
NUMERALS = dict(pair.split("=") for pair in _NUMERALS.split())

SAME = {word: line.split()[0] for line in _SAME.strip().splitlines() for word in line.split()}
SHORT = {
    line.split()[0]: tuple(tuple(each.split("+")) for each in line.split()[1:])
    for line in _SHORT.strip().splitlines()
}
PHRASES = {
    tuple(left.split()): tuple(right.split())
    for left, right in (line.split(" > ") for line in _PHRASES.strip().splitlines())
} | {
    (short,): meanings[0]
    for short, meanings in SHORT.items()
    if len(meanings) == 1 and len(meanings[0]) > 1
}
