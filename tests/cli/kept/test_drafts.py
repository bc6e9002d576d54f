"""Drafts stay in a private file: one a session, without secrets, until they are sent."""

import stat
from pathlib import Path

from loopdeck.cli.kept.drafts import LONGEST, MOST, DraftsFile
from loopdeck.permissions.secrets.redacting import Redactor

TOKEN = "ghp" + "_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5"


def drafts(folder: Path) -> DraftsFile:
    """A file that is not there yet."""
    return DraftsFile(folder / "drafts.json", Redactor(b"key").clean)


async def test_a_draft_comes_back_in_another_process_and_an_empty_one_is_gone(
    tmp_path: Path,
) -> None:
    await drafts(tmp_path).keep("s1", "first\nlines")
    await drafts(tmp_path).keep("s2", "other")
    assert await drafts(tmp_path).recall("s1") == "first\nlines"
    await drafts(tmp_path).keep("s1", " ")
    assert await drafts(tmp_path).recall("s1") == ""
    assert await drafts(tmp_path).recall("s2") == "other"


async def test_the_file_is_its_owners_alone_and_holds_no_secret(tmp_path: Path) -> None:
    await drafts(tmp_path).keep("s1", f"use {TOKEN} please")
    path = tmp_path / "drafts.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert TOKEN not in path.read_text("utf-8")
    assert (await drafts(tmp_path).recall("s1")).startswith("use ‹redacted:")


async def test_only_the_newest_are_kept_and_no_very_long_ones(tmp_path: Path) -> None:
    kept = drafts(tmp_path)
    for number in range(MOST + 1):
        await kept.keep(f"s{number}", "words")
    await kept.keep("s7", "x" * (LONGEST + 1))
    found = [await kept.recall(name) for name in ("s0", "s1", "s7", f"s{MOST}")]
    assert found == ["", "words", "", "words"]


async def test_a_file_that_is_something_else_holds_no_drafts(tmp_path: Path) -> None:
    path = tmp_path / "drafts.json"
    for text in ("{", "[]", '{"s1": 3}'):
        path.write_text(text, "utf-8")
        assert await drafts(tmp_path).recall("s1") == ""
