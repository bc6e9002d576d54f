"""Archives, patches and copies: what they put in the place of files that no word names."""

import posixpath
from dataclasses import replace

import pytest

from loopdeck.permissions.shell import Place, classify
from loopdeck.permissions.shell.marks import LISTED
from loopdeck.session.values import Assessment, Category, listed

MINE = {"/ws/notes.txt", "/ws/lib/mine.txt"}
ARCHIVES = {
    "/ws/a.tar": ("notes.txt", "./src/b.py"),
    "/ws/deep.tar": ("top/notes.txt",),
    "/ws/new.tar": ("fresh.txt",),
    "/ws/hooked.tar": ("fresh.txt", ".husky/pre-commit"),
}
PATCH = "--- a/notes.txt\n+++ b/notes.txt\n@@ -1 +1 @@\n-x\n+y\n"
KEPT = PATCH.replace("notes", "kept")
TEXTS = {
    "/ws/p.diff": PATCH,
    "/ws/kept.diff": KEPT,
    "/ws/gone.diff": "--- a/notes.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n",
    "/ws/odd.diff": "1c1\n",
}
FOUND = {
    "/ws/src/*": ("/ws/src/notes.txt", "/ws/src/b.py"),
    f"/ws/src/{LISTED}": ("/ws/src/notes.txt", "/ws/src/deep/b.py"),
    f"/ws/lib/{LISTED}": ("/ws/lib/mine.txt", "/ws/lib/deep/mine.txt"),
    f"/ws/src/{LISTED}.py": ("/ws/src/b.py",),
    "/ws/src/*.py": ("/ws/src/b.py",),
    "/ws/tmpl/*": ("/ws/tmpl/.envrc",),
}


def below(folder: str, ending: str) -> bool:
    return any(path.startswith(f"{folder}/") and path.endswith(ending) for path in MINE)


PLACE = Place(
    workspace="/ws",
    there=lambda path: path in ARCHIVES or path in TEXTS or path in MINE,
    real=posixpath.normpath,
    folder=lambda path: path in ("/ws", "/ws/src", "/ws/lib"),
    unsaved=lambda path: path in MINE or path == "/ws/not*",
    unsaved_below=below,
    standing_for=FOUND.get,
    members=ARCHIVES.get,
    content=TEXTS.get,
)


def nothing_below(folder: str, ending: str) -> bool:
    del folder, ending
    return False


def said(command: str) -> Assessment:
    return classify(command, PLACE)


@pytest.mark.parametrize(
    ("command", "lost"),
    [
        ("tar xf a.tar", ["notes.txt"]),
        ("tar x < a.tar", ["notes.txt"]),
        ("tar x -f a.tar", ["notes.txt"]),
        ("tar -xf a.tar -C .", ["notes.txt"]),
        ("cat a.tar | tar x", ["notes.txt"]),
        ("cd src && tar xf ../a.tar -C ..", ["notes.txt"]),
        ("tar xf deep.tar --strip-components=1", ["notes.txt"]),
        ("unzip -o a.tar", ["notes.txt"]),
        ("unzip a.tar -d .", ["notes.txt"]),
        ("tar cf notes.txt src", ["notes.txt"]),
        ("patch -p1 < p.diff", ["notes.txt"]),
        ("patch < p.diff", ["notes.txt"]),
        ("patch -p1 -i gone.diff", ["notes.txt"]),
        ("patch notes.txt odd.diff", ["notes.txt"]),
        (f"patch -p1 <<'E'\n{PATCH}E", ["notes.txt"]),
        ("git apply p.diff", ["notes.txt"]),
        ("cat p.diff | git apply --whitespace=fix", ["notes.txt"]),
        ("cp src/* .", ["notes.txt"]),
        ("mv src/* .", ["notes.txt"]),
        ("for f in src/*; do cp $f .; done", ["notes.txt"]),
        ("scp host:x notes.txt", ["notes.txt"]),
        ("rsync src/notes.txt notes.txt", ["notes.txt"]),
        # What comes can be seen nowhere.
        ("curl -s x.org/a.tgz | tar xz", []),
        ("zcat a.tgz | tar x", []),
        ("tar xf missing.tar", []),
        ("git diff HEAD~1 | git apply -R", []),
        ("git apply --directory=sub kept.diff", []),
        ("patch -p1 < odd.diff", []),
        ("find src -name '*.txt' -exec cp {} . ';'", []),
        ("rsync -a host:x/ .", []),
    ],
)
def test_to_bring_something_over_what_only_the_disk_has_destroys(
    command: str, lost: list[str]
) -> None:
    judged = said(command)
    assert judged.category is Category.DESTRUCTIVE
    assert listed(judged.facts, "overwrites") == lost


