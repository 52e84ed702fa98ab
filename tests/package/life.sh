#!/bin/sh
# Installs, configures, starts, upgrades, removes and purges the package in a throw-away copy of this machine: an overlay
# over its root in which systemd boots, with a network of its own that has nothing but loopback. Nothing of it reaches
# the machine. Needs root and the right to mount; without them it is skipped (77) and says so.
# Usage: life.sh FOLDER SERVICES
set -eu
folder=$(cd "${1:?usage: life.sh FOLDER SERVICES}" && pwd)
services=${2:?usage: life.sh FOLDER SERVICES}
here=$(cd "$(dirname "$0")" && pwd)

if [ "${TRAITSYNC_LIFE_INSIDE:-}" != 1 ]; then
    if [ "$(id -u)" -ne 0 ] || ! unshare --mount true 2>/dev/null || ! command -v systemd-nspawn >/dev/null 2>&1; then
        echo "SKIPPED: a throw-away root needs root, mount and systemd-nspawn"
        exit 77
    fi
    TRAITSYNC_LIFE_INSIDE=1 exec unshare --mount --propagation private sh "$0" "$folder" "$services"
fi

work=$(mktemp -d)
done_with() {
    umount -l "$work/machine" "$work/layer" 2>/dev/null || :
    rm -rf "$work"
}
trap done_with EXIT
mkdir "$work/layer" "$work/machine" "$work/old"
mount -t tmpfs -o size=512m none "$work/layer"
mkdir "$work/layer/upper" "$work/layer/work"
if ! mount -t overlay overlay -o "lowerdir=/,upperdir=$work/layer/upper,workdir=$work/layer/work" "$work/machine"; then
    echo "SKIPPED: no overlay can be laid over this root"
    exit 77
fi

# The previous version: there is none yet that was released, so it is this one under a lower number. It leaves real data of
# the service; and once a store of the previous form, which its program no longer writes, is put in their place.
package=$(ls "$folder"/traitsync_*.deb)
dpkg-deb -R "$package" "$work/old/tree"
sed -i 's/^Version: .*/Version: 0.0.9/' "$work/old/tree/DEBIAN/control"
mkdir "$work/machine/test"
dpkg-deb --root-owner-group -Znone -b "$work/old/tree" "$work/machine/test/old.deb" >/dev/null
cp "$package" "$work/machine/test/new.deb"
sqlite3 "$work/machine/test/previous.db" <"$(ls "$here"/../stores/*.sql | tail -n 2 | head -n 1)"
cp "$services" "$work/machine/test/services"
cp "$here/life_inside.sh" "$work/machine/test/"

# The machine boots to the test alone.
cat >"$work/machine/etc/systemd/system/life.service" <<'TXT'
[Unit]
Requires=basic.target
After=basic.target
SuccessAction=exit
FailureAction=exit
[Service]
Type=oneshot
TimeoutStartSec=4min
ExecStart=/bin/sh /test/life_inside.sh
StandardOutput=file:/test/log
StandardError=inherit
TXT
# What this machine serves is not wanted here.
: >"$work/machine/etc/fstab"
# Images of machines often forbid that packages start services, and index man pages at each installation: slow here.
rm -f "$work/machine/usr/sbin/policy-rc.d" "$work/machine/var/lib/man-db/auto-update"
code=0
timeout --kill-after=10 280 systemd-nspawn --quiet --machine="life-$$" --directory="$work/machine" --register=no --keep-unit --private-network \
    --resolv-conf=off --timezone=off --link-journal=no --console=pipe --boot systemd.unit=life.service \
    </dev/null >"$work/console" 2>&1 || code=$?
cat "$work/machine/test/log" 2>/dev/null || :
if ! tail -n 1 "$work/machine/test/log" 2>/dev/null | grep -q ' passed, 0 failed$'; then
    tail -n 30 "$work/console"
    echo "the throw-away machine ended with $code"
    exit 1
fi
