"""Names of programs that matter beyond their tables: interpreters, shells, standard folders."""

import re
from functools import lru_cache

SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "ash", "fish", "csh", "tcsh"})
ELEVATORS = frozenset({"sudo", "su", "doas", "pkexec", "run0"})
DOWNLOADERS = frozenset({"curl", "wget", "fetch", "aria2c", "http", "https"})
DELETERS = frozenset({"rm", "rmdir", "shred", "unlink", "srm", "trash"})
STANDARD_FOLDERS = frozenset(
    {"/bin", "/usr/bin", "/usr/local/bin", "/sbin", "/usr/sbin", "/opt/homebrew/bin"}
)
_INTERPRETER = re.compile(
    r"(?:ba|da|a|k|z|fi|c|tc)?sh|python[\d.]*|pypy[\d.]*|node|deno|bun|perl[\d.]*|ruby[\d.]*"
    r"|php[\d.]*|lua[\d.]*|osascript|tclsh|Rscript|ipython"
)
_SYNONYMS = ((re.compile(r"python3\.\d+"), "python3"), (re.compile(r"pip3\.\d+"), "pip3"))


def is_interpreter(program: str) -> bool:
    """True for programs that run what they are given."""
    return _INTERPRETER.fullmatch(program) is not None


@lru_cache(maxsize=512)
def table_name(program: str) -> str:
    """The name under which a table may speak of a program: `python3.12` is `python3`."""
    return next((name for form, name in _SYNONYMS if form.fullmatch(program)), program)
