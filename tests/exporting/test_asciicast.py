"""A recording for players of terminals: when it is looked at, and nothing in it that acts."""

import json
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from loopdeck.exporting.asciicast import FRAME_S, Frame, asciicast, stops, tame
from loopdeck.session.events import HumanMessage
from loopdeck.session.records import Record
from loopdeck.session.values import JsonObject
from tests.support.records import START, recording

FRAMES = [Frame(0.0, "one"), Frame(1.5, "two"), Frame(1.75, "")]


def at(*seconds: float) -> list[Record]:
    """Messages at these times."""
    event = HumanMessage(text="x")
    return [
        Record("s1", seq, START + int(when * 1e9), 0, event)
        for seq, when in enumerate(seconds, start=1)
    ]


def read(text: str) -> tuple[JsonObject, list[tuple[float, str, str]]]:
    """The header and the events."""
    head, *lines = text.splitlines()
    return json.loads(head), [tuple(json.loads(line)) for line in lines]


def test_long_pauses_are_cut_to_a_second_and_bursts_are_one_frame() -> None:
    found = stops(at(0, 0.5, 3600, 3600.01, 3600.02, 3601))
    assert [stop.seq for stop in found] == [1, 2, 5, 6]
    assert [round(stop.at, 2) for stop in found] == [0.0, 0.5, 1.5, 2.5]


def test_a_clock_that_went_back_takes_no_time() -> None:
    assert [stop.at for stop in stops(at(10, 5, 6))] == [0.0, 1.0]


@given(st.lists(st.floats(0, 100), max_size=60), st.integers(2, 20))
def test_the_last_moment_is_there_and_there_are_not_too_many(gaps: list[float], most: int) -> None:
    records = at(*(sum(gaps[:n]) for n in range(len(gaps))))
    found = stops(records, most=most)
    assert len(found) <= most
    assert [stop.seq for stop in found[-1:]] == [record.seq for record in records[-1:]]
    apart = [after.at - one.at for one, after in pairwise(found)]
    assert all(gap >= FRAME_S for gap in apart)


def test_version_2_counts_from_the_start_and_version_3_from_the_event_before() -> None:
    head, events = read(asciicast(FRAMES, size=(80, 24), title="tidy\x1b up\n", began=START))
    assert (head["version"], head["width"], head["height"]) == (2, 80, 24)
    assert head["title"] == "tidy␛ up"
    assert [when for when, _, _ in events] == [0.0, 1.5, 3.5]
    head, events = read(asciicast(FRAMES, size=(80, 24), title="", began=START, version=3))
    assert head["term"] == {"cols": 80, "rows": 24, "type": "xterm-256color"}
    assert [when for when, _, _ in events] == [0.0, 1.5, 2.0]
    assert {kind for _, kind, _ in events} == {"o"}


def test_only_text_colours_and_cursor_moves_get_in() -> None:
    kept = "\x1b[1;38;2;1;2;3m█ é\x1b[0m\x1b[3;7Hx"
    assert tame(kept) == kept
    acts = (
        "\x1b]0;title\x07",
        "\x1b]8;;http://x\x1b\\",
        "\x1b]52;c;aGk=\x07",
        "\x1b[?1000h",
        "\x1b[?2026$p",
        "\x1b[c",
        "\x1bP+q\x1b\\",
        "\x07",
        "\x9b31m",
    )
    assert "".join(tame(one) for one in acts).strip("[]?0123456789;$phcm") == ""
    assert not any("\x1b" in tame(one) or "\x07" in tame(one) for one in acts)


@given(st.text())
def test_whatever_is_drawn_no_other_control_gets_in(data: str) -> None:
    rest = tame(tame(data)).replace("\x1b[", "")
    assert not any(ord(char) < 0x20 and char not in "\r\n" for char in rest)


def test_an_empty_recording_has_no_moments() -> None:
    assert stops(recording([])) == []
