"""Servers of PyPI: git, time and fetch in the new protocol, and one that only knows the old."""

import asyncio
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from loopdeck.tools.mcp.servers import Server, State
from tests.integration.conftest import Running, kill, needs
from tests.integration.installing import OLD, PYTHON
from tests.tools.mcp.conftest import until

MODERN = "2026-07-28"


@asynccontextmanager
async def a_page(*, silent: bool = False) -> AsyncGenerator[tuple[str, asyncio.Event]]:
    """The address of a page on this machine, and whether somebody asked for it."""
    asked, never = asyncio.Event(), asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        if silent:
            await never.wait()
        body = b"<html><body><h1>The shed</h1><p>Ten rakes.</p></body></html>"
        head = f"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", asked
    finally:
        never.set()
        server.close()


def fetch() -> Server:
    words = ("--ignore-robots-txt", "--allow-private-ips")
    return Server("fetch", command=PYTHON.program("mcp-server-fetch"), args=words)


@needs(PYTHON)
async def test_a_repository_and_the_time(running: Running, tmp_path: Path) -> None:
    def git(*words: str) -> str:
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
        done = ("git", "-C", str(tmp_path), *who, *words)
        return subprocess.run(done, capture_output=True, text=True, check=True).stdout

    git("init", "--quiet")
    git("commit", "--quiet", "--allow-empty", "--message", "begin")
    repository = Server(
        "git", command=PYTHON.program("mcp-server-git"), args=("--repository", str(tmp_path))
    )
    clock = Server("time", command=PYTHON.program("mcp-server-time"))
    async with running(repository, clock) as deck:
        assert deck.status("git").protocol == deck.status("time").protocol == MODERN
        place = str(tmp_path)
        (tmp_path / "rake.txt").write_text("one rake\n", "utf-8")
        status = await deck.call("git", "git_status", repo_path=place)
        assert "rake.txt" in status.text
        assert (await deck.call("git", "git_add", repo_path=place, files=["rake.txt"])).ok
        assert "rake.txt" in git("diff", "--cached", "--name-only")
        assert "begin" in (await deck.call("git", "git_log", repo_path=place)).text
        wrong = await deck.call("git", "git_checkout", repo_path=place, branch_name="none")
        assert not wrong.ok

        noon = await deck.call(
            "time",
            "convert_time",
            source_timezone="Europe/Berlin",
            time="12:00",
            target_timezone="Asia/Tokyo",
        )
        assert "+7.0h" in noon.text or "+8.0h" in noon.text


@needs(PYTHON)
async def test_a_page_is_fetched_and_a_kill_or_an_interrupt_in_mid_call_costs_that_call(
    running: Running,
) -> None:
    async with running(fetch()) as deck, a_page() as (url, _), a_page(silent=True) as (slow, asked):
        await until(lambda: bool(deck.hub.things.prompts))
        assert "Ten rakes" in (await deck.call("fetch", "fetch", url=url)).text
        prompt = await deck.hub.ask("fetch", lambda talk: talk.prompt("fetch", {"url": url}))
        assert "Ten rakes" in prompt

        waiting = asyncio.ensure_future(deck.call("fetch", "fetch", url=slow))
        await asked.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert "Ten rakes" in (await deck.call("fetch", "fetch", url=url)).text

        asked.clear()
        waiting = asyncio.ensure_future(deck.call("fetch", "fetch", url=slow))
        await asked.wait()
        kill("mcp-server-fetch")
        lost = await waiting
        assert (lost.ok, "what it did is not known" in lost.text) == (False, True)
        assert deck.status("fetch").state is not State.READY
        assert "Ten rakes" in (await deck.call("fetch", "fetch", url=url)).text
        assert deck.status("fetch").counts.restarts == 1


@needs(OLD)
async def test_a_server_on_the_package_before_works_as_well(
    running: Running, tmp_path: Path
) -> None:
    old = Server(
        "old",
        command=OLD.program("mcp-server-sqlite"),
        args=("--db-path", str(tmp_path / "shed.db")),
    )
    async with running(old) as deck:
        assert deck.status("old").protocol == "2025-11-25"
        made = await deck.call("old", "create_table", query="CREATE TABLE tool (name TEXT)")
        assert made.ok
        await deck.call("old", "write_query", query="INSERT INTO tool VALUES ('rake')")
        read = await deck.call("old", "read_query", query="SELECT name FROM tool")
        assert "rake" in read.text
        refused = await deck.call("old", "read_query", query="DROP TABLE tool")
        assert "Only SELECT queries" in refused.text
        await until(lambda: bool(deck.hub.things.prompts))  # it has no templates, and says so badly
        assert {one.uri for one in deck.hub.things.resources} == {"memo://insights"}
        topic = {"topic": "rakes"}
        assert "rakes" in await deck.hub.ask("old", lambda talk: talk.prompt("mcp-demo", topic))
        kill("mcp-server-sqlite")
        await until(lambda: deck.status("old").state is not State.READY)
        again = await deck.call("old", "read_query", query="SELECT name FROM tool")
        assert "rake" in again.text
