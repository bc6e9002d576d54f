"""Texts of any size: every line is found, little is read, and no other file is opened."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loopdeck.app.panes.bigtext import BLOCK, LONGEST, FileText, Lines, ShortText
from loopdeck.errors import LoopdeckError


def log(folder: Path, data: bytes) -> FileText:
    """A file as Loopdeck writes them, looked through to its end."""
    path = folder / "shell-x1.log"
    path.write_bytes(data)
    text = FileText(str(path))
    while text.more():
        pass
    return text


def lines(text: Lines) -> list[str]:
    """Every line."""
    return [text.line(number) for number in range(text.count)]


@settings(max_examples=40)
@given(st.lists(st.text(alphabet="ab 漢", max_size=6), min_size=1, max_size=40), st.booleans())
def test_every_line_is_found(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str], end: bool
) -> None:
    rows[-1] = rows[-1] or "last"
    text = log(tmp_path_factory.mktemp("spool"), ("\n".join(rows) + "\n" * end).encode())
    assert lines(text) == rows
    text.close()


def test_lines_are_found_on_both_sides_of_every_block(tmp_path: Path) -> None:
    row = b"x" * 99 + b"\n"
    text = log(tmp_path, b"".join(b"%06d" % at + row[6:] for at in range(BLOCK * 3 // 100)))
    near = [block * BLOCK // 100 + gap for block in (1, 2) for gap in (-1, 0, 1)]
    assert [text.line(at)[:6] for at in near] == [f"{at:06}" for at in near]
    assert text.line(text.count - 1)[:6] == f"{text.count - 1:06}"
    text.close()


def test_a_file_without_line_breaks_is_one_line_of_which_the_beginning_is_read(
    tmp_path: Path,
) -> None:
    text = log(tmp_path, b"y" * BLOCK * 2)
    assert text.count == 1
    assert text.line(0) == "y" * LONGEST + " … this line goes on"
    text.close()


def test_an_empty_file_and_a_closed_one_have_nothing(tmp_path: Path) -> None:
    text = log(tmp_path, b"")
    assert text.count == 0
    text.close()
    text.close()
    assert not text.more()
    assert text.line(0) == ""


def test_a_text_in_memory_has_its_lines() -> None:
    assert lines(ShortText("a\nb\n")) == ["a", "b"]
    assert not ShortText("a").more()


def test_what_is_no_output_of_ours_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "id_rsa").write_text("secret")
    (tmp_path / "shell-link.log").symlink_to(tmp_path / "id_rsa")
    os.mkfifo(tmp_path / "shell-pipe.log")
    (tmp_path / "shell-folder.log").mkdir()
    for name in ("id_rsa", "shell-link.log", "shell-pipe.log", "shell-folder.log", "shell-0.log"):
        with pytest.raises(LoopdeckError):
            FileText(str(tmp_path / name))
    with pytest.raises(LoopdeckError):
        FileText("shell-\0.log")
