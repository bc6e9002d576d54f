#!/bin/sh
# Makes .venv from a lock file and installs this checkout into it: sh scripts/setup.sh requirements.lock
# Uses uv where it is there, venv and pip where it is not.
set -eu
lock=$1
venv=.venv
log=.cache/setup.log

say() { printf '%s\n' "$*" >&2; }

is_python() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        if is_python "$name"; then
            echo "$name"
            return
        fi
    done
    say "Loopdeck needs Python 3.11 or newer, and none of python3, python3.13, python3.12 or python3.11 is."
    say "Install one and run make again."
    exit 1
}

with_uv() {
    { is_python "$venv/bin/python" || uv venv --quiet --clear --python "$1" "$venv"; } &&
        uv pip install --quiet --python "$venv/bin/python" --require-hashes -r "$lock" &&
        uv pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation -e .
}

has_pip() { is_python "$venv/bin/python" && "$venv/bin/python" -m pip --version; }

pip_install() { "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"; }

with_pip() {
    { has_pip || "$1" -m venv --clear "$venv"; } &&
        pip_install --require-hashes -r "$lock" &&
        pip_install --no-deps --no-build-isolation -e .
}

python=$(find_python)
say "Installing Loopdeck's dependencies into $venv; only the first time takes this long ..."
mkdir -p .cache
if command -v uv >/dev/null 2>&1; then install=with_uv; else install=with_pip; fi
if ! "$install" "$python" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    say "The installation failed. Everything it said is in $log."
    exit 1
fi
