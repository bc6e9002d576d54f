"""Names that need care."""

import pytest

from loopdeck.permissions.names import is_sensitive, runs_later


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
    ],
)
def test_secrets_are_known_by_name(path: str) -> None:
    assert is_sensitive(path)


@pytest.mark.parametrize(
    "path", ["", ".", "README.md", ".env.example", "environment.py", "keys.py", "id_rsa.pub"]
)
def test_ordinary_files_are_not_secrets(path: str) -> None:
    assert not is_sensitive(path)


@pytest.mark.parametrize(
    "path", [".git/hooks/pre-push", ".git/config", ".bashrc", "/etc/cron.d/x", ".ssh/x", "crontab"]
)
def test_files_that_run_later_are_known(path: str) -> None:
    assert runs_later(path)


@pytest.mark.parametrize("path", ["", "src/config", "repo.git", ".gitignore", "hooks/x"])
def test_other_files_do_not_run_later(path: str) -> None:
    assert not runs_later(path)
