/* SPDX-License-Identifier: MIT */
/* Turns and exchanges: the one shape that signals, acts of the text model and phases hang on.
 *
 * line: one message of one of the two partners, in time order. turn: consecutive lines of one
 * partner within an exchange. exchange: a conversation, split from the next by a gap that the
 * dyad's own rhythm sets (science/measures 3.1, 3.2).
 *
 * Units: t in ms, of the record's own clock. Missing: HF_NO_TIME where the record has no time; then
 * every turn belongs to one exchange. */
#ifndef HF_SIGNAL_TURNS_H
#define HF_SIGNAL_TURNS_H

#include <holdfast/record.h>

#include "base/base.h"

typedef struct hf_i_line {
    int64_t t;
    hf_text text;     /* borrowed from the record */
    uint32_t message; /* index in the record */
    uint8_t partner;  /* 0: a, 1: b; 2, apart only: someone else */
    uint8_t kind;     /* hf_message_kind */
    bool forms_turn;  /* else it only answers one: reactions and calls */
} hf_i_line;

typedef struct hf_i_turn {
    int64_t t_start, t_end; /* of its first and last line */
    uint32_t first, count;  /* lines that form it, in lines[] (which holds nothing between them) */
    uint32_t exchange;
    uint32_t words;
    uint32_t letters;
    uint8_t partner;
    uint8_t language; /* hf_i_language */
    bool flagged;     /* its exchange is left out for safety: no statement, no example */
    bool has_text;
} hf_i_turn;

typedef struct hf_i_exchange {
    uint32_t first, count; /* turns */
    int64_t t_start, t_end;
    uint8_t opener;
    bool flagged;
} hf_i_exchange;

typedef struct hf_i_turns {
    hf_ctx *ctx;
    hf_i_line *lines; /* those that form turns, in time order */
    size_t line_count, line_cap;
    hf_i_line *answers; /* reactions and calls, in time order */
    size_t answer_count, answer_cap;
    hf_i_line *apart; /* texts of no turn and no answer; for the safety pass alone */
    size_t apart_count, apart_cap;
    hf_i_turn *turns;
    size_t turn_count, turn_cap;
    hf_i_exchange *exchanges;
    size_t exchange_count, exchange_cap;
    bool timed;
    uint32_t res_ms; /* resolution of the stamps */
    double gap_ms;   /* what split the exchanges */
    int64_t t_first, t_last;
} hf_i_turns;

void hf_i_turns_init(hf_i_turns *turns, hf_ctx *ctx);
void hf_i_turns_dispose(hf_i_turns *turns);

/* Room for so many lines. */
hf_status hf_i_turns_reserve(hf_i_turns *turns, size_t lines);
/* Adds one message; they must come in time order (or
 * hf_i_turns_restore_order be called behind the last). Rows that are no contact (edit, system,
 * note) are the caller's to leave out. */
hf_status hf_i_turns_add(hf_i_turns *turns, const hf_i_line *line);
/* Adds a text that only the safety pass looks at; partner 2 for anyone else or nobody. */
hf_status hf_i_turns_add_apart(hf_i_turns *turns, const hf_i_line *line);

/* Sorts lines that were added out of time order. Fast when few are. */
void hf_i_turns_restore_order(hf_i_turns *turns);

/* Splits the lines into turns and exchanges at gaps longer than gap_ms. May be called again with
 * another gap; turn.words, .letters, .language and .flagged start at zero. */
hf_status hf_i_turns_split(hf_i_turns *turns, double gap_ms);

/* How many exchanges each partner opens at another gap, without changing anything. */
void hf_i_turns_count_openings(const hf_i_turns *turns, double gap_ms, uint64_t openings[2]);

#endif