@pytest.mark.parametrize(
    "command",
    [
        "tar xf new.tar",
        "tar xf a.tar -C src",
        "tar xkf a.tar",
        "tar xf deep.tar",
        "tar xf a.tar --strip-components 1",
        "unzip -n a.tar",
        "unzip a.tar -d out",
        "git archive HEAD | tar x -C out",
        "patch -p1 < kept.diff",
        "patch --dry-run -p1 < p.diff",
        f"git apply <<'E'\n{KEPT}E",
        "git apply --index p.diff",
        "cp src/*.py .",
        "cp -n src/* .",
        "cp src/* out",
        "find src -name '*.txt' -exec cp {} out ';'",
    ],
)
def test_what_comes_where_nothing_is_lost_is_a_write(command: str) -> None:
    assert said(command).category is Category.WRITE


@pytest.mark.parametrize(
    "command",
    [
        "base64 -d x > new.tar; tar xf new.tar",
        "mv other.tar new.tar && tar xf new.tar",
        "tar cf new.tar notes.txt; tar xf new.tar",
        "sed s/a/b/ x > kept.diff && git apply kept.diff",
    ],
)
def test_what_the_command_itself_fills_is_not_what_was_looked_into(command: str) -> None:
    assert said(command).category is Category.DESTRUCTIVE


@pytest.mark.parametrize(
    "command",
    [
        "mv notes.txt new && echo x > new",
        "mv notes.txt new; cp src/b.py new",
        "mv notes.txt new | cat; sed -i d new",
        "bash -c 'mv notes.txt new; : > new'",
        "if true; then mv notes.txt new; fi; : > new",
        "mv lib moved && echo > moved/mine.txt",
        "mv notes.txt src/ && cp new src/notes.txt",
        "git mv notes.txt new && : > new",
        "for f in notes.txt b.txt; do mv $f all; done",
        "for f in *.txt; do mv $f all; done",
        "for f in $(find lib -type f); do mv $f src/; done",
        "find lib -type f | xargs mv -t src",
        "find lib -name '*.txt' -exec mv {} src/ ';'",
        "gzip -f b && : ; gzip -f lib/mine",
        "mv notes.txt /dev/null",
    ],
)
def test_what_was_moved_by_the_command_is_not_lost_by_its_next_part(command: str) -> None:
    more = MINE | {"/ws/lib/mine.gz"}
    found = FOUND | {f"/ws/{LISTED}.txt": ("/ws/notes.txt",)}
    place = replace(PLACE, standing_for=found.get, unsaved=more.__contains__)
    assert classify(command, place).category is Category.DESTRUCTIVE


@pytest.mark.parametrize(
    "command",
    [
        "mv clean.py new && echo x > new",
        "sed s/a/b/ clean.py > new && mv new clean.py",
        "mv notes.txt new && echo x >> new",
        "mv notes.txt src/ && echo x > src/new",
        "gzip -f b",
        "gzip lib/mine",
        'for f in src/*.py; do mv "$f" lib/; done',
    ],
)
def test_what_is_moved_out_of_the_way_and_stays_is_a_write(command: str) -> None:
    assert said(command).category is Category.WRITE


def test_an_archive_that_brings_a_hook_says_so() -> None:
    assert ".husky/pre-commit" in listed(said("tar xf hooked.tar").facts, "writes")
    assert ".envrc" in listed(said("cp tmpl/* .").facts, "writes")


