"""The words of the command line mean what the help says, wherever common options stand."""

import argparse

import pytest

from loopdeck.cli.main import COMMANDS, main
from loopdeck.cli.options.commands import parser
from loopdeck.errors import UsageError


def parse(*argv: str) -> argparse.Namespace:
    return parser().parse_args(argv)


@pytest.mark.parametrize(
    "argv",
    [
        ["--db", "x.db", "sessions", "list"],
        ["sessions", "--db", "x.db", "list"],
        ["sessions", "list", "--db", "x.db"],
    ],
)
def test_common_options_may_stand_anywhere(argv: list[str]) -> None:
    args = parse(*argv)
    assert (args.db, args.config, args.json) == ("x.db", None, False)


def test_what_a_run_is_told_arrives() -> None:
    words = (
        "run --model m --level 2 --workspace w --check c --max-steps 3 --max-tokens 4 --max-cost 5 "
        "--max-minutes 6.5 --allow a --allow b --ask c --deny d --headless --on-ask wait --json go"
    )
    args = parse(*words.split())
    assert (args.model, args.level, args.workspace, args.check) == ("m", 2, "w", "c")
    assert (args.max_steps, args.max_tokens, args.max_cost, args.max_minutes) == (3, 4, 5.0, 6.5)
    assert (args.allow, args.ask, args.deny) == (["a", "b"], ["c"], ["d"])
    assert (args.headless, args.on_ask, args.json, args.goal) == (True, "wait", True, "go")


def test_nothing_is_asked_for_that_was_not_said() -> None:
    args = parse("run", "go")
    assert (args.model, args.level, args.check, args.on_ask) == (None, None, None, "park")
    assert parse("resume", "last").on_unknown == "park"
    assert parse("replay").session == "last"
    assert parse("demo").name == "pitches"


def test_lists_of_one_run_do_not_leak_into_the_next() -> None:
    assert parse("run", "--allow", "a").allow == ["a"]
    assert parse("run").allow == []


@pytest.mark.parametrize(
    "words", ["run --max-steps -1", "run --max-cost inf", "run --level 0", "nap", "approvals ask x"]
)
def test_wrong_words_are_a_usage_error_with_a_hint(words: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(*words.split())
    assert caught.value.hint.endswith("--help")


def test_every_command_has_a_module_and_a_help(capsys: pytest.CaptureFixture[str]) -> None:
    for name in COMMANDS.keys() - {"home"}:
        with pytest.raises(SystemExit) as caught:
            main([name, "--help"])
        assert caught.value.code == 0
        assert f"loopdeck {name}" in capsys.readouterr().out


def test_the_version_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("loopdeck 0.")


def test_an_empty_check_is_no_check_that_somebody_meant() -> None:
    for empty in ("", "  "):
        with pytest.raises(UsageError, match="--check"):
            parse("run", "--check", empty, "go")


@pytest.mark.parametrize("verb", ["run", "demo", "resume", "fork"])
def test_each_option_of_a_run_says_what_it_does(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parse(verb, "--help")
    lines = [line for line in capsys.readouterr().out.splitlines() if line.strip()]
    options = [place for place, line in enumerate(lines) if line.lstrip().startswith("--")]
    assert len(options) > 8
    for place in options:
        said = len(lines[place].split("  ")) > 2 or lines[place + 1].startswith(" " * 20)
        assert said, lines[place]
