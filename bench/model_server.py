"""A fake Messages server with a stopwatch: when each request had arrived, when its reply was out.

It runs as a process of its own, does nothing that grows with the history it is sent, and reports
its stamps when its standard input closes.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from bench.speaking import reply

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
WORDS = ("I ", "look at ", "the next ", "thing and ", "then I ", "say what ", "I have ", "seen. ")
STREAMED = ("word", " and", " one", " mor", "e of", " it,", " or ", "two.")


@dataclass(frozen=True)
class Plan:
    """`steps` calls of a tool, each after 8 pieces of text; with `rate`, one long text.

    A text of `rate` pieces a second lasts `seconds`; with a `rate` of 0 a few words
    come at once, and then nothing for so long.
    """

    steps: int = 0
    rate: int = 0
    seconds: float = 0.0
    command: str = "echo step-{number}"
    speaks: str = "messages"
    tool: str = "shell"


@dataclass
class Exchange:
    """One request and its reply, in seconds of the monotonic clock; `size` is the request's."""

    arrived: float
    size: int
    ended: float = 0.0


@dataclass
class Served:
    """A running server and, once it has ended, what it saw."""

    url: str
    exchanges: list[Exchange] = field(default_factory=list[Exchange])

    @property
    def gaps_ms(self) -> list[float]:
        """From the end of each reply to the arrival of the next request."""
        pairs = zip(self.exchanges, self.exchanges[1:], strict=False)
        return [1000 * (after.arrived - before.ended) for before, after in pairs]


@contextmanager
def serving(plan: Plan) -> Generator[Served]:
    """Run the server; `exchanges` is filled in when the block ends."""
    words = [sys.executable, "-m", "bench.model_server", json.dumps(vars(plan))]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        served = Served(process.stdout.readline().strip())
        try:
            yield served
        finally:
            process.stdin.close()
            for exchange in json.loads(process.stdout.read()):
                served.exchanges.append(Exchange(**exchange))


def sse(name: str, **data: object) -> bytes:
    """One event as a chunk of the body."""
    body = f"event: {name}\ndata: {json.dumps({'type': name, **data})}\n\n".encode()
    return b"%x\r\n%b\r\n" % (len(body), body)


def opening() -> list[bytes]:
    """The start of a reply and of its text."""
    message: dict[str, Any] = {
        "id": "msg_bench",
        "type": "message",
        "role": "assistant",
        "model": "bench",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 1},
    }
    text = {"type": "text", "text": ""}
    return [
        sse("message_start", message=message),
        sse("content_block_start", index=0, content_block=text),
    ]


def piece(text: str) -> bytes:
    """A piece of text."""
    return sse("content_block_delta", index=0, delta={"type": "text_delta", "text": text})


def call(number: int, command: str, tool: str) -> list[bytes]:
    """A call of a tool that takes a command."""
    block: dict[str, Any] = {
        "type": "tool_use",
        "id": f"toolu_{number}",
        "name": tool,
        "input": {},
    }
    args = json.dumps({"command": command.format(number=number)})
    delta = {"type": "input_json_delta", "partial_json": args}
    return [
        sse("content_block_start", index=1, content_block=block),
        sse("content_block_delta", index=1, delta=delta),
        sse("content_block_stop", index=1),
    ]


def closing(stop: Literal["tool_use", "end_turn"]) -> list[bytes]:
    """The end of a reply."""
    delta = {"stop_reason": stop, "stop_sequence": None}
    usage = {"input_tokens": 10, "output_tokens": 20}
    return [sse("message_delta", delta=delta, usage=usage), sse("message_stop")]


class Server:
    """Answers by number: the n-th request gets the n-th step."""

    def __init__(self, plan: Plan) -> None:
        self.exchanges: list[Exchange] = []
        self._plan = plan

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            while True:
                size = await self._request(reader)
                exchange = Exchange(time.monotonic(), size)
                self.exchanges.append(exchange)
                await self._reply(len(self.exchanges), writer)
                exchange.ended = time.monotonic()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            writer.close()

    async def _request(self, reader: asyncio.StreamReader) -> int:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").lower().split("\r\n")
        size = next(int(x.split(":")[1]) for x in lines if x.startswith("content-length:"))
        await reader.readexactly(size)
        return size

    async def _reply(self, number: int, writer: asyncio.StreamWriter) -> None:
        if self._plan.speaks != "messages":
            more = number <= self._plan.steps
            args = {"command": self._plan.command.format(number=number)} if more else None
            writer.write(HEAD + b"".join(reply(self._plan.speaks, WORDS, args, number)))
            await writer.drain()
            writer.write(b"0\r\n\r\n")
            return
        for data in (HEAD, *opening()):
            writer.write(data)
        if self._plan.steps:
            for word in WORDS:
                writer.write(piece(word))
        else:
            await self._pour(writer)
        writer.write(sse("content_block_stop", index=0))
        more = number <= self._plan.steps
        last = closing("tool_use" if more else "end_turn")
        plan = self._plan
        for data in [*call(number, plan.command, plan.tool), *last] if more else last:
            writer.write(data)
        await writer.drain()
        writer.write(b"0\r\n\r\n")

    async def _pour(self, writer: asyncio.StreamWriter) -> None:
        """The long text at its rate, by the clock, so that a late piece delays no other."""
        if not self._plan.rate:
            writer.write(piece("".join(STREAMED)))
            await asyncio.sleep(self._plan.seconds)
            return
        began = time.monotonic()
        for number in range(int(self._plan.rate * self._plan.seconds)):
            await asyncio.sleep(began + number / self._plan.rate - time.monotonic())
            end = "\n\n" if number % 60 == 59 else ""
            writer.write(piece(STREAMED[number % len(STREAMED)] + end))
            await writer.drain()


async def serve(plan: Plan) -> None:
    """Serve until standard input closes, then print the stamps."""
    server = Server(plan)
    listening = await asyncio.start_server(server.answer, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    sys.stdout.write(f"http://127.0.0.1:{port}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    sys.stdout.write(json.dumps([vars(each) for each in server.exchanges]))
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve(Plan(**json.loads(sys.argv[1]))))
