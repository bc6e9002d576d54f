"""A program that its shell stops, lets go on, and ends while it is stopped."""

import os
import sys
from pathlib import Path

from tests.e2e.test_shells import CTRL_Z, SHELL
from tests.support.terminal import Terminal

PROGRAM = """
import asyncio, contextlib, os, signal
from loopdeck.app.suspending import Suspension

@contextlib.contextmanager
def around(before, after):
    print(before, flush=True)
    yield
    print(after, flush=True)

class App:
    is_running = True

    def suspend(self):
        return around("the screen goes", "the screen comes")

    def call_later(self, what):
        asyncio.get_running_loop().call_soon(what)

async def main():
    caught, over, loop = [], asyncio.Event(), asyncio.get_running_loop()

    def end(number, _):
        caught.append(number)
        loop.call_soon_threadsafe(over.set)

    signal.signal(signal.SIGTERM, end)
    halted = lambda: around("all is halted", "all goes on")
    Suspension(App(), lambda: False, halted, lambda: bool(caught)).watch()
    print("it is", "ready", flush=True)
    await over.wait()
    print("it ends,", "reading a terminal:", os.isatty(0), flush=True)

asyncio.run(main())
"""


def test_what_is_ended_in_the_background_ends_there_and_takes_no_hold_of_the_terminal(
    tmp_path: Path,
) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    with Terminal(SHELL, env={**os.environ, "PS1": "$ "}) as terminal:
        terminal.press(f"clear; {sys.executable} {tmp_path}/program.py\r", pause_s=0)
        terminal.until(lambda text: "it is ready" in text)
        for number in (1, 2):
            terminal.press(CTRL_Z, pause_s=0)
            terminal.until(lambda text, number=number: text.count("Stopped") == number)
            assert terminal.text.count("all is halted") == number
            assert terminal.text.count("all goes on") == number - 1
            if number == 1:
                terminal.press("fg\r", pause_s=0)
                terminal.until(lambda text: "the screen comes" in text)
        terminal.press("kill -CONT %1\r", pause_s=0)  # alone it brings back nothing
        terminal.press("kill %1\r", pause_s=0)
        terminal.until(lambda text: "it ends, reading a terminal: False" in text)
        assert terminal.text.count("the screen goes") == terminal.text.count("comes") == 2
        terminal.press("exit\r", pause_s=0)
        terminal.wait()
