"""Which texts are code, and the seam through which their colours come: late, or not at all."""

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from loopdeck.app.paint.lines import Line

LARGEST = 200_000  # characters that are coloured at most
LONGEST = 2_000  # of one line; longer ones were made by a program, for a program

Tint = Callable[[str, str], Sequence[Line] | None]
"""The lines of a safe text in a language, in colour; `None` while they are not there."""

_ENDINGS = {
    "python": "py pyi pyw",
    "javascript": "js mjs cjs jsx",
    "typescript": "ts mts cts tsx",
    "rust": "rs",
    "go": "go",
    "c": "c h",
    "cpp": "cc cpp cxx hh hpp hxx",
    "java": "java",
    "kotlin": "kt kts",
    "csharp": "cs",
    "swift": "swift",
    "ruby": "rb",
    "php": "php",
    "perl": "pl pm",
    "lua": "lua",
    "bash": "sh bash zsh",
    "sql": "sql",
    "html": "html htm xhtml vue",
    "xml": "xml svg xsd",
    "css": "css",
    "scss": "scss",
    "json": "json jsonl webmanifest ipynb",
    "yaml": "yaml yml",
    "toml": "toml",
    "ini": "ini cfg conf service",
    "markdown": "md markdown",
    "rst": "rst",
    "haskell": "hs",
    "elixir": "ex exs",
    "erlang": "erl",
    "scala": "scala",
    "r": "r",
    "julia": "jl",
    "zig": "zig",
    "nix": "nix",
    "terraform": "tf tfvars",
    "protobuf": "proto",
    "graphql": "graphql gql",
    "make": "mk",
}
_BY_ENDING = {ending: name for name, endings in _ENDINGS.items() for ending in endings.split()}
_BY_NAME = {"makefile": "make", "gnumakefile": "make", "dockerfile": "docker", "gemfile": "ruby"}
_PROGRAMS = {
    "python": "python",
    "sh": "bash",
    "bash": "bash",
    "zsh": "bash",
    "dash": "bash",
    "node": "javascript",
    "ruby": "ruby",
    "perl": "perl",
    "lua": "lua",
    "php": "php",
}


def uncoloured(text: str, language: str) -> Sequence[Line] | None:
    """No text has colours."""
    del text, language
    return None


def language_of(name: str, text: str) -> str:
    """The language of a file, by its name or its first line; empty where it is in none."""
    if len(text) > LARGEST:
        return ""
    path = PurePosixPath(name.lower())
    known = _BY_NAME.get(path.name) or _BY_ENDING.get(path.suffix.removeprefix("."))
    return known or _by_shebang(text)


def _by_shebang(text: str) -> str:
    if not text.startswith("#!"):
        return ""
    words = text[2:200].split("\n")[0].split()
    names = [word.rpartition("/")[2] for word in words if not word.startswith("-")]
    if names[:1] == ["env"]:
        names = names[1:]
    return _PROGRAMS.get(names[0].rstrip("0123456789."), "") if names else ""
