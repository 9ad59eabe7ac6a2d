"""By which versions a case was judged, and whether the newest published rules would say otherwise."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from screening.cases.certificate import Certificate
from screening.cases.models import Assessment
from screening.questionnaires.models import DefinitionVersion
from screening.questionnaires.selectors import compiled
from screening.review import words
from screening.rules.assess import Assessment as Judgement
from screening.rules.assess import assess
from screening.rules.criteria import criteria_of
from screening.rules.definition import RuleSet
from screening.rules.explain import sentence_for
from screening.rules.library import DefinitionError


@dataclasses.dataclass(frozen=True)
class Versions:
    """`newest` is a sentence; `differences` say what the newest rules would say otherwise, if anything."""

    questionnaire: int
    ruleset: int
    engine: str
    as_of: date
    reproduced: bool
    newest: str
    differences: list[str]

    @classmethod
    def of(cls, certificate: Certificate, newest_rules: int | None) -> Versions:
        assessment = certificate.assessment
        said, differences = _newest(assessment, certificate.judgement, newest_rules)
        return cls(
            questionnaire=assessment.questionnaire.number,
            ruleset=assessment.ruleset.number,
            engine=assessment.engine_version,
            as_of=assessment.as_of,
            reproduced=certificate.reproduced,
            newest=said,
            differences=differences,
        )


def _newest(assessment: Assessment, before: Judgement, newest_rules: int | None) -> tuple[str, list[str]]:
    """The same answers, day and standing urgent answers, under the rules that are published now."""
    if newest_rules is None:
        return _("No rules are published at present."), []
    if newest_rules == assessment.ruleset_id:
        return _("These are the newest rules."), []
    newest = DefinitionVersion.objects.defer("content").get(pk=newest_rules)
    if newest.sha256 == assessment.ruleset.sha256:
        return _("The newest rules are the same in every word."), []
    number = {"number": newest.number}
    try:
        rules = compiled(assessment.questionnaire, newest)
    except DefinitionError:
        return (
            _("The newest rules, version %(number)d, ask what this form did not, so they cannot judge it.")
            % number,
            [],
        )
    now = assess(
        rules,
        assessment.judged["answers"],
        as_of=assessment.as_of,
        standing_red_flags=[(item, tier) for item, tier in assessment.judged["standing_red_flags"]],
        cleared=[(item, answer) for item, answer in assessment.judged.get("cleared", ())],
    )
    old = compiled(assessment.questionnaire, assessment.ruleset).ruleset
    differences = list(_differences(old, before, rules.ruleset, now))
    if not differences:
        return _("The newest rules, version %(number)d, would say the same.") % number, []
    return _("The newest rules, version %(number)d, would say otherwise:") % number, differences


def _differences(old: RuleSet, before: Judgement, new: RuleSet, now: Judgement) -> Iterator[str]:
    for name, said, would in (
        (_("Suggestion"), before.outcome, now.outcome),
        (_("Without the urgent answers"), before.underlying, now.underlying),
    ):
        if said != would:
            yield _("%(what)s: “%(would)s” in place of “%(said)s”") % {
                "what": name,
                "would": words.OUTCOME[would],
                "said": words.OUTCOME[said],
            }
    if before.tier != now.tier:
        yield _("How urgent: tier %(would)s in place of %(said)s") % {
            "would": now.tier or _("none"),
            "said": before.tier or _("none"),
        }
    stood = {each.criterion.id: each.status for each in criteria_of(old, before)}
    for each in criteria_of(new, now):
        stand = stood.get(each.criterion.id)
        if stand != each.status:
            yield _("%(what)s: “%(would)s” in place of “%(said)s”") % {
                "what": each.criterion.title,
                "would": words.VERDICT[each.status],
                "said": words.VERDICT[stand] if stand else _("not asked"),
            }
    had = {finding.code for finding in before.cautions}
    has = {finding.code for finding in now.cautions}
    for finding in now.cautions:
        if finding.code not in had:
            yield _("A caution more: %(sentence)s") % {"sentence": sentence_for(new, finding)}
    for finding in before.cautions:
        if finding.code not in has:
            yield _("A caution less: %(sentence)s") % {"sentence": sentence_for(old, finding)}
