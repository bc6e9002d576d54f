"""`web_fetch` as a call: how it is judged and shown, and what the model gets."""

import asyncio
import gzip
from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from loopdeck.permissions.urls import address
from loopdeck.session.values import Category
from loopdeck.tools.registry import BuiltinToolbox
from loopdeck.tools.web.fetch import WebFetch, WebFetchArgs
from loopdeck.tools.web.fetching import Fetched
from loopdeck.tools.web.reading import text_of
from tests.support.tools import FakeContext
from tests.support.web import moved, page, reaching, serving


def call(url: str, **more: object) -> WebFetch:
    return WebFetch(WebFetchArgs.model_validate({"url": url, **more}), reaching())


def test_it_is_judged_by_where_it_goes_and_nothing_is_looked_up() -> None:
    assessment = call("https://Docs.Python.org/3/#x").assess()
    assert assessment.category is Category.NETWORK
    assert assessment.facts == {
        "hosts": ["docs.python.org"],
        "url": "https://docs.python.org/3/",
    }
    near = call("http://localhost:8000/").assess()
    words = " ".join(reason.text for reason in near.reasons)
    assert "this machine" in words
    assert "read and change" in words


def test_a_person_sees_the_whole_address_and_how_its_name_reads() -> None:
    action = call("https://xn--pple-43d.com/" + "a" * 300)
    assert action.preview().text == "https://xn--pple-43d.com/" + "a" * 300
    reasons = " ".join(reason.text for reason in action.assess().reasons)
    assert "reads as аpple.com" in reasons
    assert "may imitate another name" in reasons


def test_a_name_in_letters_that_mislead_is_to_be_written_plainly(box: BuiltinToolbox) -> None:
    with pytest.raises(ToolError, match=r"write https://xn--pple-43d\.com/x\. "):
        box.prepare("web_fetch", {"url": "https://аpple.com/x"})


@pytest.mark.parametrize("url", ["http://u:p@h/", "file:///etc/passwd", "http://h/ x", "x"])
def test_what_is_no_address_runs_nothing(box: BuiltinToolbox, url: str) -> None:
    with pytest.raises(ToolError, match="Nothing ran"):
        box.prepare("web_fetch", {"url": url})


async def test_without_a_rule_this_machine_is_not_fetched_from(
    box: BuiltinToolbox, context: FakeContext
) -> None:
    async with serving({"/": page(b"secret")}) as site:
        action = box.prepare("web_fetch", {"url": f"http://localhost:{site.port}/"})
        with pytest.raises(ToolError, match=r"allow web_fetch\(domain:localhost\)"):
            await action.run(context)
        assert site.seen == []


async def test_the_model_gets_text_and_where_it_came_from(context: FakeContext) -> None:
    pages = {
        "/a": moved("/b"),
        "/b": page(b"<title>T</title><p>Hello <b>you</b>"),
        "/data": page(b'{"a": 1}', "application/json"),
        "/empty": page(b""),
    }
    async with serving(pages) as site:
        result = await call(site.url("/a")).run(context)
        assert result.ok
        assert result.output == (
            f"[302: {site.url('/a')} redirects to {site.url('/b')}]\n"
            f"[{site.url('/b')}: 200 OK]\n\n# T\n\nHello you"
        )
        assert context.shown == [f"GET {site.url('/a')}\n", f"GET {site.url('/b')}\n"]
        assert (await call(site.url("/data")).run(context)).output.endswith('\n\n{"a": 1}')
        assert (await call(site.url("/empty")).run(context)).output.endswith("\n\n[nothing]")
        missing = await call(site.url("/none")).run(context)
        assert not missing.ok
        assert "404 Not Found]\n\nnothing here" in missing.output


async def test_another_host_is_named_and_not_visited(context: FakeContext) -> None:
    async with serving({"/a": moved("https://other.example/x")}) as site:
        result = await call(site.url("/a")).run(context)
        assert not result.ok
        assert result.output.endswith("call web_fetch again with https://other.example/x")
        assert len(site.seen) == 1


async def test_what_is_no_text_is_named_with_its_size(context: FakeContext) -> None:
    pages = {
        "/pdf": page(b"%PDF-1.7" + bytes(2_000), "application/pdf"),
        "/lies": page(b"%PDF-1.7" + bytes(2_000), "text/html"),
    }
    async with serving(pages) as site:
        for path in pages:
            with pytest.raises(ToolError, match=r"a PDF file of 2\.0 kB; it is not shown"):
                await call(site.url(path)).run(context)


async def test_a_long_page_keeps_head_and_tail_and_can_be_read_on(context: FakeContext) -> None:
    lines = "".join(f"line {number}\n" for number in range(10_000))
    async with serving({"/t": page(lines.encode(), "text/plain")}) as site:
        result = await call(site.url("/t")).run(context)
        assert len(result.output) < 20_000
        assert "line 9999" in result.output
        assert "left out" in result.output
        assert lines in Path(result.full_output).read_text()
        rest = await call(site.url("/t"), offset=lines.index("line 5000")).run(context)
        assert "of 98,890 on]\n\nline 5000\nline 5001" in rest.output


async def test_a_page_that_unpacks_without_end_is_cut_and_said(context: FakeContext) -> None:
    packed = page(
        gzip.compress(b"word " * 1_200_000), "text/plain", headers=["content-encoding: gzip"]
    )
    async with serving({"/": packed}) as site:
        result = await call(site.url("/")).run(context)
        assert "only its first 5,000,000 bytes were read" in result.output


async def test_a_page_that_takes_for_ever_to_read_is_given_up() -> None:
    at = address("https://docs.example/")
    hostile = Fetched(at, 200, "OK", "text/html", None, b"<a " * 300_000)
    with pytest.raises(ToolError, match="too odd"):
        await text_of(hostile, time_limit=0.4)


async def test_reading_can_be_cancelled() -> None:
    at = address("https://docs.example/")
    hostile = Fetched(at, 200, "OK", "text/html", None, b"<a " * 300_000)
    task = asyncio.create_task(text_of(hostile))
    done, _ = await asyncio.wait({task}, timeout=0.2)
    assert not done
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)
