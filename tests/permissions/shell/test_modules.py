"""`python -m NAME` is a read where nothing of the workspace can be taken for a module."""

from collections.abc import Mapping
from fnmatch import fnmatchcase

import pytest

from loopdeck.permissions.shell import Place, classify
from loopdeck.session.values import Category

_PATTERNS = ("*.py", "*.pyc", "*.so", "*/__init__.py", "*/__init__.pyc", "*/__init__*.so")


def judged(command: str, *names: str, crowded: bool = False) -> Category:
    found: Mapping[str, tuple[str, ...]] = {
        f"/ws/{pattern}": tuple(f"/ws/{name}" for name in names if _fits(pattern, name))
        for pattern in _PATTERNS
    }
    place = Place(
        workspace="/ws",
        standing_for=(lambda _: None) if crowded else found.get,
        there=lambda path: any(f"/ws/{name}".startswith(f"{path}/") for name in names),
    )
    return classify(command, place).category


def _fits(pattern: str, name: str) -> bool:
    return pattern.count("/") == name.count("/") and fnmatchcase(name, pattern)


@pytest.mark.parametrize(
    "command",
    ["python -m json.tool a.json", "python3 -m pip list", "python -m pip show x | head"],
)
def test_a_module_that_came_with_python_or_a_program_may_read(command: str) -> None:
    assert judged(command) is Category.READ
    assert judged(command, "setup.py", "conftest.py", "src/__init__.py") is Category.READ


def test_what_no_standard_module_is_called_like_is_loaded_by_none() -> None:
    assert judged("python -m json.tool a.json", "shop.py", "shop/__init__.py") is Category.READ
    assert judged("python -m pip list", "brotli.py") is Category.WRITE


@pytest.mark.parametrize(
    "name",
    [
        *("argparse.py", "argparse.so", "argparse.abi3.so", "re.cpython-311-linux.so"),
        *("json/__init__.py", "json/tool.py", "argparse/__init__.so", "argparse/__init__.pyc"),
        *("argparse/__init__.abi3.so", "argparse/__init__.cpython-311-linux.so"),
    ],
)
def test_what_may_be_loaded_in_its_place_is_the_projects_code(name: str) -> None:
    assert judged("python -m json.tool a.json", name) is Category.WRITE


@pytest.mark.parametrize(
    "command",
    [
        "python -m shop",
        "python -W error::shop.X -m json.tool a.json",
        "cd $x && python -m json.tool a.json",
        "./bin/python -m json.tool a.json",
        "python -m $m",
    ],
)
def test_any_other_way_to_run_a_module_runs_code(command: str) -> None:
    assert judged(command) is not Category.READ


def test_where_there_is_too_much_to_look_at_nothing_is_believed() -> None:
    assert judged("python -m json.tool a.json", crowded=True) is Category.WRITE
