"""Output is read as it comes, and does not hold up who else has work."""

import asyncio
import os
import time

from loopdeck.tools.commands.intake import CHUNK, REST_S, Intake

CHUNK_COSTS_S = 0.002
ROUNDS = 150


def work(seconds: float) -> None:
    """Use the processor for so long."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


async def test_a_flood_is_not_read_in_each_round_of_a_loop_that_has_other_work() -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    reads: list[int] = []
    flooded = asyncio.Event()

    def take(data: bytes) -> None:
        reads.append(len(data))
        if len(reads) > 10:
            flooded.set()
        work(CHUNK_COSTS_S)
        os.write(writer, bytes(len(data)))  # there is always more

    os.write(writer, bytes(CHUNK))
    intake = Intake(reader, take)
    intake.open()
    await flooded.wait()
    reads.clear()
    for _ in range(ROUNDS):  # as a key does until it is seen
        work(0.0005)
        await asyncio.sleep(0)
    assert 0 < len(reads) < ROUNDS / 3
    intake.rest()
    intake.close()
    os.close(writer)


async def test_what_the_pipe_holds_at_the_end_is_taken_also_while_it_rests() -> None:
    reader, writer = os.pipe()
    got, faults, some = bytearray(), list[object](), asyncio.Event()

    def take(data: bytes) -> None:
        got.extend(data)
        some.set()

    asyncio.get_running_loop().set_exception_handler(lambda _, fault: faults.append(fault))
    intake = Intake(reader, take)
    intake.open()
    os.write(writer, b"first ")
    work(0.001)  # others worked: it rests after the next read
    await some.wait()
    os.write(writer, b"last")
    intake.rest()
    os.close(writer)
    intake.close()
    assert bytes(got) == b"first last"
    await asyncio.sleep(REST_S)  # timers come in order: one that was left would have come by now
    assert not faults
