"""Every mail in two parts that say the same, and nothing that is fetched when it is opened."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.utils import formataddr
from html.parser import HTMLParser
from unittest import mock

import pytest
from django.core.mail import BadHeaderError

from accounts import mails
from accounts.mails import LONGEST_LINE, as_bytes, as_mail, html_of

TEXT = """You started a form with Harbour & Sons <Clinic>.

You can finish it here: https://testserver/go/aB-3_x/. The link works for 14 days.
Call (020 7946 0000), or see https://testserver/a?b=1&c=2).


Stop reminders: https://testserver/stop/x:y/
"""
LINKS = ["https://testserver/go/aB-3_x/", "https://testserver/a?b=1&c=2", "https://testserver/stop/x:y/"]


class Seen(HTMLParser):
    """What a reader sees of a page, where its links lead, and every tag and attribute of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: dict[str, str] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes[f"{tag} {name}"] = value or ""
            if name == "href":
                self.links.append(value or "")

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "title" and not self.words:
            self.tags.append("after the title")
            return
        self.words += data.split()


def words_in(html: str) -> str:
    """All that is read, without the gaps: a link ends a word in one part and not in the other."""
    return "".join(Seen(html).words)


def test_both_parts_say_the_same_and_lead_to_the_same_places() -> None:
    mail = as_mail(subject="Your form is saved", text=TEXT, sender="a@example.org", to="b@example.org")
    ((html, kind),) = mail.alternatives
    assert (mail.body, kind) == (TEXT, "text/html")
    assert words_in(str(html)) == "".join(TEXT.split())
    assert Seen(str(html)).links == LINKS
    assert mail.message().get_content_type() == "multipart/alternative"
    assert mail.recipients() == ["b@example.org"]


def test_nothing_is_fetched_followed_or_run_when_it_is_opened() -> None:
    html = html_of(TEXT, subject="x")
    seen = Seen(html)
    assert set(seen.tags) <= {
        *("html", "head", "meta", "title", "after the title", "body", "div", "p", "br", "a"),
    }
    assert {name.partition(" ")[2] for name in seen.attributes} <= {
        *("lang", "dir", "charset", "name", "content", "style", "href"),
    }
    assert "url(" not in html
    assert "color:" not in html, "in the dark a colour of ours would stand on one that is not"


@pytest.mark.parametrize(
    ("language", "said", "direction"), [("", "en-gb", "ltr"), ("cy", "cy", "ltr"), ("ar", "ar", "rtl")]
)
def test_the_language_and_its_direction_are_said(language: str, said: str, direction: str) -> None:
    seen = Seen(html_of(TEXT, subject="x", language=language))
    assert (seen.attributes["html lang"], seen.attributes["html dir"]) == (said, direction)


def test_what_somebody_wrote_stays_text() -> None:
    html = html_of('Hello <script>alert("1")</script> https://x.example/"onclick="y', subject="</title><b>")
    assert "script" not in Seen(html).tags
    assert "b" not in Seen(html).tags
    assert not [name for name in Seen(html).attributes if "onclick" in name]
    assert re.search(r"<title>&lt;/title&gt;", html)


@pytest.mark.parametrize(
    "text", [TEXT, "Zażółć\n\n.\n..\nمرحبا\n", "a " * 600, "no end", "two\r\nlines\r\n\r\nand\rmore\r\n"]
)
@pytest.mark.parametrize("subject", ["Your form", "Ваша анкета " * 12, ""])
@pytest.mark.parametrize(
    ("sender", "to", "quickly"),
    [
        ("The clinic <a@example.org>", "b@example.org", True),
        (formataddr(("Zoë & Sons, Leeds", "a@example.org")), "b@example.org", True),
        ("Zoë & Sons <a@example.org>", "b@example.org", False),
        ("The clinic <a@example.org>", "b@bücher.example", False),
    ],
)
def test_as_it_travels_it_is_the_same_mail(
    text: str, subject: str, sender: str, to: str, quickly: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quick way and Django's: the same fields and the same two parts, and no line that is too long."""
    words = {
        "subject": subject,
        "text": text,
        "sender": sender,
        "to": to,
        "language": "pl",
        "headers": {"Message-ID": "<1@example.org>", "List-Unsubscribe": "<https://testserver/stop/x:y/>"},
    }
    slow = mock.Mock(wraps=as_mail)
    monkeypatch.setattr(mails, "as_mail", slow)
    sent = as_bytes(**words)  # type: ignore[arg-type]
    assert slow.called is not (quickly and len(text) < LONGEST_LINE)
    quick, usual = (
        message_from_bytes(data, policy=policy.default)
        for data in (sent, as_mail(**words).message().as_bytes(linesep="\r\n"))  # type: ignore[arg-type]
    )
    if not slow.called:
        assert quick["Subject"] == subject  # Django's begins with a space where it is folded
    for name in {*quick.keys(), *usual.keys()} - {"Date", "Content-Type", "Subject"}:
        assert quick.get_all(name) == usual.get_all(name), name
    assert [part.get_content_type() for part in quick.walk()] == [p.get_content_type() for p in usual.walk()]
    for one, other in zip(quick.iter_parts(), usual.iter_parts(), strict=True):
        assert one.get_content().split("\n") == other.get_content().split("\n")
        assert one.get_content_charset() == other.get_content_charset()
        assert one["Content-Transfer-Encoding"] == other["Content-Transfer-Encoding"]
    assert max(map(len, sent.split(b"\r\n"))) <= 998
    without_ends = sent.replace(b"\r\n", b"")
    assert b"\n" not in without_ends
    assert b"\r" not in without_ends


@pytest.mark.parametrize("name", ["subject", "sender", "to"])
def test_a_field_of_two_lines_is_refused(name: str) -> None:
    words = {"subject": "s", "text": TEXT, "sender": "a@example.org", "to": "b@example.org"}
    with pytest.raises(BadHeaderError):
        as_bytes(**words | {name: "x\nBcc: c@example.org"}, headers={})


def test_paragraphs_are_seen_however_their_lines_end() -> None:
    html = html_of("one\r\ntwo\r\n\r\nthree\r\n", subject="s")
    assert [words.split() for words in re.findall("<p>(.*?)</p>", html, re.DOTALL)] == [
        ["one<br>", "two"],
        ["three"],
    ]
