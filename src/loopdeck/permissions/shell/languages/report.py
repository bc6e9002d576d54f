"""What the checker of a little language found out about a script or an expression.

Languages that are one text (sed, awk, jq, sql) are checked by `check(text)` and their spans count
its characters; languages made of words (find, test) by `check(words)` and their spans count words.
"""

from dataclasses import dataclass, field

from loopdeck.session.values import Category

UNSEEN = "\0"  # stands in a word for what only the running shell will know

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing a script does beyond reading its input, and where it says so."""

    category: Category
    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Nested:
    """A command inside the words: what would run, and the words it came from.

    `examples` are the places of those words that stand for whatever is found, and `found` is the
    pattern of its names; `scattered` says that it runs in folders that are found on the way.
    """

    words: tuple[str, ...]
    span: Span
    scattered: bool = False
    examples: frozenset[int] = frozenset()
    found: str = ""


@dataclass(slots=True)
class Report:
    """Everything found; no effects and no commands means that the script only reads.

    `picked` are the names, patterns, one of which all of what is deleted has; none where it may
    have any. `looks` are paths of which only the name and what it stands for are looked at.
    `follows` says that links are followed below the folders that are read.
    """

    effects: list[Effect] = field(default_factory=list[Effect])
    reads: list[str] = field(default_factory=list[str])
    looks: list[str] = field(default_factory=list[str])
    writes: list[str] = field(default_factory=list[str])
    deletes: list[str] = field(default_factory=list[str])
    picked: tuple[str, ...] = ()
    commands: list[Nested] = field(default_factory=list[Nested])
    follows: bool = False

    def add(self, category: Category, text: str, span: Span | None = None) -> None:
        """Note an effect."""
        self.effects.append(Effect(category, text, span))

    def unknown(self, text: str, span: Span | None = None) -> None:
        """Note something that was not understood."""
        self.add(Category.UNKNOWN, text, span)
