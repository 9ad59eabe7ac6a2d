"""`manage.py lint_definitions [FILES]`: what is wrong with questionnaires and rule sets in files."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from screening.questionnaires.seed_files import read_definition
from screening.rules.lint import lint
from screening.rules.remarks import Remark, errors


class Command(BaseCommand):
    help = (
        "Checks questionnaires and rule sets. Without FILES the shipped ones are checked. "
        "A rule set is checked with the questionnaire it names, among FILES or the shipped ones. "
        "Exit code 1 on any error."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILES")

    def handle(self, *args: Any, **options: Any) -> None:
        shipped = sorted(Path(settings.BASE_DIR, "seed").glob("[qr]*/*.yml"))
        found = 0
        given = {path: _read(path) for path in options["files"] or shipped}
        known = {path: given.get(path) or _read(path) for path in shipped} | given
        forms = {c["code"]: c for c in known.values() if "pages" in c and isinstance(c.get("code"), str)}
        for path, content in given.items():
            remarks = _remarks(content, forms)
            found += len(errors(remarks))
            self.stdout.write(f"{path.name}: {len(errors(remarks))} errors, {_warnings(remarks)} warnings")
            for remark in remarks:
                self.stdout.write(f"  {remark}")
        if found:
            raise CommandError(f"{found} errors.")


def _read(path: Path) -> dict[str, Any]:
    try:
        return read_definition(path)
    except (OSError, ValueError) as fault:
        raise CommandError(f"{path}: {fault}") from fault


def _remarks(content: dict[str, Any], forms: dict[str, Any]) -> list[Remark]:
    if "rules" not in content:
        return lint(content)
    asked = forms.get(str(content.get("questionnaire")))
    if asked is None:
        raise CommandError(f"The questionnaire {content.get('questionnaire')} is in none of the files.")
    of_form = set(lint(asked))
    return [remark for remark in lint(asked, content) if remark not in of_form]


def _warnings(remarks: list[Remark]) -> int:
    return len(remarks) - len(errors(remarks))
