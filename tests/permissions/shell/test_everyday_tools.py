"""What people and agents type all day with the tools of every machine, and what is slipped in."""

from pathlib import Path

import pytest

from loopdeck.permissions.shell import Place, classify
from loopdeck.session.values import Category

COMMANDS = Path(__file__).with_name("commands")
PLACE = Place(workspace="/ws", home="/home/dev")


def lines(name: str) -> list[str]:
    return (COMMANDS / name).read_text("utf-8").splitlines()


@pytest.mark.parametrize("command", lines("reads.txt"))
def test_what_only_looks_is_a_read(command: str) -> None:
    found = classify(command, PLACE)
    assert found.category is Category.READ, [reason.text for reason in found.reasons]


@pytest.mark.parametrize("command", lines("no_reads.txt"))
def test_what_may_do_more_is_no_read(command: str) -> None:
    assert classify(command, PLACE).category is not Category.READ


@pytest.mark.parametrize(
    "command",
    [
        "grep -rl foo . | xargs cat",
        "grep -r -l foo --include='*.py' . | xargs wc -l",
        "rg -il foo src | grep -v x | xargs head",
        "rg --files | xargs wc -l",
        "ls | grep -iE x | xargs cat",
        "git ls-files | grep -v x | xargs wc -l",
    ],
)
def test_found_names_are_files_of_the_workspace(command: str) -> None:
    found = classify(command, PLACE)
    assert found.category is Category.READ
    assert "outside_workspace" not in found.facts


@pytest.mark.parametrize(
    "command",
    [
        "grep -eL paths.txt | xargs cat",
        "grep -e -l paths.txt | xargs cat",
        "grep -m1l x paths.txt | xargs cat",
        "rg -rl x paths.txt | xargs cat",
        "rg -L x paths.txt | xargs cat",
        "ls | grep -ieX paths.txt | xargs cat",
        "cat paths.txt | xargs cat",
    ],
)
def test_lines_of_a_file_may_be_names_from_anywhere(command: str) -> None:
    assert classify(command, PLACE).facts.get("outside_workspace") is True


@pytest.mark.parametrize(
    ("command", "facts"),
    [
        ("sed -n '1r /etc/passwd' a", {"outside_workspace"}),
        ("sed -n '1r .env' a", {"sensitive"}),
        ("find / -name id_rsa -exec cat {} +", {"sensitive", "outside_workspace"}),
        ("find . -name '.env*' -exec cat {} +", {"sensitive"}),
        ("jq --rawfile x ~/.netrc -n '$x'", {"sensitive", "outside_workspace"}),
        ("grep -f /etc/shadow a", {"sensitive", "outside_workspace"}),
        ("diff --from-file=/etc/passwd a", {"outside_workspace"}),
        ("file -f /etc/passwd", {"outside_workspace"}),
        ("test -r ~/.ssh/id_rsa", {"outside_workspace"}),
        ("date -r /etc/passwd", {"outside_workspace"}),
        ("xargs -a /etc/passwd echo", {"outside_workspace"}),
    ],
)
def test_files_named_in_options_and_scripts_are_seen(command: str, facts: set[str]) -> None:
    found = classify(command, PLACE)
    assert found.category is Category.READ
    assert facts <= found.facts.keys()
