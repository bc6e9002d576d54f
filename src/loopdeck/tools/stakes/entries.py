"""The files that a runner starts from: what it runs stands in them, and not in the command."""

import os
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from loopdeck.permissions.shell import Part

MOST = 200
_MAX_LOOKED = 2_000
_MAX_MAKEFILE = 1 << 20
_MAX_INCLUDES = 16
_PYTHON = ("pyproject.toml", "setup.cfg", "setup.py", "tox.ini")
_TESTS = ("conftest.py", "pytest.ini", ".pytest.ini", "pytest.toml", *_PYTHON)
_MAKE = ("GNUmakefile", "makefile", "Makefile")
_NODE = ("package.json", ".npmrc", ".yarnrc.yml", "pnpm-workspace.yaml", "bunfig.toml")
_COMPOSE = tuple(
    f"{name}{middle}.{ending}"
    for name in ("docker-compose", "compose")
    for middle in ("", ".override")
    for ending in ("yml", "yaml")
)
_GRADLE = tuple(
    f"{name}.gradle{ending}" for name in ("build", "settings") for ending in ("", ".kts")
)
_JS_CONFIG = tuple(
    f"{name}.config.{ending}"
    for name in ("eslint", "jest", "next", "playwright", "rollup", "vite", "vitest", "webpack")
    for ending in ("js", "cjs", "mjs", "ts")
)
# Where nothing of such a name is, that is bound too: a new one may go before all others.
_READS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("make", "gmake"), _MAKE),
    **dict.fromkeys(("npm", "npx", "pnpm", "pnpx", "yarn", "bun", "bunx", "corepack"), _NODE),
    **dict.fromkeys(("eslint", "jest", "next", "vite", "vitest"), (*_NODE, *_JS_CONFIG)),
    **dict.fromkeys(("playwright", "rollup", "webpack"), (*_NODE, *_JS_CONFIG)),
    **dict.fromkeys(("pytest", "py.test"), _TESTS),
    **dict.fromkeys(("tox", "nox"), ("noxfile.py", *_TESTS)),
    **dict.fromkeys(("pip", "pip3", "uv", "uvx", "poetry", "pdm", "hatch", "build"), _PYTHON),
    **dict.fromkeys(("coverage", "mypy", "ruff", "flake8", "pylint", "black", "isort"), _PYTHON),
    "mypy": ("mypy.ini", ".mypy.ini", *_PYTHON),
    "cargo": (
        *("Cargo.toml", "build.rs", "rust-toolchain", "rust-toolchain.toml"),
        *(".cargo/config.toml", ".cargo/config"),
    ),
    "go": ("go.mod", "go.work"),
    "rake": ("Rakefile", "rakefile", "Rakefile.rb", "rakefile.rb"),
    **dict.fromkeys(("bundle", "bundler", "rspec"), ("Gemfile", ".bundle/config", ".rspec")),
    "just": ("justfile", "Justfile", ".justfile"),
    "task": ("Taskfile.yml", "Taskfile.yaml", "Taskfile.dist.yml"),
    "docker": ("Dockerfile", ".dockerignore", *_COMPOSE),
    "docker-compose": _COMPOSE,
    **dict.fromkeys(("gradle", "gradlew"), (*_GRADLE, "gradle.properties")),
    **dict.fromkeys(("mvn", "mvnw"), ("pom.xml", ".mvn/maven.config", ".mvn/extensions.xml")),
    "cmake": ("CMakeLists.txt", "CMakePresets.json"),
    "ninja": ("build.ninja",),
    "tsc": ("tsconfig.json",),
    "deno": ("deno.json", "deno.jsonc"),
    "pre-commit": (".pre-commit-config.yaml",),
    "composer": ("composer.json",),
    "phpunit": ("phpunit.xml", "phpunit.xml.dist"),
    "flask": ("app.py", "wsgi.py", ".flaskenv"),
}
# Runners that look in the folders above too, where the next one is not found.
_CLIMBS = frozenset(_READS.keys() - {"make", "gmake", "cmake", "ninja", "docker", "flask"})
_INCLUDE = re.compile(rb"^[ ]{0,8}[-s]?include[ \t]+([^\n#]{1,500})", re.MULTILINE)
_PLAIN = re.compile(r"[\w./+-]{1,200}")
_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_TEST_FILE = re.compile(r"test_.*\.py|.*_test\.py|conftest\.py")
_NO_TESTS = frozenset({"__pycache__", "node_modules", "site-packages", "target", "venv"})


