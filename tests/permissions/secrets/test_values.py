"""Values that are secret by name or look, and everyday values that are not."""

from loopdeck.permissions.secrets.values import dotenv_values, secret_values

BODY = "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7d"


def test_names_decide_which_variables_are_secret_and_everyday_words_are_not() -> None:
    environ = {
        "API_KEY": "k-3f9a8b7c6d",
        "DB_PASSWORD": "postgres",
        "SSH_AUTH_SOCK": "/run/agent.sock",
        "KEYBOARD": "/usr/share/kbd",
        "EDITOR": "secret-ed1tor",
        "GITHUB_TOKEN": BODY,
    }
    assert sorted(secret_values(environ)) == sorted(["k-3f9a8b7c6d", BODY])


def test_a_dotenv_gives_its_secrets_and_not_its_settings() -> None:
    text = (
        "# comment\nNODE_ENV=production\nHOST=db.example.com\nPORT=5432\n"
        "export SESSION_SECRET='tru1y random #1'\nSEED=a8f3k2m9q1 # why\nURL=http://localhost:3000\n"
    )
    assert list(dotenv_values(text)) == ["tru1y random #1", "a8f3k2m9q1"]


def test_a_value_of_several_lines_is_secret_in_each_of_them() -> None:
    text = 'NOTE="plain words\nand more"\nSIGNING_KEY="first-l1ne-of-it\nsecond line of it"\nA=1\n'
    found = list(dotenv_values(text))
    assert {"first-l1ne-of-it", "second line of it"} <= set(found)
    assert "and more" not in found
