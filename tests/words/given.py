"""Texts whose words are not ours to make easier, each group with the reason."""

from __future__ import annotations

# Beginnings of the places where they stand.
GIVEN = {
    "item.rf_": "warning signs: the clinical lead's words; another word finds other people",
    "advice.": "what to do about a warning sign: the clinical lead's words",
    "item.cs": "statements: the words that were agreed on for consent",
    "item.records_request": "a statement",
    "item.phq_": "PHQ, word for word: an instrument is valid in its own words only",
    "item.gad_": "GAD, word for word",
    "item.peg_": "PEG, word for word",
    "page.worry-2": "the opening line of PHQ and GAD",
    "item.q_": "the impact questions of the clinical brief",
    "item.main_condition.option.": "names of conditions, as letters from a hospital say them",
    "item.treatments.class.option.": "names of medicines, as the packet says them",
    "item.psychosis": "the clinical lead's words: what is asked must not shift",
    "item.bipolar": "the name of a condition",
    "item.cv": "the clinical lead's words",
    "item.liver": "the clinical lead's words",
    "item.kidney": "the clinical lead's words",
    "item.substance": "the clinical lead's words",
    "item.cbpm_elsewhere": "the clinical lead's words",
    "item.cannabinoid_allergy": "the clinical lead's words",
    "page.medicines.text": "the clinical lead's words",
    "form.title": "the name of the service",
    "rule EXC_PSYCHOSIS": "the name of a condition",
    "rule CAU_FAMILY_PSYCHOSIS": "the name of a condition",
    "rule CAU_BIPOLAR": "the name of a condition",
}


def is_given(place: str) -> bool:
    return place.startswith(tuple(GIVEN))
