#!/usr/bin/env bash
# `make package-test`, as root: build/packages on a bare Debian 12 in a folder of its own.
#
#   debootstrap ─► install an older version ─► upgrade ─► administrator's commands and service
#     ─► the demonstration in an X server ─► remove, purge: nothing is left
#     ─► another one booted: the service under a systemd of its own ─► lintian
#
# WORK names the folder (about 4 GB; its `base` is kept for the next time), MIRROR the archive.
# Mounts and processes end with this script: it has name spaces of its own.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly WORK=${WORK:-/var/tmp/xiuzhou-package-test} MIRROR=${MIRROR:-http://deb.debian.org/debian}
readonly BASE=$WORK/base TARGET=$WORK/root BOOTED=$WORK/booted PACKAGES=(xiuzhou-runtime xiuzhou-desktop xiuzhou-backend)
readonly OLDER=0.0.9 SOMEBODY=欧阳不见

say() { printf '\n== %s\n' "$*"; }
die() { printf 'FAIL %s\n' "$*" >&2; exit 1; }
on_target=(chroot "$TARGET" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
    DEBIAN_FRONTEND=noninteractive)
as_service=("${on_target[@]}" setpriv --reuid=xiuzhou --regid=xiuzhou --clear-groups
    /opt/xiuzhou-desktop/bin/python3 -P)

apt() {
    if ! "${on_target[@]}" apt-get -y -qq -o Dpkg::Use-Pty=0 -o APT::Sandbox::User=root \
        --no-install-recommends "$@" >>"$WORK/apt.log" 2>&1; then
        tail -n 20 "$WORK/apt.log"
        die "apt-get $*"
    fi
}

if [[ ${IN_NAMESPACES:-} != yes ]]; then
    ((EUID == 0)) || die "root makes a Debian of its own: sudo make package-test"
    command -v debootstrap >/dev/null || die "debootstrap is missing: apt-get install debootstrap"
    command -v systemd-nspawn >/dev/null || die "systemd-nspawn: apt-get install systemd-container"
    [[ -d build/packages ]] || die "nothing to test: make package"
    exec unshare --mount --mount-proc --pid --fork --kill-child env IN_NAMESPACES=yes bash packaging/test_packages.sh
fi

make_target() {
    mkdir -p "$WORK"
    : >"$WORK/apt.log"
    if [[ ! -e $BASE/usr/bin/apt ]]; then
        say "debootstrap, once"
        debootstrap --variant=minbase bookworm "$BASE" "$MIRROR" >>"$WORK/apt.log"
    fi
    rm -rf --one-file-system "$TARGET"
    cp -a "$BASE" "$TARGET"
    cp /etc/resolv.conf /etc/hosts "$TARGET/etc/"
    printf '#!/bin/sh\nexit 101\n' >"$TARGET/usr/sbin/policy-rc.d" # no service starts in a chroot
    chmod +x "$TARGET/usr/sbin/policy-rc.d"
    mount -t proc proc "$TARGET/proc"
    mount --rbind /dev "$TARGET/dev"
    mkdir "$TARGET/debs" "$TARGET/older"
    local name
    for name in "${PACKAGES[@]}"; do
        cp build/packages/"$name"_*.deb "$TARGET/debs/$name.deb"
    done
    apt update
}

# The same contents under an older number: what an upgrade is tried from.
make_older() {
    local deb name
    for deb in "$TARGET"/debs/*.deb; do
        name=$(dpkg-deb -f "$deb" Package)
        dpkg-deb -R "$deb" "$WORK/older-$name"
        sed -i -E "s/^(Version: ).*/\1$OLDER/; s/(xiuzhou-runtime \(= )[^)]*/\1$OLDER/" \
            "$WORK/older-$name/DEBIAN/control"
        dpkg-deb --root-owner-group -Znone -b "$WORK/older-$name" "$TARGET/older/$name.deb" >/dev/null
        rm -rf "$WORK/older-$name"
    done
}

# A district as an older version left it: its parties in clear, which the newer one seals.
age_district() {
    "${on_target[@]}" xiuzhou-backend init --data /var/lib/xiuzhou >/dev/null
    "${as_service[@]}" - /var/lib/xiuzhou "$SOMEBODY" <packaging/older_district.py
    stands_in_clear || die "the older district does not hold its party"
}

stands_in_clear() { grep -qa "$SOMEBODY" "$TARGET"/var/lib/xiuzhou/district.db*; }

versions() { "${on_target[@]}" dpkg-query -W -f '${Package} ${Version} ${db:Status-Status}\n' "${PACKAGES[@]}"; }

# The service as its unit says, without systemd: the account, the command, the folder.
try_backend() {
    "${on_target[@]}" xiuzhou-backend user list --data /var/lib/xiuzhou
    "${as_service[@]}" -m xiuzhou_desktop.backend serve --data /var/lib/xiuzhou --port 8443 \
        >"$WORK/serve.out" 2>"$WORK/serve.err" &
    local served=$!
    wait_for "the backend listens" grep -q listening "$WORK/serve.out"
    "${on_target[@]}" /opt/xiuzhou-desktop/bin/python3 -c \
        'import httpx; print(httpx.get("http://127.0.0.1:8443/v1/health").text)'
    kill -TERM "$served"
    wait "$served" && echo "stopped with 0"
    if stands_in_clear; then die "a party of the older version stands in clear"; fi
    "${on_target[@]}" xiuzhou-backend doctor --data /var/lib/xiuzhou
}

