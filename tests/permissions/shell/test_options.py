"""The words behind a program's name, read by its table."""

import pytest

from loopdeck.permissions.shell.options import UNSEEN, Argument, Usage, understand
from loopdeck.permissions.shell.tables import read_table
from loopdeck.session.values import Category

TOOL = read_table(
    """
    program = "tool"
    operands = ["pattern", "reads*"]
    digits = true
    [options]
    "-q --quiet" = "flag"
    "-r" = "flag"
    "-n --lines" = "number"
    "-e --regexp" = { kind = "value", fills = "pattern" }
    "-o --output" = { kind = "writes", category = "write", why = "writes its result" }
    "--color" = "optional"
    "-i" = { kind = "flag", category = "write", why = "edits", operands = ["script", "writes*"] }
    "--mode" = { kind = "value", only = "fast|slow" }
    "-m" = { kind = "module", facts = ["runs_code"] }
    "--load" = { kind = "value", then = "reads" }
    """,
    "tool",
    "tool.toml",
)
COPY = read_table(
    'program = "copy"\noperands = ["reads*", "writes"]\ncategory = "write"', "copy", "copy.toml"
)
WRAP = read_table(
    """
    program = "wrap"
    options_first = true
    operands = ["number", "command"]
    [options]
    "-k" = "value"
    """,
    "wrap",
    "wrap.toml",
)
SAY = read_table('program = "say"\noperands = ["text*"]\nplain = true', "say", "say.toml")
TREE = read_table(
    """
    program = "tree"
    [options]
    "-C" = "reads"
    [subcommands.show]
    about = "shows"
    operands = ["value*"]
    [subcommands.show.options]
    "-p" = "flag"
    [subcommands.drop]
    category = "destructive"
    """,
    "tree",
    "tree.toml",
)


def read(line: str) -> Usage:
    tables = {"tool": TOOL, "copy": COPY, "wrap": WRAP, "tree": TREE, "say": SAY}
    words = [Argument(word, (0, 1)) for word in line.split()]
    return understand(tables[words[0].text], words[1:], words[0])


def kinds(usage: Usage) -> list[tuple[str, str]]:
    return [(kind, word.text) for kind, word in usage.operands]


@pytest.mark.parametrize(
    ("line", "operands"),
    [
        ("tool x a b", [("pattern", "x"), ("reads", "a"), ("reads", "b")]),
        ("tool -qr x a", [("pattern", "x"), ("reads", "a")]),
        ("tool -n5 x", [("number", "5"), ("pattern", "x")]),
        ("tool -qn 5 x", [("number", "5"), ("pattern", "x")]),
        ("tool --lines=5 x", [("number", "5"), ("pattern", "x")]),
        ("tool --lines 5 x", [("number", "5"), ("pattern", "x")]),
        ("tool -20 x", [("pattern", "x")]),
        ("tool -e x a", [("value", "x"), ("reads", "a")]),
        ("tool x a --color=never", [("optional", "never"), ("pattern", "x"), ("reads", "a")]),
        ("tool -- -q --quiet", [("pattern", "-q"), ("reads", "--quiet")]),
        ("tool x - -o f", [("writes", "f"), ("pattern", "x"), ("reads", "-")]),
        ("tool -i s a", [("script", "s"), ("writes", "a")]),
        ("tool --load a b x", [("value", "a"), ("reads", "b"), ("pattern", "x")]),
        ("say --- -- -x", [("text", "---"), ("text", "--"), ("text", "-x")]),
        ("copy a b c", [("reads", "a"), ("reads", "b"), ("writes", "c")]),
        ("tree -C d show -p a b", [("reads", "d"), ("value", "a"), ("value", "b")]),
    ],
)
def test_each_word_gets_its_meaning(line: str, operands: list[tuple[str, str]]) -> None:
    usage = read(line)
    assert not usage.trouble
    assert sorted(kinds(usage)) == sorted(operands)


