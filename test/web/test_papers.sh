#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# labels: browser
# The loop and the session sheet in real Chromium: one A4 page each, nothing cut off, no request, axe-core clean.
set -euo pipefail
holdfast=$1
web=$2/web
if ! command -v node >/dev/null || [ ! -d "$web/node_modules" ]; then
    echo "skipped: no node, or the page's packages are not installed (script/setup)"
    exit 77
fi
exec node "$web/test/papers.mjs" "$holdfast"
