#!/bin/sh
# Shapes that g++ 12 compiles to double frees and traps, without a warning: a condition that awaits, a
# conditional expression that awaits, an awaited call with an aggregate in braces or a lambda among its
# arguments. Bind what is awaited to a name instead. Usage: coroutine_shapes.sh ROOT
set -eu
cd "${1:?usage: coroutine_shapes.sh ROOT}"

find include src tests -type f \( -name '*.hpp' -o -name '*.cpp' \) ! -path 'tests/structure/*' 2>/dev/null |
    sort | xargs awk '
function wrong() {
    text = $0
    sub(/^[ \t]+/, "", text)
    printf "%s:%d: %s\n", FILENAME, FNR, text
    count++
}
# Whether the parentheses behind if, while or switch hold the word before they close.
function condition_awaits(line, rest, depth, i, c) {
    while (match(line, /(if|while|switch) \(/)) {
        rest = line = substr(line, RSTART + RLENGTH)
        depth = 1
        for (i = 1; i <= length(rest) && depth > 0; i++) {
            c = substr(rest, i, 1)
            depth += (c == "(") - (c == ")")
        }
        if (index(substr(rest, 1, i - 1), "co_await") > 0) return 1
    }
    return 0
}
FNR == 1 { files++ }
!/co_await/ { next }
{
    line = $0
    sub(/\/\/.*$/, "", line)
    gsub(/std::chrono::[a-z]+\{[^}]*\}/, "duration", line)  # one number inside: nothing to free twice
}
condition_awaits(line) { wrong(); next }
line ~ /\? .*co_await/ { wrong(); next }
line ~ /co_await .*\((\{|\[)/ { wrong(); next }
line ~ /co_await .*[(, ][A-Za-z_:]+\{[^}]/ { wrong(); next }
END {
    if (files == 0) { print "no sources found"; exit 1 }
    if (count > 0) { print "g++ 12 miscompiles these: name what is awaited first"; exit 1 }
    printf "%d files have no such shape\n", files
}'
