"""What a draft is compared with, how its effect on past cases stands, and which cases want a reason."""

from __future__ import annotations

import dataclasses

from accounts.models import Membership, Site
from accounts.roles import roles_with
from screening.cases.models import Assessment
from screening.cases.replaying import definitions_of
from screening.manage import policies
from screening.manage.publication.models import ImpactCase, ImpactChange, ImpactRun
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from screening.questionnaires.selectors import NothingPublished, published
from screening.rules.replay import Definitions

CASES_ON_A_PAGE = 100
JUDGING = frozenset({Kind.QUESTIONNAIRE, Kind.RULESET})


@dataclasses.dataclass(frozen=True)
class Setting:
    """The published version that a draft would replace, and the published one that it works with."""

    compared: DefinitionVersion
    beside: DefinitionVersion

    def pair(self, judged: DefinitionVersion) -> tuple[DefinitionVersion, DefinitionVersion]:
        """(questionnaire, rule set), with this one of the two in its place."""
        return (judged, self.beside) if judged.kind == Kind.QUESTIONNAIRE else (self.beside, judged)

    def before(self) -> Definitions:
        return definitions_of(*self.pair(self.compared))

    def after(self, version: DefinitionVersion) -> Definitions:
        return definitions_of(*self.pair(version))


def replaced_by(version: DefinitionVersion) -> DefinitionVersion | None:
    """The published version that this one would replace."""
    try:
        return published(site=version.site, kind=version.kind, code=version.code)
    except NothingPublished:
        return None


def read_of(version: DefinitionVersion) -> str:
    """What somebody reads before they approve: this very text, beside the one that it would replace."""
    compared = replaced_by(version)
    return f"{version.sha256} {compared.pk if compared else 0}"


def setting_of(version: DefinitionVersion) -> Setting | None:
    """None where a draft judges nobody: another kind, another form, or the first of its kind."""
    compared = replaced_by(version)
    if version.kind not in JUDGING or compared is None:
        return None
    try:
        if version.kind == Kind.RULESET:
            asked = compared.content["questionnaire"]
            return Setting(compared, published(site=version.site, kind=Kind.QUESTIONNAIRE, code=asked))
        rules = published(site=version.site, kind=Kind.RULESET)
    except NothingPublished:
        return None
    return Setting(compared, rules) if rules.content["questionnaire"] == version.code else None


def has_past_cases(*, site: Site) -> bool:
    return Assessment.objects.filter(case__site=site).exists()


def newest_run(version: DefinitionVersion) -> ImpactRun | None:
    return ImpactRun.objects.filter(version=version).select_related("asked_by").first()


def is_current(run: ImpactRun, version: DefinitionVersion, setting: Setting) -> bool:
    """Whether the run is about this very text, and about what is published now."""
    return (run.sha256, run.compared_id, run.beside_id) == (
        version.sha256,
        setting.compared.pk,
        setting.beside.pk,
    )


def approvers(version: DefinitionVersion) -> list[str]:
    """The names of those at the site who may publish the draft: none of them has written in it."""
    people = version.site.memberships.at_work().filter(
        role__in=roles_with(policies.approval_of(version.kind))
    )
    others = people.exclude(user__in=[version.author_id, *version.writers])
    return list(others.order_by("user__name").values_list("user__name", flat=True))


def drafts_to_approve(membership: Membership) -> list[DefinitionVersion]:
    """The drafts of the site that this person may publish, the oldest first."""
    drafts = DefinitionVersion.objects.filter(site=membership.site_id, status=VersionStatus.DRAFT)
    rows = drafts.select_related("author").defer("content").order_by("id")
    return [version for version in rows if policies.may_publish(membership, version)]


def without_reason(run_id: int) -> int:
    """How many cases of a run become less urgent and nobody has said why that is right."""
    return ImpactCase.objects.filter(change__run_id=run_id, change__less_urgent=True, reason="").count()


def changes_of(run: ImpactRun, *, most: int) -> list[ImpactChange]:
    """The first kinds of change: less urgent ones before others, those of most cases first."""
    return list(run.changes.all()[:most])


def reasons_given(run: ImpactRun) -> dict[int, str]:
    """By kind of change, the reason that was typed for its cases."""
    cases = ImpactCase.objects.filter(change__run=run, change__less_urgent=True).exclude(reason="")
    return dict(cases.order_by("change_id", "id").distinct("change_id").values_list("change_id", "reason"))


def change_of(version: DefinitionVersion, number: int) -> ImpactChange | None:
    found = ImpactChange.objects.filter(run__version=version, pk=number)
    return found.select_related("run__compared").first()


def cases_of(change: ImpactChange, *, after: int) -> list[ImpactCase]:
    """The cases of a change behind a key, one more than a page holds where there are more."""
    named = change.named.filter(pk__gt=after).select_related("reason_by")
    return list(named[: CASES_ON_A_PAGE + 1])
