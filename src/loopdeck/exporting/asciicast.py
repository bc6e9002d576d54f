"""A replay as an asciicast, version 2 or 3: when to look at the deck, and how the file is written.

What the deck draws comes from the app; here is what a player of recordings needs of it. Only
text, colours and cursor moves get into the file: nothing that sets a title, opens a link or asks
the terminal a question.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from loopdeck.session.records import Record
from loopdeck.visible import expose

LONGEST_GAP_S = 1.0
FRAME_S = 1 / 15
MOST_FRAMES = 3_000  # each takes some hundredths of a second to draw
_LINGER_S = 2.0  # so that the end can be read before a player begins again
_BEGIN = "\x1b[?25l\x1b[2J\x1b[H"
_KEPT = re.compile(r"\x1b\[[0-9;:]*[mHABCDEFGJK]|[^\x00-\x1f\x7f-\x9f]+|[\r\n]")
_STRINGS = re.compile(r"\x1b[\]PX^_].*?(?:\x07|\x1b\\|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Stop:
    """A moment to look at, and when it is shown, in seconds from the start."""

    seq: int
    at: float


@dataclass(frozen=True, slots=True)
class Frame:
    """What the terminal is sent at a moment."""

    at: float
    data: str


def stops(records: Sequence[Record], *, most: int = MOST_FRAMES) -> list[Stop]:
    """Every moment worth a frame, at most so many: long pauses cut short, bursts gathered."""
    times: list[float] = []
    for at, record in enumerate(records):
        gap = max(0.0, (record.ts - records[at - 1].ts) / 1e9) if at else 0.0
        times.append((times[-1] if times else 0.0) + min(gap, LONGEST_GAP_S))
    apart = max(FRAME_S, (times[-1] if times else 0.0) / max(1, most - 1))
    found: list[Stop] = []
    for record, now in zip(records, times, strict=True):
        if found and now - found[-1].at < apart:
            found[-1] = Stop(record.seq, found[-1].at)
        else:
            found.append(Stop(record.seq, now))
    return found


def asciicast(
    frames: Iterable[Frame],
    *,
    size: tuple[int, int],
    title: str,
    began: int,
    version: Literal[2, 3] = 2,
) -> str:
    """The file: a header, and a line a frame. `began` is in UTC nanoseconds."""
    columns, rows = size
    header: dict[str, object] = {"version": version}
    if version == 2:
        header |= {"width": columns, "height": rows, "env": {"TERM": "xterm-256color"}}
    else:
        header["term"] = {"cols": columns, "rows": rows, "type": "xterm-256color"}
    header |= {"timestamp": began // 1_000_000_000, "title": " ".join(expose(title).split())}
    lines = [json.dumps(header), *_lines(frames, version)]
    return "".join(f"{line}\n" for line in lines)


def tame(data: str) -> str:
    """What a terminal was sent, with nothing left in it but text, colours and cursor moves."""
    return "".join(_KEPT.findall(_STRINGS.sub("", data)))


def _lines(frames: Iterable[Frame], version: Literal[2, 3]) -> Iterator[str]:
    before = 0.0
    begin = _BEGIN
    for frame in frames:
        data = begin + tame(frame.data)
        if not data:
            continue
        yield _event(frame.at if version == 2 else frame.at - before, data)
        before, begin = frame.at, ""
    yield _event(before + _LINGER_S if version == 2 else _LINGER_S, "\x1b[?25h")


def _event(at: float, data: str) -> str:
    return json.dumps([round(max(0.0, at), 6), "o", data])
