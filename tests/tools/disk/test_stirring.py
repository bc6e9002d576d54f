"""A watch over files: it returns with the first change, whatever kind it is."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from loopdeck.tools.disk.stirring import FileWatch


def written(path: Path) -> None:
    """Other content of the same size, put in the place of the old."""
    (path.parent / "new").write_text("two")
    (path.parent / "new").replace(path)


def touched(path: Path) -> None:
    """The same content, later."""
    os.utime(path, ns=(1, 1))


def gone(path: Path) -> None:
    """No file any more."""
    path.unlink()


@pytest.mark.parametrize("change", [written, touched, gone])
async def test_it_returns_when_a_file_changes_and_not_before(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    path, other = tmp_path / "a", tmp_path / "b"
    path.write_text("one")
    seen = asyncio.ensure_future(FileWatch(0.001).changed([str(other), str(path)]))
    done, _ = await asyncio.wait({seen}, timeout=0.05)
    assert not done
    change(path)
    await asyncio.wait_for(seen, 10)


async def test_a_file_that_comes_is_a_change_and_no_file_never_changes(tmp_path: Path) -> None:
    watch = FileWatch(0.001)
    nothing = asyncio.ensure_future(watch.changed([]))
    seen = asyncio.ensure_future(watch.changed([str(tmp_path / "a")]))
    await asyncio.wait({seen}, timeout=0.02)
    (tmp_path / "a").touch()
    await asyncio.wait_for(seen, 10)
    assert not nothing.done()
    nothing.cancel()
