"""The lists of what somebody else has to look at: all of it but what one has decided oneself.

A clinician may have decided most of a list. So the cases lie in the index by who has decided, each group in
the order of the worklist: one's own groups are left out, of each other one only the first few are read. So
a page costs more with more groups, as many as clinicians and pairs of them, not with more cases.
"""

from __future__ import annotations

from django.db import connection

from screening.cases.models import URGENCY
from screening.cases.workflow import UNDER_REVIEW
from screening.review.paging import MOST_URGENT

# The conditions of the two indexes, word for word: else the database would not know that it may use them.
TO_REVIEW = f"state IN ({', '.join(repr(str(state)) for state in sorted(UNDER_REVIEW))})"
TO_LOOK = "look_wanted"
_ORDER = ", ".join(URGENCY)


def first_keys(which: str, *, site_id: int, user_id: int, limit: int, after: str | None = None) -> list[int]:
    """Keys of the most pressing cases that this person has not decided, behind the mark `after` if any.

    `which` is TO_REVIEW or TO_LOOK.
    """
    last = MOST_URGENT.values(after) if after else None
    told = {"site": site_id, "user": user_id, "limit": limit, **dict(zip(URGENCY, last or (), strict=False))}
    with connection.cursor() as cursor:
        cursor.execute(_question(which, begins_at_a_mark=last is not None), told)
        return [key for (key,) in cursor.fetchall()]


def _question(which: str, *, begins_at_a_mark: bool) -> str:
    """The first group, then again and again the next: the database steps from group to group in the index."""
    beyond = f"AND ({_ORDER}) > (%(rank)s, %(due_at)s, %(waiting_since)s, %(id)s)" if begins_at_a_mark else ""
    return f"""
        WITH RECURSIVE team (deciders) AS (
            (SELECT deciders FROM screening_case
             WHERE site_id = %(site)s AND {which} ORDER BY deciders LIMIT 1)
            UNION ALL
            SELECT (SELECT deciders FROM screening_case
                    WHERE site_id = %(site)s AND {which} AND deciders > team.deciders
                    ORDER BY deciders LIMIT 1)
            FROM team WHERE team.deciders IS NOT NULL
        )
        SELECT found.id FROM team CROSS JOIN LATERAL (
            SELECT {_ORDER} FROM screening_case
            WHERE site_id = %(site)s AND {which} AND deciders = team.deciders {beyond}
            ORDER BY {_ORDER} LIMIT %(limit)s
        ) found
        WHERE NOT %(user)s = ANY(team.deciders)
        ORDER BY {_ORDER} LIMIT %(limit)s
    """  # noqa: S608  no text of anybody's is in it
