"""A login at a server: with a browser, kept, shown, renewed; and what hostile servers try."""

import asyncio
import time
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from httpx2 import AsyncClient, Request

from loopdeck.cli.clock import SystemClock
from loopdeck.cli.mcp.logins import LoginFile, unheard
from loopdeck.errors import LoginError, ToolError
from loopdeck.permissions.urls import Address
from loopdeck.tools.mcp.errands import MOST_BYTES, Errands
from loopdeck.tools.mcp.hub import Hub, opener
from loopdeck.tools.mcp.login import log_in
from loopdeck.tools.mcp.servers import LoginTerms, Server
from tests.support.login_server import ACCESS, REFRESH, LoginServer, browse, wanting_login
from tests.support.tools import FakeContext
from tests.tools.mcp.conftest import MemoryBook

AS = "/.well-known/oauth-authorization-server"
PRM = "/.well-known/oauth-protected-resource/mcp"

ELSEWHERE = {"resource": "https://a.example", "authorization_servers": ["https://a.example"]}


@pytest.fixture
async def fake() -> AsyncGenerator[LoginServer]:
    async with wanting_login() as server:
        yield server


@pytest.fixture
def learned() -> list[str]:
    return []


@pytest.fixture
def book(tmp_path: Path, learned: list[str]) -> LoginFile:
    return LoginFile(tmp_path / "mcp" / "credentials.json", SystemClock(), learned.extend)


def the(fake: LoginServer, terms: LoginTerms | None = None) -> Server:
    return Server("kept", url=f"{fake.url}/mcp", transport="http", login=terms or LoginTerms())


async def test_a_login_is_kept_shown_renewed_and_ends(
    fake: LoginServer, book: LoginFile, learned: list[str], tmp_path: Path
) -> None:
    server, path = the(fake), tmp_path / "mcp" / "credentials.json"
    hub = Hub([server], tmp_path, None, MemoryBook(), SystemClock(), opener(tmp_path, book))
    hub.start()
    with pytest.raises(ToolError, match="Run `loopdeck mcp login kept`"):
        await hub.ready("kept")
    assert set(fake.paths()) == {"/mcp"}  # nobody is asked to register before a human wants it
    assert await log_in(server, book, browse)
    registered = next(form for _, path, form in fake.asked if path == "/register")
    assert registered["client_name"] == "Loopdeck"
    (back,) = registered["redirect_uris"]
    assert back.startswith("http://127.0.0.1:")
    assert path.stat().st_mode & 0o777 == 0o600
    assert {f"{ACCESS}-1", REFRESH} <= set(learned)
    await hub.ready("kept")
    (offer,) = hub.offers
    assert offer.tool == "whoami"
    fake.token = "taken back"  # what is taken back before its time is renewed once
    hub.restart("kept")
    await hub.ready("kept")
    assert f"{ACCESS}-2" in learned
    assert await log_in(server, book, browse)  # again, as whom it knows there already
    assert fake.paths().count("/register") == 1
    fake.token, fake.says["/token"] = "taken back", (400, {"error": "invalid_grant"})
    hub.restart("kept")
    with pytest.raises(ToolError, match=r"Its login has ended. Run `loopdeck mcp login kept`"):
        await hub.ready("kept")
    await hub.stop()


async def test_an_ended_token_is_renewed_once_for_all_who_wait(
    fake: LoginServer, book: LoginFile, tmp_path: Path
) -> None:
    server = the(fake)
    fake.lasts = 1
    assert await log_in(server, book, browse)
    login = book.of(server)
    assert login is not None
    assert login.has_ended(time.time())
    fake.lasts = 3_600
    hub = Hub([server], tmp_path, None, MemoryBook(), SystemClock(), opener(tmp_path, book))
    hub.start()
    await hub.ready("kept")
    await hub.stop()
    assert fake.given == 2
    assert book.of(Server("kept", url="https://elsewhere.example/mcp")) is None


async def test_a_client_that_its_human_named_is_not_registered(
    fake: LoginServer, book: LoginFile
) -> None:
    server = the(fake, LoginTerms("mine", "s3cret-of-mine"))
    assert await log_in(server, book, browse)
    assert "/register" not in fake.paths()
    sent = fake.asked[-2][2]
    assert (sent["client_id"], fake.basic) == ("mine", "mine:s3cret-of-mine")
    assert "client_secret" not in sent
    fake.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert await log_in(server, book, browse)
    sent = fake.asked[-2][2]
    assert (sent["client_id"], sent["client_secret"]) == ("mine", "s3cret-of-mine")
    with pytest.raises(LoginError, match="has to be an https address"):
        await log_in(the(fake, LoginTerms(metadata_url="http://x")), book, browse)
    fake.says["/mcp"] = (200, {})
    assert not await log_in(server, book, browse)


async def test_a_server_that_lets_anybody_begin_is_logged_in_at_all_the_same(
    fake: LoginServer, book: LoginFile
) -> None:
    fake.lets = "initialize"
    assert await log_in(the(fake), book, browse)
    assert book.of(the(fake)) is not None


async def test_the_next_login_asks_for_what_this_one_lacks(
    fake: LoginServer, book: LoginFile, tmp_path: Path
) -> None:
    fake.needs, server = "files:write", the(fake)
    assert await log_in(server, book, browse)
    hub = Hub([server], tmp_path, None, MemoryBook(), SystemClock(), opener(tmp_path, book))
    hub.start()
    await hub.ready("kept")
    (offer,) = hub.offers
    context = FakeContext(tmp_path)
    with pytest.raises(ToolError, match="allows less than this needs"):
        await hub.call(offer, {}, context)
    assert fake.scope == ""
    assert await log_in(server, book, browse)
    assert fake.scope == "files:write"
    hub.restart("kept")
    await hub.ready("kept")
    assert (await hub.call(offer, {}, context)).ok
    await hub.stop()


