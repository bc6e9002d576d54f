"""What is seen of a command before it is taken apart leaves out nothing that is in it."""

from loopdeck.permissions.commands import may_name, may_start
from tests.permissions.corpus import entries, themes


def test_every_program_that_a_command_may_start_is_seen_in_its_text() -> None:
    commands = [entry.command for theme in themes() for entry in entries(theme)][::6]
    for command in commands:
        for name, *_ in (part for part in may_start(command) if part and part[0].isprintable()):
            assert may_name(command, (name,)), (command, name)


def test_quotes_hide_no_word_and_pieces_may_be_any() -> None:
    assert may_name("g'i't pu\\sh", ("git", "push"))
    assert may_name("gi\\\nt push", ("git", "push"))
    assert may_name("a=git; $a push", ("git", "push"))
    assert may_name("~/bin/x", ("/home/me/bin/x",))
    assert not may_name("git status", ("git", "push"))
