#!/usr/bin/env bash
# Prove `make demo` and `make test` on a machine that has nothing: a bare Debian root, as README line 0 says.
#
#   sudo scripts/fresh-check.sh [--suite bookworm] [--mirror URL] [--cache DIR] [--keep] [TARGET…]
#
# Clones the committed HEAD into a root made by debootstrap (minimal, plus git make python3-venv
# ca-certificates) and runs the make targets there (default: demo test) as root. The network set-up of
# this machine is carried over: name service, apt's mirror and proxy, pip's configuration with the local
# folders it names, certificates and proxy variables. Mounts live in a namespace of their own and end
# with it. Needs root and debootstrap. --cache keeps the bare root between runs.
set -euo pipefail

suite=bookworm mirror= cache= keep=
targets=()
while [ $# -gt 0 ]; do
    case $1 in
        --suite) suite=$2; shift ;;
        --mirror) mirror=$2; shift ;;
        --cache) cache=$2; shift ;;
        --keep) keep=yes ;;
        -*) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
        *) targets+=("$1") ;;
    esac
    shift
done
[ ${#targets[@]} -gt 0 ] || targets=(demo test)
repository=$(cd "$(dirname "$0")/.." && pwd)

need() { command -v "$1" >/dev/null || { echo "fresh-check: $1 is missing: apt-get install $2" >&2; exit 1; }; }
[ "$(id -u)" = 0 ] || { echo "fresh-check: must run as root: sudo $0" >&2; exit 1; }
need debootstrap debootstrap
need unshare util-linux
need git git

# This machine's Debian mirror, if it is a Debian; else everybody's.
host_mirror() {
    apt-get indextargets --format '$(ORIGIN) $(SITE)' 'Created-By: Packages' 2>/dev/null |
        awk '$1 == "Debian" { print $2; exit }'
}
[ -n "$mirror" ] || mirror=$(host_mirror)
mirror=${mirror:-http://deb.debian.org/debian}

work=$(mktemp -d -t supervise-fresh.XXXXXX)
root=$work/root
trap '[ -n "$keep" ] && echo "fresh-check: kept $root" || rm -rf --one-file-system "$work"' EXIT

# --- the bare root ---------------------------------------------------------------------------------

bare=${cache:+$cache/$suite.tar}
if [ -n "$bare" ] && [ -f "$bare" ]; then
    mkdir "$root"
    tar -C "$root" -xf "$bare"
else
    debootstrap --variant=minbase --include=ca-certificates,git,make,python3-venv "$suite" "$root" "$mirror" \
        >"$work/debootstrap.log" 2>&1 || { tail -20 "$work/debootstrap.log" >&2; exit 1; }
    if [ -n "$bare" ]; then
        mkdir -p "$cache"
        tar -C "$root" -cf "$bare.part" . && mv "$bare.part" "$bare"
    fi
fi

# --- this machine's way to the network -------------------------------------------------------------

copy_in() {
    local path
    for path; do
        if [ -e "$path" ]; then
            mkdir -p "$root$(dirname "$path")"
            cp -aL "$path" "$root$(dirname "$path")/"
        fi
    done
}

carry_network() {
    copy_in /etc/resolv.conf /etc/hosts /etc/ssl/certs/ca-certificates.crt /usr/local/share/ca-certificates
    copy_in /etc/pip.conf /etc/xdg/pip
    apt-config dump | grep '^Acquire::\(http\|https\|Check\|Retries\)' >"$root/etc/apt/apt.conf.d/90host" || true
    local home=${HOME:-/root}
    [ ! -d "$home/.config/pip" ] || { mkdir -p "$root/root/.config"; cp -aL "$home/.config/pip" "$root/root/.config/"; }
}

# Local folders and files that pip's configuration or the variables name: constraints, certificates, indexes
# (of an index DIR/simple the whole DIR: its pages point to files beside it).
named_paths() {
    { python3 -m pip config list 2>/dev/null; env | grep -E '^(PIP_|SSL_CERT|REQUESTS_CA|CURL_CA)'; } |
        grep -oE "(file://)?/[^ '\"\\]+" | sed -E 's,^file://(.*)/simple/?$,\1,; s,^file://,,' | sort -u
}

variables() { env | grep -iE '^(PIP_|SSL_CERT|REQUESTS_CA|CURL_CA|GIT_SSL|(https?|no|all|ftp)_proxy=)' || true; }

# What is bound below is read-only: nothing in the root can touch this machine's files. Certificates and
# settings are copied instead, since the root's own packages write beside them.
mount_lines() {
    local path
    echo "mount -t proc proc '$root/proc'; mount --rbind /dev '$root/dev'"
    named_paths | while read -r path; do
        case $path in /etc/*) copy_in "$path"; continue ;; esac
        if [ -d "$path" ]; then
            mkdir -p "$root$path"
            echo "mount --bind -o ro '$path' '$root$path'"
        elif [ -f "$path" ]; then
            copy_in "$path"
        fi
    done
}

carry_network
git clone --quiet --no-hardlinks "$repository" "$root/root/checkout"
mounts=$(mount_lines)

# --- the proof -------------------------------------------------------------------------------------

mapfile -t environment < <(variables)
in_root() {
    unshare --mount --pid --fork --kill-child bash -euc "$mounts
        exec chroot '$root' \"\$@\"" fresh-check \
        /usr/bin/env -i HOME=/root TERM=dumb CI=true PATH=/usr/sbin:/usr/bin:/sbin:/bin "${environment[@]}" "$@" </dev/null
}

echo "fresh-check: $(in_root /bin/sh -c '. /etc/os-release; echo $PRETTY_NAME, $(python3 --version)')," \
    "$(git -C "$repository" log -1 --format='%h %s')"
status=0
for target in "${targets[@]}"; do
    started=$SECONDS
    if in_root make -C /root/checkout "$target"; then verdict=passed; else verdict=FAILED status=1; fi
    echo "fresh-check: make $target $verdict in $((SECONDS - started)) s"
    [ $status = 0 ] || break
done
exit $status
