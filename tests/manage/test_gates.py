"""Nobody publishes past a gate that is shut, whatever they press or post."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import Role, Site
from screening.manage.publication.selectors import read_of
from screening.manage.publication.services import approve_version, give_reason
from screening.questionnaires.models import DefinitionVersion, Kind, VersionStatus
from screening.questionnaires.services import NotReady
from tests.factories.drafts import Content, drafted, milder, weighed, without_rule
from tests.factories.intake import NOON, published_version, submitted_case
from tests.factories.people import make_member


def posted(client: Client, version: DefinitionVersion) -> str:
    """What the answer to a bare POST says; nothing was published."""
    address = reverse("version-publish", args=[version.kind, version.code, version.number])
    answer = client.post(address, follow=True)
    version.refresh_from_db()
    assert version.status == VersionStatus.DRAFT
    return answer.content.decode()


def refused(version: DefinitionVersion) -> str:
    lead = make_member(Role.LEAD_CLINICIAN, site=version.site)
    with pytest.raises(NotReady) as caught:
        approve_version(version=version, seen=read_of(version), by=Actor.staff(lead), at=NOON)
    return str(caught.value)


def no_saddle(content: Content) -> None:
    content["pages"] = [page for page in content["pages"] if page["id"] != "rf-saddle"]


def saddle_not_urgent(content: Content) -> None:
    without_rule("rf_saddle")(content)


def urgent_without_advice(content: Content) -> None:
    rule = {
        "code": "URG_BOTH",
        "effect": "urgent",
        "tier": 1,
        "clinician": "Both.",
        "patient": "Ring somebody.",
    }
    content["rules"].append(
        {**rule, "when": "rf_saddle = 'new_or_worse' or contact_sms = true", "source": "tests"}
    )


def says_eligible(content: Content) -> None:
    content["rules"][0]["patient"] = "You are eligible."


def names_a_substance(content: Content) -> None:
    content["pages"][0]["items"][0]["hint"] = "Cannabis is not the only treatment."


def unknown_name(content: Content) -> None:
    content["rules"][-1]["when"] = "nobody_asks_this = 1"


def another_code(content: Content) -> None:
    content["code"] = "a-second-one"


def deletes_forms_on_another_day(content: Content) -> None:
    next(step for step in content["steps"] if "expires_after" in step)["expires_after"] = "60 d"


def sends_what_nobody_wrote(content: Content) -> None:
    content["steps"][0]["template"] = "never-written"


def without_what_is_sent(content: Content) -> None:
    content["messages"] = content["messages"][1:]


def asks_what_is_not_there(content: Content) -> None:
    next(step for step in content["steps"] if step["code"] == "FU11")["form"] = ["safety", "pegg"]


def without_a_page_of_later_forms(content: Content) -> None:
    content["pages"] = [page for page in content["pages"] if page["id"] != "pgic"]


def leaves_a_brace_open(content: Content) -> None:
    (content.get("messages") or content["letters"])[0]["text"] += " {clinic"


def text_of(content: Content) -> Content:
    found: Content = next(message for message in content["messages"] if message["channel"] == "sms")
    return found


def forgets_how_to_stop(content: Content) -> None:
    text_of(content)["text"] = text_of(content)["text"].replace("STOP", "no")


def writes_a_long_text(content: Content) -> None:
    text_of(content)["text"] += " Please." * 80


def writes_a_text_in_another_alphabet(content: Content) -> None:
    """In the alphabet of phones the same takes two text messages; here five."""
    text_of(content)["text"] = "ŵ" * 205 + " {link} STOP"


def breaks_a_subject(content: Content) -> None:
    next(message for message in content["messages"] if message["channel"] == "email")["subject"] = (
        "Your\nform"
    )


def names_a_helpline_in_capitals(content: Content) -> None:
    content["advice"]["crisis"]["text"][0] += " Call {Samaritans}."


def other_outcome(content: Content) -> None:
    content["cases"][0]["expect"]["senior_review"] = not content["cases"][0]["expect"]["senior_review"]


@pytest.mark.parametrize(
    ("kind", "change", "sentence"),
    [
        (Kind.RULESET, unknown_name, "nobody_asks_this"),
        (Kind.RULESET, other_outcome, "These worked cases no longer come out as expected"),
        (Kind.RULESET, urgent_without_advice, "Nobody would read advice who answers contact_sms: yes"),
        (Kind.RULESET, saddle_not_urgent, "safety question rf_saddle has to be urgent, tier 1"),
        (Kind.QUESTIONNAIRE, no_saddle, "The safety question rf_saddle is missing"),
        (Kind.RULESET, says_eligible, "“eligible” may not be said"),
        (Kind.QUESTIONNAIRE, names_a_substance, "“Cannabis” may not be said"),
        (Kind.RULESET, another_code, "Write this as a new version of that one"),
        (Kind.SCHEDULE, another_code, "Write this as a new version of that one"),
        (Kind.MESSAGES, another_code, "Write this as a new version of that one"),
        (Kind.LETTERS, another_code, "Write this as a new version of that one"),
        (Kind.SCHEDULE, deletes_forms_on_another_day, "deleted after 30 days. A schedule cannot change"),
        (Kind.SCHEDULE, sends_what_nobody_wrote, "there is no such message"),
        (Kind.MESSAGES, without_what_is_sent, "there is no such message"),
        (Kind.MESSAGES, leaves_a_brace_open, "A brace stands alone"),
        (Kind.LETTERS, leaves_a_brace_open, "A brace stands alone"),
        (Kind.MESSAGES, forgets_how_to_stop, "does not say how to stop"),
        (Kind.MESSAGES, writes_a_long_text, "The text message is too long"),
        (Kind.MESSAGES, writes_a_text_in_another_alphabet, "The text message is too long"),
        (Kind.MESSAGES, breaks_a_subject, "signs that must not be sent"),
        (Kind.QUESTIONNAIRE, names_a_helpline_in_capitals, "A brace belongs to no helpline"),
        (Kind.SCHEDULE, asks_what_is_not_there, "FU11: form: It asks pegg, and the published questionnaire"),
        (Kind.QUESTIONNAIRE, without_a_page_of_later_forms, "of the published schedule asks pgic"),
    ],
)
def test_each_gate_refuses_with_its_own_sentence(
    site: Site, lead: Client, kind: Kind, change: Callable[[Content], None], sentence: str
) -> None:
    version = drafted(site, kind, change)
    assert sentence in refused(version)
    assert sentence in posted(lead, version)


def test_nobody_approves_what_they_wrote(site: Site) -> None:
    lead = make_member(Role.LEAD_CLINICIAN, site=site)
    version = drafted(site, Kind.MESSAGES, by=lead)
    with pytest.raises(NotReady, match="You wrote this draft"):
        approve_version(version=version, seen=read_of(version), by=Actor.staff(lead), at=NOON)


def test_without_the_effect_on_past_cases_nothing_is_published(site: Site, lead: Client) -> None:
    submitted_case(site)
    version = drafted(site, Kind.RULESET, without_rule("EXC_PREGNANCY"))
    assert "See the effect on past cases first." in posted(lead, version)
    weighed(version)
    DefinitionVersion.objects.filter(pk=version.pk).update(sha256="0" * 64)
    assert "out of date" in posted(lead, version)


def test_the_effect_counts_for_what_was_published_then(site: Site, lead: Client) -> None:
    submitted_case(site)
    version = drafted(site, Kind.RULESET, without_rule("EXC_PREGNANCY"))
    other = drafted(site, Kind.RULESET)
    for each in (version, other):
        weighed(each)
    by = Actor.staff(make_member(Role.LEAD_CLINICIAN, site=site))
    approve_version(version=other, seen=read_of(other), by=by, at=NOON)
    assert "out of date" in posted(lead, version)


def test_a_case_that_becomes_less_urgent_wants_a_reason(site: Site, lead: Client) -> None:
    submitted_case(site, conditions=["osteoarthritis"], main_condition="osteoarthritis", rf_joint="not_sure")
    version = drafted(site, Kind.RULESET, milder("rf_joint", {"new_or_worse": 3, "not_sure": 3}))
    run = weighed(version)
    assert "1 case becomes less urgent and has no reason" in posted(lead, version)
    by = Actor.staff(make_member(Role.LEAD_CLINICIAN, site=site))
    give_reason(change=run.changes.get(less_urgent=True), reason="Agreed on 3 May.", by=by, at=NOON)
    before = published_version(site, Kind.RULESET)
    address = reverse("version-publish", args=[version.kind, version.code, version.number])
    lead.post(address, {"seen": read_of(version)})
    before.refresh_from_db()
    version.refresh_from_db()
    assert (before.status, version.status) == (VersionStatus.RETIRED, VersionStatus.PUBLISHED)


def test_what_ships_passes_every_gate(site: Site) -> None:
    by = Actor.staff(make_member(Role.LEAD_CLINICIAN, site=site))
    for kind in Kind:
        version = drafted(site, kind)
        approve_version(version=version, seen=read_of(version), by=by, at=NOON)
