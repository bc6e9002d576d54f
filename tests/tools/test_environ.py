"""What a command finds in its environment: no secrets, by name or by look, and what it needs."""

from pathlib import Path

import pytest

from loopdeck.tools.environ import scrubbed


def left(name: str, value: str = "x") -> bool:
    return name in scrubbed({name: value}, Path("/ws"), strict=False)


@pytest.mark.parametrize(
    "name",
    [
        *("MYSQL_PWD", "ADMIN_PW", "CI_JOB_JWT", "CI_JOB_JWT_V2", "COOKIE", "SESSION_COOKIE"),
        *("PG_CONN", "AZURE_STORAGE_CONNECTION_STRING", "DB_PASS", "NPM_AUTH", "CARD_PIN"),
        *("GITHUB_TOKEN", "AWS_PROFILE", "PGPASSWORD"),
    ],
)
def test_what_its_name_calls_a_secret_is_kept_back(name: str) -> None:
    assert not left(name)


def test_an_address_with_a_password_in_it_is_kept_back() -> None:
    assert not left("REDIS", "redis://:hunter2@host/0")
    assert not left("QUEUE", "amqp://me:hunter2@host")
    assert left("REDIS", "redis://host:6379/0")


@pytest.mark.parametrize("name", ["HOME", "LANG", "USER", "SHLVL", "SSH_AUTH_SOCK"])
def test_what_programs_need_is_left(name: str) -> None:
    assert left(name)
