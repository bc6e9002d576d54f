"""A working day with developer tools: many programs joined, and the worst part decides."""

import pytest

from loopdeck.permissions.shell import classify
from loopdeck.session.values import Assessment


def judge(command: str) -> Assessment:
    return classify(command)


READS = [
    "git status --short && git diff --stat",
    "git -C repo log --oneline -5",
    "git diff HEAD~1 -- src | head -50",
    "cd src && git log -p --follow -- a.py | head -100",
    "git show HEAD:src/a.py | sed -n '1,40p'",
    "git --no-pager log --graph --oneline --all -20 2>/dev/null",
    "git log --since='2 weeks ago' --pretty=format:'%h %an %s' | sort | uniq -c | sort -rn",
    "git branch --show-current; git rev-parse --short HEAD",
    "git ls-files '*.py' | xargs wc -l | tail -1",
    "git grep -n 'def load' -- 'src/*.py' | wc -l",
    "git blame -L 10,20 src/a.py | cut -c1-60",
    "git stash list && git worktree list",
    "git diff --name-only main...HEAD | grep '\\.py$'",
    "git config --get user.email || git config user.name",
    "git clean -nd | head",
    "git apply --check fix.patch && git apply --stat fix.patch",
    "python --version && node --version && cargo --version && go version",
    "which python3 && python3 --version 2>&1",
    "pip list 2>/dev/null | grep -i pytest",
    "pip show pytest | head -3; pip freeze | wc -l",
    "npm ls --depth=0 2>&1 | head -20",
    "black --check src 2>&1 | tail -3",
    "ruff check --no-cache src | tail -20",
    "gofmt -l . | head",
    "go env GOPATH GOMOD && go doc fmt.Println | head",
    "sqlite3 -header app.db 'SELECT count(*) FROM users WHERE age > 3' | cat",
    "sqlite3 app.db .schema | grep -i create",
    "bash -n run.sh && echo fine",
    "sqlite3 app.db <<'EOF'\n.headers on\nSELECT * FROM users;\nEOF",
    "docker ps -a --format '{{.Names}}' | head",
    "docker compose logs --tail=50 web 2>&1 | grep -i error",
    "systemctl status nginx --no-pager | head -5",
    "dpkg -l | grep -i ssl | head",
    "openssl x509 -noout -enddate -in cert.crt",
    "kubectl config current-context",
    "terraform fmt -check -recursive && terraform version",
]

WRITES_WITH_CODE = [
    "cd src && python -m pytest -q tests/test_x.py 2>&1 | tail -20",
    "cd app && python - <<'EOF'\nimport os\nprint(os.getcwd())\nEOF",
    "python3 <<'PY'\nprint(1)\nPY",
    'python -c "import sys; print(sys.path)" | head -1',
    "PYTHONDONTWRITEBYTECODE=1 python -m pytest -x -q --tb=short tests 2>&1 | tail -30",
    "python manage.py test app.tests --verbosity 2",
    "timeout 60 pytest tests -k 'a and not b' --maxfail=1",
    "python -m unittest discover -s tests -v 2>&1 | tail",
    "python -m json.tool data.json | head",
    "node -e 'console.log(1)' && npm test -- --silent",
    "npm run build 2>&1 | tail -20",
    "node --test tests/a.test.js",
    "cargo build 2>&1 | grep -E '^error' | head",
    "cargo test --all -- --nocapture | tail -40",
    "go test ./pkg -run TestX -count=1 2>&1 | tail",
    "go build -o bin/app . && ./bin/app",
    "make -n test",
    "make -j4 all > build.log 2>&1",
    "cmake -S . -B build && cmake --build build -j 4",
    "mypy src --strict | tail -5",
    "perl -ne 'print if /x/' a.txt | head",
    "./run.sh --fast",
    "uv run pytest -q",
    "coverage run -m pytest && coverage report -m | tail -5",
    "git add -A && git commit -m 'say why'",
    "bash -x run.sh a",
    "bundle exec rspec spec/a_spec.rb",
    "yarn --version && yarn why react",
    "uv pip list | grep pytest",
    "poetry show --tree | head",
    "mvn -v",
    "ruby -e 'puts 1'",
]

WRITES = [
    "black -q src tests && isort src",
    "ruff check --fix src | tail -3",
    "git stash push -m wip",
    "git init demo",
    "git diff > my.patch",
    "git diff --output=my.patch",
    "gofmt -w a.go",
    "tsc --noEmit -p tsconfig.json",
    'sqlite3 app.db "INSERT INTO t VALUES (1)"',
    "git branch topic",
    "git restore --staged a.py && git rm --cached b.py",
    "sqlite3 app.db <<'EOF'\nINSERT INTO t VALUES (1);\nEOF",
]

NETWORK = [
    "git fetch origin && git log HEAD..origin/main --oneline",
    "git pull --rebase && git push",
    "git push -u origin HEAD 2>&1 | tail -3",
    "pip install -e . && python -m pytest -q",
    "python -m pip install -r requirements.txt -q",
    "npm ci && npm test",
    "npx -y cowsay hi",
    "curl -sS https://example.com/a.json | python -m json.tool",
    "curl -s -o a.html -w '%{http_code}' https://example.com/a",
    "wget -qO- https://example.com | head",
    "gh pr view 12 --comments | head -40",
    "kubectl get pods -A | grep -v Running",
    "ssh me@example.com 'df -h'",
    "terraform plan -out=p | tail",
    "psql -h db -c 'SELECT 1' app",
    "uv add requests && uv sync",
    "psql -h db app <<'EOF'\nSELECT count(*) FROM t;\nEOF",
]

