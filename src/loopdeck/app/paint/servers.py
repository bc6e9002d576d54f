"""MCP servers as lines: one a server, and what there is to say of the chosen one and its tools."""

from collections.abc import Iterator, Sequence

from loopdeck.app.paint.lines import (
    EMPTY,
    Ink,
    Line,
    Part,
    columns,
    cut,
    cut_line,
    prose,
    verbatim,
    width_of,
)
from loopdeck.app.sanitize import sanitize
from loopdeck.app.view.served import IN_LOG, LOST
from loopdeck.figures import count, plural, span
from loopdeck.ports.servers import ServerView, ToolView
from loopdeck.session.standing import OF_SERVERS

NONE = (
    "No MCP servers in this session. `loopdeck mcp add` names one, `loopdeck mcp import` takes over"
    " those of another program, and the next run has their tools."
)
MOST_SAID = 12  # lines of what a server wrote
MOST_WORDS = 300
_NAME, _TIGHT, _STATE, _TOOL = 18, 12, 14, 44
_NARROW = 62  # cells up to which names are cut sooner
_ROOMY = 96  # cells from which every number has a column
_LOOKS: dict[str, tuple[str, Ink, str]] = {
    "waiting": ("○", "muted", "not started"),
    "starting": ("▶", "accent", "starting"),
    "ready": ("✓", "ok", "ready"),
    "resting": ("‖", "waiting", "tried again"),
    "failed": ("✗", "fail", "failed"),
    "stopped": ("⊘", "muted", "stopped"),
    IN_LOG: ("·", "muted", IN_LOG),
    LOST: ("✗", "fail", LOST),
}
_STANDINGS: dict[str, tuple[str, Ink]] = {
    "accepted": ("accepted", "ok"),
    "changed": ("! changed", "waiting"),
    "new": ("not yet run", "muted"),
    "used": ("called", "plain"),
}


def heading_line(cells: int) -> Line:
    """The names of the columns."""
    names = "".join(f"{name:>{size}}" for name, size in _columns(cells))
    head = f"  {'server':<{_name(cells)}} {'state':<{_STATE}}{names}"
    tail = "   over" if cells >= _ROOMY else ""
    return cut_line((Part(head + tail, "muted"),), cells)


def server_line(view: ServerView, cells: int) -> Line:
    """One server."""
    sign, ink, word = look(view)
    size = _name(cells)
    name = cut(sanitize(view.name, lines=False), size)
    values = "".join(f"{_value(column, view):>{size}}" for column, size in _columns(cells))
    left = (Part(f"{sign} ", ink), *columns((Part(name, "plain"),), size + 1))
    over = Part(f"   {sanitize(view.reached, lines=False)}" if cells >= _ROOMY else "", "muted")
    line = (*left, *columns((Part(word, ink),), _STATE), Part(values, "muted"), over)
    return cut_line(line, cells)


def look(view: ServerView) -> tuple[str, Ink, str]:
    """A sign, an ink and a word for how it is doing."""
    sign, ink, word = _LOOKS.get(view.state, ("?", "unknown", view.state))
    if view.again_s is not None:
        word = f"again in {max(1, round(view.again_s))} s"
    return (sign, ink, word) if not view.running else ("▶", "accent", f"{view.running} running")


def sum_lines(views: Sequence[ServerView], cells: int) -> list[Line]:
    """All of them in one line."""
    if not views:
        return []
    tools, calls = sum(view.tools for view in views), sum(view.calls for view in views)
    words = [plural(len(views), "server"), plural(tools, "tool"), plural(calls, "call")]
    ill = [view for view in views if view.state in ("resting", "failed", LOST)]
    changed = [f"{plural(len(ill), 'server')} cannot be used now"] if ill else []
    ink: Ink = "waiting" if ill else "muted"
    return prose(" · ".join((*words, *changed)), cells, ink)


def health_lines(view: ServerView, cells: int) -> list[Line]:
    """Everything about one server but its tools."""
    _, ink, word = look(view)
    name = sanitize(view.name, lines=False)
    lines: list[Line] = [cut_line((Part(name, "strong"), Part(f" · {word}", ink)), cells)]
    lines += prose(" · ".join(_facts(view)), cells, "muted")
    if view.trouble:
        when = "" if view.state in ("resting", "failed", "stopped", LOST) else "before: "
        lines += [EMPTY, *prose(f"{when}{sanitize(view.trouble)}", cells, "fail")]
    if view.said:
        said = sanitize(view.said).splitlines()
        lines += [EMPTY, (Part("The end of what it wrote on stderr", "muted"),)]
        for row in said[-MOST_SAID:]:
            lines += verbatim(row, cells, "plain", 2)
    return lines


def tool_lines(view: ServerView, tools: Sequence[ToolView], cells: int) -> list[Line]:
    """The tools of one server, those that changed first."""
    name = sanitize(view.name, lines=False)
    title = f" · {plural(len(tools), 'tool')}"
    lines: list[Line] = [cut_line((Part(name, "strong"), Part(title, "muted")), cells)]
    for tool in sorted(tools, key=lambda one: (one.standing != "changed", one.name)):
        word, ink = _STANDINGS[tool.standing]
        short = tool.name.removeprefix(f"{OF_SERVERS}{view.name}__")
        size = min(_TOOL, cells // 2)
        left = columns((Part(cut(sanitize(short, lines=False), size - 2), "plain"),), size)
        line = (*left, Part(f"{tool.category.value:<13}", "muted"), Part(f"{word:<13}", ink))
        lines.append(cut_line((*line, *_words(tool, cells - width_of(line))), cells))
    return lines


def _words(tool: ToolView, room: int) -> Line:
    words = " ".join(sanitize(tool.words[:MOST_WORDS], lines=False).split())
    return (Part(cut(words, room), "muted"),) if room > 12 else ()


def _facts(view: ServerView) -> Iterator[str]:
    if view.reached:
        yield f"over {sanitize(view.reached, lines=False)}"
    yield plural(view.calls, "call")
    if view.failed:
        yield f"{view.failed} of them failed"
    if view.median_ms is not None and view.last_ms is not None:
        yield f"{span(view.median_ms)} is usual, {span(view.last_ms)} the last one"
    if view.state not in (IN_LOG, LOST):
        yield plural(view.restarts, "restart")


def _name(cells: int) -> int:
    return _NAME if cells > _NARROW else _TIGHT


def _columns(cells: int) -> list[tuple[str, int]]:
    some = [("tools", 7), ("calls", 7), ("median", 10)]
    more = [("last", 10), ("restarts", 10)]
    return [*some, *(more if cells >= _ROOMY else ())]


def _value(column: str, view: ServerView) -> str:
    match column:
        case "tools":
            return count(view.tools)
        case "calls":
            return count(view.calls)
        case "median":
            return span(view.median_ms) if view.median_ms is not None else "–"
        case "last":
            return span(view.last_ms) if view.last_ms is not None else "–"
        case _:
            return "–" if view.state in (IN_LOG, LOST) else count(view.restarts)
