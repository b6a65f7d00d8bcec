#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# labels: cli
# say, practice, loop, sheet and the suggestion of analyze, as commands.
set -u
holdfast=$1 source=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
fail() { echo "FAILED: $*"; exit 1; }
expect() { # expect CODE PATTERN command...: exit code, and the pattern in stdout or stderr
    local code=$1 pattern=$2; shift 2
    "$@" >out.txt 2>err.txt </dev/null; local got=$?
    [ "$got" = "$code" ] || { cat out.txt err.txt; fail "exit $got, not $code: $*"; }
    cat out.txt err.txt | grep -q -- "$pattern" || { cat out.txt err.txt; fail "no '$pattern': $*"; }
}
chat=$source/examples/ellie_and_sam.txt

# say: options, nothing of a threat, another language, no words; JSON.
expect 0 'does this fit' "$holdfast" say "You never answer my messages" --text-model none
grep -q 'Without the text model' out.txt || fail "the reduced way does not say so"
expect 0 'not put into other words' "$holdfast" say "I will kill you"
grep -q 'people can be reached\|findahelpline' out.txt err.txt || fail "no resources"
grep -q findahelpline out.txt && fail "resources on stdout"
expect 0 'not put into other words' "$holdfast" say "You are an idiot"
expect 3 'English only' "$holdfast" say "Du hörst mir nie zu"
expect 3 'no words' "$holdfast" say "!!"
expect 2 'give a sentence' "$holdfast" say
expect 0 '"state":"not_rewritten"' "$holdfast" say --json "You are an idiot"
expect 0 '"fits":null' "$holdfast" say --json "You never answer my messages"
expect 1 'more than 2000 bytes' "$holdfast" say "$(printf 'word %.0s' {1..500})"

# practice: the list, the log, its errors.
expect 0 'way back 2' "$holdfast" practice list
expect 0 'Rückkehrzeit' "$holdfast" practice list break_card --language de
expect 2 "no practice 'sing'" "$holdfast" practice log sing log.csv --me Ellie --went 7
expect 2 'no date' "$holdfast" practice log request log.csv --me Ellie --went 7 --date soon
[ -e log.csv ] && fail "a log was begun by an error"
expect 0 'kept in' "$holdfast" practice log small_replies log.csv --me Ellie --went 7 --date 2025-06-09
expect 2 'logged on that day' "$holdfast" practice log small_replies log.csv --me Ellie --went 8 --date 2025-06-09
expect 0 'kept' "$holdfast" practice log small_replies log.csv --me Ellie --went 8 --date 2025-06-09 --replace
[ "$(wc -l <log.csv)" = 2 ] || fail "the log has not two lines"
expect 0 'very small reply' "$holdfast" analyze "$chat" log.csv --me Ellie --out solo --text-model none
grep -q '"practice_small_replies.a"' solo/findings.json || fail "no before and after"

# The suggestion by role and consent; one's own rules; a rules file with an error writes nothing.
expect 0 'One wish' "$holdfast" analyze "$chat" --me Sam --out sam --text-model none
expect 0 'the loop' "$holdfast" analyze "$chat" --consent both --out both --text-model none
grep -q '"kind":"suggestion"' both/findings.json || fail "no suggestion in the document"
printf 'rule own\n  step keep\n  grade C\n  title Ring each other\n  text Once a week.\n  change Nothing.\n  when me known\n' >own.txt
expect 0 'Ring each other' "$holdfast" analyze "$chat" --me Sam --out own --rules own.txt --text-model none
printf 'rule own\n  step sometime\n' >bad.txt
expect 1 'line 2' "$holdfast" analyze "$chat" --me Sam --out bad --rules bad.txt --text-model none
[ -e bad ] && fail "something was written beside a bad rules file"

# loop: from a file, from the keyboard, one person, an error with its line.
printf 'a.name: Ann\na.trigger: late <b>\na.needed: one line\nb.name: Ben\nb.did: I write again\n' >loop.txt
expect 0 'is written' "$holdfast" loop --answers loop.txt --out loop.html --save loop.json --date 2026-01-02
grep -q 'late &lt;b&gt;' loop.html || fail "text is not text"
grep -qi '<script\|http://\|https://' loop.html && fail "the page has a script or an address"
printf 'one\ntwo\n\nfour\nfive\n' | "$holdfast" loop Ann --out one.html >out.txt 2>err.txt || fail "loop from the keyboard"
grep -q 'My side of the loop' one.html || fail "one side"
printf 'one\nq\n' | "$holdfast" loop Ann --out stopped.html >out.txt 2>err.txt; [ $? = 130 ] || fail "q does not stop"
[ -e stopped.html ] && fail "something was kept after q"
printf 'a.name: Ann\na.colour: red\n' >bad.txt
expect 2 'line 2' "$holdfast" loop --answers bad.txt
printf '{"sides": [{"name": 3}]}' >bad.json
expect 2 'policy' "$holdfast" sheet both/findings.json --out x.html

# sheet: the policy is asked for; another pair is refused; nothing of safety but its place.
expect 0 'is written' "$holdfast" sheet both/findings.json --policy limited --loop loop.json --earlier both/findings.json --out sheet.html
grep -q 'none changed beyond measurement error' sheet.html || fail "the same document twice shows a change"
grep -q 'Policy on secrets, chosen at intake and shown to both: limited' sheet.html || fail "no policy"
grep -q 'I write again' sheet.html || fail "not their words"
expect 1 'no short text' "$holdfast" sheet both/findings.json --policy none --loop bad.json --out x.html
expect 1 'no findings document' "$holdfast" sheet loop.json --policy none --out x.html
sed 's/"name":"Sam"/"name":"Tom"/' both/findings.json >other.json
expect 2 'other people' "$holdfast" sheet both/findings.json --policy none --earlier other.json --out x.html
[ -e x.html ] && fail "a sheet was written beside an error"
expect 0 'Safety: kept apart' cat sheet.html
for word in crisis threat violence flagged; do grep -qi "$word" sheet.html && fail "'$word' on the sheet"; done
echo "say, practice, loop, sheet: as they should be"
