#!/bin/sh
# Builds the present commit twice, from scratch and in two folders of different length, and compares what comes out.
# Takes two whole builds.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
commit=$(git -C "$root" rev-parse HEAD)
SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct)
export SOURCE_DATE_EPOCH CCACHE_DISABLE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for place in "$work/one" "$work/another/place"; do
    mkdir -p "$place"
    git -C "$root" archive "$commit" | tar -x -C "$place"
    (cd "$place" && cmake --preset release >/dev/null && cmake --build build/release --parallel "${1:-2}" >/dev/null &&
        packaging/make.sh build/release dist >/dev/null)
    (cd "$place" && sha256sum build/release/traitsync dist/*.deb) | tee "$place.sums"
done
if cmp "$work/one.sums" "$work/another/place.sums"; then
    echo "commit $commit: both builds are the same"
else
    echo "commit $commit: the builds differ" >&2
    exit 1
fi
