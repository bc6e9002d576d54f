"""A call is approved from elsewhere by who has seen all of it, or has named that very request."""

import io

import pytest

from loopdeck.cli.approving import make_sure
from loopdeck.errors import UsageError
from loopdeck.session.calls import CallView
from loopdeck.session.values import Category, JsonObject, Preview


class Terminal(io.StringIO):
    """Somebody types, at a terminal."""

    def isatty(self) -> bool:
        return True


def call(category: Category = Category.WRITE, again: str = "", **facts: object) -> CallView:
    lines = "".join(f"line {at}\n" for at in range(200))
    args: JsonObject = {"command": f"cat > note <<E\n{lines}E"}
    preview = Preview(kind="command", text=f"cat > note <<E\n{lines}\x1b]0;hi\x07E")
    return CallView(
        "c1", 1, "shell", args, 2, category=category, again=again, facts=facts, preview=preview
    )


def types(monkeypatch: pytest.MonkeyPatch, words: str) -> Terminal:
    """Somebody who types these words; returns what is printed for them to read."""
    shown = Terminal()
    monkeypatch.setattr("sys.stderr", shown)
    monkeypatch.setattr("sys.stdin", Terminal(f"{words}\n"))
    return shown


def test_at_a_terminal_all_of_it_is_shown_before_the_y(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = types(monkeypatch, "y")
    make_sure(call(), "s1/c1@ab12cd", named="call")
    shown = terminal.getvalue()
    assert all(f"line {at}\n" in shown for at in range(200))
    assert shown.endswith("Approve it? [y/N] ")
    assert "\x1b" not in shown


@pytest.mark.parametrize("words", ["", "n", "yes please", "note"])
def test_anything_but_y_approves_nothing(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    types(monkeypatch, words)
    with pytest.raises(UsageError, match="Nothing was approved"):
        make_sure(call(), "s1/c1@ab12cd", named="request")


def test_what_destroys_wants_its_word_even_with_its_whole_id(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gone = call(Category.DESTRUCTIVE, deletes=["build/old"])
    types(monkeypatch, "y")
    with pytest.raises(UsageError, match="Nothing was approved"):
        make_sure(gone, "s1/c1@ab12cd", named="request")
    terminal = types(monkeypatch, "old")
    make_sure(gone, "s1/c1@ab12cd", named="request")
    assert "Type old to approve it" in terminal.getvalue()


@pytest.mark.parametrize(
    ("waits", "why"),
    [
        (call(again="Review again: the file changed."), "more than once"),
        (call(Category.DESTRUCTIVE), "is destructive"),
        (call(Category.UNKNOWN), "is unknown"),
    ],
)
def test_a_script_names_the_request_it_means_where_it_matters(
    monkeypatch: pytest.MonkeyPatch, waits: CallView, why: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(UsageError, match=why) as caught:
        make_sure(waits, "s1/c1@ab12cd", named="call")
    assert "approve s1/c1@ab12cd" in caught.value.hint
    make_sure(waits, "s1/c1@ab12cd", named="request")


def test_a_script_needs_no_more_than_the_call_where_it_was_asked_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    make_sure(call(), "s1/c1@ab12cd", named="call")


def test_whatever_waits_in_a_session_is_not_approved_unseen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(UsageError, match="s1/c1 waits, and was not named") as caught:
        make_sure(call(), "s1/c1@ab12cd", named="part")
    assert "approve s1/c1@ab12cd" in caught.value.hint
