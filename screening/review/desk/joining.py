"""Two records of one person: found by their hashes, never by a readable name."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from screening.cases.lookups import among
from screening.cases.models import Case, Patient
from screening.cases.workflow import State
from screening.review.desk.models import SamePerson

MOST = 20


def alike(patient: Patient) -> Q:
    """Records of the site with the same NHS number, or with the same surname and date of birth."""
    found = Q(pk__in=[])
    if patient.nhs_number_hash:
        found |= Q(nhs_number_hash=patient.nhs_number_hash)
    if patient.family_name_hash and patient.date_of_birth_hash:
        found |= Q(family_name_hash=patient.family_name_hash, date_of_birth_hash=patient.date_of_birth_hash)
    return found


def has_alike() -> Exists:
    """Of a case: whether another record of its site could be the same person. One look into an index."""
    others = Patient.objects.filter(site=OuterRef("site")).exclude(pk=OuterRef("patient"))
    by_number = Q(nhs_number_hash=OuterRef("patient__nhs_number_hash")) & ~Q(nhs_number_hash="")
    by_name = (
        Q(
            family_name_hash=OuterRef("patient__family_name_hash"),
            date_of_birth_hash=OuterRef("patient__date_of_birth_hash"),
        )
        & ~Q(family_name_hash="")
        & ~Q(date_of_birth_hash="")
    )
    return Exists(others.filter(by_number)) | Exists(others.filter(by_name))  # type: ignore[return-value]


def has_joined() -> Exists:
    """Of a case: whether its record is joined with another one."""
    of_patient = Q(kept=OuterRef("patient")) | Q(joined=OuterRef("patient"))
    return Exists(SamePerson.objects.filter(of_patient, undone_at__isnull=True))


def records_of(patient: Patient) -> set[UUID]:
    """The keys of every record that is joined with this one, its own among them."""
    found: set[UUID] = set()
    fresh: set[UUID] = {patient.pk}
    while fresh:
        found |= fresh
        links = standing(fresh)
        fresh = {key for link in links for key in (link.kept_id, link.joined_id)} - found
    return found


def groups_of(keys: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Of these records those that are joined with others, and the others: each with all it is one with.

    Nearly always there are none, and one statement says so.
    """
    groups: dict[UUID, set[UUID]] = {}
    known: set[UUID] = set()
    fresh = set(keys)
    while fresh:
        of_these = Q(among("kept_id", fresh)) | Q(among("joined_id", fresh))
        links = SamePerson.objects.filter(of_these, undone_at__isnull=True)
        for pair in links.values_list("kept_id", "joined_id"):
            group = set(pair).union(*(groups.get(key, ()) for key in pair))
            groups |= dict.fromkeys(group, group)
        known |= fresh
        fresh = groups.keys() - known
    return groups


def standing(keys: Iterable[UUID]) -> QuerySet[SamePerson]:
    keys = list(keys)
    links = SamePerson.objects.filter(Q(kept__in=keys) | Q(joined__in=keys), undone_at__isnull=True)
    return links.select_related("by").order_by("id")


def possible_cases(case: Case) -> list[Case]:
    """Cases of other records that could be the same person and are not joined with this one, newest first."""
    return _cases(Case.objects.filter(site=case.site, patient__in=_possible(case)))


def has_possible(case: Case) -> bool:
    """Whether there is such a record, also beside one that is joined with this."""
    return _possible(case).exists()


def _possible(case: Case) -> QuerySet[Patient]:
    found = Patient.objects.filter(alike(case.patient), site=case.site)
    return found.exclude(pk__in=records_of(case.patient))


def joined_cases(case: Case) -> list[Case]:
    """The other cases of this person."""
    keys = records_of(case.patient)
    return _cases(Case.objects.filter(site=case.site, patient__in=keys).exclude(pk=case.pk))


def _cases(cases: QuerySet[Case]) -> list[Case]:
    shown = cases.exclude(state=State.EXPIRED).select_related("patient", "claimed_by")
    return list(shown.order_by("-started_at", "-id")[:MOST])
