#!/usr/bin/env bash
# Prepare this checkout: system libraries through apt where they lack, then .venv from
# requirements.lock. Called by `make setup`; once done, it returns at once until the lock or this
# file changes.
#
#   system libraries ─► .venv ─► pip install --require-hashes ─► stamp
#
# The index that pip asks is the one your own pip configuration names.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly STAMP=.venv/setup-stamp
readonly SYSTEM_PACKAGES=(
    # Qt's xcb platform plugin and what it draws with
    libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0
    libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-xfixes0 libxcb-xinerama0 libxcb-xinput0
    libxcb-xkb1 libx11-xcb1 libxkbcommon0 libxkbcommon-x11-0 libegl1 libgl1 libdbus-1-3
    libfontconfig1 libfreetype6 libglib2.0-0 libgssapi-krb5-2
    # Chinese text, video, a display where there is none and its monitors, the second database
    fonts-noto-cjk libvlc5 vlc-plugin-base xvfb xauth x11-xserver-utils postgresql curl
    # the accessibility bus, and a reader of it
    dbus at-spi2-core python3-pyatspi
    # disks that fail and power that goes, for make faults
    fiu-utils strace
    # A foreign RTSP server that the tests play from, run by the system's own Python
    gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-base gstreamer1.0-plugins-good
    gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly
    # what wall.cpu of the bench is measured beside
    ffmpeg
)

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

fingerprint() { cat requirements.lock packaging/setup.sh | sha256sum | cut -d' ' -f1; }

is_ready() {
    [[ -x .venv/bin/python && -f $STAMP && $(<"$STAMP") == "$(fingerprint)" ]]
}

# Print the interpreter to build with: the one named by PYTHON, else the first that is new enough.
find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    die "Python 3.11 or newer is needed; tried: ${PYTHON:-python3, python3.11 to python3.14}." \
        "Install it, or name it: make setup PYTHON=/path/to/python"
}

# Print the packages of the list that dpkg does not have.
missing_packages() {
    local python=$1 wanted=("${SYSTEM_PACKAGES[@]}")
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        # Debian splits these out of its own python3; another Python brings them along
        wanted+=(python3-venv)
    fi
    # Debian 13 and Ubuntu 24.04 call some of these libfoo0t64 and provide the old name
    local have
    have=$(dpkg-query -W -f '${db:Status-Status} ${Package} ${Provides}\n' 2>/dev/null |
        sed -n 's/^installed //p' | tr -d ',' | tr ' ' '\n')
    comm -23 <(printf '%s\n' "${wanted[@]}" | sort -u) <(sort -u <<<"$have")
}

apt_update() {
    "$@" apt-get update -qq && return
    say "apt-get update failed; once more in 5 s"
    sleep 5
    "$@" apt-get update -qq
}

install_system_packages() {
    local python=$1
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        say "no apt here: please see to libVLC 3, Xvfb, Noto CJK fonts and Qt's xcb libraries yourself"
        return
    fi
    local missing
    mapfile -t missing < <(missing_packages "$python")
    if ((${#missing[@]} == 0)); then
        return
    fi
    local become=()
    if ((EUID != 0)); then
        if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
            say "system libraries are missing; run this as root, then make setup again:"
            printf 'apt-get update && apt-get install -y --no-install-recommends %s\n' "${missing[*]}"
            exit 1
        fi
        become=(sudo -n)
    fi
    become+=(env DEBIAN_FRONTEND=noninteractive)
    say "installing ${missing[*]}"
    apt_update "${become[@]}" || say "the package lists are old; trying with them"
    "${become[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
        die "apt could not install: ${missing[*]}"
}

# A venv without stamp is half done; one of another Python version is of no use.
discard_unusable_venv() {
    local python=$1
    [[ -e .venv ]] || return 0
    local version='import sys; print(sys.version_info[:2])'
    if [[ -f $STAMP && $(.venv/bin/python -c "$version" 2>/dev/null) == "$("$python" -c "$version")" ]]; then
        return
    fi
    say "rebuilding .venv, which is half done or of another Python"
    rm -rf .venv
}

main() {
    # two calls at once must not build one venv
    if command -v flock >/dev/null; then
        exec 9<packaging/setup.sh
        flock 9
    fi
    if is_ready; then
        return
    fi
    local python
    python=$(find_python)
    install_system_packages "$python"
    discard_unusable_venv "$python"
    if [[ ! -e .venv ]]; then
        say "creating .venv with $("$python" -V)"
        "$python" -m venv .venv
    fi
    rm -f "$STAMP"
    say "installing requirements.lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
        --requirement requirements.lock || die "pip could not install requirements.lock"
    fingerprint >"$STAMP"
    say "ready"
}

main
