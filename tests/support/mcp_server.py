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
    names += ["cancelled"]
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
CANCELLED: list[object] = []
NOTES = {"notes://plan": "Ship it on Friday.", "notes://evil": ESCAPES}
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
    for nobody in (99_999, "no such", -1):  # answers that nobody waits for
        _text(nobody, "not yours")
        _send({"id": nobody, "error": {"code": 1, "message": ESCAPES}})
    _send({"method": f"notifications/{ESCAPES}", "params": {"progressToken": "none"}})
    for line in ("no JSON", "[]", "{}", "\x00" * 9, '{"jsonrpc": "2.0", "id": []}', "[" * 5_000):
        sys.stdout.write(f"{line}\n")
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


def _sample(number: object, text: str) -> None:
    """Have the model of whoever is connected answer; the call says what came back."""
    WAITING["q2"] = number
    said = {"role": "user", "content": {"type": "text", "text": text}}
    values = {"messages": [said], "systemPrompt": "Be short.", "maxTokens": 60}
    _send({"id": "q2", "method": "sampling/createMessage", "params": values})


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
        "ask": lambda: _sample(number, args["model"]) if "model" in args else _ask(number),
        "env": lambda: _text(number, json.dumps(dict(os.environ))),
        "pid": lambda: _text(number, str(os.getpid())),
        "more": lambda: _more(number),
        "cancelled": lambda: _text(number, json.dumps(CANCELLED)),
    }
    does.get(params["name"], lambda: _text(number, "unknown tool", error=True))()


def _thing(number: object, method: str, params: dict[str, Any]) -> None:
    """Two notes to read, one of which hides something, and a prompt that needs a word."""
    form = {"uriTemplate": "notes://{day}", "name": "day"}
    needs = [{"name": "topic", "required": True}, {"name": "tone"}]
    args: dict[str, Any] = params.get("arguments") or {}
    topic = str(args.get("topic"))
    said = {"role": "user", "content": {"type": "text", "text": f"Sum up {topic}. {ESCAPES}"}}
    found: dict[str, Any] = {
        "resources/list": {
            "resources": [{"uri": uri, "name": uri[8:], "mimeType": "text/plain"} for uri in NOTES]
        },
        "resources/templates/list": {"resourceTemplates": [form]},
        "prompts/list": {
            "prompts": [{"name": "sum_up", "description": "Sums up.", "arguments": needs}]
        },
        "prompts/get": {"messages": [said]},
    }
    uri = str(params.get("uri"))
    if uri in NOTES:
        found["resources/read"] = {"contents": [{"uri": uri, "text": NOTES[uri]}]}
    if method in found:
        _send({"id": number, "result": found[method]})
    else:
        _send({"id": number, "error": {"code": -32002, "message": f"there is no {uri}"}})


def _hello(number: object) -> None:
    able = {"tools": {"listChanged": True}, "resources": {}, "prompts": {}}
    info = {"name": "odd", "version": "1"}
    result = {"protocolVersion": "2025-11-25", "capabilities": able, "serverInfo": info}
    _send({"id": number, "result": result})


def _list(number: object, params: dict[str, Any]) -> None:
    time.sleep(float(os.environ.get("MCP_TEST_SLOW", "0")))
    if odd := os.environ.get("MCP_TEST_LIST"):
        sys.stdout.write(odd.replace("NUMBER", str(number)) + "\n")
        sys.stdout.flush()
        return
    tools = _tools()
    at = int(params.get("cursor") or 0)
    page: dict[str, Any] = {"tools": tools[at : at + 7]}
    if at + 7 < len(tools):
        page["nextCursor"] = str(at + 7)
    _send({"id": number, "result": page})


def _answer(message: dict[str, Any]) -> None:
    number, method = message.get("id"), str(message.get("method") or "")
    params: dict[str, Any] = message.get("params") or {}
    does: dict[str, Callable[[], None]] = {
        "initialize": lambda: _hello(number),
        "tools/list": lambda: _list(number, params),
        "tools/call": lambda: _call(number, params),
        "notifications/cancelled": lambda: CANCELLED.append(params.get("requestId")),
    }
    if method in does:
        does[method]()
    elif method.startswith(("resources/", "prompts/")):
        _thing(number, method, params)
    elif not method and number in WAITING:
        _text(WAITING.pop(number), json.dumps(message.get("result", message.get("error"))))
    elif method and number is not None:
        _send({"id": number, "error": {"code": -32601, "message": "Method not found"}})


def main() -> None:
    """Answer until nobody asks any more."""
    if trouble := os.environ.get("MCP_TEST_TROUBLE"):
        sys.exit(trouble)
    for line in sys.stdin:
        _answer(json.loads(line))


if __name__ == "__main__":
    main()
