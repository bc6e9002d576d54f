"""`read_file`: ranges, long lines, binary files, caps."""

from pathlib import Path

import pytest

from loopdeck.errors import ToolError
from tests.tools.conftest import Run


async def test_lines_are_numbered(ws: Path, run: Run) -> None:
    (ws / "a").write_bytes(b"one\r\ntwo\nthree")
    assert (await run("read_file", path="a")).output == "     1\tone\n     2\ttwo\n     3\tthree"


async def test_a_range_says_how_to_go_on(ws: Path, run: Run) -> None:
    (ws / "a").write_text("".join(f"l{n}\n" for n in range(1, 11)))
    output = (await run("read_file", path="a", offset=3, limit=2)).output
    assert output == "     3\tl3\n     4\tl4\n[more follows; go on with offset=5]"


async def test_the_last_lines_have_no_such_note(ws: Path, run: Run) -> None:
    (ws / "a").write_text("1\n2\n3\n")
    assert (await run("read_file", path="a", offset=2, limit=2)).output.endswith("3\t3")


async def test_an_offset_behind_the_end_says_how_long_the_file_is(ws: Path, run: Run) -> None:
    (ws / "a").write_text("1\n2\n")
    with pytest.raises(ToolError, match="only 2 lines"):
        await run("read_file", path="a", offset=3)


async def test_an_empty_file_is_called_empty(ws: Path, run: Run) -> None:
    (ws / "a").touch()
    assert (await run("read_file", path="a")).output == "[the file is empty]"


async def test_a_long_line_is_cut_and_the_next_one_still_has_its_number(ws: Path, run: Run) -> None:
    (ws / "a").write_text("x" * 300_000 + "\nnext\n")
    first, second = (await run("read_file", path="a")).output.split("\n")
    assert "298.0 kB of this line left out" in first
    assert len(first) < 2_100
    assert second == "     2\tnext"


async def test_a_large_file_is_read_in_portions(ws: Path, run: Run) -> None:
    (ws / "a").write_text("y" * 99 + "\n")
    with (ws / "a").open("a") as file:
        file.writelines("y" * 99 + "\n" for _ in range(5_000))
    output = (await run("read_file", path="a")).output
    assert len(output) < 60_000
    assert "go on with offset=" in output.split("\n")[-1]


async def test_a_binary_file_is_named_with_its_size(ws: Path, run: Run) -> None:
    (ws / "logo.png").write_bytes(b"\x89PNG\0" + b"x" * 12_295)
    with pytest.raises(ToolError, match=r"logo\.png is a binary file of 12\.3 kB"):
        await run("read_file", path="logo.png")


async def test_invalid_utf8_is_replaced(ws: Path, run: Run) -> None:
    (ws / "a").write_bytes(b"caf\xe9\n")
    assert (await run("read_file", path="a")).output == "     1\tcaf\ufffd"
