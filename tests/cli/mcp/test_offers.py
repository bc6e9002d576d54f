"""What servers offered is kept for the next run, and never in the way of what a human let run."""

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loopdeck.cli.kept.files import MOST
from loopdeck.cli.mcp import offers as kept_offers
from loopdeck.cli.mcp.offers import OfferFile
from loopdeck.ports.servers import Resource
from loopdeck.tools.mcp.offers import Hints, Offer, offer_of
from loopdeck.tools.mcp.servers import Server

SERVER = Server("s", command="a")


def offered(tool: str = "t", words: str = "Does it.", server: str = "s") -> Offer:
    """A tool as a server says it is."""
    return offer_of(server, tool, words, {"type": "object"}, Hints(reads=True))


def test_what_was_offered_is_kept_for_the_very_same_server(tmp_path: Path) -> None:
    OfferFile(tmp_path / "mcp").remember(SERVER, [offered()])
    kept = OfferFile(tmp_path / "mcp")
    assert list(kept.known(SERVER)) == [offered()]
    assert kept.known(Server("s", command="b")) == ()
    [file] = (tmp_path / "mcp").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    file.write_text("nonsense", "utf-8")
    assert OfferFile(tmp_path / "mcp").known(SERVER) == ()


def test_what_a_server_says_at_any_length_leaves_what_a_human_said_alone(tmp_path: Path) -> None:
    kept = OfferFile(tmp_path)
    kept.remember(SERVER, [offered()])
    kept.accept(offered())
    kept.accept(offered(server="other"))
    wordy = [offered(f"t{at}", "x" * 1_900) for at in range(MOST // 1_900 + 1)]
    kept.remember(SERVER, wordy)
    resource = Resource(server="s", uri="notes://" + "x" * MOST, words="")
    kept.note(SERVER, [resource])
    again = OfferFile(tmp_path)
    assert list(again.known(SERVER)) == [offered()]
    assert again.noted(["s"]) == []
    assert again.accepted(offered()) == offered().mark
    assert again.accepted(offered(server="other"))


def test_two_first_calls_at_once_are_both_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, read = threading.Barrier(2), kept_offers.read_small

    def late(*args: Any, **more: Any) -> str | None:
        found = read(*args, **more)
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(0.05)  # where both may read before one has written, they do
        return found

    monkeypatch.setattr(kept_offers, "read_small", late)
    one, other = OfferFile(tmp_path), OfferFile(tmp_path)
    works: list[Callable[[], None]] = [
        lambda: one.accept(offered("a")),
        lambda: other.accept(offered("b")),
    ]
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    monkeypatch.undo()
    kept = OfferFile(tmp_path)
    assert kept.accepted(offered("a"))
    assert kept.accepted(offered("b"))


def test_where_nobody_knows_what_was_let_run_every_tool_counts_as_changed(tmp_path: Path) -> None:
    OfferFile(tmp_path).accept(offered())
    [book] = (one for one in tmp_path.iterdir() if one.suffix == ".json")
    book.write_text("nonsense", "utf-8")
    kept = OfferFile(tmp_path)
    assert kept.accepted(offered()) not in ("", offered().mark)
    kept.accept(offered("b"))
    assert book.read_text("utf-8") == "nonsense"  # nobody writes over what a human may mend
