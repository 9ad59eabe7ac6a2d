"""Writes the golden sentences: `python -m tests.rules.english_golden`. Read the difference, then commit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from screening.rules.english import read_in_english, reading_of_rule, terms
from screening.rules.library import output_name, rule_name
from tests.rules.content import shipped

GOLDEN = Path(__file__).parent / "golden" / "english.yml"


def readings() -> dict[str, Any]:
    """Every default rule and output in words, and each term they use once."""
    compiled = shipped()
    names = [rule_name(rule.code) for rule in compiled.ruleset.rules]
    names += [output_name(name) for name in compiled.ruleset.outputs]
    used = dict(term for name in names for term in terms(compiled, name))
    return {
        "rules": {rule.code: reading_of_rule(compiled, rule.code) for rule in compiled.ruleset.rules},
        "outputs": {n: read_in_english(compiled, output_name(n)) for n in compiled.ruleset.outputs},
        "terms": used,
    }


def main() -> None:
    text = yaml.safe_dump(readings(), allow_unicode=True, sort_keys=False, width=110)
    GOLDEN.write_text(f"# Written by python -m tests.rules.english_golden and read by people.\n{text}")


if __name__ == "__main__":
    main()
