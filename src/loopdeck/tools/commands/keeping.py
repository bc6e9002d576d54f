"""What a sandboxed command is kept from beside its walls: secrets it does not name, and planting.

A command that was judged a plain read names what it reads, or reads whatever is there: for the
second kind secrets are covered. After one that may write, new settings of git are looked at, and
what else other programs obey.
"""

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from loopdeck.permissions.shell import Part
from loopdeck.session.values import Assessment, listed
from loopdeck.tools.disk.lookout import Lookout
from loopdeck.tools.disk.paths import nothing_made
from loopdeck.tools.git.aside import cleans, stashes
from loopdeck.tools.git.index import links
from loopdeck.tools.sandbox.blocked import gone
from loopdeck.tools.sandbox.confines import Confines
from loopdeck.tools.sandbox.nested import Nested, explain, settings_of, with_shared
from loopdeck.tools.sandbox.planted import Planted
from loopdeck.tools.sandbox.survey import modules
from loopdeck.tools.stakes.sweeps import comes_upon


@dataclass(frozen=True, slots=True)
class Keeping:
    """For one run of one command."""

    confines: Confines
    lookout: Lookout
    nested: Nested
    planted: Planted
    root: Path
    unheld: tuple[str, ...] = ()  # settings of git that came after the walls of a service

    @classmethod
    def around(
        cls,
        judged: Assessment,
        command: str,
        parts: Sequence[Part],
        confines: Confines,
        lookout: Lookout,
        root: Path,
    ) -> Self:
        """Look at the workspace, and widen what the sandbox hides and holds."""
        nested, planted = Nested({}), Planted(root, {})
        own = f"{root}/.git"
        unheld = (own,) if confines.request.lasting and not os.path.lexists(own) else ()
        if confines.sandbox is not None:
            lookout.look()
            request = replace(
                confines.request,
                covered=lookout.covered(secrets=comes_upon(judged, command, parts, str(root))),
                repositories=lookout.repositories() if confines.request.writes else (),
                tidying=_tidies(parts),
            )
            confines = replace(confines, request=request)
            if request.writes:
                nested = Nested.before((*_gits(lookout, root), *unheld))
                planted = Planted(root, lookout.obeyed(), listed(judged.facts, "writes"))
        return cls(confines, lookout, nested, planted, root, unheld)

    def again(self) -> Self:
        """The same, for what happens from now on."""
        if self.confines.sandbox is None or not self.confines.request.writes:
            return self
        self.lookout.look()
        nested = Nested.before((*_gits(self.lookout, self.root), *self.unheld))
        planted = replace(self.planted, before=self.lookout.obeyed())
        return replace(self, nested=nested, planted=planted)

    def afterwards(self, spared: Callable[[str], bool] = nothing_made) -> str:
        """Put aside what would run by itself, but for what is spared; what is to be said of it."""
        return self.swept(spared)[0]

    def swept(
        self, spared: Callable[[str], bool], named: Collection[str] = ()
    ) -> tuple[str, "Keeping"]:
        """The same, and what the next look begins with: only what this one has seen.

        What comes while it looks is new to the next. What was `named` by others is theirs.
        """
        if self.confines.sandbox is None or not self.confines.request.writes:
            return "", self
        self.lookout.look()
        gits = (*_gits(self.lookout, self.root), *self.unheld)
        nested = Nested.before(gits)
        disarmed = explain(self.nested.disarm(gits), str(self.root))
        obeyed = self.lookout.obeyed()
        planted = replace(self.planted, named=(*self.planted.named, *named))
        told = planted.afterwards(obeyed, spared)
        lost = gone(self.planted.named, self.confines.sandbox.backend)
        text = "\n".join(sentence for sentence in (disarmed, told, lost) if sentence)
        return text, replace(self, nested=nested, planted=replace(self.planted, before=obeyed))


def _tidies(parts: Sequence[Part]) -> bool:
    """Whether git takes away the files that it does not have, and stops where a folder stays.

    At worst, what is planted meanwhile is taken away only afterwards.
    """
    return cleans(parts) or any(stashes(parts))


def _gits(lookout: Lookout, root: Path) -> list[str]:
    """The folders of settings of every repository in the workspace but its own."""
    own = f"{root}/.git"
    inside = dict.fromkeys((*lookout.repositories(), *links(own, str(root))))
    found = [git for repository in inside for git in settings_of(repository)]
    found += [git for bare in lookout.bares() for git in with_shared(bare)]
    found += modules(own)
    found += [str(path) for path in Path(own, "worktrees").glob("*")]
    return list(dict.fromkeys(found))
