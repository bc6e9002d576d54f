"""The pages made from the code say what the code says."""

from scripts import make_events_doc
from tests.support.anyevent import KINDS


def test_the_events_page_is_up_to_date():
    page = make_events_doc.TARGET.read_text(encoding="utf-8")
    assert page == make_events_doc.render(), "run `make docs`"


def test_the_events_page_names_every_kind_and_every_field():
    page = make_events_doc.render()
    for kind in KINDS:
        start = page.index(f"### `{kind.model_fields['type'].default}`")
        section = page[start : page.index("\n#", start + 1)]
        missing = [name for name in kind.model_fields if name not in section and name != "type"]
        assert not missing
