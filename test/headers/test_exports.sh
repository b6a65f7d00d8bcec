#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# labels: header
# The shared library exports what the public headers declare and nothing else; the library has no
# global mutable state.
set -u
build=$(dirname "$1")
source=$2
failed=0
if grep -q '^HF_SANITIZE:STRING=.\|--coverage' "$build/CMakeCache.txt"; then
    echo "skipped: an instrumented build has symbols and state of its own"
    exit 77
fi
[ -f "$build/libholdfast.so" ] || { echo "skipped: no shared library in this build" && exit 77; }

exported=$(nm -D --defined-only "$build/libholdfast.so" | awk '$2 != "A" {print $3}' | sed 's/@.*//' | sort)
declared=$(sed -n 's/.*HF_API.*[ *]\(hf_[a-z0-9_]*\)(.*/\1/p' "$source"/include/holdfast/*.h | sort -u)
extra=$(comm -23 <(echo "$exported") <(echo "$declared"))
absent=$(comm -13 <(echo "$exported") <(echo "$declared"))
[ -z "$extra" ] || { printf 'exported, but in no public header:\n%s\n' "$extra" && failed=1; }
[ -z "$absent" ] || { printf 'declared with HF_API, but not there:\n%s\n' "$absent" && failed=1; }

# .data and .bss of every object: constant tables with addresses stand in .data.rel.ro instead.
state=$(size -A "$build/libholdfast.a" | awk '
    / *:$|^[^ ].*ex / {object = $1}
    ($1 ~ /^\.(data|bss|tdata|tbss)/ && $1 !~ /^\.data\.rel\.ro/ && $2 > 0) {print object, $1, $2}')
[ -z "$state" ] || { echo "global mutable state:" && echo "$state" && failed=1; }
echo "$(echo "$exported" | wc -l) symbols exported"
exit "$failed"
