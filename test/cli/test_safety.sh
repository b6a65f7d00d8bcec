# SPDX-License-Identifier: MIT
# labels: cli
# holdfast screen, consent, resources, refer, and a joint analysis under them: what is said, kept, refused.
set -u
holdfast=$1 source=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
fail() { echo "FAILED: $*"; exit 1; }
expect() { # expect CODE PATTERN command...
    local code=$1 pattern=$2; shift 2
    "$@" >out.txt 2>err.txt; local got=$?
    [ "$got" = "$code" ] || { cat out.txt err.txt; fail "exit $got, not $code: $*"; }
    cat out.txt err.txt | grep -q -- "$pattern" || { cat out.txt err.txt; fail "no '$pattern': $*"; }
}

# The screen: hint first, q leaves nothing, nothing is kept without --keep and a yes.
printf 'q\n' >in
expect 0 'Is someone watching' "$holdfast" screen <in
! grep -q 'Nothing was flagged' out.txt || fail "an unfinished screen judged"
[ "$(ls -A | grep -vc -e out.txt -e err.txt -e in)" = 0 ] || fail "the screen left a file"
yes '' | head -40 >in
expect 0 'That does not mean that nothing is wrong' "$holdfast" screen <in
! grep -qiE 'you are safe|is safe' out.txt || fail "nothing found is worded as safe"
{ echo y; yes '' | head -40; } >in
expect 0 '0808 2000 247' "$holdfast" screen --country UK <in
grep -q 'not verified' out.txt || fail "an unverified row looks verified"
grep -q 'Nothing was kept' out.txt || fail "not said that nothing was kept"
{ yes '' | head -18; printf 'y\nn\nn\nn\ny\ny\n'; } >in
expect 0 'couple therapist' "$holdfast" screen --fit <in
{ echo j; yes '' | head -40; } >in
expect 0 'Notruf' "$holdfast" screen --language de --country DE <in

# Kept: sealed, 0600, and joint work rests with it.
echo 'correct horse' >pass.txt
{ echo y; yes '' | head -17; printf 'y\ny\n'; } >in
expect 0 'Kept' "$holdfast" screen --keep mine.priv --passphrase-file pass.txt <in
[ "$(stat -c %a mine.priv)" = 600 ] || fail "others may read the private file"
! grep -qaE 'fear|rest|answer' mine.priv || fail "the private file is open"

# Consent: each for oneself; the same sentence until both have agreed.
chat=$source/examples/ellie_and_sam.txt
export SOURCE_DATE_EPOCH=$(date +%s)
expect 2 'names' "$holdfast" consent c.json --new
expect 0 'not agreed' "$holdfast" consent c.json --new --names Ellie,Sam
expect 2 'already' "$holdfast" consent c.json --new --names Ellie,Sam
joint() { "$holdfast" analyze "$chat" --consent both --consent-record c.json --out "$1" --text-model none "${@:2}" >"$1.out" 2>"$1.err" || { cat "$1.err"; fail "analyze $1"; }; sed -i "s/^$1\b/DIR/" "$1.out"; }
joint one
expect 0 'agreed on' "$holdfast" consent c.json --agree a
expect 0 'Both have agreed' "$holdfast" consent c.json --agree b
joint good
joint two --private mine.priv --passphrase-file pass.txt
expect 0 'Some joint activities are not available right now' "$holdfast" consent c.json --pause b
joint three
grep -q '"recorded":"' good/findings.json && ! grep -rq 'one person' good/messages.csv good/turns.csv || fail "the record is not used"
for other in two three; do
    diff -r one $other >/dev/null || fail "$other reads otherwise than a consent that was never given"
    cmp -s one.out $other.out && cmp -s one.err $other.err || fail "the terminal tells $other"
done
cmp -s good.err one.err || fail "the error stream tells that joint work rests"
grep -q 'Some joint activities are not available right now' two/findings.json || fail "no sentence"
expect 1 'passphrase' "$holdfast" analyze "$chat" --consent both --private mine.priv --passphrase-file c.json --out x
! grep -qiE 'screen|private|pause|rest' c.json.log || fail "the log of both holds something private"
grep -q '"event":"report_made"' c.json.log || fail "a report is not in the log"
expect 0 'What is left' "$holdfast" consent c.json --revoke a --remove good
[ -d good ] && [ -z "$(ls good)" ] || fail "the joint report is still there"
expect 0 'revoked on' "$holdfast" consent c.json
echo '{' >broken.json
expect 1 'broken.json' "$holdfast" consent broken.json

# Alone: the lines at which the check stopped, on the screen only; one can be dismissed.
printf '14/03/2024, 10:0%d - Ann: hello dear\n14/03/2024, 10:0%d - Ben: hello you\n' 1 1 2 2 3 3 4 4 >joke.txt
printf '14/03/2024, 10:05 - Ben: I will kill you\n14/03/2024, 10:06 - Ann: what\n' >>joke.txt
expect 0 'I will kill you' "$holdfast" analyze joke.txt --me Ann --out alone --show-cues --text-model none
id=$(sed -n 's/^  \([0-9a-f]\{16\}\)  other.*/\1/p' err.txt)
[ -n "$id" ] || fail "no id to dismiss"
expect 0 'not asked about again' "$holdfast" screen --dismiss "$id" --keep mine.priv --passphrase-file pass.txt
expect 0 'report.html' "$holdfast" analyze joke.txt --me Ann --out alone --text-model none --private mine.priv --passphrase-file pass.txt
! grep -q 'reads like danger' err.txt || fail "a dismissed line comes back"

# Resources: known and unknown countries, own tables.
expect 0 '988' "$holdfast" resources --country us
! grep -q Samaritans out.txt || fail "another country's row"
expect 0 'findahelpline.com' "$holdfast" resources --country XX
grep -q 'no number for XX yet' out.txt || fail "no sentence for an unknown country"
expect 0 'HelpGuide' "$holdfast" resources --kind education
"$holdfast" resources --csv >own.csv
sed -i "s/^US,en,suicide,988.*/US,en,suicide,988,988,,,,,$(date +%F),ML,/" own.csv
expect 0 '988 (US): 988$' "$holdfast" resources --file own.csv --country US --kind suicide
echo 'US,en,magic,x,1,,,,,,,' >>own.csv
expect 1 'own.csv' "$holdfast" resources --file own.csv
expect 0 '"state":"not_verified"' "$holdfast" resources --json

# The brief and the ranking.
expect 2 'empty' "$holdfast" refer
expect 0 'brief.html' "$holdfast" refer --needs 'we go silent' --language 'de;en' --mode remote --cost 80 --out brief
[ "$(cd brief && echo *)" = "brief.html brief.json brief.txt" ] || fail "the brief is not whole"
printf 'name,language,mode,cost\nA,de,remote,70\nB,en,remote,80\nC,fr,,\n' >people.csv
expect 0 '1=  A' "$holdfast" refer --language 'de;en' --mode remote --cost 80 --directory people.csv
grep -q 'language: no (3); mode: not said (2)' out.txt || fail "no reason"
expect 0 'Left out by --must: 2' "$holdfast" refer --language de --directory people.csv --must language
echo ok
