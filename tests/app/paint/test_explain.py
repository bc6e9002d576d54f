"""Why a call asks: what is said of the walls around it is what they are."""

import pytest

from loopdeck.app.paint.explain import explain_lines
from loopdeck.app.paint.lines import plain
from loopdeck.session.calls import CallView
from loopdeck.session.state import SessionState
from loopdeck.session.values import Category, JsonObject


@pytest.mark.parametrize(
    ("category", "facts", "says"),
    [
        (Category.WRITE, {"sandboxed": True}, "it reaches no network and"),
        (Category.UNKNOWN, {"sandboxed": True}, "it reaches no network and"),
        (Category.UNKNOWN, {"sandboxed": True, "hosts": ["localhost"]}, "it reaches the network"),
        (Category.NETWORK, {"sandboxed": True}, "it reaches the network and"),
        (Category.NETWORK, {"outside_sandbox": True}, "outside the sandbox: nothing holds it"),
    ],
)
def test_a_call_that_gets_the_network_is_not_said_to_be_without(
    category: Category, facts: JsonObject, says: str
) -> None:
    call = CallView("c1", 1, "shell", {"command": "x"}, 3, category=category, facts=facts)
    state = SessionState(sandbox="bubblewrap")
    text = "\n".join(plain(line) for line in explain_lines(call, state, 120))
    assert says in text
    assert ("no network" in says) == ("no network" in text)
