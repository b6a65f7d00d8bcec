#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# labels: browser
# Reports in real Chromium: no request, no complaint, axe-core clean, words and tables for every chart, paper, phone, dark.
set -euo pipefail
holdfast=$1
web=$2/web
if ! command -v node >/dev/null || [ ! -d "$web/node_modules" ]; then
    echo "skipped: no node, or the page's packages are not installed (script/setup)"
    exit 77
fi
node "$web/build.mjs" --check
exec node "$web/test/report.mjs" "$holdfast"
