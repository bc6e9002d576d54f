"""What a run hears of its MCP servers as it begins: what its goal names of them, and which fail."""

import asyncio
from collections.abc import Callable

from loopdeck.errors import ToolError
from loopdeck.session.attached import Attachment, attachment_of, mentions
from loopdeck.session.commands import Say
from loopdeck.session.state import SessionState
from loopdeck.tools.mcp.hub import Hub

MOST_SECONDS = 20.0  # until the agent begins without it


async def said_with_goal(state: SessionState, hub: Hub) -> Say | None:
    """What the human attached to a goal that nobody has begun with; `None` for nothing."""
    names = {status.name for status in hub.statuses}
    found = mentions(state.goal, names) if state.step == 0 else []
    if not found:
        return None
    attached = await asyncio.gather(*(_read(hub, server, uri) for server, uri in found))
    return Say(text="", attached=tuple(attached))


async def tell_unable(hub: Hub, tell: Callable[[str], None]) -> None:
    """Say of each server that cannot be used from the beginning why, as soon as it is known."""

    async def tell_of(name: str) -> None:
        try:
            await hub.ready(name)
        except ToolError:
            error = next(one.error for one in hub.statuses if one.name == name)
            tell(f"The MCP server {name} cannot be used: {error or 'it is not running.'}")

    await asyncio.gather(*(tell_of(status.name) for status in hub.statuses))


async def _read(hub: Hub, server: str, uri: str) -> Attachment:
    try:
        async with asyncio.timeout(MOST_SECONDS):
            text = await hub.ask(server, lambda talk: talk.read(uri))
        return attachment_of(server, uri, text)
    except ToolError as error:
        return Attachment(server=server, uri=uri, fault=str(error))
    except TimeoutError:
        fault = f"it was not there within {MOST_SECONDS:.0f} seconds"
        return Attachment(server=server, uri=uri, fault=fault)
