"""Whether a text that grows stays in sight at its end, until its reader scrolls away."""


class Following:
    """Knows where the reader stands, in lines; the pane that asks it scrolls.

    `at` is the line at the top, `last` what that is once the last one is in sight.
    """

    def __init__(self) -> None:
        self._speaks = False
        self._follows = False
        self._to = 0

    def forget(self) -> None:
        """Nothing is shown."""
        self._speaks = self._follows = False

    def turn(self, *, speaks: bool, other: bool, at: float, last: int) -> bool:
        """Another moment is shown, or an `other` text; whether to go to the first line.

        While it `speaks` that never is: a reader who scrolls away stays there, until they come
        back to the last line.
        """
        begins = other or (not self._speaks and at == 0)
        followed = self._follows and self._at_the_last(at, last)
        self._speaks = speaks
        if not speaks:
            self._follows = False
            return other or followed
        if begins:
            self._to = 0
        self._follows = begins or self._at_the_last(at, last)
        return False

    def made(self, at: float, last: int) -> int | None:
        """The lines are made anew: the one to go to, if it is followed."""
        if not self._follows or not self._at_the_last(at, last):
            return None
        self._to = last
        return last

    def _at_the_last(self, at: float, last: int) -> bool:
        """Whether the last line is in sight, or was before there were more of them or less room."""
        return at >= (min(last, self._to) if self._follows else last)