def entry_files(parts: Sequence[Part], root: Path) -> list[str]:
    """The files that the programs of a command start from, whether they are there or not."""
    found: dict[str, None] = {}
    for part in parts:
        if not part.words:
            continue
        for path in _of_part(part, str(root)):
            if len(found) >= MOST:
                break
            found[path.removeprefix(f"{root}/")] = None
    return list(found)


def _of_part(part: Part, root: str) -> Iterator[str]:
    name = posixpath.basename(part.words[0])
    names = _READS.get(name, ())
    for folder in part.folders or (root,):
        for place in _upwards(folder, root) if name in _CLIMBS else (folder,):
            yield from (posixpath.normpath(posixpath.join(place, file)) for file in names)
        if names is _MAKE:
            yield from _included(folder)
        if names is _TESTS:
            yield from _tests(part.words[1:], folder)
        if name.startswith(("python", "pypy")):
            yield from _module(part.words, folder)


def _upwards(folder: str, root: str) -> Iterator[str]:
    """A folder of the workspace and those above it."""
    yield folder
    while folder.startswith(f"{root}/"):
        folder = posixpath.dirname(folder)
        yield folder


def _module(words: Sequence[str], folder: str) -> Iterator[str]:
    """The files that `-m` would find in the folder, and those of the packages on the way."""
    at = next((at for at, word in enumerate(words) if word == "-m"), len(words))
    name = words[at + 1] if at + 1 < len(words) else ""
    if not _MODULE.fullmatch(name):
        return
    path = posixpath.join(folder, name.replace(".", "/"))
    yield from (f"{path}.py", f"{path}/__init__.py", f"{path}/__main__.py")
    while (path := posixpath.dirname(path)) != folder:
        yield f"{path}/__init__.py"


def _tests(words: Sequence[str], folder: str) -> Iterator[str]:
    """The tests that are named, by file or by folder; without a name, those that are found."""
    named = [word.partition("::")[0] for word in words if not word.startswith("-")]
    paths = [posixpath.join(folder, name) for name in named if _PLAIN.fullmatch(name)]
    for path in [path for path in paths if os.path.lexists(path)] or [folder]:
        if not os.path.isdir(path):  # noqa: PTH112 - text all the way
            yield path
            continue
        looked = 0
        for place, below, files in os.walk(path):
            below[:] = sorted(name for name in below if name[0] != "." and name not in _NO_TESTS)
            yield from (f"{place}/{name}" for name in sorted(files) if _TEST_FILE.fullmatch(name))
            looked += len(files) + len(below)
            if looked > _MAX_LOOKED:
                return


def _included(folder: str) -> Iterator[str]:
    """What a makefile includes by a plain name, and what that includes."""
    todo = [posixpath.join(folder, name) for name in _MAKE]
    seen: set[str] = set(todo)
    while todo:
        try:
            with open(todo.pop(), "rb") as file:  # noqa: PTH123 - the name may hold anything
                text = file.read(_MAX_MAKEFILE)
        except (OSError, ValueError):
            continue
        for names in _INCLUDE.findall(text):
            for name in os.fsdecode(names).split():
                path = posixpath.normpath(posixpath.join(folder, name))
                if _PLAIN.fullmatch(name) and path not in seen and len(seen) < _MAX_INCLUDES:
                    seen.add(path)
                    todo.append(path)
                    yield path
