#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# labels: header
# Installed into an empty prefix, the library serves a program that knows only pkg-config.
set -u
build=$(dirname "$1")
if grep -q '^HF_SANITIZE:STRING=.\|--coverage' "$build/CMakeCache.txt"; then
    echo "skipped: an instrumented library needs an instrumented program"
    exit 77
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() {
    echo "$*"
    exit 1
}

cmake --install "$build" --prefix "$dir/prefix" >"$dir/log" 2>&1 || { cat "$dir/log" && fail "cannot install"; }
pc=$(find "$dir/prefix" -name holdfast.pc)
[ -n "$pc" ] || fail "no holdfast.pc"
export PKG_CONFIG_PATH=${pc%/*}
cat >"$dir/program.c" <<'PROGRAM'
#include <holdfast/holdfast.h>
#include <stdio.h>
int main(void)
{
    hf_ctx *ctx;
    if (hf_ctx_new(&ctx, NULL) != HF_OK)
        return 1;
    puts(hf_version());
    hf_ctx_free(ctx);
    return 0;
}
PROGRAM
want=$(pkg-config --modversion holdfast)
if find "$dir/prefix" -name 'libholdfast.so' | grep -q .; then
    # shellcheck disable=SC2046 # words are wanted
    cc -std=c99 -o "$dir/shared" "$dir/program.c" $(pkg-config --cflags --libs holdfast) || fail "cannot link the shared library"
    libdir=$(pkg-config --variable=libdir holdfast)
    [ "$(LD_LIBRARY_PATH=$libdir "$dir/shared")" = "$want" ] || fail "the shared library says another version"
    readelf -d "$libdir/libholdfast.so" | grep -q 'SONAME.*libholdfast\.so\.[0-9]' || fail "no SONAME with a version"
fi
mkdir "$dir/static"
cp "$(find "$dir/prefix" -name libholdfast.a)" "$dir/static/" || fail "no static library"
# shellcheck disable=SC2046
cc -std=c99 -o "$dir/program" "$dir/program.c" $(pkg-config --cflags holdfast) "-L$dir/static" \
    $(pkg-config --libs --static holdfast | sed "s|-L[^ ]*prefix[^ ]*||") || fail "cannot link the static library"
[ "$("$dir/program")" = "$want" ] || fail "the static library says another version"
[ "$("$dir/prefix/bin/holdfast" version | head -n 1)" = "holdfast $want" ] || fail "the installed command does not run"
echo "installed, compiled, run: $want"
