#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# labels: cli
# with: NLOPT
# Power studies: the same numbers for any number of threads, after an interruption and, where Open
# MPI is there, for any number of ranks.
set -eu
holdfast=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() { echo "FAILED: $*"; exit 1; }
effects() { sed 's/.*"effects"://' "$1"; }
plan="--dyads 20 --occasions 20 --replicates 24 --seed 3"

"$holdfast" power $plan --threads 1 --json --quiet >"$dir/one"
"$holdfast" power $plan --threads 3 --json --quiet >"$dir/three"
[ "$(effects "$dir/one")" = "$(effects "$dir/three")" ] || fail "threads change the numbers"

"$holdfast" power $plan --checkpoint "$dir/c" --json --quiet >"$dir/full"
[ "$(effects "$dir/one")" = "$(effects "$dir/full")" ] || fail "a checkpoint changes the numbers"
head -c $(($(wc -c <"$dir/c") / 2)) "$dir/c" >"$dir/cut" # killed in the middle of a line
"$holdfast" power $plan --checkpoint "$dir/cut" --json --quiet >"$dir/resumed"
[ "$(effects "$dir/one")" = "$(effects "$dir/resumed")" ] || fail "resuming changes the numbers"
grep -q '"resumed":0,' "$dir/resumed" && fail "nothing was resumed"
"$holdfast" power $plan --dyads 21 --checkpoint "$dir/c" --quiet 2>/dev/null && fail "took another study's checkpoint"

mpi=$(dirname "$holdfast")/holdfast-mpi
if [ -x "$mpi" ] && command -v mpirun >/dev/null; then
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  mpirun --oversubscribe -n 3 "$mpi" power $plan --checkpoint "$dir/m" >"$dir/mpi"
  [ "$(effects "$dir/one" | cut -c1-60)" = "$(effects "$dir/mpi" | cut -c1-60)" ] || fail "ranks change the numbers"
  rows_of() { tail -n +2 "$1" | sort; }
  [ "$(rows_of "$dir/c")" = "$(rows_of "$dir/m")" ] || fail "ranks change the replicates"
  head -c $(($(wc -c <"$dir/m") / 2)) "$dir/m" >"$dir/n.rank0" # a killed run of one rank
  mpirun --oversubscribe -n 2 "$mpi" power $plan --checkpoint "$dir/n" >"$dir/again"
  [ "$(rows_of "$dir/c")" = "$(rows_of "$dir/n")" ] || fail "a killed MPI run does not resume"
else
  echo "no Open MPI: that part was skipped"
fi
echo "1 passed, 0 failed"
