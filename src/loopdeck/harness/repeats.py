"""Notices an agent that does the same thing over and over with the same result."""

from collections import Counter, deque

from loopdeck.harness.gating.binding import digest
from loopdeck.harness.gating.cases import Case
from loopdeck.session.values import Category

TELL_AT = 3
ASK_AT = 5
WINDOW = 20


class Repeats:
    """Counts equal (tool, arguments, result) among the last calls; progress clears the count."""

    def __init__(self) -> None:
        self._recent: deque[str] = deque(maxlen=WINDOW)
        self._excused: set[str] = set()

    def saw(self, case: Case) -> int:
        """How often this call and result came lately; 0 for one that was excused."""
        if case.finished is None:
            return 0
        if case.category is Category.WRITE and case.finished.ok:
            self._recent.clear()
            return 0
        print_ = fingerprint(case)
        self._recent.append(print_)
        return 0 if print_ in self._excused else Counter(self._recent)[print_]

    def excuse(self, case: Case) -> None:
        """Count this one no more: the human said it is fine."""
        self._excused.add(fingerprint(case))


def fingerprint(case: Case) -> str:
    """What makes two calls the same."""
    said = (case.finished.ok, case.finished.output) if case.finished else ()
    return digest([case.use.tool, case.use.args, said])
