"""Who may publish what: the author of a draft never approves it (architecture, section 4)."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.access import No, Yes, may
from accounts.models import Membership
from accounts.permissions import Permission
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus

# A rule set and a questionnaire with its safety wording are approved by a lead clinician.
LEAD_ONLY = frozenset({Kind.RULESET, Kind.QUESTIONNAIRE})


def approval_of(kind: str) -> Permission:
    """What somebody has to be allowed in order to publish a draft of this kind."""
    return Permission.APPROVE_RULESET if kind in LEAD_ONLY else Permission.APPROVE_DEFINITION


def may_publish(membership: Membership, version: DefinitionVersion) -> Yes | No:
    allowed = may(membership, approval_of(version.kind))
    if not allowed:
        return allowed
    if version.status != VersionStatus.DRAFT:
        return No(_("Only a draft can be published."))
    if membership.user_id in (version.author_id, *version.writers):
        return No(_("You wrote this draft. Someone else has to approve it."))
    return Yes()


def may_draft(membership: Membership) -> Yes | No:
    """Begin a draft, from any version of the site or from what ships with the product."""
    return may(membership, Permission.DRAFT_DEFINITION)


def may_change(membership: Membership, version: DefinitionVersion) -> Yes | No:
    """Change a draft or throw it away."""
    allowed = may_draft(membership)
    if allowed and version.status != VersionStatus.DRAFT:
        return No(_("Only a draft can be changed. Start a new draft from this version."))
    return allowed


def may_try(membership: Membership, version: DefinitionVersion) -> Yes | No:
    """Judge past cases by a draft, and say why some may become less urgent."""
    allowed = may(membership, Permission.REPLAY_DEFINITION)
    if allowed and version.status != VersionStatus.DRAFT:
        return No(_("Only a draft is tried on past cases."))
    return allowed


def may_translate(membership: Membership, version: DefinitionVersion) -> Yes | No:
    """Words beside a version may be written at any time: the version itself does not change."""
    if version.status == VersionStatus.RETIRED:
        return No(_("This version is no longer used. Translate the newest one."))
    return may(membership, Permission.DRAFT_DEFINITION)


def may_approve_words(membership: Membership, writers: Collection[int | None]) -> Yes | No:
    """Safety wording and statements: a lead clinician who did not write the words."""
    allowed = may(membership, Permission.APPROVE_RULESET)
    if allowed and membership.user_id in writers:
        return No(_("You wrote these words. Someone else has to approve them."))
    return allowed


def may_offer(membership: Membership, version: DefinitionVersion) -> Yes | No:
    if version.status != VersionStatus.PUBLISHED:
        return No(_("Publish this version first."))
    return may(membership, Permission.APPROVE_DEFINITION)
