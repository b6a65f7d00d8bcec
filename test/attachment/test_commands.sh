#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# labels: cli
# score, instruments, reflect and checkin as people type them, on invented answers.
set -u
holdfast=$1
source=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
failed=0

wrong() {
    echo "$*"
    failed=1
}
expect() {
    local want=$1 got=0
    shift
    "$holdfast" "$@" >out 2>err </dev/null || got=$?
    [ "$got" -eq "$want" ] || wrong "holdfast $*: exit code $got, wanted $want: $(head -c 400 err)"
}
out_has() { grep -qF -- "$1" out || wrong "stdout has no '$1': $(head -c 600 out)"; }
out_lacks() { ! grep -qiF -- "$1" out || wrong "stdout has '$1'"; }
err_has() { grep -qF -- "$1" err || wrong "stderr has no '$1': $(head -c 600 err)"; }
out_empty() { [ ! -s out ] || wrong "stdout is not empty: $(head -c 300 out)"; }
# json EXPRESSION: a Python expression over the document d must hold.
json() { python3 -c 'import json, sys; d = json.load(open("out")); assert eval(sys.argv[1]), sys.argv[1]' "$1" || wrong "JSON: $1"; }

# follows SCHEMA FILE: the JSON in FILE is as doc/schema says.
follows() { python3 "$source/test/support/json_schema.py" "$source/doc/schema/$1.schema.json" "$2" || wrong "$2 does not follow $1.schema.json"; }

# ---- made sheets: 40 couples, two occasions, answers 1 to 5 in the order of the ECR ---------------
python3 - <<'PY'
import random
random.seed(4)
rev = {3, 15, 19, 22, 25, 27, 29, 31, 33, 35}
def sheet(a, v):
    out = []
    for k in range(1, 37):
        x = (v if k % 2 else a) + random.gauss(0, 0.8)
        x = 6 - x if k in rev else x
        out.append(min(5, max(1, round(x))))
    return out
head = ["id", "role", "wave"] + ["Q%d" % k for k in range(1, 37)]
rows = []
for couple in range(1, 41):
    for role in "mw":
        a, v = random.gauss(3, .8), random.gauss(2.6, .8)
        for wave in (1, 2):
            rows.append([couple, role, wave] + sheet(a - (wave == 2), v))
open("couples.csv", "w").write("\n".join(",".join(map(str, r)) for r in [head] + rows) + "\n")
first = [r for r in rows if r[2] == 1]
open("first.csv", "w").write("\n".join(",".join(map(str, r[:2] + r[3:])) for r in [head] + first) + "\n")
def write(name, change):
    with open(name, "w") as f:
        f.write(",".join(["id"] + head[3:]) + "\n")
        for i, r in enumerate(first):
            f.write(",".join(map(str, [i] + change(r[3:]))) + "\n")
write("plain.csv", lambda x: x)
write("turned.csv", lambda x: [6 - y if k + 1 in rev else y for k, y in enumerate(x)])
write("swapped.csv", lambda x: [x[k ^ 1] for k in range(36)])
write("zero.csv", lambda x: [0 if k == 4 else y for k, y in enumerate(x)])
write("half.csv", lambda x: [y if k < 18 else "" for k, y in enumerate(x)])
PY
E="--order ecr-1998 --range 1-5"

expect 0 score ecr $E plain.csv
out_has "attachment anxiety"
out_has "Keying check: fits"
out_has "omega"
out_has "second view, cut at the middle of the range (3.00, 3.00): low on both"
out_has "second view, cut at the norm's medians (3.11, 2.44)"
for word in preoccupied dismissing fearful disorganised "avoidant person" style; do out_lacks "$word"; done
expect 0 score ecr $E --json plain.csv
json 'd["schema"] == "holdfast-score-1" and len(d["sheets"]) == 80'
json 'd["keying"]["verdict"] == "ok" and d["instrument"]["order"] == "ecr-1998"'
json 'all(abs(sum(s["quadrants"]["midpoint"].values()) - 1) < 1e-12 for s in d["sheets"])'
json 'all(s["scales"]["anxiety"]["lo"] <= s["scales"]["anxiety"]["score"] <= s["scales"]["anxiety"]["hi"] for s in d["sheets"])'
json 'd["norm"]["n"] == 46610 and "openpsychometrics" in d["norm"]["attribution"]'
cp out first.json
follows score first.json
expect 0 score ecr $E --json plain.csv --threads 2
cmp -s out first.json || wrong "two runs differ"
expect 0 score ecr $E --csv plain.csv
[ "$(grep -c . out)" -eq 163 ] || wrong "csv: $(grep -c . out) lines"
expect 0 score ecr $E --apa plain.csv
out_has "| attachment anxiety | 80 |"

