#!/bin/sh
# Builds the present commit twice, from scratch, and compares all that comes out: binary, debug symbols, bill of
# materials, packages. The second time what surrounds a build is another: folder and its length, time, time zone,
# language, umask, home, number of jobs, and without ccache. Takes two whole builds; what differs is kept and named.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
jobs=${1:-2}
commit=$(git -C "$root" rev-parse HEAD)
SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct)
export SOURCE_DATE_EPOCH
work=$(mktemp -d)

# build FOLDER JOBS: leaves what was made in FOLDER/made.
build() {
    mkdir -p "$1/source" "$1/made"
    git -C "$root" archive "$commit" | tar -x -C "$1/source"
    cd "$1/source"
    cmake --preset release >"$1/log"
    cmake --build build/release --parallel "$2" >>"$1/log"
    packaging/make.sh build/release "$1/made" >>"$1/log"
    cp build/release/traitsync build/release/traitsync.debug "$1/made"
    for package in "$1"/made/*.deb; do
        dpkg-deb -x "$package" "$1/unpacked"
    done
    cp "$1"/unpacked/usr/share/doc/traitsync/traitsync.spdx.json "$1/made"
}

mkdir -p "$work/second/home"
(umask 022 && TZ=UTC LC_ALL=C.UTF-8 && export TZ LC_ALL && build "$work/first" "$jobs")
(umask 077 && TZ=Pacific/Kiritimati LC_ALL=C HOME=$work/second/home CCACHE_DISABLE=1 &&
    export TZ LC_ALL HOME CCACHE_DISABLE &&
    build "$work/second/in/a/longer/place" "$((jobs + 1))")

cd "$work/first/made"
sha256sum -- *
same=1
for file in *; do
    cmp -s "$file" "$work/second/in/a/longer/place/made/$file" || { echo "$file differs" >&2; same=; }
done
if [ -n "$same" ]; then
    echo "commit $commit: both builds are the same"
    rm -rf "$work"
else
    echo "commit $commit: the builds differ; see $work" >&2
    exit 1
fi
