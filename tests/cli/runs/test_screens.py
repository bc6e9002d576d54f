"""The first frame waits for nothing that it does not show."""

import subprocess
import sys
from pathlib import Path

import pytest

from loopdeck.cli.look import theme_named
from loopdeck.cli.options.commands import goes_home, parser

LATER = ("pydantic", "aiosqlite", "watchfiles", "anthropic", "loopdeck.session", "loopdeck.ports")


def test_a_screen_is_imported_without_what_is_loaded_behind_its_first_frame() -> None:
    code = (
        f"import sys, loopdeck.cli.runs.screens; print([n for n in {LATER!r} if n in sys.modules])"
    )
    ran = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "theme"),
    [('theme = "beacon"', "beacon"), ("theme = 3", None), ("theme = ", None), ("", None)],
)
def test_the_theme_is_read_ahead_and_a_wrong_file_is_left_for_later(
    text: str, theme: str | None, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    assert theme_named(config) is None
    config.write_text(text)
    assert theme_named(config) == theme


@pytest.mark.parametrize(
    ("words", "home"),
    [([], True), (["run"], True), (["run", "tidy"], False), (["demo"], False), (["replay"], False)],
)
def test_home_is_where_no_session_is_named(words: list[str], home: bool) -> None:
    args = parser().parse_args(words)
    args.command = args.command or "home"
    assert goes_home(args) is home
