"""Names that need care."""

import pytest

from loopdeck.permissions.secrets.places import (
    HOME_SECRETS,
    SYSTEM_SECRETS,
    is_sensitive,
    sensitive_among,
)
from loopdeck.tools.sandbox import names
from tests.permissions.corpus import entries, themes


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        "app/.env.local",
        "A/.ENV",
        "server.pem",
        "/home/me/.ssh/config",
        ".aws/credentials",
        "id_rsa",
        "id_ed25519.old",
        "kubeconfig",
        "deploy/prod.kubeconfig",
        ".dockercfg",
        ".boto",
        "rclone.conf",
        "serviceAccountKey.json",
        "secrets/x.txt",
        "deploy/secrets/db_password",
        "secrets/id_work",
        "HEAD:secrets/db_password.txt",
        "main~2:.aws/config",
        ":0:.ssh/config",
        ".netrc",
        "~/.bash_history",
        "/proc/self/environ",
        "/etc/shadow",
        ".claude/settings.json",
        "/home/me/.config/gh/hosts.yml",
        "/var/run/secrets/kubernetes.io/token",
        "/proc/12/environ",
        "~/.cargo/credentials.toml",
        "~/.local/share/keyrings/login.keyring",
        "prod.env",
        "config/prod.env",
        "credentials.json",
        "config/secrets.yml",
        "secrets.prod.yaml",
        "main.tfvars",
        "terraform.tfstate",
        "id_work",
        "client_secret_123.json",
    ],
)
def test_secrets_are_known_by_name(path: str) -> None:
    assert is_sensitive(path)


@pytest.mark.parametrize(
    "path",
    [
        *("", ".", "README.md", ".env.example", "environment.py", "keys.py", "id_rsa.pub"),
        *("example.env", "id_map", "id_token", "id_field.py", "secrets.py", "credentials.ts"),
        *("docs/secrets.md", "main.tf", "env", "dot.environment"),
        *("src/secrets/places.py", "src/secrets", "tests/secrets/a.json", "secrets/README.md"),
    ],
)
def test_ordinary_files_are_not_secrets(path: str) -> None:
    assert not is_sensitive(path)


def test_what_a_sandbox_hides_is_what_asks_before_it_is_read() -> None:
    assert (names.HOME_SECRETS, names.SYSTEM_SECRETS) == (HOME_SECRETS, SYSTEM_SECRETS)
    for place in (*(f"/home/me/{name}" for name in HOME_SECRETS), *SYSTEM_SECRETS):
        assert is_sensitive(place), place
        assert list(sensitive_among([place], f"cat {place}")) == [place]


def words_of_the_corpus() -> list[str]:
    """Every word of every command, as they stand there."""
    return [word for theme in themes() for each in entries(theme) for word in each.command.split()]


def test_a_text_is_not_passed_over_where_one_of_its_words_needs_care() -> None:
    words = [*words_of_the_corpus(), "x.KEYSTORE", "/run//secrets/a"]
    for word in dict.fromkeys(words):
        text = f"before {word} behind"
        assert list(sensitive_among(text.split(), text)) == [word] * is_sensitive(word)


def test_each_word_is_named_once() -> None:
    text = "cat .env a .env b/.env"
    assert list(sensitive_among(text.split(), text)) == [".env", "b/.env"]
