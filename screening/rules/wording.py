"""Words that nothing the public reads may use (clinical brief 6.5): one list for drafts and for the tests.

Outside the clinical step a text names no substance; nothing a patient reads promises an outcome or claims a
benefit; a message says nothing of health, since anybody may see it on a locked screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from screening.rules.remarks import Remark, error

# Substances, products and what they are taken with. In the health step they are clinical questions.
SUBSTANCES = (
    r"cannab\w*|marijuana|hemp|weed|CBD|THC|CBPMs?|nabilone|nabiximols|dronabinol|sativex|epidyolex|tilray"
    r"|bedrocan|tincture\w*|vap(e|es|ing|ori[sz]er)|terpene\w*|indica|sativa"
)
# An outcome that nobody may promise, and the tricks that sell.
PROMISES = (
    r"(in|not )?eligib\w*|you qualify|you are suitable|suitable for treatment|get approved|approved for"
    r"|pre-approved|guaranteed?|discounts?|refer[ -]a[ -]friend|free gift|limited time|book now|hurry"
)
# Benefits that no page of ours may claim.
CLAIMS = (
    r"pain perception|muscle relaxation|better sleep|less dependence|help reduce pain|very effective"
    r"|gentler than|significant relief|new avenue|best results|not a cure|life[- ]changing|natural remedy"
    r"|stop your (opioids|tablets)"
)
BANNED = re.compile(rf"\b({SUBSTANCES}|{PROMISES}|{CLAIMS})\b", re.I)
PROMISED = re.compile(rf"\b({PROMISES}|{CLAIMS})\b", re.I)
HEALTH = re.compile(
    r"\b(pain|health|clinical|medic\w*|treatment|symptom\w*|doctor|patient|illness|urgent|emergency)\b", re.I
)
# The step that asks clinical questions, behind the start of a form: no search engine reads it.
CLINICAL_STEPS = frozenset({"health"})
# Keys of a definition whose values nobody reads.
UNREAD = frozenset(
    {"id", "code", "codes", "source", "show_when", "check", "page", "step", "item", "type", "expression"}
)
_SAID_BY_A_RULE = ("patient", "patient_unknown")

Texts = Iterator[tuple[str, str]]


def banned_in(kind: str, content: Any) -> list[Remark]:
    """An error for each banned word of a definition, with its place. Content of any shape will do."""
    if not isinstance(content, Mapping):
        return []
    match kind:
        case "questionnaire":
            return _in_questionnaire(content)
        case "ruleset":
            said = [_said_by(rule) for rule in _listed(content.get("rules"))]
            return [remark for texts in said for remark in _found(texts, PROMISED)]
        case "messages":
            texts = [*texts_in(content.get("messages"), "messages")]
            return _found(iter(texts), BANNED) + _found(iter(texts), HEALTH)
        case "letters":
            return _found(texts_in(content, "letters"), PROMISED)
    return []


def texts_in(value: Any, place: str = "") -> Texts:
    """Every text somebody reads, with its place: ids, codes, conditions and sources are left out."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        name = value.get("id") or value.get("code")
        here = f"{place}, {name}" if isinstance(name, str) else place
        for key, inner in value.items():
            if key not in UNREAD:
                yield from texts_in(inner, f"{here}, {key}".removeprefix(", "))
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            named = isinstance(inner, Mapping) and ("id" in inner or "code" in inner)
            yield from texts_in(inner, place if named else f"{place} {number}")


def _in_questionnaire(content: Mapping[str, Any]) -> list[Remark]:
    remarks: list[Remark] = []
    for page in _listed(content.get("pages")):
        words = PROMISED if page.get("step") in CLINICAL_STEPS else BANNED
        remarks += _found(texts_in(_without_advice(page), "pages"), words)
    rest = {key: value for key, value in content.items() if key not in ("pages", "code")}
    return remarks + _found(texts_in(rest), BANNED)


def _without_advice(value: Any) -> Any:
    """An item says which advice follows an answer by its key, which nobody reads."""
    if isinstance(value, Mapping):
        return {key: _without_advice(inner) for key, inner in value.items() if key != "advice"}
    return [_without_advice(inner) for inner in value] if isinstance(value, list) else value


def _said_by(rule: Mapping[str, Any]) -> Texts:
    for key in _SAID_BY_A_RULE:
        yield from texts_in(rule.get(key), f"rule {rule.get('code')}, {key}")


def _listed(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _found(texts: Texts, words: re.Pattern[str]) -> list[Remark]:
    return [
        error("banned-word", place, f"“{hit.group()}” may not be said to patients and the public.")
        for place, text in texts
        for hit in words.finditer(text)
    ]
