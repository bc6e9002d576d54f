"""What a variable means: of no consequence, read by the code that runs, or able to steer it."""

import re

from loopdeck.permissions.shell.place import Place
from loopdeck.session.values import Category

_HARMLESS = re.compile(
    r"LC_[A-Z]+|LANG|LANGUAGE|TZ|NO_COLOR|FORCE_COLOR|CLICOLOR(?:_FORCE)?|COLUMNS|LINES|CI"
    r"|PYTHONDONTWRITEBYTECODE|PYTHONUNBUFFERED|PYTHONHASHSEED|PYTHONIOENCODING|PYTHONUTF8"
    r"|PYTHONFAULTHANDLER|DEBIAN_FRONTEND|GIT_OPTIONAL_LOCKS|GIT_TERMINAL_PROMPT"
    r"|RUST_BACKTRACE|RUST_LOG|MPLBACKEND|TF_CPP_MIN_LOG_LEVEL|CUDA_VISIBLE_DEVICES"
    r"|(?:OMP|MKL|OPENBLAS)_NUM_THREADS"
)
# A warning's category may name a module, which python would load.
_WARNINGS = re.compile(r"(?:[a-z]+(?:::(?:[A-Z][A-Za-z]*Warning)?)?,?)*")
_PAGERS = re.compile(r"(?:GIT_|MAN)?PAGER")
_FOR_CODE = re.compile(
    r"PYTHONPATH|DJANGO_[A-Z_]+|FLASK_[A-Z_]+|PYTEST_[A-Z_]+|NODE_ENV|NODE_PATH|GOFLAGS|GOOS|GOARCH"
    r"|CGO_ENABLED|GO111MODULE|GOCACHE|RUSTFLAGS|CARGO_TERM_COLOR|CARGO_TARGET_DIR|DEBUG|VERBOSE"
    r"|(?:[A-Z]+_)*(?:DEBUG|TEST|TESTS|TESTING|LOG_LEVEL|VERBOSE|SEED|ENV)|DATABASE_URL|PORT|HOST"
)
# Of these, the ones that only choose among what the code does by itself.
_MILD = re.compile(
    r"NODE_ENV|GOOS|GOARCH|CGO_ENABLED|GO111MODULE|CARGO_TERM_COLOR|DEBUG|VERBOSE|PORT"
    r"|(?:[A-Z]+_)*(?:DEBUG|TEST|TESTS|TESTING|LOG_LEVEL|VERBOSE|SEED|ENV)"
)
# Names that no program and no shell has a meaning for.
_PLAIN_NAME = re.compile(
    r"[a-z_][a-z0-9_]*|[A-Z]|(?:FILE|DIR|NAME|LINE|START|END|COUNT|TOTAL|RESULT|OUTPUT|PATTERN)S?"
)
_STEERING = re.compile(r".*_proxy|npm_.*|auto_resume|histchars|_")
# Names that bash itself obeys, or that are added to what a command inherits.
_OBEYED = re.compile(
    r"BASH.*|.*PATH|COMP_.*|COPROC|DIRSTACK|ENV|EPOCH.*|E?UID|EXECIGNORE|F(?:CEDIT|IGNORE|UNC.*)"
    r"|GIT_.*|GLOB.*|GROUPS|HIST.*|HOME|HOST(?:NAME|TYPE|FILE)|IFS|IGNOREEOF|INPUTRC|LANG.*|LC_.*"
    r"|LD_.*|LINENO|LINES|COLUMNS|MACHTYPE|MAIL.*|MAPFILE|OLDPWD|OPT(?:ARG|ERR|IND)|OSTYPE|PAGER"
    r"|PIPESTATUS|POSIXLY_CORRECT|PPID|PROMPT.*|PS\d|PWD|PYTHON.*|S?RANDOM|READLINE_.*|REPLY"
    r"|SECONDS|SHELL.*|SHLVL|TERM.*|TEXTDOMAIN.*|TIMEFORMAT|TMOUT|TMP.*|TEMP|XDG_.*|NO_COLOR"
)
# A project's own variable, as far as a name can tell: none of the families and endings by which
# programs are told what to load, run or ask.
_OWN_NAME = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_FAMILY = re.compile(
    r"(?:ANT|ANTHROPIC|AR|AS|ASAN|AWK|AWS|AZURE|BABEL|BROWSER|BUILDKIT|BUN|BUNDLE|C|CARGO|CC|CGO|CI"
    r"|CLANG|CLASSPATH|CLOUDSDK|CMAKE|COMPOSE|COMPOSER|CONAN|CONDA|COVERAGE|CPP|CURL|CXX|DENO|DIFF"
    r"|DOCKER|DOTNET|DYLD|EDITOR|ELECTRON|ERL|ESLINT|FTP|FZF|GCC|GCONV|GDB|GEM|GH|GLIBC|GNUMAKE|GO"
    r"|GOOGLE|GPG|GRADLE|GREP|GZIP|HELM|HGEDITOR|HTTP|HTTPS|IPYTHON|JAVA|JDK|JEST|JQ|JULIA|JUPYTER"
    r"|KOTLIN|KUBE|KUBECTL|LESS|LIB|LLVM|LOCPATH|LUA|MAGIC|MAKE|MAKEFLAGS|MAN|MANOPT|MAVEN|MFLAGS"
    r"|MIX|MYPY|NIX|NODE|NPM|NVIM|NVM|NYC|OPENAI|OPENSSL|PATH|PERL|PERL5|PERLLIB|PG|PHP|PIP|PKG|PNPM"
    r"|POETRY|PY|PYENV|PYTEST|RBENV|RIPGREP|RSYNC|RUBY|RUSTC|RUST|RUSTUP|SBT|SETUPTOOLS|SSH|SSL|SUDO"
    r"|SVN|SYSTEMD|TAR|TERRAFORM|TF|TOX|TS|TSC|TZ|UNZIP|UV|VIM|VIMINIT|VIRTUAL|VIRTUALENV|VISUAL|VITE"
    r"|WEBPACK|WGET|WGETRC|XZ|YARN|ZDOTDIR|ZIP|ZSH|ZSTD)(?:_.*)?|(?:LD|GIT|PYTHON|BASH).*"
)
_ENDING = re.compile(
    r".*(?:ARGS?|BIN|BROWSER|CERT|CMD|COMMAND|COMPILER|CONF|CONFIG|DAEMON|DIR|EDITOR|ENTRYPOINT|EXE"
    r"|EXEC|FILES?|FLAGS?|HELPER|HOME|HOOKS?|HOST|IMPORT|INIT|INTERPRETER|KEY|LAUNCHER|LIB|LIBRARY"
    r"|LINKER|LOADER|MODULES?|OPTIONS?|OPTS?|PAGER|PATH|PLUGINS?|PRELOAD|PREFIX|PROFILE|PROGRAM|PROXY"
    r"|RC|REGISTRY|REQUIRE|ROOT|RUNNER|SCRIPT|SERVER|SHELL|SOCK|SOCKET|STARTUP|TOOL|TOOLS|URL|WRAPPER)"
)
_PLAIN_VALUE = re.compile(r"[\w.,:+@-]{0,80}")


