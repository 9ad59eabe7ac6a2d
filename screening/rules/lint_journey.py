"""What concerns the way through a form: order, reach, ends, advice, and words that are missing."""

from __future__ import annotations

from collections.abc import Iterator

from screening.cql import CqlError, quote_identifier
from screening.rules import library
from screening.rules.base import has_stray_brace, is_whole_number
from screening.rules.firing import TOO_MANY, Room, all_tried, day_of, outcomes
from screening.rules.journey import Journey
from screening.rules.library import DefinitionError
from screening.rules.questionnaire import PLACEHOLDER, Item, Page, Questionnaire
from screening.rules.remarks import Remark, error, errors, warning
from screening.rules.slices import only


def lint_journey(questionnaire: Questionnaire, *, complete: bool) -> list[Remark]:
    """`complete` says that all expressions hold together; only then the form can be walked."""
    remarks = [*_words(questionnaire), *_advice(questionnaire)]
    if complete:
        try:
            remarks += _way(questionnaire)
        except DefinitionError as fault:  # each is well, but there is too much of them
            sentence = f"Its conditions, scores and checks cannot be used together. {fault.sentence}"
            remarks.append(error("type", "questionnaire", sentence))
    return remarks


def _way(questionnaire: Questionnaire) -> list[Remark]:
    early = [*_order(questionnaire)]
    return early if errors(early) else [*early, *_reach(questionnaire)]


def _order(questionnaire: Questionnaire) -> Iterator[Remark]:
    """A condition or a check that reads what is asked only later sees a blank."""
    program = library.compiled(library.journey_fragments(questionnaire))[1]
    order = {item.id: place for place, item in enumerate(questionnaire.items())}
    pages = {item.id: place for place, page in enumerate(questionnaire.pages) for item in page.items}
    for page in questionnaire.pages:
        for item in page.items:
            if library.conditional(page, item):
                for read in sorted(program.references(library.asked_name(item.id)) & order.keys()):
                    if order[read] >= order[item.id]:
                        sentence = f"It depends on {read}, which is asked later."
                        yield error("too-early", f"item {item.id}, show when", sentence)
            for number, _ in enumerate(item.checks, start=1):
                for read in sorted(program.references(library.check_name(item.id, number)) & order.keys()):
                    if pages[read] > pages[item.id]:
                        sentence = (
                            f"It reads {read}, which is asked later, so it says nothing the first time."
                        )
                        yield warning("too-early", f"item {item.id}, check {number}", sentence)


def _reach(questionnaire: Questionnaire) -> Iterator[Remark]:
    """Reached is what some answers make true; to be open for want of an answer is not enough."""
    text = Journey(questionnaire).text + "".join(_conditions(questionnaire))
    try:
        only(text, ())
    except CqlError:  # every condition is in it once more
        sentence = "Its conditions are too long for finding out which questions are reached."
        yield warning("not-checked", "questionnaire", sentence)
        return
    room = Room()
    for page in questionnaire.pages:
        asked = {item.id: _possible(text, questionnaire, page, item, room) for item in page.items}
        never = [item_id for item_id, found in asked.items() if True not in found]
        if any(TOO_MANY in asked[item_id] for item_id in never):
            yield warning("not-checked", f"page {page.id}", "Too many answers decide whether this is asked.")
        elif len(never) == len(asked):
            yield _unreached(text, questionnaire, never, f"page {page.id}")
        else:
            yield from (_unreached(text, questionnaire, [one], f"item {one}") for one in never)
        if page.stops and any(found.isdisjoint({False, TOO_MANY}) for found in asked.values()):
            yield error("dead-end", f"page {page.id}", "It stops the form, and nothing leads past it.")


def _conditions(questionnaire: Questionnaire) -> Iterator[str]:
    """When an item is asked because of what was answered."""
    for page in questionnaire.pages:
        for item in page.items:
            given = [f"(\n{part}\n)" for part in (page.show_when, item.show_when) if part is not None]
            if given:
                yield f"\ndefine {quote_identifier(_reached(item.id))}:\n{' and '.join(given)}\n"


def _reached(item_id: str) -> str:
    return f"reached {item_id}"


def _unreached(text: str, questionnaire: Questionnaire, items: list[str], place: str) -> Remark:
    """An error when every answer was tried; with dates or texts in play the check may have missed one."""
    reads = {read for one in items for read in only(text, (_reached(one),)).references(_reached(one))}
    if all_tried(questionnaire.item(read) for read in reads):
        return error("unreachable", place, "No answers lead here.")
    return warning("unreachable", place, "None of the answers tried lead here; not all could be.")


def _possible(text: str, questionnaire: Questionnaire, page: Page, item: Item, room: Room) -> set[object]:
    """What the condition of an item can come to; `True` for one without."""
    if not library.conditional(page, item):
        return {True}
    return outcomes(text, _reached(item.id), questionnaire, day_of(None), room)


def _advice(questionnaire: Questionnaire) -> Iterator[Remark]:
    named = {
        key for item in questionnaire.items() for _, part in item.parts() for key in part.advice.values()
    }
    for key, advice in questionnaire.advice.items():
        if key not in named:
            yield warning("unused", f"advice {key}", "No answer leads to this advice.")
        if advice.source is None:
            yield warning("missing-source", f"advice {key}", "There is no source.")
        local = [text for words in advice.nations.values() for text in (words.title or "", *words.text)]
        if has_stray_brace(" ".join((advice.title, *advice.text, *local)), PLACEHOLDER):
            sentence = "A brace belongs to no helpline, as in {samaritans}: it would be shown as it is."
            yield error("stray-brace", f"advice {key}", sentence)
    for item in questionnaire.items():
        for key, part in item.parts():
            for answer in part.advice if not part.options else ():
                if not _can_be(part, answer):
                    yield error("unknown-code", f"item {key}", f"Advice for {answer}, which is no answer.")


def _can_be(item: Item, answer: str) -> bool:
    if item.type == "boolean":
        return answer in ("true", "false")
    if item.type == "integer" and is_whole_number(answer):
        number = int(answer)
        return (item.min is None or number >= item.min) and (item.max is None or number <= item.max)
    return False


def _words(questionnaire: Questionnaire) -> Iterator[Remark]:
    for score in questionnaire.scores:
        if score.source is None:
            yield warning("missing-source", f"score {score.id}", "There is no source.")
    for item in questionnaire.items():
        for key, part in item.parts():
            if not part.text.strip():
                yield error("missing-words", f"item {key}", "The question has no words.")
            for option in part.options:
                if not option.text.strip():
                    yield error("missing-words", f"item {key}", f"The option {option.code} has no words.")
