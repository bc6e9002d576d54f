"""A session as one HTML file that replays in a browser, with no network and nothing to install.

The file holds the page's own style and script and one island of JSON. A policy in its head allows
exactly these two by their hashes, and nothing else. The script puts text only into text nodes.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from loopdeck.exporting import words
from loopdeck.exporting.page_rows import line, rows_of
from loopdeck.exporting.page_tracks import tracks_of
from loopdeck.session.codec import format_ts
from loopdeck.session.records import Record
from loopdeck.session.reducer import project

Colours = Mapping[str, str]

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_NAME = re.compile(r"[a-z-]+")


def html(records: Sequence[Record], *, dark: Colours, light: Colours, version: str = "") -> str:
    """The page, in the colours of a dark and a light theme."""
    style = _style(dark, light) + _asset("deck.css")
    script = _asset("deck.js")
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    parts = {
        "POLICY": policy,
        "TITLE": _escaped(line(project(records[:1]).goal)[:120] or "A session"),
        "STYLE": style,
        "ISLAND": island(page_data(records, version)),
        "SCRIPT": script,
    }
    return re.sub(r"\{\{([A-Z]+)\}\}", lambda found: parts[found[1]], _asset("page.html"))


def page_data(records: Sequence[Record], version: str = "") -> dict[str, Any]:
    """Everything the page shows, as JSON."""
    state = project(records)
    return {
        "session": line(state.session),
        "goal": line(state.goal),
        "model": line(state.model),
        "workspace": line(state.workspace),
        "began": format_ts(state.started_ts)[:19].replace("T", " "),
        "outcome": words.outcome(state),
        "head": len(records),
        "by": f"Loopdeck {version}".strip(),
        "rows": rows_of(records),
        **tracks_of(records),
    }


def island(data: object) -> str:
    """JSON that nothing in it can end: no `<`, `>` or `&`, and nothing but ASCII."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _style(dark: Colours, light: Colours) -> str:
    day = f"@media (prefers-color-scheme: light) {{ :root {{ {_variables(light)} }} }}\n"
    return f":root {{ {_variables(dark)} }}\n{day}"


def _variables(colours: Colours) -> str:
    """The colours as variables of the style; what is no plain colour is left out."""
    found = (
        f"--{name}: {value};"
        for name, value in colours.items()
        if _NAME.fullmatch(name) and _HEX.fullmatch(value)
    )
    return " ".join(found)


def _asset(name: str) -> str:
    return resources.files("loopdeck.exporting").joinpath("web", name).read_text("utf-8")


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"sha256-{digest}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
