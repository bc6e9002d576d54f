"""Redaction: what is taken out of text, what is left alone, and streams that cut it in two."""

import base64
import hashlib
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopdeck.permissions.secrets.redacting import MARK, Redactor, holds_mark

# Put together here, so that no scanner takes this file for a leak.
BODY = "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7d"
SECRETS = {
    "vendor key": "sk-" + "ant-api03-" + BODY,
    "project key": "sk-" + "proj-" + BODY,
    "cloud key id": "AKIA" + "IOSFODNN7EXAMPL3",
    "code host": "ghp" + "_" + BODY[:36],
    "fine-grained": "github" + "_pat_" + BODY + BODY,
    "chat": "xox" + "b-1234567890-" + BODY[:20],
    "maps": "AI" + "za" + BODY[:35],
    "payment": "sk" + "_live_" + BODY[:24],
    "web token": "eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0." + BODY,
    "pem": "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIE" + BODY + "\n-----END RSA PRIVATE KEY-----",
    "cut pem": "-----BEGIN OPENSSH PRIVATE " + "KEY-----\nb3BlbnNzaC1rZXk\n" + BODY,
}
INSIDE = {
    "postgres://app:{}@db/shop": "s3cr3t-pw",
    "Authorization: Bearer {}": "abc123def456",
    '"authorization": "Basic {}"': "dXNlcjpwYXNz",
    "extraheader = AUTHORIZATION: basic {}": "eDpnaHNfYWJj",
    "curl -H 'x-api-key: {}'": "abcdef-12345678",
    "aws_secret_access_key = {}": BODY,
    "ADMIN_PW={}": "hunter2",
    "PIN={}": "482913",
    "DB_PASSWORD={}": "pa55",
    "sendemail.smtppass={}": "hunter2",
    "credential.https://a.example.password={}": "hunter2",
    "[pypi]\npassword={}": "hunter2",
    "machine h login me password {}": "swordfish",
    "db:\n  user: admin\n  password: {}\n  host: x": "hunter2",
    "- db_password: '{}' # dev": "S3cret!word",
    '{{"password": "{}", "port": 5432}}': "hunter2",
    '{{"adminPassword":"{}"}}': "pa55word",
    "passphrase: {}\r\nnext: 1": "a1b2c3",
    "machine h\n  login me\n  password {}\n": "swordfish",
    "model: {}": "hf" + "_" + "abcdefghijKLMNOPqrstuvwxyzabcdefgh",
}
KEY = b"installation"
VALUE = "hunter2-hunter2"


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
def test_a_secret_with_a_known_shape_is_taken_out(secret: str) -> None:
    for text in (secret, f"key = {secret}", f"A='{secret}';", f"1\t{secret}\n2\tnext"):
        clean = Redactor(KEY).clean(text)
        assert secret not in clean
        assert BODY[:12] not in clean
        assert MARK.search(clean)


@pytest.mark.parametrize(("around", "secret"), INSIDE.items())
def test_only_the_secret_part_of_a_header_or_address_goes(around: str, secret: str) -> None:
    clean = Redactor(KEY).clean(around.format(secret))
    assert secret not in clean
    before, after = around.format("{}").split("{}")
    assert clean.startswith(before)
    assert clean.endswith(after)


