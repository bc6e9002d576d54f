"""Variables: the shell's own, a project's, and those that steer what runs."""

import pytest

from loopdeck.permissions.shell import Place, classify
from loopdeck.session.values import Category

PLACE = Place(workspace="/ws", exported={"EDITOR", "GOPRIVATE"}.__contains__)


@pytest.mark.parametrize(
    "command",
    ["FOO=bar; ls", "API=v2; echo $API", "FOO=bar; BAR=$FOO; ls", "A_B_C=1; cat src/$A_B_C"],
)
def test_a_variable_that_is_not_exported_stays_in_the_shell(command: str) -> None:
    assert classify(command, PLACE).category is Category.READ
    assert classify(command, Place(workspace="/ws")).category is Category.UNKNOWN


@pytest.mark.parametrize(
    "name",
    [
        *(
            "PATH",
            "IFS",
            "CDPATH",
            "BASH_ENV",
            "PS4",
            "GLOBIGNORE",
            "HOME",
            "TMPDIR",
            "LC_ALL",
            "PAGER",
        ),
        *(
            "GIT_DIR",
            "LD_PRELOAD",
            "EDITOR",
            "GOPRIVATE",
            "TIMEFORMAT",
            "XDG_CONFIG_HOME",
            "OPTIND",
        ),
        *("http_proxy", "npm_config_script_shell", "_", "histchars"),
    ],
)
def test_a_variable_that_somebody_obeys_is_not_followed(name: str) -> None:
    assert classify(f"{name}=x; ls", PLACE).category is Category.UNKNOWN


@pytest.mark.parametrize(
    "command",
    ["APP_MODE=fast npm test", "FEATURE_X=1 pytest -q", "export STAGE=dev && make test"],
)
def test_a_variable_of_the_project_is_for_the_code_that_runs(command: str) -> None:
    said = classify(command, PLACE)
    assert said.category is Category.WRITE
    assert said.facts["runs_code"] is True


@pytest.mark.parametrize(
    "assigned",
    [
        *(
            "LD_PRELOAD=x.so",
            "NODE_OPTIONS=--inspect",
            "BROWSER=x",
            "FOO=./x",
            "FOO='a b'",
            "FOO=$(id)",
        ),
        *(
            "MY_SHELL=x",
            "X_COMMAND=x",
            "TOOL_CONFIG=x",
            "JAVA_TOOL_OPTIONS=x",
            "CC=x",
            "GIT_PAGER=x",
        ),
        *("PERL5OPT=-Mx", "RUSTC_WRAPPER=x", "foo=x", "PYTEST=x", "RUBYOPT=-rx", "KUBECONFIG=x"),
    ],
)
def test_a_variable_that_may_steer_a_program_is_not_understood(assigned: str) -> None:
    assert classify(f"{assigned} npm test", PLACE).category is Category.UNKNOWN


@pytest.mark.parametrize(
    ("value", "category"),
    [
        ("ignore", Category.READ),
        ("default,error::UserWarning", Category.READ),
        ("error::x.y", Category.UNKNOWN),
        ("ignore::mod.Warning", Category.UNKNOWN),
    ],
)
def test_a_warning_names_no_module_to_load(value: str, category: Category) -> None:
    assert classify(f"PYTHONWARNINGS={value} python3 --version", PLACE).category is category


@pytest.mark.parametrize(
    ("command", "category"),
    [
        ("export A=1; echo $A", Category.READ),
        ("export dir=src; ls $dir", Category.READ),
        ("export http_proxy=x; ls", Category.UNKNOWN),
        ("export a=$(cat b); ls", Category.UNKNOWN),
    ],
)
def test_to_export_what_no_program_obeys_is_no_more_than_to_set_it(
    command: str, category: Category
) -> None:
    assert classify(command).category is category
