"""The composition root: the only place that knows every concrete class."""

import asyncio
import contextlib
import os
import secrets
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from loopdeck.cli.clock import SystemClock
from loopdeck.cli.config import Settings
from loopdeck.cli.ground import HOME
from loopdeck.cli.kept.wishes import WishBook
from loopdeck.cli.mcp.board import Board
from loopdeck.cli.mcp.roster import Roster
from loopdeck.cli.places import Places, workspace
from loopdeck.cli.policy.bylaws import (
    Bylaws,
    ProjectWatch,
    accept,
    bylaws,
    grant_book,
    odd_rules,
    user_rules,
)
from loopdeck.cli.secrecy import redactor_for
from loopdeck.cli.work.driving import driven
from loopdeck.cli.work.run import Manner, Run, Workplace
from loopdeck.errors import UsageError
from loopdeck.harness.ending import Ending
from loopdeck.harness.inbox import Inbox
from loopdeck.harness.opening import Terms, begin, reopen
from loopdeck.harness.patience import Patience
from loopdeck.harness.prompt.conversation import Conversation
from loopdeck.harness.recorder import Recorder
from loopdeck.harness.spooling import Spooling
from loopdeck.journal.sqlite import SqliteJournal
from loopdeck.models.cast import CastModel
from loopdeck.models.names import resolve
from loopdeck.models.prices import Price, PriceBook
from loopdeck.permissions.secrets.redacting import Redactor
from loopdeck.ports import Bulletin, Clock, Model
from loopdeck.session.values import Limits, Rule

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # no letters that look like digits
ID_LENGTH = 8
NO_SEARCH = "The model {model} has no search of the web of its own: [web] search changes nothing."
IMPORTED = (
    "This session was imported: its rules, its limits and a level above 3 are not taken over, its "
    "check and each call that it left are asked about, and what it says counts as outside content. "
    "It goes on with the model {model} in {folder}, under your own limits."
)