# ---- wrong keys are refused, the right one is named, nothing is printed --------------------------
expect 1 score ecr --order ecr-1998 plain.csv
err_has "--range 1-5"
out_empty
expect 1 score ecr $E turned.csv
err_has "--already-reversed"
out_empty
expect 0 score ecr $E turned.csv --already-reversed
expect 1 score ecr $E plain.csv --already-reversed
err_has "forgotten"
expect 1 score ecr $E swapped.csv
err_has "odd and even columns swapped"
out_empty
expect 1 score ecr-r --order block --range 1-5 plain.csv
err_has "'ecr' in order 'ecr-1998'"
out_empty
expect 1 score ecr-r --order interleaved-a --range 1-5 plain.csv --json
err_has "ecr-1998"
out_empty
expect 1 score ecr-r --order interleaved-b --range 1-5 plain.csv
err_has "not scored yet"
expect 1 score ders-16 --order printed --range 1-5 plain.csv
err_has "'Q17'"

# ---- bad input -------------------------------------------------------------------------------------
expect 1 score ecr $E zero.csv
err_has "column Q5: 0 is not within 1 to 5"
err_has "--missing 0"
expect 0 score ecr $E zero.csv --missing 0
out_has "prorated"
expect 3 score ecr $E half.csv
out_has "not enough data: 9 of 18 answered, 14 are needed"
expect 2 score ecr-r plain.csv
err_has "say in which order"
expect 2 score ecr --range 1-5 plain.csv
err_has "ecr-1998"
expect 2 score ecr-12 --order ccc plain.csv
err_has "--range"
expect 1 score eecr $E plain.csv
err_has "did you mean 'ecr'"
expect 1 score das $E plain.csv
err_has "paid"
expect 1 score ecr $E first.csv
err_has "is there twice"
err_has "--dyad and --partner"
expect 1 score ecr-r --order block plain.csv
err_has "--range 1-5"
err_has "'ecr' in order 'ecr-1998'"
expect 1 score ecr $E nothing.csv
expect 2 score ecr $E plain.csv --range 1to5
expect 2 score ecr $E plain.csv --norm nobody
err_has "The norms are"

# ---- couples and change ----------------------------------------------------------------------------
expect 0 score ecr $E first.csv --dyad id --partner role
out_has "a: m"
out_has "b: w"
expect 0 score ecr $E couples.csv --dyad id --partner role --occasion wave --json --out folder
follows score out
json 'len(d["pairs"]) == 80 and all(p["a"] is not None and p["b"] is not None for p in d["pairs"])'
json 'len(d["changes"]) == 160 and {c["state"] for c in d["changes"]} <= {"reliably down", "too close to call", "reliably up"}'
json 'sum(c["state"] == "reliably down" for c in d["changes"] if c["scale"] == "anxiety") > 40'
json 'sum(c["state"] == "too close to call" for c in d["changes"] if c["scale"] == "avoidance") > 60'
for f in scores.csv scores.json table.md pairs.csv; do [ -s "folder/$f" ] || wrong "no folder/$f"; done
head -n 3 folder/pairs.csv | grep -q "^dyad,partner,occasion,target,actor_anxiety,actor_avoidance,partner_anxiety,partner_avoidance" || wrong "pairs.csv: $(head -n 3 folder/pairs.csv)"
python3 - <<'PY' || wrong "pairs.csv: actor and partner do not match"
import csv
rows = list(csv.DictReader(l for l in open("folder/pairs.csv") if not l.startswith("#")))
by = {(r["dyad"], r["partner"], r["occasion"]): r for r in rows}
assert len(rows) == 160
for r in rows:
    o = by[r["dyad"], "w" if r["partner"] == "m" else "m", r["occasion"]]
    assert r["actor_anxiety"] == o["partner_anxiety"] and r["partner_avoidance"] == o["actor_avoidance"]
