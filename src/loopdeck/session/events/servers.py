"""Events of what a session is served by beside its own tools: MCP servers."""

from typing import Literal

from loopdeck.session.values import Value


class ServerChecked(Value):
    """An MCP server cannot be used, or, if it `passed`, can again; `says` is what was wrong."""

    type: Literal["server_checked"] = "server_checked"
    server: str
    passed: bool = False
    says: str = ""
