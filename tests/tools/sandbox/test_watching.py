"""What was changed although it must not is put back as it was."""

from pathlib import Path

import pytest

from loopdeck.tools.sandbox.watching import Most, Watch


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a file, a link and a folder in it."""
    folder = tmp_path / "place"
    (folder / "sub").mkdir(parents=True)
    (folder / "file").write_text("before")
    (folder / "file").chmod(0o640)
    (folder / "sub/deep").write_bytes(b"\xff\0")
    (folder / "link").symlink_to("file")
    return folder


def test_what_stayed_as_it_was_is_left_alone(place: Path) -> None:
    watch = Watch.over([str(place)])
    inode = (place / "file").stat().st_ino
    assert watch.restore() == ()
    assert (place / "file").stat().st_ino == inode


def test_changes_removals_and_additions_are_undone(place: Path) -> None:
    watch = Watch.over([str(place)])
    (place / "file").write_text("after")
    (place / "file").chmod(0o777)
    (place / "sub/deep").unlink()
    (place / "link").unlink()
    (place / "link").write_text("no link")
    (place / "new").write_text("x")
    assert watch.restore() == (str(place),)
    assert (place / "file").read_text() == "before"
    assert (place / "file").stat().st_mode & 0o777 == 0o640
    assert (place / "sub/deep").read_bytes() == b"\xff\0"
    assert (place / "link").readlink() == Path("file")
    assert not (place / "new").exists()


def test_what_was_not_there_is_gone_again(tmp_path: Path) -> None:
    paths = [str(tmp_path / "file"), str(tmp_path / "folder"), str(tmp_path / "link")]
    watch = Watch.over(paths)
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder/deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to("/")
    assert watch.restore() == tuple(paths)
    assert list(tmp_path.iterdir()) == []


def test_what_was_removed_comes_back(place: Path) -> None:
    watch = Watch.over([str(place / "file"), str(place / "link")])
    (place / "file").unlink()
    (place / "file").symlink_to("sub")
    (place / "link").unlink()
    assert len(watch.restore()) == 2
    assert (place / "file").read_text() == "before"
    assert (place / "link").is_symlink()


def test_what_is_too_much_to_keep_is_refused(place: Path) -> None:
    with pytest.raises(OSError, match="too large"):
        Watch.over([str(place)], Most(content=3))
    with pytest.raises(OSError, match="too many"):
        Watch.over([str(place)], Most(entries=2))
