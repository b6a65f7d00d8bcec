# SPDX-License-Identifier: MIT
# labels: cli
# with: LIBZIP
# holdfast analyze: what it writes at each consent level, and that it writes nothing where it cannot.
set -u
holdfast=$1 source=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
fail() { echo "FAILED: $*"; exit 1; }
expect() { # expect CODE PATTERN command...: exit code, and the pattern in stdout or stderr
    local code=$1 pattern=$2; shift 2
    "$@" >out.txt 2>err.txt; local got=$?
    [ "$got" = "$code" ] || { cat out.txt err.txt; fail "exit $got, not $code: $*"; }
    cat out.txt err.txt | grep -q -- "$pattern" || { cat out.txt err.txt; fail "no '$pattern': $*"; }
}
nothing() { [ -z "$(ls -d holdfast-* x 2>/dev/null)" ] || fail "something was written: $1"; }
files="findings.json messages.csv report.html signals.csv turns.csv"
holds() { [ "$(cd "$1" && echo *)" = "$files" ] || fail "$1 holds $(ls -A "$1")"; }
chat=$source/examples/ellie_and_sam.txt

# Only the file name: one sentence that says what to add, and nothing written.
expect 2 '--me "Ellie"' "$holdfast" analyze "$source/examples/ellie_and_sam.zip"
[ "$(wc -l <err.txt)" = 1 ] || fail "more than one sentence"
grep -q -- '--me "Sam"' err.txt || fail "not both names"
nothing "no --me"
expect 2 'Ellie' "$holdfast" analyze "$chat" --me Nobody
expect 2 'protocol' "$holdfast" analyze "$chat" --consent research
expect 2 'solo' "$holdfast" analyze "$chat" --consent maybe
nothing "wrong options"

# Solo: the default folder, five files, none with a word of the other.
expect 0 'report.html' "$holdfast" analyze "$chat" --me Sam
holds holdfast-ellie_and_sam.txt
[ "$(ls -A holdfast-ellie_and_sam.txt | wc -l)" = 5 ] || fail "temporary files were left"
[ "$(stat -c %a holdfast-ellie_and_sam.txt/report.html)" = 600 ] || fail "others may read the report"
grep -hoE '\] Ellie: .{30,}' "$chat" | tr -d '\r' | sed 's/^\] Ellie: //' | sort -u >ellie.txt
grep -hoE '\] Sam: .{30,}' "$chat" | tr -d '\r' | sed 's/^\] Sam: //' | sort -u | grep -vxFf ellie.txt >sam.txt
# Whole lines: a line of hers may be part of one of his only by chance.
[ "$(wc -l <ellie.txt)" -gt 300 ] || fail "no lines to look for"
for f in $files; do
    if grep -qFf ellie.txt "holdfast-ellie_and_sam.txt/$f"; then
        grep -oFf ellie.txt "holdfast-ellie_and_sam.txt/$f" | head -3
        fail "$f holds words of the other"
    fi
done
grep -qFf sam.txt holdfast-ellie_and_sam.txt/messages.csv || fail "own words are missing"
grep -q '"level":"solo"' holdfast-ellie_and_sam.txt/findings.json || fail "no consent level"
grep -q '^[a-z0-9]*,[^,]*,a,Ellie,text,[0-9]*,$' holdfast-ellie_and_sam.txt/messages.csv || fail "time and length of the other are missing"
! cut -d, -f3,4 holdfast-ellie_and_sam.txt/signals.csv | grep -q reply_time || fail "columns moved"
awk -F, '$2 == "a" && $5 !~ /^(messages|words)(_lo|_hi|_z)?$/ { print; bad = 1 } END { exit bad }' \
    holdfast-ellie_and_sam.txt/signals.csv >bad.txt || { head -3 bad.txt; fail "signals of the other in solo"; }

# Both: each file, the words of both, and who said that both agree.
expect 0 'report.html' "$holdfast" analyze "$chat" --consent both --out both
holds both
grep -qFf ellie.txt both/messages.csv || fail "words are missing"
for f in findings.json report.html messages.csv turns.csv; do
    grep -q 'one person' "both/$f" || fail "both/$f does not say who declared it"
