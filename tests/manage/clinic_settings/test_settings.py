"""The settings of a clinic: said in words when wrong, kept with who changed them, and used at once."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Role, SettingsVersion, Site
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Case
from screening.intake.presenters import advice_boxes
from screening.manage.clinic_settings.presenters import is_old
from screening.questionnaires.models import Kind
from screening.questionnaires.selectors import questionnaire_of
from tests.factories.intake import published_version, submitted_case
from tests.factories.people import make_member, sign_in

PAGE = "/staff/manage/settings/"
_INPUT = re.compile(r'<input[^>]*\bname="([^"]+)"[^>]*>')
_VALUE = re.compile(r'\bvalue="([^"]*)"')


def typed(client: Client, **changes: Any) -> dict[str, Any]:
    """The page as it is, filled in as somebody would leave it, with some boxes changed."""
    page = client.get(PAGE).content.decode()
    found: dict[str, Any] = {}
    for box in _INPUT.finditer(page):
        name, tag = box[1], box[0]
        if name in ("csrfmiddlewaretoken", "q"):
            continue
        value = unescape(m[1]) if (m := _VALUE.search(tag)) else ""
        if re.search(r'type="(radio|checkbox)"', tag):
            if " checked" in tag:
                found.setdefault(name, []).append(value)
        else:
            found[name] = value
    area = re.search(r'<textarea[^>]*name="address"[^>]*>(.*?)</textarea>', page, re.S)
    return {**found, "address": unescape(area[1]).strip() if area else "", **changes}


def save(client: Client, **changes: Any) -> None:
    assert client.post(PAGE, typed(client, **changes)).status_code == 302


def test_the_page_shows_what_is_set_and_saves_nothing_where_nothing_changed(
    administrator: Client, site: Site
) -> None:
    answer = administrator.post(PAGE, typed(administrator), follow=True)
    assert "Nothing was different" in answer.content.decode()
    assert not SettingsVersion.objects.exists()


def test_a_change_is_kept_with_who_made_it_from_what_to_what(administrator: Client, site: Site) -> None:
    changes = {"flagged_days": "4", "sign_with_code": "true", "opening_days": ["1", "6"]}
    save(administrator, **changes)
    site.refresh_from_db()
    assert (site.flagged_days, site.sign_with_code, site.opening_days) == (4, True, [1, 6])
    version = SettingsVersion.objects.get(site=site)
    assert {change["name"]: (change["was"], change["now"]) for change in version.changes} == {
        "flagged_days": (2, 4),
        "sign_with_code": (False, True),
        "opening_days": ([1, 2, 3, 4, 5], [1, 6]),
    }
    page = administrator.get(PAGE).content.decode()
    assert "Monday, Saturday" in page
    row = AuditEvent.objects.get(event=Event.SETTINGS_CHANGED)
    assert row.detail == {"number": 1, "changed": ["opening_days", "flagged_days", "sign_with_code"]}
    assert row.user_id == version.changed_by_id


def test_a_page_that_somebody_overtook_is_shown_with_both(administrator: Client, site: Site) -> None:
    mine = typed(administrator, phone="020 7946 0001")
    other = sign_in(Client(), make_member(Role.ADMINISTRATOR, site=site))
    save(other, phone="020 7946 0002")
    stale = administrator.post(PAGE, mine)
    page = stale.content.decode()
    assert stale.status_code == 409
    assert "020 7946 0001" in page
    assert "020 7946 0000 → 020 7946 0002" in page
    site.refresh_from_db()
    assert site.phone == "020 7946 0002"
    assert administrator.post(PAGE, {**mine, "seen": "1"}).status_code == 302
    site.refresh_from_db()
    assert site.phone == "020 7946 0001"


def test_what_is_mended_after_a_mistake_does_not_overwrite_a_colleague(
    administrator: Client, site: Site
) -> None:
    mine = typed(administrator, phone="020 7946 0001", name="")
    other = sign_in(Client(), make_member(Role.ADMINISTRATOR, site=site))
    save(other, phone="020 7946 0002")
    wrong = administrator.post(PAGE, mine)
    assert wrong.status_code == 422
    mended = {**mine, "name": site.name, "seen": wrong.context["seen"]}
    assert administrator.post(PAGE, mended).status_code == 409
    site.refresh_from_db()
    assert site.phone == "020 7946 0002"


def test_a_crisis_number_of_an_earlier_questionnaire_stays_when_something_is_saved(
    administrator: Client, site: Site
) -> None:
    earlier = {"number": "0300 000 0000", "owner": "Ward", "checked_on": "2026-01-01"}
    Site.objects.filter(pk=site.pk).update(helplines={"earlier_line": earlier})
    save(administrator, **{"phone": "020 7946 0001", "samaritans-number": "0300 111 1111"})
    site.refresh_from_db()
    assert site.helplines["earlier_line"] == earlier
    assert site.helplines["samaritans"]["number"] == "0300 111 1111"
    names = [change["name"] for change in SettingsVersion.objects.get(site=site).changes]
    assert names == ["phone", "helplines.samaritans"]


WRONG = [
    ({"neutral_sender": "Back Pain Clinic"}, "hints at a condition"),
    ({"neutral_sender": "A\u2028B"}, "on one line"),
    ({"name": ""}, "Enter the name"),
    ({"duty_email": "nobody"}, "valid email address"),
    ({"opening_days": []}, "Choose at least one day"),
    ({"opens_at": "18:00"}, "must close after it opens"),
    ({"opens_at": "soon"}, "Enter a time like 09:00"),
    ({"flagged_days": "31"}, "up to 30"),
    ({"flagged_days": "two"}, "Enter a whole number"),
    ({"tier_1_hours": "0"}, "Write a number from 1 to 40"),
    ({"tier_1_hours": "-1"}, "Write a number from 1 to 40"),
    ({"link_days": "15"}, "Write a number from 1 to 14"),
    ({"nation": "france"}, "There is a problem"),
    ({"samaritans-number": "ring us"}, "Samaritans: Enter a telephone number: digits and spaces"),
    ({"samaritans-owner": ""}, "Enter who looks after this number"),
    ({"samaritans-checked_on_year": "2099"}, "has not come yet"),
]


@pytest.mark.parametrize(("changes", "said"), WRONG, ids=lambda each: str(each)[:40])
def test_what_is_wrong_is_said_in_words_and_stays_typed(
    administrator: Client, site: Site, changes: dict[str, Any], said: str
) -> None:
    answer = administrator.post(PAGE, typed(administrator, **changes))
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert said in page
    assert "There is a problem" in page
    assert not SettingsVersion.objects.exists()


def test_the_clock_of_a_case_follows_the_targets(administrator: Client, site: Site) -> None:
    case = submitted_case(site)
    before = case.due_at
    assert (
        administrator.post(PAGE, typed(administrator, flagged_days="9", not_currently_days="9")).status_code
        == 302
    )
    assert Case.objects.get(pk=case.pk).due_at > before + dt.timedelta(days=3)
    assert AuditEvent.objects.filter(event=Event.CLOCKS_SET).exists()


def test_a_crisis_number_of_the_clinic_is_what_advice_shows(administrator: Client, site: Site) -> None:
    questionnaire = questionnaire_of(published_version(site, Kind.QUESTIONNAIRE))
    key = next(k for k, a in questionnaire.advice.items() if "{samaritans}" in " ".join(a.text))

    def numbers() -> set[str]:
        boxes = advice_boxes(
            questionnaire, [key], nation="england", own=Site.objects.get(pk=site.pk).helplines
        )
        return {piece.text for box in boxes for text in box.paragraphs for piece in text if piece.tel}

    assert "116 123" in numbers()
    changed = typed(administrator, **{"samaritans-number": "0300 000 0000"})
    assert administrator.post(PAGE, changed).status_code == 302
    assert "0300 000 0000" in numbers()
    assert "116 123" not in numbers()
    assert (
        administrator.post(PAGE, typed(administrator, **{"samaritans-number": "116 123"})).status_code == 302
    )
    assert Site.objects.get(pk=site.pk).helplines == {}, "as in the questionnaire: nothing of its own"


def test_a_number_that_nobody_checked_for_a_quarter_is_marked(administrator: Client, site: Site) -> None:
    said, today = typed(administrator), timezone.localdate()
    for part in ("day", "month", "year"):
        said |= {name: getattr(today, part) for name in said if name.endswith(f"-checked_on_{part}")}
    assert administrator.post(PAGE, said).status_code == 302
    assert "Checked over 3 months ago" not in administrator.get(PAGE).content.decode()
    save(administrator, **{"shout-checked_on_year": "2019"})
    assert administrator.get(PAGE).content.decode().count("Checked over 3 months ago") == 1


@pytest.mark.parametrize(
    ("checked_on", "still_good"),
    [("2026-08-21", "2026-11-21"), ("2026-11-30", "2027-02-28"), ("2024-02-29", "2024-05-29")],
)
def test_a_quarter_is_three_calendar_months(checked_on: str, still_good: str) -> None:
    checked, day = dt.date.fromisoformat(checked_on), dt.date.fromisoformat(still_good)
    assert not is_old(checked, day)
    assert is_old(checked, day + dt.timedelta(days=1))


def test_the_database_keeps_what_was_changed(administrator: Client, site: Site) -> None:
    administrator.post(PAGE, typed(administrator, phone="020 7946 0001"))
    for spoil in (
        lambda rows: rows.update(number=7),
        lambda rows: rows.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            spoil(SettingsVersion.objects.all())


def test_only_an_administrator_sets_the_clinic(lead: Client) -> None:
    assert lead.get(reverse("clinic-settings")).status_code == 403


def test_the_database_refuses_half_an_entry(site: Site) -> None:
    member = make_member(site=site)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=member.pk).update(specialist_register="1")
