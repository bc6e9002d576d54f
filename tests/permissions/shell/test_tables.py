"""Every program table loads, and every example in it is judged as it says."""

import tomllib
from typing import cast

import pytest

from loopdeck.errors import ConfigError
from loopdeck.permissions.shell import classify
from loopdeck.permissions.shell.tables import FOLDER, load, read_table, table_files


def examples(name: str) -> dict[str, list[str]]:
    raw = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return cast("dict[str, list[str]]", raw.get("examples", {}))


@pytest.mark.parametrize("name", table_files())
def test_each_example_is_judged_as_its_table_says(name: str) -> None:
    wrong = [
        f"{command}: {category} expected, {got} found"
        for category, commands in examples(name).items()
        for command in commands
        if (got := classify(command).category) != category
        # What destroys may be recognised where an option is not.
        and (category, got) != ("unknown", "destructive")
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
