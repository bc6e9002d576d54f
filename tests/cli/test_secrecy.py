"""The redactor of an installation: its key file, and what it takes from the machine."""

import os
from pathlib import Path

from loopdeck.cli.secrecy import KEY_NAME, passing_redactor, redactor_for, secrets_in

VALUE = "hunter2-hunter2"


def test_the_key_is_made_once_is_private_and_is_kept(tmp_path: Path) -> None:
    state = tmp_path / "state"
    first = redactor_for(state, tmp_path, {})
    assert (state / KEY_NAME).stat().st_mode & 0o777 == 0o600
    assert redactor_for(state, tmp_path, {}).pepper == first.pepper
    assert redactor_for(tmp_path / "other", tmp_path, {}).pepper != first.pepper
    assert [path.name for path in state.iterdir()] == [KEY_NAME]


def test_a_key_that_others_may_read_or_that_is_a_link_is_not_used(tmp_path: Path) -> None:
    state = tmp_path / "state"
    kept = redactor_for(state, tmp_path, {}).pepper
    (state / KEY_NAME).chmod(0o644)
    assert redactor_for(state, tmp_path, {}).pepper != kept
    (state / KEY_NAME).rename(state / "real")
    (state / "real").chmod(0o600)
    (state / KEY_NAME).symlink_to("real")
    assert redactor_for(state, tmp_path, {}).pepper != kept


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert redactor_for(tmp_path / "file" / "state", tmp_path, {}).pepper


def test_secrets_of_the_environment_and_of_dotenv_files_are_known(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SEED=a8f3k2m9q1\nNAME=production\n")
    (tmp_path / ".env.local").write_text("DB_PASSWORD='w0rd of mine'\n")
    (tmp_path / ".env.example").write_text("DB_PASSWORD=put-yours-here-1\n")
    os.mkfifo(tmp_path / ".env.pipe")
    (tmp_path / ".env.link").symlink_to("/proc/self/environ")
    redactor = redactor_for(tmp_path / "state", tmp_path, {"CI_TOKEN": "zz-9-plural-z"})
    text = redactor.clean("a8f3k2m9q1 production w0rd of mine put-yours-here-1 zz-9-plural-z")
    assert text.count("‹redacted:value:") == 3
    assert "production" in text
    assert "put-yours-here-1" in text


def test_dotenv_files_further_down_are_known_but_not_those_of_other_peoples_packages(
    tmp_path: Path,
) -> None:
    for folder in ("services/api", "node_modules/x", "a/b/c/d/e/f"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / ".env").write_text(f"TOKEN=secret-of-{folder[:3]}-1\n")
    (tmp_path / "loop").symlink_to(tmp_path)
    redactor = redactor_for(tmp_path / "state", tmp_path, {})
    assert "‹redacted" in redactor.clean("secret-of-ser-1")
    assert redactor.clean("secret-of-nod-1") == "secret-of-nod-1"
    assert redactor.clean("secret-of-a/b-1") == "secret-of-a/b-1"


def test_the_values_of_a_sensitive_file_that_is_read_are_found_and_of_no_other(
    tmp_path: Path,
) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / ".env").write_text("SEED=a8f3k2m9q1\n")
    (tmp_path / ".pgpass").write_text("PGPASSWORD=n0t-by-shape\n")
    (tmp_path / "notes.txt").write_text("TOKEN=not-asked-for-1\n")
    paths = ["deep/.env", str(tmp_path / ".pgpass"), "notes.txt", "gone/.env", "\0/.env"]
    assert secrets_in(tmp_path, paths) == ["a8f3k2m9q1", "n0t-by-shape"]


def test_the_log_file_knows_the_secrets_of_the_environment_by_passing_tags(tmp_path: Path) -> None:
    env = {"SHED_TOKEN": VALUE}
    lines = [passing_redactor(env, tmp_path).clean(f"it said {VALUE}") for _ in range(2)]
    assert all(line.startswith("it said ‹redacted:value:") for line in lines)
    assert lines[0] != lines[1]
