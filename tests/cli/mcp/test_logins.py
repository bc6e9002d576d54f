"""The file of logins: what cannot be read stays, and nobody who writes at once loses anything."""

import asyncio
import json
from pathlib import Path

import pytest

from loopdeck.cli.clock import SystemClock
from loopdeck.cli.mcp.logins import LOOKS, LoginFile, unheard
from loopdeck.cli.secrecy import LOGINS, login_secrets
from loopdeck.errors import ConfigError
from loopdeck.tools.mcp.logins import Login
from loopdeck.tools.mcp.servers import Server
from tests.support.clock import FakeClock

LOGIN = Login(
    url="https://x.example/mcp",
    endpoint="https://x.example/token",
    access="an-access-token",
    refresh="a-refresh-token",
    client={"client_id": "loopdeck", "client_secret": "a-client-secret"},
)
SERVER = Server("x", url=LOGIN.url)
NEWER = {"of": 9, "access": "a-newer-token", "client": {"client_secret": "a-newer-secret"}}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the logins are."""
    found = tmp_path / LOGINS
    found.parent.mkdir()
    return found


@pytest.fixture
def book(path: Path) -> LoginFile:
    return LoginFile(path, SystemClock(), unheard)


def test_an_entry_that_cannot_be_read_stays_as_it_is(
    path: Path, book: LoginFile, tmp_path: Path
) -> None:
    path.write_text(json.dumps({"newer": NEWER, "odd": 3}))
    assert book.of(Server("newer", url=LOGIN.url)) is None
    book.keep(SERVER, LOGIN)
    assert book.of(SERVER) == LOGIN
    kept = json.loads(path.read_text())
    assert {name: kept[name] for name in ("newer", "odd")} == {"newer": NEWER, "odd": 3}
    assert {"a-newer-token", "a-newer-secret"} <= set(login_secrets(tmp_path))
    assert book.forget("x")
    assert json.loads(path.read_text()) == {"newer": NEWER, "odd": 3}


def test_every_secret_of_a_login_is_known_to_redaction(book: LoginFile, tmp_path: Path) -> None:
    book.keep(SERVER, LOGIN)
    assert LOGIN.secrets == ["an-access-token", "a-client-secret", "a-refresh-token"]
    assert sorted(login_secrets(tmp_path)) == sorted(LOGIN.secrets)


@pytest.mark.parametrize("text", ["", "{", "[1]", "[" * 100_000])
def test_a_file_that_is_no_book_is_begun_anew(path: Path, book: LoginFile, text: str) -> None:
    path.write_text(text)
    assert book.of(SERVER) is None
    assert not book.forget("x")
    book.keep(SERVER, LOGIN)
    assert book.of(SERVER) == LOGIN


def test_a_file_that_may_not_be_read_is_not_written_over(path: Path, book: LoginFile) -> None:
    other = path.with_name("other")
    other.write_text("{}")
    path.symlink_to(other)
    assert book.of(SERVER) is None
    with pytest.raises(ConfigError, match="cannot be read"):
        book.keep(SERVER, LOGIN)
    assert other.read_text() == "{}"


def test_where_nothing_was_kept_nothing_is_forgotten_or_made(tmp_path: Path) -> None:
    assert not LoginFile(tmp_path / LOGINS, SystemClock(), unheard).forget("x")
    assert list(tmp_path.iterdir()) == []


async def test_one_who_renews_keeps_the_others_waiting(path: Path) -> None:
    mine, yours = (LoginFile(path, FakeClock(), unheard) for _ in range(2))
    order: list[str] = []
    begun = asyncio.Event()

    async def later() -> None:
        begun.set()
        async with yours.renewing():
            order.append("yours")

    async with mine.renewing():
        waiting = asyncio.ensure_future(later())
        await begun.wait()
        order.append("mine")
    await waiting
    assert order == ["mine", "yours"]


async def test_one_who_hangs_keeps_nobody_waiting_for_ever(path: Path) -> None:
    clock = FakeClock()
    mine, yours = (LoginFile(path, clock, unheard) for _ in range(2))
    async with mine.renewing(), yours.renewing():
        pass
    assert len(clock.slept) == LOOKS
