#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Reading a 50 MB WhatsApp chat side by side: Holdfast and whatsapp-chat-parser (npm), in one run.
set -u
holdfast=$1
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
if ! command -v npm >/dev/null; then
    echo "left out: no npm"
    exit 0
fi
cp "$here/peers/package.json" "$here/peers/package-lock.json" "$here/peers/whatsapp.mjs" "$dir/"
if ! (cd "$dir" && npm ci --silent --no-audit --no-fund >npm.log 2>&1); then
    echo "left out: whatsapp-chat-parser could not be installed"
    exit 0
fi
"$(dirname "$holdfast")/bench_read" --write whatsapp 50 "$dir/chat.txt"
best=
for _ in 1 2 3 4 5; do
    t=$( { TIMEFORMAT='%U %S'; time "$holdfast" read --summary "$dir/chat.txt" >/dev/null; } 2>&1 |
        awk '{print $1 + $2}')
    best=$(printf '%s\n%s\n' "${best:-999}" "$t" | sort -g | head -n 1)
done
awk -v s="$best" 'BEGIN {printf "holdfast read --summary (whole command)   %7.0f MB/s\n", 50 / s}'
node "$dir/whatsapp.mjs" "$dir/chat.txt"
