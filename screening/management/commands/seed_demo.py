"""`manage.py seed_demo`: a fictional clinic with people and cases in every state, for looking around."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import Site
from screening.manage.demo import make_cases, make_clinic
from screening.manage.demo_follow_up import send_messages
from screening.questionnaires.seed_files import read_definition, seed_folder


class Command(BaseCommand):
    help = "Loads the default definitions and a fictional clinic. Does nothing when it is there already."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Fictional people belong in a demo only. Set THRESHOLD_DEMO=1 for one.")
        clinic = read_definition(seed_folder() / "clinic.yml")
        if Site.objects.filter(slug=clinic["site"]["slug"]).exists():
            self.stdout.write("The fictional clinic is there already.")
            return
        at = timezone.now()
        stories = read_definition(seed_folder() / "cases.yml")["cases"]
        with transaction.atomic():  # all of it or nothing: a demo that was interrupted starts anew
            site, staff, sign_ins = make_clinic(clinic, at=at)
            cases = []
            for number, case in enumerate(make_cases(site, staff, stories, at=at), start=1):
                cases.append(case)
                self.stdout.write(f"\rMaking fictional cases: {number} of {len(stories)}", ending="")
                self.stdout.flush()
            send_messages(cases, stories, at=at)
        self.stdout.write("")
        folder = settings.VAR_DIR / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "sign-ins.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(sign_ins, indent=1))
