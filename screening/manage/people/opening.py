"""Open a clinic: the site, what it begins with, and the first person, who invites the others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Membership, Role, Site, User
from audit.events import Event
from audit.services import record
from screening.questionnaires.models import Kind
from screening.questionnaires.seed_files import seed_content
from screening.questionnaires.services import draft_version

OPENING = Actor.system("opening")


def open_clinic(*, site: Mapping[str, Any], name: str, email: str, at: datetime) -> Membership:
    """The administrator of a new site. The shipped definitions are drafts: the clinic's own people publish
    them. Raises ValidationError, and then writes nothing.
    """
    with transaction.atomic():
        new = Site(**site)
        new.full_clean()
        new.save()
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            user = User(email=email.strip(), name=name.strip())
            user.set_unusable_password()
            user.full_clean(exclude=["password"])
            user.save()
        member = Membership.objects.create(user=user, site=new, role=Role.ADMINISTRATOR)
        record(Event.SITE_CREATED, by=OPENING, at=at, site=new)
        record(
            Event.MEMBER_INVITED,
            by=OPENING,
            at=at,
            site=new,
            detail={"member": member.pk, "role": member.role},
        )
        for kind in (Kind.QUESTIONNAIRE, Kind.RULESET, Kind.MESSAGES, Kind.LETTERS, Kind.SCHEDULE):
            draft_version(site=new, kind=kind, content=seed_content(kind), by=OPENING, at=at)
    return member
