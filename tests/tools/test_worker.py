"""A process that does a part of a tool's work: heard in time, or ended."""

import signal

from loopdeck.tools.worker import begin, within

MODULE = "loopdeck.tools.filing.search_worker"
NOTHING = b'{"base":"/","pattern":"x","files":[],"limit":1,"seconds":5}'


async def test_what_it_says_in_time_is_given() -> None:
    process = await begin(MODULE)
    (said, _), timely = await within(process, process.communicate(NOTHING), 20)
    assert (said, timely, process.returncode) == (b"", True, 0)


async def test_one_that_says_nothing_in_time_is_ended() -> None:
    process = await begin(MODULE)
    assert process.stdout is not None
    said, timely = await within(process, process.stdout.read(), 0.01)  # it waits for its order
    assert (said, timely, process.returncode) == (b"", False, -signal.SIGKILL)
