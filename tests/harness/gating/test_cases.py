"""Cases: what is known of a call when it is looked at, and not before."""

from loopdeck.session.commands import Command
from loopdeck.session.events import CallFinished
from loopdeck.session.records import Record
from tests.support.models import calls, says
from tests.support.rig import Rig


async def test_what_turns_out_to_be_a_read_runs_side_by_side_from_then_on() -> None:
    most: list[int] = []

    def human(record: Record) -> Command | None:
        if isinstance(record.event, CallFinished):
            most.append(rig.box.most_at_once)
            rig.box.beside = {"look"} if len(most) == 2 else rig.box.beside
        return None

    turns = [
        calls((f"{n}a", "look", {"key": "a"}), (f"{n}b", "look", {"key": "b"})) for n in (1, 2)
    ]
    rig = Rig([*turns, says("Done.")], human=human)
    rig.box.beside = set()
    await rig.run()
    assert most == [1, 1, 2, 2]
