"""Every program table loads, and every example in it is judged as it says."""

import shlex
import tomllib
from typing import cast

import pytest

from loopdeck.errors import ConfigError
from loopdeck.permissions.shell.options import Argument, understand
from loopdeck.permissions.shell.tables import FOLDER, load, read_table, table_files
from loopdeck.session.values import Category

_ORDER = list(Category)
_KINDS = {
    "writes": Category.WRITE,
    "changes": Category.WRITE,
    "code": Category.WRITE,
    "host": Category.NETWORK,
    "deletes": Category.DESTRUCTIVE,
}


def examples(name: str) -> dict[str, list[str]]:
    raw = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return cast("dict[str, list[str]]", raw.get("examples", {}))


def judged(command: str) -> Category | None:
    """The category by the table alone; None where more than the table has a say."""
    words = shlex.split(command)
    table = load(words[0])
    if table is None or set(";|&<>$`()*") & set(command):
        return None
    arguments = [Argument(word, (0, len(command))) for word in words]
    usage = understand(table, arguments[1:], arguments[0])
    if usage.trouble or usage.missing:
        return Category.UNKNOWN
    if usage.command or any(kind == "script" for kind, _ in usage.operands):
        return None
    found = [raised.category for raised in usage.raised]
    found += [_KINDS[kind] for kind, _ in usage.operands if kind in _KINDS]
    return max(found, key=_ORDER.index)


@pytest.mark.parametrize("name", table_files())
def test_each_example_is_judged_as_its_table_says(name: str) -> None:
    wrong = [
        f"{command}: {category} expected, {got} found"
        for category, commands in examples(name).items()
        for command in commands
        if (got := judged(command)) is not None and got != category
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", table_files())
def test_each_table_has_examples_and_counterexamples_at_its_end(name: str) -> None:
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    assert "\n[" not in text.partition("\n[examples]\n")[2]
    assert sum(len(commands) for commands in examples(name).values()) >= 6


def test_a_table_is_found_by_each_of_its_names() -> None:
    for name in table_files():
        raw = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
        for program in cast("list[str]", raw.get("programs") or [raw["program"]]):
            assert load(program) is not None, program


def test_a_program_without_a_table_has_none() -> None:
    assert load("no-such-program") is None
    assert load("../tables") is None


@pytest.mark.parametrize(
    "text",
    [
        'program = "x"\nspeed = 1',
        'program = "x"\ncategory = "mild"',
        'program = "x"\noperands = ["reads*", "writes*"]',
        'program = "x"\noperands = ["thing"]',
        'program = "x"\noperands = [{ kind = "value", fills = "pattern" }]',
        'program = "x"\n[options]\n"-a" = "thing"',
        'program = "x"\n[options]\n"-a" = "flag"\n"-a --all" = "flag"',
        'program = "x"\n[options]\n"all" = "flag"',
        'program = "x"\n[options]\n"-a" = { kind = "value", only = "(" }',
        'program = "x"\nbundles = 1',
        'program = "x"\n=',
    ],
)
def test_a_bad_table_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(ConfigError, match=r"bad\.toml"):
        read_table(text, "x", "bad.toml")
