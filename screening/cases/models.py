"""The spine: a patient, their case, what they answered, how it was judged, who decided."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from accounts.encryption import EncryptedJSONField, EncryptedTextField
from accounts.models import Nation
from screening.cases import triggers
from screening.cases.red_flags import RedFlag as RedFlag
from screening.cases.stages import Stage
from screening.cases.targets import NO_CLOCK
from screening.cases.workflow import CLOSED, FINAL, OPEN, UNDER_REVIEW, State

# What sorts the worklist: the tier of an urgent case, else whether somebody has to ring, else neither.
TO_RING, ORDINARY_RANK = 4, 5
# Every open case, any case while an urgent answer in it stands, and any with news of the patient.
ON_WORKLIST = Q(state__in=sorted(OPEN)) | Q(rank__lt=ORDINARY_RANK) | Q(news_at__isnull=False)
# Most urgent first; of these, whose target passed or passes first; of one day's, who waits longest.
URGENCY = ("rank", "due_at", "waiting_since", "id")
# A search shows the newest few, however many have the same name.
SEARCHED = [
    models.Index(fields=["site", f"{by}_hash", "-created_at"], name=f"patient_{by}")
    for by in ("family_name", "family_name_start", "nhs_number", "date_of_birth")
]


class Patient(models.Model):
    """Someone who fills in a form. Has no account and no password."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey("accounts.Site", on_delete=models.PROTECT, related_name="patients")
    nation = models.CharField(max_length=20, choices=Nation, blank=True)
    date_of_birth = EncryptedTextField(null=True)
    date_of_birth_hash = models.CharField(max_length=64, blank=True)
    given_name = EncryptedTextField(null=True)
    family_name = EncryptedTextField(null=True)
    family_name_hash = models.CharField(max_length=64, blank=True)
    family_name_start_hash = models.CharField(max_length=64, blank=True)
    nhs_number = EncryptedTextField(null=True)
    nhs_number_hash = models.CharField(max_length=64, blank=True)
    email = EncryptedTextField(null=True)
    email_hash = models.CharField(max_length=64, blank=True)
    email_verified_at = models.DateTimeField(null=True)
    phone = EncryptedTextField(null=True)
    contact_by_email = models.BooleanField(default=False)
    contact_by_sms = models.BooleanField(default=False)
    reminders_wanted = models.BooleanField(default=False)
    reinvitation_wanted = models.BooleanField(default=False)
    gp_sharing_agreed = models.BooleanField(null=True)
    deceased_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    safeguarding_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["site", "created_at"], name="patient_by_age"), *SEARCHED]


class Case(models.Model):
    """One person's way through the clinic, from the first page to the decision."""

    site = models.ForeignKey("accounts.Site", on_delete=models.PROTECT, related_name="cases")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="cases")
    reference = models.CharField(max_length=12, unique=True)
    state = models.CharField(max_length=24, choices=[(s.value, s.value) for s in State], default=State.DRAFT)
    lock = models.PositiveIntegerField(default=0)
    rank = models.PositiveSmallIntegerField(default=ORDINARY_RANK)  # the tier while an answer stands
    waiting_since = models.DateTimeField()
    due_at = models.DateTimeField(default=NO_CLOCK, db_default=NO_CLOCK)  # see cases/clock.py
    # Working days of the target that had passed when the patient was asked: the clock goes on from there.
    days_used = models.PositiveSmallIntegerField(default=0, db_default=0)
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, blank=True)
    underlying = models.CharField(max_length=20, blank=True)
    senior_review = models.BooleanField(default=False)
    recheck_on = models.DateField(null=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="claimed_cases"
    )
    claimed_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    news_at = models.DateTimeField(null=True)  # since when news of the patient wait to be read
    look_wanted = models.BooleanField(default=False, db_default=False)  # an AnotherLook is not answered yet
    # Keys of who has decided, in order: whoever looks next is somebody else (see cases/deciders.py).
    deciders = ArrayField(models.BigIntegerField(), default=list, db_default=Value("{}"))
    is_fictional = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "expired", "withdrawn"]) | Q(submitted_at__isnull=False),
                name="case_submitted_has_time",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True, claimed_at__isnull=True, lease_until__isnull=True)
                | Q(claimed_by__isnull=False, claimed_at__isnull=False, lease_until__isnull=False),
                name="case_claim_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(CLOSED), closed_at__isnull=False)
                | (~Q(state__in=sorted(CLOSED)) & Q(closed_at__isnull=True)),
                name="case_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(look_wanted=False) | Q(state__in=sorted(FINAL), news_at__isnull=False),
                name="case_look_is_news",
            ),
        ]
        indexes = [
            models.Index(fields=["site", *URGENCY], name="case_worklist", condition=ON_WORKLIST),
            models.Index(
                fields=["site", "state", *URGENCY],
                name="case_by_state",
                condition=Q(state__in=sorted(OPEN)),
            ),
            # With the lease in it, so that counting one's own reads the index alone.
            models.Index(
                fields=["site", "claimed_by", *URGENCY],
                include=["lease_until"],
                name="case_mine",
                condition=ON_WORKLIST & Q(claimed_by__isnull=False),
            ),
            # By who has decided, so that a list of what needs somebody else can leave out all of one's own.
            models.Index(
                fields=["site", "deciders", *URGENCY],
                name="case_to_review",
                condition=Q(state__in=sorted(UNDER_REVIEW)),
            ),
            models.Index(
                fields=["site", "deciders", *URGENCY], name="case_to_look", condition=Q(look_wanted=True)
            ),
            models.Index(fields=["site", "-started_at", "-id"], name="case_all"),
        ]
        triggers = [triggers.final_needs_decisions(), triggers.names_its_deciders()]

    def __str__(self) -> str:
        return self.reference


