"""The agent's plan: as a list in a column, or as one line where there is little room."""

from collections.abc import Sequence

from loopdeck.app.paint.glyphs import plan_glyph
from loopdeck.app.paint.lines import Ink, Line, Part, ink_of, prose, spread
from loopdeck.app.sanitize import sanitize
from loopdeck.session.values import PlanItem

_INKS: dict[str, Ink] = {"doing": "strong", "todo": "plain"}


def plan_lines(items: Sequence[PlanItem], cells: int) -> list[Line]:
    """Every item, wrapped beside its glyph."""
    lines: list[Line] = []
    for item in items:
        glyph, variable, _ = plan_glyph(item.state)
        ink = _INKS.get(item.state, "muted")
        given_up = ", dropped" if item.state == "dropped" else ""
        body = prose(f"{sanitize(item.text, lines=False)}{given_up}", cells - 2, ink)
        for at, line in enumerate(body):
            head = Part(f"{glyph} ", ink_of(variable)) if at == 0 else Part("  ")
            lines.append((head, *line))
    return lines


def plan_strip(items: Sequence[PlanItem], cells: int) -> Line:
    """What is being done now, and how far the plan is."""
    done = sum(item.state == "done" for item in items)
    dots = "".join(plan_glyph(item.state)[0] for item in items[:12])
    right = (Part(f"{dots}  ", "muted"), Part(f"{done} of {len(items)} done", "muted"))
    now = next((item for item in items if item.state == "doing"), None)
    now = now or next((item for item in items if item.state == "todo"), None)
    if now is None:
        dropped = len(items) - done
        end = Part(f"⊘ over, {dropped} dropped", "muted") if dropped else Part("✓ all done", "ok")
        return spread((end,), right, cells)
    glyph, variable, _ = plan_glyph(now.state)
    text = sanitize(now.text, lines=False)
    return spread((Part(f"{glyph} ", ink_of(variable)), Part(text, "strong")), right, cells)
