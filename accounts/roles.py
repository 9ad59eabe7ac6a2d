"""The four roles as readable sets. The page of people, the check and the tests read this one list.

An administrator sees no clinical answers; a questionnaire manager sees no cases; whoever approves
rules and safety wording is a lead clinician.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from accounts.permissions import Permission

REVIEWING = frozenset(
    {
        Permission.VIEW_WORKLIST,
        Permission.VIEW_CASE,
        Permission.SEARCH_CASES,
        Permission.VIEW_DOCUMENT,
        Permission.CLAIM_CASE,
        Permission.CLEAR_RED_FLAG,
        Permission.RECORD_CALL,
        Permission.ADD_NOTE,
        Permission.ENTER_FORM,
        Permission.JOIN_RECORDS,
        Permission.MESSAGE_PATIENT,
        Permission.BOOK_APPOINTMENT,
        Permission.ISSUE_LINK,
        Permission.DECIDE_CASE,
        Permission.SEND_LETTER,
        Permission.EXPORT_CASE,
        Permission.VIEW_DEFINITION,
    }
)


@dataclasses.dataclass(frozen=True)
class RoleSet:
    name: Promise
    description: Promise
    permissions: frozenset[Permission]


ROLES: Mapping[Role, RoleSet] = {
    Role.CLINICIAN: RoleSet(
        name=_("Clinician"),
        description=_("Reviews cases, talks to patients and makes the first decision."),
        permissions=REVIEWING,
    ),
    Role.LEAD_CLINICIAN: RoleSet(
        name=_("Lead clinician"),
        description=_("Does what a clinician does, makes the second review and approves rules and wording."),
        permissions=REVIEWING
        | {
            Permission.REVIEW_SECOND,
            Permission.REPLAY_DEFINITION,
            Permission.APPROVE_DEFINITION,
            Permission.APPROVE_RULESET,
            Permission.VIEW_FIGURES,
            Permission.VIEW_SENDING,
            Permission.RELEASE_SENDING,
            Permission.VIEW_OLD_RECORDS,
            Permission.SETTLE_RECORD,
        },
    ),
    Role.QUESTIONNAIRE_MANAGER: RoleSet(
        name=_("Questionnaire manager"),
        description=_("Drafts questionnaires, rules, schedules and messages. Opens no cases."),
        permissions=frozenset(
            {
                Permission.VIEW_DEFINITION,
                Permission.DRAFT_DEFINITION,
                Permission.REPLAY_DEFINITION,
                Permission.APPROVE_DEFINITION,
            }
        ),
    ),
    Role.ADMINISTRATOR: RoleSet(
        name=_("Administrator"),
        description=_(
            "Looks after people, settings, sending, old records and the audit trail. Sees no answers."
        ),
        permissions=frozenset(
            {
                Permission.ISSUE_LINK,
                Permission.VIEW_DEFINITION,
                Permission.VIEW_FIGURES,
                Permission.VIEW_SENDING,
                Permission.RELEASE_SENDING,
                Permission.MANAGE_PEOPLE,
                Permission.MANAGE_SETTINGS,
                Permission.VIEW_AUDIT,
                Permission.VIEW_OLD_RECORDS,
                Permission.PUT_FORWARD_RECORD,
            }
        ),
    ),
}


def permissions_of(role: str) -> frozenset[Permission]:
    """Nothing at all for a role nobody knows."""
    return ROLES[Role(role)].permissions if role in Role.values else frozenset()


def roles_with(permission: Permission) -> list[Role]:
    return [role for role, of_role in ROLES.items() if permission in of_role.permissions]
