"""Table of contents: each chapter's models, in the order the story is told."""

from screening.cases.models import (
    Assessment,
    Case,
    Decision,
    Patient,
    RedFlag,
    Response,
    Revision,
    Transition,
)
from screening.cases.packs import PackedCases
from screening.followup.models import (
    Alert,
    Attempt,
    Bounce,
    DatabaseMark,
    Heartbeat,
    OptOut,
    Reminder,
    ReminderAct,
    SendingHold,
    Suppression,
)
from screening.intake.models import Document, Entered, Knock, Link, Statement
from screening.manage.publication.models import ImpactCase, ImpactChange, ImpactRun
from screening.manage.retention.models import Disposal
from screening.questionnaires.models import DefinitionVersion, TranslatedText, Translation
from screening.review.appointments.models import Appointment, TreatmentStart
from screening.review.desk.models import Call, Handover, SamePerson, Task
from screening.review.models import (
    Amendment,
    AnotherLook,
    InformationRequest,
    Letter,
    Message,
    Objection,
    ReviewNote,
)

__all__ = [
    "Alert",
    "Amendment",
    "AnotherLook",
    "Appointment",
    "Assessment",
    "Attempt",
    "Bounce",
    "Call",
    "Case",
    "DatabaseMark",
    "Decision",
    "DefinitionVersion",
    "Disposal",
    "Document",
    "Entered",
    "Handover",
    "Heartbeat",
    "ImpactCase",
    "ImpactChange",
    "ImpactRun",
    "InformationRequest",
    "Knock",
    "Letter",
    "Link",
    "Message",
    "Objection",
    "OptOut",
    "PackedCases",
    "Patient",
    "RedFlag",
    "Reminder",
    "ReminderAct",
    "Response",
    "ReviewNote",
    "Revision",
    "SamePerson",
    "SendingHold",
    "Statement",
    "Suppression",
    "Task",
    "Transition",
    "TranslatedText",
    "Translation",
    "TreatmentStart",
]
