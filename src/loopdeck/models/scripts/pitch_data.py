"""What the pitches script understands of the files it reads: the topic, the index, a show."""

import re
from dataclasses import dataclass

from pydantic import BaseModel, Field, ValidationError

FIELD = re.compile(r"^(Name|Topic|Words|About me):\s*(.+)$", re.MULTILINE)
STORY = re.compile(r"^-\s+(.+?)(?:\s+\(([^()]*)\))?$", re.MULTILINE)
ROW = re.compile(r"\|([^|\n]+)\|([^|\n]+)\|([^|\n]+)\|([^|\n]+)\|")
SHOW_FILE = re.compile(r"(?:^|[\s/\"'`])([A-Za-z0-9_-]+\.json)\b", re.MULTILINE)
DEFAULT_WORDS = ("automation", "trust")
TOPIC, EPISODE, TAGLINE = 3, 2, 1  # what a word is worth, by where it stands


class Episode(BaseModel):
    """One episode."""

    number: int
    title: str
    summary: str = ""


class Show(BaseModel):
    """One show; `path` is where it was read, which its own text does not decide."""

    title: str
    host: str
    tagline: str = ""
    topics: tuple[str, ...] = ()
    looking_for: str = ""
    episodes: tuple[Episode, ...] = Field(min_length=1)
    path: str = ""

    @property
    def first_name(self) -> str:
        """How a letter greets the host."""
        return self.host.split()[0] if self.host.split() else self.host

    @property
    def slug(self) -> str:
        """The name of its file without the ending."""
        return self.path.rpartition("/")[2].removesuffix(".json")


@dataclass(frozen=True, slots=True)
class Story:
    """Something the writer can tell, and the words it is about."""

    text: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """Who writes, and about what."""

    name: str
    topic: str
    words: tuple[str, ...]
    about: str
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the index."""

    title: str
    text: str

    @property
    def guess(self) -> str:
        """The file it should be in, if files are named after titles."""
        return f"shows/{slugify(self.title)}.json"


def brief_of(text: str) -> Brief:
    """The topic file, with something sensible for each part it lacks."""
    fields = dict(FIELD.findall(text))
    stories = tuple(
        Story(story.rstrip("."), split_words(words)) for story, words in STORY.findall(text)
    )
    return Brief(
        name=fields.get("Name", "your listener").strip(),
        topic=fields.get("Topic", "automation that people can trust").strip().rstrip("."),
        words=split_words(fields.get("Words", "")) or DEFAULT_WORDS,
        about=fields.get("About me", "").strip(),
        stories=stories or (Story("What I learned from a machine that asks first", ()),),
    )


def split_words(text: str) -> tuple[str, ...]:
    """The words of a comma-separated line, lower case, without the final stop."""
    words = (word.strip().rstrip(".").lower() for word in text.split(","))
    return tuple(word for word in words if word)


def pattern_of(words: tuple[str, ...]) -> str:
    """A regular expression that finds any of the words as they are written."""
    return "|".join(re.sub(r"([.^$*+?{}\[\]|()\\])", r"\\\1", word) for word in words)


def rows_of(text: str) -> list[Row]:
    """The shows of an index, whatever stands around its table."""
    rows: list[Row] = []
    for title, *rest in ROW.findall(text):
        name = title.strip()
        if name not in ("", "show") and not name.startswith("---"):
            rows.append(Row(name, f"{name} {' '.join(rest)}"))
    return rows


def show_of(text: str, path: str) -> Show | None:
    """A show from its file; nothing if the file is not one."""
    try:
        show = Show.model_validate_json(text[text.find("{") : text.rfind("}") + 1])
    except ValidationError:
        return None
    return show.model_copy(update={"path": path})


def slugify(title: str) -> str:
    """A file name made of a title."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’.]", "", title.lower())).strip("-")


def hits(text: str, words: tuple[str, ...]) -> int:
    """How many of the words a text holds."""
    low = text.lower()
    return sum(word in low for word in words)


def score(show: Show, words: tuple[str, ...]) -> int:
    """How well a show fits."""
    episodes = sum(hits(f"{each.title} {each.summary}", words) for each in show.episodes)
    about = f"{show.tagline} {show.looking_for}"
    return (
        TOPIC * hits(" ".join(show.topics), words)
        + EPISODE * episodes
        + TAGLINE * hits(about, words)
    )


def by_fit(show: Show, words: tuple[str, ...]) -> list[Episode]:
    """Its episodes, the best fitting first, newer before older."""
    return sorted(
        show.episodes,
        key=lambda each: (-hits(f"{each.title} {each.summary}", words), -each.number),
    )
