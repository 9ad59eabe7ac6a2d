"""A draft stays on the questions it began with, and on rules that can read them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from accounts.actors import Actor
from accounts.models import Role, Site
from screening.intake import services
from screening.questionnaires.models import Kind
from screening.questionnaires.services import draft_version, publish_version
from tests.factories.intake import (
    NOON,
    baseline,
    draft,
    finished_draft,
    published_version,
    shipped,
    submitted_case,
)
from tests.factories.people import make_member
from tests.factories.urgent import say

NEW_QUESTION = {
    "id": "sleep_apnoea",
    "type": "choice",
    "text": "Do you stop breathing in your sleep?",
    "options": [{"code": "yes", "text": "Yes"}, {"code": "no", "text": "No"}],
}
NEW_RULE = {
    "code": "CAU_APNOEA",
    "effect": "caution",
    "when": {"question": "sleep_apnoea", "answers": ["yes"]},
    "clinician": "Stops breathing in sleep.",
    "source": "test",
}


def publish_a_new_question(site: Site) -> None:
    """Version 2: one more question, and a rule that reads it."""
    author = Actor.staff(make_member(Role.QUESTIONNAIRE_MANAGER, site=site))
    approver = Actor.staff(make_member(Role.LEAD_CLINICIAN, site=site))
    form = copy.deepcopy(shipped(Kind.QUESTIONNAIRE))
    last = [page for page in form["pages"] if not page.get("follow_up")][-1]
    last["items"].append(NEW_QUESTION)
    rules = copy.deepcopy(shipped(Kind.RULESET))
    rules["rules"].append(NEW_RULE)
    for kind, content in ((Kind.QUESTIONNAIRE, form), (Kind.RULESET, rules)):
        written = draft_version(site=site, kind=kind, content=content, by=author, at=NOON)
        publish_version(version=written, by=approver, at=NOON)


def publish(site: Site, kind: Kind, change: Callable[[dict[str, Any]], object]) -> None:
    """The next version of what ships, with something changed."""
    author = Actor.staff(make_member(Role.QUESTIONNAIRE_MANAGER, site=site))
    approver = Actor.staff(make_member(Role.LEAD_CLINICIAN, site=site))
    content = copy.deepcopy(published_version(site, kind).content)
    change(content)
    written = draft_version(site=site, kind=kind, content=content, by=author, at=NOON)
    publish_version(version=written, by=approver, at=NOON)


def asked(content: dict[str, Any], item: str) -> dict[str, Any]:
    return next(each for page in content["pages"] for each in page["items"] if each["id"] == item)


def with_a_new_answer(content: dict[str, Any]) -> None:
    item = asked(content, "rf_saddle")
    item["options"].append({"code": "since_today", "text": "Yes, since today"})
    item["advice"] = {**item["advice"], "since_today": "ae_spine"}


def test_a_warning_answer_that_no_rule_names_yet_is_as_urgent_as_its_advice(clinic: Site) -> None:
    """Rules can name a new answer only when the questionnaire with it is published."""
    publish(clinic, Kind.QUESTIONNAIRE, with_a_new_answer)
    response = draft(clinic, until="rf-saddle")
    say(response, "rf_saddle", "since_today", at=NOON)
    assert [(flag.answer, flag.tier) for flag in response.case.red_flags.all()] == [("since_today", 1)]


def test_an_old_draft_is_judged_by_rules_that_can_read_it(clinic: Site) -> None:
    begun = finished_draft(clinic)
    publish_a_new_question(clinic)
    old = services.submit(response=begun, by=Actor.patient(begun.patient_id), at=NOON)
    judged = old.assessments.get()
    assert (judged.questionnaire.number, judged.ruleset.number) == (1, 1)
    assert old.outcome == "flagged_review"


def test_a_new_form_has_the_new_question_and_the_new_rules(clinic: Site) -> None:
    publish_a_new_question(clinic)
    new = submitted_case(clinic, answers=baseline(sleep_apnoea="yes"))
    judged = new.assessments.get()
    assert (judged.questionnaire.number, judged.ruleset.number) == (2, 2)
    assert [finding["code"] for finding in judged.result["cautions"]] == ["CAU_APNOEA"]
    assert published_version(clinic, Kind.RULESET).number == 2


def test_an_old_answer_is_judged_by_rules_that_know_it(clinic: Site) -> None:
    """An answer gets another code, by an expression: the new rules would read the old answer as a no."""
    publish(clinic, Kind.RULESET, by_expression("yes"))
    begun = finished_draft(clinic, psychosis_self="yes")
    publish(clinic, Kind.QUESTIONNAIRE, lambda content: with_code(content, "yes", "ever"))
    publish(clinic, Kind.RULESET, by_expression("yes", "ever"))
    publish(clinic, Kind.RULESET, by_expression("ever"))
    publish(clinic, Kind.QUESTIONNAIRE, lambda content: with_code(content, "ever"))
    old = services.submit(response=begun, by=Actor.patient(begun.patient_id), at=NOON)
    judged = old.assessments.get()
    assert (judged.questionnaire.number, judged.ruleset.number) == (1, 2)
    assert old.outcome == "not_currently"
    new = submitted_case(clinic, answers=baseline(psychosis_self="ever")).assessments.get()
    assert (new.questionnaire.number, new.ruleset.number) == (3, 4)


def by_expression(*codes: str) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        rule = next(each for each in content["rules"] if each["code"] == "EXC_PSYCHOSIS")
        rule["when"] = " or ".join(f"psychosis_self = '{code}'" for code in codes)
        content["cases"] = [case for case in content["cases"] if "psychosis_self" not in case["answers"]]

    return change


def with_code(content: dict[str, Any], *codes: str) -> None:
    item = asked(content, "psychosis_self")
    others = [option for option in item["options"] if option["code"] not in ("yes", "ever")]
    item["options"] = [*({"code": code, "text": f"Yes ({code})"} for code in codes), *others]
