"""`xargs`: its input becomes words of the command behind it."""

import re
from collections.abc import Sequence

from loopdeck.permissions.shell.feed import NOTHING, Feed
from loopdeck.permissions.shell.marks import LISTED, UNSEEN
from loopdeck.permissions.shell.options import Argument

_FROM_FILE = re.compile(r"-[0rtx]*a|--arg-file")
_REPLACES = frozenset({"-I", "-i", "--replace"})
_COUNTS = frozenset({"-n", "-L", "-l", "--max-args", "--max-lines"})
_VALUED = frozenset(
    {"-I", "-n", "-L", "-P", "-s", "-d", "-E", "-a", "--max-args", "--max-procs", "--max-chars"}
    | {"--delimiter", "--arg-file"}
)


def appended(
    options: Sequence[Argument], command: list[Argument], feed: Feed, folders: tuple[str, ...]
) -> list[Argument]:
    """The command as it will be: words of the input at its end, or where `-I` puts them."""
    told = options[: len(options) - len(command)]
    mark, last = _mark(told)
    if any(_FROM_FILE.match(word.text) for word in told):
        feed = NOTHING  # a file says the names, whatever comes in
    if mark:
        command = [_replaced(word, mark, feed.names) for word in command]
    end = command[-1].span[1] if command else 0
    # A name with a blank in it becomes two words, and the second may be an option.
    whole = any(word.text in ("-0", "--null") for word in options)
    names = feed.names
    unsure = UNSEEN in names or LISTED in names
    loose = unsure and (not whole or names[:1] in (UNSEEN, LISTED))
    more = Argument(names, (end, end), loose, many=unsure, unlinked=feed.unlinked(folders))
    return [*command, more] if last else command


def _replaced(word: Argument, mark: str, names: str) -> Argument:
    if mark not in word.text:
        return word
    text = word.text.replace(mark, names)
    return Argument(text, word.span, loose=text[:1] in (UNSEEN, LISTED), many=word.many)


def _mark(options: Sequence[Argument]) -> tuple[str, bool]:
    """What stands for a line of the input, empty if nothing does; and whether words also go last.

    Of `-I` and the options that count words, xargs obeys the later one, and versions differ.
    """
    mark, counts, at = "", False, 0
    while at < len(options):
        name, value = _split(options[at].text)
        at += 1
        if name in _VALUED and not value:
            value = options[at].text if at < len(options) else ""
            at += 1
        if name in _REPLACES:
            mark = value or "{}"
        counts = counts or name in _COUNTS
    return mark, counts or not mark


def _split(text: str) -> tuple[str, str]:
    """An option and the value that is attached to it; flags that are bundled before it are gone."""
    if text.startswith("--"):
        name, _, value = text.partition("=")
        return name, value
    letters = text[1:].lstrip("0rtx")
    return f"-{letters[:1]}", letters[1:]
