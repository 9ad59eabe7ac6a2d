"""How long a record is kept: a table."""

from __future__ import annotations

from datetime import date

import pytest

from screening.manage.retention.keeping import kept_until, last_day_kept


@pytest.mark.parametrize(
    ("last_contact", "born", "until"),
    [
        (date(2026, 6, 15), date(1971, 3, 29), date(2034, 6, 15)),  # eight years
        (date(2026, 6, 15), None, date(2034, 6, 15)),  # nobody knows how old
        (date(2028, 2, 29), None, date(2036, 2, 29)),
        (date(2024, 2, 29), None, date(2032, 2, 29)),
        (date(2092, 2, 29), None, date(2100, 3, 1)),  # a year without the day: later, not sooner
        (date(2026, 6, 15), date(2008, 6, 15), date(2034, 6, 15)),  # 18 that day: an adult
        (date(2026, 6, 15), date(2008, 6, 16), date(2034, 6, 16)),  # 17: until 26
        (date(2026, 6, 15), date(2012, 1, 2), date(2038, 1, 2)),  # 14: until 26, not 22
    ],
)
def test_eight_years_and_of_somebody_young_until_26(
    last_contact: date, born: date | None, until: date
) -> None:
    assert kept_until(last_contact, born) == until


def test_whoever_had_contact_after_the_last_day_is_kept() -> None:
    today = date(2034, 6, 15)
    assert last_day_kept(today) == date(2026, 6, 15)
    assert kept_until(last_day_kept(today), None) == today
