"""The rule editor: rules, definitions and tables changed one at a time, with what is wrong kept in place."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Site
from screening.manage.forms import COLUMNS, TranslationFileForm
from screening.manage.ruling import parts
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.selectors import texts_of
from screening.rules.canonical import sha256_of
from tests.factories.drafts import Content, drafted
from tests.manage.rule_pages import at, boxes, stored

PAYLOAD = "<script>alert(1)</script>{{ 7|add:7 }}"


@pytest.fixture
def draft(site: Site) -> DefinitionVersion:
    return drafted(site, Kind.RULESET)


def rule_in(draft: DefinitionVersion, code: str) -> dict[str, Any]:
    return parts.rule(code).read(stored(draft))  # type: ignore[no-any-return]


def test_the_table_says_each_rule_in_words_and_filters_by_effect(
    writer: Client, draft: DefinitionVersion
) -> None:
    whole = writer.get(at(draft, "rules")).content.decode()
    for rule in draft.content["rules"]:
        assert f">{rule['code']}</code></a>" in whole
    assert "is answered" in whole
    urgent = writer.get(at(draft, "rules"), {"effect": "urgent"}).content.decode()
    assert ">rf_saddle</code></a>" in urgent
    assert "EXC_PREGNANCY" not in urgent


def test_every_rule_that_ships_is_saved_as_it_is(writer: Client, draft: DefinitionVersion) -> None:
    """What the form shows is the whole rule: saving it untouched changes nothing."""
    before = draft.sha256
    codes = ["rf_saddle", "EXC_PREGNANCY", "K7", draft.content["rules"][-1]["code"]]
    codes += [rule["code"] for rule in draft.content["rules"] if rule.get("blocks")][:1]
    for code in codes:
        address = at(draft, "rule", rule=code)
        assert writer.post(address, boxes(writer, address)).status_code == 302, code
    draft.refresh_from_db()
    assert draft.sha256 == before


def test_a_sentence_of_two_lines_has_the_line_ends_that_a_table_of_words_brings_back(
    writer: Client, draft: DefinitionVersion
) -> None:
    """Else its translation says for ever that the source has changed. Browsers end a line with two signs."""
    address = at(draft, "rule", rule="EXC_PREGNANCY")
    typed = {"patient": "You told us this.\r\nAsk us.", "clinician": "Pregnant.\r\nRing first."}
    assert writer.post(address, {**boxes(writer, address), **typed}).status_code == 302
    rule = rule_in(draft, "EXC_PREGNANCY")
    assert (rule["patient"], rule["clinician"]) == ("You told us this.\nAsk us.", "Pregnant.\nRing first.")
    version = DefinitionVersion.objects.get(pk=draft.pk)
    (place,) = [each for each in texts_of(version) if each.source == rule["patient"]]
    cell = io.StringIO()
    table = csv.writer(cell)
    table.writerows([COLUMNS, [place.name, place.source, "Two\r\nlines."]])
    file = SimpleUploadedFile("words.csv", cell.getvalue().encode())
    form = TranslationFileForm({place.name: place}, version.site, {}, {"file": file})
    assert form.is_valid()
    assert sha256_of(form.cleaned_data["file"][0].source) == place.source_sha256


def test_a_row_is_added_and_read_back_in_english(writer: Client, draft: DefinitionVersion) -> None:
    typed = {
        "code": "CAU_DRIVES",
        "effect": "caution",
        "condition": "row",
        "question": "driving",
        "answers": "yes",
        "clinician": f"Drives. {PAYLOAD}",
        "source": "local agreement",
        "seen": boxes(writer, at(draft, "rule-add"))["seen"],
    }
    assert writer.post(at(draft, "rule-add"), typed).status_code == 302
    assert rule_in(draft, "CAU_DRIVES")["when"] == {"question": "driving", "answers": ["yes"]}
    page = writer.get(at(draft, "rule", rule="CAU_DRIVES")).content.decode()
    assert "Do you drive" in page
    for shown in (page, writer.get(at(draft, "rules")).content.decode()):
        assert "<script>alert" not in shown
        assert "{{ 7|add:7 }}" in shown


@pytest.mark.parametrize(
    ("question", "answers", "said"),
    [
        ("contact_email", "true", ""),
        ("contact_email", "yes", "yes is no answer to it. Its answers: true, false"),
        ("peg_p", "9\r\n10", ""),
        ("peg_p", "a lot", "answered with a whole number"),
        ("dob", "1980", "Write the id of a question"),
    ],
)
def test_a_row_names_yes_or_no_and_numbers_too(
    writer: Client, draft: DefinitionVersion, question: str, answers: str, said: str
) -> None:
    """What is safe has to be a row: the checks of safety questions read nothing else."""
    address = at(draft, "rule", rule="EXC_PREGNANCY")
    row = {"condition": "row", "question": question, "answers": answers}
    answer = writer.post(address, {**boxes(writer, address), **row})
    assert (answer.status_code, said in answer.content.decode()) == (422 if said else 302, True)
    if not said:
        assert rule_in(draft, "EXC_PREGNANCY")["when"] == {
            "question": question,
            "answers": answers.split(),
        }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"condition": "expression", "when": "pregnancy =\n  = 'none'"}, "olumn"),
        ({"condition": "expression", "when": "nobody_asks_this = 1"}, "Nothing is called"),
        ({"condition": "row", "question": "pregnancy", "answers": "maybe"}, "maybe is no answer to it"),
        (
            {"condition": "row", "question": "nobody_asks_this", "answers": "yes"},
            "Write the id of a question",
        ),
        ({"code": "rf_saddle"}, "Another rule has this code"),
        ({"effect": "urgent"}, "an urgent rule has one tier"),
        ({"source": ""}, "There is a problem"),
        ({"patient": ""}, "There is no sentence for the patient"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    writer: Client, draft: DefinitionVersion, changes: dict[str, str], sentence: str
) -> None:
    address = at(draft, "rule", rule="EXC_PREGNANCY")
    answer = writer.post(address, {**boxes(writer, address), **changes, "title": "Typed and kept"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert "Typed and kept" in page
    assert "title" not in rule_in(draft, "EXC_PREGNANCY")


def test_two_who_change_the_same_rule_see_both_and_nothing_is_lost(
    writer: Client, draft: DefinitionVersion
) -> None:
    address = at(draft, "rule", rule="EXC_PREGNANCY")
    first = second = boxes(writer, address)
    assert writer.post(address, {**first, "clinician": "Theirs."}).status_code == 302
    stale = writer.post(address, {**second, "clinician": "Mine."})
    assert stale.status_code == 409
    page = stale.content.decode()
    assert "Theirs." in page
    assert "Mine." in page
    assert rule_in(draft, "EXC_PREGNANCY")["clinician"] == "Theirs."
    assert (
        writer.post(address, {**second, "clinician": "Mine.", "seen": stale.context["seen"]}).status_code
        == 302
    )
    assert rule_in(draft, "EXC_PREGNANCY")["clinician"] == "Mine."


def test_two_who_change_different_rules_do_not_meet(writer: Client, draft: DefinitionVersion) -> None:
    one, other = (at(draft, "rule", rule=code) for code in ("EXC_PREGNANCY", "EXC_BREASTFEEDING"))
    first, second = boxes(writer, one), boxes(writer, other)
    assert writer.post(one, {**first, "clinician": "One."}).status_code == 302
    assert writer.post(other, {**second, "clinician": "Two."}).status_code == 302
    assert rule_in(draft, "EXC_PREGNANCY")["clinician"] == "One."
    assert rule_in(draft, "EXC_BREASTFEEDING")["clinician"] == "Two."


def test_a_rule_is_removed_after_one_question(writer: Client, draft: DefinitionVersion) -> None:
    address = at(draft, "rule-remove", rule="EXC_PREGNANCY")
    seen = writer.get(address).context["seen"]
    assert rule_in(draft, "EXC_PREGNANCY")
    assert writer.post(address, {"seen": seen}).status_code == 302
    assert rule_in(draft, "EXC_PREGNANCY") is None
    assert writer.get(at(draft, "rule", rule="EXC_PREGNANCY")).status_code == 404


def test_definitions_are_refused_by_line_and_column(writer: Client, draft: DefinitionVersion) -> None:
    address = at(draft, "rule-definitions")
    typed = boxes(writer, address)
    assert writer.post(address, typed).status_code == 302
    wrong = f'{typed["definitions"]}\ndefine "Broken one":\n  1 +'
    answer = writer.post(address, {**typed, "definitions": wrong})
    assert answer.status_code == 422
    assert "ine" in str(answer.context["form"].errors)
    assert "olumn" in str(answer.context["form"].errors)
    assert "Broken one" in answer.content.decode()
    assert "Broken one" not in stored(draft)["definitions"]


def test_a_row_of_a_table_is_added_changed_and_removed(writer: Client, draft: DefinitionVersion) -> None:
    address = at(draft, "rule-table", table="interactions")
    before = draft.content["tables"]["interactions"]
    typed, column = boxes(writer, address), next(iter(before["columns"]))
    assert writer.post(address, typed).status_code == 302
    assert stored(draft)["tables"]["interactions"] == before
    last = len(before["rows"])
    changed = {**typed, f"0-{column}": "changed", "1-remove": "on", f"{last}-{column}": "added"}
    assert writer.post(address, changed).status_code == 302
    rows = stored(draft)["tables"]["interactions"]["rows"]
    assert len(rows) == last
    assert (rows[0][column], rows[-1][column]) == ("changed", "added")
    assert rows[1] == before["rows"][2]


def test_a_version_that_is_no_draft_shows_its_rules_and_takes_no_change(site: Site, writer: Client) -> None:
    published = DefinitionVersion.objects.get(site=site, kind=Kind.RULESET, number=1)
    page = writer.get(at(published, "rules")).content.decode()
    assert "Only a draft can be changed" in page
    assert writer.post(at(published, "rule", rule="EXC_PREGNANCY"), {"seen": ""}).status_code == 403


def test_a_draft_that_cannot_be_read_has_its_table_too(site: Site, writer: Client) -> None:
    def change(content: Content) -> None:
        content["rules"] = [{"code": PAYLOAD, "when": {"answers": 7}}, 7, {"effect": []}]
        content["tables"] = {"odd": {"columns": {"a": "String"}, "rows": 7}}

    page = writer.get(at(drafted(site, Kind.RULESET, change), "rules"))
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


def test_a_question_that_only_a_draft_asks_yet_is_refused_with_what_to_do(
    writer: Client, draft: DefinitionVersion, site: Site
) -> None:
    def change(content: Content) -> None:
        page = next(page for page in content["pages"] if page["id"] == "driving")
        options = [{"code": "yes", "text": "Yes"}, {"code": "no", "text": "No"}]
        item = {"id": "drives_a_van", "type": "choice", "text": "Do you drive a van?", "options": options}
        page["items"].append(item)

    number = drafted(site, Kind.QUESTIONNAIRE, change).number
    typed = {"code": "N1", "effect": "note", "condition": "row", "question": "drives_a_van"}
    typed |= {"answers": "yes", "clinician": "Drives a van.", "source": "tests"}
    said = writer.post(at(draft, "rule-add"), typed)
    assert said.status_code == 422
    assert f"Only a draft asks this, version {number} of the questionnaire." in said.content.decode()


def test_a_tier_of_thousands_of_digits_is_said(writer: Client, draft: DefinitionVersion) -> None:
    address = at(draft, "rule", rule="rf_saddle")
    codes = boxes(writer, address)["answers"].splitlines()
    answers = f"{codes[0].partition(':')[0]}: {'1' * 5000}"
    assert writer.post(address, {**boxes(writer, address), "answers": answers}).status_code == 422


def test_a_large_table_is_changed_on_its_page_and_one_too_large_says_where(
    site: Site, writer: Client
) -> None:
    def rows_of(content: Content, many: int) -> None:
        table = content["tables"]["interactions"]
        table["rows"] = [{**table["rows"][0], "source": f"row {number}"} for number in range(many)]

    large = drafted(site, Kind.RULESET, lambda content: rows_of(content, 300))
    address = at(large, "rule-table", table="interactions")
    typed = {**boxes(writer, address), "title": "Large"}
    assert writer.post(address, typed).status_code == 302
    assert stored(large)["tables"]["interactions"]["title"] == "Large"
    refused = writer.post(address, {**typed, "seen": "", "rows": "9999"})
    assert refused.status_code == 422
    content = stored(large)
    rows_of(content, 1200)
    DefinitionVersion.objects.filter(pk=large.pk).update(content=content)
    page = writer.get(address).content.decode()
    assert "too large to change on a page" in page
    assert writer.post(address, typed).status_code in (409, 422)
    assert len(stored(large)["tables"]["interactions"]["rows"]) == 1200


def test_a_table_that_no_address_can_hold_is_shown_without_a_link(site: Site, writer: Client) -> None:
    odd = {"columns": {"a": "String"}, "rows": [{"a": "b"}]}
    draft = drafted(site, Kind.RULESET, lambda content: content.update(tables={"a b": odd}))
    page = writer.get(at(draft, "rules"))
    assert page.status_code == 200
    assert "<li>a b," in page.content.decode()
