"""The letters of the pitches script: made of what was read, mended where they are wrong."""

import re
from collections.abc import Sequence

from loopdeck.models.scripts.pitch_data import Brief, Episode, Show, Story, by_fit, hits

CITATION = re.compile(r'episode (\d+), "([^"]+)"', re.IGNORECASE)
OPENINGS = (
    'Episode {number}, "{title}", is the reason for this letter. {summary}',
    'I keep coming back to your episode {number}, "{title}". {summary}',
    'There is a sentence missing at the end of your episode {number}, "{title}", '
    "and I may have it. {summary}",
)
CLOSINGS = (
    "If that is an hour you would like to have, I am free on most evenings.",
    "I can talk about it without slides, and I have the notes to prove each step.",
    "If it is not for you, no answer is a fine answer.",
)


def letter(
    show: Show, brief: Brief, slot: int, story: Story, *, short: bool = False, slip: bool = False
) -> str:
    """A pitch to the show's host; `slip` cites the lead episode under a neighbour's number."""
    lead, *others = by_fit(show, brief.words)
    number = neighbour(show, lead).number if slip else lead.number
    opening = OPENINGS[slot % len(OPENINGS)].format(
        number=number, title=lead.title, summary="" if short else lead.summary
    )
    parts = [
        f"To: {show.host}, {show.title}\nSubject: {brief.topic}",
        f"Hi {show.first_name},",
        opening.strip(),
        f"{brief.about} What I would bring: {_lower(story.text)}.".strip(),
    ]
    if not short:
        parts.append(_fit(show, others[:1]))
    parts += [CLOSINGS[slot % len(CLOSINGS)], brief.name]
    return "\n\n".join(parts) + "\n"


def nearest(show: Show, stories: Sequence[Story]) -> Story:
    """The story that shares most words with the show."""
    about = " ".join([*show.topics, *(each.summary for each in show.episodes)])
    return max(stories, key=lambda story: hits(about, story.words))


def neighbour(show: Show, lead: Episode) -> Episode:
    """The episode before this one, or after it, or itself where it is the only one."""
    numbers = sorted(show.episodes, key=lambda each: each.number)
    at = numbers.index(lead)
    return numbers[at - 1] if at else numbers[min(1, len(numbers) - 1)]


def repairs(text: str, show: Show, brief: Brief) -> list[tuple[str, str]]:
    """What to replace by what, so that every citation is true."""
    found: list[tuple[str, str]] = []
    for match in CITATION.finditer(text):
        number, title = int(match[1]), match[2]
        right = _meant(show, number, title) or by_fit(show, brief.words)[0]
        if (right.number, right.title) != (number, title):
            word = match[0].partition(" ")[0]
            found.append((match[0], f'{word} {right.number}, "{right.title}"'))
    return found


def is_whole(text: str, show: Show) -> bool:
    """True if a draft names its show, greets its host and cites something."""
    greets = re.search(rf"^(Hi|Hello|Dear) {re.escape(show.first_name)}\b", text, re.MULTILINE)
    return show.title in text and bool(greets) and bool(CITATION.search(text))


def _meant(show: Show, number: int, title: str) -> Episode | None:
    """The episode of this title, else of this number."""
    by_title = [each for each in show.episodes if each.title == title]
    by_number = [each for each in show.episodes if each.number == number]
    return next(iter([*by_title, *by_number]), None)


def _fit(show: Show, others: list[Episode]) -> str:
    """A sentence on why this show, from its own words."""
    wish = f"You ask for {show.looking_for}; I think I am one of them." if show.looking_for else ""
    beside = "".join(
        f' It could stand beside episode {each.number}, "{each.title}".' for each in others
    )
    return f"{wish}{beside}".strip() or f"I think it fits {show.title}."


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
