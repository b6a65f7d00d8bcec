/* SPDX-License-Identifier: MIT */
/* What is shown: the findings as one JSON document and as one page, and the tables beside them.
 * Nothing is computed here; what an output may hold is decided by the consent table. */
#ifndef HOLDFAST_REPORT_H
#define HOLDFAST_REPORT_H

#include <holdfast/guidance.h>
#include <holdfast/signal.h>

#ifdef __cplusplus
extern "C" {
#endif

/* findings.json: one document in the form of doc/schema/findings.schema.json. */
HF_API hf_status hf_report_write_json(const hf_findings *findings, hf_ctx *ctx, hf_outfile *file);

/* report.html: the page with the document inside; it makes no request of any network.
 * Errors: HF_E_LIMIT above 8 MB. */
HF_API hf_status hf_report_write_html(const hf_findings *findings, hf_ctx *ctx, hf_outfile *file);

/* messages.csv (a row a message of the two) and turns.csv (a row a turn). In solo the other
 * partner's rows hold time and length only. */
HF_API hf_status hf_report_write_messages(const hf_analysis *analysis, hf_ctx *ctx,
                                          hf_outfile *file);
HF_API hf_status hf_report_write_turns(const hf_analysis *analysis, hf_ctx *ctx, hf_outfile *file);

/* The same tables, and the series, as SPSS files. Reactions and calls are not among the messages.
 * Errors: HF_E_UNSUPPORTED without ReadStat. */
HF_API hf_status hf_report_write_messages_sav(const hf_analysis *analysis, hf_ctx *ctx,
                                              hf_outfile *file);
HF_API hf_status hf_report_write_turns_sav(const hf_analysis *analysis, hf_ctx *ctx,
                                           hf_outfile *file);
HF_API hf_status hf_report_write_signals_sav(const hf_analysis *analysis, hf_ctx *ctx,
                                             hf_outfile *file);

/* A finding in words, by the sentences of a language ("en"): *out is borrowed until the next call
 * with these sentences; NULL when there is no sentence for it. */
typedef struct hf_sentences hf_sentences;
HF_API hf_status hf_sentences_new(hf_sentences **out, hf_ctx *ctx, const char *language);
HF_API void hf_sentences_free(hf_sentences *sentences);
HF_API hf_status hf_sentences_say(hf_sentences *sentences, const hf_findings *findings,
                                  const hf_finding *finding, const char *const names[2],
                                  const char **out);

/* The suggestion in words, for the terminal; NULL when there is none. Borrowed as above. */
HF_API hf_status hf_sentences_say_suggestion(hf_sentences *sentences, const hf_findings *findings,
                                             const char **out);

/* The session sheet: one A4 page for the therapy hour. Safety has its own place on it and no
 * content: nothing of a private screen can come here, since the documents that are read do not
 * hold it. Errors: HF_E_USAGE (no policy, other people in the earlier document), HF_E_NOT_FOUND
 * (language). */
typedef struct hf_session_options {
    size_t size;
    const hf_findings *now;
    const hf_findings *earlier; /* may be NULL: what changed comes from 'now' alone */
    const hf_loop *loop;        /* may be NULL: room to write stays on the sheet */
    const char *policy;         /* on secrets, as recorded at intake: "none" or "limited" */
    const char *language;       /* "en", "de" */
    const char *made_on;
} hf_session_options;
#define HF_SESSION_OPTIONS_INIT                                                                      \
    {                                                                                              \
        sizeof(hf_session_options), NULL, NULL, NULL, NULL, "en", ""                                 \
    }
HF_API hf_status hf_session_write_html(hf_ctx *ctx, const hf_session_options *options,
                                     hf_outfile *file);

#ifdef __cplusplus
}
#endif
#endif
