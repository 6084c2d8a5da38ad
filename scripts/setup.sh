#!/usr/bin/env bash
# Make .venv/ and install into it: `setup.sh runtime` (demo, bench) or `setup.sh test` (adds the test tools).
#
# Touches nothing outside the checkout but the apt packages listed beside this file, and those only as
# root; otherwise it prints the line to run and stops. Does nothing when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."

level=${1:-runtime}
case $level in runtime | test) ;; *) echo "usage: scripts/setup.sh [runtime|test]" >&2; exit 2 ;; esac
venv=.venv
python=$venv/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PIP_CONSTRAINT="$PWD/constraints.txt"

fail() {
    printf 'setup: %s\n' "$1" >&2
    shift
    [ $# = 0 ] || printf '%s\n' "$@" >&2
    exit 1
}

# --- system packages -------------------------------------------------------------------------------

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

wanted() {
    cat scripts/apt-runtime.txt
    [ "$level" = runtime ] || cat scripts/apt-test.txt
}

# The packages still missing, one a line; of alternatives the first that apt knows.
missing_packages() {
    local line package choice
    wanted | grep -v '^#' | while read -r line; do
        choice=
        for package in ${line//|/ }; do
            if installed "$package"; then continue 2; fi
            if [ -z "$choice" ] && apt-cache show "$package" >/dev/null 2>&1; then choice=$package; fi
        done
        echo "${choice:-${line%% *}}"
    done
}

system_packages() {
    if ! command -v dpkg-query >/dev/null; then
        echo "setup: not Debian or Ubuntu; install Pango and HarfBuzz (hb-subset) yourself:" \
            "'$venv/bin/supervise doctor' says what is missing" >&2
        return
    fi
    [ -n "$(missing_packages)" ] || return 0
    if [ "$(id -u)" != 0 ]; then
        fail "system packages are missing. Run this, then the same command again:" "" \
            "    sudo apt-get update && sudo apt-get install --no-install-recommends $(missing_packages | xargs)"
    fi
    apt-get -qq update
    # shellcheck disable=SC2046  # one word per package is what is meant
    DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends $(missing_packages) >/dev/null ||
        fail "apt-get could not install: $(missing_packages | xargs)"
}

# --- Python ----------------------------------------------------------------------------------------

suitable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if suitable "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed (Debian 12+, Ubuntu 24.04+); found: $(python3 --version 2>&1 || true)" \
        "install one, or name it: PYTHON=/path/to/python3.12 make setup"
}

make_venv() {
    # A moved checkout leaves commands behind that name the old place.
    if suitable "$python" && grep -qsF "$PWD/$venv" "$venv/bin/pip"; then return; fi
    local base
    base=$(find_python)
    rm -rf "$venv"
    if ! "$base" -c 'import ensurepip, venv' 2>/dev/null; then
        fail "Python's venv module is missing. Run this, then the same command again:" "" \
            "    sudo apt-get update && sudo apt-get install python3-venv"
    fi
    "$base" -m venv "$venv"
}

# The digest of what an installation is made from: its definition alone, or with all the code and data.
definition() { cat setup.cfg setup.py pyproject.toml constraints.txt | sha256sum; }
everything() {
    { definition; find supervise templates -type f ! -name '*.pyc' -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum; } | sha256sum
}

holds() { [ "$(cat "$venv/$1.stamp" 2>/dev/null)" = "$2" ]; }

pip_install() {
    # setuptools would carry files that were since deleted from build/ into the wheel.
    rm -rf build supervise.egg-info
    "$python" -m pip install -qq --no-build-isolation "$@"
    rm -rf build supervise.egg-info
}

install() {
    local dependencies code
    dependencies=$(definition)
    code=$(everything)
    # What the tests need contains what running needs.
    if ! holds test "$dependencies" && ! holds "$level" "$dependencies"; then
        rm -f "$venv"/*.stamp
        "$python" -m pip install -qq pip setuptools PyYAML  # the build compiles the law
        if [ "$level" = test ]; then pip_install '.[test]'; else pip_install .; fi
        echo "$dependencies" >"$venv/$level.stamp"
    elif ! holds code "$code"; then
        pip_install --no-deps --force-reinstall .
    fi
    echo "$code" >"$venv/code.stamp"
}

system_packages
make_venv
install
