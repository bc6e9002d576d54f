"""What the conformance suite runs: our own client, at the address it is given.

It connects, lists, calls every tool with plain arguments; its human sends forms as they come, and
logs in once where the server wants that.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import cast

from loopdeck.cli.clock import SystemClock
from loopdeck.cli.mcp.logins import LoginFile, unheard
from loopdeck.errors import LoginError, ToolError
from loopdeck.session.values import JsonObject
from loopdeck.tools.mcp.hub import Hub, opener
from loopdeck.tools.mcp.login import log_in
from loopdeck.tools.mcp.offers import Offer
from loopdeck.tools.mcp.servers import LoginTerms, Server
from tests.integration.human import Human
from tests.support.login_server import browse
from tests.tools.mcp.conftest import MemoryBook

PLAIN: Mapping[object, object] = {"number": 5, "integer": 5, "boolean": True, "string": "rake"}
Again = Callable[[], Awaitable[None]]
PAGE = "https://conformance-test.local/client-metadata.json"


async def main(url: str) -> int:
    """1 if a tool could not be called."""
    folder = Path(tempfile.mkdtemp())
    server = Server("suite", url=url, transport="http", login=terms())
    book = LoginFile(folder / "logins.json", SystemClock(), unheard)
    opened = opener(folder, book)
    hub = Hub([server], folder, folder / "logs", MemoryBook(), SystemClock(), opened)
    hub.start()
    try:
        await ready(hub, server, book)
        human = Human(folder / "spool")

        async def again() -> None:
            await log_in(server, book, browse)
            hub.restart(server.name)
            await hub.ready(server.name)

        failed = [one.tool for one in hub.offers if not await called(hub, one, human, again)]
        return int(bool(failed))
    except (ToolError, LoginError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        await hub.stop()


def terms() -> LoginTerms:
    """Who we are there, as far as the scenario gives that, and the page that it knows us by."""
    given: dict[str, str] = json.loads(os.environ.get("MCP_CONFORMANCE_CONTEXT") or "{}")
    return LoginTerms(given.get("client_id", ""), given.get("client_secret", ""), PAGE)


async def ready(hub: Hub, server: Server, book: LoginFile) -> None:
    """Connect; a human logs in first where that is wanted."""
    try:
        await hub.ready(server.name)
    except ToolError as error:
        if "wants a login" not in str(error):
            raise
        await log_in(server, book, browse)
        hub.restart(server.name)
        await hub.ready(server.name)


async def called(hub: Hub, offer: Offer, human: Human, again: Again | None) -> bool:
    """Whether a call of a tool was answered, if need be after one more login."""
    shapes = cast("Mapping[str, Mapping[str, object]]", offer.schema_.get("properties", {}))
    args: JsonObject = {name: PLAIN.get(shape.get("type")) for name, shape in shapes.items()}
    try:
        answer = await hub.call(offer, args, human)
    except ToolError as error:
        if again is not None and "allows less" in str(error):
            await again()
            return await called(hub, offer, human, None)
        sys.stderr.write(f"{offer.tool}: {error}\n")
        return False
    sys.stdout.write(f"{offer.tool}: {answer.text}\n")
    return answer.ok


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[-1])))
