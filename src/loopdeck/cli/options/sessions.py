"""The words of `loopdeck sessions`."""

import argparse

from loopdeck.cli.options.shared import Adder, common, whole_number

EXPORTS = ("jsonl", "markdown", "html", "atif", "asciicast", "asciicast3")


def sessions(commands: Adder) -> None:
    """The library without a screen."""
    top = commands.add_parser("sessions", help="the library without a screen")
    common(top)
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True)
    listing = verbs.add_parser("list", help="a line a session")
    listing.add_argument("words", nargs="*", metavar="WORD", help="only lines with these words")
    listing.add_argument("--archived", action="store_true", help="those that were put away")
    common(listing)
    for verb, text in (
        ("show", "what happened in a session"),
        ("verify", "check the database and each log"),
    ):
        parser = verbs.add_parser(verb, help=text)
        parser.add_argument("session", metavar="SESSION", nargs="?" if verb == "verify" else None)
        common(parser)
    salvage = verbs.add_parser("salvage", help="copy what can be read of a damaged database")
    salvage.add_argument("--output", metavar="FILE", help="the new database")
    common(salvage)
    search = verbs.add_parser("search", help="find words in all sessions")
    search.add_argument("text", metavar="TEXT")
    search.add_argument("--limit", type=whole_number, metavar="N", default=200)
    common(search)
    _shelf(verbs)
    export = verbs.add_parser("export", help="write a session out")
    export.add_argument("session", metavar="SESSION")
    export.add_argument("--format", choices=EXPORTS, default="jsonl")
    export.add_argument("--output", metavar="FILE", default="-")
    export.add_argument(
        "--size", type=_screen_size, default=(100, 30), metavar="COLSxROWS", help="of an asciicast"
    )
    common(export)
    bring = verbs.add_parser("import", help="take in an exported session")
    bring.add_argument("file", metavar="FILE")
    common(bring)


def _shelf(verbs: Adder) -> None:
    rename = verbs.add_parser("rename", help="give a session a name")
    rename.add_argument("session", metavar="SESSION")
    rename.add_argument("name", metavar="NAME", help="an empty one takes the name away")
    tag = verbs.add_parser("tag", help="give a session tags")
    tag.add_argument("session", metavar="SESSION")
    tag.add_argument("tags", metavar="TAG", nargs="*")
    tag.add_argument("--remove", action="store_true", help="take these tags away")
    archive = verbs.add_parser("archive", help="put sessions away, to be restored")
    restore = verbs.add_parser("restore", help="bring sessions back from the archive")
    delete = verbs.add_parser("delete", help="remove sessions; a copy goes to the archive")
    for parser in (archive, restore, delete):
        parser.add_argument("sessions", metavar="SESSION", nargs="+")
    delete.add_argument("--for-good", action="store_true", help="keep no copy")
    delete.add_argument("--yes", action="store_true", help="do not ask")
    for parser in (rename, tag, archive, restore, delete):
        common(parser)


def _screen_size(text: str) -> tuple[int, int]:
    columns, _, rows = text.partition("x")
    numbers = columns.isdecimal() and rows.isdecimal()
    size = (int(columns), int(rows)) if numbers else (0, 0)
    if not (60 <= size[0] <= 300 and 20 <= size[1] <= 100):
        raise argparse.ArgumentTypeError("a screen has 60x20 to 300x100 cells")
    return size