def judge_variable(name: str, text: str) -> tuple[Category, str]:
    """What it means for a program to find this variable, and the sentence for it."""
    if _HARMLESS.fullmatch(name) or (_PAGERS.fullmatch(name) and text in ("", "cat")):
        return Category.READ, f"`{name}` has no consequence"
    if name == "PYTHONWARNINGS" and _WARNINGS.fullmatch(text):
        return Category.READ, f"`{name}` has no consequence"
    if _FOR_CODE.fullmatch(name) or _is_own(name, text):
        return Category.WRITE, f"`{name}` steers the code that runs"
    return Category.UNKNOWN, f"`{name}` can change what a program does"


def steers(name: str, text: str) -> bool:
    """Whether a program may load, run or ask something else because of this variable."""
    return not (
        judge_variable(name, text)[0] is Category.READ
        or (_MILD.fullmatch(name) and _PLAIN_VALUE.fullmatch(text))
        or _is_own(name, text)
    )


def is_plain_name(name: str, place: Place) -> bool:
    """Whether a variable of the shell's own is no program's business."""
    if _STEERING.fullmatch(name):
        return False
    # A variable that is not exported yet stays in the shell.
    return bool(_PLAIN_NAME.fullmatch(name)) or not (
        _OBEYED.fullmatch(name) or place.exported(name)
    )


def means_nothing(name: str, text: str) -> bool:
    """Whether to export a variable is no more than to give it a value."""
    plain = _PLAIN_NAME.fullmatch(name) and not _STEERING.fullmatch(name)
    return bool(plain and _PLAIN_VALUE.fullmatch(text))


def _is_own(name: str, text: str) -> bool:
    """A variable of the project, with a value that can name no file."""
    told = _FAMILY.fullmatch(name) or _ENDING.fullmatch(name) or _OBEYED.fullmatch(name)
    return bool(_OWN_NAME.fullmatch(name) and _PLAIN_VALUE.fullmatch(text)) and not told
