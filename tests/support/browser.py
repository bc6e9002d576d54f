"""A real Chromium without a window, driven over a pipe: keys in, what the page shows out."""

import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from loopdeck.session.values import JsonObject

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE_S = 30.0
_SHIFT = 8


def chromium() -> str | None:
    """The program, where there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Browser:
    """One page. Its methods wait for the browser's answer."""

    def __init__(self, program: str, folder: Path) -> None:
        to_child, self._write = os.pipe()
        self._read, from_child = os.pipe()
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe")
        quiet = ("--no-first-run", "--disable-extensions", "--window-size=1200,800")
        self._process = subprocess.Popen(
            [program, *options, *quiet, f"--user-data-dir={folder}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: _take_ends(to_child, from_child),
            pass_fds=(3, 4),
        )
        os.close(to_child)
        os.close(from_child)
        self._buffer = b""
        self._number = 0
        self._session = ""
        self.heard: list[JsonObject] = []  # what the browser told without being asked

    def __enter__(self) -> Self:
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        found = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = str(found["sessionId"])
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._write)  # which ends it
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        os.close(self._read)

    def show(self, page: Path) -> None:
        """Open a file and wait until it is loaded."""
        self.heard.clear()
        self.send("Page.navigate", url=page.as_uri())
        end = time.monotonic() + PATIENCE_S
        while not self.told("Page.loadEventFired"):
            self._take(end)

    def told(self, method: str) -> list[JsonObject]:
        """The events of one kind since the page was opened."""
        return [one["params"] for one in self.heard if one["method"] == method]

    def ask(self, expression: str) -> Any:
        """The value of an expression in the page."""
        found = self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other; `shift ` before one holds that key down."""
        for key in keys:
            name = key.removeprefix("shift ") if key != " " else key
            typed = "\r" if name == "Enter" else name
            more: JsonObject = {"text": typed} if len(typed) == 1 else {}
            held = _SHIFT if name != key else 0
            self.send("Input.dispatchKeyEvent", type="keyDown", key=name, modifiers=held, **more)
            self.send("Input.dispatchKeyEvent", type="keyUp", key=name, modifiers=held)

    def drag(self, *points: tuple[float, float]) -> None:
        """Press the mouse at the first point, move it over the others, let go; one is a click."""
        steps = ["mousePressed", *["mouseMoved"] * (len(points) - 1), "mouseReleased"]
        for step, (x, y) in zip(steps, [*points, points[-1]], strict=True):
            held = 0 if step == "mouseReleased" else 1
            more: JsonObject = {"button": "left", "buttons": held, "clickCount": 1}
            self.send("Input.dispatchMouseEvent", type=step, x=x, y=y, **more)

    def send(self, method: str, **params: object) -> JsonObject:
        """One command and its answer."""
        self._number += 1
        message: JsonObject = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + PATIENCE_S
        while True:
            answer = self._take(end)
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def _take(self, end: float) -> JsonObject:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._read], [], [], max(0.0, end - time.monotonic()))
            assert ready, "the browser does not answer"
            piece = os.read(self._read, 1 << 20)
            assert piece, "the browser has gone"
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\0")
        message: JsonObject = json.loads(line)
        if "method" in message:
            self.heard.append(message)
        return message


def _take_ends(read: int, write: int) -> None:
    """In the child: the ends of both pipes where the browser looks for them."""
    ends = os.dup(read), os.dup(write)  # one of them may stand where the other has to go
    os.dup2(ends[0], 3)
    os.dup2(ends[1], 4)
