/* SPDX-License-Identifier: MIT */
/* Lines of a text source, with their places. Line ends: \n, \r\n, and a lone \r where the file has
 * no \n at all. */
#ifndef HF_RECORD_FORMATS_LINES_H
#define HF_RECORD_FORMATS_LINES_H

#include "record/format.h"

typedef struct hf_i_lines {
    /* The current line, without its end. */
    const char *text;
    size_t size;
    uint64_t byte, line; /* line from 1 */

    const char *data;
    size_t total, at;
    char end;
} hf_i_lines;

/* A UTF-8 mark at the start is skipped. */
void hf_i_lines_init(hf_i_lines *l, const char *data, size_t size);
/* False at the end. */
bool hf_i_lines_next(hf_i_lines *l);

static inline bool hf_i_line_is_blank(const hf_i_lines *l)
{
    for (size_t i = 0; i < l->size; i++)
        if (l->text[i] != ' ' && l->text[i] != '\t')
            return false;
    return true;
}

/* Small helpers on texts that need no NUL. */
hf_text hf_i_trimmed(hf_text t); /* without blanks (space, tab, CR, LF) around it */
bool hf_i_text_is(hf_text t, const char *word);
bool hf_i_starts_with(const char *text, size_t size, const char *prefix);
/* The same without regard to ASCII case. */
bool hf_i_text_is_nocase(hf_text t, const char *word);
/* Reads 1 to max digits at text[*at]; moves *at. False when there is none. */
bool hf_i_read_digits(const char *text, size_t size, size_t *at, int max, int64_t *out);

#endif
