"""The four roles as readable sets. The page about roles, the check and the tests read this one list.

An administrator sees no clinical answers; a questionnaire manager sees no cases; whoever approves
rules and safety wording is a lead clinician.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from accounts.permissions import Permission as P

REVIEWING = frozenset(
    {
        P.VIEW_WORKLIST,
        P.VIEW_CASE,
        P.SEARCH_CASES,
        P.VIEW_DOCUMENT,
        P.CLAIM_CASE,
        P.CLEAR_RED_FLAG,
        P.RECORD_CALL,
        P.ADD_NOTE,
        P.MESSAGE_PATIENT,
        P.ISSUE_LINK,
        P.DECIDE_CASE,
        P.SEND_LETTER,
        P.EXPORT_CASE,
        P.VIEW_DEFINITION,
    }
)


@dataclasses.dataclass(frozen=True)
class RoleSet:
    name: Promise
    description: Promise
    permissions: frozenset[P]


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
            P.REVIEW_SECOND,
            P.REPLAY_DEFINITION,
            P.APPROVE_DEFINITION,
            P.APPROVE_RULESET,
            P.VIEW_FIGURES,
            P.VIEW_SENDING,
        },
    ),
    Role.QUESTIONNAIRE_MANAGER: RoleSet(
        name=_("Questionnaire manager"),
        description=_("Drafts questionnaires, rules, schedules and messages. Opens no cases."),
        permissions=frozenset(
            {P.VIEW_DEFINITION, P.DRAFT_DEFINITION, P.REPLAY_DEFINITION, P.APPROVE_DEFINITION}
        ),
    ),
    Role.ADMINISTRATOR: RoleSet(
        name=_("Administrator"),
        description=_("Looks after people, settings, sending and the audit trail. Sees no answers."),
        permissions=frozenset(
            {
                P.VIEW_DEFINITION,
                P.VIEW_FIGURES,
                P.VIEW_SENDING,
                P.RELEASE_SENDING,
                P.MANAGE_PEOPLE,
                P.MANAGE_SETTINGS,
                P.MANAGE_RETENTION,
                P.VIEW_AUDIT,
            }
        ),
    ),
}


def permissions_of(role: str) -> frozenset[P]:
    """Nothing at all for a role nobody knows."""
    return ROLES[Role(role)].permissions if role in Role.values else frozenset()
