"""The page in a real browser: the keys of the deck, many events, hostile text that stays text."""

from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path

import pytest

from loopdeck.exporting.page import html
from loopdeck.journal.jsonl import read_records
from loopdeck.session.events import HumanMessage, ModelChunk, SessionEnded
from loopdeck.session.records import Record, mark
from loopdeck.session.timeline import Timeline
from tests.support.browser import Browser, chromium
from tests.support.records import recording, started
from tests.support.stories import ran, turn

PROGRAM = chromium()
RECORDING = Path(__file__).parents[2] / "sessions" / "demo-bugfix.jsonl"
EVENT = "Number(document.querySelectorAll('#where b')[1].textContent.split(' ')[0])"
HOSTILE = '<img src=x onerror="window.bad=1"></script><script>window.bad=1</script>\u202e'

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium to open the page in")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Generator[Browser]:
    """One browser for all tests here: it takes a second to start."""
    with Browser(PROGRAM or "", tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def show(browser: Browser, folder: Path, records: list[Record]) -> None:
    """Write the page and open it."""
    path = folder / "page.html"
    path.write_text(html(records, dark={"text": "#ffffff"}, light={}), "utf-8")
    browser.show(path)


def text(browser: Browser, place: str) -> str:
    """The text of an element."""
    return str(browser.ask(f"document.getElementById('{place}').textContent"))


def box(browser: Browser, selector: str) -> list[float]:
    """Where an element is: left, top, width, height."""
    look = "(({left, top, width, height}) => [left, top, width, height])"
    return browser.ask(f"{look}(document.querySelector('{selector}').getBoundingClientRect())")


def test_the_keys_go_where_the_keys_of_the_deck_go(browser: Browser, tmp_path: Path) -> None:
    records = read_records(RECORDING)
    show(browser, tmp_path, records)
    line = Timeline([found for record in records if (found := mark(record))])
    moves: dict[str, Callable[[int | None], int | None]] = {
        "ArrowLeft": partial(line.by_step, direction=-1),
        "ArrowRight": partial(line.by_step, direction=1),
        "shift ArrowLeft": partial(line.by_event, direction=-1),
        "shift ArrowRight": partial(line.by_event, direction=1),
        "[": partial(line.by_approval, direction=-1),
        "]": partial(line.by_approval, direction=1),
        "{": partial(line.by_error, direction=-1),
        "}": partial(line.by_error, direction=1),
        "Home": lambda _: 1,
        "End": lambda _: None,
    }
    at: int | None = None
    back = ("ArrowLeft", "[", "{", "shift ArrowLeft", "ArrowLeft")
    on = ("]", "}", "ArrowRight", "shift ArrowRight", "]")
    for key in (*back, *on, "Home", *on, *on, "ArrowLeft", "End"):
        browser.press(key)
        at = moves[key](at)
        assert browser.ask(EVENT) == (len(records) if at is None else at), key


def test_a_place_is_typed_as_on_the_deck(browser: Browser, tmp_path: Path) -> None:
    records = read_records(RECORDING)
    show(browser, tmp_path, records)
    line = Timeline([found for record in records if (found := mark(record))])
    for typed, wanted in (
        ("3", line.to_step(3)),
        ("#40", 40),
        ("0", 1),
        ("0:00", 1),
        ("99", len(records)),
    ):
        browser.press(":", *typed, "Enter")
        assert browser.ask(EVENT) == wanted, typed
    browser.press(":", *"soon", "Enter")
    assert "Type a step (12)" in text(browser, "where")
    browser.press("Escape")


def test_the_moment_is_shown_as_it_was(browser: Browser, tmp_path: Path) -> None:
    show(browser, tmp_path, read_records(RECORDING))
    browser.press(":", *"#36", "Enter")
    assert "◐ 1 waiting" in text(browser, "facts")
    assert "python3 -m unittest -q" in text(browser, "detail")
    assert "approved by a person" not in text(browser, "detail")
    browser.press("shift ArrowRight")
    assert "approved by a person after 1.5 s" in text(browser, "detail")
    browser.press("Home")
    assert text(browser, "plan") == ""
    assert browser.ask("document.querySelectorAll('.row').length") == 1


def test_a_change_comes_first_with_its_numbers_and_what_it_was_given_last(
    browser: Browser, tmp_path: Path
) -> None:
    show(browser, tmp_path, read_records(RECORDING))
    browser.press(":", *"#89", "Enter")
    titles = browser.ask(
        "[...document.querySelectorAll('#detail h2')].map((one) => one.textContent)"
    )
    assert titles[0] == "Asked: durations.py"
    assert titles[-1] == "Arguments"
    changed = browser.ask(
        "[...document.querySelectorAll('#detail .del, #detail .add')].map((one) => one.textContent)"
    )
    assert [line[:2] for line in changed] == ["8-", "8+"]
    browser.press("End")  # what was selected last is in sight, also before anything was pressed
    browser.show(tmp_path / "page.html")
    left, top, _, height = box(browser, ".row.sel")
    assert left >= 0
    assert top + height <= sum(box(browser, "#loop")[1::2]) + 1


def test_a_search_goes_from_hit_to_hit(browser: Browser, tmp_path: Path) -> None:
    show(browser, tmp_path, read_records(RECORDING))
    browser.press("Home", "/", *"divmod", "Enter")
    first = browser.ask(EVENT)
    browser.press("n")
    second = browser.ask(EVENT)
    browser.press("N")
    assert (first < second, browser.ask(EVENT)) == (True, first)
    assert "× “divmod”" in text(browser, "where")


def test_the_mouse_drags_the_playhead_and_picks_a_row(browser: Browser, tmp_path: Path) -> None:
    records = read_records(RECORDING)
    show(browser, tmp_path, records)
    left, top, width, height = box(browser, "#bar")
    middle = top + height / 2
    browser.drag((left + width * 0.25, middle), (left + width * 0.4, middle))
    there = browser.ask(EVENT)
    assert there == round(0.4 * len(records))
    left, top, _, height = box(browser, ".row:nth-child(4)")
    browser.drag((left + 40, top + height / 2))
    assert "update_plan" in str(browser.ask("document.querySelector('.sel').textContent"))
    assert browser.ask(EVENT) == there
    browser.press("Enter")
    begins = (one.seq for one in records if one.event.type == "call_proposed")
    assert browser.ask(EVENT) == next(begins)


def test_playing_reaches_the_end_and_halts(browser: Browser, tmp_path: Path) -> None:
    show(browser, tmp_path, recording([started(), *turn(1, "hello"), SessionEnded(outcome="done")]))
    browser.press(">", ">", "Home", " ")
    done = "new Promise((done) => { const look = () => "
    done += f"{EVENT} === 4 ? done(true) : setTimeout(look, 5); look(); }})"
    found = browser.send("Runtime.evaluate", expression=done, awaitPromise=True)
    assert found["result"]["value"] is True
    assert "■ the end" in text(browser, "where")


def test_hostile_text_is_only_text(browser: Browser, tmp_path: Path) -> None:
    events = [
        started(HOSTILE),
        HumanMessage(text=HOSTILE),
        *turn(1, HOSTILE, ("c1", "shell", {"command": HOSTILE})),
        *ran("c1", HOSTILE, 3, diff=f"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+{HOSTILE}\n"),
    ]
    show(browser, tmp_path, recording(events))
    browser.press("Home", *["shift ArrowRight"] * 6, "ArrowUp", "ArrowUp", "?")
    assert browser.ask("window.bad === undefined")
    assert browser.ask("document.querySelectorAll('img, iframe, a').length") == 0
    assert browser.ask("document.scripts.length") == 2
    assert "<img src=x" in str(browser.ask("document.body.innerText"))
    assert "⟨U+202E⟩" in text(browser, "goal")
    asked = [one["request"]["url"] for one in browser.told("Network.requestWillBeSent")]
    assert [url for url in asked if not url.startswith("file:")] == []
    assert browser.told("Runtime.exceptionThrown") == []
    assert browser.told("Log.entryAdded") == []  # where a breach of the policy would be told


def test_ten_thousand_events_put_only_a_screenful_into_the_page(
    browser: Browser, tmp_path: Path
) -> None:
    events = [started(), *(ModelChunk(kind="text", text="so ") for _ in range(2_000))]
    for step in range(1, 2_000):
        events += [*turn(step, f"step {step}"), HumanMessage(text="go on"), HumanMessage(text="!")]
    show(browser, tmp_path, recording(events))
    assert browser.ask(EVENT) == len(events) > 9_000
    for keys in (("Home",), ("End",), ("ArrowLeft",) * 5, ("Home", "ArrowRight", "ArrowDown")):
        browser.press(*keys)
        assert 0 < browser.ask("document.querySelectorAll('.row').length") < 80
    browser.press(":", *"1500", "Enter")
    assert "step 1500" in text(browser, "rows")


def test_the_list_of_keys_is_closed_by_its_own_key_and_stands_in_line_on_a_phone(
    browser: Browser, tmp_path: Path
) -> None:
    show(browser, tmp_path, read_records(RECORDING))
    narrow = {"width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser.send("Emulation.setDeviceMetricsOverride", **narrow)
    browser.press("?")
    lefts = browser.ask(
        "[...document.querySelectorAll('#help span')]"
        ".map((one) => one.getBoundingClientRect().left)"
    )
    browser.send("Emulation.clearDeviceMetricsOverride")
    assert len(lefts) > 10
    assert len(set(lefts)) == 1
    assert browser.ask("document.getElementById('help').open") is True
    browser.press("?", "Home")
    assert browser.ask("document.getElementById('help').open") is False
    assert browser.ask(EVENT) == 1
