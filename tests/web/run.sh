#!/bin/sh
# The page in a real browser: against the doubled API in every scenario, then against the real service.
# Usage: run.sh TRAITSYNC
set -eu
program=${1:?usage: run.sh TRAITSYNC}
cd "$(dirname "$0")"
[ -d node_modules/playwright-core ] || npm ci --ignore-scripts --no-audit --no-fund >/dev/null
[ -d ../../web/node_modules/uplot ] || npm ci --prefix ../../web --ignore-scripts --no-audit --no-fund >/dev/null
export TRAITSYNC_PAGE_LOOKS="${TRAITSYNC_PAGE_LOOKS-desktop-light,phone-dark}"

failed=0
output=$(mktemp)
doubled=$(mktemp)
# Both mostly wait for the browser: side by side they take half the time.
node run.mjs >"$doubled" 2>&1 &
first=$!

"$program" demo --profiles 400 >"$output" 2>&1 &
service=$!
trap 'kill $service 2>/dev/null || :; wait $service 2>/dev/null || :; rm -f "$output" "$doubled"' EXIT
waited=0
until grep -q "First sync done" "$output"; do
    [ $waited -lt 300 ] && kill -0 $service || { cat "$output"; echo "the demo did not start"; exit 1; }
    waited=$((waited + 1))
    sleep 0.2
done
page=$(sed -n 's/^Page: *//p' "$output")
export TRAITSYNC_PAGE_URL="${page%%/#*}" TRAITSYNC_PAGE_TOKEN="${page##*token=}"
node run.mjs || failed=1
wait $first || failed=1
cat "$doubled"
exit $failed
