#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# holdfast read on the command line: what it prints, and what it refuses and how. labels: cli
# with: LIBZIP
set -u
holdfast=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
bad=0

# refuses CODE WORDS FILE [OPTION...]: exit code, words in the message, nothing on stdout.
refuses() {
    local code=$1 words=$2
    shift 2
    "$holdfast" read "$@" >out 2>err
    local got=$?
    if [ "$got" != "$code" ] || ! grep -q -- "$words" err || [ -s out ]; then
        echo "read $*: exit $got, expected $code and '$words':"
        cat err
        bad=1
    fi
}

# says PATTERN FILE [OPTION...]: exit 0 and a line of stdout that matches.
says() {
    local pattern=$1
    shift
    if ! "$holdfast" read "$@" >out 2>err || ! grep -qE -- "$pattern" out; then
        echo "read $*: no line '$pattern'"
        head -n 5 out err
        bad=1
    fi
}

printf '31/12/24, 10:00 - Ann: hello\n31/12/24, 10:01 - Ben: hi\n' >chat.txt
: >empty.txt
head -c 3000 /dev/urandom >binary.bin
printf 'x\0y' >>binary.bin
printf 'some words\nand more\n' >words.txt
printf '  \n\n' >blank.txt
printf 'PK\3\4%0200d' 0 >cut.zip
{
    printf '31/12/24, 10:00 - Ann: '
    head -c 70000000 /dev/zero | tr '\0' a
} >long.txt
{
    printf '31/12/24, 10:00 - Ann: '
    for _ in 1 2 3; do
        head -c 9000000 /dev/zero | tr '\0' a
        echo
    done
} >big.txt
printf '{"name":"B","type":"personal_chat","id":1,"messages":[{"id":1,"from_id":"u","text":"x"' >cut.json

refuses 1 'the file is empty' empty.txt
refuses 1 'binary' binary.bin
refuses 1 'no source that Holdfast knows' words.txt
refuses 1 'nothing but blanks' blank.txt
refuses 1 'cut off or damaged' cut.zip
refuses 1 'line 1, byte 0: a line has more than' long.txt
refuses 1 'line 1, byte 0: a message has more than' big.txt
refuses 1 'byte 86: the file ends in the middle' cut.json
refuses 1 'cannot open' missing.txt
refuses 2 "no format 'x'" chat.txt --format x
refuses 2 'not one of the choices' chat.txt --date-order xyz
refuses 2 'does not name one person twice' chat.txt --same Ann
refuses 1 'there is no chat' chat.txt --chat 5

says '^messages +2$' chat.txt
says '"date_order":"dmy","date_ambiguous":false' chat.txt --json
says '"sender":"Ben","kind":"text","text":"hi"' chat.txt --jsonl
says '^chat.txt.*2 messages.*2 people' chat.txt --list-chats
says '"sender":"Ann"' chat.txt --jsonl --same Ann=Ben
if [ "$("$holdfast" read chat.txt --jsonl --same Ann=Ben | grep -c '"sender":"Ann"')" != 2 ]; then
    echo "--same does not join two names"
    bad=1
fi
# Two exports that overlap: what stands in both counts once, and ids stay.
printf '31/12/24, 10:01 - Ben: hi\n31/12/24, 10:02 - Ann: bye\n' >later.txt
says '"messages":3,.*"duplicates":1' later.txt chat.txt --json
a=$("$holdfast" read chat.txt --jsonl | sed -n 's/.*"id":"\([0-9a-f]*\)".*"hi".*/\1/p')
b=$("$holdfast" read later.txt --jsonl | sed -n 's/.*"id":"\([0-9a-f]*\)".*"hi".*/\1/p')
if [ -z "$a" ] || [ "$a" != "$b" ]; then
    echo "the same message has the ids $a and $b"
    bad=1
fi
# The id as documented, by another implementation.
if command -v python3 >/dev/null; then
    want=$(python3 -c 'import hashlib
parts = ["2024-12-31T10:01:00", "Ben", "text", "hi", "0"]
print(hashlib.blake2b(b"".join(p.encode() + b"\x1f" for p in parts)).hexdigest()[:16])')
    if [ "$a" != "$want" ]; then
        echo "the id is $a, not $want"
        bad=1
    fi
fi
# A folder of two chats.
mkdir two
cp chat.txt later.txt two/
refuses 2 'there are 2 chats here: chat.txt, later.txt' two
says '^messages +2$' two --chat later.txt
# Zip archives.
if command -v python3 >/dev/null; then
    python3 - <<'P'
import zipfile
z = zipfile.ZipFile("chat.zip", "w", zipfile.ZIP_DEFLATED)
z.write("later.txt", "shared notes.txt")
z.write("chat.txt", "_chat.txt")
z.writestr("a.jpg", b"x")
z.close()
z = zipfile.ZipFile("bomb.zip", "w", zipfile.ZIP_DEFLATED)
z.writestr("_chat.txt", b"a" * 50000000)
z.close()
b = open("chat.zip", "rb").read()
open("half.zip", "wb").write(b[: len(b) // 2])
z = zipfile.ZipFile("none.zip", "w")
z.writestr("a.jpg", b"x")
z.close()
P
    says '_chat.txt' chat.zip --json
    says '^messages +2$' chat.zip
    refuses 1 'more than 200 times' bomb.zip
    refuses 1 'cut off or damaged' half.zip
    refuses 1 'no chat was found' none.zip
fi
exit "$bad"
