"""What stands between a draft and patients. A gate that is shut says in a sentence what opens it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.followup.samples import refusal_of
from screening.followup.words import reason_in_words
from screening.intake.services import DRAFT_DAYS
from screening.manage.publication import selectors
from screening.manage.publication.models import RunState
from screening.questionnaires.checking import faults, in_rules, remarks_on, unasked, unfilled, unsaid
from screening.questionnaires.kept_words import other_meanings
from screening.questionnaires.mistakes import MISTAKES, sentence
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from screening.questionnaires.seed_files import safety_items
from screening.questionnaires.selectors import (
    NothingPublished,
    compiled,
    messages_of,
    published,
    questionnaire_of,
    ruleset_of,
    schedule_of,
)
from screening.rules.remarks import Remark, error, errors
from screening.rules.safety_items import lacking_in_form, lacking_in_rules
from screening.rules.vignettes import CaseResult, run_cases
from screening.rules.wording import banned_in

SHOWN = 3


@dataclasses.dataclass(frozen=True)
class Gate:
    """`sentence` is empty where the gate is open."""

    name: str
    title: str
    sentence: str = ""


def gates(version: DefinitionVersion) -> list[Gate]:
    """All of them, in the order in which they are worth mending."""
    return [
        Gate("checks", _("No errors"), unsound(version)),
        Gate("place", _("It takes the place of what is published"), _beside(version)),
        *_judging_gates(version),
        Gate("words", _("No word that may not be said"), _banned(version)),
        *_effect(version),
    ]


def _judging_gates(version: DefinitionVersion) -> Iterator[Gate]:
    """Only where somebody is judged by it: a text or a schedule would meet them without being looked at."""
    if version.kind in selectors.JUDGING:
        yield Gate("cases", _("Worked cases come out as expected"), _failing(version))
        yield Gate("safety", _("The safety questions are all there"), _lacking(version))


def remarks_of(version: DefinitionVersion) -> tuple[Remark, ...]:
    """Everything the checks say, also of content that cannot be read."""
    try:
        return _remarks(version)
    except MISTAKES as problem:
        return (error("shape", str(version.get_kind_display()), sentence(problem)),)


def unsound(version: DefinitionVersion) -> str:
    """The first errors as sentences, or nothing."""
    return faults(remarks_of(version))


def cases_of(version: DefinitionVersion) -> tuple[CaseResult, ...]:
    """The worked cases that this draft has to pass, judged by it. None where they cannot be judged."""
    pair = _judging(version)
    if pair is None or unsound(version):
        return ()
    cases = ruleset_of(pair[1]).worked_cases()
    return run_cases(compiled(*pair), cases) if cases else ()


def lacking(version: DefinitionVersion) -> list[Remark]:
    """Which safety questions, advice and rules are not there."""
    try:
        if version.kind == Kind.RULESET:
            return [*lacking_in_rules(ruleset_of(version), safety_items()), *_lacking_in_its_form(version)]
        if version.kind == Kind.QUESTIONNAIRE and _is_intake(version):
            return lacking_in_form(questionnaire_of(version), safety_items())
    except MISTAKES:
        pass  # said by the checks
    return []


def _lacking_in_its_form(version: DefinitionVersion) -> list[Remark]:
    """A form that was published while no rules judged it may lack what an intake form must ask."""
    pair = _judging(version)
    return lacking_in_form(questionnaire_of(pair[0]), safety_items()) if pair else []


def _remarks(version: DefinitionVersion) -> tuple[Remark, ...]:
    match version.kind:
        case Kind.QUESTIONNAIRE:
            alone = remarks_on(version)
            if errors(alone):
                return alone
            pair = _judging(version)
            beside = (*other_meanings(version), *unasked(version))
            return (*alone, *beside, *(_together(*pair) if pair else ()))
        case Kind.RULESET:
            asked = ruleset_of(version).questionnaire
            return remarks_on(version, published(site=version.site, kind=Kind.QUESTIONNAIRE, code=asked))
        case Kind.SCHEDULE:
            return (*_not_kept(version), *unsaid(version), *unasked(version))
        case Kind.MESSAGES:
            return (*unsaid(version), *unfilled(version), *_unsendable(version))
        case Kind.LETTERS:
            return unfilled(version)
    return ()


def _unsendable(version: DefinitionVersion) -> Iterator[Remark]:
    """Messages that would never leave: sending refuses each, and nobody would hear of it but its failures."""
    for message in messages_of(version).messages:
        if code := refusal_of(message, version.site):
            sentence = _("It would never be sent. %(why)s.") % {"why": reason_in_words(code)}
            yield error("unsendable", f"{message.code} by {message.channel}", sentence)


def _not_kept(version: DefinitionVersion) -> list[Remark]:
    """A schedule says when a form is deleted, for whoever reads it; it cannot change it."""
    says = _("Forms that were not sent are deleted after %(n)d days. A schedule cannot change that.")
    return [
        error("not_kept", f"{step.code}: expires_after", says % {"n": DRAFT_DAYS})
        for step in schedule_of(version).steps
        if step.expires_after not in (None, f"{DRAFT_DAYS} d")
    ]


def _together(questionnaire: DefinitionVersion, ruleset: DefinitionVersion) -> list[Remark]:
    """What stops, and how urgent an answer is: the rest was looked at when the rules were published."""
    found = remarks_on(ruleset, questionnaire)
    return [*in_rules(one for one in found if one.severity == "error" or one.kind == "other-tier")]


def _judging(version: DefinitionVersion) -> tuple[DefinitionVersion, DefinitionVersion] | None:
    """The questionnaire and the rule set that would work together once this draft is published."""
    try:
        if version.kind == Kind.RULESET:
            asked = ruleset_of(version).questionnaire
            return published(site=version.site, kind=Kind.QUESTIONNAIRE, code=asked), version
        if version.kind == Kind.QUESTIONNAIRE:
            rules = published(site=version.site, kind=Kind.RULESET)
            return (version, rules) if rules.content["questionnaire"] == version.code else None
    except (NothingPublished, *MISTAKES):
        pass
    return None


def _is_intake(version: DefinitionVersion) -> bool:
    """Whether this is the form that the rules judge. Before there are rules, the first form is."""
    try:
        return bool(published(site=version.site, kind=Kind.RULESET).content["questionnaire"] == version.code)
    except NothingPublished:
        return True


def _failing(version: DefinitionVersion) -> str:
    if unsound(version):
        return _("They cannot be judged before the errors are mended.")
    failing = [result.case.id for result in cases_of(version) if not result.passed]
    if not failing:
        return ""
    return _("These worked cases no longer come out as expected: %s.") % ", ".join(failing)


def _beside(version: DefinitionVersion) -> str:
    """A clinic works with one of each but forms: a second one would take over, compared with nothing."""
    if version.kind == Kind.QUESTIONNAIRE:
        return ""
    try:
        now = published(site=version.site, kind=version.kind)
    except NothingPublished:
        return ""
    if now.code == version.code:
        return ""
    return _(
        "This clinic works with “%(code)s” (%(title)s), and only one of its kind can be at work. Write this "
        "as a new version of that one."
    ) % {"code": now.code, "title": now.title}


def _lacking(version: DefinitionVersion) -> str:
    return _some(lacking(version))


def _banned(version: DefinitionVersion) -> str:
    return _some(banned_in(version.kind, version.content))


def _some(remarks: list[Remark]) -> str:
    more = f" (+{len(remarks) - SHOWN})" if len(remarks) > SHOWN else ""
    return " ".join(f"{remark.place}: {remark.sentence}" for remark in remarks[:SHOWN]) + more


def _effect(version: DefinitionVersion) -> Iterator[Gate]:
    """Only where somebody was judged by what the draft would replace."""
    setting = selectors.setting_of(version)
    if version.status != VersionStatus.DRAFT or setting is None:
        return
    if not selectors.has_past_cases(site=version.site):
        return
    title, run = _("The effect on past cases is known"), selectors.newest_run(version)
    if run is None:
        yield Gate("effect", title, _("See the effect on past cases first."))
    elif not selectors.is_current(run, version, setting):
        yield Gate("effect", title, _("The effect on past cases is out of date. See it again."))
    elif run.state != RunState.DONE:
        yield Gate("effect", title, _("Past cases are not all judged yet."))
    else:
        yield Gate("effect", title)
        yield Gate("reasons", _("Each case that becomes less urgent has a reason"), _owing(run.pk))


def _owing(run_id: int) -> str:
    owing = selectors.without_reason(run_id)
    if not owing:
        return ""
    said = ngettext(
        "%(n)d case becomes less urgent and has no reason.",
        "%(n)d cases become less urgent and have no reason.",
        owing,
    )
    return said % {"n": owing}
