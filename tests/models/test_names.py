"""Which model a name means."""

import sys
from pathlib import Path
from shlex import quote

import pytest

from loopdeck.errors import UnknownModel
from loopdeck.models import local
from loopdeck.models.anthropic import AnthropicModel
from loopdeck.models.names import DEFAULT_MODEL, resolve
from loopdeck.ports import Model
from tests.models.conformance import asking, gather
from tests.support.clock import FakeClock
from tests.support.message_script import Script, Text
from tests.support.messages_server import MessagesServer

KEY = {"ANTHROPIC_API_KEY": "key-1"}
SERVER = {"ANTHROPIC_BASE_URL": "http://localhost:11434"}


def named(name: str, env: dict[str, str]) -> Model:
    """The model of this name."""
    return resolve(name, env, clock=FakeClock())


@pytest.mark.parametrize(
    ("name", "env"),
    [
        (DEFAULT_MODEL, KEY),
        (DEFAULT_MODEL, {"ANTHROPIC_AUTH_TOKEN": "token-1"}),
        ("anthropic:anything", KEY),
        ("qwen3:8b", SERVER),
        (DEFAULT_MODEL, SERVER),
        ("gpt-oss", SERVER | KEY),
    ],
)
def test_a_name_with_a_key_or_a_server_is_a_model(name: str, env: dict[str, str]) -> None:
    model = named(name, env)
    assert isinstance(model, AnthropicModel)
    assert model.name == name


@pytest.mark.parametrize("name", ["scripted:pitches", "scripted:bugfix"])
def test_a_script_needs_neither_key_nor_server(name: str) -> None:
    assert named(name, {}).name == name


@pytest.mark.parametrize(
    ("name", "env"),
    [
        (DEFAULT_MODEL, {}),
        (DEFAULT_MODEL, {"ANTHROPIC_API_KEY": "  "}),
        ("gpt-4o", KEY),
        ("gpt-4o", {}),
    ],
)
def test_what_is_missing_is_said_with_all_ways_out(name: str, env: dict[str, str]) -> None:
    with pytest.raises(UnknownModel, match=name) as caught:
        named(name, env)
    ways = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "loopdeck demo")
    assert all(way in caught.value.hint for way in ways)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("name", "env", "said"),
    [
        ("gpt-4o", KEY, "it is openai:gpt-4o. OPENAI_API_KEY is not set"),
        ("gpt-4o", {"OPENAI_API_KEY": "k"}, "it is openai:gpt-4o.$"),
        ("gemini-3", {}, "it is gemini:gemini-3. GEMINI_API_KEY is not set"),
        ("qwen3:8b", KEY, "ANTHROPIC_BASE_URL names no server"),
    ],
)
def test_a_bare_name_is_told_what_it_lacks(name: str, env: dict[str, str], said: str) -> None:
    with pytest.raises(UnknownModel, match=said):
        named(name, env)


@pytest.mark.parametrize("name", ["", "  ", "anthropic:", "scripted:nothing", "anthropic:\x1b]0;x"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(UnknownModel) as caught:
        named(name, KEY)
    assert caught.value.hint


@pytest.mark.parametrize(
    "url", ["localhost:11434", "ftp://x", "http://", "http://[::1", "http://a:b"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UnknownModel, match="ANTHROPIC_BASE_URL"):
        named("m", {"ANTHROPIC_BASE_URL": url})


@pytest.mark.parametrize("key", ["smart “quotes”", "two words", "line\nbreak"])
def test_a_key_that_cannot_be_sent_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(UnknownModel) as caught:
        named(DEFAULT_MODEL, {"ANTHROPIC_API_KEY": key})
    assert "ANTHROPIC_API_KEY" in str(caught.value)
    assert key not in str(caught.value)


async def test_the_vendors_prefix_is_not_sent_and_a_doubled_path_is_mended() -> None:
    async with MessagesServer([Script((Text("Done."),))]) as server:
        env = KEY | {"ANTHROPIC_BASE_URL": f"{server.url}/v1/"}
        model = resolve("anthropic:claude-x", env, clock=FakeClock())
        assert isinstance(model, AnthropicModel)
        await gather(model, asking())
        await model.close()
    assert server.bodies[0]["model"] == "claude-x"


@pytest.mark.parametrize(
    ("name", "env"),
    [
        ("openai:gpt-x", {"OPENAI_API_KEY": "k"}),
        ("openai:org/any", {"OPENAI_BASE_URL": "http://localhost:1/v1"}),
        ("gemini:gemini-x", {"GOOGLE_API_KEY": "k"}),
        ("gemini:gemini-x", {"GEMINI_API_KEY": "k"}),
        ("http://localhost:11434#qwen3", {}),
        ("https://models.example/api/v1", {"LOOPDECK_SERVER_KEY": "k"}),
    ],
)
def test_other_vendors_and_servers_have_names_of_their_own(name: str, env: dict[str, str]) -> None:
    assert named(name, env).name == name


@pytest.mark.parametrize(
    ("name", "key"), [("openai:gpt-x", "OPENAI_API_KEY"), ("gemini:m", "GEMINI_API_KEY")]
)
def test_a_missing_key_is_named(name: str, key: str) -> None:
    with pytest.raises(UnknownModel, match=name) as caught:
        named(name, KEY)
    assert key in caught.value.hint


@pytest.mark.parametrize("name", ["openai:", "gemini: ", "gemini:../v1/x", "gemini:a/b", "http://"])
def test_a_name_that_cannot_be_sent_is_refused(name: str) -> None:
    with pytest.raises(UnknownModel) as caught:
        named(name, {"OPENAI_API_KEY": "k", "GEMINI_API_KEY": "k"})
    assert caught.value.hint


def test_a_file_of_weights_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(UnknownModel, match="no file of weights"):
        named(f"local:{tmp_path}/none.gguf", {})
    for nothing in ("local:", "local: "):
        with pytest.raises(UnknownModel, match="local: names no file of weights") as caught:
            named(nothing, {})
        assert caught.value.hint == "Name a GGUF file: local:FILE.gguf."


def test_what_a_local_model_needs_is_one_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "small.gguf").write_bytes(b"GGUF")
    monkeypatch.setattr(local, "PACKAGE", "no_such_package")
    with pytest.raises(UnknownModel) as caught:
        named(f"local:{tmp_path}/small.gguf", {})
    assert caught.value.hint == f"{quote(sys.executable)} -m pip install 'loopdeck[local]'"