async def test_a_page_that_says_who_it_is_takes_the_place_of_registering(
    fake: LoginServer, book: LoginFile
) -> None:
    page = "https://loopdeck.example/client.json"
    fake.metadata = {"client_id_metadata_document_supported": True}
    assert await log_in(the(fake, LoginTerms(metadata_url=page)), book, browse)
    assert "/register" not in fake.paths()
    assert fake.asked[-2][2]["client_id"] == page


TWISTS: list[tuple[dict[str, object], str]] = [
    ({"returns": {"state": "another"}}, "answers another login"),
    ({"returns": {"iss": "https://other.example"}}, "iss mismatch"),
    ({"returns": {"error": "access_denied\x1b[2J"}}, "The login was refused: access_denied"),
    ({"metadata": {"issuer": "https://other.example"}}, "issuer mismatch"),
    ({"metadata": {"code_challenge_methods_supported": ["plain"]}}, "does not protect logins"),
    ({"metadata": {"authorization_endpoint": "http://evil.example/a"}}, "without encryption"),
    ({"metadata": {"token_endpoint": "http://169.254.169.254/t"}}, "without encryption"),
    ({"metadata": {"token_endpoint": "https://10.0.0.7/t"}}, "no address of the public"),
    ({"told": "http://169.254.169.254/latest/meta-data"}, "without encryption"),
    ({"told": "https://[fd00:ec2::254]/latest"}, "no address of the public"),
    ({"says": {"/register": (403, {})}}, "does not let programs register"),
    ({"says": {"/token": (400, {"access_token": ACCESS})}}, "gave no token"),
    ({"says": {"/token": (200, {"access_token": [ACCESS]})}}, "gave no token"),
    ({"says": {AS: (200, b"x" * (MOST_BYTES + 1))}}, "more than anybody needs"),
    ({"says": {PRM: (200, ELSEWHERE)}}, "does not match"),
]


@pytest.mark.parametrize(
    ("twist", "words"),
    TWISTS,
)
async def test_a_login_that_is_not_as_it_should_be_leaves_nothing(
    fake: LoginServer, book: LoginFile, twist: dict[str, object], words: str
) -> None:
    for name, value in twist.items():
        setattr(fake, name, value)
    with pytest.raises(LoginError, match=words) as caught:
        await log_in(the(fake), book, browse)
    assert "\x1b" not in str(caught.value)
    assert ACCESS not in str(caught.value)
    assert book.of(the(fake)) is None


async def test_a_redirect_within_a_login_leads_nowhere(fake: LoginServer) -> None:
    fake.says["/token"] = (307, {"location": f"{fake.url}/elsewhere"})
    answer = await Errands(the(fake)).run(Request("POST", f"{fake.url}/token", data={"a": "b"}))
    assert answer.status_code == 307
    assert fake.paths() == ["/token"]


async def test_nobody_comes_back(fake: LoginServer, book: LoginFile) -> None:
    async def away(_at: Address, url: str) -> None:
        async with AsyncClient(trust_env=False) as stranger:
            back = url.partition("redirect_uri=")[2].partition("%2Fcallback")[0]
            page = back.replace("%3A", ":").replace("%2F", "/")
            assert (await stranger.get(f"{page}/other")).status_code == 404

    with pytest.raises(LoginError, match="Nobody came back"):
        await log_in(the(fake), book, away, patience=0.05)


async def test_a_public_server_cannot_lead_its_login_to_this_machine() -> None:
    errands = Errands(Server("far", url="https://mcp.example.com/mcp", transport="http"))
    for url in ("http://127.0.0.1:1/t", "https://localhost:1/t", "https://192.168.1.1/t"):
        with pytest.raises(LoginError, match="refused"):
            await errands.run(Request("GET", url))


async def test_two_requests_that_wait_have_one_token_made(
    fake: LoginServer, book: LoginFile
) -> None:
    from loopdeck.tools.mcp.bearer import Bearer

    server = the(fake)
    fake.lasts = 1
    assert await log_in(server, book, browse)
    fake.lasts = 3_600
    async with AsyncClient(auth=Bearer(server, book), trust_env=False) as web:
        hello = {"method": "tools/list", "id": 1}
        answers = await asyncio.gather(*(web.post(server.url, json=hello) for _ in range(3)))
    assert {one.status_code for one in answers} == {200}
    assert fake.given == 2


async def test_two_runs_that_renew_at_once_use_up_one_token(
    fake: LoginServer, book: LoginFile, tmp_path: Path
) -> None:
    from loopdeck.tools.mcp.bearer import Bearer

    server, path = the(fake), tmp_path / "mcp" / "credentials.json"
    fake.lasts = 1
    assert await log_in(server, book, browse)
    fake.lasts = 3_600

    async def asked() -> int:
        of_run = LoginFile(path, SystemClock(), unheard)
        async with AsyncClient(auth=Bearer(server, of_run), trust_env=False) as web:
            hello = {"method": "tools/list", "id": 1}
            return (await web.post(server.url, json=hello)).status_code

    assert await asyncio.gather(asked(), asked()) == [200, 200]
    assert fake.given == 2
