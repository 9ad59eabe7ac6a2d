"""A way back in: a link of 256 bits or a typed code, opened with the date of birth. GET opens nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Sequence

from django.db import transaction

from accounts.actors import Actor, ActorKind
from accounts.encryption import lookup_hash
from audit.events import Event
from audit.services import About, record, record_each
from screening.cases.models import Case, Response
from screening.cases.selectors import first_forms, language_of
from screening.cases.services import locked
from screening.cases.workflow import State
from screening.intake import codes
from screening.intake.models import Link
from screening.intake.services.knocks import count_wrong, refuse_too_many

LINK_TRIES = 5
# Enough for a mistyped address or two; not enough to fill a stranger's mailbox.
LINKS_AN_HOUR = 5


class TooManyLinks(Exception):
    """This form asked for more links or codes within an hour than anybody needs. None was made."""


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def code_hash(code: str) -> str:
    """Keyed, unlike a link's: a code has fewer bits than a thief of the database could try."""
    return lookup_hash(f"code:{codes.plain(code)}")


def issue_link(*, case: Case, by: Actor, at: dt.datetime, email_hash: str = "") -> str:
    """A fresh link to a case. Only its hash is kept: the token is in the answer and nowhere else.

    `email_hash` is the address it goes to, when it goes to one: opening it proves that address.
    """
    return issue_links(wanted=[(case, email_hash)], by=by, at=at)[0]


def issue_links(*, wanted: Sequence[tuple[Case, str]], by: Actor, at: dt.datetime) -> list[str]:
    """Fresh links to many cases, each with the `email_hash` of where it goes, in the order wanted."""
    tokens = [secrets.token_urlsafe(32) for _ in wanted]
    with transaction.atomic():
        _make(
            [
                _link(case, token_hash(token), at=at, email_hash=email_hash)
                for (case, email_hash), token in zip(wanted, tokens, strict=True)
            ],
            by=by,
            at=at,
        )
    return tokens


def issue_code(*, case: Case, by: Actor, at: dt.datetime) -> str:
    """A fresh code for a patient to write down. A case has one: earlier codes end. May raise TooManyLinks."""
    with transaction.atomic():
        refuse_too_many_links(case, at=at)
        case.links.filter(by_code=True, revoked_at__isnull=True).update(revoked_at=at)
        return _new_code(case, by=by, at=at)


def give_new_code(*, case: Case, by: Actor, at: dt.datetime) -> str:
    """A fresh code for staff to read out, as often as they have to. Every earlier link and code ends."""
    with transaction.atomic():
        end_links(case=case, by=by, at=at)
        return _new_code(case, by=by, at=at)


def _new_code(case: Case, *, by: Actor, at: dt.datetime) -> str:
    code = codes.new_code()
    _make([_link(case, code_hash(code), at=at, by_code=True)], by=by, at=at)
    return code


def refuse_too_many_links(case: Case, *, at: dt.datetime) -> None:
    recent = Link.objects.filter(case=case, created_at__gt=at - dt.timedelta(hours=1))
    if recent.count() >= LINKS_AN_HOUR:
        raise TooManyLinks


def _link(case: Case, hashed: str, *, at: dt.datetime, by_code: bool = False, email_hash: str = "") -> Link:
    return Link(
        site=case.site,
        patient_id=case.patient_id,
        case=case,
        token_sha256=hashed,
        by_code=by_code,
        email_hash=email_hash,
        created_at=at,
        expires_at=at + dt.timedelta(days=case.site.link_days),
    )


def _make(links: Sequence[Link], *, by: Actor, at: dt.datetime) -> None:
    Link.objects.bulk_create(links)
    record_each(Event.LINK_ISSUED, [_about(link) for link in links], by=by, at=at)


def language_behind(*, token: str) -> str | None:
    """In which language to ask for the date of birth, whether the link is still good or not.

    It tells no more than the message did that brought the link. None for a link that never was.
    """
    link = Link.objects.select_related("case").filter(token_sha256=token_hash(token)).first()
    return language_of(link.case) if link else None


def open_link(*, token: str, date_of_birth: dt.date, at: dt.datetime, network: str = "") -> Response | None:
    """The answers behind a link, when it is good and the date is right; None says no more than no.

    Wrong dates are counted and the fifth locks the link. An unknown, expired or locked link costs
    the same work, so that neither words nor time tell them apart. Raises TooManyKnocks.
    """
    return _open(token_hash(token), date_of_birth, at=at, network=network)


def open_code(*, code: str, date_of_birth: dt.date, at: dt.datetime, network: str = "") -> Response | None:
    """As `open_link`, for a code that was typed."""
    return _open(code_hash(code), date_of_birth, at=at, network=network)


