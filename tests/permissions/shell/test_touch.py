"""What words mean where the disk has a say: programs that are there, databases that are not."""

import pytest

from loopdeck.permissions.shell import Place, classify
from loopdeck.session.values import Category

HERE = {"/ws/node_modules/.bin/tsc", "/ws/app.db", "/ws/sub"}
PLACE = Place(workspace="/ws", there=HERE.__contains__)


@pytest.mark.parametrize(
    ("command", "category"),
    [
        ("npx tsc --noEmit", Category.WRITE),
        ("npx -y tsc", Category.WRITE),
        ("bunx tsc", Category.WRITE),
        ("npx eslint .", Category.NETWORK),
        ("npx tsc@5 --noEmit", Category.NETWORK),
        ("npx -p other tsc", Category.NETWORK),
        ("npx --ignore-existing tsc", Category.NETWORK),
        ("npx ../.bin/tsc", Category.NETWORK),
        ("cd sub && npx tsc", Category.NETWORK),
        ("pnpx tsc", Category.NETWORK),
    ],
)
def test_what_the_project_has_is_run_and_not_fetched(command: str, category: Category) -> None:
    said = classify(command, PLACE)
    assert said.category is category
    assert said.facts["runs_code"] is True


@pytest.mark.parametrize(
    ("command", "category"),
    [
        ("sqlite3 app.db 'select 1'", Category.READ),
        ("sqlite3 new.db 'select 1'", Category.WRITE),
        ("sqlite3 sub/../new.db .tables", Category.WRITE),
        ("sqlite3 :memory: 'select 1'", Category.READ),
        ("sqlite3 app.db 'drop table t'", Category.DESTRUCTIVE),
    ],
)
def test_a_database_that_is_not_there_is_made(command: str, category: Category) -> None:
    assert classify(command, PLACE).category is category


def test_where_nobody_can_look_a_package_is_fetched_and_a_database_there() -> None:
    place = Place(workspace="/ws")
    assert classify("npx tsc", place).category is Category.NETWORK
    assert classify("sqlite3 new.db 'select 1'", place).category is Category.READ


@pytest.mark.parametrize(
    ("command", "category"),
    [
        ("cat /dev/zero", Category.UNKNOWN),
        ("cat /dev/../dev/urandom | base64 -w0", Category.UNKNOWN),
        ("cat < /dev/zero", Category.UNKNOWN),
        ("tr x y </dev/random", Category.UNKNOWN),
        ("head -c 16 /dev/urandom | base64", Category.READ),
        ("grep x /dev/null", Category.READ),
        ("cat /dev/stdin", Category.READ),
    ],
)
def test_what_never_ends_is_no_plain_read(command: str, category: Category) -> None:
    assert classify(command, PLACE).category is category


def test_a_folder_of_the_repository_is_not_made_where_it_is_gone_afterwards() -> None:
    place = Place("/ws", private=lambda path: path.startswith("/tmp/"))
    said = classify("git worktree add /tmp/w2", place)
    assert said.facts["outside_workspace"]
    assert "gone with the command" in " ".join(reason.text for reason in said.reasons)
    assert not classify("git worktree add w2", place).facts.get("outside_workspace")


@pytest.mark.parametrize(
    ("host", "what"),
    [
        ("localhost:8077", "a service on this machine"),
        ("http://127.0.0.1:8000/a", "a service on this machine"),
        ("http://[::1]:80/", "a service on this machine"),
        ("http://localhost.example.org/", "another machine"),
        ("http://localhost@example.org/", "another machine"),
        ("127.0.0.1.example.org", "another machine"),
        ("example.org", "another machine"),
    ],
)
def test_this_machine_is_not_called_another_and_is_asked_about_no_less(
    host: str, what: str
) -> None:
    said = classify(f"curl '{host}'", PLACE)
    assert said.category is Category.NETWORK
    assert any(reason.text.endswith(f"is {what}") for reason in said.reasons)


@pytest.mark.parametrize(
    ("command", "category"),
    [
        ("helm template x sub", Category.READ),
        ("helm template x ./sub/chart", Category.READ),
        ("helm template x bitnami/nginx", Category.NETWORK),
        ("cd sub && helm lint bitnami/nginx", Category.NETWORK),
        ("helm template x oci://charts.example.com/y", Category.NETWORK),
    ],
)
def test_a_chart_that_is_not_there_is_fetched(command: str, category: Category) -> None:
    assert classify(command, PLACE).category is category
