"""What staff see of the room, and answer: over HTTP."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Site
from screening.cases.models import Case
from screening.review.models import Message
from tests.factories.people import sign_in
from tests.factories.review import Clinician, fresh
from tests.factories.room import decided_case, replies, wants_another_look

pytestmark = pytest.mark.django_db


def test_staff_read_and_answer(client: Client, case: Case, clinician: Clinician) -> None:
    replies(case, "I moved house.")
    sign_in(client, clinician.membership)
    page = client.get(reverse("case", args=[case.reference])).content.decode()
    assert "I moved house." in page
    assert "Patient replied" in page
    typed = {"key": str(uuid.uuid4()), "text": "Thank you."}
    for _press in range(2):
        assert client.post(reverse("case-message", args=[case.reference]), typed).status_code == 302
    assert Message.objects.filter(author=clinician.membership.user).count() == 1
    client.post(reverse("case-news", args=[case.reference]), {"seen": fresh(case).lock})
    assert fresh(case).news_at is None


def test_the_button_of_whoever_decided_is_refused_with_its_reason(client: Client, site: Site) -> None:
    case = decided_case(site)
    wants_another_look(case)
    first = case.decisions.earliest("id").clinician.memberships.get()
    sign_in(client, first)
    page = client.get(reverse("case", args=[case.reference])).content.decode()
    assert "A different clinician has to look again." in page
