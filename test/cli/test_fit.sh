# SPDX-License-Identifier: MIT
# labels: cli
# with: NLOPT
# holdfast fit, models: what they print and how they fail.
set -u
holdfast=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() { echo "FAILED: $*"; exit 1; }
expect() { # expect CODE PATTERN command...: exit code, and the pattern in stdout or stderr
    local code=$1 pattern=$2; shift 2
    "$@" >"$dir/out" 2>"$dir/err"; local got=$?
    [ "$got" = "$code" ] || { cat "$dir/out" "$dir/err"; fail "exit $got, not $code: $*"; }
    cat "$dir/out" "$dir/err" | grep -q -- "$pattern" || { cat "$dir/out" "$dir/err"; fail "no '$pattern': $*"; }
}
# A small panel of coupled oscillators (Euler steps, normal numbers from a linear congruence).
awk 'function u() { s = (s * 16807) % 2147483647; return s / 2147483647 }
  function z(  k, t) { t = -6; for (k = 0; k < 12; k++) t += u(); return t }
  BEGIN { s = 7; h = 0.01; print "id,time,y1,y2";
  for (i = 1; i <= 8; i++) { x1 = z(); v1 = z(); x2 = z(); v2 = z();
    for (t = 0; t < 40; t++) {
      printf "%d,%.2f,%.6f,%s\n", i, t / 4, x1 + .5 * z(), (t % 7 == 3) ? "NA" : sprintf("%.6f", x2 + .5 * z());
      for (k = 0; k < 25; k++) { a1 = -.8 * x1 - .2 * v1 + .3 * x2; a2 = -x2 - .2 * v2 + .2 * x1;
        x1 += h * v1; x2 += h * v2; v1 += h * a1 + sqrt(.4 * h) * z(); v2 += h * a2 + sqrt(.5 * h) * z() } } } }' >"$dir/d.csv"
