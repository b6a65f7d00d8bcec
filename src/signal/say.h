/* SPDX-License-Identifier: MIT */
/* Making one finding: consent and 'not enough data' are seen to here, for all of them. */
#ifndef HF_SIGNAL_SAY_H
#define HF_SIGNAL_SAY_H

#include "signal/analysis.h"

enum { HF_I_SAY_VALUES = 16 };

typedef struct hf_i_statement {
    const char *key;      /* "reply_time": the id is key.partner[.part] */
    const char *part;     /* "recent", or NULL */
    const char *text_key; /* NULL: key */
    const char *mechanism, *unit;
    char grade;
    hf_output output;
    int about; /* 0, 1; 2: both */
    bool enough;
    bool seen; /* the interval excludes the null of this dyad's own data */
    double estimate, lo, hi, base_rate;
    uint64_t n;
    const uint32_t *examples; /* [HF_I_EXAMPLES] turns, HF_I_NO_TURN ends; may be NULL */
    hf_finding_value values[HF_I_SAY_VALUES];
    size_t value_count;
} hf_i_statement;

void hf_i_statement_init(hf_i_statement *s, const char *key, const char *mechanism, char grade,
                         hf_output output, int about);
void hf_i_statement_value(hf_i_statement *s, const char *key, double number);
void hf_i_statement_text(hf_i_statement *s, const char *key, const char *text);

/* Adds the finding: held back where consent says so, without numbers where there is not enough
 * data, else with its examples, which become cited turns. */
hf_status hf_i_say(hf_analysis *a, const hf_i_statement *s);

/* Makes a turn one that the document cites, its words as consent allows. */
hf_status hf_i_cite(hf_analysis *a, uint32_t turn);

#endif
