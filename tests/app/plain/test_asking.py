"""A server's form, read and answered line by line."""

from loopdeck.app.plain.asking import choices, question
from loopdeck.session.commands import Answer
from loopdeck.session.forms import FormField, filled, typed
from loopdeck.session.state import AskView, SessionState

FORM = (FormField(name="sure", kind="boolean", required=True), FormField(name="to", form="email"))


def test_a_form_is_read_field_by_field_and_answered_in_one_line() -> None:
    ask = AskView("f1", "question", "Really?", ("decline", "cancel"), "c1", 9, (0, 0), FORM)
    state = SessionState(asks=(ask,))
    asked = question(ask, 1, state, 1, 1)
    read = "\n".join(asked.turn())
    for words in ("Really?", "sure", "yes or no", "an e-mail address"):
        assert words in read
    decline, cancel, own = choices(asked, state, more=False)
    assert decline.made("") == Answer(ask_id="f1", answer="decline")
    assert cancel.made("") == Answer(ask_id="f1", answer="cancel")
    assert own.prompt == "Your answer, as in name: words; name: words"
    answer = own.made("sure: yes; to: ada@example.org")
    assert isinstance(answer, Answer)
    assert filled(FORM, typed(FORM, answer.text)) == {"sure": True, "to": "ada@example.org"}
