"""What was read without being stored stays out of the log, also where the agent quotes it."""

import asyncio
from collections.abc import Sequence

import pytest

from loopdeck.permissions.secrets.redacting import Redactor
from loopdeck.session.codec import dump_event
from loopdeck.session.commands import Command
from loopdeck.session.events import CallAsked, CallFinished
from loopdeck.session.records import Record
from loopdeck.session.values import JsonObject
from tests.support.models import calls, says
from tests.support.rig import Rig, approves, nobody

SECRET = "w0rd of mine"
TEXT = f"     1\tDB_PHRASE='{SECRET}'\n     2\tkept in the blue cupboard"
SENSITIVE: JsonObject = {"sensitive": True, "paths": ["deep/.env"]}


def lends(record: Record) -> Command | None:
    """A human who lets everything run, and the first call without storing it."""
    yes = approves(record)
    if isinstance(record.event, CallAsked) and record.event.call_id == "c1":
        return yes and yes.model_copy(update={"store": False})
    return yes


async def logged(rig: Rig) -> str:
    """Everything that was stored."""
    return "".join(dump_event(event) for event in await rig.events())


async def test_the_next_sentence_and_the_next_arguments_do_not_give_it_away() -> None:
    rig = Rig(
        [
            calls(("c1", "look", {"key": "a"})),
            calls(("c2", "put", {"key": "b", "value": f"phrase {SECRET}!"})),
            says(f"It is {SECRET}, kept in the blue cupboard."),
        ],
        human=lends,
    )
    rig.redactor = Redactor(b"k")
    rig.box.files["a"], rig.box.facts = TEXT, SENSITIVE
    await rig.run()
    assert TEXT in str(rig.model.requests[1].turns).replace("\\n", "\n").replace("\\t", "\t")
    assert rig.box.files["b"] == f"phrase {SECRET}!"  # what runs is what was meant
    log = await logged(rig)
    assert SECRET not in log
    assert "blue cupboard" not in log
    assert "‹redacted:" in log


@pytest.mark.parametrize("known", [True, False])
async def test_the_secrets_of_a_file_are_known_before_what_is_read_of_it_is_stored(
    *, known: bool
) -> None:
    rig = Rig([calls(("c1", "look", {"key": "a"})), says("Done.")], human=approves)
    rig.redactor = Redactor(b"k")
    rig.box.files["a"], rig.box.facts = f"the phrase: {SECRET}", SENSITIVE
    asked: list[str] = []

    def found(paths: Sequence[str]) -> Sequence[str]:
        asked.extend(paths)
        return [SECRET] if known else []

    rig.secrets_in = found
    await rig.run()
    (end,) = [event for event in await rig.events() if isinstance(event, CallFinished)]
    assert asked == ["deep/.env"]
    assert (SECRET in end.output) is not known


async def test_a_file_that_is_not_sensitive_is_not_looked_into() -> None:
    rig = Rig([calls(("c1", "look", {"key": "a"})), says("Done.")], human=nobody)

    def found(_paths: Sequence[str]) -> Sequence[str]:
        raise AssertionError("nobody asked for this")

    rig.secrets_in = found
    await asyncio.wait_for(rig.run(), 10)
    assert rig.box.ran == ["look a"]
