# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What the scripts share. Each script starts with:  . "$(dirname "$0")/lib.sh"
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

jobs=$(nproc)

# A compiler cache makes a second build cheap; it is never required.
if command -v ccache >/dev/null && [ -z "${CMAKE_C_COMPILER_LAUNCHER:-}" ]; then
    export CMAKE_C_COMPILER_LAUNCHER=ccache
fi

die() {
    echo "$(basename "$0"): $*" >&2
    exit 1
}

# The help of a script is the comment at its head.
usage() {
    sed -n '3,/^[^#]/{s/^# \{0,1\}//p}' "$0"
}

# quiet LOG COMMAND...: the output goes to build/log/LOG and is shown only when the command fails.
quiet() {
    local log=build/log/$1 code=0
    shift
    mkdir -p build/log
    "$@" >"$log" 2>&1 </dev/null || code=$?
    if [ "$code" -ne 0 ]; then
        echo "--- failed ($code): $*" >&2
        grep -nE 'error|warning|FAILED' "$log" | head -n 40 >&2 || true
        echo "--- end of $log" >&2
        tail -n 40 "$log" >&2
    fi
    return "$code"
}

# build PRESET [TARGET...]: configures and builds it; cache variables may stand in $define.
build() {
    local preset=$1
    shift
    # shellcheck disable=SC2086 # words are wanted
    quiet "$preset.configure.log" cmake --preset "$preset" ${define:-} &&
        quiet "$preset.build.log" cmake --build "build/$preset" -j "$jobs" ${1:+--target "$@"}
}
