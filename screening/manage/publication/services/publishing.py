"""Publish a draft that stands at no gate, by somebody who did not write it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.models import Site
from screening.manage.publication.gates import gates
from screening.manage.publication.selectors import read_of
from screening.questionnaires.models import DefinitionVersion
from screening.questionnaires.services import NotReady
from screening.questionnaires.services.versions import publish_version

WROTE_IT = gettext_lazy("You wrote this draft. Someone else has to approve it.")
NOT_READ = gettext_lazy(
    "The draft, or the version it replaces, changed after you opened this page. Read again what differs, "
    "then approve it."
)


def approve_version(*, version: DefinitionVersion, seen: str, by: Actor, at: datetime) -> DefinitionVersion:
    """Publish it. Raises NotReady with a sentence for each gate that is shut, and then writes nothing.

    Who may approve is a policy; that nobody approves what they wrote is refused here too. `seen` is `read_of`
    the draft as it was shown: what was saved since nobody but its writer has read.
    """
    with transaction.atomic():
        # Two that work together and are approved at once are checked one after the other.
        Site.objects.select_for_update().get(pk=version.site_id)
        version = (
            DefinitionVersion.objects.select_for_update(of=["self"]).select_related("site").get(pk=version.pk)
        )
        if by.user_id in (version.author_id, *version.writers):
            raise NotReady(str(WROTE_IT))
        if shut := [gate.sentence for gate in gates(version) if gate.sentence]:
            raise NotReady(" ".join(shut))
        if seen != read_of(version):
            raise NotReady(str(NOT_READ))
        return publish_version(version=version, by=by, at=at)
