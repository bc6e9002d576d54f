"""A program in a terminal with a model server behind it, both gone afterwards."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bench.model_server import Plan, Served, serving
from bench.processes import Home, fresh_home
from bench.terminal import Terminal, terminal


@dataclass(frozen=True)
class Stage:
    """What there is to look at."""

    home: Home
    served: Served
    terminal: Terminal


@contextmanager
def served_in_terminal(
    plan: Plan, words: Sequence[str], *, prepare: Callable[[Home], None] | None = None
) -> Generator[Stage]:
    """Run a program whose model follows the plan; `served` is filled in when the block ends."""
    with fresh_home() as home, serving(plan) as served:
        if prepare is not None:
            prepare(home)
        with terminal(words, home.env(served.url), home.workspace) as running:
            yield Stage(home, served, running)
