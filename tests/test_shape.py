"""The shape of the code: short files, short functions, small classes, each file with one job.

There are no exceptions here. A file that grows too long is two files.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
SCRIPTS = sorted((ROOT / "scripts").rglob("*.py"))

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


def test_no_public_name_is_there_for_the_tests_alone():
    used = {name for path in (*SOURCES, *SCRIPTS) for name in _used(_tree(path))}
    offenders = [
        f"{_name(path)}:{line} {name}"
        for path in SOURCES
        for line, name in _public(_tree(path))
        if name.rpartition(".")[2] not in used
    ]
    assert not offenders, "\nnobody calls or reads these:\n" + "\n".join(offenders)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _used(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name, ctx=ast.Load()):
                yield name
            case ast.MatchClass(kwd_attrs=names):
                yield from names
            case ast.Constant(value=str(text)) if text.isidentifier():  # a table of names
                yield text
            case _:
                pass


def _public(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """What a module offers, and its classes that inherit nothing: others may be asked by a base."""
    for node in tree.body:
        for name in _made(node):
            if not name.startswith("_"):
                yield node.lineno, name
        if isinstance(node, ast.ClassDef) and not node.bases:
            for part in node.body:
                names = (name for name in _made(part) if not name.startswith("_"))
                yield from ((part.lineno, f"{node.name}.{name}") for name in names)


def _made(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [node.name]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.Assign(targets=[ast.Name(id=name)]):
            return [name]
        case _:
            return []


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _too_long(path: Path, limit: int) -> Iterator[str]:
    count = len(path.read_text(encoding="utf-8").splitlines())
    if count > limit:
        yield f"{_name(path)}: {count} lines, {limit} allowed"


def _too_big(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
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
