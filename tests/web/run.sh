#!/bin/sh
# The page in a real browser: its flows against the real binary with the built-in Moesif and Segment, every view in
# every state against a doubled API. Usage: run.sh TRAITSYNC PAGE_SERVICES [FILE.test.mjs…]
set -eu
export TRAITSYNC="${1:?usage: run.sh TRAITSYNC PAGE_SERVICES}" TRAITSYNC_PAGE_SERVICES="${2:?usage: run.sh TRAITSYNC PAGE_SERVICES}"
shift 2
cd "$(dirname "$0")"
[ -d node_modules/playwright-core ] || npm ci --ignore-scripts --no-audit --no-fund >/dev/null
[ -d ../../web/node_modules/uplot ] || npm ci --prefix ../../web --ignore-scripts --no-audit --no-fund >/dev/null
# Both widths and both colours; `./dev page` runs all four together.
export TRAITSYNC_PAGE_LOOKS="${TRAITSYNC_PAGE_LOOKS-desktop-light,phone-dark}"
exec node run.mjs "$@"