def new_session_id() -> str:
    """Eight random letters and digits: short to type, unique for any one person."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LENGTH))


class Workshop:
    """Builds runs over one open journal; what belongs to one of them is the run's own."""

    def __init__(
        self,
        journal: SqliteJournal,
        places: Places,
        settings: Settings,
        *,
        clock: Clock | None = None,
        env: Mapping[str, str] = os.environ,
        new_id: Callable[[], str] = new_session_id,
    ) -> None:
        self.journal = journal
        self.clock = clock or SystemClock()
        self.settings = settings
        self.patience = Patience(self.clock)
        self.roster = Roster(settings, places, env, self.clock)
        self._places = places
        self._env = env
        self._new_id = new_id

    async def start(self, terms: Terms, manner: Manner) -> Run:
        """A new session. Raises `UsageError` before anything is written."""
        if not terms.goal.strip():
            raise UsageError("The goal is empty.", 'Say what to do: loopdeck run "…"')
        model = self._model(terms.model, manner)
        here = bylaws(Path(terms.workspace), self._places, self.clock.wall())
        terms = replace(terms, rules=(*terms.rules, *here.rules), grants=here.grants)
        heard = self._announce(Path(terms.workspace), here, terms.rules, terms.model)
        redactor = self.redactor(Path(terms.workspace))
        if terms.check and redactor.clean(terms.check) != terms.check:
            raise UsageError(
                "The check holds a secret, which the log does not keep, so it could not be run.",
                "Have it read the secret from a file.",
            )
        session = self._new_id()
        with self._claimed(session):
            recorder, conversation = await begin(
                self.journal, self.clock, session, terms, redactor=redactor
            )
        return self._run(recorder, conversation, model, manner, Path(terms.workspace), heard)

    async def resume(
        self,
        session: str,
        manner: Manner,
        *,
        limits: Limits | None = None,
        rules: Sequence[Rule] = (),
        fork: bool = False,
    ) -> Run:
        """Go on with a session. Raises `SessionBusy` while another process runs it.

        A new `fork` may be made of a session that is done.
        """
        (state,) = await self.journal.summaries_of([session])
        if state.state == "done" and not fork:
            raise UsageError(
                f"Session {session} is done: there is nothing to go on with.",
                f"loopdeck replay {session}",
            )
        folder = workspace(state.workspace)
        model = self._model(state.model, manner)
        here = bylaws(folder, self._places, self.clock.wall())
        given = (*rules, *user_rules(self.settings))
        imported = await self.journal.imported(session)
        said = IMPORTED.format(model=state.model, folder=folder)
        heard = self._announce(folder, here, given, state.model, (said,) if imported else ())
        with self._claimed(session):
            recorder, conversation = await reopen(
                self.journal,
                self.clock,
                session,
                limits=limits,
                rules=(*given, *here.rules),
                grants=here.grants,
                redactor=self.redactor(folder),
                fork=fork,
                imported=imported,
                own_limits=self.settings.limits,
            )
        return self._run(recorder, conversation, model, manner, folder, heard)

    def _announce(
        self,
        folder: Path,
        here: Bylaws,
        rules: Sequence[Rule],
        model: str,
        more: Sequence[str] = (),
    ) -> tuple[tuple[str, ...], Bulletin]:
        """What there is to say before a run: on a command line, and at a deck."""
        about_rules = odd_rules(rules, self.settings)
        unable = self._search_notices(model)
        whole = (HOME,) if folder == Path.home().resolve() else ()
        odd = (*more, *whole, *about_rules, *self.roster.notices(folder, model), *unable)

        async def accepted() -> None:
            if here.pending is not None:
                await asyncio.to_thread(accept, folder, self._places, here.pending)

        return (*here.notices, *odd), Bulletin((*here.problems, *odd), here.pending, accepted)

    @contextlib.contextmanager
    def _claimed(self, session: str) -> Generator[None]:
        """Claim a session, and let it go again if it cannot be opened."""
        self.journal.claim(session)
        try:
            yield
        except BaseException:
            self.journal.release(session)
            raise

    @property
    def wishes(self) -> WishBook:
        """What was chosen for new sessions before."""
        return WishBook(self._places.state / "wishes.json")

    def redactor(self, folder: Path) -> Redactor:
        """What takes secrets out of a log of work in this folder."""
        return redactor_for(self._places.state, folder, self._env)

    def _search_notices(self, model: str) -> tuple[str, ...]:
        """What to say of a search of the web that was switched on, and that a model lacks."""
        if not self.settings.web.search:
            return ()
        from loopdeck.models.searching import lacks_search  # most people have it switched off

        return (NO_SEARCH.format(model=model),) if lacks_search(model) else ()

    def _model(self, name: str, manner: Manner) -> CastModel:
        """The model, in whose place its human may put others."""
        return CastModel(self._resolved(name, manner), lambda new: self._resolved(new, manner))

    def _resolved(self, name: str, manner: Manner) -> Model:
        prices = PriceBook(
            {
                model: Price(price.input, price.output, price.cache_read, price.cache_write)
                for model, price in self.settings.prices.items()
            },
            self.settings.web.search_usd,
        )
        return resolve(
            name,
            self._env,
            prices=prices,
            clock=self.clock,
            pace=manner.pace,
            max_tokens=self.settings.max_output_tokens,
            thinking=self.settings.thinking,
            logs=self._places.state,
        )

    def _run(
        self,
        recorder: Recorder,
        conversation: Conversation,
        model: CastModel,
        manner: Manner,
        folder: Path,
        heard: tuple[tuple[str, ...], Bulletin],
    ) -> Run:
        servers = partial(self.roster.hub, folder, model.name, recorder.redactor.learn)
        inbox, board = Inbox(), Board(servers)
        recorder.patience = self.patience  # from here on: a run that cannot begin says so at once
        place = Workplace(
            folder=folder,
            clock=self.clock,
            spool=Spooling(
                self._places.spool / recorder.session, self.settings.spool_mb * 1_000_000
            ),
            own=self._places.own,
            on_ask=manner.on_ask,
            on_unknown=manner.on_unknown,
            book=grant_book(self._places),
            project=ProjectWatch(folder, self._places.projects, self.clock),
            sandboxed=self.settings.sandbox,
            recast=model.recast,
            servers=board.begin,
            unable=board.unable,
            unstarted=partial(self.roster.unstarted, folder, model.name),
            search=self.settings.web.search,
            walls=self._places.walls,
        )

        async def work() -> Ending:
            # The loop and the tools are loaded while the first frame is on the screen already.
            from loopdeck.cli.work.agents import run_agent

            return await run_agent(recorder, conversation, model, inbox, self.journal, place)

        drive = partial(driven, work, recorder, model, self.journal)
        return Run(recorder.session, inbox, drive, board, *heard)
