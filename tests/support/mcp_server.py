"""An MCP server without the protocol's package, as good or as bad as its tools are asked to be.

Run as a program: it speaks lines of JSON on its pipes, and starts in a moment.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

FLOOD = 1_500
SECOND = {"type": "object", "properties": {"text": {"type": "string"}}}
ESCAPES = "\x1b]0;owned\x07\x1b[2J\u202eevil"


def _tools() -> list[dict[str, Any]]:
    says = os.environ.get("MCP_TEST_WORDS", "Says it again.")
    hints = {"readOnlyHint": True, "openWorldHint": False}
    names = ["die", "hang", "flood", "lie", "long", "endless", "steps", "ask", "env", "pid", "more"]
    tools: list[dict[str, Any]] = [
        {"name": "echo", "description": says, "inputSchema": SECOND, "annotations": hints},
        {"name": f"odd {ESCAPES}", "description": ESCAPES, "inputSchema": {"type": "object"}},
    ]
    tools += [{"name": name, "description": name, "inputSchema": SECOND} for name in names]
    tools += [
        {"name": f"extra_{n}", "description": "One of many.", "inputSchema": SECOND}
        for n in range(int(os.environ.get("MCP_TEST_MANY", "0")))
    ]
    return tools + MORE


MORE: list[dict[str, Any]] = []
WAITING: dict[object, object] = {}


def _send(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def _text(number: object, text: str, *, error: bool = False) -> None:
    _send({"id": number, "result": {"content": [{"type": "text", "text": text}], "isError": error}})


def _die() -> None:
    sys.stderr.write(f"about to die {ESCAPES}\n")
    sys.stderr.flush()
    os._exit(3)


def _flood(number: object) -> None:
    for n in range(FLOOD):
        _send({"method": "notifications/message", "params": {"level": "info", "data": n}})
    _text(number, "flooded")


def _endless() -> None:
    while True:
        sys.stdout.write("x" * 1_000_000)


def _steps(number: object, params: dict[str, Any]) -> None:
    token = params.get("_meta", {}).get("progressToken")
    for n in (1, 2):
        values = {"progressToken": token, "progress": n, "total": 2, "message": f"step {n}"}
        _send({"method": "notifications/progress", "params": values})
    _text(number, "walked")


def _ask(number: object) -> None:
    WAITING["q1"] = number
    schema = {"type": "object", "properties": {"sure": {"type": "boolean"}}}
    values = {"message": "Really?", "requestedSchema": schema}
    _send({"id": "q1", "method": "elicitation/create", "params": values})


def _more(number: object) -> None:
    MORE.append({"name": "late", "description": "New.", "inputSchema": SECOND})
    for _ in range(5):
        _send({"method": "notifications/tools/list_changed"})
    _text(number, "there is more")


def _call(number: object, params: dict[str, Any]) -> None:
    args: dict[str, Any] = params.get("arguments") or {}
    does: dict[str, Callable[[], None]] = {
        "echo": lambda: _text(number, str(args.get("text"))),
        "die": _die,
        "hang": lambda: None,
        "flood": lambda: _flood(number),
        "lie": lambda: _send({"id": number, "result": {"content": "no list at all"}}),
        "long": lambda: _text(number, "x" * 50_000),
        "endless": _endless,
        "steps": lambda: _steps(number, params),
        "ask": lambda: _ask(number),
        "env": lambda: _text(number, json.dumps(dict(os.environ))),
        "pid": lambda: _text(number, str(os.getpid())),
        "more": lambda: _more(number),
    }
    does.get(params["name"], lambda: _text(number, "unknown tool", error=True))()


def _answer(message: dict[str, Any]) -> None:
    number = message.get("id")
    params: dict[str, Any] = message.get("params") or {}
    match message.get("method"):
        case "initialize":
            able = {"tools": {"listChanged": True}}
            info = {"name": "odd", "version": "1"}
            _send(
                {
                    "id": number,
                    "result": {
                        "protocolVersion": "2025-11-25",
                        "capabilities": able,
                        "serverInfo": info,
                    },
                }
            )
        case "tools/list":
            time.sleep(float(os.environ.get("MCP_TEST_SLOW", "0")))
            tools = _tools()
            at = int(params.get("cursor") or 0)
            page: dict[str, Any] = {"tools": tools[at : at + 7]}
            if at + 7 < len(tools):
                page["nextCursor"] = str(at + 7)
            _send({"id": number, "result": page})
        case "tools/call":
            _call(number, params)
        case None if number in WAITING:
            _text(WAITING.pop(number), json.dumps(message.get("result")))
        case None:
            return
        case _ if number is not None:
            _send({"id": number, "error": {"code": -32601, "message": "Method not found"}})
        case _:
            return


def main() -> None:
    """Answer until nobody asks any more."""
    if trouble := os.environ.get("MCP_TEST_TROUBLE"):
        sys.exit(trouble)
    for line in sys.stdin:
        _answer(json.loads(line))


if __name__ == "__main__":
    main()
