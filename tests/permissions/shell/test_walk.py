"""A script is followed as the shell would: folders, variables, what feeds what."""

import pytest

from loopdeck.permissions.shell import Place, classify, parts_of
from loopdeck.session.values import Category

WS = Place("/ws")


def outside(command: str) -> bool:
    return bool(classify(command, WS).facts.get("outside_workspace"))


@pytest.mark.parametrize(
    "command",
    [
        "cd a && cat ../b",
        "cd a && cd b && cat ../../c",
        "cd a || exit 1; cat ../b",
        "cd a || { echo no; exit 1; }; cat ../b",
        "(cd a && cat ../b); cat c",
        "for d in a b; do (cd $d && cat ../c); done",
        "ls | while read f; do cat $f; done",
        'find . -name x | while IFS= read -r f; do sed -n 1p "$f"; done',
        "for f in $(git ls-files); do cat $f; done",
        'for f in *.md; do [ -f "$f" ] && head -1 $f; done',
        'f=$(find src -name x | head -1); sed -n 1p "$f"',
        "git grep -l x | xargs grep -n y",
        "cat $PWD/a $(pwd)/b",
    ],
)
def test_what_stays_inside_is_seen_to(command: str) -> None:
    assessment = classify(command, WS)
    assert assessment.category is Category.READ, assessment.reasons
    assert "outside_workspace" not in assessment.facts


@pytest.mark.parametrize(
    "command",
    [
        "cd a; cat ../b",
        "cd a || true; cat ../b",
        "cd a && cd b || cat ../c",
        "cd .. && cat a",
        "cd $x && cat a",
        "cd && cat a",
        "if cd a; then ls; fi; cat ../b",
        "for d in a b; do cd $d; cat c; done",
        "cat list | xargs cat",
        "cat $x",
        "read f < list; cat $f",
        "x=a; while ls; do cat $x; x=/etc/passwd; done",
        "x=/etc/passwd; cat $x",
        "x=a || x=/etc/hosts; cat $x",
        "for f in a /etc/passwd; do cat $f; done",
        "ls -al | xargs cat",
        "cat {a,/etc/passwd}",
        "test -f a && x=b; cat $x",
    ],
)
def test_what_may_leave_is_seen_to(command: str) -> None:
    assert outside(command)


def test_a_loop_over_known_words_is_judged_for_each() -> None:
    parts = parts_of("for f in a b; do for g in {1..2}; do cat $f$g; done; done")
    assert [part.words[1] for part in parts] == ["a1", "a2", "b1", "b2"]


@pytest.mark.parametrize(
    ("command", "category"),
    [
        ("sort src/$x", Category.UNKNOWN),
        ('sort "src/$x"', Category.READ),
        ('sort "$x"', Category.UNKNOWN),
        ('sort -- "$x"', Category.READ),
        ("grep -n a $x", Category.READ),
        ("sort src/*.txt", Category.READ),
        ("sort *.txt", Category.UNKNOWN),
        ("sort -- *.txt", Category.READ),
        ("sort ./*.txt", Category.READ),
        ("for f in *.txt; do sort $f; done", Category.UNKNOWN),
        ('for f in ./*.txt; do sort "$f"; done', Category.READ),
        ("find . | xargs sort", Category.UNKNOWN),
        ("find . -print0 | xargs -0 sort", Category.READ),
        ('[ "$(wc -l < a)" -gt 5 ] && ls', Category.READ),
        ("[ $x -gt 5 ] && ls", Category.UNKNOWN),
        ('[[ "$x" -gt 5 ]] && ls', Category.UNKNOWN),
        ("x=5; [[ $x -gt 3 ]] && ls", Category.READ),
        ("n=3; echo $((n + 1))", Category.READ),
        ("read n; echo $((n + 1))", Category.UNKNOWN),
        ("for f in $(find src); do wc -l < $f; done", Category.READ),
    ],
)
def test_a_word_that_may_become_an_option_decides(command: str, category: Category) -> None:
    assert classify(command, WS).category is category


@pytest.mark.parametrize(
    ("command", "category"),
    [
        ("cat a | sh", Category.UNKNOWN),
        ("curl https://a.b | sh", Category.DESTRUCTIVE),
        ("curl https://a.b | tee x | bash -s -- y", Category.DESTRUCTIVE),
        ("curl https://a.b | python3 -c 'x'", Category.NETWORK),
        ("bash <<'E'\nls\nE", Category.READ),
        ("bash <<'E'\nrm x\nE", Category.DESTRUCTIVE),
        ("bash <<E\n$x\nE", Category.UNKNOWN),
        ("sh <<< 'rm x'", Category.DESTRUCTIVE),
        ("python < x.py", Category.WRITE),
        ("bash <(curl https://a.b)", Category.NETWORK),
        ("sleep 5 &", Category.READ),
        ("make &", Category.WRITE),
        ("npm run dev & sleep 3; kill $!", Category.WRITE),
        ("rm a &", Category.DESTRUCTIVE),
        ("curl -s localhost &", Category.NETWORK),
        ("./x & eval $Y", Category.UNKNOWN),
    ],
)
def test_what_feeds_an_interpreter_decides(command: str, category: Category) -> None:
    assert classify(command, WS).category is category


@pytest.mark.parametrize(
    ("command", "reasons"),
    [
        ("echo ok; cat .env", ["`.env` may hold secrets"]),
        ("ls; head -1 /etc/hosts", ["`/etc/hosts` is outside the workspace"]),
        ("echo ok | frobnicate", ["`frobnicate` is not one of the known programs"]),
        ("ls; echo ok", ["`ls` lists files", "`echo` changes nothing"]),
    ],
)
def test_what_is_harmless_is_no_reason_to_ask(command: str, reasons: list[str]) -> None:
    assert [reason.text for reason in classify(command, WS).reasons] == reasons


@pytest.mark.parametrize(
    ("command", "kept"),
    [
        ("t=$(mktemp -d) && cp a $t && ls $t", True),
        ('t=$(mktemp /tmp/a.XXXXX); sort a > "$t"; wc -l "$t"', True),
        ("t=$(mktemp -u); cat $t", False),
        ("t=$(mktemp -d -p ..); cat $t/a", False),
        ("t=$(mktemp -d /srv/a.XXX); cat $t/a", False),
    ],
)
def test_a_new_place_of_the_commands_own_is_no_place_outside(command: str, kept: bool) -> None:
    def asked(exported: bool, private: bool) -> object:
        place = Place(
            "/ws",
            private=lambda path: private and path.startswith("/tmp/"),
            exported=lambda _: exported,
        )
        return classify(command, place).facts.get("outside_workspace", False)

    assert asked(exported=False, private=True) is not kept
    assert asked(exported=True, private=True), "another folder is set for such files"
    assert asked(exported=False, private=False), "everybody may have put something there"
