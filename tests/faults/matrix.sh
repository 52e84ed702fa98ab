#!/bin/sh
# matrix.sh check BUILD          each row of the fault matrix names a test that there is, and passed by docs/faults.md
# matrix.sh run BUILD            runs each row's test and writes docs/faults.md with what came out
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
what=$1
build=$2
rows() { grep -v '^#' "$root/tests/faults/matrix.txt" | sed 's/ *| */|/g'; }

check() {
    rows | {
        wrong=0
        while IFS='|' read -r failure promise program test; do
            name=${test#*/}
            grep -rqE "TEST_CASE\($name[,)]" "$root/tests" --include='*.cpp' || {
                echo "no test $name for: $failure"
                wrong=1
            }
            grep -qF "| $failure | $promise | \`$program\` $name | passed |" "$root/docs/faults.md" || {
                echo "docs/faults.md lacks: $failure ($name); run ./dev faults"
                wrong=1
            }
        done
        exit "$wrong"
    }
}

run() {
    out=$(mktemp)
    {
        echo "# Faults, and what was promised"
        echo
        echo "Made by \`./dev faults\` from tests/faults/matrix.txt: each row's test was run, and this came out."
        echo
        echo "| fault | promise | test | result |"
        echo "| --- | --- | --- | --- |"
    } >"$out"
    rows | {
        failed=0
        while IFS='|' read -r failure promise program test; do
            if "$build/tests/$program" --run_test="$test" >"$out.log" 2>&1 </dev/null && ! grep -q 'no test cases matching' "$out.log"; then
                result=passed
            else
                result=FAILED
                failed=$((failed + 1))
                cat "$out.log" >&2
            fi
            echo "$result: $failure" >&2
            echo "| $failure | $promise | \`$program\` ${test#*/} | $result |" >>"$out"
        done
        mv "$out" "$root/docs/faults.md"
        chmod 644 "$root/docs/faults.md"
        rm -f "$out.log"
        [ "$failed" -eq 0 ]
    }
}

"$what"