PY
# The page: both only when both have agreed, else the one who says 'me'; no other name stands in it.
expect 0 score ecr $E couples.csv --dyad id --partner role --occasion wave --out page --quiet
[ ! -e page/profile.html ] || wrong "a page without anybody asking for one couple"
expect 0 score ecr $E couples.csv --dyad id --partner role --occasion wave --out page --pick 7
[ ! -e page/profile.html ] || wrong "a page of both without both agreements"
err_has "--consent both"
expect 0 score ecr $E couples.csv --dyad id --partner role --occasion wave --out page --pick 7 --me w
cp page/findings.json out
json '[p["key"] for p in d["record"]["partners"]] == ["b"] and d["consent"]["level"] == "solo"'
json 'all(f["about"] == "b" and f["visibility"] == "b" for f in d["findings"])'
json 'all(p["partner"] == "b" for p in d["figures"][0]["data"]["points"]) and len(d["figures"][0]["data"]["points"]) == 2'
expect 0 score ecr $E couples.csv --dyad id --partner role --occasion wave --out page --pick 7 --consent both
cp page/findings.json out
json 'len(d["record"]["partners"]) == 2 and {f["about"] for f in d["findings"]} == {"a", "b"}'
json '{f["id"] for f in d["findings"]} >= {"profile_ecr_anxiety.a", "profile_ecr_avoidance.b", "change_ecr_anxiety.a"}'
json 'all(f["lo"] <= f["estimate"] <= f["hi"] for f in d["findings"])'
follows findings page/findings.json
grep -q 'holdfast-data' page/profile.html || wrong "no page"
! grep -Eq 'src="http|href="http' page/profile.html || wrong "the page asks a network"

expect 2 score ecr $E first.csv --dyad id
err_has "go together"

# ---- a form of one's own, own item texts --------------------------------------------------------
cat >own.txt <<'T'
instrument own
status own
items 36
range 1 5
plane anxiety avoidance
scale anxiety
score mean
scale avoidance
score mean
order mine
key anxiety 1 3R 5 7 9 11 13 15R 17 19R 21 23 25R 27R 29R 31R 33R 35R
key avoidance 2 4 6 8 10 12 14 16 18 20 22R 24 26 28 30 32 34 36
T
expect 1 score --instrument own.txt plain.csv
err_has "carry each other's items"
sed -i 's/range 1 5/range 5 1/' own.txt
expect 1 score --instrument own.txt plain.csv
err_has "own.txt: line 4"
printf 'item,text\n1,"PRIVATE WORDS, one"\n2,PRIVATE WORDS two\n' >items.csv
expect 0 score ecr $E plain.csv --items items.csv
out_has "PRIVATE WORDS, one"
for form in --json --csv --apa; do
    expect 0 score ecr $E plain.csv --items items.csv $form --out quiet
    out_lacks "PRIVATE WORDS"
done
! grep -rq "PRIVATE WORDS" quiet || wrong "item texts were written"
expect 0 instruments ecr --order ecr-1998 --items items.csv
out_has "PRIVATE WORDS, one"
expect 0 instruments ecr --order ecr-1998 --items items.csv --json
out_lacks "PRIVATE WORDS"
expect 2 reflect ecr
err_has "bring your own"

# ---- instruments -----------------------------------------------------------------------------------
expect 0 instruments
out_has "interleaved-b (not scored)"
expect 0 instruments --json
json 'len(d) == 20 and all(f["citation"] and f["permission"] for f in d)'
json 'not any("texts" in f for f in d)'
expect 0 instruments ecr-12
out_has "15R 25R 27R 29R 31R"

# ---- cuts only for those who may use them; signposts only for the person --------------------------
{
    echo "id,Q1,Q2,Q3,Q4"
    echo "1,2,2,2,2"
} >csi.csv
expect 0 score csi-4 --order printed csi.csv
out_lacks "13.5"
expect 0 score csi-4 --order printed csi.csv --audience therapist
out_has "13.5"
{
    echo "id,Q1,Q2,Q3,Q4,Q5,Q6,Q7,Q8,Q9"
    echo "1,0,0,0,0,0,0,0,0,1"
    echo "2,0,0,0,0,0,0,0,0,0"
} >phq.csv
expect 0 score phq-9 --order printed phq.csv
out_has "please talk to someone today"
expect 0 score phq-9 --order printed phq.csv --json
follows score out
json '[s["private_safety_path"] for s in d["sheets"]] == [True, False]'
sed 's/^id/id,role/; s/^\([12]\),/7,\1,/' phq.csv >phq_pair.csv
expect 2 score phq-9 --order printed phq_pair.csv --dyad id --partner role

