"""`manage.py open_clinic`: a new clinic, with somebody who looks after it. The first thing to run."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Nation
from screening.manage.people.mailing import address_to_begin
from screening.manage.people.opening import open_clinic


class Command(BaseCommand):
    help = "Adds a clinic with its first administrator, and drafts of all that is shipped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="as patients read it: Harbour Pain Clinic")
        parser.add_argument("--slug", required=True, help="in addresses: harbour")
        parser.add_argument("--sender", required=True, help="in mails and texts; no hint at a condition")
        parser.add_argument("--phone", required=True)
        parser.add_argument("--duty-email", required=True, help="hears of urgent answers at any hour")
        parser.add_argument("--nation", choices=Nation.values, default=Nation.ENGLAND.value)
        parser.add_argument("--administrator", required=True, help="their name")
        parser.add_argument("--email", required=True, help="the administrator's address")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            administrator = open_clinic(
                site={
                    "name": options["name"],
                    "slug": options["slug"],
                    "neutral_sender": options["sender"],
                    "phone": options["phone"],
                    "duty_email": options["duty_email"],
                    "nation": options["nation"],
                },
                name=options["administrator"],
                email=options["email"],
                at=timezone.now(),
            )
        except ValidationError as wrong:
            said = [f"{name}: {' '.join(each)}" for name, each in wrong.message_dict.items()]
            raise CommandError("\n".join(said)) from wrong
        user = administrator.user
        self.stdout.write(f"{administrator.site.name} is there, with {user.name} to look after it.")
        if user.has_usable_password():
            self.stdout.write("They sign in as they do at their other clinic.")
        else:
            days = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)
            self.stdout.write(f"Give them this link, by a way you trust. It works once, for {days} days:")
            self.stdout.write(address_to_begin(user))
            self.stdout.write("Later they ask for another with “Forgot your password?” where people sign in.")
        self.stdout.write("Next: they invite a lead clinician, who reads and publishes the five drafts.")
