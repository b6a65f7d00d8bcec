# SPDX-License-Identifier: MIT
# labels: cli
# holdfast sequence: events and streams, table, JSON and CSV, errors with their exit codes, the same
# bytes for any number of threads.
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
# Eight dyads: a blames now and then, b defends after blame three times of four.
awk 'function u() { s = (s * 16807) % 2147483647; return s / 2147483647 }
  BEGIN { s = 5; print "dyad,time,partner,code";
  for (d = 1; d <= 8; d++) for (t = 1; t <= 40; t++) { a = u() < .4;
    print d "," 2 * t "," "a," (a ? "blame" : "need");
    print d "," 2 * t + 1 ",b," (u() < (a ? .75 : .2) ? "defence" : "support") } }' >"$dir/events.csv"
awk 'function u() { s = (s * 16807) % 2147483647; return s / 2147483647 }
  BEGIN { s = 9; h = "id"; for (t = 1; t <= 30; t++) h = h ",S" t; for (t = 1; t <= 30; t++) h = h ",C" t; print h;
  for (d = 1; d <= 12; d++) { l = d; c = ""; x = 0;
    for (t = 1; t <= 30; t++) { y = u() < (x ? .8 : .3); x = u() < .5; l = l "," x; c = c "," y } print l c } }' >"$dir/streams.csv"
expect 0 '8 dyads, 640 moments, 632 pairs' "$holdfast" sequence "$dir/events.csv"
expect 0 "'b:defence' after 'a:blame': " "$holdfast" sequence "$dir/events.csv" --given a:blame --then b:defence
expect 0 "'defence' after 'blame': " "$holdfast" sequence "$dir/events.csv" --given blame --then defence
expect 0 'a:blame,b:defence,' "$holdfast" sequence "$dir/events.csv" --csv
expect 0 'never' "$holdfast" sequence "$dir/events.csv" --no-repeat
expect 0 'the other' "$holdfast" sequence "$dir/streams.csv" --stream stress=S --stream coping=C --given stress --then coping
expect 0 '"partner":{"n":12' "$holdfast" sequence "$dir/streams.csv" --stream stress=S --stream coping=C --given stress --then coping --json
expect 0 'pairs at lag 3' "$holdfast" sequence "$dir/streams.csv" --stream S --lag 3
expect 1 'no state' "$holdfast" sequence "$dir/events.csv" --given rain --then b:defence
expect 1 "no column 'act'" "$holdfast" sequence "$dir/events.csv" --code act
expect 2 'belong together' "$holdfast" sequence "$dir/events.csv" --given a:blame
printf 'S1,S2\n1,3\n' >"$dir/bad.csv"
expect 1 'bad.csv.*0, 1 or nothing' "$holdfast" sequence "$dir/bad.csv" --stream S
"$holdfast" sequence "$dir/events.csv" --given blame --then defence --json --threads 1 >"$dir/one"
"$holdfast" sequence "$dir/events.csv" --given blame --then defence --json --threads 3 >"$dir/three"
cmp "$dir/one" "$dir/three" || fail "threads change the numbers"
# The share after blame is what was put in, within the interval.
awk -F'"share_given":{"estimate":' '{ split($2, x, /[,:}]/); if (x[1] < .6 || x[1] > .9 || x[3] > .75 || x[5] < .75) { print; exit 1 } }' "$dir/one" || fail "not the share that was put in"
