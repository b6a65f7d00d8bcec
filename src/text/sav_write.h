/* SPDX-License-Identifier: MIT */
/* Writing SPSS data files (.sav): numbers and texts, row by row, cell by cell. */
#ifndef HF_TEXT_SAV_WRITE_H
#define HF_TEXT_SAV_WRITE_H

#include "text/sink.h"

enum { HF_I_SAV_TEXT_BYTES = 32767 }; /* longer texts are cut between characters */

typedef struct hf_i_sav_column {
    const char *name;  /* as SPSS has it: a letter first, then letters, digits, _ . ; at most 64 */
    const char *label; /* may be NULL */
    size_t width;      /* 0: a number; else the most bytes a text has */
} hf_i_sav_column;

typedef struct hf_i_sav_writer hf_i_sav_writer;

bool hf_i_sav_available(void); /* in this build */
/* Fails with HF_E_UNSUPPORTED without ReadStat, HF_E_RANGE on a name that SPSS has no place for. */
hf_status hf_i_sav_open(hf_i_sav_writer **out, hf_ctx *ctx, hf_i_sink sink, const char *title,
                        const hf_i_sav_column *columns, size_t count, uint64_t rows);
/* The cells of a row in order; each row must be complete. What is not finite, and a missing text,
 * is system-missing or empty. Text that is not UTF-8 gets U+FFFD. */
void hf_i_sav_real(hf_i_sav_writer *w, double x);
void hf_i_sav_text(hf_i_sav_writer *w, const char *text, size_t size);
void hf_i_sav_missing(hf_i_sav_writer *w);
void hf_i_sav_end_row(hf_i_sav_writer *w);
/* The first failure, and how many texts were cut. Frees the writer. */
hf_status hf_i_sav_finish(hf_i_sav_writer *w, uint64_t *cut);

#endif
