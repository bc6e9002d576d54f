"""A file that somebody named: replaced as a whole, or left as it was."""

import errno
import os
import stat
from pathlib import Path

import pytest

from loopdeck.cli.kept.files import write_named, write_private
from loopdeck.errors import ConfigError, LoopdeckError, UsageError


def full_disk(_handle: int) -> None:
    """In the place of `fsync`: where the disk has no room for what was written."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_leaves_the_file_that_was_to_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.html"
    page.write_text("precious")
    monkeypatch.setattr(os, "fsync", full_disk)

    with pytest.raises(LoopdeckError, match="No space left") as full:
        write_named(str(page), "x" * 10_000)
    with pytest.raises(ConfigError, match="No space left") as private:
        write_private(page, "x" * 10_000)

    assert page.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [page], "no piece is left beside it"
    assert full.value.exit_code == 1, "nothing was wrong with what was typed"
    assert full.value.hint.startswith("Free some space")
    assert private.value.hint == full.value.hint


def test_a_named_file_has_the_mode_that_any_new_file_has_and_keeps_the_one_it_had(
    tmp_path: Path,
) -> None:
    ours, plain = tmp_path / "ours.html", tmp_path / "plain.html"
    plain.touch()
    write_named(str(ours), "new")
    assert stat.S_IMODE(ours.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)

    ours.chmod(0o640)
    write_named(str(ours), "newer\n")
    assert stat.S_IMODE(ours.stat().st_mode) == 0o640
    assert ours.read_text() == "newer\n"


def test_a_link_stays_a_link_and_a_device_a_device(tmp_path: Path) -> None:
    link, page = tmp_path / "link", tmp_path / "page"
    page.write_text("old")
    link.symlink_to(page)
    write_named(str(link), "new")
    write_named(os.devnull, "nowhere")

    assert link.is_symlink()
    assert page.read_text() == "new"
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_a_place_that_cannot_be_written_is_said_with_the_name_that_was_typed(
    tmp_path: Path,
) -> None:
    with pytest.raises(UsageError, match="nowhere/page cannot be written: No such file") as nowhere:
        write_named(str(tmp_path / "nowhere" / "page"), "text")
    assert nowhere.value.hint == "Name another file."