def _open(hashed: str, date_of_birth: dt.date, *, at: dt.datetime, network: str) -> Response | None:
    refuse_too_many(network, at=at)
    response = _try(hashed, date_of_birth, at=at)
    if response is None:
        count_wrong(network, at=at)
    return response


def _try(hashed: str, date_of_birth: dt.date, *, at: dt.datetime) -> Response | None:
    given = lookup_hash(date_of_birth.isoformat())
    with transaction.atomic():
        link = (
            Link.objects.select_for_update(of=("self",))
            .select_related("case", "patient", "site")
            .filter(token_sha256=hashed)
            .first()
        )
        known = link.patient.date_of_birth_hash if link else ""
        right = hmac.compare_digest(known.encode(), given.encode())
        if link is None or not _is_good(link, at):
            _work_as_for_a_wrong_date(at=at)
            return None
        by = Actor.patient(link.patient_id)
        if not right:
            _count_wrong_date(link, by=by, at=at)
            return None
        link.wrong_tries = 0
        link.save(update_fields=["wrong_tries"])
        _prove_address(link, at=at)
        _record(Event.LINK_OPENED, link, by=by, at=at)
        return _newest(link.case)


def prove_again(*, response: Response, date_of_birth: dt.date, by: Actor, at: dt.datetime) -> bool:
    """Whether this is still the person: the date of birth opens a form whose time ran out in a browser.

    The caller counts wrong dates; its session is the first of the two facts, as a link would be.
    """
    given = lookup_hash(date_of_birth.isoformat())
    with transaction.atomic():
        right = hmac.compare_digest(response.patient.date_of_birth_hash.encode(), given.encode())
        record(
            Event.FORM_OPENED if right else Event.LINK_REFUSED,
            by=by,
            at=at,
            site=response.site,
            case=response.case.reference,
            patient=response.patient_id,
        )
    return right


def unlock_link(*, link: Link, by: Actor, at: dt.datetime) -> Link:
    """Somebody of the clinic has spoken with the person: a locked link opens again, until it runs out."""
    with transaction.atomic():
        link = Link.objects.select_for_update(of=("self",)).select_related("case", "site").get(pk=link.pk)
        if link.locked_at is not None:
            link.locked_at, link.wrong_tries = None, 0
            link.save(update_fields=["locked_at", "wrong_tries"])
            _record(Event.LINK_UNLOCKED, link, by=by, at=at)
    return link


def end_links(*, case: Case, by: Actor, at: dt.datetime) -> int:
    """End every link and code of a case, locked ones too. How many ended."""
    with transaction.atomic():
        ended = locked(case).links.filter(revoked_at__isnull=True).update(revoked_at=at)
        record(
            Event.LINK_REVOKED,
            by=by,
            at=at,
            site=case.site,
            case=case.reference,
            patient=case.patient_id,
            detail={"links": ended},
        )
    return ended


def _prove_address(link: Link, *, at: dt.datetime) -> None:
    """Whoever opens the link has read the mail: that address works and is theirs, and no other."""
    patient = link.patient
    if link.email_hash and link.email_hash == patient.email_hash and patient.email_verified_at is None:
        patient.email_verified_at = at
        patient.save(update_fields=["email_verified_at"])


def _is_good(link: Link, at: dt.datetime) -> bool:
    return (
        link.locked_at is None
        and link.revoked_at is None
        and at < link.expires_at
        # Whoever took a form back that was sent may still read it, and take a copy.
        and (link.case.state not in (State.WITHDRAWN, State.EXPIRED) or link.case.submitted_at is not None)
        and link.patient.deceased_at is None
    )


def _count_wrong_date(link: Link, *, by: Actor, at: dt.datetime) -> None:
    """The fifth wrong date locks. Staff see it at once: their list asks for locked links."""
    link.wrong_tries += 1
    if link.wrong_tries >= LINK_TRIES:
        link.locked_at = at
    link.save(update_fields=["wrong_tries", "locked_at"])
    _record(Event.LINK_LOCKED if link.locked_at else Event.LINK_REFUSED, link, by=by, at=at)


def _work_as_for_a_wrong_date(*, at: dt.datetime) -> None:
    """The same two statements, on nothing: else the time would tell a good link from an invented one.

    The line it leaves in the trail names nobody; many of them say that somebody is guessing.
    """
    Link.objects.filter(pk=0).update(wrong_tries=0, locked_at=None)
    record(Event.LINK_REFUSED, by=Actor(ActorKind.PATIENT, label="Patient"), at=at, site=None)


def _record(event: Event, link: Link, *, by: Actor, at: dt.datetime) -> None:
    record_each(event, [_about(link)], by=by, at=at)


def _about(link: Link) -> About:
    return About(
        site=link.site,
        case=link.case.reference,
        patient=link.patient_id,
        detail={"code": link.by_code},
    )


def _newest(case: Case) -> Response | None:
    return first_forms().filter(case=case).order_by("-started_at").first()
