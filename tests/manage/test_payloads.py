"""What somebody wrote is text, wherever it is read: nothing in it runs, is filled in or becomes markup."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Role, Site
from screening.followup.messages import Refused, compose
from screening.manage.files.pieces import definition_of, from_bytes, to_bytes
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.services import draft_version, publish_version
from screening.review.figures.inert import inert
from screening.rules.definition import Message
from tests.factories.intake import NOON, draft, enter, open_clinic, shipped, submitted_case
from tests.factories.people import make_member, sign_in
from tests.manage.clinic_settings.test_settings import PAGE, typed
from tests.words.pseudo import CODE

pytestmark = pytest.mark.django_db
MARK = "zq7"
# Pages that show no text of the version: hours and days, code, a table of names.
WORDLESS = ("/window/", "/definitions/", "/tables/interactions/")
PARTS = ("about/form", "item/dob", "item/driving", "page/driving", "advice/ae_spine", "statement/CS1")
PAYLOADS = (
    *(f"<script>{MARK}()</script>", f"<img src=x onerror={MARK}()>", f"<svg/onload={MARK}()>"),
    *(f"<zq7-tag>{MARK}", f"</textarea><zq7-tag>{MARK}", f"</title><zq7-tag>{MARK}", f"--><zq7-tag>{MARK}"),
    *(
        f'"><zq7-tag>{MARK}',
        f"'><zq7-tag>{MARK}",
        f'" onmouseover="{MARK}()',
        f"<a href='javascript:{MARK}()'>",
    ),
    *(
        f"<style>*{{}}</style>{MARK}",
        f"<iframe src=//{MARK}.example>",
        f"&lt;zq7-tag&gt;{MARK}",
        f"<!--{MARK}",
    ),
    *(
        f"{{{{ 7*191 }}}}{MARK}",
        f"{{% debug %}}{MARK}",
        f"{{# {MARK} #}}",
        f"{{{{ request.user.password }}}}{MARK}",
    ),
    *(
        f"{{% include '/etc/passwd' %}}{MARK}",
        f"${{7*191}}{MARK}",
        f"#{{7*191}}{MARK}",
        f"<%= 7*191 %>{MARK}",
    ),
    *(f"%(title)s {MARK} %s %d", f"{{0.__class__}}{MARK}", f"{{clinic.__class__}}{MARK}", f"%n%n%x{MARK}"),
    *(f"=1+1|{MARK}", f"+cmd|' /C calc'!{MARK}", f"-2+3+{MARK}", f"@SUM(1)*{MARK}", f"\t={MARK}"),
    *(
        f"a\r\nBcc: {MARK}@example.org",
        f"a\x07{MARK}",
        f"\u202e{MARK}",
        f"\u2066{MARK}\u2069",
        f"\ufeff{MARK}",
    ),
    *(f"__import__('os').system('{MARK}')", f"'; DROP TABLE accounts_site; --{MARK}", f"💥{MARK}" * 500),
    *(f"\\u003cscript\\u003e{MARK}", f"../../{MARK}", f"{MARK}" + "x" * 3000),
)


class Tags(HTMLParser):
    """The names of all tags and of all attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag, *(f"{tag} {name}" for name, _ in attrs)]
        self.found += [
            f"{tag} {name}={value}"
            for name, value in attrs
            if name in ("href", "src", "action") and value and ("javascript:" in value or MARK in value)
        ]


def shape_of(page: str) -> set[str]:
    tags = Tags()
    tags.feed(page)
    return set(tags.found)


def harm_in(shape: set[str]) -> set[str]:
    """Tags and attributes that only a payload can have brought."""
    tags = {"script", "img", "svg", "iframe", "style", "zq7-tag"}
    return {each for each in shape if each in tags or "zq7" in each or each.partition(" ")[2][:2] == "on"}