DESTRUCTIVE = [
    "git reset --hard HEAD~1",
    "git stash && git stash drop",
    "cd repo && git checkout -- . && git status",
    "git push --force origin main",
    "git push origin --delete topic",
    "git push origin +main",
    "git branch -D topic || true",
    "git clean -fdx && git status",
    "docker system prune -af",
    "docker compose down -v && docker compose ps",
    "kubectl delete pod x -n y",
    "psql -h db -c 'DROP TABLE users' app",
    "psql -h db app <<'EOF'\nDROP TABLE users;\nEOF",
    "sqlite3 app.db 'SELECT 1; DELETE FROM users'",
    "pip uninstall -y requests",
    "terraform apply -auto-approve",
    "rsync -a --delete a/ b/",
    "aws s3 ls && rm -rf build",
]

UNKNOWN = [
    "git -c core.fsmonitor=./x status",
    "git -c alias.st='!sh -c id' st",
    "git log --ext-diff -p | head",
    "git grep -O./x pattern",
    "git fetch --upload-pack=./x origin",
    "git rebase -x 'make test' main",
    "git config core.pager ./x",
    "git --exec-path=./bin status",
    "go test -exec ./x ./pkg",
    "go vet -vettool=./x ./pkg",
    "cargo --config build.rustc=./x check",
    "rustc -C linker=./x a.rs",
    "curl file:///etc/passwd",
    "curl -K a.cfg",
    "ssh -o ProxyCommand=./x host ls",
    "sqlite3 app.db '.shell id'",
    "sqlite3 app.db <<'EOF'\n.shell id\nEOF",
    "sqlite3 app.db <<EOF\nSELECT '$(id)';\nEOF",
    "sqlite3 app.db < queries.sql",
    "sqlite3 app.db 'SELECT 1' '.shell id'",
    "sqlite3 app.db 'SELECT 1 /*' '.shell id */'",
    'sqlite3 app.db "SELECT \'a" ".shell id\'"',
    "git log --format='%G?' -1",
    "git archive -o a.tgz HEAD",
    "sqlite3 app.db \"SELECT load_extension('./x')\"",
    "docker run -v /:/host alpine ls /host",
    "docker exec -it web sh",
    "sudo ls /root",
    "tsc --watch",
    "vim a.txt",
    "python",
    "node -i",
    "bash -l run.sh",
    "psql -c '\\! id' app",
    "terraform console",
    "no-such-tool --read-only a.txt",
    "apt-get -o APT::Update::Pre-Invoke::=./x update",
    "make --eval='$(shell id)' x",
]


@pytest.mark.parametrize("command", READS)
def test_looking_around_only_reads(command: str) -> None:
    verdict = judge(command)
    assert verdict.category == "read", verdict.reasons
    assert not verdict.facts.get("runs_code")


@pytest.mark.parametrize("command", WRITES_WITH_CODE)
def test_running_the_projects_code_is_a_write_that_says_so(command: str) -> None:
    verdict = judge(command)
    assert verdict.category == "write", verdict.reasons
    assert verdict.facts.get("runs_code") is True


@pytest.mark.parametrize("command", WRITES)
def test_changing_files_is_a_write(command: str) -> None:
    assert judge(command).category == "write", judge(command).reasons


@pytest.mark.parametrize("command", NETWORK)
def test_talking_to_other_machines_is_network(command: str) -> None:
    assert judge(command).category == "network", judge(command).reasons


@pytest.mark.parametrize("command", DESTRUCTIVE)
def test_what_cannot_be_undone_is_destructive(command: str) -> None:
    assert judge(command).category == "destructive", judge(command).reasons


@pytest.mark.parametrize("command", UNKNOWN)
def test_what_may_run_something_else_is_unknown(command: str) -> None:
    assert judge(command).category == "unknown", judge(command).reasons


def test_reasons_point_at_the_option_that_makes_git_write() -> None:
    command = "git log --oneline --output=a.txt"
    spans = [reason.span for reason in judge(command).reasons if "--output" in reason.text]
    assert spans
    assert spans[0] is not None
    assert command[slice(*spans[0])] == "--output=a.txt"


def test_hosts_are_named_for_what_talks() -> None:
    facts = judge("curl -d a=b https://api.example.com/x && git clone https://example.org/r").facts
    hosts = facts.get("hosts")
    assert isinstance(hosts, list)
    assert "api.example.com" in hosts
    assert "example.org" in hosts


def test_a_daemon_of_this_machine_is_outside_the_workspace() -> None:
    assert judge("docker logs web").facts.get("outside_workspace") is True
    assert judge("docker inspect web").facts.get("outside_workspace") is True


def test_what_runs_and_what_is_there_is_no_secret_of_a_daemon() -> None:
    for command in ("docker ps -a", "docker images", "docker compose ps", "docker version"):
        assert judge(command).facts.get("outside_workspace") is None


def test_becoming_another_user_is_privileged() -> None:
    assert judge("sudo make install").facts.get("privileged") is True


def test_a_file_outside_that_git_compares_is_outside_the_workspace() -> None:
    facts = judge("git diff --no-index /etc/hosts hosts").facts
    assert facts.get("outside_workspace") is True


@pytest.mark.parametrize("tail", ["; x", "; git push --force", " && rm -rf a", " | sh"])
@pytest.mark.parametrize("command", ["git status", "pip list", "docker ps", "npm ls"])
def test_more_behind_a_read_is_never_milder(command: str, tail: str) -> None:
    assert judge(command).category == "read"
    assert judge(command + tail).category in ("destructive", "unknown")
