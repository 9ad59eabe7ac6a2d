"""What somebody else has to look at: listed without one's own, in order, and truly kept with the case."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from accounts.models import Role, Site
from screening.cases.models import Case
from screening.cases.workflow import State
from screening.review import selectors
from screening.review.selectors import View
from tests.factories.intake import NOON, open_clinic, submitted_case
from tests.factories.review import Clinician, fresh
from tests.factories.room import LATE, decided_case, wants_another_look

HOUR = dt.timedelta(hours=1)


def lead(site: Site) -> Clinician:
    return Clinician.at(site, Role.LEAD_CLINICIAN)


def decided_by(clinician: Clinician, *, sent: dt.datetime = NOON) -> Case:
    case = submitted_case(clinician.membership.site, at=sent)
    clinician.takes(case, at=LATE)
    clinician.decides(case, at=LATE)
    return fresh(case)


def listed(person: Clinician, view: View = View.SECOND, after: str | None = None) -> selectors.Page:
    membership = person.membership
    return selectors.worklist(
        site=membership.site, view=view, user_id=membership.user_id, at=LATE, after=after
    )


def test_of_several_deciders_one_reads_all_the_others_in_one_order_page_by_page(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [Clinician.at(site) for _ in range(3)]
    cases = [decided_by(people[number % 3], sent=NOON - number * HOUR) for number in range(9)]
    decided_by(Clinician.at(open_clinic()))
    oldest_first = cases[::-1]
    monkeypatch.setattr(selectors, "PAGE_SIZE", 2)
    for person in people:
        read: list[Case] = []
        page = listed(person)
        assert page.count == 6
        while True:
            read += page.cases
            if page.next is None:
                break
            page = listed(person, after=page.next)
        own = person.membership.user_id
        assert read == [case for case in oldest_first if case.deciders != [own]]
    assert listed(Clinician.at(site)).count == 9


def test_a_disagreement_is_for_neither_of_the_two(site: Site) -> None:
    first, second, third = Clinician.at(site), lead(site), lead(site)
    case = decided_by(first)
    second.opens(case, at=LATE)
    assert listed(second).cases == [case]
    second.disagrees(case, State.SIGNPOSTED, at=LATE)
    assert fresh(case).deciders == sorted([first.membership.user_id, second.membership.user_id])
    assert [listed(person).cases for person in (first, second, third)] == [[], [], [case]]


def test_who_decided_before_it_was_sent_back_may_look_second_now(site: Site) -> None:
    first, other = lead(site), lead(site)
    case = decided_by(first)
    other.opens(case, at=LATE)
    other.looks_second(case, agrees=False, at=LATE)
    assert fresh(case).deciders == []
    other.takes(case, at=LATE)
    other.decides(case, at=LATE)
    assert listed(first).cases == [case]
    assert listed(other).cases == []
    first.opens(case, at=LATE)
    first.looks_second(case, at=LATE)
    assert fresh(case).state == State.OFFERED_ASSESSMENT


@pytest.mark.parametrize("named", [[], [1, 2, 3]])
def test_the_database_refuses_a_case_that_names_other_deciders(site: Site, named: list[int]) -> None:
    for case in (decided_by(Clinician.at(site)), decided_case(site)):
        with pytest.raises(ProgrammingError, match="names those who have decided"), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(deciders=named)


def test_a_look_is_wanted_of_a_decision_and_is_news(site: Site) -> None:
    closed = decided_case(site)
    wants_another_look(closed)
    for wrong in ({"look_wanted": True}, {"look_wanted": True, "news_at": LATE}):
        with pytest.raises(IntegrityError, match="case_look_is_news"), transaction.atomic():
            Case.objects.filter(pk=submitted_case(site).pk).update(**wrong)
    with pytest.raises(IntegrityError, match="case_look_is_news"), transaction.atomic():
        Case.objects.filter(pk=closed.pk).update(news_at=None)
    assert listed(Clinician.at(site), View.AGAIN).cases == [closed]


def test_a_mark_that_is_no_mark_starts_at_the_beginning(site: Site) -> None:
    case = decided_by(Clinician.at(site))
    for mark in ("x", "1~2~3~4", "9~9~9~9~9", "1~2026-06-15~2026-06-15~1"):
        assert listed(Clinician.at(site), after=mark).cases == [case]
