"""An editor of one's own changes a text, or says in words why not."""

from pathlib import Path

import pytest

from loopdeck.cli.editor import edit, editor_of
from loopdeck.errors import UsageError


def script(folder: Path, body: str) -> dict[str, str]:
    """An environment whose editor is a script with an argument of its own."""
    path = folder / "my editor"
    path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    path.chmod(0o700)
    return {"EDITOR": f"'{path}' --wait"}


async def test_the_text_comes_back_as_the_editor_left_it(tmp_path: Path) -> None:
    env = script(tmp_path, 'test "$1" = --wait && printf "more ✓\\n\\n" >> "$2"')
    assert await edit("one\n", env) == "one\nmore ✓"


async def test_the_file_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    env = script(
        tmp_path, f'ls -ld "$(dirname "$2")" > {tmp_path}/seen; echo "$2" > {tmp_path}/name'
    )
    await edit("secret", env)
    assert (tmp_path / "seen").read_text("utf-8").startswith("drwx------")
    assert not Path((tmp_path / "name").read_text("utf-8").strip()).exists()


@pytest.mark.parametrize("body", ["exit 3", "kill -SEGV $$"])
async def test_an_editor_that_fails_is_a_sentence_and_changes_nothing(
    tmp_path: Path, body: str
) -> None:
    with pytest.raises(UsageError, match="ended with code"):
        await edit("one", script(tmp_path, body))


async def test_an_editor_that_leaves_no_text_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        await edit("one", script(tmp_path, 'printf "\\377" > "$2"'))


async def test_an_editor_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(UsageError, match="cannot be started"):
        await edit("one", {"VISUAL": "no-such-editor-here"})


def test_visual_comes_before_editor_and_the_usual_ones_after_both() -> None:
    assert editor_of({"VISUAL": "a -b", "EDITOR": "c"}) == ["a", "-b"]
    assert editor_of({"VISUAL": " ", "EDITOR": "c"}) == ["c"]
    with pytest.raises(UsageError, match="no editor"):
        editor_of({"PATH": ""})
    with pytest.raises(UsageError, match="cannot be read"):
        editor_of({"EDITOR": "'half"})
