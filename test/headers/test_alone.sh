#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# labels: header
# Each public header compiles alone, as C99 and as C++, without a warning.
set -u
source=$2
strict=(-Wall -Wextra -Wpedantic -Wundef -Wshadow -Werror -fsyntax-only "-I$source/include")
failed=0
count=0
for header in "$source"/include/holdfast/*.h; do
    name=holdfast/$(basename "$header")
    count=$((count + 1))
    printf '#include <%s>\nint unused_c(void);\n' "$name" | "${CC:-cc}" -std=c99 "${strict[@]}" -x c - ||
        { echo "$name: not clean C99" && failed=1; }
    if command -v "${CXX:-c++}" >/dev/null; then
        printf '#include <%s>\n' "$name" | "${CXX:-c++}" -std=c++11 "${strict[@]}" -x c++ - ||
            { echo "$name: not clean C++" && failed=1; }
    else
        echo "no C++ compiler: only C99 was tried"
    fi
done
echo "$count headers"
[ "$count" -gt 0 ] && exit "$failed"
