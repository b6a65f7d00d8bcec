/* SPDX-License-Identifier: MIT */
/* What the words of each turn show: counts of word groups, questions, closers, content words,
 * language; and the safety pass over the same words. Filled in one walk over the text. */
#ifndef HF_SIGNAL_CONTENT_H
#define HF_SIGNAL_CONTENT_H

#include "signal/safety.h"
#include "signal/turns.h"

typedef struct hf_i_turn_content {
    uint16_t style[HF_I_STYLE_GROUPS]; /* words of each group, English lists */
    uint16_t i, you, we;
    uint16_t keys;    /* different content words */
    uint32_t first;   /* in hf_i_content.keys */
    bool question;    /* a question mark, or opens like an English question */
    bool closer;      /* needs no answer: "ok", emoji only, "good night", a sticker */
    bool follow_word; /* the question is short and leans on what came before: "why?", "and then?" */
    bool english;     /* the English lists hold for it */
} hf_i_turn_content;

/* Where the safety pass stopped: a turn by its first message, else the message itself. */
typedef struct hf_i_cue {
    uint32_t message;
    uint32_t classes; /* bits 1 << hf_i_safety_class */
    uint8_t partner;  /* 2: someone else */
} hf_i_cue;

typedef struct hf_i_content {
    hf_ctx *ctx;
    hf_i_turn_content *turns; /* [turn_count] */
    uint32_t *keys;           /* hashes of content words, ascending within a turn */
    size_t key_count, key_cap;
    uint64_t languages[2][HF_I_LANG_COUNT]; /* turns */
    uint32_t safety;                        /* bits 1 << hf_i_safety_class over all turns */
    hf_i_cue *cues; /* private: for the person at the keyboard alone */
    size_t cue_count, cue_cap;
    const bool *dismissed; /* [messages of the record] 'not about me'; borrowed, may be NULL */
} hf_i_content;

/* Fills content and words, letters, language and flagged of every turn (and flagged of the
 * exchanges: one cue flags its whole exchange). Cost: one walk over the text. */
hf_status hf_i_content_read(hf_i_content *content, hf_ctx *ctx, hf_i_turns *turns,
                            const hf_i_lexicon *lexicon, const hf_i_safety *safety,
                            const bool *dismissed);
/* Takes the cues of one text, unless it was dismissed (a minor's never is). *cues: what is left. */
hf_status hf_i_content_take_cues(hf_i_content *content, uint32_t message, int partner,
                                 uint32_t *cues);
/* safety_rest.c: the same pass over the texts that are no plain message; a part of the above. */
hf_status hf_i_content_check_rest(hf_i_content *content, hf_i_turns *turns,
                                  const hf_i_lexicon *lexicon, const hf_i_safety *safety);
void hf_i_content_dispose(hf_i_content *content);

/* Content words that two turns share. */
size_t hf_i_content_shared(const hf_i_content *content, size_t turn, size_t other);

#endif
