"""What a config file may say, and that all of it is read."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from loopdeck.app.keys.keymap import remap
from loopdeck.cli.config import Price, Settings, load_settings, parse_settings
from loopdeck.errors import ConfigError
from loopdeck.permissions.rules.load import load_rules
from loopdeck.session.values import Limits

ROOT = Path(__file__).parents[2]


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "config.toml", named=False) == Settings()


def test_a_file_that_was_named_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There is no config file"):
        load_settings(tmp_path / "config.toml", named=True)


def test_every_setting_is_read() -> None:
    settings = parse_settings(
        """
        model = "claude-x"
        level = 4
        theme = "daylight"
        max_output_tokens = 4000
        thinking = false
        sandbox = false
        limits = {steps = 3, tokens = 5, cost_usd = 1, minutes = 2.5}
        keys = {approve = "f2"}
        prices = {m = {input = 1, output = 2.5}}
        rule = [{decide = "deny", match = "shell(rm *)"}]
        """,
        "config.toml",
    )
    assert settings == Settings(
        model="claude-x",
        level=4,
        theme="daylight",
        max_output_tokens=4000,
        thinking=False,
        sandbox=False,
        limits=Limits(steps=3, tokens=5, cost_usd=1.0, minutes=2.5),
        keys={"approve": "f2"},
        prices={"m": Price(input=1.0, output=2.5)},
        rule=[{"decide": "deny", "match": "shell(rm *)"}],
    )


def test_the_example_in_the_documentation_names_every_setting_and_works() -> None:
    text = (ROOT / "docs" / "config.md").read_text("utf-8")
    example = text.partition("```toml\n")[2].partition("```")[0]
    settings = parse_settings(example, "config.md")
    assert settings.model_fields_set == set(Settings.model_fields)
    assert remap(settings.keys)
    assert load_rules(settings.rule, datetime.now(UTC))


def test_numbers_in_words_are_not_numbers() -> None:
    with pytest.raises(ConfigError, match=r"c\.toml: level: ") as caught:
        parse_settings('level = "3"', "c.toml")
    assert caught.value.hint


def test_a_wrong_name_is_set_right() -> None:
    with pytest.raises(ConfigError, match=r"themes: no such setting. Did you mean theme\?"):
        parse_settings('themes = "daylight"', "c.toml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[limits]\nmax_steps = 3", "limits.max_steps: no such setting. Did you mean steps?"),
        ("[mcp.server.git]", "mcp.server: no such setting. Did you mean servers?"),
        ("[mcp]\nx = 1", "mcp.x: no such setting."),
        ('[mcp.servers.git]\nurls = "x"', "git.urls: no such setting. Did you mean url?"),
        ("[prices.gpt]\ninputs = 1\noutput = 2", "prices.gpt.input: it is missing."),
        ('[prices]\ngpt = "5"', "prices.gpt: it has to be a table of names and values."),
        ('level = "3"', "level: it has to be a whole number."),
        ("model = 3", "model: it has to be a text, in quotes."),
        ('bell = "no"', "bell: it has to be true or false."),
        ('notify = "me"', "notify: it has to be a list, in square brackets."),
        ("keys = 3", "keys: it has to be a table of names and values."),
    ],
)
def test_what_is_wrong_is_said_in_words_of_the_file(text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_settings(text, "c.toml")
    assert str(caught.value).endswith(words)