@pytest.mark.parametrize(
    "line",
    [
        "tool -Z x",
        "tool -qZ x",
        "tool --quie x",
        "tool --lin=5 x",
        "tool --quiet=yes x",
        "tool -n x",
        "tool -n five x",
        "tool x -o",
        "tool --load a",
        "tool --mode=other x",
        "tree push",
        "tree show -C d",
        "copy a -f b",
    ],
)
def test_what_the_table_does_not_know_is_trouble(line: str) -> None:
    assert read(line).trouble


def test_an_option_raises_the_category_with_its_reason() -> None:
    usage = read("tool -o f x")
    assert (Category.WRITE, "`-o` writes its result") in [
        (raised.category, raised.text) for raised in usage.raised
    ]


def test_the_rest_behind_a_wrapper_is_a_command_whatever_it_looks_like() -> None:
    usage = read("wrap -k 1 5 rm -rf x")
    assert [word.text for word in usage.command] == ["rm", "-rf", "x"]
    assert not usage.trouble


def test_the_rest_behind_a_module_is_a_command_too() -> None:
    usage = read("tool -q -m json.tool -x a")
    assert usage.module
    assert [word.text for word in usage.command] == ["json.tool", "-x", "a"]
    assert usage.facts == {"runs_code"}


def test_a_subcommand_brings_its_own_category() -> None:
    assert Category.DESTRUCTIVE in [raised.category for raised in read("tree drop").raised]


def test_a_missing_word_is_named() -> None:
    assert read("wrap").missing == {"number", "command"}
    assert read("copy a").missing == frozenset()


@pytest.mark.parametrize(
    ("word", "certain"),
    [
        (Argument(f"src/{UNSEEN}", (0, 1)), True),
        (Argument(f"{UNSEEN}", (0, 1), loose=True), False),
        (Argument("src/*", (0, 1), many=True), True),
    ],
)
def test_a_word_that_may_become_an_option_is_trouble(word: Argument, *, certain: bool) -> None:
    usage = understand(COPY, [word, Argument("to", (0, 1))], Argument("copy", (0, 1)))
    assert bool(usage.trouble) is not certain


def test_a_word_that_may_become_several_cannot_be_what_is_written() -> None:
    many = Argument("src/*", (0, 1), many=True)
    assert understand(COPY, [Argument("a", (0, 1)), many], Argument("copy", (0, 1))).trouble


MAKE = read_table(
    """
    program = "make"
    category = "write"
    facts = ["runs_code"]
    operands = [{ kind = "value?", category = "destructive", why = "is removed", only = "[a-z]+" }]
    [options]
    "--version" = { kind = "flag", instead = "read" }
    "--output" = { kind = "writes", category = "write" }
    """,
    "make",
    "make.toml",
)


def use(line: str) -> Usage:
    words = [Argument(word, (0, 1)) for word in line.split()]
    return understand(MAKE, words[1:], words[0])


def worst(usage: Usage) -> Category:
    return max((raised.category for raised in usage.raised), key=list(Category).index)


def test_a_word_in_a_place_of_its_own_can_raise() -> None:
    assert worst(use("make")) is Category.WRITE
    assert worst(use("make clean")) is Category.DESTRUCTIVE
    assert not use("make clean").trouble


def test_a_word_that_its_place_does_not_accept_is_trouble() -> None:
    assert use("make Clean").trouble
    assert use(f"make cl{UNSEEN}").trouble


def test_an_option_can_stand_in_place_of_what_the_program_does_but_not_of_other_options() -> None:
    usage = use("make --version")
    assert worst(usage) is Category.READ
    assert "runs_code" not in usage.facts
    assert worst(use("make --version --output=x")) is Category.WRITE
    assert worst(use("make --version clean")) is Category.DESTRUCTIVE


def test_subcommands_of_one_meaning_share_a_table() -> None:
    text = 'program = "a"\n[subcommands."drop remove"]\ncategory = "destructive"'
    twins = read_table(text, "a", "a.toml").subcommands
    assert [twins[name].category for name in ("drop", "remove")] == [Category.DESTRUCTIVE] * 2
