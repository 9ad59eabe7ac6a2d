"""The definitions that ship with the product, read from `seed/` as the JSON content a version would store."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from screening.questionnaires.models import Kind
from screening.rules.safety_items import SafetyItems

FOLDERS = {
    Kind.QUESTIONNAIRE: "questionnaires",
    Kind.RULESET: "rulesets",
    Kind.SCHEDULE: "schedules",
    Kind.MESSAGES: "messages",
    Kind.LETTERS: "letters",
}
HELPLINES = "helplines.yml"
SAFETY = "safety.yml"
# The safe loader, in C where there is one: ten times as quick on a whole questionnaire.
SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def seed_folder() -> Path:
    return Path(settings.BASE_DIR) / "seed"


def seed_content(kind: str, code: str | None = None) -> dict[str, Any]:
    """The shipped definition of a kind, by its code or the first one. Raises LookupError when there is none.

    Helplines live in one file of their own, because numbers are checked apart from questions.
    """
    for path in sorted((seed_folder() / FOLDERS[Kind(kind)]).glob("*.yml")):
        content = read_definition(path)
        if code is None or content.get("code") == code:
            helplines = seed_folder() / HELPLINES
            if kind == Kind.QUESTIONNAIRE and not content.get("helplines") and helplines.exists():
                numbers = read_definition(helplines)
                content["helplines"] = numbers.get("helplines", numbers)
            return content
    raise LookupError(f"seed/{FOLDERS[Kind(kind)]} holds no definition {code or ''}".strip() + ".")


def shipped_definitions() -> list[tuple[Kind, dict[str, Any]]]:
    """Every definition that ships with the product, with its kind, in the order of the kinds."""
    return [
        (kind, seed_content(kind, read_definition(path)["code"]))
        for kind, folder in FOLDERS.items()
        for path in sorted((seed_folder() / folder).glob("*.yml"))
    ]


def read_definition(path: Path) -> dict[str, Any]:
    """A YAML file as plain JSON values. Raises ValueError when it holds anything but a mapping."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=SAFE)  # noqa: S506 (safe, see SAFE)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name} is not readable as YAML: {error}") from error
    if not isinstance(content, dict):
        raise ValueError(f"{path.name} does not hold a definition: it should start with names and values.")
    return _plain_mapping(content)


def _plain_mapping(value: dict[Any, Any]) -> dict[str, Any]:
    """YAML reads dates and whole-number keys by itself; JSON has neither."""
    return {str(_key(key)): _plain(inner) for key, inner in value.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return _plain_mapping(value)
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def _key(key: Any) -> Any:
    return str(key).lower() if isinstance(key, bool) else key


def safety_items() -> SafetyItems:
    """The questions about danger that every form and every rule set has to have."""
    return SafetyItems.model_validate(read_definition(seed_folder() / SAFETY))
