"""What is known of a command so far: the worst category, the reasons, the facts."""

import posixpath
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from loopdeck.permissions.pathnames import is_below
from loopdeck.permissions.shell.marks import LISTED, UNSEEN
from loopdeck.permissions.shell.place import Place, Where, is_public, locate
from loopdeck.permissions.shell.script import Span
from loopdeck.session.plain import plain_json, plain_text
from loopdeck.session.values import Assessment, Category, JsonObject, Reason

MAX_REASONS = 16
MAX_LISTED = 64
_RANK = {
    Category.READ: 0,
    Category.WRITE: 1,
    Category.NETWORK: 2,
    Category.UNKNOWN: 3,
    Category.DESTRUCTIVE: 4,
}
_LISTS = (
    *("paths", "reads", "reads_below", "writes", "writes_below", "overwrites", "deletes"),
    *("hosts", "env_set", "programs"),
)


def worse(one: Category, other: Category) -> Category:
    """The one that decides; destruction that was recognised goes before what was not."""
    return one if _RANK[one] >= _RANK[other] else other


@dataclass(slots=True)
class Findings:
    """Grows while a command is read; it never becomes milder.

    `spared` are places whose content may go, as nothing is lost with it; `stirred` are those where
    a program of the same command may put what was elsewhere before. `relied` are files whose
    content decided something, and `poured` those that redirects fill. To `carried` places went what
    is nowhere else, and `over` are those, also patterns, that are written over: in the order of the
    text, unless a part is left running and they are `unordered`. `folders` are where a single
    program works; with `scatters` it starts others in folders that it finds. `places` says which
    words lead outside or to secrets.
    """

    category: Category = Category.READ
    reasons: dict[tuple[str, Span | None], Category] = field(
        default_factory=dict[tuple[str, Span | None], Category]
    )
    flags: set[str] = field(default_factory=set[str])
    lists: dict[str, dict[str, None]] = field(default_factory=dict[str, dict[str, None]])
    spared: dict[str, Span] = field(default_factory=dict[str, Span])
    stirred: set[str] = field(default_factory=set[str])
    relied: dict[str, Span] = field(default_factory=dict[str, Span])
    poured: set[str] = field(default_factory=set[str])
    carried: set[str] = field(default_factory=set[str])
    over: dict[str, Span] = field(default_factory=dict[str, Span])
    unordered: bool = False
    folders: tuple[str, ...] = ()
    scatters: bool = False
    places: dict[tuple[str, Span | None], None] = field(
        default_factory=dict[tuple[str, Span | None], None]
    )

    def add(self, category: Category, text: str, span: Span | None = None) -> None:
        """Note a reason for a category."""
        self.category = worse(self.category, category)
        self.reasons.setdefault((text, span), category)

    def note(self, fact: str, value: str) -> None:
        """Add to a fact that is a list."""
        listed = self.lists.setdefault(fact, {})
        if len(listed) < MAX_LISTED:
            listed[value] = None
        elif value not in listed and fact in ("paths", "reads", "writes", "deletes"):
            self.flags.add("outside_workspace")  # not all of them can be looked at

    def path(
        self,
        fact: str,
        text: str,
        cwds: tuple[str, ...],
        place: Place,
        span: Span | None = None,
    ) -> list[Where]:
        """Note a path under every folder that the command may run in, named at `span`."""
        if fact == "reads" and is_public(text):
            self.note(fact, text)
            return []
        found = [locate(text, cwd, place) for cwd in cwds]
        for where in found:
            for shown in where.shown:
                self.note("paths", shown)
                self.note(fact, shown)
            if where.outside:
                self.flags.add("outside_workspace")
            if where.sensitive:
                self.flags.add("sensitive")
            careful = where.outside or where.sensitive
            if span is not None and careful and len(self.places) < MAX_REASONS:
                what = "may hold secrets" if where.sensitive else "is outside the workspace"
                name = text.replace(UNSEEN, "…").replace(LISTED, "*")[:80]
                self.places[f"`{name}` {what}", span] = None
        return found

    def look(self, text: str, cwds: tuple[str, ...], place: Place) -> None:
        """Note a path of which nothing is told but that it is there, and what it is."""
        for where in () if is_public(text) else [locate(text, cwd, place) for cwd in cwds]:
            for shown in where.shown:
                self.note("paths", shown)
            if where.outside:
                self.flags.add("outside_workspace")

    def merge(self, other: "Findings", span: Span | None = None) -> None:
        """Take over what was found elsewhere; `span` where its own spans mean another text."""
        if not (other.reasons or other.flags or other.lists):
            return
        if other.spared or other.stirred or other.relied or other.poured:
            self.spared.update(other.spared)
            self.stirred |= other.stirred
            self.relied.update(other.relied)
            self.poured |= other.poured
        if other.carried or other.over:
            self._bury(other)
        self.unordered |= other.unordered
        for (text, at), category in other.reasons.items():
            self.reasons.setdefault((text, span or at), category)
        for text, at in other.places:
            self.places[text, span or at] = None
        self.category = worse(self.category, other.category)
        self.flags |= other.flags
        for fact, listed in other.lists.items():
            self._note_all(fact, listed)

    def _note_all(self, fact: str, listed: dict[str, None]) -> None:
        if fact not in self.lists:
            self.lists[fact] = dict(listed)
            return
        for value in listed:
            self.note(fact, value)

    def _bury(self, later: "Findings") -> None:
        """What one part moved somewhere, a later one may write over; or any that runs beside it."""
        self._write_over(later.over, self.carried)
        if self.unordered or later.unordered:
            self._write_over(self.over, later.carried)
        self.carried |= later.carried
        self.over.update(later.over)

    def _write_over(self, over: dict[str, Span], carried: set[str]) -> None:
        for path, span in over.items() if carried else ():
            if any(is_below(path, place) or fnmatchcase(place, path) for place in carried):
                name = posixpath.basename(path)
                self.add(Category.DESTRUCTIVE, f"`{name}` is what was moved there", span)

    def settle(self) -> None:
        """At the end: a place is spared no more if something else may have been put there."""
        for path, span in self.spared.items():
            if any(is_below(path, place) or is_below(place, path) for place in self.stirred):
                name = posixpath.basename(path)
                self.add(Category.DESTRUCTIVE, f"`{name}` is another file by then", span)
                self.flags.discard("undoable")
        for path, span in self.relied.items():
            if path in self.poured or any(is_below(path, place) for place in self.stirred):
                name = posixpath.basename(path)
                self.add(Category.DESTRUCTIVE, f"`{name}` is another file by then", span)

    def facts(self) -> JsonObject:
        """The facts as the rest of the program knows them."""
        facts: JsonObject = {
            name: list(self.lists[name]) for name in _LISTS if self.lists.get(name)
        }
        facts.update(dict.fromkeys(sorted(self.flags), True))
        # Where another part is worse, the category no longer says that this one talks to others.
        if self.category is not Category.NETWORK and Category.NETWORK in self.reasons.values():
            facts["network"] = True
        return facts

    def assessment(self) -> Assessment:
        """The verdict: the worst reasons first, in the order of the text.

        What is harmless is said only where all of it is.
        """
        ordered = sorted(
            self.reasons.items(), key=lambda item: (-_RANK[item[1]], item[0][1] or (0, 0))
        )
        told = [key for key, category in ordered if category is not Category.READ]
        told += self.places
        told = told or [key for key, _ in ordered]
        reasons = tuple(_reason(text, span) for text, span in told[:MAX_REASONS])
        facts = {name: plain_json(value) for name, value in self.facts().items()}
        return Assessment.model_construct(category=self.category, reasons=reasons, facts=facts)


def _reason(text: str, span: Span | None) -> Reason:
    """As it would come out of its checks, which cost more than most of the reading."""
    return Reason.model_construct(text=plain_text(text), span=span)
