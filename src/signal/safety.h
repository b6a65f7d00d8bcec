/* SPDX-License-Identifier: MIT */
/* The fixed safety pass (guidance-and-safety 3.1; doc/contracts.md 4): before anything is said
 * about a record, every turn is compared with the cue lists of data/safety. Rule-based, local,
 * tuned so that little is missed. It marks, it never judges: the exchange around a cue is left
 * out of every statement and example, and nothing written says why. */
#ifndef HF_SIGNAL_SAFETY_H
#define HF_SIGNAL_SAFETY_H

#include "signal/words.h"

#define HF_I_SAFETY_LIST(X)                                                                        \
    X(SUICIDE, "suicide")                                                                          \
    X(SELF_HARM, "self_harm")                                                                      \
    X(THREAT, "threat")                                                                            \
    X(COERCION, "coercion")                                                                        \
    X(VIOLENCE, "violence")                                                                        \
    X(MINOR, "minor")

typedef enum hf_i_safety_class {
#define HF_I_SAFETY_ENUM(name, text) HF_I_SAFETY_##name,
    HF_I_SAFETY_LIST(HF_I_SAFETY_ENUM)
#undef HF_I_SAFETY_ENUM
        HF_I_SAFETY_COUNT
} hf_i_safety_class;

const char *hf_i_safety_name(hf_i_safety_class c);

typedef struct hf_i_safety hf_i_safety;

/* Loads the cue lists; their words are added to the lexicon. */
hf_status hf_i_safety_new(hf_i_safety **out, hf_ctx *ctx, hf_i_lexicon *lexicon);
void hf_i_safety_free(hf_i_safety *safety);
size_t hf_i_safety_count_rules(const hf_i_safety *safety);

/* Bits 1 << class of the cues in one turn; text is what the words were made from (for numbers).
 * A cue of a minor, which stops a whole run, is looked for with the list of the turn's own
 * language (all lists where that is unknown); everything else with all lists. */
uint32_t hf_i_safety_check(const hf_i_safety *safety, const hf_i_words *words, const char *text,
                           hf_i_language language);

#endif
