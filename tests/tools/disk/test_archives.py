"""The names in an archive, and what is not worth reading for them."""

import io
import os
import tarfile
import zipfile
from pathlib import Path
from typing import Literal

import pytest

from loopdeck.session.values import Category
from loopdeck.tools.disk.archives import MAX_MEMBERS, content, members
from loopdeck.tools.registry import BuiltinToolbox

Mode = Literal["w", "w:gz"]


def tar(path: Path, names: list[str], mode: Mode = "w", size: int = 0) -> str:
    with tarfile.open(path, mode) as archive:
        folder = tarfile.TarInfo("folder")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name in names:
            one = tarfile.TarInfo(name)
            one.size = size
            archive.addfile(one, io.BytesIO(bytes(size)))
    return str(path)


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_the_files_of_an_archive_are_named_without_its_folders(tmp_path: Path, mode: Mode) -> None:
    path = tar(tmp_path / "a", ["x.py", "folder/y.py"], mode, size=600)
    assert members(path) == ("x.py", "folder/y.py")


def test_a_zip_file_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.tar", "w") as archive:
        archive.writestr("x.py", "1")
        archive.mkdir("folder")
    assert members(str(tmp_path / "a.tar")) == ("x.py",)


def test_what_changed_is_looked_into_again(tmp_path: Path) -> None:
    path = tar(tmp_path / "a", ["x"])
    assert members(path) == ("x",)
    tar(tmp_path / "b", ["y", "z"])
    (tmp_path / "b").replace(path)
    assert members(path) == ("y", "z")


def test_too_much_is_not_read(tmp_path: Path) -> None:
    assert members(tar(tmp_path / "many", ["x"] * (MAX_MEMBERS + 1))) is None
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(MAX_MEMBERS + 1):
            archive.writestr(str(number), "")
    assert members(str(tmp_path / "many.zip")) is None


def test_files_behind_a_link_of_the_same_archive_come_nobody_knows_where(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with tarfile.open(path, "w") as archive:
        link = tarfile.TarInfo("d")
        link.type, link.linkname = tarfile.SYMTYPE, "lib"
        archive.addfile(link)
    assert members(str(path)) == ("d",)
    with tarfile.open(path, "a") as archive:
        archive.addfile(tarfile.TarInfo("d/mine.txt"))
    assert members(str(path)) is None


def test_what_stands_behind_a_broken_head_is_found_too(tmp_path: Path) -> None:
    first, second = Path(tar(tmp_path / "a", ["x"])), Path(tar(tmp_path / "b", ["y"]))
    first.write_bytes(first.read_bytes()[:1_024] + b"junk" * 128 + second.read_bytes())
    assert members(str(first)) == ("x", "y")


def test_what_unpacks_to_far_more_than_it_is_does_not_hold_anybody_up(tmp_path: Path) -> None:
    path = tar(tmp_path / "bomb.tgz", ["x"], "w:gz", size=70_000_000)
    assert Path(path).stat().st_size < 1_000_000
    assert members(path) is None


@pytest.mark.parametrize("data", [b"", b"PK\3\4 and no end", b"\x1f\x8b\x08 cut", b"x" * 2_000])
def test_what_is_no_archive_has_no_names_that_anybody_knows(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    assert not members(str(tmp_path / "a"))


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert members(str(tmp_path / "pipe")) is None
    assert content(str(tmp_path / "pipe")) is None
    assert content("/nowhere\0") is None


def test_a_real_archive_over_a_humans_file_is_asked_about_and_counted(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hours of work\n")
    tar(tmp_path / "a.tar", ["notes.txt"])
    action = BuiltinToolbox(tmp_path).prepare("shell", {"command": "tar xf a.tar"})
    assert action.assess().category is Category.DESTRUCTIVE
    preview = action.preview()
    assert preview is not None
    assert preview.losses is not None
    assert preview.losses.first == ("notes.txt",)
