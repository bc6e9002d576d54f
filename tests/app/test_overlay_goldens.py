"""What opens over the deck, as text at three sizes. `LOOPDECK_GOLDENS=write` writes it anew."""

import re
from dataclasses import replace

from textual.events import Key
from textual.keys import _character_to_key  # pyright: ignore[reportPrivateUsage] # has no other name
from textual.widgets import Input, TextArea

from loopdeck.app.deck.screen import DeckScreen
from loopdeck.app.filming import stirs
from loopdeck.session.commands import Jot
from loopdeck.session.events import BookmarkAdded, NoteAdded
from tests.app.deck.test_answering import armed, deleting
from tests.app.deck.test_forking import Forks
from tests.app.deck.test_permitting import granted
from tests.app.deck.test_speaking import MemoryQueue
from tests.app.pictures import hold_text, picture
from tests.app.screens import MEDIUM, NARROW, WIDE, Desk, deck
from tests.app.test_goldens import finished
from tests.support import stories

SIZES = [NARROW, MEDIUM, WIDE]
Typed = (Input, TextArea)
CLOCK = re.compile(r"(?<=you )\d:\d\d")  # it goes on while this looks
WAITING: dict[str, tuple[str, ...]] = {  # what opens while a call waits, by the keys for it
    "explain": ("x",),
    "scope": ("s",),
    "edit": ("e",),
    "deny": ("r",),
    "level": ("l",),
    "permissions": ("G",),
    "only": ("o",),
    "message": ("enter", *"/le"),
    "palette": ("ctrl+p",),
}
PAST: dict[str, tuple[str, ...]] = {  # what opens over a recording
    "fault": ("{",),
    "fork": ("left", "F"),
    "output": ("left", "left", "v"),
    "marks": (":", "b", "enter"),
    "go to": (":", *"step 3"),
    "search": ("/", *"noor"),
    "found": ("/", *"noor", "enter"),
    "bookmark": ("left", "b"),
    "note": ("left", "m", *"why this?"),
    "only errors": ("o", "down", "enter"),
    "help": ("question_mark",),
}
DELETING: dict[str, tuple[str, ...]] = {  # what a yes to a removal takes, and what stands
    "typed": ("y", *"not"),
    "grants": ("G",),
    "queue": ("enter", *"be calm", "enter"),
}


async def settled(desk: Desk) -> str:
    """The screen, once nothing is read and nothing changes any more."""
    quiet = 0
    for _ in range(100):
        await desk.pilot.pause(0)
        quiet = 0 if stirs(desk.app.screen) else quiet + 1
        if quiet == 2:
            return CLOCK.sub("0:00", desk.screen())
    raise AssertionError(f"it never rests:\n{desk.screen()}")


async def strike(desk: Desk, *keys: str) -> None:
    """Press keys as a human does, without the rest that a pilot takes after each."""
    for key in keys:
        desk.clock.advance(0.5)
        letter = key if len(key) == 1 else None
        desk.app.post_message(Key(_character_to_key(key) if letter else key, letter))
        for _ in range(2):  # the key, and what it asked for
            await desk.pilot.pause(0)


async def back(desk: Desk) -> None:
    """Leave whatever is open."""
    while not isinstance(desk.app.screen, DeckScreen) or isinstance(desk.app.focused, Typed):
        await strike(desk, "escape")
    await strike(desk, "escape", "end")
    desk.app.clear_notifications()
    await settled(desk)


async def compare(desk: Desk, openings: dict[str, tuple[str, ...]], group: str) -> None:
    """Every screen that opens, at every size, against the stored pictures; or store them."""
    found: dict[tuple[int, int], list[str]] = {size: [] for size in SIZES}
    for name, keys in openings.items():
        await strike(desk, *keys[:1])
        if keys[1:]:
            await desk.settled()
            await settled(desk)  # what the first one opens has to be read first
            await strike(desk, *keys[1:])
        for size in SIZES:
            await desk.pilot.resize_terminal(*size)
            found[size].append(f"== {name} ==\n{picture(desk.app, await settled(desk))}")
        await back(desk)
    for (width, height), pages in found.items():
        hold_text(f"{group}-{width}x{height}", "\n".join(pages))


async def test_what_opens_while_a_call_waits() -> None:
    async with deck(stories.waiting_for_two(), size=WIDE) as desk:
        await armed(desk)
        await compare(desk, WAITING, "opens")


async def test_what_opens_over_a_recording() -> None:
    async def jot(one: Jot) -> None:
        """Nobody writes it down."""

    marked = [BookmarkAdded(at=20, label="here it guessed"), NoteAdded(at=9, text="calm")]
    async with deck([*finished(), *marked], size=WIDE, accepts=False, jot=jot) as desk:
        Forks(desk)
        await settled(desk)
        await compare(desk, PAST, "opens-past")


async def test_what_opens_before_something_is_removed() -> None:
    events = [
        *deleting(),
        granted(1, "shell(make *)"),
        granted(2, "write_file(drafts/**)", calls=10),
    ]
    async with deck(events, size=WIDE) as desk:
        opened = desk.deck.opened
        queued = replace(opened.means, queue=MemoryQueue())
        desk.deck.opened = replace(opened, means=queued)
        await armed(desk)
        await compare(desk, DELETING, "opens-removal")
