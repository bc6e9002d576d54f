"""What decides calls right now: the log's rules, as far as the files behind them still say so."""

import logging
from collections.abc import Iterator

from loopdeck.errors import LoopdeckError
from loopdeck.harness.opening import LASTING
from loopdeck.harness.setting import Setting
from loopdeck.session.events import RuleRevoked
from loopdeck.session.standing import GrantView
from loopdeck.session.state import SessionState
from loopdeck.session.values import Grant, Rule

log = logging.getLogger(__name__)

UNREADABLE = Rule(
    decide="ask", match="*", scope="project", why="the project's own rules cannot be read"
)


class Present:
    """Lasting grants hold as their book has them, whoever changed it, and a project's rules too.

    What is new in the book is for sessions to come; what a project tightens holds at once.
    """

    def __init__(self, setting: Setting) -> None:
        self._book = setting.book
        self._project = setting.project
        self._clock = setting.clock
        self._spent: set[str] = set()  # grants whose last use was one of this session's calls
        self._over: set[str] = set()  # grants that could not be counted any more

    def rules(self, state: SessionState, *, own: str = "") -> tuple[Rule, ...]:
        """Every rule that holds; the grant `own` also where the call itself has used it up."""
        now = self._clock.wall()
        rules = [rule for rule in state.rules if rule.holds(now)]
        rules += (rule for rule in self._project_rules() if rule not in rules)
        rules += (rule for grant in self._grants(state, now, own) for rule in grant.rules)
        return tuple(rules)

    def use(self, state: SessionState, grant_id: str) -> bool:
        """Count one use of a grant over all sessions; false where nothing of it is left."""
        grant = next((v.grant for v in state.grants if v.grant.grant_id == grant_id), None)
        if self._book is None or grant is None or not is_counted(grant):
            return True
        try:
            used = self._book.use(grant_id)
            if used and grant_id not in self._kept(state, self._clock.wall()):
                self._spent.add(grant_id)
        except LoopdeckError as error:
            log.warning("%s %s", error, error.hint)
            used = False
        if not used:
            self._over.add(grant_id)
        return used

    def taken_back(self, state: SessionState) -> list[RuleRevoked]:
        """The grants of the session that somebody took back elsewhere."""
        now = self._clock.wall()
        lasting = [view for view in state.grants if self._is_lasting(view) and view.stands(now)]
        if not lasting:
            return []
        known = self._kept(state, now).keys() | self._spent
        gone = (view.grant.grant_id for view in lasting if view.grant.grant_id not in known)
        return [RuleRevoked(grant_id=grant_id) for grant_id in gone]

    def _grants(self, state: SessionState, now: int, own: str) -> Iterator[Grant]:
        over = self._over
        standing = [v for v in state.grants if v.stands(now) and v.grant.grant_id not in over]
        kept = self._kept(state, now) if any(map(self._is_lasting, standing)) else {}
        for view in standing:
            grant_id = view.grant.grant_id
            if not self._is_lasting(view) or (grant_id == own and grant_id in self._spent):
                yield view.grant
            elif grant_id in kept:
                yield kept[grant_id]

    def _kept(self, state: SessionState, now: int) -> dict[str, Grant]:
        """The grants in the book, by name; none where it cannot be read."""
        if self._book is None:
            return {}
        try:
            grants = self._book.standing(state.workspace, now)
        except LoopdeckError as error:
            log.warning("%s %s", error, error.hint)
            return {}
        return {grant.grant_id: grant for grant in grants}

    def _is_lasting(self, view: GrantView) -> bool:
        return self._book is not None and view.grant.rule.scope in LASTING

    def _project_rules(self) -> tuple[Rule, ...]:
        try:
            return self._project()
        except LoopdeckError as error:
            log.warning("%s %s", error, error.hint)
            return (UNREADABLE,)


def is_counted(grant: Grant) -> bool:
    """Whether its number of calls ends over all sessions."""
    return grant.calls is not None and grant.rule.scope in LASTING