def filled_in(value: Any, payload: str) -> Any:
    """The content with the payload in every text that somebody reads, and nowhere else."""
    read = {"title", "text", "subject", "hint", "clinician", "patient", "patient_unknown", "change", "source"}
    if isinstance(value, dict):
        return {
            key: f"{payload} {inner}"[:4000]
            if key in read and isinstance(inner, str)
            else filled_in(inner, payload)
            for key, inner in value.items()
        }
    return [filled_in(inner, payload) for inner in value] if isinstance(value, list) else value


@pytest.fixture
def manager(site: Site) -> Client:
    return sign_in(Client(), make_member(Role.QUESTIONNAIRE_MANAGER, site=site))


def pages_of(version: DefinitionVersion) -> Iterator[str]:
    at = f"/staff/manage/versions/{version.kind}/{version.code}/{version.number}/"
    yield at
    yield "/staff/manage/versions/"
    match version.kind:
        case Kind.SCHEDULE:
            yield from (f"{at}steps/", f"{at}steps/step/FU01/", f"{at}steps/window/")
        case Kind.MESSAGES | Kind.LETTERS:
            name = "messages" if version.kind == Kind.MESSAGES else "reasons"
            yield from (f"{at}texts/", f"{at}texts/{name}/0/")
        case Kind.QUESTIONNAIRE:
            yield from (
                f"{at}edit/",
                f"{at}edit/preview/",
                f"{at}edit/screen/?page=driving",
                f"{at}edit/copy/",
            )
            yield from (f"{at}edit/part/{part}/" for part in PARTS)
            yield from (f"{at}edit/remove/item/dob/", f"{at}before/")
        case Kind.RULESET:
            yield from (f"{at}rules/", f"{at}rules/rule/EXC_AGE/", f"{at}rules/rule/EXC_AGE/remove/")
            yield from (f"{at}rules/definitions/", f"{at}rules/cases/", f"{at}rules/cases/O01/")
            yield from (f"{at}rules/add/", f"{at}rules/tables/interactions/", f"{at}before/")


def test_there_are_forty_payloads() -> None:
    assert len(set(PAYLOADS)) >= 40


@pytest.mark.parametrize("kind", list(Kind))
def test_no_page_of_a_definition_makes_markup_of_a_text(manager: Client, site: Site, kind: Kind) -> None:
    """Every text holds every payload; the tags of a page are those that it has with harmless words."""
    harmless = {page: shape_of(shown(manager, page)) for page in pages_of(written(site, kind, "harmless"))}
    for payload in ("\n".join(PAYLOADS), "<zq7-tag>" + MARK):
        version = written(site, kind, payload)
        for (address, shape), page in zip(harmless.items(), pages_of(version), strict=True):
            said = shown(manager, page)
            assert MARK in said or page.endswith(WORDLESS), page
            assert not harm_in(shape_of(said) - shape), address
            assert "1337" not in said, "7*191 was worked out"


MARKUP = (
    *(f"<script>{MARK}()</script>", f"<img src=x onerror={MARK}()>", f"</textarea><zq7-tag>{MARK}"),
    *(f'"><zq7-tag>{MARK}', f"<a href='javascript:{MARK}()'>", "{{ 7*191 }}", "{% debug %}"),
)
PLAIN = f"**{MARK}** [{MARK}](javascript:{MARK}) =1+1 \u202e{MARK}\u202c "


