"""What concerns a rule set beside its expressions: advice, words, sources, and options nobody mentions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from screening.cql import CqlError, parse_expression
from screening.cql.references import Declared
from screening.cql.tree import Call, Library, Literal, Node, Property, Reference
from screening.rules import named
from screening.rules.questionnaire import Item, Questionnaire
from screening.rules.remarks import Remark, error, warning
from screening.rules.ruleset import Row, Rule, RuleSet

Said = tuple[set[str], set[str]]
_SAID_TO_PATIENTS = ("urgent", "exclude", "more_info", "contradiction")


def lint_rules(questionnaire: Questionnaire, ruleset: RuleSet) -> list[Remark]:
    library = named.library_of(ruleset)
    return [
        *_words(ruleset),
        *_codes(ruleset),
        *_advice(questionnaire, ruleset, library),
        *_blocks(questionnaire, ruleset),
        *_options(questionnaire, ruleset, library),
    ]


def _words(ruleset: RuleSet) -> Iterator[Remark]:
    for rule in ruleset.rules:
        place = f"rule {rule.code}"
        if not rule.clinician.strip():
            yield error("missing-words", place, "There is no sentence for the clinician.")
        if rule.effect in _SAID_TO_PATIENTS and not (rule.patient or "").strip():
            yield error("missing-words", place, "There is no sentence for the patient.")
        if rule.unknown is not None and not (rule.patient_unknown or rule.patient or "").strip():
            yield error("missing-words", place, "Nothing tells the patient what is missing.")
        if rule.unknown is not None and rule.clinician_unknown is None:
            yield warning("missing-words", place, "Nothing tells the clinician what is missing.")
        if not rule.source.strip():
            yield error("missing-source", place, "There is no source.")
    used = {rule.criterion for rule in ruleset.rules}
    for criterion in ruleset.criteria:
        if criterion.source is None:
            yield warning("missing-source", f"criterion {criterion.id}", "There is no source.")
        if criterion.id not in used:
            yield warning("unused", f"criterion {criterion.id}", "No rule belongs to this criterion.")
    for name, table in ruleset.tables.items():
        if table.source is None:
            yield warning("missing-source", f"table {name}", "There is no source.")


def _codes(ruleset: RuleSet) -> Iterator[Remark]:
    """A code is found once, so where two rules give the same one the first would hide the second."""
    missing = {rule.unknown: rule.code for rule in ruleset.rules if rule.unknown is not None}
    lists = {rule.code for rule in ruleset.rules if not isinstance(rule.when, Row)}
    for rule in ruleset.rules:
        if rule.effect in ("more_info", "contradiction"):  # found as something that is missing too
            continue
        if rule.code in missing:
            sentence = f"Rule {missing[rule.code]} says it where it is unknown: one would hide the other."
            yield error("repeated", f"rule {rule.code}", sentence)
        beginnings = (rule.code[:place] for place, sign in enumerate(rule.code) if sign == ":")
        for code in beginnings:
            if code in lists:
                sentence = f"Rule {code} says {code}: and an element of its list: one could hide the other."
                yield warning("repeated", f"rule {rule.code}", sentence)


def _advice(questionnaire: Questionnaire, ruleset: RuleSet, library: Library) -> Iterator[Remark]:
    """A red flag is answered by the very next page, so each answer that raises one needs its advice."""
    items = {item.id: item for item in questionnaire.items()}
    lead_on = {**named.in_scores(questionnaire.scores), **named.in_definitions(library)}
    for rule in ruleset.rules:
        if rule.effect != "urgent":
            continue
        if isinstance(rule.when, Row):
            item = items.get(rule.when.question)
            if item is not None:
                yield from _advised(questionnaire, rule, rule.when, item)
        elif not any(part.advice for part in named.questions(rule.when, items, lead_on)):
            sentence = "No question it names leads to advice."
            yield warning("no-advice", f"rule {rule.code}", sentence)


def _advised(questionnaire: Questionnaire, rule: Rule, row: Row, item: Item) -> Iterator[Remark]:
    for answer in row.answers:
        if answer not in item.advice:
            sentence = f"The answer {answer} of {item.id} raises a red flag and has no advice."
            yield error("no-advice", f"rule {rule.code}", sentence)
            continue
        tier, given = row.tier_of(answer) or rule.tier, questionnaire.advice[item.advice[answer]].tier
        if tier != given:
            said = "has no tier" if given is None else f"is of tier {given}"
            sentence = f"The answer {answer} of {item.id} is of tier {tier} here, and its advice {said}."
            yield warning("other-tier", f"rule {rule.code}", sentence)


def _blocks(questionnaire: Questionnaire, ruleset: RuleSet) -> Iterator[Remark]:
    known = {item.id for item in questionnaire.items()}
    for rule in ruleset.rules:
        for name in rule.blocks:
            if name not in known:
                yield error("unknown-name", f"rule {rule.code}", f"There is no question {name} to block.")


# --- options that nothing mentions ---------------------------------------------------------------


def _options(questionnaire: Questionnaire, ruleset: RuleSet, library: Library) -> Iterator[Remark]:
    """Of a question that is judged, each answer should matter or be the one that is left over.

    Follow-up asks how somebody is, which is read and not judged, so its pages are left out. An option counts
    as mentioned when its code stands in an expression that names its question, in a row or in a definition
    that these lead to.
    """
    mentioned = _mentioned(questionnaire, ruleset, library)
    judged = (item for page in questionnaire.pages if not page.follow_up for item in page.items)
    for item in judged:
        for key, part in item.parts():
            options = [o.code for o in part.options if not o.unknown and not o.exclusive]
            left = [code for code in options if code not in mentioned[part.id]]
            if part.type == "choice" and len(left) > 1 and len(left) < len(options):
                sentence = f"No rule and no page mentions {', '.join(left)}."
                yield warning("unmentioned-options", f"item {key}", sentence)


def _mentioned(questionnaire: Questionnaire, ruleset: RuleSet, library: Library) -> dict[str, set[str]]:
    """For each question its answers with advice, and the texts beside its name wherever it is named."""
    declared: dict[str, Declared] = {**library.definitions, **library.functions}
    definitions = {name: _said(each.expression) for name, each in declared.items()}
    found = {part.id: {*part.advice} for item in questionnaire.items() for part in (item, *item.items)}
    for node in _expressions(questionnaire, ruleset):
        names, texts = _reachable(node, definitions)
        for name in names & found.keys():
            found[name] |= texts
    for rule in ruleset.rules:
        if isinstance(rule.when, Row):
            found.setdefault(rule.when.question, set()).update(rule.when.answers)
    return found


def _expressions(questionnaire: Questionnaire, ruleset: RuleSet) -> Iterator[Node]:
    texts: list[str | None] = [rule.when for rule in ruleset.rules if isinstance(rule.when, str)]
    texts += ruleset.outputs.values()
    for page in questionnaire.pages:
        texts += [page.show_when, *_texts(page.items)]
    for text in texts:
        if text is not None:
            try:
                yield parse_expression(text)
            except CqlError:
                continue


def _texts(items: Iterable[Item]) -> Iterator[str | None]:
    for item in items:
        yield item.show_when
        yield from (check.check for check in item.checks)
        yield from _texts(item.items)


def _said(node: Node) -> Said:
    """The names and texts in an expression."""
    names, texts = set[str](), set[str]()
    for part in node.walk():
        if isinstance(part, Literal) and isinstance(part.value, str):
            texts.add(part.value)
        if isinstance(part, Reference | Property | Call):
            names.add(part.name)
    return names, texts


def _reachable(node: Node, definitions: Mapping[str, Said]) -> Said:
    """The same with all definitions it leads to."""
    names, texts = _said(node)
    waiting = [*names]
    while waiting:
        if more := definitions.get(waiting.pop()):
            waiting += more[0] - names
            names |= more[0]
            texts |= more[1]
    return names, texts