# ---- reflect ---------------------------------------------------------------------------------------
for k in $(seq 14); do echo "$k $((k % 7 + 1))"; done >answers.txt
expect 0 reflect --answers answers.txt --out sheet.csv --person Ann
out_has "not validated"
out_has "7 of 7 answered"
expect 0 score reflection sheet.csv --json
json 'd["sheets"][0]["scales"]["anxiety"]["score"] == 22 / 7 and not d["instrument"]["validated"]'
follows score out
json 'd["norm"] is None and d["scales"][0]["sem_source"] == "declared" and d["scales"][0]["sem"] == .75'
# A second one is a second row; nothing that is there is written over.
expect 2 reflect --answers answers.txt --out sheet.csv --person Ann
err_has "from today already"
expect 0 reflect --answers answers.txt --out sheet.csv --person 'B, "Ben"'
expect 0 score reflection sheet.csv --order own --json
json '[s["person"] for s in d["sheets"]] == ["Ann", "B, \"Ben\""]'
cp phq.csv other.csv
expect 2 reflect --answers answers.txt --out other.csv
err_has "nothing was written over"
cmp -s phq.csv other.csv || wrong "reflect wrote over a file of something else"
printf '1 4\n2 9\n' >answers.txt
expect 2 reflect --answers answers.txt
err_has "line 2"
yes 4 | head -n 14 | "$holdfast" reflect >out 2>err || wrong "reflect from the terminal: $?"
out_has "14 of 14"
code=0
printf '4\nb\n5\nq\n' | "$holdfast" reflect --out kept.csv >out 2>err || code=$?
[ "$code" -eq 130 ] || wrong "stopping gives $code"
[ ! -e kept.csv ] || wrong "a stopped reflection was kept"

# ---- checkin ---------------------------------------------------------------------------------------
expect 0 checkin --list
out_has "[S15 S31]"
out_has "not validated"
expect 0 checkin --list --json
json 'len(d["items"]) == 20 and all(i["mechanism"].startswith("S") for i in d["items"])'
expect 0 checkin --list --weekly --json
json 'len(d["items"]) >= 8 and not d["validated"]'
printf 'closeness 7\nstress = 3 # outside\n\nneed_felt,10\n' >today.txt
expect 0 checkin diary.csv --partner a --date 2026-03-01 --answers today.txt
expect 0 checkin diary.csv --partner b --date 2026-03-01 --answers today.txt
expect 2 checkin diary.csv --partner a --date 2026-03-01 --answers today.txt
err_has "--replace"
printf 'closeness 2\n' >today.txt
expect 0 checkin diary.csv --partner a --date 2026-03-01 --answers today.txt --replace
[ "$(grep -c . diary.csv)" -eq 7 ] || wrong "diary: $(cat diary.csv)"
grep -q "^2026-03-01,a,closeness,2$" diary.csv || wrong "not replaced: $(cat diary.csv)"
[ "$(stat -c %a diary.csv)" = 600 ] || wrong "the diary can be read by others"
expect 2 checkin diary.csv --answers today.txt
expect 2 checkin diary.csv --partner a --date 2026-02-30 --answers today.txt
printf 'closeness 11\n' >today.txt
expect 2 checkin diary.csv --partner a --answers today.txt
expect 3 checkin --report diary.csv --me a
out_has "not enough data"
out_has "when both have agreed"
expect 2 checkin --report diary.csv
printf 'date,partner,item,value\n2026-03-01,a,closeness,much\n' >bad.csv
expect 1 checkin --report bad.csv --me a
err_has "row 2, column value"
printf 'date,partner,item,value\n2026-03-01,a,closeness,7\n2026-03-02,a,closeness,70\n' >bad.csv
expect 1 checkin --report bad.csv --me a
err_has "bad.csv: line 3: column value"
printf 'date,partner,item,value\n2026-03-01,a,closeness,7\n2026-03-01,a,closeness,5\n' >bad.csv
expect 1 checkin --report bad.csv --me a
err_has "line 3"
err_has "in line 2 already"
printf 'date,partner,item,value\n2026-03-01,a,closness,7\n' >bad.csv
expect 3 checkin --report bad.csv --me a
err_has "'closness'"
printf 'date,partner,item,value\n2026-13-01,a,closeness,3\n' >bad.csv
expect 1 checkin --report bad.csv --me a
err_has "row 2, column date"

exit $failed
