"""What an expression makes urgent reaches people as a warning answer does, though no answer raised it."""

from __future__ import annotations

import copy
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import Role, Site
from screening.cases.certificate import certificate_of
from screening.cases.models import ORDINARY_RANK, Case
from screening.cases.services import judge
from screening.cases.workflow import State
from screening.followup.models import Alert
from screening.followup.room.records import urgent
from screening.followup.services.alerting import plan_alerts
from screening.questionnaires.models import Kind
from screening.questionnaires.services import draft_version, publish_version
from screening.review.services import clear_red_flags
from tests.factories.intake import NOON, open_clinic, response_of, shipped, submitted_case
from tests.factories.people import make_member, sign_in
from tests.factories.review import LATER, Clinician, fresh

pytestmark = pytest.mark.django_db
SEVERAL, ONE = "contact_email = true and contact_sms = true", "contact_sms = true"
RULES = Actor.system("rules")


def clinic_with(when: str, tier: int = 1) -> Site:
    """A clinic whose rules call something urgent that no answer has advice for, published before the check
    tried answers: today it is refused (`tests/manage/test_gates.py`). It cannot try all of some.
    """
    site = open_clinic()
    content = copy.deepcopy(shipped(Kind.RULESET))
    rule = {"code": "URG_BOTH", "effect": "urgent", "tier": tier, "when": when, "source": "tests"}
    content["rules"].append({**rule, "clinician": "Both at once.", "patient": "Please ring somebody."})
    author, lead = (
        make_member(role, site=site) for role in (Role.QUESTIONNAIRE_MANAGER, Role.LEAD_CLINICIAN)
    )
    draft = draft_version(site=site, kind=Kind.RULESET, content=content, by=Actor.staff(author), at=NOON)
    with patch("screening.questionnaires.services.versions.faults", return_value=""):
        publish_version(version=draft, by=Actor.staff(lead), at=NOON)
    return site


def urgent_case(when: str = SEVERAL, tier: int = 1, **answers: object) -> Case:
    said = {"contact_email": True, "contact_sms": True, **answers}
    return submitted_case(clinic_with(when, tier), answers=said)


def dealt_with(case: Case) -> Case:
    clinician = Clinician.at(case.site)
    clinician.takes(case)
    seen = fresh(case).lock
    clear_red_flags(case=case, seen=seen, reason="Rang them.", no_call="Seen.", **clinician.who())
    return fresh(case)


@pytest.mark.parametrize(
    ("when", "raised"), [(SEVERAL, ("URG_BOTH", "true")), (ONE, ("contact_sms", "true"))]
)
def test_the_clinic_is_told_of_what_no_answer_raised(when: str, raised: tuple[str, str]) -> None:
    case = fresh(urgent_case(when))
    assert (case.state, case.outcome, case.rank) == (State.URGENT_HOLD, "urgent", 1)
    assert list(case.red_flags.values_list("item", "answer", "tier")) == [(*raised, 1)]
    assert plan_alerts(as_of=NOON, by=Actor.system("alerts")) == 1
    assert Alert.objects.get(case=case).tier == 1
    assert case.lock == case.transitions.count() + 1


def test_a_clinician_reads_the_sentence_of_the_rule_and_can_deal_with_it(client: Client) -> None:
    case = urgent_case()
    room = sign_in(client, make_member(Role.CLINICIAN, site=case.site))
    page = room.get(reverse("case", args=[case.reference])).content.decode()
    assert "Both at once." in page
    assert "URG_BOTH</" not in page
    case = dealt_with(case)
    assert (case.state, case.rank, case.outcome) == (State.AWAITING_REVIEW, ORDINARY_RANK, case.underlying)


def test_the_patient_is_not_led_to_an_empty_page_of_advice(client: Client) -> None:
    assert all(flag.read_at == NOON for flag in urgent_case().red_flags.all())


def test_the_copy_says_it_in_the_words_for_patients() -> None:
    (row,) = urgent(urgent_case(), {})
    assert (row["question"], row["answer"]) == ("Please ring somebody.", "By a rule over several answers")


def test_it_is_told_again_when_it_is_found_again_and_one_answer_alone_is_not() -> None:
    """An expression over several answers is not silenced by having dealt with it (ADR 0010)."""
    for when, told in ((SEVERAL, 2), (ONE, 1)):
        case = dealt_with(urgent_case(when))
        again = judge(response=response_of(case), by=RULES, at=LATER)
        assert again.result["outcome"] == ("urgent" if told == 2 else "flagged_review")
        assert fresh(case).red_flags.count() == told
        assert all(certificate_of(each).reproduced for each in case.assessments.all())


def test_where_an_answer_as_urgent_stands_it_is_told_once() -> None:
    case = urgent_case(rf_saddle="new_or_worse")
    assert list(case.red_flags.values_list("item", flat=True)) == ["rf_saddle"]


def test_something_more_urgent_than_what_stands_is_told_too() -> None:
    case = urgent_case(rf_weight="new_or_worse")
    assert list(case.red_flags.values_list("item", "tier")) == [("URG_BOTH", 1), ("rf_weight", 3)]
