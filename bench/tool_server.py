"""An MCP server of plain lines of JSON with one tool that answers at once, or a slow one.

`tool_server.py [slow]`: a slow one says nothing until a minute has passed, once the folder it is
started in holds a file `slow`.
"""

import json
import sys
import time
from pathlib import Path

SLOW = "slow"
SLOW_S = 60.0
TOOL: dict[str, object] = {
    "name": "look",
    "description": "Looks at a thing.",
    "inputSchema": {"type": "object", "properties": {"command": {"type": "string"}}},
    "annotations": {"readOnlyHint": True, "openWorldHint": False},
}
HELLO: dict[str, object] = {
    "protocolVersion": "2025-11-25",
    "capabilities": {"tools": {}},
    "serverInfo": {"name": "bench", "version": "1"},
}
SEEN: dict[str, object] = {"content": [{"type": "text", "text": "It is there."}]}
ANSWERS = {"initialize": HELLO, "tools/list": {"tools": [TOOL]}, "tools/call": SEEN}


def main() -> None:
    """Answer until nobody asks any more."""
    if SLOW in sys.argv[1:] and Path(SLOW).exists():
        time.sleep(SLOW_S)
    for line in sys.stdin:
        asked = json.loads(line)
        if "id" not in asked:
            continue
        answer: dict[str, object] = {"jsonrpc": "2.0", "id": asked["id"]}
        if asked["method"] in ANSWERS:
            answer["result"] = ANSWERS[asked["method"]]
        else:
            answer["error"] = {"code": -32601, "message": "Method not found"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
