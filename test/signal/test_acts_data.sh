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

# agreement FILE FILE COLUMN LIST: Cohen's kappa per label between two coders, printed, not judged here.
agreement()
{
    [ -e "$2" ] || return 0
    paste "$1" "$2" | awk -F'\t' -v c="$3" -v list="$4" -v name="$2" '
        FNR == 1 { half = NF / 2; k = split(list, label, ","); next }
        { n++
          for (i = 1; i <= k; i++) {
              a = index("," $c ",", "," label[i] ",") > 0
              b = index("," $(c + half) ",", "," label[i] ",") > 0
              na[i] += a; nb[i] += b; same[i] += a == b } }
        END { for (i = 1; i <= k; i++) {
                  chance = (na[i] * nb[i] + (n - na[i]) * (n - nb[i])) / (n * n)
                  if (chance < 1)
                      printf "%s: %-14s a %4d b %4d kappa %.2f\n", name, label[i], na[i], nb[i], (same[i] / n - chance) / (1 - chance) } }'
}

# ---- turns ----
plain_table acts/turns.tsv 4
[ -z "$(cut -f1 acts/turns.tsv | sort | uniq -d)" ] || fail "an id stands twice in turns.tsv"
awk -F'\t' 'FNR > 1 { n++; s[$2] = 1; if ($4 == "") empty++
                      if (split($4, w, / +/) > 40) { print "too long: " $1; bad = 1 } }
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

agreement acts/coder_a.tsv acts/coder_b.tsv 2 "$acts,none"
agreement acts/coder_a.tsv acts/coder_b.tsv 3 "$tags"
agreement acts/coder_a.tsv acts/coder_b.tsv 4 "$needs"

# ---- dialogues ----
plain_table dialogues/dialogues.tsv 5
awk -F'\t' '
    FNR > 1 {
        if ($1 != d) { if (d != "" && (n < 14 || n > 40)) { print d ": " n " turns"; bad = 1 }
                       if ($1 in seen) { print $1 " stands in two places"; bad = 1 }
                       d = $1; seen[d] = 1; k++; n = 0; last = "" }
        if ($2 != ++n) { print d ": turn " $2 " where " n " was due"; bad = 1 }
        if ($3 !~ /^20[0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]$/ || $3 <= last) {
            print d ", turn " n ": time " $3; bad = 1 }
        if ($4 != "a" && $4 != "b") { print d ", turn " n ": sender " $4; bad = 1 }
        last = $3; total++
    }
    END { print total " turns in " k " dialogues"; exit bad || k < 60 || n < 14 || n > 40 }' \
    dialogues/dialogues.tsv || fail "dialogues.tsv: too few, out of order, or outside 14 to 40 turns"

for c in a b; do
    coder=dialogues/coder_$c.tsv episodes=dialogues/episodes_$c.tsv
    [ $c = b ] && [ ! -e $coder ] && continue
    plain_table $coder 4
    plain_table $episodes 8
    same_keys dialogues/dialogues.tsv $coder 1,2
    known $coder 3 "$phases"
    known $coder 4 "$acts,none"
    for column in 4 5 6 7; do
        known $episodes $column a,b,both,none
    done
    known $episodes 8 yes,no,none
    # An episode lies within its dialogue and holds protection; outside of episodes there is none.
    awk -F'\t' '
        FILENAME ~ /episodes/ { if (FNR > 1) { k++; dlg[k] = $1; from[k] = $2; to[k] = $3 } next }
        FNR > 1 {
            inside = 0
            for (i = 1; i <= k; i++) if (dlg[i] == $1 && $2 + 0 >= from[i] + 0 && $2 + 0 <= to[i] + 0) { inside = i; if ($3 == "protection") held[i] = 1 }
            if (!inside && $3 == "protection") { print $1 ", turn " $2 ": protection outside an episode"; bad = 1 }
            if (inside && $2 == to[inside]) closed[inside] = 1
            calm[$1] += 0
        }
        END { for (i = 1; i <= k; i++) { with[dlg[i]] = 1
                  if (!held[i] || !closed[i]) { print "episode " i " of " dlg[i] " is empty or ends outside"; bad = 1 } }
              for (d in calm) if (!(d in with)) free++
              print free + 0 " dialogues without a cycle"
              exit bad || free < 15 }' $episodes $coder || fail "$episodes does not fit $coder"
done

agreement dialogues/coder_a.tsv dialogues/coder_b.tsv 3 "$phases"
agreement dialogues/coder_a.tsv dialogues/coder_b.tsv 4 "$acts,none"

exit $failed
