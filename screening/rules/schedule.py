"""Follow-up as data: when to remind, by which channel, when to stop; and the texts that are sent."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from screening.rules.base import Code, Frozen, ItemId, Slug, Text, repeated
from screening.rules.questionnaire import Nation, Questionnaire

Anchor = Literal[
    "draft_activity",
    "draft_expiry",
    "submission",
    "info_requested",
    "message_sent",
    "outcome",
    "appointment",
    "appointment_booked",
    "appointment_missed",
    "treatment_start",
    "review_due",
    "recheck",
    "consent_given",
]
Channel = Literal["email", "sms"]
Kind = Literal["form", "records", "message", "appointment", "measures", "reinvitation"]
StopCondition = Literal[
    "submitted",
    "deleted",
    "opted_out",
    "red_flag",
    "records_received",
    "permission_given",
    "answered",
    "read",
    "reviewed",
    "cancelled",
    "moved",
    "completed",
    "rebooked",
    "renewed",
    "withdrawn",
    "case_closed",
]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Offset = Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,4} (h|d|wd)$")]
PLACEHOLDERS = frozenset({"clinic", "link", "optout", "date", "time", "phone"})
# What waits while a clinician has an urgent answer to deal with: "urgent holds stop reminders" (brief, HZ9).
WAITING_KINDS = frozenset({"form", "records", "measures", "reinvitation"})
URGENT = "urgent"
FURTHEST = 3650  # days from its anchor at which a form may open or close
Day = Annotated[int, Field(ge=-FURTHEST, le=FURTHEST)]
_BRACES = re.compile(r"\{([^{}]*)\}")


class Sending(Frozen):
    """One message of a step: `after` its anchor, in hours, days or working days; negative is before."""

    after: Offset
    channel: Channel
    fallback: Channel | None = None
    template: Slug | None = None

    @property
    def amount(self) -> int:
        return int(self.after.split()[0])

    @property
    def unit(self) -> str:
        return self.after.split()[1]


class StaffAction(Frozen):
    """A task for the clinic that appears when the step has not been answered by then.

    `outcome` keeps it to the cases for which the rules suggest that. One that is `until_done` waits for
    nobody's answer: it appears whatever has come, and stays until staff have done it.
    """

    after: Offset
    text: Text
    outcome: Literal["urgent", "not_currently", "more_info", "flagged_review"] | None = None
    until_done: bool = False


class ScheduleStep(Frozen):
    """One line of the follow-up table. `opens` and `closes` are days after the anchor for a form.

    `critical` messages (appointments, safety) may exceed the caps; `quiet_exempt` ones may also leave the
    sending window. `form` names the pages or items that the patient is asked.
    """

    code: Code
    title: Text
    anchor: Anchor
    kind: Kind
    when_to_send: tuple[Sending, ...] = ()
    template: Slug | None = None
    stop_when: tuple[StopCondition, ...] = ()
    opens: Day | None = None
    closes: Day | None = None
    expires_after: Offset | None = None
    repeats_every: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,2} (months|years)$")] | None = None
    form: tuple[Slug | ItemId, ...] = ()
    staff_action: str | None = None
    staff_actions: tuple[StaffAction, ...] = ()
    critical: bool = False
    exempt: bool = False
    quiet_exempt: bool = False
    opt_in: bool = False
    active: bool = True
    source: str | None = None

    @property
    def asks(self) -> bool:
        """Whether it opens a later form."""
        return self.active and self.kind == "measures" and bool(self.form)

    @property
    def sends_unless(self) -> tuple[str, ...]:
        """What keeps its messages back: the conditions written here, and an urgent answer that still waits.

        What is about safety or somebody's own care is sent all the same.
        """
        waits = self.kind in WAITING_KINDS and not self.critical
        return (*self.stop_when, URGENT) if waits else self.stop_when

    @field_validator("form", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _can_be_sent(self) -> Self:
        if self.opens is not None and self.closes is not None and self.opens > self.closes:
            raise ValueError(f"{self.code}: it closes before it opens")
        for sending in self.when_to_send:
            if sending.template is None and self.template is None:
                raise ValueError(f"{self.code}: what is sent after {sending.after} has no template")
        return self


class Quiet(Frozen):
    """When messages may leave, as local time in the clinic's nation."""

    opens: dt.time = Field(alias="from")
    closes: dt.time = Field(alias="to")
    days: tuple[Weekday, ...] = Field(min_length=1)
    bank_holidays: dict[Nation, tuple[dt.date, ...]] = Field(default_factory=dict)

    @field_validator("days", mode="before")
    @classmethod
    def _range_of_days(cls, value: Any) -> Any:
        """`mon-sat` is read as the six days it names."""
        if isinstance(value, str) and value.count("-") == 1:
            first, last = value.split("-")
            names: tuple[str, ...] = WEEK
            if first in names and last in names and names.index(first) <= names.index(last):
                return names[names.index(first) : names.index(last) + 1]
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError("the sending window must open before it closes")
        return self