class Transition(models.Model):
    """One row of a case's history: which move, when, by whom."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="transitions")
    move = models.CharField(max_length=20)
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24)
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=10)
    by_label = models.CharField(max_length=200)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = EncryptedTextField(null=True)

    class Meta:
        ordering = ["id"]
        triggers = [*triggers.append_only("transition"), triggers.final_step_needs_decisions()]


class ResponseStatus(models.TextChoices):
    IN_PROGRESS = "in-progress", _("In progress")
    COMPLETED = "completed", _("Completed")
    AMENDED = "amended", _("Amended")
    STOPPED = "stopped", _("Stopped")


class Response(models.Model):
    """A patient's answers to one version of a questionnaire, as one document.

    Free text, contact data and identifiers are in `private_answers`, encrypted (see `cases.responses`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey("accounts.Site", on_delete=models.PROTECT, related_name="responses")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="responses")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="responses")
    version = models.ForeignKey("screening.DefinitionVersion", on_delete=models.PROTECT, related_name="+")
    questionnaire_code = models.SlugField(max_length=64)
    status = models.CharField(max_length=12, choices=ResponseStatus, default=ResponseStatus.IN_PROGRESS)
    language = models.CharField(max_length=16, blank=True, default="", db_default="")  # empty: as written
    # Of a form that comes later: which one ("FU11/7:20261121"), the pages it asks, until when it is in time.
    occasion = models.CharField(max_length=64, blank=True, default="", db_default="")
    pages = models.JSONField(default=list, blank=True)
    closes_at = models.DateTimeField(null=True)
    answers = models.JSONField(default=dict)
    private_answers = EncryptedJSONField(null=True)
    page_locks = models.JSONField(default=dict)  # page id -> how often it was saved: a stale page is behind
    revision = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    last_activity_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "patient", "questionnaire_code", "occasion"],
                condition=Q(status="in-progress"),
                name="response_one_open",
            ),
            models.UniqueConstraint(
                fields=["case", "occasion"], condition=~Q(occasion=""), name="response_once_each_time"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["completed", "amended"], submitted_at__isnull=False)
                | Q(status__in=["in-progress", "stopped"], submitted_at__isnull=True),
                name="response_submitted_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["last_activity_at"], name="response_open", condition=Q(status="in-progress"))
        ]


class Revision(models.Model):
    """What one save wrote: the page and its answers before nobody can change them again."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    page_id = models.SlugField(max_length=64)
    answers = models.JSONField()
    private_answers = EncryptedJSONField(null=True)
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=10)
    by_label = models.CharField(max_length=200)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["response", "number"], name="revision_number_unique")]
        triggers = triggers.kept_while_it_counts("revision")


class Assessment(models.Model):
    """How the rules judged a response, with everything needed to judge it again, byte for byte."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assessments")
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="assessments")
    questionnaire = models.ForeignKey(
        "screening.DefinitionVersion", on_delete=models.PROTECT, related_name="+"
    )
    ruleset = models.ForeignKey("screening.DefinitionVersion", on_delete=models.PROTECT, related_name="+")
    engine_version = models.CharField(max_length=20)
    as_of = models.DateField()
    judged = EncryptedJSONField()  # the answers and standing red flags exactly as they were judged
    result = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["case", "-id"], name="assessment_latest")]
        triggers = triggers.copied("assessment")


class Decision(models.Model):
    """What a named clinician decided and why. Two of them, by two people, close a case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="decisions")
    stage = models.CharField(max_length=6, choices=Stage)
    # A final state for a decision or an agreement; empty when a later reviewer sends it back.
    outcome = models.CharField(max_length=24, blank=True)
    suggested = models.CharField(max_length=20)
    overturns = models.BooleanField()
    clinician = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions"
    )
    reason = EncryptedTextField()
    # The reason is unreadable to the database, its length is not: an empty one is refused there too.
    reason_length = models.PositiveIntegerField()
    considerations = EncryptedJSONField(null=True)
    cautions_answered = EncryptedJSONField(null=True)
    answers_opened_at = models.DateTimeField()
    # The clinician's entry on the specialist register as it was recorded then; empty without one.
    register_entry = models.CharField(max_length=200, blank=True, default="")
    signed_at = models.DateTimeField(null=True)  # when the second factor was given again, if it was
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(reason_length__gt=0), name="decision_has_reason"),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *sorted(FINAL)]), name="decision_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(answers_opened_at__lte=models.F("decided_at")),
                name="decision_after_opening",
            ),
        ]
        triggers = [*triggers.append_only("decision"), triggers.decided_with_open_eyes()]
