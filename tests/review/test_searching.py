"""Finding a case: by what, within which clinic, and what the page says when nothing can be found."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Site
from audit.models import AuditEvent
from screening.cases.models import Case
from screening.review import selectors
from tests.factories.intake import NOON, open_clinic, submitted_case
from tests.factories.people import sign_in
from tests.factories.review import Clinician

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def room(client: Client, clinician: Clinician) -> Client:
    return sign_in(client, clinician.membership)


@pytest.mark.parametrize("text", ["Fernsby", "fernsby ", "FER", "999 123 4567"])
def test_a_case_is_found_by_surname_or_number(site: Site, text: str) -> None:
    found = submitted_case(site, family_name="Fernsby", nhs_number="9991234567")
    submitted_case(site, family_name="Otherwise")
    assert [case.reference for case in selectors.search(site=site, text=text).cases] == [found.reference]


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("O’Neill", ["O'Neill", "o’neill", "Oneill", "O NEILL", "One", "O'Ne"]),
        ("Oneill", ["O'Neill", "one"]),
        ("Müller", ["Muller", "müller", "MU\u0308LLER", "mul"]),
        ("Smith-Jones", ["Smith Jones", "smith–jones", "Smithjones"]),
        ("Mac Leod", ["MacLeod", "mac"]),
        ("Łukasz Ødegård", ["lukasz odegard", "luk"]),
        ("Ng", ["ng"]),
        ("김", ["김"]),
    ],
)
def test_a_surname_is_found_however_its_accents_gaps_and_signs_are_typed(
    site: Site, name: str, texts: list[str]
) -> None:
    found = submitted_case(site, family_name=name)
    submitted_case(site, family_name="Neill")
    for text in texts:
        assert selectors.search(site=site, text=text).cases == [found], text


@pytest.mark.parametrize("text", ["O'N", "-", "ll", "Müllers", "नि"])
def test_a_part_of_a_surname_that_is_not_its_first_three_letters_finds_nobody(site: Site, text: str) -> None:
    for name in ("O'Neill", "Müller", "नीलम"):
        submitted_case(site, family_name=name)
    assert selectors.search(site=site, text=text).cases == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Fernsby", "Jo Fernsby"),
        ("Fernsby", "Fernsby, Jo"),
        ("Fernsby", "J Fernsby"),
        ("O’Neill", "J O Neill"),
        ("O’Neill", "mary jane o'neill"),
        ("van Dijk", "Jo van Dijk"),
        ("van Dijk", "van Dijk, Jo"),
        ("Dijk", "Jo van Dijk"),
        ("García Pérez", "Ana Garcia Perez"),
    ],
)
def test_a_case_is_found_by_the_whole_name(site: Site, name: str, text: str) -> None:
    found = submitted_case(site, family_name=name)
    submitted_case(site, family_name="Jo")
    assert [case.reference for case in selectors.search(site=site, text=text).cases] == [found.reference]


def test_a_case_is_found_by_its_reference_however_it_is_typed(case: Case) -> None:
    for text in (case.reference, case.reference.lower(), case.reference.replace("-", " ")):
        assert selectors.search(site=case.site, text=text).cases == [case]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Type a reference, an NHS number, a date of birth or a surname"),
        ("  ", "Type a reference, an NHS number, a date of birth or a surname"),
        ("?!", "Type a surname in letters, or a number"),
        ("31 2 1980", "There is no such date."),
        ("999 123 456", "An NHS number has 10 digits, and this has 9."),
        ("x" * 101, "at most 100 signs"),
    ],
)
def test_what_nobody_can_be_found_by_is_kept_and_the_page_says_what_can_be_searched(
    room: Client, site: Site, text: str, sentence: str
) -> None:
    before = AuditEvent.objects.count()
    answer = room.post(reverse("search"), {"q": text})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert f'value="{text}"' in answer.content.decode() or not text.strip()
    assert AuditEvent.objects.count() == before, "nobody was shown to anybody"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Nobody", "try the first three letters"),
        ("943 476 5918", "No NHS number reads like this"),
        ("943 476 5919", "Check the spelling"),
        ("27 3 1962", "Nobody with this date of birth"),
        ("2345 6789", "Check the spelling"),
    ],
)
def test_a_search_that_finds_nobody_says_what_to_check(room: Client, text: str, sentence: str) -> None:
    answer = room.post(reverse("search"), {"q": text})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert f'value="{text}"' in answer.content.decode()


def test_a_search_stays_within_the_site(case: Case) -> None:
    for text in (case.reference, "Fernsby"):
        assert selectors.search(site=open_clinic(), text=text).cases == []


@pytest.mark.parametrize("text", ["27/3/1962", "27 March 1962", "1962-03-27", "27.03.1962"])
def test_a_case_is_found_by_a_date_of_birth_however_it_is_typed(site: Site, text: str) -> None:
    found = submitted_case(site, dob="1962-03-27")
    submitted_case(site, dob="1962-03-28")
    assert [case.reference for case in selectors.search(site=site, text=text).cases] == [found.reference]


def test_a_search_shows_the_newest_and_says_that_there_are_more(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "PAGE_SIZE", 2)
    made = [submitted_case(site, family_name="Fernsby", at=NOON - n * HOUR).reference for n in (1, 0, 2)]
    found = selectors.search(site=site, text="Fernsby")
    assert ([case.reference for case in found.cases], found.more) == ([made[1], made[0]], True)


@pytest.mark.parametrize("first", ["Fer", "Fernsby"])
def test_a_search_shows_the_newest_of_all_that_the_text_can_mean(
    site: Site, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    monkeypatch.setattr(selectors, "PAGE_SIZE", 2)
    made = {
        name: [submitted_case(site, family_name=name, at=NOON - (age + n) * HOUR).reference for n in range(3)]
        for name, age in sorted({"Fer": 3, "Fernsby": 0}.items(), reverse=first == "Fernsby")
    }
    found = selectors.search(site=site, text="Fer")
    assert ([case.reference for case in found.cases], found.more) == (made["Fernsby"][:2], True)


def test_a_search_leaves_no_name_in_the_address(room: Client, site: Site) -> None:
    found = submitted_case(site, family_name="Fernsby")
    response = room.post(reverse("search"), {"q": "Fernsby"})
    assert found.reference in response.content.decode()
    assert "Fernsby" not in str(AuditEvent.objects.order_by("-id")[0].detail)
