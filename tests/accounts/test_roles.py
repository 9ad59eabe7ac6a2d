from __future__ import annotations

import pytest

from accounts.access import No, Yes, may
from accounts.models import Membership, Role, Site, User
from accounts.permissions import WORDS, Permission
from accounts.roles import ROLES, permissions_of

READS_ANSWERS = {
    Permission.VIEW_WORKLIST,
    Permission.VIEW_CASE,
    Permission.SEARCH_CASES,
    Permission.VIEW_DOCUMENT,
    Permission.EXPORT_CASE,
    Permission.CLAIM_CASE,
    Permission.DECIDE_CASE,
    Permission.REVIEW_SECOND,
}

# Who may do what, written out by hand: a change of a role has to be made twice, on purpose.
MATRIX = {
    Permission.VIEW_WORKLIST: "CL",
    Permission.VIEW_CASE: "CL",
    Permission.SEARCH_CASES: "CL",
    Permission.VIEW_DOCUMENT: "CL",
    Permission.CLAIM_CASE: "CL",
    Permission.BOOK_APPOINTMENT: "CL",
    Permission.CLEAR_RED_FLAG: "CL",
    Permission.RECORD_CALL: "CL",
    Permission.ADD_NOTE: "CL",
    Permission.ENTER_FORM: "CL",
    Permission.JOIN_RECORDS: "CL",
    Permission.MESSAGE_PATIENT: "CL",
    Permission.ISSUE_LINK: "CLA",
    Permission.DECIDE_CASE: "CL",
    Permission.REVIEW_SECOND: "L",
    Permission.SEND_LETTER: "CL",
    Permission.EXPORT_CASE: "CL",
    Permission.VIEW_DEFINITION: "CLQA",
    Permission.DRAFT_DEFINITION: "Q",
    Permission.REPLAY_DEFINITION: "LQ",
    Permission.APPROVE_DEFINITION: "LQ",
    Permission.APPROVE_RULESET: "L",
    Permission.VIEW_FIGURES: "LA",
    Permission.VIEW_SENDING: "LA",
    Permission.RELEASE_SENDING: "LA",
    Permission.MANAGE_PEOPLE: "A",
    Permission.MANAGE_SETTINGS: "A",
    Permission.VIEW_AUDIT: "A",
    Permission.VIEW_OLD_RECORDS: "LA",
    Permission.PUT_FORWARD_RECORD: "A",
    Permission.SETTLE_RECORD: "L",
}
LETTERS = {
    "C": Role.CLINICIAN,
    "L": Role.LEAD_CLINICIAN,
    "Q": Role.QUESTIONNAIRE_MANAGER,
    "A": Role.ADMINISTRATOR,
}


def member(role: str, *, active: bool = True, person_active: bool = True) -> Membership:
    user = User(pk=1, name="Dr A Example", email="a@example.org", is_active=person_active)
    return Membership(user=user, site=Site(pk=1, name="North"), role=role, active=active)


def test_the_matrix_names_every_permission() -> None:
    assert set(MATRIX) == set(Permission) == set(WORDS)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", list(Permission))
def test_each_role_may_what_the_matrix_says(role: Role, permission: Permission) -> None:
    allowed = {LETTERS[letter] for letter in MATRIX[permission]}
    assert bool(may(member(role), permission)) is (role in allowed)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.QUESTIONNAIRE_MANAGER])
def test_who_does_not_treat_patients_sees_no_answers(role: Role) -> None:
    assert not permissions_of(role) & READS_ANSWERS


def test_every_role_is_described() -> None:
    assert set(ROLES) == set(Role)
    assert all(str(each.description).endswith(".") for each in ROLES.values())


def test_a_refusal_says_why_in_a_sentence() -> None:
    answer = may(member(Role.ADMINISTRATOR), Permission.VIEW_CASE)
    assert answer == No("Your role, administrator, may not open a case.")


@pytest.mark.parametrize(
    "membership",
    [
        None,
        member(Role.CLINICIAN, active=False),
        member(Role.CLINICIAN, person_active=False),
        member("janitor"),
    ],
)
def test_nobody_outside_may_anything(membership: Membership | None) -> None:
    assert not any(may(membership, permission) for permission in Permission)


def test_a_superuser_gets_nothing_by_being_one() -> None:
    administrator = member(Role.ADMINISTRATOR)
    administrator.user.is_superuser = True
    assert not may(administrator, Permission.VIEW_CASE)


def test_yes_and_no_read_as_true_and_false() -> None:
    assert Yes()
    assert not No("Because.")
