"""Whatever a server fails with becomes one sentence in which nothing hides."""

import pytest

from loopdeck.errors import ToolError
from loopdeck.tools.mcp.troubles import MOST_ERROR, sentence


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ToolError("It lies."), "It lies."),
        (FileNotFoundError(2, "no", "no-such"), "There is no program no-such."),
        (FileNotFoundError(2, "No such file"), "It cannot be started: No such file."),
        (PermissionError(13, "Permission denied"), "It cannot be started: Permission denied."),
        (ValueError("odd\x1b[2J\nmore"), "odd␛[2J."),
        (RuntimeError(), "RuntimeError."),
        (ExceptionGroup("all", [ExceptionGroup("some", [ValueError("first")])]), "first."),
    ],
)
def test_an_error_is_a_sentence(error: BaseException, words: str) -> None:
    assert sentence(error) == words


def test_an_endless_one_is_cut() -> None:
    assert len(sentence(ValueError("x" * 5_000))) == MOST_ERROR + 1
