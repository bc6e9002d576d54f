"""What the conformance suite runs: our own client, at the address it is given.

It connects, lists, calls every tool with plain arguments, and its human sends forms as they come.
"""

import asyncio
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from loopdeck.cli.clock import SystemClock
from loopdeck.errors import ToolError
from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.hub import Hub
from loopdeck.tools.mcp.offers import Offer
from loopdeck.tools.mcp.servers import Server
from tests.integration.human import Human
from tests.tools.mcp.conftest import MemoryBook

PLAIN: Mapping[object, object] = {"number": 5, "integer": 5, "boolean": True, "string": "rake"}


async def main(url: str) -> int:
    """1 if a tool could not be called."""
    folder = Path(tempfile.mkdtemp())
    server = Server("suite", url=url, transport="http")
    hub = Hub([server], folder, folder / "logs", MemoryBook(), SystemClock())
    hub.start()
    try:
        await hub.ready("suite")
        human = Human(folder / "spool")
        failed = [offer.tool for offer in hub.offers if not await called(hub, offer, human)]
        return int(bool(failed))
    except ToolError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        await hub.stop()


async def called(hub: Hub, offer: Offer, human: Human) -> bool:
    """Whether a call of a tool was answered."""
    shapes = cast("Mapping[str, Mapping[str, object]]", offer.schema_.get("properties", {}))
    args: JsonObject = {name: PLAIN.get(shape.get("type")) for name, shape in shapes.items()}
    try:
        answer = await hub.call(offer, args, human)
    except ToolError as error:
        sys.stderr.write(f"{offer.tool}: {error}\n")
        return False
    sys.stdout.write(f"{offer.tool}: {answer.text}\n")
    return answer.ok


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[-1])))
