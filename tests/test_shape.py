"""The shape of the code: short files, short functions, small classes, each file with one job.

There are no exceptions here. A file that grows too long is two files.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

FILE_LINES = 300
TEST_FILE_LINES = 400
FUNCTION_LINES = 40
CLASS_METHODS = 20
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def test_every_file_function_and_class_is_small():
    offenders = [
        *(found for path in SOURCES for found in _too_long(path, FILE_LINES)),
        *(found for path in TESTS for found in _too_long(path, TEST_FILE_LINES)),
        *(found for path in SOURCES for found in _too_big(path)),
    ]
    assert not offenders, "\n" + "\n".join(offenders)


def test_every_file_begins_by_saying_its_job():
    offenders = [_name(path) for path in SOURCES if not _says_its_job(path)]
    assert not offenders, "\nfirst line is no sentence in a docstring:\n" + "\n".join(offenders)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _too_long(path: Path, limit: int) -> Iterator[str]:
    count = len(path.read_text(encoding="utf-8").splitlines())
    if count > limit:
        yield f"{_name(path)}: {count} lines, {limit} allowed"


def _too_big(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, FUNCTIONS):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"{_place(path, node)}: {lines} lines, {FUNCTION_LINES} allowed"
        elif isinstance(node, ast.ClassDef):
            methods = sum(isinstance(part, FUNCTIONS) for part in node.body)
            if methods > CLASS_METHODS:
                yield f"{_place(path, node)}: {methods} methods, {CLASS_METHODS} allowed"


def _place(path: Path, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    return f"{_name(path)}:{node.lineno} {node.name}"


def _says_its_job(path: Path) -> bool:
    lines = path.read_text(encoding="utf-8").splitlines()
    first = lines[0] if lines else ""
    sentence = first.removeprefix('"""').removesuffix('"""').rstrip()
    return first.startswith('"""') and sentence.endswith((".", "!", "?")) and len(sentence) > 3
