#!/bin/sh
# The include ladder: a folder may include only folders on lower rungs and its own; neighbours on a rung do
# not see each other; each library has one door. Usage: layers.sh ROOT
set -eu
cd "${1:?usage: layers.sh ROOT}"

find include/traitsync src -type f \( -name '*.hpp' -o -name '*.cpp' \) 2>/dev/null | sort | xargs awk '
BEGIN {
    split("core 0 config 1 ops 1 profile 2 diff 3 net 4 store 4 moesif 5 delivery 5 alert 5 engine 6 admin 7 demo 7 cli 8", words, " ")
    for (i = 1; i in words; i += 2) rung[words[i]] = words[i + 1]
}
function wrong(text) {
    printf "%s:%d: %s\n", FILENAME, FNR, text
    count++
}
FNR == 1 {
    files++
    parts = split(FILENAME, path, "/")
    is_public = path[1] == "include"
    folder = is_public ? path[3] : path[2]
    if (folder != "boost" && folder != "fmt" && !(folder in rung)) wrong("the folder " folder " has no rung on the ladder")
}
!/^[ \t]*#[ \t]*include/ { next }
{
    name = $0
    sub(/^[ \t]*#[ \t]*include[ \t]*[<"]/, "", name)
    sub(/[>"].*$/, "", name)
}
name ~ /^\.\./ { wrong("reaches into another folder: " name); next }
name ~ /^traitsync\// {
    split(name, parts_of, "/")
    other = parts_of[2]
    if (other == "embedded" || other == folder) next
    if (!(other in rung)) { wrong("the folder " other " has no rung on the ladder"); next }
    if (folder == "demo" && other != "core" && other != "net") wrong("demo sees only core and net, not " other)
    else if (rung[other] >= rung[folder]) wrong(folder " must not see " other)
    next
}
function door(pattern, allowed, what) {
    if (name ~ pattern && FILENAME !~ allowed) wrong(what)
}
{
    door("^(SQLiteCpp/|sqlite3)", "^src/store/", "only src/store knows SQLite")
    door("^CLI/", "^src/cli/", "only src/cli knows CLI11")
    door("^toml", "^src/config/toml_source.cpp$", "only src/config/toml_source.cpp knows TOML")
    door("^spdlog/", "^src/ops/log.cpp$", "only src/ops/log.cpp knows spdlog")
    door("^boost/(beast|asio/ssl)", "^src/(net|admin|demo|boost)/", "only src/net, src/admin and src/demo know Beast and TLS")
}
END {
    if (files == 0) { print "no sources found"; exit 1 }
    if (count > 0) { printf "%d wrong includes\n", count; exit 1 }
    printf "%d files keep to the ladder\n", files
}'
