"""LOINC codes of C-CDA's sections, each with the title that `nlp.sections` reads it by.

A section with another code keeps the title that the document gives it.
"""

from __future__ import annotations

# C-CDA R2.1, the sections' `code` elements.
TITLES: dict[str, str] = {
    "10154-3": "Chief Complaint",
    "46239-0": "Chief Complaint",  # and reason for visit
    "29299-5": "Reason for Visit",
    "42349-1": "Reason for Referral",
    "10164-2": "History of Present Illness",
    "11450-4": "Problem List",
    "75310-3": "Problem List",  # health concerns
    "11348-0": "Past Medical History",
    "10167-5": "Past Surgical History",
    "47519-4": "Procedures",
    "10160-0": "Medications",
    "29549-3": "Medications",  # administered
    "42346-7": "Medications on Admission",
    "10183-2": "Discharge Medications",
    "75311-1": "Discharge Medications",
    "48765-2": "Allergies",
    "29762-2": "Social History",
    "10157-6": "Family History",
    "10187-3": "Review of Systems",
    "29545-1": "Physical Examination",
    "10210-3": "Physical Examination",  # general status
    "30954-2": "Results",
    "8648-8": "Hospital Course",
    "51848-0": "Assessment",
    "18776-5": "Plan",
    "51847-2": "Assessment and Plan",
    "46241-6": "Admission Diagnosis",
    "42347-5": "Admission Diagnosis",
    "11535-2": "Discharge Diagnosis",
    "78375-3": "Discharge Diagnosis",
    "10219-4": "Preoperative Diagnosis",
    "10218-6": "Postoperative Diagnosis",
    "29554-3": "Procedure Description",
    "11369-6": "Immunizations",
    "10184-0": "Discharge Physical Examination",
    "61150-9": "Subjective",
    "61149-1": "Objective",
    "18748-4": "Imaging",
}
