"""What other programs run or obey later by themselves: one table for the floor and the sandbox.

What a build or a test run starts (`Makefile`, `package.json`) is not here: it runs when somebody
asks for it.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from loopdeck.permissions.pathnames import names_in

# Settings of agents and editors, which act on them as soon as they lie in a folder.
_PLANTED: Final = (
    ".claude",
    ".codex",
    ".cursor",
    ".gemini",
    ".idea",
    ".loopdeck",
    ".mcp.json",
    ".vscode",
    "loopdeck.toml",
)
_SETTINGS: Final = (
    ".aider",
    ".aider.conf.yml",
    ".amazonq",
    ".augment",
    ".cline",
    ".continue",
    ".crush",
    ".crush.json",
    ".devcontainer",
    ".devcontainer.json",
    ".dir-locals.el",
    ".exrc",
    ".factory",
    ".fleet",
    ".gdbinit",
    ".goose",
    ".junie",
    ".kiro",
    ".lldbinit",
    ".nvim.lua",
    ".opencode",
    ".pdbrc",
    ".qwen",
    ".roo",
    ".trae",
    ".windsurf",
    ".zed",
    "crush.json",
    "opencode.json",
    "opencode.jsonc",
)
# What git runs when somebody commits, and what a shell runs when somebody enters the folder.
_HOOKS: Final = (
    ".envrc",
    ".githooks",
    ".husky",
    ".lefthook.json",
    ".lefthook.toml",
    ".lefthook.yaml",
    ".lefthook.yml",
    ".mise.local.toml",
    ".mise.toml",
    ".overcommit.yml",
    ".pre-commit-config.yaml",
    ".pre-commit-config.yml",
    "lefthook-local.yml",
    "lefthook.json",
    "lefthook.toml",
    "lefthook.yaml",
    "lefthook.yml",
    "mise.local.toml",
    "mise.toml",
)
CHOOSERS: Final = (
    ".corepack.env",
    ".prototools",
    ".terraform-version",
    ".tool-versions",
    "rust-toolchain",
    "rust-toolchain.toml",
)
"""What names the programs that run in a folder: a path will do for some of them."""
_SHELL: Final = (
    ".bash_aliases",
    ".bash_login",
    ".bash_logout",
    ".bash_profile",
    ".bashrc",
    ".gitconfig",
    ".inputrc",
    ".profile",
    ".xinitrc",
    ".xprofile",
    ".zlogin",
    ".zlogout",
    ".zprofile",
    ".zshenv",
    ".zshrc",
)

# What agents take for the words of their human.
_ORDERS: Final = frozenset(
    {".clinerules", ".cursorrules", ".goosehints", ".roorules", ".windsurfrules", "agent.md"}
    | {"agents.md", "agents.override.md", "claude.local.md", "claude.md", "copilot-instructions.md"}
    | {".rules", "gemini.md", "qwen.md", "warp.md"}
)
# Settings beside a project's own build that name programs for it, where hardly anybody looks.
_BUILDERS: Final = frozenset({".pnpmfile.cjs", ".yarnrc", ".yarnrc.yml"})
_BUILDER_PLACES: Final = re.compile(r"(?:^|/)\.cargo/config(?:\.toml)?$")
# What each Python runs that finds them on its path, before anything else.
_PYTHON: Final = frozenset({"sitecustomize.py", "usercustomize.py"})
_HOOK_FOLDERS: Final = frozenset({".githooks", ".husky"})

PLANTABLE: Final = (".git", *_PLANTED)
"""Neither changed nor made at the top of a workspace by what a sandbox holds."""
OBEYED: Final = (*_SETTINGS, *_HOOKS)
"""The same, where they exist; too rare to be worth an empty folder while a command runs."""
STARTUP: Final = (*_SHELL, ".config", ".local/bin")
"""The same, where a home is itself the workspace."""

_AGENTS: Final = frozenset({*_PLANTED, *_SETTINGS})
_LATER: Final = frozenset({*_HOOKS, *CHOOSERS})
_START_FILES: Final = frozenset({*_SHELL, "config.fish", "authorized_keys", "crontab"})
_START_FOLDERS: Final = frozenset(
    {".git", ".ssh", "cron.d", "cron.daily", "cron.hourly", "launchagents", "launchdaemons"}
    | {"autostart"}
)
_START_PLACES: Final = re.compile(
    r"(?:^|/)(?:systemd/(?:user|system)|etc/profile(?:\.d)?|\.local/bin)(?:/|$)"
)
_START_HINTS: Final = (*_START_FILES, *_START_FOLDERS, "systemd", "profile", ".local")
# What runs with a project's own secrets once it is pushed.
_PUSHED: Final = re.compile(
    r"(?:^|/)(?:\.github(?:$|/(?:workflows|actions)(?:/|$))"
    r"|\.(?:circleci|buildkite|woodpecker|gitea/workflows|forgejo/workflows)(?:/|$)"
    r"|(?:\.gitlab-ci|\.travis|\.drone|\.woodpecker|\.cirrus|\.appveyor|appveyor"
    r"|azure-pipelines|bitbucket-pipelines)\.ya?ml$|jenkinsfile$)"
)


_MARKED: Final = frozenset({"config", "config.toml", "jenkinsfile", *_PYTHON, *_ORDERS, *_BUILDERS})
_ENDINGS: Final = (".code-workspace", ".pth", ".yaml", ".yml")


def obeyed_by(path: str) -> str:
    """Who runs or obeys a file of this name later, as the end of a sentence; empty for nobody."""
    parts = names_in(path.casefold())
    if starts_later(path) or not _LATER.isdisjoint(parts):
        return "is run or obeyed by other programs later"
    if not _AGENTS.isdisjoint(parts) or any(part.endswith(".code-workspace") for part in parts):
        return "is obeyed by other agents or editors later"
    if parts and (parts[-1] in _ORDERS or ".clinerules" in parts):
        return "tells other agents what to do"
    if parts and (parts[-1] in _PYTHON or parts[-1].endswith(".pth")):
        return "is run by each Python that finds it"
    if parts and (parts[-1] in _BUILDERS or _BUILDER_PLACES.search("/".join(parts))):
        return "names programs that a build runs"
    return "runs on other machines once it is pushed" if _PUSHED.search("/".join(parts)) else ""


def starts_later(path: str) -> bool:
    """True for what starts without anybody's doing: hooks, shell start files, cron."""
    parts = names_in(path.casefold())
    if not parts:
        return False
    return (
        parts[-1] in _START_FILES
        or not _START_FOLDERS.isdisjoint(parts)
        or _START_PLACES.search("/".join(parts)) is not None
    )


def runs_unasked(path: str) -> bool:
    """True for what a command or two of somebody's ordinary day starts, with no further step."""
    parts = names_in(path.casefold())
    return bool(parts) and (parts[-1] in _PYTHON or not _HOOK_FOLDERS.isdisjoint(parts[:-1]))


def may_be_obeyed(name: str) -> bool:
    """False where the name of a file alone says that it is not; its folder may still say more."""
    folded = name.casefold()
    known = (_MARKED, _AGENTS, _LATER, _START_FILES)
    return folded.endswith(_ENDINGS) or any(folded in names for names in known)


def starting_later(words: Iterable[str], text: str) -> Iterator[str]:
    """Those of the words; most texts hold none, and are not looked through."""
    folded = text.casefold()
    if any(hint in folded for hint in _START_HINTS):
        yield from (word for word in dict.fromkeys(words) if word and starts_later(word))
