"""`loopdeck models`: what the servers that are configured say they have."""

import json

import pytest

from loopdeck.cli import models
from loopdeck.cli.config import Settings
from loopdeck.cli.models import offered
from tests.support.dialects import Chat, Gemini, Responses
from tests.support.messages_server import serving
from tests.support.program import Program, program

__all__ = ["program"]


@pytest.fixture(autouse=True)
def _nobody_near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "NEAR", dict[int, str]())


def test_every_server_that_is_configured_is_asked(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        serving([], key="k1") as claude,
        serving([], speaks=Responses(), key="k2") as openai,
        serving([], speaks=Gemini(), key="k3") as gemini,
        serving([], speaks=Chat()) as near,
    ):
        for name, value in {
            "ANTHROPIC_BASE_URL": claude.url,
            "ANTHROPIC_API_KEY": "k1",
            "OPENAI_BASE_URL": f"{openai.url}/v1",
            "OPENAI_API_KEY": "k2",
            "GOOGLE_GEMINI_BASE_URL": gemini.url,
            "GOOGLE_API_KEY": "k3",
        }.items():
            monkeypatch.setenv(name, value)
        port = int(near.url.rpartition(":")[2])
        monkeypatch.setattr(models, "NEAR", {port: "Ollama", 1: "nobody"})
        ran = program("models", "--json")
        shown = program("models")
    names = ["fake", "openai:fake", "gemini:fake", f"{near.url}#fake"]
    assert ran.code == 0
    assert [line["name"] for line in ran.lines] == names
    assert [line["server"] for line in ran.lines][-1] == "Ollama"
    assert all(name in shown.out for name in names)
    assert "k1" not in shown.out + json.dumps(ran.lines)


def test_prices_sizes_and_the_chosen_one_are_told(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = program.folder / "config.toml"
    with serving([], speaks=Chat()) as server:
        name = f"{server.url}#fake"
        config.write_text(f'model = "{name}"\n[prices."fake"]\ninput = 3.0\noutput = 15.0\n')
        ran = program("models", "--json", "--config", str(config))
    (line,) = ran.lines
    assert (line["name"], line["chosen"]) == (name, True)
    assert (line["input"], line["output"]) == (3.0, 15.0)


def test_a_server_that_cannot_be_asked_is_a_sentence(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving([], speaks=Responses(), key="right") as server:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.url}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "wrong")
        ran = program("models")
    assert (ran.code, ran.out) == (1, "")
    assert "does not accept the key" in ran.err
    assert "OPENAI_API_KEY" in ran.err


def test_without_any_key_it_says_where_to_read_on(program: Program) -> None:
    ran = program("models")
    assert (ran.code, ran.out) == (0, "")
    assert "docs/models.md" in ran.err


async def test_what_somebody_named_is_offered_before_any_server_is_asked() -> None:
    prices = {"openai:mine": {"input": 1, "output": 2}}
    settings = Settings.model_validate({"model": "gemini:x", "prices": prices})
    offers, troubles = await offered(settings, ["claude-a", "gemini:x"], {}, ask=False)
    assert [one.name for one in offers] == ["claude-a", "gemini:x", "openai:mine"]
    assert (offers[2].input, offers[2].output, troubles) == (1, 2, [])
