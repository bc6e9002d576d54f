"""Where things are kept: the environment and the options decide, in this order."""

import argparse
import logging
from collections.abc import Generator
from pathlib import Path

import pytest

from loopdeck.cli.places import LOG_NAME, log_to_file, places, workspace
from loopdeck.cli.secrecy import KEY_NAME
from loopdeck.errors import WorkspaceError


def words(db: str | None = None, config: str | None = None) -> argparse.Namespace:
    return argparse.Namespace(db=db, config=config)


@pytest.fixture
def root_logger() -> Generator[logging.Logger]:
    """The root logger, as it was before and after."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield root
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_one_variable_puts_everything_under_one_folder(tmp_path: Path) -> None:
    found = places(words(), {"LOOPDECK_HOME": str(tmp_path)})
    everything = (found.database, found.config, found.themes, found.spool, found.log)
    assert {path.parent for path in everything} == {tmp_path}
    assert len(set(everything)) == 5


def test_options_win_over_the_variable(tmp_path: Path) -> None:
    env = {"LOOPDECK_HOME": str(tmp_path / "home")}
    found = places(words(str(tmp_path / "a.db"), str(tmp_path / "c.toml")), env)
    assert found.database == tmp_path / "a.db"
    assert found.spool == tmp_path / "a.db.spool"
    assert found.config == tmp_path / "c.toml"
    assert found.log.parent == tmp_path / "home"


def test_without_the_variable_each_kind_has_its_usual_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    found = places(words(), {})
    assert found.database.name == "loopdeck.db"
    assert all(tmp_path in path.parents for path in (found.database, found.config, found.log))
    assert not list(tmp_path.iterdir())


def test_no_agent_may_write_where_loopdeck_keeps_its_own_things(tmp_path: Path) -> None:
    found = places(words(), {"LOOPDECK_HOME": str(tmp_path)})
    for path in (found.database, found.config, found.log / LOG_NAME):
        assert any(own == path or own in path.parents for own in found.own)


def test_no_agent_may_write_the_logins_or_the_key_wherever_the_rest_is(tmp_path: Path) -> None:
    env = {"LOOPDECK_HOME": str(tmp_path / "home")}
    found = places(words(str(tmp_path / "a" / "x.db"), str(tmp_path / "b" / "c.toml")), env)
    for path in (found.logins, found.state / KEY_NAME):
        assert any(own in path.parents for own in found.own)
    usual = places(words(), env)
    assert usual.own == (usual.state, usual.state, usual.log)


def test_the_log_has_one_file_however_often_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root_logger: logging.Logger
) -> None:
    monkeypatch.setenv("LOOPDECK_HOME", str(tmp_path))
    path = log_to_file(words())
    assert log_to_file(words()) == path
    logging.getLogger("loopdeck.test").info("it rained")
    logging.getLogger("mcp.client.auth.oauth2").error("Invalid refresh response")
    assert len(root_logger.handlers) == 1
    assert path.read_text().count("it rained") == 1
    assert "refresh response" not in path.read_text()  # it would quote what a server said


def test_a_log_that_cannot_be_written_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root_logger: logging.Logger
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LOOPDECK_HOME", str(tmp_path / "file"))
    assert not log_to_file(words()).is_file()
    root_logger.warning("nobody hears this")


def test_a_workspace_is_a_folder_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "shed").mkdir()
    (tmp_path / "way").symlink_to("shed")
    (tmp_path / "file").write_text("")
    assert workspace(str(tmp_path / "way")) == tmp_path.resolve() / "shed"
    for name in ("file", "nowhere"):
        with pytest.raises(WorkspaceError, match=name):
            workspace(str(tmp_path / name))
