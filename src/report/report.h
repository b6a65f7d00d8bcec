/* SPDX-License-Identifier: MIT */
#ifndef HF_REPORT_REPORT_H
#define HF_REPORT_REPORT_H

#include <holdfast/report.h>

#include "text/json_tree.h"
#include "text/sink.h"

hf_status hf_i_report_document(const hf_findings *findings, hf_i_sink sink);

/* The sentence of a key with values put in (unit: of before and after, may be NULL); NULL when
 * there is none. Borrowed until the next. */
hf_status hf_i_sentences_key(hf_sentences *s, const char *key, const hf_finding_value *values,
                             size_t count, const char *unit, const char **out);
/* Room for several sentences, of the same lifetime. */
hf_i_buf *hf_i_sentences_buffer(hf_sentences *s);

/* The figure 'suggestion' read again. */
enum { HF_I_SUGGESTION_VALUES = 8 };
typedef struct hf_i_suggestion {
    hf_i_json_tree tree;
    hf_i_arena texts;
    bool there, neutral;
    const char *text_key, *grade, *practice; /* of the one shown; practice may be NULL */
    const char *title, *text;                /* a rule's own words, or NULL */
    hf_finding_value values[HF_I_SUGGESTION_VALUES];
    size_t value_count;
} hf_i_suggestion;
hf_status hf_i_suggestion_read(hf_i_suggestion *out, hf_ctx *ctx, const hf_findings *findings);
void hf_i_suggestion_dispose(hf_i_suggestion *suggestion);
/* "guide.x" with an ending, in words. */
hf_status hf_i_suggestion_say(const hf_i_suggestion *suggestion, hf_sentences *sentences,
                              const char *part, const char **out);

#endif
