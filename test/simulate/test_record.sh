#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# labels: cli
# A synthetic record is read back, and its truth names the messages of the chat.
set -eu
holdfast=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() { echo "FAILED: $*"; exit 1; }

"$holdfast" simulate --a anxious --b secure --days 20 --seed 5 --record "$dir/one" --quiet
"$holdfast" simulate --a anxious --b secure --days 20 --seed 5 --record "$dir/two" --quiet --threads 1
cmp "$dir/one/chat.txt" "$dir/two/chat.txt" || fail "same seed, other chat"
cmp "$dir/one/truth.csv" "$dir/two/truth.csv" || fail "same seed, other truth"
"$holdfast" simulate --a anxious --b secure --days 20 --seed 6 --record "$dir/three" --quiet
cmp -s "$dir/one/chat.txt" "$dir/three/chat.txt" && fail "other seed, same chat"

"$holdfast" read "$dir/one/chat.txt" --jsonl >"$dir/rows.jsonl"
head -1 "$dir/rows.jsonl" | grep -q '"sender":null.*synthetic' || fail "no mark that it is synthetic"
tail -n +2 "$dir/rows.jsonl" | sed 's/.*"id":"\([0-9a-f]*\)".*/\1/' >"$dir/ids"
tail -n +2 "$dir/one/truth.csv" | cut -d, -f1 >"$dir/truth_ids"
cmp "$dir/ids" "$dir/truth_ids" || fail "truth.csv names other messages than the chat has"
[ "$(wc -l <"$dir/one/diary.csv")" -eq 21 ] || fail "the diary has not one row a day"

# A report on it says that these people are invented.
"$holdfast" analyze "$dir/one/chat.txt" --consent both --out "$dir/report" --quiet >/dev/null
grep -q '"synthetic": *true' "$dir/report/findings.json" || fail "the report does not say that it is synthetic"

# Wrong input: a sentence and the right exit code, and nothing written.
for bad in "--a clingy" "--a 9,0" "--days 0" "--step 2" "--script 'stress:c 1 2 3'"; do
  code=0
  eval "$holdfast" simulate $bad --record "$dir/bad" >"$dir/out" 2>"$dir/err" || code=$?
  [ "$code" -ge 1 ] && [ "$code" -le 2 ] || fail "$bad ended with $code"
  [ -s "$dir/err" ] || fail "$bad said nothing"
  [ ! -s "$dir/bad/chat.txt" ] || fail "$bad wrote a chat"
done
echo "1 passed, 0 failed"
