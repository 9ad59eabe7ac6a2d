"""What is wrong with a draft, found once for each content and kept for the life of the process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from django.utils.translation import gettext as _

from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.selectors import (
    Content,
    NothingPublished,
    intake_versions,
    letters_of,
    messages_of,
    published,
    questionnaire_of,
    schedule_of,
)
from screening.rules.base import has_stray_brace
from screening.rules.definition import Messages, Schedule
from screening.rules.lint import lint, lint_ruleset
from screening.rules.questionnaire import Item, Questionnaire
from screening.rules.remarks import Remark, error, errors
from screening.rules.ruleset import RuleSet

SHOWN = 3


def remarks_on(version: DefinitionVersion, asked: DefinitionVersion | None = None) -> tuple[Remark, ...]:
    """Remarks on a questionnaire, or on a rule set together with the questionnaire that it judges."""
    if asked is None:
        return _of_questionnaire(Content.of(version))
    return _of_ruleset(Content.of(asked), Content.of(version))


def faults(remarks: tuple[Remark, ...]) -> str:
    """The first errors as sentences, or nothing."""
    found = errors(remarks)
    more = f" (+{len(found) - SHOWN})" if len(found) > SHOWN else ""
    return " ".join(f"{remark.place}: {remark.sentence}" for remark in found[:SHOWN]) + more


def unsaid(version: DefinitionVersion) -> tuple[Remark, ...]:
    """What a schedule sends and no message says, for a draft of either beside what is published of the other.

    Raises what reading either raises. Nothing where the other is not published yet.
    """
    is_schedule = version.kind == Kind.SCHEDULE
    own = schedule_of(version) if is_schedule else messages_of(version)
    try:
        other = published(site=version.site, kind=Kind.MESSAGES if is_schedule else Kind.SCHEDULE)
    except NothingPublished:
        return ()
    schedule = own if isinstance(own, Schedule) else schedule_of(other)
    messages = own if isinstance(own, Messages) else messages_of(other)
    sentence = _("The schedule sends it, and there is no such message.")
    return tuple(error("unsaid", name, sentence) for name in messages.lacking(schedule))


def unfilled(version: DefinitionVersion) -> tuple[Remark, ...]:
    """Messages and letters in which a brace stands alone: `{link` would be sent as it is.

    Raises what reading them raises.
    """
    said = _("A brace stands alone, so nothing would be filled in there.")
    if version.kind == Kind.MESSAGES:
        texts = [(f"{m.code} by {m.channel}", f"{m.subject} {m.text}") for m in messages_of(version).messages]
    else:
        texts = [(f"{letter.about} to {letter.to}", letter.text) for letter in letters_of(version).letters]
    return tuple(error("stray-brace", name, said) for name, text in texts if has_stray_brace(text))


def unasked(version: DefinitionVersion) -> tuple[Remark, ...]:
    """What later forms ask and the questionnaire has not, for a draft of either beside the published other.

    Raises what reading either raises. Nothing where the other is not published yet, or it is another form.
    """
    is_schedule = version.kind == Kind.SCHEDULE
    try:
        asked = intake_versions(site=version.site)[0]
        planned = version if is_schedule else published(site=version.site, kind=Kind.SCHEDULE)
    except NothingPublished:
        return ()
    if not is_schedule and asked.code != version.code:
        return ()
    found = schedule_of(planned).unasked(questionnaire_of(asked if is_schedule else version))
    if is_schedule:
        said = _(
            "It asks %(name)s, and the published questionnaire has no page, question or step of that id."
        )
        return tuple(error("unasked", f"{step.code}: form", said % {"name": name}) for step, name in found)
    said = _("The later form “%(step)s” of the published schedule asks %(name)s, which is not here.")
    return tuple(
        error("unasked", f"schedule, {step.code}", said % {"name": name, "step": step.title})
        for step, name in found
    )


def unread(version: DefinitionVersion) -> tuple[Remark, ...]:
    """What the published rules can no longer read by a draft of their questionnaire, without trying answers.

    A draft in which everything that is published still stands as the rules see it is not looked at.
    """
    try:
        asked, rules = intake_versions(site=version.site)
    except NothingPublished:
        return ()
    if asked.code != version.code:
        return ()
    before, now = (_as_rules_see(questionnaire_of(each)) for each in (asked, version))
    if before.items() <= now.items():
        return ()
    return tuple(in_rules(errors(_of_both(Content.of(version), Content.of(rules)))))


def in_rules(remarks: Iterable[Remark]) -> Iterator[Remark]:
    """What the published rules have against a questionnaire, placed for whoever writes that."""
    for remark in remarks:
        yield replace(remark, place=f"published rules, {remark.place}")


def _as_rules_see(questionnaire: Questionnaire) -> dict[str, object]:
    """By id all of a question or a score that a rule could be wrong about."""
    seen: dict[str, object] = {item.id: _seen(item) for item in questionnaire.items()}
    return seen | {score.id: score.expression for score in questionnaire.scores}


def _seen(item: Item) -> object:
    options = tuple((option.code, option.unknown) for option in item.options)
    shape = (item.type, item.repeats, item.precision, item.min, item.max, options, tuple(item.advice))
    return shape, tuple((inner.id, _seen(inner)) for inner in item.items)


@lru_cache(maxsize=32)
def _of_questionnaire(asked: Content) -> tuple[Remark, ...]:
    return tuple(lint(asked.read()))


@lru_cache(maxsize=32)
def _of_both(asked: Content, judged: Content) -> tuple[Remark, ...]:
    questionnaire = Questionnaire.model_validate(asked.read())
    return tuple(lint_ruleset(questionnaire, RuleSet.model_validate(judged.read()), tried=False))


@lru_cache(maxsize=32)
def _of_ruleset(asked: Content, judged: Content) -> tuple[Remark, ...]:
    return tuple(
        lint_ruleset(Questionnaire.model_validate(asked.read()), RuleSet.model_validate(judged.read()))
    )
