"""Floor: the smallest Textual app that runs a command, keeps what it prints, shows its end."""

import asyncio
import sys

from textual.app import App, ComposeResult
from textual.widgets import Static

PART = 1 << 16


class Loud(App[None]):
    """One line of text: how far the command is."""

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static("loud app is ready", id="last", markup=False)

    def on_mount(self) -> None:
        """Begin once the first frame is there, and somebody has had the time to look."""
        self.set_timer(1.0, lambda: self.run_worker(self.listen()))

    async def listen(self) -> None:
        """Read to the end, and show the newest line 30 times a second."""
        process = await asyncio.create_subprocess_shell(
            sys.argv[1], stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        assert process.stdout is not None
        kept, line = bytearray(), self.query_one("#last", Static)
        shown = self.set_interval(1 / 30, lambda: line.update(_last(kept)))
        while part := await process.stdout.read(PART):
            kept += part
        shown.stop()
        line.update(f"the command has ended after {len(kept)} bytes")


def _last(kept: bytearray) -> str:
    return kept[-80:].decode(errors="replace").rpartition("\n")[0].rpartition("\n")[2]


if __name__ == "__main__":
    Loud().run()
