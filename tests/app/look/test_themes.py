"""Theme files: the shipped ones can be read by everyone, the broken ones are told in a sentence."""

import asyncio
from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from loopdeck.app.look.theme_file import LARGEST, load_theme, parse_theme
from loopdeck.app.look.themes import (
    DEFAULT,
    ThemeFolder,
    Themes,
    ThemeWatcher,
    load_themes,
    theme_dirs,
    variables_for,
)
from loopdeck.errors import ThemeError

SHIPPED, _ = load_themes(theme_dirs())
IN_CODE = ["word", "string", "value"]
WORDS = ["muted", "ok", "fail", "waiting", "unknown", "past", "add", "del", *IN_CODE]
VARIABLES = {*WORDS, "border", "border-focus", "select"}
GOOD = (theme_dirs()[0] / f"{DEFAULT}.toml").read_text("utf-8")


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in Color.parse(colour).normalized
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def grounds(theme: Theme) -> list[str]:
    return [str(theme.background), str(theme.surface), str(theme.panel)]


def inks(theme: Theme) -> list[str]:
    return [str(theme.accent), *(theme.variables[f"loop-{name}"] for name in WORDS)]


def test_contrast_is_measured_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_eight_themes_are_shipped_dark_and_light_and_one_of_high_contrast() -> None:
    by_name = {theme.name: theme for theme in SHIPPED}
    dark = {"lamplight", "beacon", "harbour", "moss", "orchid"}
    assert {theme.name for theme in SHIPPED if theme.dark} == dark
    assert by_name.keys() - dark == {"morning", "frost", "linen"}
    assert SHIPPED[0].name == DEFAULT
    assert by_name["lamplight"].dark
    assert not by_name["morning"].dark


@pytest.mark.parametrize("theme", SHIPPED, ids=lambda theme: theme.name)
def test_words_can_be_read_on_every_ground(theme: Theme) -> None:
    needed = 7 if theme.name == "beacon" else 4.5
    for ground in [*grounds(theme), theme.variables["loop-select"]]:
        assert contrast(str(theme.foreground), ground) >= needed
    for ground in grounds(theme):
        for ink in inks(theme):
            quiet = ink == theme.variables["loop-muted"] and theme.name != "beacon"
            assert contrast(ink, ground) >= (3 if quiet else needed)


@pytest.mark.parametrize("theme", SHIPPED, ids=lambda theme: theme.name)
def test_every_variable_the_deck_uses_is_set(theme: Theme) -> None:
    assert {name.removeprefix("loop-") for name in theme.variables if "loop-" in name} == VARIABLES
    assert theme.to_color_system().generate()


@pytest.mark.parametrize("theme", SHIPPED, ids=lambda theme: theme.name)
def test_what_waits_has_the_one_accent(theme: Theme) -> None:
    assert theme.variables["loop-waiting"] == theme.accent


@pytest.mark.parametrize("name", sorted(BUILTIN_THEMES))
def test_other_themes_get_our_variables_from_their_own_colours(name: str) -> None:
    made = variables_for(BUILTIN_THEMES[name])
    assert {key.removeprefix("loop-") for key in made} == VARIABLES
    assert all(Color.parse(value) for value in made.values())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("#14161a", "hotpinkk"), "colours.background is not a colour: “hotpinkk”"),
        (("#14161a", "#14161a80"), "colours.background must be a solid colour"),
        (("#14161a", "ansi_red"), "colours.background must be a solid colour"),
        (("#14161a", "auto"), "colours.background is not a colour: “auto”"),
        (('"#14161a"', "12"), "colours.background must be text in quotes"),
        (('surface = "#191c21"', ""), "colours.surface is missing"),
        (("surface =", "surfaces ="), "colours.surface is missing"),
        (("[colours]", 'glow = "#ffffff"\n[colours]'), "there is no field glow"),
        (('del = "', 'glow = "#ffffff"\ndel = "'), "there is no field colours.glow"),
        (("dark = true", 'dark = "yes"'), "dark must be true or false"),
        (("dark = true", ""), "dark is missing"),
        (('"lamplight"', '"[/] x"'), "name must be small letters"),
        (("[colours]", "[colors]"), "colours is missing"),
        (("[colours]", "colours = 3\n[more]"), "colours must be a table"),
        (("dark = true", "dark = "), "night.toml is not valid TOML"),
    ],
)
def test_a_wrong_field_is_named_with_its_file(change: tuple[str, str], sentence: str) -> None:
    assert change[0] in GOOD
    with pytest.raises(ThemeError, match="night") as caught:
        parse_theme(GOOD.replace(*change, 1), "night.toml")
    assert sentence in str(caught.value)


def test_a_theme_without_the_colours_of_code_takes_its_own_for_them() -> None:
    bare = "\n".join(row for row in GOOD.split("\n") if not row.startswith((*IN_CODE,)))
    variables = parse_theme(bare, "night.toml").variables
    assert variables["loop-word"] == variables["loop-past"]
    assert variables["loop-string"] == variables["loop-ok"]


def test_a_file_that_is_no_theme_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "huge.toml").write_text("#" * (LARGEST + 1))
    for name in ("folder", "bytes", "huge", "absent"):
        with pytest.raises(ThemeError, match=name):
            load_theme(tmp_path / f"{name}.toml")


def test_one_broken_file_never_hides_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("not toml")
    (tmp_path / "b.toml").write_text(GOOD.replace('"lamplight"', '"mine"'))
    themes, errors = load_themes([tmp_path, tmp_path / "nowhere", *theme_dirs()])
    assert themes[0].name == DEFAULT
    assert {"mine", "beacon"} <= {theme.name for theme in themes}
    assert ["a.toml" in str(error) for error in errors] == [True]


def test_a_theme_of_the_user_wins_over_a_shipped_one_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(GOOD.replace("#14161a", "#101010"))
    themes, _ = load_themes(theme_dirs(tmp_path))
    assert themes[0].background == "#101010"


def test_a_file_that_breaks_keeps_its_last_good_theme_until_it_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD)
    folder = ThemeFolder([tmp_path])
    assert folder.load()[1] == []
    file.write_text(GOOD.replace("#14161a", "nope"))
    themes, errors = folder.load()
    assert themes[0].background == "#14161A"
    assert len(errors) == 1
    file.unlink()
    assert folder.load() == ([], [])


async def test_a_change_of_a_file_is_told_soon(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD)
    folder = ThemeFolder([tmp_path, tmp_path / "nowhere"])
    folder.load()
    told: asyncio.Queue[Themes] = asyncio.Queue()
    watching = asyncio.create_task(ThemeWatcher(folder, told.put_nowait).run())
    colours = iter(range(100))

    async def change() -> None:
        while told.empty():  # the watch begins at a moment of its own
            file.write_text(GOOD.replace("#14161a", f"#1010{next(colours):02}"))
            await asyncio.sleep(0.3)

    async with asyncio.timeout(20):
        await change()
        themes, errors = await told.get()
        assert str(themes[0].background).startswith("#1010")
        assert errors == []
        file.write_text("name = 3")
        while not errors:
            themes, errors = await told.get()
        assert "mine.toml" in str(errors[0])
        assert str(themes[0].background).startswith("#1010")
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_without_a_folder_there_is_nothing_to_watch(tmp_path: Path) -> None:
    await ThemeWatcher(ThemeFolder([tmp_path / "nowhere"]), lambda _: None).run()