class Caps(Frozen):
    per_day: int = Field(gt=0)
    per_week: int = Field(gt=0)


class Schedule(Frozen):
    code: Slug
    title: Text
    text: str | None = None
    messages: Slug | None = None
    steps: tuple[ScheduleStep, ...] = Field(min_length=1)
    quiet: Quiet
    caps: Caps

    @model_validator(mode="after")
    def _codes_once(self) -> Self:
        if twice := repeated([step.code for step in self.steps]):
            raise ValueError(f"the step {twice} is there twice")
        return self

    def unasked(self, questionnaire: Questionnaire) -> list[tuple[ScheduleStep, str]]:
        """What its later forms ask by a name that the questionnaire has not, with the step."""
        known = {questionnaire.code, *(step.id for step in questionnaire.steps)}
        for page in questionnaire.pages:
            known |= {page.id, *(item.id for item in page.items)}
        asking = (step for step in self.steps if step.asks)
        return [(step, name) for step in asking for name in step.form if name not in known]


class Message(Frozen):
    """One text. It may hold these placeholders and no other: nothing about health can be merged in."""

    code: Slug
    channel: Channel
    subject: str | None = None
    text: Text
    placeholders: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _neutral_placeholders(self) -> Self:
        used = set(_BRACES.findall(self.text)) | set(_BRACES.findall(self.subject or ""))
        if stray := sorted((used | set(self.placeholders)) - PLACEHOLDERS):
            raise ValueError(f"{self.code}: {{{stray[0]}}} may not be used in a message")
        if self.placeholders and used - set(self.placeholders):
            raise ValueError(f"{self.code}: a placeholder is used that is not listed")
        if (self.channel == "email") != bool(self.subject):
            raise ValueError(f"{self.code}: an email has a subject, a text message has none")
        return self


class Messages(Frozen):
    code: Slug
    title: Text
    text: str | None = None
    messages: tuple[Message, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _codes_once(self) -> Self:
        if twice := repeated([f"{message.code} by {message.channel}" for message in self.messages]):
            raise ValueError(f"the message {twice} is there twice")
        return self

    def lacking(self, schedule: Schedule) -> list[str]:
        """What the active steps of a schedule send and nothing here says, as "code by channel", each once."""
        said = {(message.code, message.channel) for message in self.messages}
        sent = [
            (sending.template or step.template or "", channel)
            for step in schedule.steps
            if step.active
            for sending in step.when_to_send
            for channel in (sending.channel, sending.fallback)
            if channel
        ]
        return [
            f"{code} by {channel}" for code, channel in dict.fromkeys(sent) if (code, channel) not in said
        ]

    def message(self, code: str, channel: str) -> Message:
        for message in self.messages:
            if (message.code, message.channel) == (code, channel):
                return message
        raise KeyError(f"{code} by {channel}")
