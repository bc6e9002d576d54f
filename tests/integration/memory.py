"""Calls a server that means harm, and prints how much more memory that took at its peak, in MB."""

import asyncio
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from loopdeck.cli.clock import SystemClock
from loopdeck.errors import ToolError
from loopdeck.tools.mcp.hub import Hub
from loopdeck.tools.mcp.servers import Server
from tests.support import hostile_mcp
from tests.support.tools import FakeContext
from tests.tools.mcp.conftest import MemoryBook

PROGRAM = str(hostile_mcp.__file__)
SECONDS = 5.0


def peak() -> float:
    """The most memory that this process had, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1_000_000 if sys.platform == "darwin" else 1_000)


def _started(words: tuple[str, ...]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


async def main(way: str, over: str) -> None:
    """One call, for at most so long."""
    folder = Path(tempfile.mkdtemp())
    words = (sys.executable, "-I", PROGRAM, way)
    server = Server("bad", command=words[0], args=words[1:], timeout=SECONDS)
    program = None
    if over == "http":
        program = _started((*words, "--http"))
        port = int(program.stdout.readline()) if program.stdout else 0
        url = f"http://127.0.0.1:{port}/mcp"
        server = Server("bad", url=url, transport="http", timeout=SECONDS)
    hub = Hub([server], folder, folder / "logs", MemoryBook(), SystemClock())
    hub.start()
    try:
        await hub.ready("bad")
        before = peak()
        offer = hub.current("mcp__bad__harm")
        try:
            if offer is not None:
                await hub.call(offer, {}, FakeContext(folder / "spool"))
        except ToolError as error:
            sys.stderr.write(f"{error}\n")
        sys.stdout.write(f"{peak() - before:.0f}\n")
    finally:
        await hub.stop()
        if program is not None:
            program.kill()
            program.communicate()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
