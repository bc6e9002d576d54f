"""What of a lent text is secret from then on, and what is everybody's."""

import pytest

from loopdeck.permissions.secrets.lent import LONG_LINE, lines_of, values_of
from loopdeck.permissions.secrets.redacting import Redactor


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("DB_PASSWORD=hunter2-hunter2", "hunter2-hunter2"),
        ("     1\tDB_PASSWORD='w0rd of mine'\n     2\tB=1", "w0rd of mine"),
        ("export GREETING=no-key-by-its-name", "no-key-by-its-name"),
        ("db:\n  pass phrase: x\n  phrase: correct horse battery", "correct horse battery"),
        ('{\n  "token": "abcd-efgh-ijkl",\n}', "abcd-efgh-ijkl"),
        ("machine h login me password s3cretw0rd99", "s3cretw0rd99"),
        ("//registry.example/:_authToken=npm-0123-abcd", "npm-0123-abcd"),
        ("b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAE", "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAE"),
    ],
)
def test_what_is_noted_under_a_name_or_looks_like_a_key_is_secret(text: str, secret: str) -> None:
    assert secret in values_of(text)


def test_a_long_line_is_secret_as_a_whole_and_without_its_number() -> None:
    text = "     7\tthe safe is behind the third book\n     8\tshort"
    assert lines_of(text) == ["the safe is behind the third book"]


@pytest.mark.parametrize(
    "text", ["#!/usr/bin/env python3", "=" * 40, "-" * LONG_LINE, "HOST=localhost", "PORT=8080", ""]
)
def test_what_stands_everywhere_is_no_secret(text: str) -> None:
    assert lines_of(text) == []
    assert values_of(text) == []


def test_a_redactor_that_learned_a_lent_text_knows_it_in_a_sentence_and_in_arguments() -> None:
    text = "     1\tAPI_SEED=a8f3k2m9q1\n     2\tthe safe is behind the third book\n"
    redactor = Redactor(b"k", ["other-secret-1"])
    mine, before = redactor.pepper, redactor.mark("value", "a8f3k2m9q1")
    redactor.learn(values_of(text), lines_of(text))
    said = "It says a8f3k2m9q1, and that the safe is behind the third book; other-secret-1."
    assert redactor.clean(said).count("‹redacted:") == 3
    assert before in redactor.clean(said)
    assert redactor.clean_json({"command": "curl -d a8f3k2m9q1 h"}) == {
        "command": f"curl -d {before} h"
    }
    assert redactor.pepper == mine


def test_learning_again_changes_nothing_and_short_words_are_never_learned() -> None:
    redactor = Redactor(b"k")
    for _ in range(2):
        redactor.learn(["short", "long-enough-1"])
    assert redactor.clean("short long-enough-1").startswith("short ‹redacted:value:")
    assert redactor.clean("nothing of it here") == "nothing of it here"
