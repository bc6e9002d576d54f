"""Floor: calls of a server's tool through the bare client of the protocol's package.

`mcp_client.py CALLS COMMAND…` prints the milliseconds of each call as JSON.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence

from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client


async def run(calls: int, words: Sequence[str]) -> list[float]:
    """Connect, list the tools, and call the first so often."""
    program = stdio_client(StdioServerParameters(command=words[0], args=list(words[1:])))
    taken: list[float] = []
    async with Client(program) as client:
        tools = (await client.list_tools()).tools
        for number in range(calls):
            began = time.perf_counter()
            await client.call_tool(tools[0].name, {"command": f"echo step-{number}"})
            taken.append(1000 * (time.perf_counter() - began))
    return taken


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(int(sys.argv[1]), sys.argv[2:]))))
