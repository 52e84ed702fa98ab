#!/bin/sh
# The API's description by itself and against the real service with the built-in Moesif and Segment; metrics and alert
# rules by Prometheus' own tool. Usage: run.sh TRAITSYNC
set -eu
program=${1:?usage: run.sh TRAITSYNC}
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)

[ -d node_modules/ajv ] || npm ci --ignore-scripts --no-audit --no-fund >/dev/null

failed=0
# check NAME COMMAND…: one more that counts, for tools that do not count themselves.
check() {
    name=$1
    shift
    if "$@"; then
        echo "1 passed, 0 failed"
    else
        echo "failed: $name"
        echo "0 passed, 1 failed"
        failed=1
    fi
}

node lint.mjs || failed=1
node examples.mjs || failed=1
check "alert rules" promtool check rules "$root/docs/prometheus/alerts.yml"
# Grafana is no package of Debian: the dashboard's expressions are at least read by what will be asked them.
expressions=$(mktemp --suffix=.yml)
node dashboard_rules.mjs "$root/docs/prometheus/dashboard.json" >"$expressions"
check "the dashboard's expressions" promtool check rules "$expressions"
rm -f "$expressions"
check "alerts fire when they should" promtool test rules "$root/docs/prometheus/alerts_test.yml"

output=$(mktemp)
"$program" demo --profiles 400 >"$output" 2>&1 &
service=$!
trap 'kill $service 2>/dev/null || :; wait $service 2>/dev/null || :; rm -f "$output"' EXIT
waited=0
until grep -q "First sync done" "$output"; do
    [ $waited -lt 300 ] && kill -0 $service || { cat "$output"; echo "the demo did not start"; exit 1; }
    waited=$((waited + 1))
    sleep 0.2
done
page=$(sed -n 's/^Page: *//p' "$output")
export TRAITSYNC_URL="${page%%/#*}" TRAITSYNC_TOKEN="${page##*token=}"
node contract.mjs || failed=1
metrics() { curl -fsS -H "Authorization: Bearer $TRAITSYNC_TOKEN" "$TRAITSYNC_URL/metrics" | promtool check metrics; }
check "metrics" metrics
exit $failed
