"""Documents kept by columns come back as they went in."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given

from screening.rules.packed import Document, Pack, UnreadableError, pack
from tests.rules.content import DAY
from tests.rules.test_metamorphic import EXAMPLES, ITEMS, JUNK, st
from tests.rules.test_replay import made, packed


@EXAMPLES
@given(
    junk=st.lists(
        st.dictionaries(st.sampled_from(sorted(ITEMS)), JUNK | st.just([{"class": None}, {}]), max_size=6),
        max_size=5,
    )
)
def test_a_pack_gives_back_what_went_in(junk: list[dict[str, Any]]) -> None:
    many = [
        Document(
            f"D{place}", each, DAY - dt.timedelta(days=place), (("rf_saddle", place),), (("a", "b"),) * place
        )
        for place, each in enumerate(junk)
    ]
    known = [each._replace(answers={n: v for n, v in each.answers.items() if v is not None}) for each in many]
    assert repr([*packed(many).documents()]) == repr([_in_order(each) for each in known])


def _in_order(document: Document) -> Document:
    return document._replace(
        answers={name: document.answers[name] for name in ITEMS if name in document.answers}
    )


def test_many_documents_come_back_from_bytes() -> None:
    many = made(60)
    assert [*packed(many).documents()] == [_in_order(each) for each in many]


def test_the_same_documents_make_the_same_bytes() -> None:
    assert packed(made(40)).to_bytes() == packed(made(40)).to_bytes()


@pytest.mark.parametrize("spoilt", [b"", b"nothing", "half", "layout"])
def test_bytes_that_are_no_pack_are_refused(spoilt: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if spoilt == "layout":
        monkeypatch.setattr("screening.rules.packed.LAYOUT", 0)
    data = packed_bytes()
    monkeypatch.undo()
    spoilt = {"half": data[: len(data) // 2], "layout": data}.get(spoilt, spoilt)
    with pytest.raises(UnreadableError):
        Pack.from_bytes(spoilt)


def packed_bytes() -> bytes:
    return pack(made(10), items=[*ITEMS], groups=["treatments"]).to_bytes()
