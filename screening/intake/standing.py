"""Advice that stays in sight until a clinician has dealt with the answer that called for it."""

from __future__ import annotations

from screening.cases.models import Response
from screening.intake import known
from screening.intake.presenters import AdviceBox, advice_boxes
from screening.intake.selectors import advised_elsewhere, standing_advice
from screening.intake.walk import Walk


def standing_boxes(response: Response, walk: Walk) -> list[AdviceBox]:
    keys = standing_advice(response)
    return advice_boxes(
        walk.questionnaire,
        keys,
        nation=str(walk.answers.get(known.NATION) or response.patient.nation),
        own=response.site.helplines,
        others=advised_elsewhere(response, walk.questionnaire, keys),
    )
