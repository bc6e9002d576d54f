"""The check of the pitches script: reads back, runs check.py, mends what it names."""

from collections.abc import Generator
from dataclasses import dataclass, field

from loopdeck.models.scripts.pitch_drafts import WANTED, Draft, Drafting
from loopdeck.models.scripts.pitch_letters import is_whole, letter, repairs
from loopdeck.models.scripts.speech import (
    Call,
    Observation,
    Result,
    Say,
    edit,
    look,
    read,
    shell,
    write,
)

COMMAND = "python3 check.py"
TRIES = 3


@dataclass(slots=True)
class Checking:
    """Knows how far the drafts are proven; works on the same drafts as `Drafting`."""

    drafting: Drafting
    passed: bool = False
    allowed: bool = True
    said: str = ""
    refused: set[str] = field(default_factory=set[str])
    given_up: set[str] = field(default_factory=set[str])

    def read_back(self, words: str, *folders: str) -> Generator[Say, Observation, list[Result]]:
        """Look at the drafts as they are now, for a human may have changed them, and at folders."""
        paths = list(self.drafting.kept)
        seen = yield Say(words, (*map(read, paths), look("drafts"), *map(look, folders)))
        listed, *others = seen.of("list_files")
        news = [self._compare(result, listed) for result in seen.of("read_file")]
        changed = "; ".join(filter(None, news))
        if changed:
            self.drafting.remarks.append(f"{changed}: I left that as it is.")
            self.said = f"{changed}. I go by what is there now."
        return others

    def verify(self, plan: Call) -> Generator[Say, Observation, None]:
        """Run the check, mend, run it again."""
        words = self.said or "All as I left it. Now the check, which knows every episode."
        calls: tuple[Call, ...] = (plan, shell(COMMAND))
        for _ in range(TRIES):
            seen = yield Say(words, calls)
            result = seen.of("shell")[0]
            self.passed = result.ok
            if result.ok:
                return
            if result.denied:
                self.allowed = False
                because = f" ({result.reason})" if result.reason else ""
                self.drafting.remarks.append(f"The check was not allowed to run{because}.")
                words = f"I may not run the check{because}, so I compare the citations by eye."
            else:
                words = "The check is right and I was not."
            mended = yield from self.mend(words)
            if not mended or not self.allowed:
                return
            words, calls = "Once more.", (shell(COMMAND),)

    def mend(self, words: str) -> Generator[Say, Observation, bool]:
        """Put right what can be put right; false if nothing was changed."""
        fixes = [
            (path, call, why)
            for path, draft in self.drafting.kept.items()
            for call, why in self._fixes(path, draft)
        ]
        if not fixes:
            return False
        why = " ".join(dict.fromkeys(reason for _, _, reason in fixes))
        seen = yield Say(f"{words} {why}", tuple(call for _, call, _ in fixes))
        done = False
        for (path, call, _), result in zip(fixes, seen.results, strict=True):
            done = self._settle(path, call, result) or done
        return done

    def proof(self) -> str:
        """What is known about the citations, for the report."""
        if self.passed:
            return "check.py found every citation true."
        wrong = [path for path, draft in self.drafting.kept.items() if self._is_wrong(draft)]
        if wrong:
            return f"Not right yet: {', '.join(wrong)}."
        return "check.py has not confirmed it; by what I read, every citation is true."

    def missing(self) -> int:
        """How many drafts are not there."""
        return max(0, WANTED - len(self.drafting.kept))

    def _compare(self, result: Result, listed: Result) -> str:
        """Take in a draft as it is now; what is new about it, if anything."""
        draft = self.drafting.kept[result.path]
        if not result.ok:
            if not listed.ok or result.path.rpartition("/")[2] in listed.text:
                return f"{result.path} could not be read back"
            self.drafting.kept.pop(result.path)
            return f"{result.path} is gone"
        if result.lines.strip() == draft.text.strip():
            return ""
        draft.text = result.lines
        return f"{result.path} is not as I wrote it"

    def _is_wrong(self, draft: Draft) -> bool:
        whole = is_whole(draft.text, draft.show)
        return not whole or bool(repairs(draft.text, draft.show, self.drafting.brief))

    def _fixes(self, path: str, draft: Draft) -> list[tuple[Call, str]]:
        """The smallest change that helps; a new letter where a change was refused or is no use."""
        if path in self.given_up:
            return []
        brief = self.drafting.brief
        wrong = repairs(draft.text, draft.show, brief)
        whole = is_whole(draft.text, draft.show)
        if whole and not wrong:
            return []
        if whole and path not in self.refused:
            return [
                (edit(path, old, new), f"In {path} it has to be {new}, not {old}.")
                for old, new in dict(wrong).items()
            ]
        text = letter(draft.show, brief, draft.slot, self.drafting.story_for(draft.show))
        return [(write(path, text), f"I write {path} anew, with every citation looked up.")]

    def _settle(self, path: str, call: Call, result: Result) -> bool:
        draft = self.drafting.kept[path]
        if result.ok and call.tool == "write_file":
            draft.text = str(result.args.get("content", ""))
            return True
        if result.ok:
            old, new = str(result.args.get("old", "")), str(result.args.get("new", ""))
            draft.text = draft.text.replace(old, new)
            return True
        (self.given_up if call.tool == "write_file" else self.refused).add(path)
        said = f" (“{result.reason}”)" if result.reason else ""
        what = "was not allowed" if result.denied else "did not work"
        self.drafting.remarks.append(f"Mending {path} {what}{said}.")
        return False