done
expect 0 '"files":' "$holdfast" analyze "$chat" --consent both --out both --json
if "$holdfast" version --json | grep -qi '"readstat"'; then
    "$holdfast" analyze "$chat" --me Sam --table sav --out sav >/dev/null 2>err.txt
    case $? in
    0) [ "$(echo sav/*.sav)" = "sav/messages.sav sav/signals.sav sav/turns.sav" ] || fail "no .sav tables"
        head -c 4 sav/turns.sav | grep -q '$FL' || fail "turns.sav is no SPSS file"
        ! grep -qFf ellie.txt sav/messages.sav || fail "messages.sav holds words of the other"
        grep -qFf sam.txt sav/messages.sav || fail "messages.sav lacks the own words" ;;
    *) grep -qi 'build' err.txt || fail "no .sav, and no reason" ;;
    esac
fi
expect 0 '' "$holdfast" analyze "$chat" --consent research --protocol 'IRB 2026-7' --out research
grep -q 'IRB 2026-7' research/findings.json research/messages.csv || fail "no protocol"

# The same bytes again, with other threads.
SOURCE_DATE_EPOCH=1700000000 "$holdfast" analyze "$chat" --consent both --out one --threads 1 >/dev/null 2>&1
SOURCE_DATE_EPOCH=1700000000 "$holdfast" analyze "$chat" --consent both --out four --threads 4 >/dev/null 2>&1
diff -r one four >/dev/null || fail "threads change the result"
grep -q '2023-11-14' one/findings.json || fail "the date is not that of SOURCE_DATE_EPOCH"

# The page: data inside, no request of any network.
grep -q '<script id="holdfast-data" type="application/json">{"schema"' both/report.html || fail "no data in the page"
! grep -qE '(src|href)="https?:' both/report.html || fail "the page asks the network"

# Refusals write nothing.
rm -rf holdfast-* both research one four
: >empty.txt
expect 1 'empty' "$holdfast" analyze empty.txt --consent both --out x
head -c 3000 /dev/urandom >binary.bin
expect 1 '' "$holdfast" analyze binary.bin --consent both --out x
head -c 20000 "$source/examples/ellie_and_sam.zip" >cut.zip
expect 1 '' "$holdfast" analyze cut.zip --consent both --out x
expect 1 '' "$holdfast" analyze nofile.txt --consent both --out x
for i in $(seq 1 400); do
    printf '%02d/03/2024, %02d:%02d - Person %d: hello there\n' $((i / 20 + 5)) $((i % 20 + 2)) $((i % 60)) $((i % 40))
done >group.txt
expect 1 'Person 7' "$holdfast" analyze group.txt --consent both --out x
expect 0 '' "$holdfast" analyze group.txt --consent both --out group --partners 'Person 7,Person 8'
printf '14/03/2024, 10:00 - Ann: hi\n14/03/2024, 10:01 - Ben: hey, im 15 btw\n14/03/2024, 10:03 - Ann: ok\n' >young.txt
expect 1 'adults' "$holdfast" analyze young.txt --consent both --out x
nothing "a refused record"
mkdir locked && : >file
expect 1 '' "$holdfast" analyze "$chat" --consent both --out file/x

# Safety: resources on the terminal, in no file.
printf '14/03/2024, 10:0%d - Ann: hello dear\n14/03/2024, 10:0%d - Ben: hello you\n' 1 1 2 2 3 3 4 4 >danger.txt
printf '14/03/2024, 10:05 - Ben: I will kill you\n14/03/2024, 10:06 - Ann: what\n' >>danger.txt
expect 0 '112' "$holdfast" analyze danger.txt --consent both --out danger
! grep -rqiE 'threat|danger to|kill you|resources":true' danger/findings.json || fail "a file says why"

# Dates that can be read in two ways: a report all the same, that says so.
printf '03/04/2024, 10:0%d - Ann: hello dear\n03/04/2024, 10:0%d - Ben: hello you\n' 1 1 2 2 3 3 >dates.txt
expect 0 '' "$holdfast" analyze dates.txt --consent both --out dates
grep -q '"date_ambiguous":true' dates/findings.json || fail "ambiguous dates are not named"
expect 0 '' "$holdfast" analyze dates.txt --consent both --out dates --date-order dmy
grep -q '"date_ambiguous":false' dates/findings.json || fail "--date-order is not heard"
echo ok
