"""The names a sandbox cares about: what nobody may plant, what nobody may see, what tools need."""

from loopdeck.permissions.obeyed import OBEYED, PLANTABLE, STARTUP
from loopdeck.permissions.secrets.places import HOME_SECRETS, SYSTEM_SECRETS

__all__ = [
    "GIT_OBEYED",
    "GIT_WATCHED",
    "HOME_SECRETS",
    "OBEYED",
    "OTHERS",
    "PLANTABLE",
    "PRIVATE",
    "RUN_NEEDED",
    "SHARED",
    "SHARED_TOOLCHAINS",
    "STARTUP",
    "SYSTEM_SECRETS",
    "TOOLCHAINS",
]

GIT_OBEYED = ("config", "hooks")
# Git takes these for settings as soon as they exist, and fails where an empty thing lies there.
GIT_WATCHED = ("commondir", "config.worktree")

# What languages keep in a home and cannot work without: programs and read-only caches.
TOOLCHAINS = (
    ".asdf",
    ".bun/bin",
    ".cache/ms-playwright",
    ".cache/pip",
    ".cache/pre-commit",
    ".cargo/bin",
    ".cargo/env",
    ".cargo/git",
    ".cargo/registry",
    ".deno/bin",
    ".goenv",
    ".local/bin",
    ".local/lib",
    ".local/pipx",
    ".local/share/fnm",
    ".local/share/mise",
    ".local/share/pipx",
    ".local/share/pnpm",
    ".local/share/uv",
    ".m2/repository",
    ".nvm",
    ".pyenv",
    ".rbenv",
    ".rustup",
    ".sdkman",
    ".volta",
    "anaconda3",
    "go/bin",
    "go/pkg/mod",
    "mambaforge",
    "miniconda3",
    "miniforge3",
)

# Sockets of services, other people's files, and places that everybody may write to.
SHARED = ("/tmp", "/var/tmp")
PRIVATE = (*SHARED, "/run")
OTHERS = ("/home", "/root", "/mnt/c/Users")
# Programs that everybody uses although they lie in somebody's home.
SHARED_TOOLCHAINS = ("/home/linuxbrew/.linuxbrew",)
# Parts of /run without which programs or names are not found.
RUN_NEEDED = (
    "/run/current-system",
    "/run/opengl-driver",
    "/run/systemd/resolve/resolv.conf",
    "/run/systemd/resolve/stub-resolv.conf",
)
