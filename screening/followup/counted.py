"""What follow-up counts from: appointments and the start that staff entered, for the schedule."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence

from screening.cases.lookups import among
from screening.cases.opening import LONDON, local_instant
from screening.followup.anchors import Anchored, months_after
from screening.review.appointments.models import Appointment, AppointmentState, TreatmentStart

# The yearly review is due so long after the start, and then every year: the brief, section 5.2, FU14.
REVIEW_MONTHS = 12
# A start that staff move by no more than this was entered wrongly; by more, it is another start. A design
# default, as long as a message may be late (`schedule.TOO_LATE`); for the clinical lead to confirm.
CORRECTED = dt.timedelta(days=14)


def anchors_of(ids: Sequence[int]) -> dict[int, list[Anchored]]:
    """By case id. Two statements, however many cases."""
    found: dict[int, list[Anchored]] = defaultdict(list)
    of_case: dict[int, list[Appointment]] = defaultdict(list)
    for appointment in Appointment.objects.filter(among("case_id", ids)).defer("place", "reason"):
        of_case[appointment.case_id].append(appointment)
    for case_id, appointments in of_case.items():
        for each in appointments:
            found[case_id] += _of_appointment(each, appointments)
    starts: dict[int, list[TreatmentStart]] = defaultdict(list)
    for start in TreatmentStart.objects.filter(among("case_id", ids)).order_by("pk"):
        starts[start.case_id].append(start)
    for case_id, entered in starts.items():
        found[case_id] += _of_start(entered)
    return found


def _of_appointment(one: Appointment, all_of_case: Sequence[Appointment]) -> Iterator[Anchored]:
    """Booked, coming and missed count from different moments, and share what became of it."""
    key = f"{one.case_id}:{one.pk.hex[:12]}"
    facts = frozenset({str(one.state)} & {AppointmentState.MOVED, AppointmentState.CANCELLED})
    over = frozenset({"cancelled"}) if one.state == AppointmentState.MISSED else frozenset()
    yield Anchored("appointment_booked", one.booked_at, key, facts | over, appointment=one.starts_at)
    yield Anchored(
        "appointment", one.starts_at, key, facts | over, known_at=one.booked_at, appointment=one.starts_at
    )
    if one.state == AppointmentState.MISSED and one.settled_at is not None:
        again = any(other.booked_at > one.starts_at and other.pk != one.pk for other in all_of_case)
        rebooked = frozenset({"rebooked"} if again else ())
        yield Anchored("appointment_missed", one.settled_at, key, rebooked)


def _of_start(entered: Sequence[TreatmentStart]) -> Iterator[Anchored]:
    """The last that was entered holds. Corrected, it keeps its key, and so what was sent for it."""
    named = start = entered[0]
    for later in entered[1:]:
        if abs(later.day - start.day) > CORRECTED:
            named = later
        start = later
    key = f"{start.case_id}:{named.day:%Y%m%d}"
    began = local_instant(start.day, dt.time(0))
    yield Anchored("treatment_start", began, key)
    due = months_after(began.astimezone(LONDON).date(), REVIEW_MONTHS)
    yield Anchored("review_due", local_instant(due, dt.time(0)), key, known_at=start.entered_at)
