"""The environment a command gets: no secrets, nothing that makes programs run other programs."""

import os
import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

_FALLBACK_PATH = "/usr/local/bin:/usr/bin:/bin"
_SECRETS = (
    "*_KEY",
    "*_KEY_ID",
    "*APIKEY*",
    "*API_KEY*",
    "*_TOKEN",
    "*TOKEN_*",
    "*_PAT",
    "*SECRET*",
    "*PASSWORD*",
    "*PASSWD*",
    "*PASSPHRASE*",
    "*CREDENTIAL*",
    "*_DSN",
    "*_PW",
    "*_PWD",
    "*_PASS",
    "PASS",
    "*_PIN",
    "PIN",
    "*JWT*",
    "*COOKIE*",
    "*_CONN",
    "*_CONN_STR*",
    "*CONNECTION_STRING*",
    "*CONNECTIONSTRING*",
    "*_CREDS",
    "*_AUTH",
    "*_SALT",
    "DATABASE_URL",
    "AWS_*",
    "ANTHROPIC_*",
    "OPENAI_*",
)
_WITH_PASSWORD = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@", re.IGNORECASE)
_STEERING = (
    "BASH_*",
    "BASHOPTS",
    "SHELLOPTS",
    "ENV",
    "CDPATH",
    "OLDPWD",
    "GLOBIGNORE",
    "IFS",
    "POSIXLY_CORRECT",
    "PROMPT_COMMAND",
    "PS[0-4]",
    "LD_*",
    "DYLD_*",
    "PYTHON*",
    "PERL5*",
    "PERLLIB",
    "RUBYOPT",
    "RUBYLIB",
    "NODE_OPTIONS",
    "NODE_PATH",
    "JAVA_TOOL_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "_JAVA_OPTIONS",
    "AWKPATH",
    "AWKLIBPATH",
    "DIFF_OPTIONS",
    "MANOPT",
    "RIPGREP_CONFIG_PATH",
    "TAR_OPTIONS",
    "GIT_*",
    "GREP_*",
    "LESS*",
    "PAGER",
    "MANPAGER",
    "EDITOR",
    "VISUAL",
    "COLUMNS",
    "LINES",
)
_SET = {
    "TERM": "dumb",
    "NO_COLOR": "1",
    "PAGER": "cat",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "PYTHONUNBUFFERED": "1",
}
# A read goes nowhere, and fetches no other version of a program because a file asks for one.
_AT_HOME = {
    "CARGO_NET_OFFLINE": "true",
    "CHECKPOINT_DISABLE": "1",
    "COMPOSE_EXPERIMENTAL_GIT_REMOTE": "false",
    "COMPOSE_EXPERIMENTAL_OCI_REMOTE": "false",
    "COREPACK_ENABLE_NETWORK": "0",
    "GOPROXY": "off",
    "GOTOOLCHAIN": "local",
    "GOVCS": "*:off",
    "NPM_CONFIG_UPDATE_NOTIFIER": "false",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "RUSTUP_AUTO_INSTALL": "0",
    "UV_OFFLINE": "1",
    "UV_PYTHON_DOWNLOADS": "never",
}


def scrubbed(environ: Mapping[str, str], workspace: Path, *, strict: bool) -> dict[str, str]:
    """What is left of an environment for a command that runs in `workspace`.

    `strict` is for commands nobody was asked about: their programs cannot come from the workspace,
    where the agent may have put one, and find no network to ask. Commands a human let run find what
    the human would find.
    """
    kept = {
        name: value
        for name, value in environ.items()
        if not (_is_kept_back(name) or _WITH_PASSWORD.search(value))
    }
    path = _search_path(environ.get("PATH", _FALLBACK_PATH), workspace, strict=strict)
    alone = _AT_HOME if strict else {}
    return {**kept, **_SET, **alone, "PATH": path, "PWD": str(workspace)}


def is_given(name: str) -> bool:
    """Whether a command may find this variable although nobody had set it."""
    return name in _SET or name in _AT_HOME or name.startswith("GIT_")


@lru_cache(maxsize=1_000)  # the same few names before each command, and fifty patterns a name
def _is_kept_back(name: str) -> bool:
    return any(fnmatchcase(name.upper(), pattern) for pattern in _SECRETS + _STEERING)


def _search_path(path: str, workspace: Path, *, strict: bool) -> str:
    folders = [folder for folder in path.split(os.pathsep) if folder.startswith("/")]
    if strict:
        folders = [folder for folder in folders if not _is_inside(folder, workspace)]
    return os.pathsep.join(folders) or _FALLBACK_PATH


def _is_inside(folder: str, workspace: Path) -> bool:
    try:
        status = os.stat(folder)  # noqa: PTH116 - each of PATH, before each command
    except OSError:
        return Path(os.path.realpath(folder)).is_relative_to(workspace)
    return _leads_inside(folder, str(workspace), status.st_dev, status.st_ino)


@lru_cache(maxsize=500)  # as long as it is the same folder, it lies where it lay
def _leads_inside(folder: str, workspace: str, _device: int, _inode: int) -> bool:
    return Path(os.path.realpath(folder)).is_relative_to(workspace)
