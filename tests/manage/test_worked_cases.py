"""Worked cases of a draft of the rules: judged as they stand, changed one at a time, tried unsaved."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, Site
from screening.manage.ruling import parts
from screening.questionnaires.models import DefinitionVersion, Kind
from tests.factories.drafts import Content, drafted
from tests.factories.people import make_member, sign_in
from tests.manage.rule_pages import at, boxes, stored

PAYLOAD = "<script>alert(1)</script>{{ 7|add:7 }}"
NEW = {
    "id": "O90",
    "title": "Pain for a month",
    "answers": "onset: 2026-05-20\n",
    "outcome": "not_currently",
    "codes": "EXC_DURATION",
    "recheck_on": "2026-08-21",
}


@pytest.fixture
def draft(site: Site) -> DefinitionVersion:
    return drafted(site, Kind.RULESET)


def case_in(draft: DefinitionVersion, name: str) -> dict[str, Any]:
    return parts.case(name).read(stored(draft))  # type: ignore[no-any-return]


def sends(client: Client, address: str, **typed: str) -> Any:
    return client.post(address, {**boxes(client, address), **typed})


def test_every_case_that_ships_comes_out_as_expected_and_is_saved_as_it_is(
    writer: Client, draft: DefinitionVersion
) -> None:
    before = draft.sha256
    shown = writer.get(at(draft, "rule-cases")).content.decode()
    assert "Every case comes out as expected." in shown
    for case in draft.content["cases"]:
        address = at(draft, "rule-case", case=case["id"])
        assert address in shown
        assert sends(writer, address).status_code == 302, case["id"]
    draft.refresh_from_db()
    assert draft.sha256 == before


def test_a_case_that_expects_something_else_is_first_in_the_list_with_what_differs(
    writer: Client, draft: DefinitionVersion
) -> None:
    address = at(draft, "rule-case", case="O02")
    assert sends(writer, address, codes="", answers="onset: 2024-01-10").status_code == 302
    page = writer.get(at(draft, "rule-cases"))
    assert page.context["rows"][0].id == "O02"
    assert "1 case does not come out as expected." in page.content.decode()
    assert "outcome: expected not_currently, is flagged_review" in page.content.decode()
    assert "It differs from what is expected." in writer.get(address).content.decode()


def test_a_case_is_added_judged_and_removed_after_one_question(
    writer: Client, draft: DefinitionVersion
) -> None:
    assert sends(writer, at(draft, "rule-case-add"), **NEW).status_code == 302
    assert case_in(draft, "O90") == {
        "id": "O90",
        "title": "Pain for a month",
        "answers": {"onset": "2026-05-20"},
        "expect": {
            "outcome": "not_currently",
            "underlying": "not_currently",
            "codes": ["EXC_DURATION"],
            "senior_review": False,
            "recheck_on": "2026-08-21",
        },
    }
    assert "Every case comes out as expected." in writer.get(at(draft, "rule-cases")).content.decode()
    address = at(draft, "rule-case-remove", case="O90")
    seen = writer.get(address).context["seen"]
    assert writer.post(address, {"seen": seen}).status_code == 302
    assert case_in(draft, "O90") is None
    assert writer.get(at(draft, "rule-case", case="O90")).status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"answers": "driving: yes\nnobody_asks: 3"}, "Line 2: nobody_asks: There is no such question."),
        ({"answers": "\n\ndriving: often"}, "Line 3: driving: This is none of the answers"),
        ({"answers": "peg_p: 11"}, "Line 1: peg_p: This should lie between"),
        ({"answers": "treatments:\n- class: nsaid\n  weeks: long"}, "Line 3: treatments.weeks: This should"),
        ({"answers": "treatments: 7"}, "Line 1: treatments: This should be a list of entries."),
        ({"answers": "driving: [yes"}, "This is not YAML"),
        ({"answers": "driving: yes\ndriving: no"}, "Line 2: “driving” is there twice."),
        ({"answers": "- driving"}, "Write the name of a question, a colon and its answer"),
        ({"answers": "driving: &a yes"}, "references"),
        ({"assessed_on": "2026-02-30"}, "There is a problem"),
        ({"recheck_on": "soon"}, "There is a problem"),
        ({"id": "O01"}, "Another case has this name"),
        ({"id": "with a space"}, "should match pattern"),
        ({"id": ""}, "There is a problem"),
        ({"outcome": ""}, "There is a problem"),
        ({"tier": "9"}, "There is a problem"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_what_was_typed_stays(
    writer: Client, draft: DefinitionVersion, typed: dict[str, str], sentence: str
) -> None:
    before = draft.sha256
    refused = sends(writer, at(draft, "rule-case-add"), **{**NEW, **typed, "title": "Typed and kept"})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert sentence in page
    assert "Typed and kept" in page
    draft.refresh_from_db()
    assert draft.sha256 == before


def test_a_try_says_what_came_of_it_and_stores_nothing(writer: Client, draft: DefinitionVersion) -> None:
    before = draft.sha256
    address = at(draft, "rule-case-add")
    typed = {"press": "try", "answers": "onset: 2026-05-20\npregnancy: null", "title": PAYLOAD}
    tried = sends(writer, address, **typed)
    page = tried.content.decode()
    judgement = tried.context["judgement"]
    assert tried.status_code == 200
    assert "Nothing was saved." in page
    assert "EXC_DURATION" in [code for code, _effect, _said in judgement.found]
    assert "EXC_PREGNANCY" in [code for code, _said in judgement.unknown]
    assert "pregnancy: null" in page
    assert "<script>alert" not in page
    later = sends(writer, address, **typed, assessed_on="2027-06-15").context["judgement"]
    assert "EXC_DURATION" not in [code for code, _effect, _said in later.found]
    assert sends(writer, address, press="try", answers="driving: often").status_code == 422
    draft.refresh_from_db()
    assert draft.sha256 == before


def test_two_who_change_the_same_case_see_both_and_nothing_is_lost(
    writer: Client, draft: DefinitionVersion
) -> None:
    address = at(draft, "rule-case", case="O01")
    mine = boxes(writer, address)
    assert sends(writer, address, why="Theirs.").status_code == 302
    stale = writer.post(address, {**mine, "why": "Mine."})
    assert stale.status_code == 409
    assert "Theirs." in stale.content.decode()
    assert "Mine." in stale.content.decode()
    assert case_in(draft, "O01")["why"] == "Theirs."
    tried = writer.post(address, {**mine, "press": "try"})
    assert tried.context["seen"] == mine["seen"]
    again = writer.post(address, {**mine, "why": "Mine.", "seen": stale.context["seen"]})
    assert again.status_code == 302
    assert case_in(draft, "O01")["why"] == "Mine."


def test_a_change_of_a_rule_is_seen_on_its_cases_at_once(writer: Client, draft: DefinitionVersion) -> None:
    address = at(draft, "rule-remove", rule="EXC_DURATION")
    writer.post(address, {"seen": writer.get(address).context["seen"]})
    page = writer.get(at(draft, "rule-cases"))
    differing = [row.id for row in page.context["rows"] if row.result and not row.result.passed]
    assert "O02" in differing


def test_a_draft_that_cannot_be_judged_says_why_and_still_lists_its_cases(site: Site, writer: Client) -> None:
    def change(content: Content) -> None:
        content["rules"][0]["when"] = "nobody_asks = 1"
        content["cases"] += [
            7,
            {"id": PAYLOAD, "expect": []},
            {"id": "odd", "answers": 3, "expect": {"tier": []}},
        ]

    draft = drafted(site, Kind.RULESET, change)
    page = writer.get(at(draft, "rule-cases")).content.decode()
    assert "The cases cannot be judged yet" in page
    assert "O01" in page
    assert "<script>alert" not in page
    assert writer.get(at(draft, "rule-case", case="odd")).status_code == 200
    tried = sends(writer, at(draft, "rule-case", case="O01"), press="try")
    assert "This cannot be judged yet" in tried.content.decode()


def test_who_may_not_draft_reads_the_cases_and_changes_none(site: Site, draft: DefinitionVersion) -> None:
    lead = sign_in(Client(), make_member(Role.LEAD_CLINICIAN, site=site))
    shown = lead.get(at(draft, "rule-cases"))
    assert shown.status_code == 200
    assert at(draft, "rule-case", case="O01") not in shown.content.decode()
    assert lead.get(at(draft, "rule-case", case="O01")).status_code == 403
    assert lead.post(at(draft, "rule-case-remove", case="O01"), {"seen": ""}).status_code == 403
