#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# labels: unit
# Every string that a person can read: banned and required words, hedges, how easy it reads.
set -euo pipefail
command -v python3 >/dev/null || { echo "skipped: no python3 (script/setup)"; exit 77; }
exec python3 "$2/test/source/wording.py" "$2"
