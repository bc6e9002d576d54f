"""A listed name that is read as words, or cut, may be another one."""

import pytest

from loopdeck.permissions.shell import Place, classify
from loopdeck.permissions.shell.place import How, Parted


def outside(command: str, parted: Parted = "whole") -> bool:
    def told(_how: How) -> Parted:
        return parted

    return bool(classify(command, Place(parted=told)).facts.get("outside_workspace"))


@pytest.mark.parametrize(
    "command",
    [
        "git ls-files | xargs -d / cat",
        "git ls-files | xargs -dQ cat",
        "git ls-files | xargs --delimiter=Q cat",
        "git ls-files -z | xargs -0 -d Q cat",
        "git ls-files | xargs -I{} -d Q cat {}",
        'git ls-files | while read -r -d / f; do cat "$f"; done',
        'git ls-files | while IFS=Q read -r a b; do cat "$b"; done',
        'for f in $(git ls-files); do cat "${f#src}"; done',
        'for f in $(git ls-files); do cat "${f//x/}"; done',
        'for f in $(git ls-files); do cat "${f:3}"; done',
        'for f in *; do cat "${f%.*}/etc/passwd"; done',
        'for f in /etc/*.conf; do cat "${f%x}"; done',
        'for f in ../*/*.py; do cat "${f%.py}.txt"; done',
        "ls -a | xargs grep -r x",
        "find z -type f | tail -c 12 | xargs cat",
        "find z -type f | head -c6 | xargs cat",
        "find z -type f | tac --separator=/ | xargs cat",
        "find z -type f | shuf -e /etc/passwd | xargs cat",
        "find z -type f | uniq -c | xargs cat",
    ],
)
def test_a_part_of_a_name_may_lead_anywhere(command: str) -> None:
    assert outside(command)


@pytest.mark.parametrize(
    "command",
    [
        "git ls-files | xargs -d '\\n' cat",
        "git ls-files -z | xargs -d '\\0' cat",
        "git ls-files -z | xargs -r0 -n1 cat",
        'for f in $(git ls-files); do cat "${f%.py}.txt"; done',
        'for f in src/*.py; do cat "${f%.*}.md"; done',
        'for f in $(git ls-files); do ls "${f%/*}"; done',
        'for f in $(git ls-files); do cat "out/${f##*/}"; done',
        "ls -A | xargs grep -r x",
        "find z -type f | sort -u | uniq | tac | tail -3 | xargs cat",
        "find z -type f | shuf -n 3 | tail -n +2 | head --lines=1 | xargs cat",
    ],
)
def test_what_is_still_a_name_that_was_found_does_not(command: str) -> None:
    assert not outside(command)


def test_the_zero_of_the_command_behind_xargs_is_none_of_its_own() -> None:
    assert not outside("git ls-files | xargs -0 cat", "astray")
    assert outside("git ls-files | xargs head -0", "astray")
    assert outside("git ls-files | xargs -s 90 head -0", "astray")
