"""Keeps home's lists as the library has them: narrowed down by words, searched, read on."""

from collections.abc import Iterable, Mapping, Sequence

from textual.content import Content

from loopdeck.app.paint.home import Entry
from loopdeck.app.panes.hits import HitList
from loopdeck.app.panes.sessions import SessionList
from loopdeck.ports import Clock, Library
from loopdeck.ports.search import Finder, Hit
from loopdeck.session.family import lineage
from loopdeck.session.summary import Summary

SETTLE_S = 0.06  # a search waits this long for the next letter
BREATH_S = 0.02  # between two batches of reading on, for the keys
MOST_HITS = 200
RESTS = 4  # readings in a row that are left out where nobody wrote: only ages and crashes change


class Browser:
    """Reads for two lists, of which one is shown; `words` narrow both down."""

    def __init__(self, library: Library, finder: Finder | None) -> None:
        self.words = ""
        self.library = library
        self._finder = finder
        self._known: tuple[object, ...] = ()
        self._rested = 0
        self._unread = 0
        self._total = 0

    def serve(self, sessions: SessionList, hits: HitList, clock: Clock) -> None:
        """Read for these lists from now on."""
        self._sessions, self._hits, self._clock = sessions, hits, clock
        self._known = ()

    @property
    def only_inside(self) -> bool:
        """True where the words are said, and no line of a session holds them."""
        return bool(self.words and self._hits.hits and not self._sessions.ids)

    async def read(self) -> None:
        """Show the sessions as they are now; only what can be seen is read."""
        words = self.words
        version = (await self.library.version(), words)
        if version == self._known and self._rested < RESTS:
            self._rested += 1
            return
        self._rested = 0
        ids, depths = self._sessions.ids, self._sessions.depths
        if version != self._known:
            placed = lineage(await self.library.ids(words), await self.library.forks())
            ids = [session for _, session in placed]
            depths = {session: depth for depth, session in placed if depth}
            if not words:
                self._total = len(ids)
        same = ids == self._sessions.ids
        wanted = self._sessions.window if same else self._around(ids)
        entries = self._entries((await self.library.lines(wanted)).values())
        self._known = version
        self._sessions.depths = depths
        self._sessions.show(ids, entries, self._clock.wall(), narrowed=bool(words))
        self._say()

    async def fill(self) -> None:
        """Read the lines that came into sight."""
        lines = await self.library.lines(self._sessions.window)
        self._sessions.show(
            self._sessions.ids,
            self._entries(lines.values()),
            self._clock.wall(),
            narrowed=bool(self.words),
        )

    async def look_inside(self) -> None:
        """Show where the words are said; the newest letters count."""
        if self._finder is None:
            return
        await self._clock.sleep(SETTLE_S)
        hits: Sequence[Hit] = ()
        if self.words.strip():
            hits = await self._finder.search(self.words, limit=MOST_HITS)
        self._hits.show(hits, self._clock.wall(), self._note())
        self._say()

    async def read_on(self) -> None:
        """Let the index catch up with what was recorded since the last time."""
        if self._finder is None:
            return
        self._unread = await self._finder.behind()
        while await self._finder.read_on():
            self._unread = max(1, self._unread - 1_000)
            self._say()
            await self._clock.sleep(BREATH_S)
        was, self._unread = self._unread, 0
        if was and self.words:
            await self.look_inside()
        self._say()

    def _around(self, ids: Sequence[str]) -> Sequence[str]:
        """What will be in sight when the list has these sessions."""
        shown = self._sessions
        chosen = shown.ids[shown.cursor] if shown.cursor < len(shown.ids) else ""
        at = ids.index(chosen) if chosen in ids else 0
        reach = 2 * shown.rows + 60
        return ids[max(0, at - reach) : at + reach]

    def _entries(self, summaries: Iterable[Summary]) -> Mapping[str, Entry]:
        return {summary.id: self._entry(summary) for summary in summaries}

    def _entry(self, summary: Summary) -> Entry:
        busy = summary.state == "running"
        return Entry(summary, summary.as_seen(live=busy and self.library.is_live(summary.id)))

    def _note(self) -> str:
        if not self.words.strip():
            return "Type what was said: in a goal, a thought, a call, a result, a reason."
        return "Nothing so far: older sessions are still being read." if self._unread else ""

    def _say(self) -> None:
        """The counts, in the frames of both lists."""
        ids, hits = len(self._sessions.ids), len(self._hits.hits)
        sessions = f"{ids:,} of {self._total:,}" if self.words else f"{ids:,}" if ids else ""
        more = "+" if hits == MOST_HITS else ""
        inside = f"{hits}{more} inside" if self.words and self._finder else ""
        reading = f"reading {self._unread:,} events" if self._unread and self.words else ""
        text = " · ".join(part for part in (sessions, inside, reading) if part)
        for each in (self._sessions, self._hits):
            each.border_subtitle = Content(text)
