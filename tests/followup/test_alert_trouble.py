"""An urgent answer is told although the mail server, the worker or one case makes trouble."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Site
from audit.models import AuditEvent
from screening.cases.models import Case
from screening.cases.opening import Opening
from screening.cases.selectors import opening_of
from screening.followup.models import Alert
from screening.followup.selectors import alarms
from screening.followup.services import HEARTBEAT, alerting, beat, claim_alert
from tests.factories.intake import NOON, open_clinic
from tests.factories.urgent import urgent_case
from tests.followup.rounds import look, received
from tests.followup.sink import Sink, running
from tests.followup.test_notify import TOKEN, report
from tests.followup.times import DAY, MINUTE

pytestmark = pytest.mark.django_db
SOON = NOON + MINUTE


@pytest.fixture
def case() -> Case:
    return urgent_case(open_clinic(duty_email="duty@clinic.example"))


def test_trouble_with_the_mail_server_is_tried_again_each_minute(sink: Sink, case: Case) -> None:
    sink.answers["rcpt"] = ["451 later"]
    sink.answers["data"] = ["drop"]
    assert look(SOON) == {"retry": 1}
    assert look(SOON + MINUTE) == {"ambiguous": 1}
    assert look(SOON + 2 * MINUTE) == {"sent": 1}
    assert Alert.objects.count() == 1


def test_an_alert_that_cannot_be_sent_raises_an_alarm(sink: Sink, case: Case) -> None:
    beat(process=HEARTBEAT, at=SOON + 5 * MINUTE)
    sink.answers["rcpt"] = ["550 nobody"]
    assert look(SOON) == {"failed": 1}
    (sentence,) = alarms(at=SOON + 5 * MINUTE)
    assert case.reference in sentence
    assert "The mail server does not know the address" in sentence
    assert look(SOON + 15 * MINUTE) == {"sent": 1}
    assert alarms(at=SOON + 5 * MINUTE) == []


@pytest.mark.parametrize("status", ["permanent-failure", "temporary-failure", "technical-failure"])
def test_an_alert_that_came_back_raises_an_alarm(
    sink: Sink, case: Case, settings: Settings, status: str
) -> None:
    settings.NOTIFY_CALLBACK_TOKEN = TOKEN
    beat(process=HEARTBEAT, at=SOON + 5 * MINUTE)
    assert look(SOON) == {"sent": 1}
    alert = Alert.objects.get()
    told = {"notification_type": "email", "reference": str(alert.pk)}
    assert report("notify-delivered", {**told, "status": "delivered"}) == 204
    assert alarms(at=SOON + 5 * MINUTE) == []
    for _ in range(2):
        assert report("notify-delivered", {**told, "status": status}) == 204
    (sentence,) = alarms(at=SOON + 5 * MINUTE)
    assert case.reference in sentence
    assert AuditEvent.objects.filter(event="alert_failed").count() == 1
    assert look(SOON + 15 * MINUTE) == {"sent": 1}
    assert alarms(at=SOON + 5 * MINUTE) == []


def test_a_worker_that_does_nothing_raises_an_alarm_after_five_minutes(case: Case) -> None:
    beat(process=HEARTBEAT, at=NOON + 6 * MINUTE)
    assert alarms(at=NOON + 5 * MINUTE) == []
    assert alarms(at=NOON + 6 * MINUTE) == [
        f"The clinic has not been told of the urgent case {case.reference} at {case.site.name}."
    ]


def test_a_mail_server_that_is_down_raises_the_same_alarm(case: Case, settings: Settings) -> None:
    with running() as (_, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    beat(process=HEARTBEAT, at=NOON + 7 * MINUTE)
    assert look(SOON) == {"retry": 1}
    assert len(alarms(at=NOON + 7 * MINUTE)) == 1


def test_one_case_that_cannot_be_thought_about_does_not_silence_the_others(
    sink: Sink, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = urgent_case(open_clinic()).site

    def opening(site: Site) -> Opening:
        if site == broken:
            raise ValueError("a schedule that nobody understands")
        return opening_of(site)

    monkeypatch.setattr(alerting, "opening_of", opening)
    assert look(SOON) == {"sent": 1}
    assert received(sink) == ["duty@clinic.example"]


def test_an_alert_that_waits_for_the_mail_server_is_not_planned_a_second_time(sink: Sink, case: Case) -> None:
    sink.answers["rcpt"] = ["451 later"] * 20
    for minute in range(1, 22):
        look(NOON + minute * MINUTE)
    assert Alert.objects.count() == 1
    assert len(sink.messages) == 1


def test_an_alert_of_a_worker_that_died_with_its_clock_ahead_leaves_at_once(sink: Sink, case: Case) -> None:
    alerting.plan_alerts(as_of=SOON, by=alerting.ALERTS)
    assert claim_alert(owner="ahead", at=SOON + DAY)
    assert look(SOON + MINUTE) == {"sent": 1}


def test_an_alert_that_a_clock_that_was_ahead_planned_leaves_at_once(sink: Sink, case: Case) -> None:
    alerting.plan_alerts(as_of=SOON + DAY, by=alerting.ALERTS)
    beat(process=HEARTBEAT, at=SOON + 6 * MINUTE)
    assert len(alarms(at=SOON + 6 * MINUTE)) == 1
    assert look(SOON + MINUTE) == {"sent": 2}


def test_an_alert_that_a_clock_that_was_ahead_sent_is_repeated_as_always(sink: Sink, case: Case) -> None:
    assert look(SOON + DAY) == {"sent": 2}
    assert look(SOON + MINUTE) == {"sent": 1}
    assert look(SOON + 2 * MINUTE) == {}
    assert look(SOON + 16 * MINUTE) == {"sent": 1}
