"""What `dd` does: it copies from the file behind `if=` to the one behind `of=`, or prints."""

import re
from collections.abc import Sequence

from loopdeck.permissions.shell.languages.report import UNSEEN, Report
from loopdeck.permissions.shell.place import is_device, is_endless, is_stream
from loopdeck.session.values import Category

_COUNTED = re.compile(
    r"(?:bs|ibs|obs|cbs|count|skip|seek|iseek|oseek)=\d{1,18}(?:x?[cwbkKMGTPE]?i?B?)?"
)
_SHAPED = re.compile(r"(?:conv|iflag|oflag)=[a-z_,]{1,80}|status=(?:none|noxfer|progress)")
_ENDLESS = {True: Category.DESTRUCTIVE, False: Category.UNKNOWN}  # it fills the disk, or waits
_ASKED = frozenset({"--help", "--version"})


def check(words: Sequence[str]) -> Report:
    """Judge the words behind `dd`."""
    report = Report()
    ends = any(word.startswith("count=") for word in words)
    fills = any(word.startswith("of=") for word in words)
    for at, word in enumerate(words):
        name, equals, path = word.partition("=")
        if name == "if" and equals:
            if is_endless(path) and not ends:
                report.add(_ENDLESS[fills], f"`{path}` never ends", (at, at + 1))
            report.reads.append(path)
        elif name == "of" and equals:
            _target(path, (at, at + 1), report)
        elif not (_COUNTED.fullmatch(word) or _SHAPED.fullmatch(word) or word in _ASKED):
            shown = word.replace(UNSEEN, "…")
            report.unknown(f"`{shown}` is nothing that `dd` is known to take", (at, at + 1))
    return report


def _target(path: str, span: tuple[int, int], report: Report) -> None:
    if UNSEEN in path:
        report.unknown("where it writes is known only when it runs", span)
    if is_device(path) and not is_stream(path):
        report.add(Category.DESTRUCTIVE, f"`{path}` is a device", span)
    report.writes.append(path)
