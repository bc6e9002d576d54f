"""A run that fetches: what a rule lets run, what asks, and what outside content changes."""

from pathlib import Path

import pytest

from loopdeck.session.events import CallAnswered, CallAsked, CallFinished, CallJudged
from loopdeck.session.values import Decision, Rule
from loopdeck.tools.registry import BuiltinToolbox
from tests.support.models import calls, says
from tests.support.rig import Rig, approves, nobody
from tests.support.web import Site, page, reaching, serving


def rig_at(site: Site, folder: Path, *paths: str) -> Rig:
    """A run that fetches these pages, one a step."""
    steps = [
        calls((f"c{number}", "web_fetch", {"url": site.url(path)}))
        for number, path in enumerate(paths, start=1)
    ]
    box = BuiltinToolbox(folder, reach=reaching())
    return Rig([*steps, says("Done.")], box=box, workspace=str(folder), spool=folder.parent / "s")


@pytest.mark.parametrize(
    "match", ["host(site.example)", "web_fetch(http://site.example:{port}/docs/*)"]
)
async def test_at_level_five_a_rule_lets_the_first_page_come_and_the_next_one_waits(
    ws: Path, match: str
) -> None:
    async with serving({"/docs/a": page(b"<p>hello</p>"), "/docs/b": page(b"b")}) as site:
        rig = rig_at(site, ws, "/docs/a", "/docs/b")
        rig.human = nobody
        rule = Rule(decide="allow", match=match.format(port=site.port))
        ending = await rig.run(level=5, rules=(rule,), on_ask="park")
        assert ending.outcome == "waiting"
        assert site.seen == ["site.example /docs/a"]
        state = await rig.state()
        assert (state.taint, state.taint_step) == ("web_fetch", 1)
        judged = {e.call_id: e for e in await rig.events() if isinstance(e, CallJudged)}
        assert judged["c1"].verdict is Decision.ALLOW
        assert judged["c1"].facts["hosts"] == ["site.example"]
        assert (judged["c2"].verdict, judged["c2"].level) == (Decision.ASK, 4)  # it fell to it
        assert "outside content" in judged["c2"].rule


async def test_without_a_rule_it_asks_and_runs_once_it_is_approved(ws: Path) -> None:
    async with serving({"/a": page(b"<p>hello</p>")}) as site:
        rig = rig_at(site, ws, "/a")
        rig.human = approves
        assert (await rig.run()).outcome == "done"
        events = await rig.events()
        (asked,) = (event for event in events if isinstance(event, CallAsked))
        assert asked.preview is not None
        assert asked.preview.text == site.url("/a")
        (ended,) = (event for event in events if isinstance(event, CallFinished))
        assert ended.output == f"[{site.url('/a')}: 200 OK]\n\nhello"


async def test_a_page_that_a_rule_forbids_is_not_asked_about_and_not_fetched(ws: Path) -> None:
    async with serving({"/admin/x": page(b"secret")}) as site:
        rig = rig_at(site, ws, "/%61dmin/x")
        rule = Rule(decide="deny", match=f"web_fetch(http://site.example:{site.port}/admin/*)")
        await rig.run(rules=(rule, Rule(decide="allow", match="host(site.example)")))
        assert site.seen == []
        (answered,) = (e for e in await rig.events() if isinstance(e, CallAnswered))
        assert (answered.answer, answered.by) == ("denied", "rule")


async def test_at_level_two_there_is_no_web(ws: Path) -> None:
    async with serving({"/a": page(b"x")}) as site:
        rig = rig_at(site, ws, "/a")
        await rig.run(level=2, rules=(Rule(decide="allow", match="host(site.example)"),))
        assert site.seen == []
        assert "web_fetch" not in {tool.name for tool in rig.model.requests[0].tools}
