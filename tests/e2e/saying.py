"""Short ways to write down what the model server answers, and to read what it was told."""

from loopdeck.session.values import JsonObject
from tests.support.message_script import Call, Script, Text

DONE = Script((Text("Done."),))


def call(tool: str, call_id: str = "call-1", **args: object) -> Call:
    """A call as the model writes it."""
    return Call(tool, args, call_id=call_id)


def calls(*made: Call) -> Script:
    """A reply that stops so that its calls run."""
    return Script(made, stop="tool_use")


def writes(path: str = "note.txt", content: str = "hello\n", call_id: str = "call-1") -> Script:
    """A reply that writes a file, which level 3 asks about."""
    return calls(call("write_file", call_id, path=path, content=content))


def last_turn(body: JsonObject) -> list[JsonObject]:
    """The blocks of the newest turn of a request."""
    return body["messages"][-1]["content"]


def results(body: JsonObject) -> list[str]:
    """The ids of the calls whose results the newest turn of a request holds, in order."""
    blocks = last_turn(body)
    return [block["tool_use_id"] for block in blocks if block["type"] == "tool_result"]


def heard(body: JsonObject) -> str:
    """Everything that the newest turn of a request says."""
    return "\n".join(str(block.get("content") or block.get("text")) for block in last_turn(body))
