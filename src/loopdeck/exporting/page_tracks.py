"""What the page shows beside its rows, as tracks: [event, value] wherever a value changed.

The values are the reducer's, so that the page needs no rules of its own: it looks up the last
value at or before the playhead.
"""

from collections.abc import Iterable
from typing import Any

from loopdeck.exporting.page_rows import line
from loopdeck.figures import money
from loopdeck.session.records import Record, mark
from loopdeck.session.reducer import advance
from loopdeck.session.state import SessionState
from loopdeck.session.timeline import JOTS, Timeline

Track = list[list[Any]]


def tracks_of(records: Iterable[Record]) -> dict[str, Any]:
    """Every track, the times of all events, and the places the keys jump to."""
    state, timeline = SessionState(), Timeline()
    tracks: dict[str, Track] = {}
    times: list[int] = []
    worked: list[int] = []
    first = 0
    for record in records:
        state = advance(state, record)
        first = first or record.ts
        # What was jotted down afterwards took no time of the run.
        late = record.event.type in JOTS and bool(times)
        times.append(times[-1] if late else max(0, record.ts - first) // 1_000_000)
        worked.append(state.elapsed_ns // 1_000_000)
        line_of_index = mark(record)
        timeline.extend([line_of_index] if line_of_index else [], record.seq)
        for name, value in _values(state).items():
            track = tracks.setdefault(name, [])
            if not track or track[-1][1] != value:
                track.append([record.seq, value])
    places = {
        "steps": timeline.steps,
        "approvals": timeline.approvals,
        "errors": timeline.errors,
    }
    return {"tracks": tracks, "times": times, "worked": worked, **places}


def _values(state: SessionState) -> dict[str, Any]:
    totals = state.totals
    return {
        "status": state.status,
        "phase": state.phase.value,
        "level": state.level,
        "cost": money(totals.cost_usd, known=totals.cost_is_all),
        "tokens": f"{'≥ ' if totals.cut else ''}{totals.usage.total:,}",
        "calls": totals.calls,
        "waiting": state.pending,
        "plan": [[item.state, line(item.text)] for item in state.plan],
    }
