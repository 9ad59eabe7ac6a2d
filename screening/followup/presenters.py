"""Values turned into the words of the page. No queries."""

from __future__ import annotations

import dataclasses

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from screening.followup.models import Channel, Reminder, Subject

TITLES: dict[tuple[str, str], Promise] = {
    (Subject.REMINDERS, Channel.EMAIL): _("Stop reminder emails"),
    (Subject.REMINDERS, Channel.SMS): _("Stop reminder texts"),
    (Subject.REINVITATION, Channel.EMAIL): _("Stop emails that ask you to fill in the form again"),
    (Subject.REINVITATION, Channel.SMS): _("Stop texts that ask you to fill in the form again"),
}
DONE: dict[tuple[str, str], Promise] = {
    (Subject.REMINDERS, Channel.EMAIL): _("We will not send you reminder emails any more"),
    (Subject.REMINDERS, Channel.SMS): _("We will not send you reminder texts any more"),
    (Subject.REINVITATION, Channel.EMAIL): _("We will not email you to ask you to fill in the form again"),
    (Subject.REINVITATION, Channel.SMS): _("We will not text you to ask you to fill in the form again"),
}


@dataclasses.dataclass(frozen=True)
class StopPage:
    """The page behind the stop link: before pressing, and after."""

    title: str
    done: bool
    clinic: str
    phone: str

    @classmethod
    def of(cls, reminder: Reminder, subject: str, *, done: bool) -> StopPage:
        titles = DONE if done else TITLES
        return cls(
            title=str(titles[subject, reminder.channel]),
            done=done,
            clinic=reminder.site.neutral_sender,
            phone=reminder.site.phone,
        )
