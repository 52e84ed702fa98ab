#!/bin/sh
# The binary asks for nothing but the C and C++ libraries, OpenSSL and zlib, is below 15 MB without its symbols, and
# runs from any directory without an install. Usage: linkage.sh TRAITSYNC
set -eu
program=${1:?usage: linkage.sh TRAITSYNC}
failed=0
wrong() { echo "$*"; failed=1; }

# libm belongs to the C library (package libc6), and libstdc++ asks for it too.
allowed=' libc.so.6 libm.so.6 ld-linux-x86-64.so.2 ld-linux-aarch64.so.1 libstdc++.so.6 libgcc_s.so.1 libssl.so.3 libcrypto.so.3 libz.so.1 '
needed=$(readelf -d "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
[ -n "$needed" ] || wrong "no library is asked for at all"
for library in $needed; do
    case $allowed in *" $library "*) ;; *) wrong "asks for $library" ;; esac
done
# And what the loader then brings in, but for the kernel's own.
for library in $(ldd "$program" | sed 's/^[[:space:]]*//; s/ .*//; s#.*/##' | grep -v '^linux-vdso'); do
    case $allowed in *" $library "*) ;; *) wrong "the loader brings in $library" ;; esac
done
if readelf -d "$program" | grep -Eq '\((RPATH|RUNPATH)\)'; then wrong "it looks for libraries in a place of its own"; fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
strip -o "$folder/traitsync" "$program"
size=$(wc -c <"$folder/traitsync")
[ "$size" -lt 15000000 ] || wrong "$size bytes without symbols"

# Alone in a folder, without a home, with an empty environment.
cd "$folder"
env -i "$folder/traitsync" version | grep -q '^traitsync ' || wrong "it does not run elsewhere"
env -i ./traitsync init >/dev/null || wrong "init fails elsewhere"
code=0
env -i TRAITSYNC_MOESIF_TOKEN=t0123456789abcdef TRAITSYNC_SEGMENT_WRITE_KEY=0123456789abcdef0123456789abcdef \
    TRAITSYNC_STORE_PATH=./here.db ./traitsync check -c ./traitsync.toml >check.txt 2>&1 || code=$?
[ "$code" -eq 0 ] || { cat check.txt; wrong "check fails elsewhere"; }
[ "$failed" -eq 0 ] && echo "asks for: $(echo $needed); $size bytes"
exit $failed
