"""The word that confirms: what would go, and never what the agent wrote around it."""

from dataclasses import replace

import pytest

from loopdeck.session.calls import CallView
from loopdeck.session.confirming import needs_typing, word_to_type
from loopdeck.session.values import Category, JsonObject, Losses, Preview


def call(
    command: str = "", lost: tuple[str, ...] = (), *, tool: str = "shell", **facts: object
) -> CallView:
    """A call whose command says one thing and whose facts say what would go."""
    losses = Losses(count=len(lost), bytes=9, first=lost) if lost else None
    preview = Preview(kind="command", text=command, losses=losses)
    found: JsonObject = dict(facts)
    args: JsonObject = {"command": command}
    view = CallView("c1", 1, tool, args, 1, preview=preview)
    return replace(view, category=Category.DESTRUCTIVE, facts=found)


@pytest.mark.parametrize(
    "command",
    [
        "rm -rf src",
        "rm -rf src && echo done",
        "rm -rf src  # ok",
        "rm -rf src 2>&1",
        "rm -rf src; true",
        "rm -rf 'src'/",
    ],
)
def test_what_stands_around_a_deletion_does_not_change_its_word(command: str) -> None:
    assert word_to_type(call(command, ("src/a.py",), deletes=["src"])) == "src"


@pytest.mark.parametrize(
    ("deletes", "word"),
    [
        (["my dir"], "my dir"),
        (["old/build/"], "build"),
        (["build/*"], "build"),
        (["logs/**/[ab].txt"], "logs"),
        (["a/b/notes.md"], "notes.md"),
        (["~/work"], "work"),
        (["."], "delete"),
        (["*"], "delete"),
        (["a/b\u202e"], "delete"),
        (["x" * 61], "delete"),
        (["notes\n.md"], "delete"),
    ],
)
def test_it_is_the_last_name_of_what_is_deleted_or_a_fixed_word(
    deletes: list[str], word: str
) -> None:
    assert word_to_type(call("rm", deletes=deletes)) == word


def test_of_several_it_is_the_gravest_whatever_their_order() -> None:
    outside = call("rm -rf tmp /srv/shop", ("tmp/a", "tmp/b"), deletes=["tmp", "/srv/shop"])
    assert word_to_type(outside) == "shop"
    most = call("rm -rf tmp src", ("src/a", "src/b", "tmp/c"), deletes=["tmp", "src"])
    assert word_to_type(most) == "src"


def test_without_a_deletion_it_is_what_would_be_lost() -> None:
    assert word_to_type(call("git reset --hard && ls", ("src/a.py", "b"))) == "a.py"


def test_the_one_file_that_is_written_over_has_its_name_typed() -> None:
    hook = call("cp hook .git/hooks/pre-commit", writes=[".git/hooks/pre-commit"])
    assert word_to_type(hook) == "pre-commit"
    assert word_to_type(call("cp hook a; cp hook b", writes=["a", "b"])) == "run"
    over = call(
        "true > b; true > src/keep.py", writes=["b", "src/keep.py"], overwrites=["src/keep.py"]
    )
    assert word_to_type(over) == "keep.py"


@pytest.mark.parametrize("facts", [{}, {"deletes": "src"}, {"deletes": [7, None]}])
def test_where_nothing_is_known_to_go_the_word_is_fixed(facts: JsonObject) -> None:
    assert word_to_type(call("kill 123 && echo yes", **facts)) == "run"


@pytest.mark.parametrize(
    ("category", "typed"),
    [
        (None, True),
        (Category.DESTRUCTIVE, True),
        (Category.UNKNOWN, True),
        (Category.NETWORK, False),
        (Category.WRITE, False),
        (Category.READ, False),
    ],
)
def test_what_destroys_and_what_is_not_understood_need_typing(
    category: Category | None, *, typed: bool
) -> None:
    assert needs_typing(replace(call(), category=category)) is typed


def test_what_stands_on_the_floor_needs_typing_whatever_it_is() -> None:
    assert needs_typing(replace(call(), category=Category.WRITE, floor=True))
