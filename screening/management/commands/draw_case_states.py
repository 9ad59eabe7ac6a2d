"""`manage.py draw_case_states`: writes docs/reference/case-states.md from the table of moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from screening.cases.drawing import drawing


class Command(BaseCommand):
    help = "Draws the states of a case into the documents."

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "reference" / "case-states.md"
        path.write_text(drawing(), encoding="utf-8")
        self.stdout.write(f"Written: {path.relative_to(settings.BASE_DIR)}")
