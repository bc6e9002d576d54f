"""The pages made from the code say what it says, and the pages about it name what is there."""

import re
from pathlib import Path

import pytest

from scripts import make_events_doc
from tests.support.anyevent import KINDS

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src" / "loopdeck"
PAGES = ["docs/architecture.md", "docs/where-things-are.md", "CONTRIBUTING.md", "README.md"]
# `deck/screen.py` or `tools/web/`: a path, written as code.
PATH = re.compile(r"`((?:[\w.]+/)+(?:\w+\.(?:py|md|toml|sh))?|\w+\.py)`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def test_the_events_page_is_up_to_date():
    page = make_events_doc.TARGET.read_text(encoding="utf-8")
    assert page == make_events_doc.render(), "run `make docs`"


def test_the_events_page_names_every_kind_and_every_field():
    page = make_events_doc.render()
    for kind in KINDS:
        start = page.index(f"### `{kind.model_fields['type'].default}`")
        section = page[start : page.index("\n#", start + 1)]
        missing = [name for name in kind.model_fields if name not in section and name != "type"]
        assert not missing


@pytest.mark.parametrize("page", PAGES)
def test_every_page_that_a_page_links_to_is_there(page: str):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = LINK.findall(text)
    assert links
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES[:2])
def test_every_file_that_the_map_names_is_there(page: str):
    named = _paths_by_line((ROOT / page).read_text(encoding="utf-8"))
    assert len(named) > 10
    assert [path for path, folders in named if not _is_there(path, folders)] == []


def _paths_by_line(text: str) -> list[tuple[str, list[Path]]]:
    """Each path with the folders it may be meant in: the top ones, and those of its own line."""
    named: list[tuple[str, list[Path]]] = []
    folder = SOURCES
    for line in text.splitlines():
        paths = PATH.findall(line)
        if line.startswith("## "):
            folder = SOURCES / "".join(paths)
        beside = [(SOURCES / path) for path in paths]
        near = [path if path.suffix == "" else path.parent for path in beside]
        named += [(path, [ROOT, SOURCES, folder, *near]) for path in paths]
    return named


def _is_there(path: str, folders: list[Path]) -> bool:
    return any((folder / path).exists() for folder in folders)
