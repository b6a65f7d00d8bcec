/* SPDX-License-Identifier: MIT */
#ifndef HF_RECORD_FORMATS_CHA_H
#define HF_RECORD_FORMATS_CHA_H

#include "record/formats/lines.h"

enum { HF_I_CHA_SPEAKERS = 64 };

/* A logical line: its first line and the continuation lines that begin with a tab. */
typedef struct hf_i_cha_line {
    hf_text text; /* from the first byte to the last, line ends within */
    hf_text name; /* "*CHI", "@ID", "%mor" */
    hf_text body; /* behind the colon and tab */
    uint64_t byte, line;
    bool colon;
} hf_i_cha_line;

typedef struct hf_i_cha {
    hf_i_reader *reader;
    hf_i_blob blob;
    hf_i_lines lines;
    bool have, begun, ended, spoke, has_ca, options, after_id;
    hf_text codes[HF_I_CHA_SPEAKERS], roles[HF_I_CHA_SPEAKERS];
    bool identified[HF_I_CHA_SPEAKERS];
    int64_t last_end[HF_I_CHA_SPEAKERS];
    size_t speakers;
    uint64_t participants_line, participants_byte;
    int64_t last_start;
    hf_text languages;
    hf_text gems; /* the label of the open @Bg */
    bool gem_open;
    char terminator; /* of the main line, for its %mor */
    size_t rows;
    hf_i_buf text; /* of one utterance */
} hf_i_cha;

/* cha_check.c: what is wrong with a line becomes a warning at that line. */
hf_status hf_i_cha_check_header(hf_i_cha *c, const hf_i_cha_line *l);
hf_status hf_i_cha_check_main(hf_i_cha *c, const hf_i_cha_line *l);
hf_status hf_i_cha_check_tier(hf_i_cha *c, const hf_i_cha_line *l);
hf_status hf_i_cha_warn(hf_i_cha *c, const hf_i_cha_line *l, const char *what);
size_t hf_i_cha_speaker(const hf_i_cha *c, hf_text code); /* c->speakers: not declared */
/* The next word of a body at *at: blanks divide, brackets and bullets are words of their own. */
bool hf_i_cha_word(hf_text body, size_t *at, hf_text *word);
/* Bullets "\x15 1000_2000 \x15" at a word. */
bool hf_i_cha_bullet(hf_text word, int64_t *start, int64_t *end);

#endif
