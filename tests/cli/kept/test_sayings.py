"""What was typed stays in a private file: the newest of it, once each, without secrets."""

import stat
from pathlib import Path

from loopdeck.cli.kept.sayings import LONGEST, MOST, SayingsFile
from loopdeck.permissions.secrets.redacting import Redactor

TOKEN = "ghp" + "_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5"


def sayings(folder: Path) -> SayingsFile:
    """A file that is not there yet."""
    return SayingsFile(folder / "state" / "said.json", Redactor(b"key").clean)


async def test_texts_come_back_in_another_process_oldest_first_and_once(tmp_path: Path) -> None:
    for text in ("one", "two\nlines", "one"):
        await sayings(tmp_path).keep("message", text)
    await sayings(tmp_path).keep("goal", "tidy")
    assert await sayings(tmp_path).recent("message") == ["two\nlines", "one"]
    assert await sayings(tmp_path).recent("goal") == ["tidy"]


async def test_the_file_is_its_owners_alone_and_holds_no_secret(tmp_path: Path) -> None:
    await sayings(tmp_path).keep("message", f"use {TOKEN} please")
    path = tmp_path / "state" / "said.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert TOKEN not in path.read_text("utf-8")
    (text,) = await sayings(tmp_path).recent("message")
    assert text.startswith("use ‹redacted:")


async def test_only_the_newest_are_kept_and_no_very_long_ones(tmp_path: Path) -> None:
    kept = sayings(tmp_path)
    for number in range(MOST + 3):
        await kept.keep("message", str(number))
    await kept.keep("message", "x" * (LONGEST + 1))
    recent = await kept.recent("message")
    assert (len(recent), recent[0], recent[-1]) == (MOST, "3", str(MOST + 2))


async def test_a_file_that_is_something_else_is_no_history(tmp_path: Path) -> None:
    path = tmp_path / "said.json"
    for text in ("{", "[]", '{"message": 3}', '{"message": [3, "three"]}'):
        path.write_text(text, "utf-8")
        recent = await SayingsFile(path, str).recent("message")
        assert recent == (["three"] if "three" in text else [])