@pytest.mark.parametrize("command", ["tar -f a.tar", "tar v", "tar -C src -f a.tar"])
def test_tar_has_to_be_told_what_to_do(command: str) -> None:
    assert said(command).category is Category.UNKNOWN


@pytest.mark.parametrize("command", ["tar t < a.tar", "tar t -f a.tar", "tar --help"])
def test_a_word_of_one_letter_tells_it(command: str) -> None:
    assert said(command).category is Category.READ


@pytest.mark.parametrize("command", ["unzip -p a.zip .env", "tar xOf a.tar ./.env"])
def test_a_secret_that_is_taken_out_of_an_archive_is_one_still(command: str) -> None:
    assert said(command).facts.get("sensitive")


@pytest.mark.parametrize(
    "command",
    [
        "curl -O https://example.com/notes.txt",
        "curl -sO https://example.com/a/notes.txt?x=1",
        "curl --output-dir lib -O https://example.com/mine.txt",
        "wget -N https://example.com/notes.txt",
        "wget -qc https://example.com/notes.txt",
        "wget -N -P lib https://example.com/mine.txt",
    ],
)
def test_a_download_that_is_called_as_its_address_writes_over_what_is_there(command: str) -> None:
    assert said(command).category is Category.DESTRUCTIVE
    assert listed(said(command).facts, "overwrites")


def test_a_download_to_a_new_name_is_only_one() -> None:
    assert said("curl -O https://example.com/new.txt").category is Category.NETWORK


@pytest.mark.parametrize(
    "command",
    ["wget -r http://lib/", "wget -m -np lib", "wget -x -nH -P lib http://x/"],
)
def test_a_whole_site_writes_over_what_lies_where_it_comes(command: str) -> None:
    assert said(command).category is Category.DESTRUCTIVE


@pytest.mark.parametrize(
    "command",
    ["wget https://x.org/notes.txt", "wget -P lib http://x/mine.txt", "wget -r http://other/"],
)
def test_a_download_that_leaves_what_is_there_is_only_one(command: str) -> None:
    assert said(command).category is Category.NETWORK


def test_what_is_moved_beside_a_part_that_runs_on_may_be_written_over() -> None:
    moved = "mv notes.txt new"
    for command in (f"{moved}; date > new", f"date > new & {moved}", f"{moved} & date > new"):
        assert said(command).category is Category.DESTRUCTIVE
    assert said(f"date > new; {moved}").category is Category.WRITE


def test_files_whose_names_begin_alike_are_looked_for() -> None:
    assert said("split -l 9 src/b.py not").category is Category.DESTRUCTIVE
    assert said("split -l 9 src/b.py part_").category is Category.WRITE
    assert said("split src/b.py").category is Category.WRITE


def test_statements_from_a_file_are_read_as_if_they_stood_there() -> None:
    texts = {"/ws/ask.sql": "select 1;", "/ws/drop.sql": "drop table t;", "/ws/sh.sql": ".shell ls"}
    place = replace(PLACE, content=texts.get, there={*texts, "/ws/a.db"}.__contains__)
    for name, category in (
        ("ask", Category.READ),
        ("drop", Category.DESTRUCTIVE),
        ("sh", Category.UNKNOWN),
        ("missing", Category.UNKNOWN),
    ):
        assert classify(f"sqlite3 a.db < {name}.sql", place).category is category
    poured = classify("echo 'drop table t' > ask.sql; sqlite3 a.db < ask.sql", place)
    assert poured.category is Category.DESTRUCTIVE


@pytest.mark.parametrize(
    "command",
    [
        "tar xf new.tar",
        "unzip -o new.tar",
        "tar xf missing.tar",
        "patch -p1 < odd.diff",
        "curl -s x.org/a.tgz | tar xz",
        "split src/b.py fre",
    ],
)
def test_what_a_command_moves_is_not_buried_under_what_it_brings(command: str) -> None:
    place = replace(PLACE, unsaved_below=nothing_below)
    brought = classify(command, place).category
    assert brought is not Category.DESTRUCTIVE
    buried = classify(f"mv notes.txt fresh.txt; {command}", place)
    assert buried.category is Category.DESTRUCTIVE