@pytest.mark.parametrize(
    "text",
    [
        hashlib.sha1(b"a commit").hexdigest(),
        hashlib.sha256(b"a layer").hexdigest(),
        str(uuid.UUID(int=2**127 + 12345)),
        "sha512-" + base64.b64encode(hashlib.sha512(b"a package").digest()).decode(),
        "sk-circle-fade-dot-element-number-one",
        "https://example.com:8080/a@b",
        "http://$USER:$PASS@proxy",
        "authorization: required for Bearer tokens",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "import eyJson; npm_config_cache; hf_hub_download(repo_id)",
        "git@host:owner/repo.git",
        "PASSWORD=$1 PASSWORD=os.environ['A1'] TOKEN=make_token2(x) DB_PASS=",
        "connect(user, password=pw2) or login(\n    password=pw2\n)",
        "user: str\npassword: str\nother: int",
        "password: String,\npassword: u64\npassword: varchar255\npassword: pw2\n",
        "f(password: pw22, hash) password: user.password1\npassword: sha256(x)\n",
        "password: ${DB_PASS1}\npassword: *anchor1\npassword: !vault1\npassword: null\n",
        "password: required, 8 to 12 signs\nPassword: at least 8\nreset password: step1 first",
        "password:\n  minimum: 1234\npassword: 'Your password'\npassword: 8\n",
        "GPIO_PIN=17; SPIN=123456; PINS=12345",
        "log in with your login and password to go on; login page, password reset",
        "hf_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ],
)
def test_what_only_looks_random_stays(text: str) -> None:
    assert Redactor(KEY).clean(text) == text


def test_equal_secrets_have_equal_tags_and_only_under_the_same_key() -> None:
    secret = SECRETS["vendor key"]
    one, again, other = (Redactor(key).clean(secret) for key in (KEY, KEY, b"another"))
    assert one == again != other


def test_an_exact_value_is_found_plain_and_inside_base64() -> None:
    redactor = Redactor(KEY, [VALUE, "short"])
    assert VALUE not in redactor.clean(f"psql -W {VALUE}!")
    assert redactor.clean("short") == "short"
    for shift in range(3):
        coded = base64.b64encode(b"u" * shift + b":" + VALUE.encode() + b"@host").decode()
        assert MARK.search(redactor.clean(coded))


def test_cleaning_twice_changes_nothing_more() -> None:
    redactor = Redactor(KEY, [VALUE])
    once = redactor.clean(" ".join([*SECRETS.values(), VALUE]))
    assert redactor.clean(once) == once


@pytest.mark.parametrize(("around", "secret"), INSIDE.items())
def test_a_mark_where_a_secret_would_stand_is_none_itself(around: str, secret: str) -> None:
    once = Redactor(KEY).clean(around.format(secret))
    assert Redactor(KEY).clean(once) == once


def test_json_is_cleaned_through_and_through_or_comes_back_itself() -> None:
    redactor = Redactor(KEY, [VALUE])
    innocent = {"a": [1, "x", {"b": None}]}
    assert redactor.clean_json(innocent) is innocent
    dirty = {"a": [{"b": VALUE}], VALUE: True}
    assert VALUE not in str(redactor.clean_json(dirty))
    assert holds_mark(redactor.clean_json(dirty))
    assert not holds_mark(dirty)


def test_a_mark_becomes_a_secret_only_where_the_original_held_that_secret() -> None:
    redactor = Redactor(KEY, [VALUE])
    original = {"command": f"login {VALUE}"}
    shown = redactor.clean_json(original)
    assert redactor.restored({"command": f"{shown['command']} -v"}, original) == {
        "command": f"login {VALUE} -v"
    }
    assert redactor.restored(shown, {"command": "login"}) == shown


def test_the_pepper_is_the_installations_own() -> None:
    assert Redactor(KEY).pepper == Redactor(KEY).pepper != Redactor(b"another").pepper


@given(st.text(max_size=200))
def test_any_text_is_cleaned_without_a_fault(text: str) -> None:
    Redactor(KEY, [VALUE]).clean(text)


def test_the_values_of_a_file_of_secrets_are_taken_out_of_the_call_that_writes_it() -> None:
    redactor = Redactor(KEY)
    call = {"path": "new.env", "content": "MODE=fast\nADMIN_KEY=correct-horse-battery\n"}
    clean = redactor.clean_json(call)
    assert "correct-horse" not in str(clean)
    assert "MODE=fast" in clean["content"]
    assert "correct-horse" not in redactor.clean("it printed correct-horse-battery")
    plain = {"path": "notes.md", "content": "ADMIN_KEY=correct-horse-battery\n"}
    assert Redactor(KEY).clean_json(plain) is plain


SETTINGS = """
password: hunter
  password: hunter
- password: hunter
db_password: correcthorse
POSTGRES_PASSWORD: hunter
MYSQL_ROOT_PASSWORD: opensesame  # local
spring.datasource.password: hunter
password: "hunter"
password: 'hunter'
password = "hunter"
password=hunter
admin.password=letmein
api_key: abcdefgh
api_key = "abcdefgh"
stripe_api_key: abcdefgh
client_secret: abcdefgh
passphrase: opensesame
"password": "hunter",
"api_key": "abcdefgh"
smtp_passwd: hunter
"password":"hunter"
export PGPASSWORD=hunter
""".strip("\n").split("\n")
CODE = """
password: str
password: string
password: string;
password: String!
password: bytes
    password: hashed
    password=password,
    password = getpass
password = getpass
    password=pw)
password: Password
password: null
password: true
password: required
password: changeme
password: ${DB_PASSWORD}
password: <password>
password: *anchor
"password": password,
"password": value
"password": "string",
password: password
api_key: string
api_key: SecretStr
api_key: os.environ["KEY"]
client_secret: undefined
if password: return
def f(password: bytes) -> None:
Type your password: slowly
password == other
""".strip("\n").split("\n")


def test_a_value_of_letters_alone_is_secret_where_a_line_of_settings_says_so() -> None:
    kept = [line for line in SETTINGS if "‹redacted:value" not in Redactor(b"k").clean(line)]
    assert not kept
    whole = Redactor(b"k").clean("\n".join(SETTINGS))
    assert whole.count("‹redacted:value") == len(SETTINGS)


def test_such_a_value_is_found_where_the_text_comes_in_two_pieces() -> None:
    for line in SETTINGS:
        for at in range(1, len(line)):
            stream = Redactor(b"k").stream()
            told = stream.add(line[:at]) + stream.add(f"{line[at:]}\n") + stream.finish()
            assert "‹redacted:value" in told, (line, at)


def test_what_is_said_in_a_sentence_stays_where_it_comes_in_two_pieces() -> None:
    for line in CODE:
        for at in range(1, len(line)):
            stream = Redactor(b"k").stream()
            told = stream.add(line[:at]) + stream.add(f"{line[at:]}\n") + stream.finish()
            assert told == f"{line}\n", (line, at)


def test_code_and_placeholders_behind_such_a_name_stay_as_they_are() -> None:
    assert [line for line in CODE if Redactor(b"k").clean(line) != line] == []
    assert Redactor(b"k").clean("\n".join(CODE)) == "\n".join(CODE)
    call = "f(\n    user=name,\n    password=typed\n)"
    assert Redactor(b"k").clean(call) == call
