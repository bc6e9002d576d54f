"""What a call can do and where, as the few words a person reads before answering."""

from loopdeck.app.paint.lines import Ink, Line, Part, cut
from loopdeck.app.sanitize import sanitize
from loopdeck.figures import plural
from loopdeck.session.calls import CallView
from loopdeck.session.values import Category, listed

HOSTS = 3  # named before the rest is counted
NAMED = 12  # paths and programs that are named before the rest is counted
LONGEST_HOST = 40
_CATEGORY: dict[Category, Ink] = {
    Category.READ: "muted",
    Category.WRITE: "plain",
    Category.NETWORK: "waiting",
    Category.DESTRUCTIVE: "fail",
    Category.UNKNOWN: "unknown",
}
_UNDO = {"git": "git can undo it", "log": "the log can undo it"}
_YES_OR_NO: tuple[tuple[str, str, Ink], ...] = (  # fact, words, ink
    ("runs_code", "runs code", "waiting"),
    ("service", "stays running", "waiting"),
    ("sandboxed", "in the sandbox", "muted"),
    ("outside_sandbox", "outside the sandbox", "fail"),
    ("privileged", "acts as another user", "fail"),
    ("sensitive", "may hold secrets", "fail"),
)

_LISTED: tuple[tuple[str, str], ...] = (  # fact that is a list, the words before what is in it
    ("programs", "starts"),
    ("reads", "reads"),
    ("writes", "writes to"),
    ("deletes", "deletes"),
    ("makes", "can be made again from the log:"),
    ("paths", "is about"),
)


def category_part(category: Category | None) -> Part:
    """How bad a call can get: a word, and the ink that word always has."""
    known = category or Category.UNKNOWN
    return Part(known.value, _CATEGORY[known])


def nature(call: CallView) -> Line:
    """What the call can do and where: `write · in the workspace · can be undone`."""
    words = [category_part(call.category)]
    for part in fact_parts(call):
        words += [Part(" · ", "muted"), part]
    return tuple(words)


def fact_parts(call: CallView) -> list[Part]:
    """Every fact that matters for an answer, in words."""
    parts = _place(call)
    parts += [Part(words, ink) for name, words, ink in _YES_OR_NO if call.facts.get(name)]
    hosts = listed(call.facts, "hosts")
    if hosts:
        named = ", ".join(cut(sanitize(host, lines=False), LONGEST_HOST) for host in hosts[:HOSTS])
        more = f" and {len(hosts) - HOSTS} more" if len(hosts) > HOSTS else ""
        parts.append(Part(f"talks to {named}{more}", "waiting"))
    names = listed(call.facts, "env_set")
    if names:
        shown = cut(sanitize(", ".join(names), lines=False), LONGEST_HOST)
        parts.append(Part(f"sets {shown}", "waiting"))
    return [*parts, *_undo(call)]


def listed_facts(call: CallView) -> list[str]:
    """Which programs and files it is about, beside those that its reasons and arguments name."""
    reasons = " ".join(reason.text for reason in call.reasons)
    said = {value for value in call.args.values() if isinstance(value, str)}
    texts: list[str] = []
    for fact, words in _LISTED:
        names = [name for name in listed(call.facts, fact) if name not in said]
        new = [name for name in names if f"`{name}" not in reasons]
        said.update(names if fact != "programs" else ())
        if new:
            texts.append(f"{words} {_named(new)}")
    return texts


def _named(names: list[str]) -> str:
    shown = [sanitize(name, lines=False) for name in names[:NAMED]]
    if len(names) > NAMED:
        return f"{', '.join(shown)} and {plural(len(names) - NAMED, 'other')}"
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]


def _place(call: CallView) -> list[Part]:
    if call.facts.get("outside_workspace"):
        return [Part("outside the workspace", "waiting")]
    elsewhere = call.category is Category.NETWORK or "server" in call.facts
    if elsewhere and not listed(call.facts, "paths"):
        return []  # not about files at all, or nobody but its server knows where
    return [Part("in the workspace", "muted")]


def can_be_undone(call: CallView) -> bool:
    """Whether git or the log has what the call would change or take away."""
    return call.facts.get("undoable") not in (None, False, "", "no")


def _undo(call: CallView) -> list[Part]:
    if "undoable" not in call.facts:
        return []
    if not can_be_undone(call):
        return [Part("cannot be undone", "fail")]
    how = call.facts["undoable"]
    words = _UNDO.get(how, "can be undone") if isinstance(how, str) else "can be undone"
    return [Part(words, "muted")]
