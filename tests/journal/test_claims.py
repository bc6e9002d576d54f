"""Claims are files that the system unlocks; what a dead process left behind hinders nobody."""

import errno
import os
import stat
from pathlib import Path

import pytest

from loopdeck.errors import JournalError, SessionBusy
from loopdeck.journal.claims import Claims


def test_a_claim_is_seen_through_another_pair_of_eyes(tmp_path: Path):
    one, two = Claims(tmp_path / "live"), Claims(tmp_path / "live")
    one.claim("s1")
    assert two.held("s1")
    with pytest.raises(SessionBusy, match=f"process {os.getpid()}"):
        two.claim("s1")
    one.release("s1")
    assert not two.held("s1")
    two.claim("s1")
    two.release("s1")


def test_a_disk_that_fails_does_not_keep_a_claim_from_being_released(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    one, two = Claims(tmp_path / "live"), Claims(tmp_path / "live")
    one.claim("s1")

    def fails(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as failing:
        failing.setattr(Path, "unlink", fails)
        one.release_all()
    two.claim("s1")
    two.release("s1")


def test_a_released_claim_leaves_no_file(tmp_path: Path):
    claims = Claims(tmp_path / "live")
    for name in ("s1", "s2"):
        claims.claim(name)
    assert len(list((tmp_path / "live").iterdir())) == 2
    claims.release_all()
    assert list((tmp_path / "live").iterdir()) == []


def test_a_file_of_a_dead_process_is_taken_over(tmp_path: Path):
    claims = Claims(tmp_path)
    claims.claim("s1")
    (left,) = tmp_path.iterdir()
    content = left.read_bytes()
    claims.release("s1")
    left.write_bytes(b"999999999\n" + content)
    assert not claims.held("s1")
    claims.claim("s1")
    assert left.read_text() == f"{os.getpid()}\n"
    claims.release_all()


@pytest.mark.parametrize(
    "name", ["../../up", "/etc/passwd", "a\0b", "x" * 5_000, "naïve ✓", "\udcff"]
)
def test_no_id_leaves_the_folder(tmp_path: Path, name: str):
    claims = Claims(tmp_path / "live")
    claims.claim(name)
    assert claims.held(name)
    (file,) = (tmp_path / "live").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    claims.release_all()
    assert [path.name for path in tmp_path.iterdir()] == ["live"]


def test_looking_makes_no_folder(tmp_path: Path):
    assert not Claims(tmp_path / "live").held("s1")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_is_told_in_a_sentence(tmp_path: Path):
    (tmp_path / "live").write_text("in the way")
    with pytest.raises(JournalError, match="cannot be used"):
        Claims(tmp_path / "live").claim("s1")