expect 0 '"loglik"' "$holdfast" fit coupled_oscillator --data "$dir/d.csv" --evaluate --json
expect 0 'log-likelihood' "$holdfast" fit coupled_oscillator --data "$dir/d.csv" --id id --time time --obs y1,y2
expect 0 'held' "$holdfast" fit coupled_oscillator --data "$dir/d.csv" --fix k12=0,k21=0
expect 0 'shared' "$holdfast" fit coupled_oscillator --data "$dir/d.csv" --exchangeable
"$holdfast" fit coupled_oscillator --data "$dir/d.csv" --json --threads 1 | grep -v seconds >"$dir/one"
"$holdfast" fit coupled_oscillator --data "$dir/d.csv" --json --threads 3 | grep -v seconds >"$dir/three"
cmp -s "$dir/one" "$dir/three" || fail "another number of threads, another result"
# rows of dyads mixed, in order of time within each: the same
(head -1 "$dir/d.csv"; tail -n +2 "$dir/d.csv" | sort -t, -k2,2n -k1,1n -s) >"$dir/mixed.csv"
"$holdfast" fit coupled_oscillator --data "$dir/mixed.csv" --json | grep -v seconds >"$dir/mixed"
cmp -s "$dir/one" "$dir/mixed" || fail "the order of rows changes the result"
# a row per partner
awk -F, 'NR == 1 { print "id,time,person,y"; next } { print $1 "," $2 ",1," $3; print $1 "," $2 ",2," $4 }' "$dir/d.csv" >"$dir/long.csv"
"$holdfast" fit coupled_oscillator --data "$dir/long.csv" --partner person --obs y --json | grep -v seconds >"$dir/long"
cmp -s "$dir/one" "$dir/long" || fail "a row per partner gives another result"
# bad input
expect 1 "did you mean 'y1'" "$holdfast" fit coupled_oscillator --data "$dir/d.csv" --obs y3,y2
expect 1 "did you mean 'coupled_oscillator'" "$holdfast" fit coupled_oscilator --data "$dir/d.csv"
expect 2 "observes 2 variables and 1" "$holdfast" fit coupled_oscillator --data "$dir/d.csv" --obs y1
expect 2 "no parameter 'eta'" "$holdfast" fit coupled_oscillator --data "$dir/d.csv" --start eta=1
expect 1 "outside its bounds" "$holdfast" fit coupled_oscillator --data "$dir/d.csv" --start q1=-1
expect 2 "data FILE is missing" "$holdfast" fit coupled_oscillator
sed '5s/,[^,]*$/,abc/' "$dir/d.csv" >"$dir/bad.csv"
expect 1 "row 5, column 'y2': 'abc' is not a number" "$holdfast" fit coupled_oscillator --data "$dir/bad.csv"
sed '6s/,1.00,/,0.75,/' "$dir/d.csv" >"$dir/bad.csv"
expect 1 "row 6, dyad '1': this time is there twice" "$holdfast" fit coupled_oscillator --data "$dir/bad.csv"
sed '6s/,1.00,/,0.25,/' "$dir/d.csv" >"$dir/bad.csv"
expect 1 "times are not in order" "$holdfast" fit coupled_oscillator --data "$dir/bad.csv"
awk -F, 'NR == 1 { print; next } { print $1 "," $2 ",3," $4 }' "$dir/d.csv" >"$dir/bad.csv"
expect 3 "'y1' has the same value in every row" "$holdfast" fit coupled_oscillator --data "$dir/bad.csv"
awk -F, 'NR == 1 || $2 == "0.00"' "$dir/d.csv" >"$dir/bad.csv"
expect 3 "every dyad has one occasion" "$holdfast" fit coupled_oscillator --data "$dir/bad.csv"
head -4 "$dir/d.csv" >"$dir/bad.csv"
expect 3 "values for 10 free parameters" "$holdfast" fit coupled_oscillator --data "$dir/bad.csv"
head -1 "$dir/d.csv" >"$dir/bad.csv"
expect 3 "no rows" "$holdfast" fit coupled_oscillator --data "$dir/bad.csv"
# a model that the data cannot identify: the direction is named, no standard error is printed
cat >"$dir/two.hf" <<'M'
model two 1
state x
parameter a b
positive q r
d x = -x + a + b
diffusion x = q
observe y = x + error(r)
start mean 0 covariance identity
M
expect 3 "do not determine this combination of parameters: a, b" "$holdfast" fit "$dir/two.hf" --data "$dir/d.csv" --obs y1
# exploding drift: no NaN anywhere
printf 'model boom 1\nstate x\nparameter a = 3\npositive r\nd x = a*x^3\nobserve y = x + error(r)\nstart mean 2 covariance identity\n' >"$dir/boom.hf"
"$holdfast" fit "$dir/boom.hf" --data "$dir/d.csv" --obs y1 --evaluate --json >"$dir/out" 2>"$dir/err"
[ $? = 3 ] || fail "exploding drift"
grep -qi nan "$dir/out" "$dir/err" && fail "NaN in the output"
expect 1 "line 4, column 9: unknown name 'bet' (did you mean 'beta'?)" "$holdfast" fit <(printf 'model m 1\nstate x\nparameter beta\nd x = x*bet\nobserve y = x\n') --data "$dir/d.csv"
# states, comparison, posterior
expect 0 'x1_filtered,x1_filtered_sd,x1_smoothed' "$holdfast" predict coupled_oscillator --data "$dir/d.csv"
expect 0 '"residuals"' "$holdfast" predict coupled_oscillator --data "$dir/d.csv" --json
expect 0 'held-out' "$holdfast" compare coupled_oscillator rinaldi_linear --data "$dir/d.csv" --folds 4
"$holdfast" fit coupled_oscillator --data "$dir/d.csv" --out "$dir/folder" >/dev/null || fail "--out"
for f in fit.json parameters.csv states.csv findings.json report.html; do [ -s "$dir/folder/$f" ] || fail "no $f"; done
grep -q '"fit_phase.ab".*not_enough_data' "$dir/folder/findings.json" || fail "four states and a phase plot"
grep -qi '[:,]nan' "$dir/folder/findings.json" && fail "NaN in findings.json"
"$holdfast" fit rinaldi_linear --data "$dir/d.csv" --starts 1 --dyad 3 --out "$dir/two" >/dev/null 2>&1
grep -q '"role":"nullcline"' "$dir/two/findings.json" || fail "two states and no null-clines"
grep -q 'dyad":"3"' "$dir/two/findings.json" || fail "--dyad draws another"
expect 1 "no dyad 'x'" "$holdfast" fit coupled_oscillator --data "$dir/d.csv" --dyad x --out "$dir/nobody"
[ ! -e "$dir/nobody/fit.json" ] || fail "half of a folder was written"
# the catalogue
expect 0 "coupled_oscillator" "$holdfast" models
expect 0 "dv1/dt" "$holdfast" models coupled_oscillator
expect 0 '"equations"' "$holdfast" models --json
echo ok
