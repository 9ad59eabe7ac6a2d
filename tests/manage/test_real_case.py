"""A worked case made of what a real person answered, with nothing of who it was."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import yaml
from django.test import Client

from accounts.models import Site
from audit.events import Event
from audit.models import AuditEvent
from audit.reads import READS
from audit.selectors import last_opened
from screening.cases.models import Assessment
from screening.manage.ruling import checking
from screening.manage.ruling.real_case import same_age
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.rules.judged import Short
from tests.factories.drafts import drafted
from tests.factories.intake import submitted_case
from tests.factories.people import make_member, make_site, sign_in
from tests.manage.rule_pages import at

WHO = {
    "dob": "1971-03-27",
    "given_name": "Marigold",
    "family_name": "Featherstone",
    "email": "marigold@example.org",
    "condition_other": "An old fall at Pembroke docks",
}


@pytest.fixture
def draft(site: Site) -> DefinitionVersion:
    return drafted(site, Kind.RULESET)


def taken(client: Client, draft: DefinitionVersion, reference: str) -> Any:
    return client.post(at(draft, "rule-real-case"), {"reference": reference})


def test_nothing_of_who_it_was_is_in_it_and_the_rules_say_the_same(
    site: Site, lead: Client, draft: DefinitionVersion
) -> None:
    case = submitted_case(site, driving="yes", conditions=["low_back", "other"], **WHO)
    answer = taken(lead, draft, f" {case.reference.lower()} ")
    page = answer.content.decode()
    for word in (*WHO.values(), "Featherstone", "Pembroke"):
        assert word not in page
    lines = yaml.safe_load(answer.context["lines"])
    assert lines["driving"] == "yes"
    assert lines["dob"] == "1971-01-01"
    assert "First name" in answer.context["found"].left_out

    real = Assessment.objects.get(case=case)
    by_itself = checking.judged(draft, real.judged["answers"], on=real.as_of, standing=())
    made_up = checking.judged(draft, lines, on=answer.context["found"].day, standing=())
    assert by_itself is not None
    assert made_up is not None
    assert Short.of(made_up) == Short.of(by_itself)


def test_the_look_is_in_the_trail_and_does_not_count_as_opening_the_answers(
    site: Site, lead: Client, draft: DefinitionVersion
) -> None:
    """Or somebody could clear or decide a case of which they have seen codes without a name."""
    case = submitted_case(site)
    assert taken(lead, draft, case.reference).status_code == 200
    looks = AuditEvent.objects.filter(case_reference=case.reference, event__in=READS)
    assert [look.event for look in looks] == [Event.CASE_ACTION_OPENED]
    assert last_opened(site=site, reference=case.reference, user_id=looks[0].user_id) is None


def test_who_may_not_read_cases_and_who_is_elsewhere_gets_nothing(
    site: Site, lead: Client, writer: Client, draft: DefinitionVersion
) -> None:
    case = submitted_case(site)
    assert taken(writer, draft, case.reference).status_code == 403
    assert "real-case" not in writer.get(at(draft, "rule-cases")).content.decode()
    assert "real-case" in lead.get(at(draft, "rule-cases")).content.decode()
    elsewhere = sign_in(Client(), make_member(site=make_site()))
    assert taken(elsewhere, draft, case.reference).status_code == 404
    refused = taken(lead, draft, "<b>AAAA")
    assert refused.status_code == 422
    assert "No case of this clinic that was judged has this reference" in refused.content.decode()
    assert "<b>AAAA" not in refused.content.decode()


@pytest.mark.parametrize(
    ("born", "day", "said"),
    [
        ("1971-03-27", "2026-03-26", "1972-01-01"),
        ("1971-03-27", "2026-03-27", "1971-01-01"),
        ("2008-02-29", "2026-02-28", "2009-01-01"),
        ("2008-02-29", "2026-03-01", "2008-01-01"),
    ],
)
def test_the_age_stays(born: str, day: str, said: str) -> None:
    assert same_age(born, dt.date.fromisoformat(day)) == said
