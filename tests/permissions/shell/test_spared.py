"""What may go as a write: what the log has, what is not there; and what only seems to be that."""

import posixpath

import pytest

from loopdeck.permissions.shell import Place, classify
from loopdeck.session.values import Category

HERE = {"/ws/f", "/ws/g", "/ws/*.py", "/ws/sub", "/ws/sub/f", "/ws/notes.md", "/ws/link"}
FOUND = {
    "/ws/*.orig": (),
    "/ws/kept/*.py": ("/ws/kept/a.py",),
    "/ws/*.md": ("/ws/notes.md",),
}
LINKED = {"/ws/link/..": "/ws/sub", "/ws/link": "/ws/sub/deep"}
PLACE = Place(
    workspace="/ws",
    home="/home/dev",
    real=lambda path: LINKED.get(path) or posixpath.normpath(path),
    there=HERE.__contains__,
    made=lambda path: path in ("/ws/f", "/ws/*.py"),
    undone=lambda path: path == "/ws/g",
    spares=lambda path: path.startswith("/ws/kept"),
    unsaved=lambda path: path == "/ws/notes.md",
    standing_for=FOUND.get,
    branch=lambda folder, name: name in ("main", "feature/x", "sub"),
)


@pytest.mark.parametrize(
    "command",
    [
        "rm f",
        "rm -r f",
        "git rm f",
        "shred f",
        "rm ./f",
        "rm sub/../f",
        "cd sub && rm ../f",
        "echo x > f && rm f",
        "python x.py && rm f",
        "cat a >> f; rm f",
        "cat > t.py <<'E'\nx\nE\npython t.py; rm t.py",
        "git checkout -- g",
        "git checkout g",
        "git restore g",
        "git restore --source=HEAD~1 g",
        "git checkout -- f g",
        "git checkout main",
        "date > new; cat new; rm new",
        "cd sub && git checkout feature/x",
        "rm -- f",
        "git restore --staged g",
        "python x.py > kept/a; rm -r kept",
        "cp notes.md copy && rm copy",
        "cp -r sub copy; rm -rf copy",
        "rm -rf kept",
        "rm -r kept/ && echo x > a",
        "rm -f kept/*.py f",
        "rmdir kept",
        "git rm -f kept",
        "git rm -r kept/sub",
    ],
)
def test_what_the_log_has_or_is_not_there_may_go_as_a_write(command: str) -> None:
    assert classify(command, PLACE).category is Category.WRITE


@pytest.mark.parametrize(
    "command",
    [
        "git -C sub rm -f f",
        "git rm -f '*.py'",
        "rm '*.py'",
        "git rm --pathspec-from-file=x f",
        "git --icase-pathspecs rm f",
        "cd sub; rm f",
        "find f -delete",
        "pytest --basetemp=f",
        "ls | xargs rm f",
        "mv ../secret f && rm f",
        "cp ../a f; rm f",
        "sed -i s/a/b/ f && rm f",
        "git mv a f; rm f",
        "rm -f f; cp b f; rm f",
        "mv notes.md new && rm new",
        "mv notes.md n/ && rm -r n",
        "mkdir -p x/y && mv notes.md x/y/ && rm -r x",
        "rm g",
        "git restore -W g",
        "git rm notes.md",
        "git rm 'k*'",
        "shred kept",
        "rm kept notes.md",
        "rm *.md",
        "rm '*.md' kept/*.py",
        "mv notes.md kept/b.py; rm kept/*.py",
        "mv notes.md kept; rm -r kept",
        "cp f copy && mv notes.md copy && rm copy",
        "cp sub/f notes.md; rm notes.md",
        "cp f g copy; rm copy",
        "cp f copy/; rm -r copy",
        "mv notes.md kept/b & rm -r kept",
        "mv notes.md kept/sub/; rm -r kept",
        "git stash pop; rm -rf kept",
        "ln -s sub kept/l; rm kept/l/f",
        "for f in *.orig; do rm $f; done",
        "ls *.orig | xargs rm",
        "rm -rf $DIR",
        "rm -rf kept/$X",
        "rm ~/kept",
        "mv notes.md .pytest_cache/",
        "mv notes.md sub/__pycache__/x.pyc",
        "git checkout -f g",
        "git restore .",
        "git checkout HEAD g",
        "git checkout -f main",
        "git checkout main g",
        "git -C sub checkout g",
        "git checkout ':/'",
        "git checkout -- '*.py'",
        "find . -exec mv {} f \\; ; rm f",
        "ls | xargs mv -t f; rm f",
        "rm -f $x",
        "mv notes.md f* ; rm f",
        "git stash pop; rm f",
        "git checkout -p g",
        "rm f notes.md",
        "mv -t n notes.md && rm n/notes.md",
        "x=f; mv notes.md $x; rm f",
        "sh -c 'mv notes.md f'; rm f",
        "for i in f g; do rm $i; done",
        "git checkout -B main",
        "rm link/../f",
        "mv notes.md main; git checkout main",
        "git checkout sub",
        "git checkout other",
        "rm new",
        "rm *.orig",
        "date > new; mv notes.md new; rm new",
        "git checkout main other",
        "git restore g h",
        "date > notes.md; rm notes.md",
    ],
)
def test_what_only_the_disk_may_have_is_destroyed(command: str) -> None:
    assert classify(command, PLACE).category in (Category.DESTRUCTIVE, Category.UNKNOWN)


def test_where_nobody_can_look_nothing_counts_as_missing() -> None:
    place = Place(workspace="/ws")
    assert classify("date > new; rm -f new", place).category is Category.DESTRUCTIVE
    assert classify("git checkout main", place).category is Category.DESTRUCTIVE


def test_a_file_that_was_moved_into_the_place_of_another_is_named() -> None:
    said = classify("mv notes.md f && rm f", PLACE)
    assert "`f` is another file by then" in [reason.text for reason in said.reasons]
    assert "undoable" not in said.facts
