#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# labels: cli
# What every command has in common: help, errors, exit codes, output that cannot be written.
set -u
holdfast=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0
cases=0

# expect CODE ARGUMENTS...: runs the command; out and err hold what it said.
expect() {
    local want=$1 got=0
    shift
    cases=$((cases + 1))
    "$holdfast" "$@" >"$dir/out" 2>"$dir/err" </dev/null || got=$?
    [ "$got" -eq "$want" ] || wrong "holdfast $*: exit code $got, wanted $want: $(head -c 300 "$dir/err")"
}
wrong() {
    echo "$*"
    failed=1
}
out_has() { grep -qF -- "$1" "$dir/out" || wrong "stdout has no '$1': $(head -c 300 "$dir/out")"; }
err_has() { grep -qF -- "$1" "$dir/err" || wrong "stderr has no '$1': $(head -c 300 "$dir/err")"; }
out_empty() { [ ! -s "$dir/out" ] || wrong "stdout is not empty: $(head -c 300 "$dir/out")"; }
err_empty() { [ ! -s "$dir/err" ] || wrong "stderr is not empty: $(head -c 300 "$dir/err")"; }
is_json() { python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$1" || wrong "no JSON: $(head -c 300 "$1")"; }

# Every command has its help, in three ways, and stands in the overview, the manual and completion.
expect 0 help --completion
cp "$dir/out" "$dir/completion"
expect 0 help --man
cp "$dir/out" "$dir/man"
expect 0 help
cp "$dir/out" "$dir/overview"
commands=$(sed -n 's/^    words="\(.*\)"$/\1/p' "$dir/completion" | head -n 1)
[ -n "$commands" ] || wrong "no commands"
for command in $commands; do
    grep -q "^  $command " "$dir/overview" || wrong "$command is in no group of the overview"
    grep -qF ".SS holdfast $command" "$dir/man" || wrong "$command is not in the manual"
    expect 0 "$command" --help
    err_empty
    out_has "holdfast $command"
    cp "$dir/out" "$dir/help"
    expect 0 help "$command"
    cmp -s "$dir/out" "$dir/help" || wrong "help $command and $command --help differ"
    expect 2 "$command" --no-such-option --json
    out_empty
    err_has "--no-such-option"
    cat "$dir/err" >>"$dir/errors"
done
python3 -c 'import json, sys; [json.loads(line)["error"]["status"] for line in open(sys.argv[1])]' "$dir/errors" ||
    wrong "an error with --json is no JSON"
# One parser serves all: what it refuses needs one command.
expect 0 version -h
expect 2 version --no-such-option
out_empty
expect 2 version --threads
expect 2 version --threads x
expect 2 version --threads 9999
err_has "out of range"
expect 2 version --json=yes
expect 2 version -z
bash -n "$dir/completion" || wrong "the completion is no bash script"
expect 0 --help
cmp -s "$dir/out" "$dir/overview" || wrong "--help and help differ"

# No command, a wrong one, a near one.
expect 2
out_empty
err_has "usage:"
expect 2 nonsense
err_has "unknown command 'nonsense'"
expect 2 nonsense --json
is_json "$dir/err"
expect 2 versoin
err_has "did you mean 'version'"
expect 2 help nonsense
expect 2 version extra
err_has "one argument too many"
expect 2 version --jsno
err_has "did you mean --json"

# Names that are not UTF-8 still give JSON.
expect 2 $'no\xff\xc0"\\\n\x01' --json
is_json "$dir/err"

# Versions.
expect 0 --version
grep -qE '^holdfast [0-9]+\.[0-9]+\.[0-9]+$' "$dir/out" || wrong "no version line"
expect 0 version --json
is_json "$dir/out"
err_empty
out_has '"libutf8proc"'

# Output that cannot be written is an error that is said.
for command in version help; do
    cases=$((cases + 2))
    "$holdfast" "$command" >/dev/full 2>"$dir/err" && wrong "$command: a full disk is no error"
    err_has "cannot write"
    { sleep 0.2; "$holdfast" "$command" 2>"$dir/err" && echo written >"$dir/written"; } | true
    [ ! -e "$dir/written" ] || wrong "$command: a closed pipe is no error"
done
"$holdfast" version --json >/dev/full 2>"$dir/err"
is_json "$dir/err"

echo "$cases cases"
exit "$failed"
