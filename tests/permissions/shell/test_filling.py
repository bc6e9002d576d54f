"""Programs that write files of their own naming: into a folder, or beside what they were given."""

import pytest

from loopdeck.permissions.shell import Place, classify
from loopdeck.session.values import Category, listed

PLACE = Place(
    workspace="/ws",
    home="/home/dev",
    there=lambda path: path in ("/ws/notes.md", "/ws/docs", "/ws/dist"),
    folder={"/ws/docs", "/ws/dist", "/ws/empty"}.__contains__,
    unsaved=lambda path: path in ("/ws/notes.md", "/ws/*.tgz"),
    unsaved_below=lambda folder, _: folder in ("/ws/docs", "/ws/dist"),
    spares=lambda path: path not in ("/ws/notes.md", "/ws/docs", "/ws/dist"),
)
FILLERS = (
    "coverage html -d {}",
    "coverage html -d {} src/a.py",
    "tsc --outDir {}",
    "tsc --outDir {} src/a.ts",
    "sphinx-build src {}",
    "cargo build --target-dir {}",
    "go build -o {}/ ./...",
    "cmake -B {}",
)


@pytest.mark.parametrize("command", FILLERS)
def test_a_folder_that_holds_other_things_is_not_filled_unasked(command: str) -> None:
    assert classify(command.format("docs"), PLACE).category is Category.DESTRUCTIVE


@pytest.mark.parametrize("command", FILLERS)
@pytest.mark.parametrize("folder", ["new", "empty", "dist"])
def test_a_folder_of_its_own_is_filled_again_and_again(command: str, folder: str) -> None:
    assert classify(command.format(folder), PLACE).category is Category.WRITE


def test_a_package_comes_where_an_older_one_may_be() -> None:
    assert classify("npm pack", PLACE).category is Category.DESTRUCTIVE
    assert classify("npm pack --dry-run", PLACE).category is Category.WRITE
    assert classify("npm pack --pack-destination empty", PLACE).category is Category.WRITE


@pytest.mark.parametrize(
    ("command", "writes"),
    [
        ("gzip notes.md", ["notes.md", "notes.md.gz"]),
        ("gunzip a.csv.gz", ["a.csv.gz", "a.csv"]),
        ("xz -k notes.md", ["notes.md", "notes.md.xz"]),
        ("bunzip2 a.bz2", ["a.bz2", "a"]),
    ],
)
def test_what_is_packed_is_found_beside_it(command: str, writes: list[str]) -> None:
    said = classify(command, PLACE)
    assert said.category is Category.WRITE
    assert listed(said.facts, "writes") == writes


@pytest.mark.parametrize(
    "command",
    [
        "gzip notes.md && rm notes.md.gz",
        "gzip notes.md; date > notes.md.gz",
        "gunzip a.gz && rm a",
        "xz notes.md && rm -f notes.md.xz",
    ],
)
def test_what_came_there_is_lost_with_the_packed_file(command: str) -> None:
    assert classify(command, PLACE).category is Category.DESTRUCTIVE
