"""Documents kept by columns come back as they went in."""

from __future__ import annotations

import datetime as dt
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from screening.cql.columns import Coded
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


@pytest.mark.parametrize("count", [1, 255, 256, 257, 65_535, 65_536, 65_537])
def test_however_many_different_answers_there_are_each_comes_back(count: int) -> None:
    one = Coded(np.zeros(2, np.intp), [None])
    values = Coded(np.array([count - 1, 0], np.intp), [*range(count)])
    days = Coded(np.zeros(2, np.intp), ["2026-06-15"])
    known = Pack(["a", "b"], days, Coded(one.codes, [[]]), Coded(one.codes, [[]]), {"x": values})
    back = Pack.from_bytes(known.to_bytes())
    assert [each.answers for each in back.documents()] == [{"x": count - 1}, {"x": 0}]
    assert [each.as_of for each in back.documents()] == [dt.date(2026, 6, 15)] * 2


ENTRIES = [
    [],
    [{}],
    [{"a": 1}],
    [{"a": 1}, {"b": 2}, {"a": None}],
    [{"a": 1}, {"b": 2}, {}],
    [{"b": True}, {"a": 1.0, "b": 1}],
    [{"a": 1}, "x"],
    [None],
    "x",
    {"a": 1},
    0,
]


def test_lists_of_entries_come_back_beside_what_is_none() -> None:
    """A list that is not made of entries is kept whole; documents before, between and after it have none."""
    many = [Document(str(place), {"g": each, "x": place}, DAY) for place, each in enumerate(ENTRIES)]
    many.insert(3, Document("between", {"x": 9}, DAY))
    many.append(Document("after", {}, DAY))
    made_of = pack(many, items=["x", "g"], groups=["g", "unknown"])
    assert made_of.items == {"x", "g"}
    assert made_of.size == len(many)
    assert made_of.groups["g"].lengths.tolist() == [0, 1, 1, -1, -1, 3, 2, -1, -1, -1, -1, -1, -1]
    for known in (made_of, Pack.from_bytes(made_of.to_bytes())):
        assert repr([each.answers for each in known.documents()]) == repr(
            [{name: each.answers[name] for name in ("x", "g") if name in each.answers} for each in many]
        )


def test_what_json_tells_apart_is_kept_apart_and_what_is_the_same_is_kept_once() -> None:
    values: list[Any] = [
        1, True, 1.0, "1", 0, False, "x", "", [], {}, [1], [True], [1.0], ["1"], ["a", 1], ["a", True],
        [["a"]], [None], {"a": 1}, {"a": True}, {"a": 1, "b": 2},
    ]  # fmt: skip
    again = [*values, *values, {"b": 2, "a": 1}]
    made_of = pack([Document("D", {"x": each}, DAY) for each in again], items=["x"], groups=[])
    back = [each.answers["x"] for each in Pack.from_bytes(made_of.to_bytes()).documents()]
    assert repr(back[:-1]) == repr(again[:-1])
    assert back[-1] == again[-1]
    assert len(made_of.answers["x"].values) == len(values) + 1  # with none for no answer


def test_bytes_are_as_they_were_always_written() -> None:
    """Packs are kept: one that was made by an earlier version is read by this one."""
    made_of = pack(
        [Document("é", {"x": "a", "g": [{"y": 1}]}, DAY), Document("E", {}, DAY)],
        items=["x", "g"],
        groups=["g"],
    )
    head = (
        '{"layout":1,"names":["é","E"],"days":["<u1",[null,"2026-06-15"]],"standing":["<u1",[null,[]]],'
        '"cleared":["<u1",[null,[]]],"answers":{"x":["<u1",[null,"a"]],"g":["<u1",[null]]},'
        '"groups":{"g":[["<u1",[null,null,null]],{"y":["<u1",[null,1]]}]}}'
    ).encode()
    columns = bytes([1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 2, 0, 1])
    written = len(head).to_bytes(4, "little") + head + columns
    assert zlib.decompress(made_of.to_bytes()) == written
    assert [*Pack.from_bytes(zlib.compress(written)).documents()] == [*made_of.documents()]


@pytest.mark.parametrize("count", [253, 254, 255, 256, 300])
def test_however_many_entries_there_are_each_comes_back(count: int) -> None:
    entries = [{"a": number} for number in range(count)]
    documents = [Document("D", {"g": entries}, DAY), Document("E", {"g": []}, DAY), Document("F", {}, DAY)]
    made_of = pack(documents, items=["g"], groups=["g"])
    assert [*Pack.from_bytes(made_of.to_bytes()).documents()] == documents


def test_a_pack_holds_only_what_it_was_asked_to() -> None:
    known = pack([Document("D", {"x": 1, "y": 2, "g": [{"a": 1}]}, DAY)], items=["x"], groups=["g"])
    assert [each.answers for each in known.documents()] == [{"x": 1}]
    assert (known.groups, known.items) == ({}, {"x"})


def test_flags_and_what_was_cleared_come_back() -> None:
    one = Document("D", {}, DAY, (("a", 1), ("b", 3)), (("a", "yes"),))
    other = Document("E", {}, DAY + dt.timedelta(days=1))
    assert [*Pack.from_bytes(pack([one, other], items=[], groups=[]).to_bytes()).documents()] == [one, other]
