"""The inks: the colours of a theme, alone and on the ground of the selected line."""

from rich.color import Color as Terminal
from rich.color import ColorSystem
from rich.style import Style

from loopdeck.app.look.inks import Inks
from loopdeck.app.paint.lines import Ink

THEME = {"loop-ok": "#00ff00", "loop-select": "#202020", "accent": "#ff8800"}
GROUND = Style.parse("white on black")


def test_an_ink_has_the_colour_of_its_variable() -> None:
    _, styles = Inks(GROUND, THEME).on(cursor=False)
    assert styles["ok"].color == Terminal.parse("#00ff00")
    assert styles["accent"].color == Terminal.parse("#ff8800")


def test_an_ink_the_theme_does_not_know_is_the_plain_text() -> None:
    _, styles = Inks(GROUND, THEME).on(cursor=False)
    assert styles["muted"] == GROUND
    assert styles["plain"] == GROUND


def test_waiting_is_bold_whatever_the_theme() -> None:
    _, styles = Inks(GROUND, {}).on(cursor=False)
    assert styles["waiting"].bold
    assert styles["waiting"].color == GROUND.color


def test_the_selected_line_keeps_its_inks_on_another_ground() -> None:
    inks = Inks(GROUND, THEME)
    ground, styles = inks.on(cursor=True)
    assert ground.bgcolor == Terminal.parse("#202020")
    assert {style.bgcolor for style in styles.values()} == {ground.bgcolor}
    assert styles["ok"].color == Terminal.parse("#00ff00")


def test_another_theme_or_ground_needs_other_inks() -> None:
    inks = Inks(GROUND, THEME)
    assert inks.serve(Style.parse("white on black"), THEME)
    assert not inks.serve(Style.parse("white on blue"), THEME)
    assert not inks.serve(GROUND, dict(THEME))


def test_the_selected_line_is_reversed_in_the_terminals_own_colours() -> None:
    ground, styles = Inks(GROUND, {**THEME, "loop-select": "ansi_default"}).on(cursor=True)
    assert ground.reverse
    assert all(style.reverse for style in styles.values())


def test_the_selected_line_is_reversed_where_there_are_16_colours() -> None:
    paper, line = Style.parse("black on #fbf9f4"), {"loop-select": "#e7dfcb"}
    assert Inks(paper, line, few=True).on(cursor=True)[0].reverse
    assert not Inks(paper, line).on(cursor=True)[0].reverse


def test_a_reversed_line_has_one_ground_and_one_ink_whatever_is_in_it() -> None:
    paper, line = Style.parse("black on #fbf9f4"), {**THEME, "loop-select": "#e7dfcb"}
    for inks in (Inks(paper, line, few=True), Inks(GROUND, THEME, none=True)):
        ground, styles = inks.on(cursor=True)
        assert ground.reverse
        assert {(style.color, style.bgcolor) for style in styles.values()} == {
            (ground.color, ground.bgcolor)
        }
        assert styles["waiting"].bold
        assert not inks.on(cursor=False)[1]["ok"].reverse


def test_what_is_past_is_a_block_in_every_number_of_colours() -> None:
    for inks in (Inks(GROUND, THEME), Inks(GROUND, THEME, few=True), Inks(GROUND, none=True)):
        assert inks.on(cursor=False)[1]["chip"].reverse
        assert not inks.on(cursor=False)[1]["past"].reverse


def test_16_colours_still_have_an_accent_and_say_what_went_well() -> None:
    on_dark, on_light = (
        Inks(Style.parse(ground), THEME, few=True).on(cursor=False)[1]
        for ground in ("white on #14161a", "black on #fbf9f4")
    )
    inks: tuple[Ink, ...] = ("accent", "waiting", "ok", "fail", "past")
    assert [shown(on_dark[ink]) for ink in inks] == [11, 11, 10, 9, 12]
    assert [shown(on_light[ink]) for ink in inks] == [3, 3, 2, 1, 4]


def shown(style: Style) -> int | None:
    """Which of 16 colours a terminal shows."""
    assert style.color is not None
    return style.color.downgrade(ColorSystem.STANDARD).number
