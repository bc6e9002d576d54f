"""How soon something is there: the version, the library, the first frame, a long session."""

import json
import os
import re
import subprocess
import sys
import time

from bench.keys import REST_S, cores
from bench.long_session import GOAL, build_now
from bench.processes import HERE, LOOPDECK, Home, floor, fresh_home, run, wall_ms
from bench.terminal import terminal

TITLE = "╭─ Loop"
STEPS = {"small": 20, "short": 150, "long": 5_000}  # ten events each
MIDDLE = 25_000
PRESSES = 60
MADE = ".venv/.ready"
MAKE = ("make", "--silent", "--directory", str(HERE.parent))
RIGHT = b"\x1b[C"
LISTED = """
import json, sys
from loopdeck.cli.main import main
code = main(["sessions", "list"])
print(json.dumps([code, [name for name in ("textual", "anthropic") if name in sys.modules]]))
"""


def version() -> tuple[float, float]:
    """Python that does nothing, and `loopdeck --version`."""
    with fresh_home() as home:
        env = home.env()
        nothing = wall_ms((sys.executable, "-c", "pass"), env)
        return nothing, wall_ms((*LOOPDECK, "--version"), env)


def is_made() -> bool:
    """Whether `make run` has nothing left to install here."""
    return not subprocess.run((*MAKE, "--question", MADE), check=False).returncode


def make_nothing_ms() -> float:
    """`make` that only says which one it is."""
    return wall_ms((*MAKE, "--version"), os.environ)


def make_again_ms() -> float:
    """What `make run` does before it starts the program, with everything installed."""
    return wall_ms((*MAKE, MADE), os.environ)


def listing_loads() -> list[str]:
    """What `loopdeck sessions list` imports that it should not."""
    with fresh_home() as home:
        code, loaded = json.loads(run((sys.executable, "-c", LISTED), home).splitlines()[-1])
        if code:
            raise RuntimeError(f"loopdeck sessions list ended with {code}.")
        return loaded


def minimal_frame_ms() -> float:
    """The first text of the smallest app."""
    with fresh_home() as home, terminal(floor("minimal_app"), home.env(), home.workspace) as app:
        app.wait_for(b"is ready")
        app.settle()
        return 1000 * app.moment("minimal app is ready")


def demo_frame_ms() -> float:
    """The first frame of the demo, agent and all."""
    words = (*LOOPDECK, "demo", "pitches")
    with fresh_home() as home, terminal(words, home.env(), home.workspace) as deck:
        deck.wait_for(b"Loop")
        deck.settle(timeout=1.0)
        return 1000 * deck.moment(TITLE)


def recordings(home: Home) -> None:
    """Sessions to look at: a small one, one to step through, and one of 50,000 events."""
    home.data.mkdir(mode=0o700)
    build_now(home.data / "loopdeck.db", STEPS)


def opening_ms(home: Home, session: str, at: int, steps: int = 0) -> tuple[float, float]:
    """The first frame of a recording, and the frame that can be used: goal, step and place."""
    words = (*LOOPDECK, "replay", session, "--at", str(at))
    place = f"of {steps or STEPS[session]}"
    with terminal(words, home.env(), home.workspace) as deck:
        deck.wait_for(place.encode())
        deck.settle()
        usable = max(deck.moment(text) for text in (GOAL, place, "grep -rn"))
        return 1000 * deck.moment(TITLE), 1000 * usable


def stepping_ms(home: Home, session: str, steps: int = 0) -> list[float]:
    """Each press of the right arrow from the middle of a session on, until it is painted."""
    steps = steps or STEPS[session]
    words = (*LOOPDECK, "replay", session, "--at", str(5 * steps))
    with terminal(words, home.env(), home.workspace) as deck:
        deck.wait_for(f"of {steps}".encode())
        deck.settle()
        deck.press(RIGHT)  # to the end of the step it is in
        deck.settle()
        before = step_shown(deck.screen())
        since, pressed = len(deck.chunks), list[float]()
        presses = min(PRESSES, steps - before)
        for _ in range(presses):
            count = len(deck.chunks)
            pressed.append(deck.press(RIGHT))
            deck.next_output(count)
            time.sleep(0.1)
        deck.settle()
        texts = [f"step {before + number} of" for number in range(1, presses + 1)]
        moments = deck.moments(texts, since=since)
    if None in moments:
        raise RuntimeError(f"The deck missed steps; the screen:\n{deck.screen()}")
    pairs = zip(pressed, moments, strict=True)
    return [1000 * ((moment or 0.0) - press) for press, moment in pairs]


def step_shown(screen: str) -> int:
    """The step that the playhead stands on."""
    found = re.search(r"step (\d+) of", screen)
    if found is None:
        raise RuntimeError(f"There is no step on the screen:\n{screen}")
    return int(found[1])


def rest_cores(words: tuple[str, ...], home: Home, text: str) -> float:
    """The share of a core that a program uses while nothing happens."""
    with terminal(words, home.env(), home.workspace) as program:
        program.wait_for(text.encode())
        program.settle()
        return cores(program, REST_S)
