#!/bin/sh
# The Debian package of a finished build: make.sh BUILD_DIR OUTPUT_DIR. Prints the path of the package. Beside it lies
# the package of the debug symbols, where the build has them apart.
set -eu

[ $# -eq 2 ] || { echo "usage: make.sh BUILD_DIR OUTPUT_DIR" >&2; exit 2; }
root=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "$1" && pwd)
mkdir -p "$2"
output=$(cd "$2" && pwd)
cd "$root"

# All times in the package are that of the commit, so that a commit gives the same package twice.
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
    SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || dpkg-parsechangelog -S Timestamp)
fi
export SOURCE_DATE_EPOCH TS_BUILD="$build" TS_DIST="$output" LC_ALL=C.UTF-8 TZ=UTC
umask 022

log=$build/package.log
if ! { debian/rules clean && debian/rules binary; } >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    exit 1
fi
version=$(dpkg-parsechangelog -S Version)
arch=$(dpkg --print-architecture)
package=$output/traitsync_${version}_$arch.deb
[ -f "$package" ] || { echo "make.sh: no $package" >&2; exit 1; }

if [ -f "$build/traitsync.debug" ]; then
    id=$(readelf -n "$build/traitsync" | sed -n 's/^ *Build ID: //p')
    stage=$(mktemp -d)
    trap 'rm -rf "$stage"' EXIT
    folder=$stage/usr/lib/debug/.build-id/$(echo "$id" | cut -c1-2)
    mkdir -p "$folder" "$stage/DEBIAN"
    install -m 0644 "$build/traitsync.debug" "$folder/$(echo "$id" | cut -c3-).debug"
    cat >"$stage/DEBIAN/control" <<TXT
Package: traitsync-dbgsym
Source: traitsync
Version: $version
Auto-Built-Package: debug-symbols
Architecture: $arch
Maintainer: $(sed -n 's/^Maintainer: //p' debian/control)
Installed-Size: $(du -k --apparent-size "$build/traitsync.debug" | cut -f1)
Depends: traitsync (= $version)
Section: debug
Priority: optional
Description: debug symbols for traitsync
Build-Ids: $id
TXT
    find "$stage" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    chmod 0755 "$stage"
    dpkg-deb --root-owner-group --build "$stage" "$output/traitsync-dbgsym_${version}_$arch.deb" >/dev/null
fi
debian/rules clean >>"$log" 2>&1
echo "$package"
