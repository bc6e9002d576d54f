"""The deck is filmed without a terminal: each moment is drawn as a replay draws it."""

import pyte

from loopdeck.app.filming import film
from loopdeck.journal.memory import MemoryJournal
from loopdeck.ports import Opened
from loopdeck.session.events import HumanMessage
from tests.support.libraries import NoSink
from tests.support.records import START, recording
from tests.support.stories import waiting_for_two

COLUMNS, ROWS = 100, 30


async def test_each_moment_is_drawn_with_what_was_known_then() -> None:
    records = recording([*waiting_for_two(), HumanMessage(text="\x1b]0;owned\x07 go on")])
    opened = Opened("s1", MemoryJournal.of(records), NoSink(), 1)
    seqs = [1, 9, len(records)]
    heard: list[int] = []
    drawn = await film(opened, seqs, size=(COLUMNS, ROWS), now=START, progress=heard.append)
    assert heard == [1, 2, 3]
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.Stream(screen)
    shown: list[str] = []
    for data in drawn:
        stream.feed(data)
        shown.append("\n".join(screen.display))
    assert "draft three podcast" in shown[0]
    assert "I start by looking" not in shown[0]
    assert "I start by looking" in shown[1]
    assert "Ada Hour" in shown[2]
    assert "waiting" in shown[2] or "◐" in shown[2]
    assert "]0;owned" not in "".join(drawn).replace("␛]0;owned", "")


async def test_the_film_has_the_colours_of_its_theme_whatever_the_terminal() -> None:
    records = recording(waiting_for_two())
    opened = Opened("s1", MemoryJournal.of(records), NoSink(), 1)
    (drawn,) = await film(opened, [5], size=(80, 24), now=START, theme="morning")
    assert "48;2;251;249;244m" in drawn
    assert "48;2;231;223;203m" in drawn  # the selected row is not reversed, as with few colours
