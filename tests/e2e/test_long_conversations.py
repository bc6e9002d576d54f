"""A server that finds the conversation too long gets a shorter one; the log keeps all of it."""

import json

import pytest

from loopdeck.session.values import JsonObject
from tests.e2e.saying import DONE, call, calls, heard
from tests.support.message_script import Answer, HttpFault
from tests.support.program import Program, answering

LONG = "one rake after the other\n" * 2_000


def size(body: JsonObject) -> int:
    """How long the messages are."""
    return len(json.dumps(body["messages"]))


def test_a_conversation_that_is_too_long_is_sent_again_shorter(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    (program.workspace / "long.txt").write_text(LONG)
    reading = calls(call("read_file", path="long.txt"))

    def server(body: JsonObject) -> Answer:
        if size(body) > 9_000:
            return HttpFault(400, "invalid_request_error", "prompt is too long: 9 > 8 maximum")
        return DONE if len(body["messages"]) > 1 else reading

    with answering(monkeypatch, server) as fake:
        ran = program.run()
    assert ran.code == 0
    assert [size(body) > 9_000 for body in fake.bodies] == [False, True, False]
    assert "characters were cleared here" in json.dumps(fake.bodies[2], ensure_ascii=False)
    assert heard(fake.bodies[1]) != heard(fake.bodies[2])
    assert len(ran.of("context_compacted")) == 1
    assert len(ran.of("call_finished")[0]["output"]) > 9_000
