"""A member of staff who is refused, or asks for what is not there, stays among the pages of staff."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from tests.factories.people import make_member, sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/staff/worklist/", 403, "Your role, questionnaire manager, may not"),
        ("/staff/no-such-page/", 404, "Page not found"),
    ],
)
def test_it_says_why_and_leads_back_to_the_rooms_of_this_person(path: str, status: int, said: str) -> None:
    browser = sign_in(Client(), make_member(role=Role.QUESTIONNAIRE_MANAGER))
    answer = browser.get(path)
    shown = answer.content.decode()
    assert answer.status_code == status
    assert said in shown
    assert f'href="{reverse("versions")}"' in shown
    assert f'href="{reverse("staff-home")}"' in shown
    assert "This form is not checked straight away" not in shown


def test_a_visitor_gets_the_plain_page_of_patients() -> None:
    shown = Client().get("/no-such-page/").content.decode()
    assert "Page not found" in shown
    assert "This form is not checked straight away" in shown
    assert reverse("staff-home") not in shown
    assert f'href="{reverse("intake-home")}"' in shown, "from there the clinic and its number are found"
