"""The vendors of models: how their models are named, where they are, which keys they take."""

from dataclasses import dataclass

from loopdeck.session.values import SCRIPTED


@dataclass(frozen=True, slots=True)
class Vendor:
    """One vendor; `keys` and `addresses` are variables of the environment, the first one wins.

    `seller` is its name in the list of prices. Its models' names begin with one of `marks`.
    """

    word: str
    title: str
    keys: tuple[str, ...]
    addresses: tuple[str, ...]
    url: str
    seller: str
    example: str
    marks: tuple[str, ...]

    @property
    def prefix(self) -> str:
        """What its models' names begin with."""
        return f"{self.word}:"

    def makes(self, name: str) -> bool:
        """Whether a bare name looks like one of its models."""
        return name.lower().startswith(self.marks)


ANTHROPIC = Vendor(
    "anthropic",
    "Anthropic",
    ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"),
    ("ANTHROPIC_BASE_URL",),
    "https://api.anthropic.com",
    "anthropic",
    "claude-sonnet-5-5",
    ("claude-",),
)
OPENAI = Vendor(
    "openai",
    "OpenAI",
    ("OPENAI_API_KEY",),
    ("OPENAI_BASE_URL",),
    "https://api.openai.com/v1",
    "openai",
    "gpt-6.1-sol",
    ("gpt-", "chatgpt-", "codex-", "o1", "o3", "o4"),
)
GEMINI = Vendor(
    "gemini",
    "Google",
    ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    ("GOOGLE_GEMINI_BASE_URL", "GEMINI_BASE_URL"),
    "https://generativelanguage.googleapis.com",
    "google",
    "gemini-3.8-flash",
    ("gemini-", "gemma-"),
)
VENDORS = (ANTHROPIC, OPENAI, GEMINI)
LOCAL = "local:"
SERVER_KEY = "LOOPDECK_SERVER_KEY"


def is_address(name: str) -> bool:
    """True for a name that begins with the address of a server."""
    return name.startswith(("http://", "https://"))


def maker_of(name: str) -> str:
    """Whose model a name means: reasoning that one maker sealed is of no use to another."""
    if is_address(name):
        return name.partition("#")[0].rstrip("/")
    if name.startswith((LOCAL, SCRIPTED)):
        return name
    return next((each.word for each in VENDORS if name.startswith(each.prefix)), ANTHROPIC.word)
