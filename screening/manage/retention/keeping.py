"""How long a record is kept.

Eight years after the last contact is what the clinical brief says in section 6.4, after the patient page of
NHS England's Records Management Code (F53 there). The code keeps records of children until the 25th
birthday, or the 26th of somebody who was 17 when it ended; here it is the later one for all of them.
"""

from __future__ import annotations

from datetime import date

YEARS = 8
GROWN_UP, CHILD_UNTIL = 18, 26  # years of age


def kept_until(last_contact: date, born: date | None) -> date:
    """The first day on which a record may be deleted."""
    until = _years_after(last_contact, YEARS)
    if born is not None and last_contact < _years_after(born, GROWN_UP):
        until = max(until, _years_after(born, CHILD_UNTIL))
    return until


def last_day_kept(today: date) -> date:
    """Whoever had contact after this day is kept today, however old they are."""
    return _years_after(today, -YEARS)


def _years_after(day: date, years: int) -> date:
    """Of 29 February the first day of March, where that year has none: later rather than sooner."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
