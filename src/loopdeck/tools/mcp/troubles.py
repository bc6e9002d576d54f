"""What went wrong with a server, as a sentence that can be shown."""

from typing import cast

from loopdeck.errors import LoopdeckError
from loopdeck.tools.mcp.servers import Server
from loopdeck.visible import expose

MOST_ERROR = 300


def sentence(error: BaseException) -> str:
    """What went wrong, in words; of several at once the first."""
    match first(error):
        case LoopdeckError() as known:
            text = str(known)
        case FileNotFoundError() as missing if missing.filename:
            text = f"There is no program {missing.filename}"
        case OSError() as failed:
            text = f"It cannot be started: {failed.strerror or failed}"
        case other:
            text = str(other).strip() or type(other).__name__
    text = expose(text.splitlines()[0])[:MOST_ERROR]
    return text if text.endswith(".") else f"{text}."


def first(error: BaseException) -> BaseException:
    """The first of several that happened at once, or the one that did."""
    while isinstance(error, BaseExceptionGroup):
        group = cast("BaseExceptionGroup[BaseException]", error)
        error = group.exceptions[0]
    return error


def unanswered(server: Server, *, gone: bool, refused: str) -> str:
    """What is said of a call that got no answer: its server is gone, or takes too long."""
    if gone and refused:
        return f"The MCP server {server.name} refused. {refused} The call has no answer."
    if gone:
        ended = f"The MCP server {server.name} ended in the middle of the call"
        return f"{ended}: what it did is not known."
    seconds = f"{server.timeout:.0f} seconds"
    late = f"The MCP server {server.name} did not answer within {seconds}"
    return f"{late}: what it did is not known."
