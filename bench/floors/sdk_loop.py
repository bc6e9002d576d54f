"""Floor: an agent as a bare loop over the official client, with a shell and no storage.

`--durable FILE` adds what any agent that must survive a crash has to pay at least: two durable
transactions a step, one before the tool runs and one before the next request. `--inside FILE` runs
each command in a sandbox: the file names its command line and its filter of system calls.
"""

import argparse
import asyncio
import json
import os
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiosqlite
from anthropic import AsyncAnthropic
from anthropic.types import Message

SHELL: Any = {
    "name": "shell",
    "description": "Run a command.",
    "input_schema": {
        "type": "object",
        "properties": {"command": {"type": "string"}},
        "required": ["command"],
    },
}


class Store:
    """Rows of JSON in SQLite, one transaction each, on disk when `keep` returns."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def open(self) -> None:
        """Make the table."""
        await self._connection.execute("PRAGMA journal_mode=WAL")
        await self._connection.execute("PRAGMA synchronous=FULL")
        await self._connection.execute("CREATE TABLE event (seq INTEGER PRIMARY KEY, body TEXT)")

    async def keep(self, what: object) -> None:
        """Write one row."""
        await self._connection.execute("INSERT INTO event(body) VALUES (?)", (json.dumps(what),))
        await self._connection.commit()


@dataclass(frozen=True)
class Walls:
    """What comes before a command, and the open file that the words name."""

    words: tuple[str, ...] = ()
    fds: tuple[int, ...] = ()


def walls(layout: str | None) -> Walls:
    """Open what the sandbox needs; nothing where there is to be none."""
    if layout is None:
        return Walls()
    known = json.loads(Path(layout).read_text())
    handle = os.open(known["filter"], os.O_RDONLY)
    words = [str(handle) if word == "{filter}" else word for word in known["words"]]
    return Walls(tuple(words), (handle,))


async def shell(command: str, around: Walls) -> str:
    """Run a command and return what it said."""
    for handle in around.fds:
        os.lseek(handle, 0, os.SEEK_SET)
    process = await asyncio.create_subprocess_exec(
        *around.words,
        *("/bin/bash", "-c", command),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        pass_fds=around.fds,
    )
    output, _ = await process.communicate()
    return output.decode()


async def ask(client: AsyncAnthropic, messages: list[Any]) -> Message:
    """One streamed reply."""
    async with client.messages.stream(
        model="bench", max_tokens=16_000, messages=messages, tools=[SHELL]
    ) as stream:
        async for _ in stream.text_stream:
            pass
        return await stream.get_final_message()


async def run(database: str | None, around: Walls) -> None:
    """Loop until the model has no more calls."""
    messages: list[Any] = [{"role": "user", "content": "Do the steps."}]
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(AsyncAnthropic(max_retries=0))
        store = None
        if database is not None:
            store = Store(await stack.enter_async_context(aiosqlite.connect(database)))
            await store.open()
        while True:
            reply = await ask(client, messages)
            messages.append({"role": "assistant", "content": reply.content})
            if store is not None:
                await store.keep([block.model_dump() for block in reply.content])
            results = [
                {
                    "type": "tool_result",
                    "tool_use_id": block.id,
                    "content": await shell(str(block.input["command"]), around),
                }
                for block in reply.content
                if block.type == "tool_use"
            ]
            if store is not None:
                await store.keep(results)
            if not results:
                return
            messages.append({"role": "user", "content": results})


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--durable", metavar="FILE")
    parser.add_argument("--inside", metavar="FILE")
    options = parser.parse_args()
    asyncio.run(run(options.durable, walls(options.inside)))
