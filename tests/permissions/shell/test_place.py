"""Paths against the folder that is followed: inside or not, linked, made by the session."""

import pytest

from loopdeck.permissions.shell import Place, classify
from loopdeck.permissions.shell.place import locate
from loopdeck.session.values import Category


def test_the_folder_is_followed() -> None:
    place = Place(workspace="/ws")
    assert classify("cd src && cat a ../b", place).facts["paths"] == ["src", "src/a", "b"]
    assert "outside_workspace" not in classify("cd /ws/src && cat ../b", place).facts
    assert classify("cd src; cat ../b", place).facts["outside_workspace"] is True
    assert classify("cd / && cat etc/passwd", place).facts["outside_workspace"] is True
    assert classify("cd $x && cat a", place).facts["outside_workspace"] is True
    assert classify("cd .. && cat a", Place("/ws", cwd="/ws/src")).facts["paths"] == [".", "a"]


def test_a_link_counts_as_where_it_leads() -> None:
    links = {"/ws/notes": "/home/me/.ssh/id_rsa"}
    place = Place("/ws", real=lambda path: links.get(path, path))
    facts = classify("cat notes", place).facts
    assert facts["outside_workspace"] is True
    assert facts["sensitive"] is True


def test_home_is_known_where_it_is_told() -> None:
    place = Place("/home/me/ws", home="/home/me")
    assert "outside_workspace" not in classify("cat ~/ws/a $HOME/ws/b", place).facts
    assert classify("cat ~/ws/a", place).facts["paths"] == ["a"]
    assert classify("cat ~/x", place).facts["outside_workspace"] is True


def test_deleting_what_this_session_made_is_a_write() -> None:
    place = Place("/ws", made=lambda path: path == "/ws/scratch.py")
    assert classify("rm -f scratch.py", place).category is Category.WRITE
    assert classify("cd src && rm ../scratch.py", place).category is Category.WRITE
    assert classify("rm scratch.py other.py", place).category is Category.DESTRUCTIVE
    assert classify("rm scratch.*", place).category is Category.DESTRUCTIVE


@pytest.mark.parametrize(
    ("text", "outside", "sensitive"),
    [
        ("a", False, False),
        ("../ws/a", False, False),
        ("../wsx", True, False),
        ("/ws", False, False),
        ("/", True, False),
        ("~root/x", True, False),
        (".env*", False, True),
        ("*.pem", False, True),
        ("*", False, False),
        ("src/*.py", False, False),
        ("src/.*/x", True, False),
        ("HEAD:.env", False, True),
        ("\0", True, False),
        ("src/\0", True, False),
        ("\1", False, False),
        ("/dev/null", False, False),
        ("/dev/sda", True, False),
    ],
)
def test_a_path_is_located(text: str, *, outside: bool, sensitive: bool) -> None:
    where = locate(text, "/ws", Place("/ws"))
    assert (where.outside, where.sensitive) == (outside, sensitive)


def test_only_the_known_part_of_a_pattern_is_followed() -> None:
    links = {"/ws/out": "/etc", "/ws/out/": "/etc"}
    place = Place("/ws", real=lambda path: links.get(path, path))
    assert locate("out/*", "/ws", place).outside
    assert not locate("in/*", "/ws", place).outside
