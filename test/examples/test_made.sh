#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# labels: golden
# The chats of examples/ are what their scenes make, byte for byte, and the zip holds the same text.
set -euo pipefail
source_dir=$2
command -v node >/dev/null || {
    echo "skipped: no node here"
    exit 77
}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
node "$source_dir/examples/make/make.mjs" --out "$out"
for chat in mara_and_jonas ellie_and_sam; do
    cmp "$out/$chat.txt" "$source_dir/examples/$chat.txt"
    [ "$(wc -l <"$out/$chat.txt")" -ge 2500 ]
done
if command -v python3 >/dev/null; then
    python3 - "$source_dir/examples/ellie_and_sam.zip" "$out/ellie_and_sam.txt" <<'PY'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None and z.namelist() == ["_chat.txt"], z.namelist()
    assert z.read("_chat.txt") == open(sys.argv[2], "rb").read()
PY
fi
echo "the examples are what their scenes make"
