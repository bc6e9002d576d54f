"""The small frozen values that events are made of."""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self, cast

from pydantic import BaseModel, ConfigDict, Field, model_validator

from loopdeck.session.plain import plain_json, plain_text

JsonObject = dict[str, Any]  # decoded JSON; `Any` because its shape is the model's choice

Outcome = Literal["done", "failed", "stopped", "limit"]
Verified = Literal["checked", "unchecked", "failed"]
PauseReason = Literal["human", "waiting", "signal", "model"]
Why = Literal["itself", "agent", "human", "output", "run", "lost"]
"""Who ended a service: itself, somebody, its flood of output, the end of its run, or a crash."""

AskKind = Literal["question", "limit", "loop", "check", "model", "unknown"]


SCRIPTED = "scripted:"  # how the name of a model begins that is a script


def listed(facts: JsonObject, name: str) -> list[str]:
    """A fact that is a list of texts; nothing where it is anything else."""
    value = facts.get(name)
    if not isinstance(value, list):
        return []
    return [item for item in cast("list[object]", value) if isinstance(item, str)]


class Value(BaseModel):
    """Base of everything stored: frozen, strict about unknown fields, and always storable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="after")
    def _storable(self) -> Self:
        fields = vars(self)
        for name, value in fields.items():  # every event that is read comes by: no patterns here
            if isinstance(value, str):
                if not value.isascii():
                    fields[name] = plain_text(value)
            elif isinstance(value, dict):
                fields[name] = plain_json(value)
            elif isinstance(value, tuple) and value and isinstance(value[0], str):
                fields[name] = tuple(plain_text(text) for text in cast("tuple[str]", value))
        return self


class Category(StrEnum):
    """What a call can do, worst last; `unknown` is gated like `destructive`."""

    READ = "read"
    WRITE = "write"
    NETWORK = "network"
    DESTRUCTIVE = "destructive"
    UNKNOWN = "unknown"


class Decision(StrEnum):
    """What the permission layer says about a call."""

    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"
    PARK = "park"

    @property
    def needs_human(self) -> bool:
        """True where somebody has to answer before the call may run."""
        return self in (Decision.ASK, Decision.PARK)


class Limits(Value):
    """Where a session stops and asks; `None` is no limit."""

    steps: int | None = Field(default=None, ge=1)
    tokens: int | None = Field(default=None, ge=1)
    cost_usd: float | None = Field(default=None, gt=0)
    minutes: float | None = Field(default=None, gt=0)


class Usage(Value):
    """Tokens of one model reply; `input` leaves out what the cache gave or took."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0

    @property
    def total(self) -> int:
        """Every token that was sent or received."""
        return self.input + self.output + self.cache_read + self.cache_write


class Reason(Value):
    """Why a verdict fell; `span` is the part of the command it speaks of."""

    text: str
    span: tuple[int, int] | None = None


class Rule(Value):
    """One permission rule as its author wrote it; it holds until `until` (UTC ns), or for good."""

    decide: Literal["allow", "ask", "deny"]
    match: str
    why: str = ""
    scope: Literal["cli", "user", "project", "session"] = "user"
    grant_id: str = ""
    until: int | None = None

    def holds(self, now: int) -> bool:
        """Whether it decides anything at `now` (UTC ns)."""
        return self.until is None or now < self.until


class Grant(Value):
    """A standing permission that a human gave at the deck: a rule, and how long it stands.

    `more` are further rules of the same kind, where each part of a command has its own.
    `rule.scope` says where: this session, this project, or everywhere (`user`). `until` is UTC ns;
    `calls` is how many calls it covers; `None` is no end.
    """

    grant_id: str
    rule: Rule
    until: int | None = None
    calls: int | None = Field(default=None, ge=1)
    more: tuple[str, ...] = ()

    @property
    def matches(self) -> tuple[str, ...]:
        """What its rules match, the first one first."""
        return (self.rule.match, *self.more)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Its rules, each of which names it."""
        named = {"grant_id": self.grant_id}
        return tuple(
            self.rule.model_copy(update={**named, "match": match}) for match in self.matches
        )


class Parent(Value):
    """Where a fork left another session: after its event `seq`."""

    session: str
    seq: int = Field(ge=0)


class PlanItem(Value):
    """One line of the agent's own plan."""

    text: str
    state: Literal["todo", "doing", "done", "dropped"] = "todo"


class Losses(Value):
    """What a destructive call would take away; `first` names some of it, `untracked` no git has."""

    count: int
    bytes: int
    untracked: int | None = None
    first: tuple[str, ...] = ()


class Preview(Value):
    """What a human is shown before answering: a diff, a command or plain text."""

    kind: Literal["diff", "command", "text"]
    text: str
    title: str = ""
    note: str = ""
    losses: Losses | None = None


class TextBlock(Value):
    """Plain words of the model."""

    kind: Literal["text"] = "text"
    text: str


class ThinkingBlock(Value):
    """The model's reasoning; the signature goes back to the vendor unchanged."""

    kind: Literal["thinking"] = "thinking"
    text: str
    signature: str = ""


class CallBlock(Value):
    """The place of a tool call in a reply; its name and arguments are in `call_proposed`."""

    kind: Literal["call"] = "call"
    call_id: str


class OpaqueBlock(Value):
    """A block Loopdeck does not understand, kept as it came so that it can be sent back."""

    kind: Literal["opaque"] = "opaque"
    data: JsonObject


Block = Annotated[TextBlock | ThinkingBlock | CallBlock | OpaqueBlock, Field(discriminator="kind")]


class Assessment(Value):
    """What a tool says of a call before it runs: how bad it can get, and the facts behind that."""

    category: Category
    reasons: tuple[Reason, ...] = ()
    facts: JsonObject = Field(default_factory=dict)

    @property
    def wants_network(self) -> bool:
        """Whether it reaches out, so that a sandbox leaves it the network."""
        if self.category is Category.NETWORK:
            return True
        worse = self.category in (Category.DESTRUCTIVE, Category.UNKNOWN)
        return worse and bool(self.facts.get("hosts"))
