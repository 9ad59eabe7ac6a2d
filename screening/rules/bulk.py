"""The judgement of very many documents at once. It says of each exactly what `assess` says, in short.

Answers come as columns (`packed`), definitions are read by columns (`screening.cql.columnar`), and each
rule is looked at once for each value that it has. Documents that do not fit this scheme, and all on which an
expression failed, are judged by `assess` itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np

from screening.cql import Date
from screening.cql.columnar import Columnar
from screening.cql.columns import Coded, Column, Mask, Ragged, Record, blanked, computed
from screening.cql.reading import Reading
from screening.rules import library
from screening.rules.answers import typed_item
from screening.rules.assess import assess
from screening.rules.bulk_said import Said
from screening.rules.compiled import CompiledRuleSet
from screening.rules.judged import OUTCOMES, Judged, Short
from screening.rules.packed import Entries, Pack
from screening.rules.questionnaire import Item
from screening.rules.ruleset import Row, RuleSet

MISSING = OUTCOMES.index("more_info")
REMEMBERED = 50_000  # answers that were read before; when there are more all are forgotten


class Bulk:
    """A rule set ready to judge packs. It keeps what it has learnt, so one for each process."""

    def __init__(self, compiled: CompiledRuleSet) -> None:
        self.compiled = compiled
        self._reading = Reading(compiled.program)
        self._always_alone = has_shared_codes(compiled.ruleset)
        items = {item.id: item for item in compiled.questionnaire.items() if item.holds_an_answer}
        self._judged = frozenset[str]().union(*compiled.reads.values())
        asked = [library.asked_name(item_id) for item_id in items]
        self.needed = self._judged.union(*map(self._reads, asked))
        self._items = {item_id: item for item_id, item in items.items() if item_id in self.needed}
        self._inside = {
            item_id: Reading(library.compiled(library.entry_fragments(item))[1])
            for item_id, item in self._items.items()
            if item.type == "group"
        }
        definitions = compiled.program.definitions  # none of them looks ahead, so the order asked will do
        self._conditions = [each for each in self._items if library.asked_name(each) in definitions]
        self._typed: dict[int, dict[Any, tuple[Any, bool]]] = defaultdict(dict)
        self._asking = {
            rule.when.question: rule.code
            for rule in reversed(compiled.ruleset.rules)
            if rule.effect == "urgent" and isinstance(rule.when, Row)
        }

    def judge(self, pack: Pack) -> Judged:
        """Every document of the pack, which has to hold the items in `needed`."""
        if missing := self.needed - pack.items:
            raise ValueError(f"The pack does not hold {', '.join(sorted(missing))}.")
        judged = Judged(pack.size)
        alone = np.ones(pack.size, np.bool_)
        if pack.size and not self._always_alone:
            alone = self._together(pack, judged)
        for row in np.flatnonzero(alone).tolist():
            judged.put(row, self._by_itself(pack, row))
        return judged

    def _by_itself(self, pack: Pack, row: int) -> Short:
        document = pack.document(row)
        standing = document.standing_red_flags
        return Short.of(
            assess(
                self.compiled,
                document.answers,
                as_of=document.as_of,
                standing_red_flags=standing,
                cleared=document.cleared,
            )
        )

    def _together(self, pack: Pack, judged: Judged) -> Mask:
        """Judges all that can be judged together. Returns which documents have to be judged by themselves."""
        answered = _Answered(pack.size)
        today = computed(lambda day: day and Date.parse(day), [pack.days], pack.size)
        for item_id, item in self._items.items():
            if item.type == "group":
                self._read_group(item, pack, today, answered)
            else:
                column, fits = self._values(item, pack.answers[item_id])
                answered.values[item_id] = column
                answered.raw[item_id] = pack.answers[item_id]
                answered.doubtful[item_id] = ~fits
        self._close_branches(today, answered)
        rules = Columnar(self._reading, {**answered.values, **answered.active}, today, pack.size)
        said = Said(self.compiled, rules, judged, answered.raw, pack.cleared)
        said.by_rules()
        for name in self.compiled.ruleset.outputs:
            rules.column(library.output_name(name))
        for item_id, doubtful in answered.doubtful.items():
            if item_id in self._judged and doubtful.any():
                judged.found(f"INF_ANSWER:{item_id}", doubtful)
                judged.at_least(MISSING, doubtful)
        self._standing(pack.standing, judged)
        return answered.alone | rules.failed

    # --- what was answered ----------------------------------------------------------------------

    def _values(self, item: Item, raw: Coded) -> tuple[Coded, Mask]:
        """The typed values, and where what is stored is something that the question could have taken."""
        read = [self._typed_value(item, value) for value in raw.values]
        fits = np.array([fit for _, fit in read], np.bool_)
        return Coded(raw.codes, [value for value, _ in read]), fits[raw.codes]

    def _typed_value(self, item: Item, raw: Any) -> tuple[Any, bool]:
        if raw is None:
            return None, True
        known = self._typed[id(item)]
        key = raw if type(raw) is str else (type(raw), repr(raw))
        found = known.get(key)
        if found is None:
            if len(known) >= REMEMBERED:
                known.clear()
            found = known[key] = typed_item(item, raw)
        return found

    def _read_group(self, group: Item, pack: Pack, today: Column, answered: _Answered) -> None:
        """All entries as the conditions see them, and without their closed questions as the rules do."""
        odd = pack.answers[group.id].known
        entries = pack.groups.get(group.id)
        if entries is None or not group.repeats:
            if entries is not None:
                odd = odd | (entries.lengths >= 0)
            entries = Entries(np.full(pack.size, -1, np.intp), {})
        answered.alone |= odd
        inner = {item.id: item for item in group.items if item.holds_an_answer}
        fits = np.ones(entries.total, np.bool_)
        fields: dict[str, Column] = {}
        for name, item in inner.items():
            raw = entries.fields.get(name)
            raw = raw or Coded(np.zeros(entries.total, np.intp), [None])
            fields[name], fit = self._values(item, raw)
            fits &= fit
        for name in entries.fields.keys() - inner.keys():
            fits &= ~entries.fields[name].known
        every = np.ones(entries.total, np.bool_)
        whole = Ragged(entries.lengths, Record(every, fields))
        active = self._without_closed(group, fields, today.take(whole.owners), answered, whole)
        answered.values[group.id] = whole
        answered.active[group.id] = Ragged(entries.lengths, Record(every, active))
        unfit = np.bincount(whole.owners[~fits], minlength=pack.size) > 0
        answered.doubtful[group.id] = unfit

    def _without_closed(
        self, group: Item, fields: Mapping[str, Column], today: Column, answered: _Answered, whole: Ragged
    ) -> dict[str, Column]:
        """The fields of all entries, null where they are not asked. Conditions may stand on one another."""
        size = len(whole.owners)
        active = dict(fields)
        conditional = [item.id for item in group.items if item.show_when is not None]
        closed: dict[str, Mask] = {}
        for _ in range(len(conditional) + 1):
            inside = Columnar(self._inside[group.id], active, today, size)
            now = {
                name: inside.column(library.asked_name(name)).boxed().where(lambda value: value is False)
                for name in conditional
            }
            answered.alone[whole.owners[inside.failed]] = True
            if closed and all((now[name] == closed[name]).all() for name in now):
                break
            closed = now
            active = {
                name: blanked(column, closed[name]) if name in closed and closed[name].any() else column
                for name, column in fields.items()
            }
            if not any(mask.any() for mask in closed.values()):
                break
        return active

    def _close_branches(self, today: Column, answered: _Answered) -> None:
        asked = Columnar(self._reading, answered.values, today, len(answered.alone))
        for item_id in self._conditions:
            condition = asked.column(library.asked_name(item_id)).boxed()
            closed = condition.where(lambda value: value is False)
            if not closed.any():
                continue
            for columns in (answered.values, answered.active, answered.raw):
                if item_id in columns:
                    columns[item_id] = blanked(columns[item_id], closed)
            asked.replace(item_id, answered.values[item_id])
            answered.doubtful[item_id] &= ~closed
        answered.alone |= asked.failed

    def _reads(self, name: str) -> frozenset[str]:
        """The items that a definition reads; none where there is no such definition."""
        program = self.compiled.program
        return program.references(name) if name in program.definitions else frozenset()

    def _standing(self, standing: Coded, judged: Judged) -> None:
        for code, flags in enumerate(standing.values):
            if flags:
                rows = standing.codes == code
                for item_id, tier in flags:
                    judged.found(self._asking.get(item_id, item_id), rows)
                    judged.urgent(tier, rows)


class _Answered:
    """What the documents of a pack answer.

    Values of the language, those of groups without closed questions, what was stored, and doubts.
    """

    def __init__(self, size: int) -> None:
        self.values: dict[str, Column] = {}
        self.active: dict[str, Column] = {}
        self.raw: dict[str, Column] = {}
        self.doubtful: dict[str, Mask] = {}
        self.alone: Mask = np.zeros(size, np.bool_)


def has_shared_codes(ruleset: RuleSet) -> bool:
    """Whether the code of one rule could be what another raises with another effect: then order matters."""
    raised = {rule.unknown for rule in ruleset.rules if rule.unknown is not None}
    others = [rule.code for rule in ruleset.rules if rule.effect not in ("more_info", "contradiction")]
    lists = tuple(f"{rule.code}:" for rule in ruleset.rules if not isinstance(rule.when, Row))
    return any(code in raised or code.startswith(lists) for code in others)
