"""What the deck says of the rules, and how a project's own are accepted."""

import pytest
from textual import events

from loopdeck.app.paint.bulletin import bulletin_line, bulletin_lines
from loopdeck.app.paint.lines import plain, width_of
from loopdeck.app.panes.bulletin import BulletinScreen
from loopdeck.errors import ConfigError
from loopdeck.ports import Bulletin, PendingRules
from tests.app.screens import MEDIUM, NARROW, WIDE, Desk, deck
from tests.support import stories

ODD = "`allow Task(x)`: there is no such tool in Loopdeck, so it never matches"
OLD = '[[rule]]\ndecide = "deny"\nmatch = "web_fetch"\n'
NEW = '[[rule]]\ndecide = "ask"\nmatch = "shell(git push *)"\n'
CHANGED = ("adds `ask shell(git push *)`", "drops `deny web_fetch`, which holds until you accept")


def pending(text: str = NEW, accepted: str = OLD) -> PendingRules:
    """Rules that wait for a yes."""
    return PendingRules(".loopdeck/policy.toml", text, accepted, CHANGED)


class Acceptance:
    """Counts what was accepted, or refuses."""

    def __init__(self, fault: str = "") -> None:
        self.times = 0
        self._fault = fault

    async def accept(self) -> None:
        """Take it."""
        if self._fault:
            raise ConfigError(self._fault, "Look again.")
        self.times += 1


def shown(bulletin: Bulletin, cells: int = 80) -> str:
    """The whole of it as text."""
    return "\n".join(plain(line) for line in bulletin_lines(bulletin, cells))


def test_the_line_says_how_much_there_is_and_which_key_shows_it() -> None:
    one = plain(bulletin_line(Bulletin((ODD,)), "w", 120))
    assert one.startswith(f"! {ODD}")
    assert one.endswith("w shows")
    both = plain(bulletin_line(Bulletin((ODD, "b"), pending()), "w", 120))
    assert "this project's rules wait to be accepted · 2 things to know of the rules" in both
    assert width_of(bulletin_line(Bulletin((ODD * 9, "\x1b[2J")), "w", 60)) <= 60


def test_a_changed_file_is_shown_whole_against_the_accepted_one() -> None:
    text = shown(Bulletin((), pending()))
    for words in (*CHANGED, '- match = "web_fetch"', '+ match = "shell(git push *)"', "[[rule]]"):
        assert words in text


def test_a_new_file_and_a_lost_one_are_shown_as_they_are() -> None:
    assert "1 + decide" not in shown(Bulletin((), pending(accepted="")))
    assert 'match = "shell(git push *)"' in shown(Bulletin((), pending(accepted="")))
    gone = shown(Bulletin((), pending(text="")))
    assert "The file is gone" in gone
    assert 'match = "web_fetch"' in gone


def test_a_file_from_outside_cannot_act() -> None:
    hostile = pending(text="\x1b]0;x\x07 # \u202e[/]\n")
    text = shown(Bulletin(("\x1b[2J",), hostile))
    assert "\x1b" not in text
    assert "⟨U+202E⟩" in text


async def opened(desk: Desk) -> BulletinScreen:
    """Open the screen with its key, and let the time to look pass."""
    await desk.press("w")
    await desk.until(lambda: isinstance(desk.app.screen, BulletinScreen))
    top = desk.app.screen
    assert isinstance(top, BulletinScreen)
    await desk.until(lambda: top.guard.shown_at is not None)
    desk.clock.advance(0.5)
    return top


@pytest.mark.parametrize("size", [WIDE, MEDIUM, NARROW])
async def test_the_notice_stands_beside_a_waiting_call_and_goes_when_it_was_read(
    size: tuple[int, int],
) -> None:
    story = stories.waiting_for_two()
    async with deck(story, size=size, bulletin=Bulletin((ODD,))) as desk:
        await desk.shows("! `allow Task(x)`")
        await desk.shows("Approve? 1 of 2")
        await opened(desk)
        await desk.shows("so it never matches")
        await desk.press("a", "w")
        await desk.until(lambda: desk.app.screen is desk.deck)
        await desk.until(lambda: "Task(x)" not in desk.screen())


async def test_a_projects_rules_are_accepted_by_a_key_once_they_were_read() -> None:
    yes = Acceptance()
    long = pending(text=NEW + "# more\n" * 40)
    async with deck(
        stories.beginning(), size=MEDIUM, bulletin=Bulletin((), long, yes.accept)
    ) as desk:
        await desk.shows("this project's rules wait to be accepted")
        await opened(desk)
        await desk.press("a")
        await desk.shows("see it to its end first")
        for _ in range(6):
            await desk.press("pagedown")
        await desk.press("a")
        await desk.until(lambda: yes.times == 1)
        await desk.shows("no later one")
        await desk.until(lambda: "wait to be accepted" not in desk.screen())


async def test_escape_accepts_nothing_and_the_notice_stays() -> None:
    yes = Acceptance()
    async with deck(stories.beginning(), bulletin=Bulletin((ODD,), pending(), yes.accept)) as desk:
        await opened(desk)
        await desk.press("escape")
        await desk.until(lambda: desk.app.screen is desk.deck)
        await desk.shows("this project's rules wait to be accepted")
        assert "1 thing" not in desk.screen()
        assert yes.times == 0


async def test_a_file_that_changed_meanwhile_is_not_accepted() -> None:
    no = Acceptance("It has changed since it was shown: nothing was accepted.")
    async with deck(stories.beginning(), bulletin=Bulletin((), pending(), no.accept)) as desk:
        await opened(desk)
        await desk.press("a")
        await desk.shows("It has changed since it was shown")
        await desk.shows("wait to be accepted")


async def test_keys_that_arrive_together_accept_nothing() -> None:
    yes = Acceptance()
    async with deck(stories.beginning(), bulletin=Bulletin((), pending(), yes.accept)) as desk:
        await opened(desk)
        for key in ("a", "b"):
            desk.app.post_message(events.Key(key, key))
        await desk.shows("too many keys at once")
        assert yes.times == 0


async def test_a_recording_has_nothing_to_accept() -> None:
    yes = Acceptance()
    story, there = stories.beginning(), Bulletin((), pending(), yes.accept)
    async with deck(story, accepts=False, bulletin=there) as desk:
        await opened(desk)
        await desk.press("a")
        await desk.press("escape")
        await desk.until(lambda: desk.app.screen is desk.deck)
        assert yes.times == 0
