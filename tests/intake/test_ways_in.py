"""Other ways in: codes that are typed, links from staff; and what a stranger learns, which is nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import statistics
import time

import pytest
import time_machine
from django.core import mail
from django.test import Client, RequestFactory
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.actors import Actor
from audit.events import Event
from audit.models import AuditEvent
from screening.cases.models import Response
from screening.intake import services
from screening.intake.models import Knock, Link
from screening.intake.networks import network_of
from screening.intake.services.links import token_hash
from tests.factories.intake import NOON
from tests.intake.test_links import BORN, WRONG, issue, open_it


def code_for(response: Response) -> str:
    return services.issue_code(case=response.case, by=Actor.patient(response.patient_id), at=NOON)


def type_it(code: str, born: dt.date = BORN, network: str = "") -> Response | None:
    return services.open_code(code=code, date_of_birth=born, at=NOON, network=network)


def test_a_code_and_the_date_of_birth_open_the_draft_however_the_code_is_typed(draft: Response) -> None:
    code = code_for(draft)
    assert re.fullmatch(r"([2-9A-HJKMNP-TV-Z]{4}-){2}[2-9A-HJKMNP-TV-Z]{4}", code)
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert type_it(typed) == draft
    assert type_it(code, WRONG) is None


def test_a_stolen_database_holds_no_code_and_nothing_to_try_codes_against(draft: Response) -> None:
    code = code_for(draft)
    link = Link.objects.get()
    plain = code.replace("-", "")
    assert plain not in str(link.__dict__)
    assert link.token_sha256 not in {hashlib.sha256(text.encode()).hexdigest() for text in (code, plain)}


def test_only_the_newest_code_of_a_form_works(draft: Response) -> None:
    old, new = code_for(draft), code_for(draft)
    assert type_it(old) is None
    assert type_it(new) == draft


def test_five_wrong_dates_lock_a_code_too(draft: Response) -> None:
    code = code_for(draft)
    for _ in range(5):
        type_it(code, WRONG)
    assert type_it(code) is None
    assert Link.objects.get().locked_at == NOON


def test_a_code_does_not_work_as_a_link(draft: Response) -> None:
    assert open_it(code_for(draft)) is None


def test_unlocking_lets_the_right_date_in_again(draft: Response) -> None:
    token = issue(draft)
    for _ in range(5):
        open_it(token, WRONG)
    services.unlock_link(link=Link.objects.get(), by=Actor.system("test"), at=NOON)
    assert open_it(token) == draft
    assert AuditEvent.objects.filter(event=Event.LINK_UNLOCKED).count() == 1


def test_a_new_link_from_staff_ends_every_earlier_way_in(
    draft: Response, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    by = Actor.patient(draft.patient_id)
    services.send_link(response=draft, email="ada@example.org", by=by, at=NOON)
    token, code = issue(draft), code_for(draft)
    draft.case.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        services.mail_new_link(case=draft.case, records=(), by=Actor.system("test"), at=NOON)
    assert open_it(token) is None
    assert type_it(code) is None
    assert open_it(mail.outbox[-1].body.split("/go/")[1].split("/")[0]) == draft


def test_without_an_address_no_new_link_is_made_and_none_ends(draft: Response) -> None:
    token = issue(draft)
    with pytest.raises(services.NoAddress):
        services.mail_new_link(case=draft.case, records=(), by=Actor.system("test"), at=NOON)
    assert open_it(token) == draft


def test_a_network_that_was_wrong_too_often_waits_and_others_do_not(draft: Response) -> None:
    token = issue(draft)

    def knock(with_token: str, network: str, at: dt.datetime = NOON) -> Response | None:
        return services.open_link(token=with_token, date_of_birth=BORN, at=at, network=network)

    for _ in range(services.WRONG_AN_HOUR):
        assert knock("x" * 43, "203.0.113.0/24") is None
    with pytest.raises(services.TooManyKnocks):
        knock(token, "203.0.113.0/24")
    assert knock(token, "198.51.100.0/24") == draft
    assert knock(token, "203.0.113.0/24", NOON + dt.timedelta(hours=1)) == draft


def test_no_network_can_be_read_from_what_is_counted(draft: Response) -> None:
    services.open_link(token="x" * 43, date_of_birth=BORN, at=NOON, network="203.0.113.0/24")
    knock = Knock.objects.get()
    assert re.fullmatch("[0-9a-f]{64}", knock.network_hash)
    assert knock.network_hash != hashlib.sha256(b"203.0.113.0/24").hexdigest()
    assert services.forget_knocks(at=NOON + dt.timedelta(days=2)) == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
    ],
)
def test_the_last_digits_of_an_address_make_no_new_network(
    rf: RequestFactory, address: str, network: str
) -> None:
    assert network_of(rf.get("/", REMOTE_ADDR=address)) == network
    # What a caller claims to be is not believed while no proxy of ours is named.
    assert network_of(rf.get("/", REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR="192.0.2.1")) == network


def every_kind_of_link(draft: Response) -> dict[str, str]:
    """Tokens that open nothing with the wrong date, for every reason there is."""
    good, expired, revoked, locked = (issue(draft) for _ in range(4))
    Link.objects.filter(token_sha256=token_hash(expired)).update(expires_at=NOON)
    Link.objects.filter(token_sha256=token_hash(revoked)).update(revoked_at=NOON)
    Link.objects.filter(token_sha256=token_hash(locked)).update(locked_at=NOON)
    return {"good": good, "expired": expired, "revoked": revoked, "locked": locked, "invented": "x" * 43}


def test_every_link_shows_the_same_page_with_the_same_status_and_headers(
    draft: Response, client: Client, noon: time_machine.Traveller
) -> None:
    wrong = {"date_of_birth_day": "2", "date_of_birth_month": "2", "date_of_birth_year": "1981"}
    seen: dict[str, set[str]] = {"get": set(), "post": set()}
    for token in every_kind_of_link(draft).values():
        for method in ("get", "post"):
            answer = getattr(client, method)(f"/go/{token}/", wrong if method == "post" else None)
            headers = {k: v for k, v in answer.headers.items() if k != "X-Request-ID"}
            headers["Content-Security-Policy"] = re.sub("nonce-[^']+", "", headers["Content-Security-Policy"])
            page = answer.content.decode().replace(token, "")
            page = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", page)
            seen[method].add(f"{answer.status_code} {sorted(headers.items())} {page}")
    assert {method: len(pages) for method, pages in seen.items()} == {"get": 1, "post": 1}
    assert Link.objects.filter(wrong_tries__gt=0).count() == 1, "only the good one counts a wrong date"


def test_good_and_invented_links_take_the_same_time(draft: Response) -> None:
    """Medians of 60 each, in turns, so that whatever else the machine does falls on both."""
    token = issue(draft)
    took: dict[str, list[float]] = {token: [], "x" * 43: []}
    for number in range(60):
        for each, times in took.items():
            Link.objects.update(wrong_tries=0)
            started = time.perf_counter()
            services.open_link(token=each, date_of_birth=WRONG, at=NOON, network=f"net {number}")
            times.append(time.perf_counter() - started)
    known, invented = (statistics.median(times) for times in took.values())
    assert abs(known - invented) < max(0.010, 0.2 * known), "a busy machine makes all of it slower"


def test_a_browser_comes_in_with_a_code(
    draft: Response, client: Client, noon: time_machine.Traveller
) -> None:
    code = code_for(draft)
    born = {"date_of_birth_day": "1", "date_of_birth_month": "1", "date_of_birth_year": "1980"}
    assert client.post("/code/", {"code": "O0O0-1111-LLLL", **born}).status_code == 422
    assert Knock.objects.count() == 0, "a code of the wrong shape is a slip, not a try"
    assert client.post("/code/", {"code": "2222-2222-2222", **born}).status_code == 422
    answer = client.post("/code/", {"code": code, **born})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/form/")
    assert client.get("/form/").status_code == 200


def test_a_code_is_shown_once_to_whoever_has_no_mail(patient: Client, draft: Response) -> None:
    assert b"handed-code" not in patient.get("/form/code/").content
    page = patient.post("/form/code/").content.decode()
    (code,) = re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", page)
    assert type_it(code) == draft
    answers = [patient.post("/form/code/").status_code for _ in range(5)]
    assert answers == [200] * 4 + [429]
