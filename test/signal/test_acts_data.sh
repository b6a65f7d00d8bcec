#!/bin/bash
# SPDX-License-Identifier: MIT
# labels: golden
# The own annotated sets hold together: ids unique, labels from the manual's lists, enough of each.
# A second coder's file is held to the same rules as soon as it is there.
set -u
cd "$2/data" || exit 1
failed=0
fail() { echo "FAIL: $*"; failed=1; }

acts=need,disclosure,hard_emotion,blame,contempt,defence,disengage,reassurance,space,support,acknowledge,repair,question,boundary,logistics,safety
tags=accessible,responsive,engaged
needs=heard,appreciated,safe,wanted,space,respect,help,fairness,touch
phases=connection,need,emotion,protection,distance,repair

# plain_table FILE COLUMNS: UTF-8, no carriage returns, the same number of cells everywhere.
plain_table()
{
    [ -s "$1" ] || { fail "$1 is missing or empty"; return; }
    iconv -f UTF-8 -t UTF-8 "$1" >/dev/null || fail "$1 is not UTF-8"
    grep -q $'\r' "$1" && fail "$1 has carriage returns"
    awk -F'\t' -v n="$2" 'NF != n { print FILENAME ":" FNR ": " NF " cells, not " n; bad = 1 }
                          END { exit bad }' "$1" || fail "$1 is no table of $2 columns"
}

# known FILE COLUMN LIST: every comma-separated label of a column is in the list, none twice in a cell.
known()
{
    awk -F'\t' -v c="$2" -v list="$3" '
        BEGIN { k = split(list, a, ","); for (i = 1; i <= k; i++) ok[a[i]] = 1 }
        FNR > 1 && $c != "" {
            m = split($c, l, ","); split("", seen)
            for (i = 1; i <= m; i++) {
                if (!(l[i] in ok)) { print FILENAME ":" FNR ": unknown label " l[i]; bad = 1 }
                if (seen[l[i]]++) { print FILENAME ":" FNR ": " l[i] " twice"; bad = 1 }
            }
        }
        END { exit bad }' "$1" || fail "labels in column $2 of $1"
}

# same_keys FILE FILE COLUMNS: both have the same first columns in the same order.
same_keys()
{
    diff -q <(cut -f"$3" "$1") <(cut -f"$3" "$2") >/dev/null || fail "$1 and $2 do not hold the same turns"
}

# ---- turns ----
plain_table acts/turns.tsv 4
[ -z "$(cut -f1 acts/turns.tsv | sort | uniq -d)" ] || fail "an id stands twice in turns.tsv"
awk -F'\t' 'FNR > 1 { n++; s[$2] = 1; if ($4 == "") empty++
                      if (split($4, w, / +/) > 60) { print "too long: " $1; bad = 1 } }
            END { for (i in s) k++
                  print n " turns in " k " scenarios"
                  exit !(n >= 2000 && k >= 120 && !empty && !bad) }' acts/turns.tsv \
    || fail "turns.tsv is too small, or has empty or overlong turns"
# Scenarios are the units of splitting: each stands in one piece.
awk -F'\t' 'FNR > 1 && $2 != last { if ($2 in seen) { print $2; bad = 1 } seen[$2] = 1; last = $2 }
            END { exit bad }' acts/turns.tsv || fail "a scenario stands in two places"

for coder in acts/coder_a.tsv acts/coder_b.tsv; do
    [ "$coder" = acts/coder_b.tsv ] && [ ! -e "$coder" ] && continue
    plain_table "$coder" 4
    same_keys acts/turns.tsv "$coder" 1
    known "$coder" 2 "$acts,none"
    known "$coder" 3 "$tags"
    known "$coder" 4 "$needs"
    awk -F'\t' 'FNR > 1 && $2 ~ /none/ && $2 != "none" { print FILENAME ":" FNR ": none with others"; bad = 1 }
                FNR > 1 && $2 == "" { print FILENAME ":" FNR ": no act cell"; bad = 1 }
                END { exit bad }' "$coder" || fail "$coder: none stands alone, and no cell is empty"
done

# Enough examples of each label (coder a).
awk -F'\t' -v acts="$acts" -v needs="$needs" '
    FNR > 1 { m = split($2, l, ","); for (i = 1; i <= m; i++) act[l[i]]++
              m = split($4, l, ","); for (i = 1; i <= m; i++) need[l[i]]++
              if ($2 == "none" || $2 == "logistics") plain++ }
    END { k = split(acts, a, ","); for (i = 1; i <= k; i++) if (act[a[i]] < 90) { print a[i] ": " act[a[i]] + 0; bad = 1 }
          k = split(needs, a, ","); for (i = 1; i <= k; i++) if (need[a[i]] < 50) { print a[i] ": " need[a[i]] + 0; bad = 1 }
          if (plain < 500) { print "plain turns: " plain + 0; bad = 1 }
          exit bad }' acts/coder_a.tsv || fail "too few examples of a label"

exit $failed