wait_for() {
    local what=$1
    shift
    for _ in $(seq 1200); do
        if "$@" >/dev/null 2>&1; then return; fi
        sleep 0.5
    done
    die "$what"
}

titles() { "${on_target[@]}" env DISPLAY=":$(<"$WORK/display")" xwininfo -root -tree | grep -o '"秀洲城管指挥 · .* · 演示".*)'; }

# A plain user, an X server, no compiler.
try_demo() {
    "${on_target[@]}" sh -c '! command -v cc gcc g++ make' || die "a compiler is there"
    "${on_target[@]}" useradd --create-home officer
    "${on_target[@]}" Xvfb -displayfd 3 -screen 0 1920x1080x24 3>"$WORK/display" >/dev/null 2>&1 &
    wait_for "an X server" test -s "$WORK/display"
    "${on_target[@]}" setpriv --reuid=officer --regid=officer --clear-groups env HOME=/home/officer \
        DISPLAY=":$(<"$WORK/display")" PYTHON_KEYRING_BACKEND=keyring.backends.fail.Keyring \
        xiuzhou-desktop --demo >"$WORK/demo.log" 2>&1 &
    local demo=$!
    wait_for "the demonstration's window" titles
    titles
    kill -TERM "$demo"
    wait "$demo" && echo "closed with 0"
    "${on_target[@]}" userdel --remove officer 2>/dev/null
}

nothing_is_left() {
    local left
    left=$(find "$TARGET" -xdev \( -path "$TARGET/debs" -o -path "$TARGET/older" \) -prune -o \
        -name '*xiuzhou*' -not -path "$TARGET/var/lib/apt/*" -not -path "$TARGET/var/cache/*" -print)
    [[ -z $left ]] || die "left: $left"
    [[ ! -e $TARGET/opt || -z $(ls -A "$TARGET/opt") ]] || die "left in /opt"
    if grep -q xiuzhou "$TARGET/etc/passwd" "$TARGET/etc/group"; then die "the account is left"; fi
    echo "nothing is left"
}

# The service as a server runs it: systemd is the first process of a container without a network.
try_systemd() {
    local nspawn
    rm -rf --one-file-system "$BOOTED"
    cp -a "$BASE" "$BOOTED"
    cp /etc/resolv.conf /etc/hosts "$BOOTED/etc/"
    mkdir "$BOOTED/debs"
    cp "$TARGET"/debs/*.deb "$BOOTED/debs/"
    on_target[1]=$BOOTED
    mount -t proc proc "$BOOTED/proc"
    apt update
    apt install systemd dbus /debs/xiuzhou-{runtime,backend}.deb
    "${on_target[@]}" xiuzhou-backend init --data /var/lib/xiuzhou >/dev/null
    umount "$BOOTED/proc"
    systemd-nspawn --quiet --boot --directory "$BOOTED" --register=no --keep-unit \
        --private-network </dev/null >"$WORK/boot.log" 2>&1 &
    nspawn=$!
    wait_for "it answers under systemd" answers
    "${booted[@]}" systemctl show -p User,ActiveState,NRestarts xiuzhou-backend
    "${booted[@]}" systemctl reload xiuzhou-backend
    "${booted[@]}" systemctl kill --signal KILL xiuzhou-backend
    wait_for "systemd starts it again" was_restarted
    wait_for "it answers again" answers
    "${booted[@]}" systemctl stop xiuzhou-backend
    "${booted[@]}" systemctl show -p ActiveState,Result,ExecMainStatus,NRestarts xiuzhou-backend
    [[ $("${booted[@]}" systemctl show --value -p Result xiuzhou-backend) == success ]] \
        || die "it did not stop as it should"
    "${booted[@]}" systemctl poweroff
    wait "$nspawn" && echo "under systemd: started, reloaded, started again after a kill, stopped"
}

answers() {
    # asked anew each time: its first child is no init yet
    booted=(nsenter --target "$(pgrep -P "$nspawn" | head -1)" --all
        /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8)
    "${booted[@]}" /opt/xiuzhou-desktop/bin/python3 -c \
        'import httpx; httpx.get("http://127.0.0.1:8443/v1/health").raise_for_status()'
}

was_restarted() { [[ $("${booted[@]}" systemctl show --value -p NRestarts xiuzhou-backend) == 1 ]]; }

make_target
say "install $OLDER"
make_older
apt install /older/xiuzhou-{runtime,desktop,backend}.deb
versions
age_district
say "upgrade"
apt install /debs/xiuzhou-{runtime,desktop,backend}.deb
versions
say "tools of this test"
apt install xvfb x11-utils systemd desktop-file-utils libxml2-utils
say "backend"
try_backend
"${on_target[@]}" systemd-analyze verify /usr/lib/systemd/system/xiuzhou-backend.service
"${on_target[@]}" systemd-analyze security --offline=true --no-pager xiuzhou-backend.service | tail -1
say "desktop"
"${on_target[@]}" desktop-file-validate /usr/share/applications/xiuzhou-desktop.desktop
"${on_target[@]}" xiuzhou --help | head -1
try_demo
say "remove keeps the district, purge forgets it"
apt remove "${PACKAGES[@]}"
test -e "$TARGET/var/lib/xiuzhou/district.db" || die "remove took the district along"
"${on_target[@]}" dpkg --purge xiuzhou-backend >>"$WORK/apt.log" # the others left no file of their own
nothing_is_left
say "systemd"
(try_systemd)
say "lintian"
apt install lintian
"${on_target[@]}" lintian --fail-on error --allow-root --tag-display-limit 0 /debs/xiuzhou-{backend,desktop,runtime}.deb
echo "lintian: no error"
