"""Fetching: redirects by hand, the number that was judged, limits, and hostile servers."""

import asyncio
import gzip
import zlib

import pytest

from loopdeck.errors import ToolError
from loopdeck.permissions.urls import address
from loopdeck.tools.web.fetching import Fetch, Fetched, LeadsElsewhere
from tests.support.web import Site, moved, page, reaching, serving

PAGE = b"<p>hello</p>"


async def fetched(
    site: Site, path: str, *, most: int = 100_000, host: str = "site.example"
) -> Fetched:
    return await fetching(most).run(address(site.url(path, host)))


def fetching(most: int = 100_000, limit: float = 20.0) -> Fetch:
    async def tell(_text: str) -> None:
        return None

    return Fetch(reaching(), tell, lambda kind: "image" not in kind, most, limit)


async def test_a_page_comes_with_its_type_and_the_name_goes_to_the_server() -> None:
    async with serving({"/a?b=1": page(PAGE, "text/html; charset=utf-8")}) as site:
        found = await fetched(site, "/a?b=1#part")
        assert (found.status, found.body, found.cut) == (200, PAGE, False)
        assert found.type == "text/html; charset=utf-8"
        assert site.seen == ["site.example /a?b=1"]
        assert "cookie" not in site.heads[0].lower()


async def test_redirects_on_the_same_host_are_followed_and_told() -> None:
    async with serving({"/a": moved("/b"), "/b": moved("c", 301), "/c": page(PAGE)}) as site:
        found = await fetched(site, "/a")
        assert found.body == PAGE
        assert str(found.at) == site.url("/c")
        assert [hop.split(":")[0] for hop in found.hops] == ["[302", "[301"]


async def test_a_redirect_to_another_host_is_not_visited() -> None:
    async with serving() as site:
        site.pages = {"/a": moved(site.url("/secret", "other.example"))}
        with pytest.raises(LeadsElsewhere) as caught:
            await fetched(site, "/a")
        assert caught.value.to == site.url("/secret", "other.example")
        assert site.seen == ["site.example /a"]


@pytest.mark.parametrize("to", ["http://site.example:1/x", "https://site.example/x"])
async def test_another_port_is_another_place(to: str) -> None:
    async with serving({"/a": moved(to)}) as site:
        with pytest.raises(LeadsElsewhere):
            await fetched(site, "/a")


@pytest.mark.parametrize("to", ["file:///etc/passwd", "http://u:p@site.example/", "http://["])
async def test_a_redirect_to_no_address_of_the_web_is_an_error(to: str) -> None:
    async with serving({"/a": moved(to)}) as site:
        with pytest.raises(ToolError):
            await fetched(site, "/a")
        assert len(site.seen) == 1


async def test_redirects_without_end_are_ended() -> None:
    async with serving({"/a": moved("/a")}) as site:
        with pytest.raises(ToolError, match="more than 5 times"):
            await fetched(site, "/a")
        assert len(site.seen) == 6


async def test_a_redirect_that_a_rule_speaks_of_is_not_followed() -> None:
    async with serving({"/a": moved("/admin")}) as site:
        fetch = fetching()
        fetch.reach = reaching(refused=lambda at: "deny" if "admin" in str(at) else "")
        with pytest.raises(LeadsElsewhere):
            await fetch.run(address(site.url("/a")))
        assert site.seen == ["site.example /a"]


async def test_every_hop_is_looked_up_and_judged_anew() -> None:
    async with serving({"/a": moved("/b"), "/b": page(PAGE)}) as site:
        answers = [["127.0.0.1"], ["10.0.0.1"]]

        async def turning(host: str, port: int) -> list[str]:
            del host, port
            return answers.pop(0)

        fetch = fetching()
        fetch.reach = type(fetch.reach)(resolve=turning, nature=fetch.reach.nature)
        with pytest.raises(ToolError, match=r"10\.0\.0\.1"):
            await fetch.run(address(site.url("/a")))
        assert site.seen == ["site.example /a"]


async def test_what_is_too_long_is_cut_however_it_is_packed() -> None:
    bomb = gzip.compress(bytes(20_000_000))
    assert len(bomb) < 60_000
    packed = page(bomb, headers=["content-encoding: gzip"])
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflated = raw.compress(PAGE) + raw.flush()
    pages = {
        "/bomb": packed,
        "/long": page(b"x" * 300_000),
        "/raw": page(deflated, headers=["content-encoding: deflate"]),
        "/zip": page(gzip.compress(PAGE), headers=["content-encoding: gzip"]),
        "/br": page(PAGE, headers=["content-encoding: br"]),
        "/broken": page(b"nonsense", headers=["content-encoding: gzip"]),
    }
    async with serving(pages) as site:
        for path in ("/bomb", "/long"):
            found = await fetched(site, path)
            assert (len(found.body), found.cut) == (100_000, True)
        for path in ("/raw", "/zip"):
            assert (await fetched(site, path)).body == PAGE
        for path in ("/br", "/broken"):
            with pytest.raises(ToolError, match="packed"):
                await fetched(site, path)


async def test_what_is_not_wanted_is_not_read() -> None:
    async with serving({"/p": page(b"x" * 50, "image/png")}) as site:
        found = await fetched(site, "/p")
        assert (found.body, found.size) == (b"", 50)


async def test_a_server_that_says_nothing_is_left_after_a_while() -> None:
    async with serving() as site:
        with pytest.raises(ToolError, match=r"within 0\.3 s"):
            await fetching(limit=0.3).run(address(site.url("/stall")))
        await site.gone.wait()


async def test_cancelling_closes_the_connection_at_once() -> None:
    async with serving() as site:
        task = asyncio.create_task(fetching().run(address(site.url("/stall"))))
        await site.stalled.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await site.gone.wait()


async def test_what_is_no_http_is_a_sentence() -> None:
    async with serving({"/a": b"SSH-2.0 hello\r\n\r\n"}) as site:
        with pytest.raises(ToolError, match="could not be fetched"):
            await fetched(site, "/a")


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with serving({"/a": page(PAGE)}) as site:
        assert (await fetched(site, "/a")).body == PAGE