def test_patients_clinicians_and_paper_show_the_words_and_run_none_of_them() -> None:
    """Questions, answers, advice and the sentences of rules, in forms, on the case page and in print."""
    site = open_clinic()
    clinician = sign_in(Client(), make_member(site=site))
    lead = Actor.staff(make_member(Role.LEAD_CLINICIAN, site=site))
    for kind in (Kind.QUESTIONNAIRE, Kind.RULESET):
        content = filled_in(shipped(kind), " ".join(MARKUP) + PLAIN)
        content["title"] = shipped(kind)["title"]
        if kind == Kind.QUESTIONNAIRE:
            # Braces in advice are refused before anybody reads them.
            content["advice"] = filled_in(shipped(kind)["advice"], " ".join(MARKUP[:5]) + PLAIN)
            page = next(page for page in content["pages"] if page["id"] == "driving")
            page["items"][0]["text"] += "long" * 2500
        by = Actor.system("tests")
        publish_version(
            version=draft_version(site=site, kind=kind, content=content, by=by, at=NOON), by=lead, at=NOON
        )
    case = submitted_case(site, driving="yes", rf_saddle="new_or_worse")
    filling = draft(site, until="driving")
    pages = [
        shown(enter(Client(), filling, at=timezone.now()), "/form/driving/"),
        shown(clinician, f"/staff/cases/{case.reference}/"),
        shown(clinician, f"/staff/cases/{case.reference}/print/"),
    ]
    assert "longlong" in pages[0]
    for page in pages:
        assert f"**{MARK}** [{MARK}](javascript:{MARK})" in page, "shown as it was written"
        assert [payload for payload in MARKUP[:5] if payload in page] == []
        assert {each for each in shape_of(page) if "zq7" in each} == set()
        assert "1337" not in page


def test_a_table_for_translators_holds_nothing_that_a_spreadsheet_runs(manager: Client, site: Site) -> None:
    version = written(site, Kind.QUESTIONNAIRE, "=1+1|cmd")
    at = f"/staff/manage/versions/{version.kind}/{version.code}/{version.number}/languages/{CODE}/file/"
    table = manager.get(at).content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert sum(cell.startswith("'=1+1|cmd") for cell in cells) > 300
    assert [cell for cell in cells if inert(cell) != cell] == []


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def written(site: Site, kind: Kind, text: str) -> DefinitionVersion:
    by = Actor.system("tests")
    content = filled_in(shipped(kind), text)
    content["title"] = f"{text[-60:]} {MARK}"
    return draft_version(site=site, kind=kind, content=content, by=by, at=NOON)


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda each: repr(each)[:30])
def test_a_mail_carries_the_words_as_they_are_or_does_not_leave(payload: str) -> None:
    values = {"clinic": payload, "link": "https://x.example/", "optout": "https://x.example/stop"}
    message = Message(code="a", channel="email", subject="Your form", text="From {clinic}: {link}")
    sent = compose(
        message, to="a@example.org", sender_name="Clinic", message_id="<1@x>", values={**values, "date": "x"}
    )
    assert sent.body == f"From {payload}: https://x.example/", "what is filled in is not filled in again"
    headed = Message(code="a", channel="email", subject="From {clinic}", text="x")
    try:
        sent = compose(headed, to="a@example.org", sender_name="C", message_id="<1@x>", values=values)
    except Refused:
        assert re.search(r"[\x00-\x1f\x7f]", payload)
    else:
        assert sent.subject == f"From {payload}"
        assert "\n" not in sent.subject


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda each: repr(each)[:30])
def test_a_file_holds_the_words_as_they_are(payload: str) -> None:
    content = filled_in(shipped(Kind.MESSAGES), payload)
    piece, _lines, findings = from_bytes(to_bytes(definition_of(Kind.MESSAGES, 1, content)))
    assert findings == [] or content["title"] != content["title"][:200]
    if piece is not None:
        assert piece.model_dump()["definition"] == content


def test_settings_take_no_hidden_signs_and_show_the_rest_as_text(site: Site) -> None:

    administrator = sign_in(Client(), make_member(Role.ADMINISTRATOR, site=site))
    harmless = shape_of(administrator.get(PAGE).content.decode())
    for payload in PAYLOADS:
        text = payload[:100]
        changes = {
            "name": text,
            "phone": text[:30],
            "address": text,
            "opening_hours": text,
            "samaritans-owner": text,
        }
        answer = administrator.post(PAGE, typed(administrator, **changes), follow=True)
        page = answer.content.decode()
        assert answer.status_code in (200, 422)
        extra = shape_of(page) - harmless
        assert not harm_in(extra), payload
        assert "1337" not in page
