#!/bin/sh
# What a release build makes of a source does not depend on where it is built, nor on ccache: one object of C++, one that
# sees what was embedded, and one that is embedded, from two folders. ./dev package --check-reproducible compares it all.
# Usage: same_objects.sh SOURCE
set -eu
source=${1:?usage: same_objects.sh SOURCE}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# unit_with FOLDER STATION FILE: the object that FILE is compiled into, together with its neighbours.
unit_with() {
    (cd "$1" && grep -l "/src/$2/$3\"" "CMakeFiles/ts_$2.dir/Unity/"*.cxx | sed 's/$/.o/')
}

# build FOLDER: paths in the embedded assembly are CMake's own, so the objects are asked for by their names.
build() {
    cmake -S "$source" -B "$1" -G Ninja -DCMAKE_BUILD_TYPE=Release -DTS_TESTS=OFF >"$work/log" || { cat "$work/log"; exit 1; }
    objects="$(unit_with "$1" core error.cpp) $(unit_with "$1" store schema.cpp)
        CMakeFiles/ts_migrations.dir/embedded/migrations/migrations.S.o"
    [ "$(echo $objects | wc -w)" -eq 3 ] || { echo "not three objects: $objects"; exit 1; }
    cmake --build "$1" --target $objects >"$work/log" || { cat "$work/log"; exit 1; }
}
CCACHE_DISABLE=1 build "$work/one"
CCACHE_BASEDIR=$work CCACHE_NOHASHDIR=1 build "$work/another/and/longer"
# From ccache, what was compiled for the one before.
CCACHE_BASEDIR=$work CCACHE_NOHASHDIR=1 build "$work/third"
failed=0
for object in $objects; do
    for other in another/and/longer third; do
        cmp "$work/one/$object" "$work/$other/$object" || failed=1
    done
done
[ "$failed" -eq 0 ] && echo "the same from each"
exit $failed
