#!/bin/sh
# Runs CHECK on ROOT: it must fail and print exactly what EXPECTED holds. Usage: expect.sh CHECK ROOT EXPECTED
set -u
if printed=$(sh "$1" "$2"); then
    echo "the check passed"
    exit 1
fi
printf '%s\n' "$printed" | diff "$3" -
