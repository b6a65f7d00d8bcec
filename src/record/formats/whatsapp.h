/* SPDX-License-Identifier: MIT */
/* The parts of the WhatsApp reader: the line header, the order of day and month, the words that
 * the app itself writes, who wrote. */
#ifndef HF_RECORD_FORMATS_WHATSAPP_H
#define HF_RECORD_FORMATS_WHATSAPP_H

#include "record/format.h"

/* ---- the header of a line: whatsapp_header.c ---------------------------------------------- */

typedef enum hf_i_wa_layout {
    HF_I_WA_BRACKET, /* [date, time] author: text     (iOS) */
    HF_I_WA_DASH,    /* date, time - author: text     (Android) */
    HF_I_WA_BARE     /* date time: author: text       (old exports; the colon may be missing) */
} hf_i_wa_layout;

typedef struct hf_i_wa_header {
    uint16_t num[3];              /* the three numbers of the date as they stand */
    uint8_t hour, minute, second; /* second 63: none */
    uint8_t layout;
    char separator;   /* between the numbers: / . - */
    bool year_first;  /* the first number has four digits */
    bool year_long;   /* the year has four digits */
    bool padded;      /* a number below 10 has a leading zero */
    bool unpadded;    /* a number below 10 has none */
    bool twelve;      /* a word for a.m. or p.m. stood there */
    int8_t half;      /* that word before the time: 0, 1; -1: none */
    uint16_t time_at; /* where the time of day starts in the line */
} hf_i_wa_header;

/* Where the body starts when the line [p, end) has a header, else NULL. */
const char *hf_i_wa_header_parse(const char *p, const char *end, hf_i_wa_header *out);

/* The same, faster when the line starts like an earlier one (up to the time of day): before is that
 * line and *h its header. Pass before NULL when *h is not set. */
const char *hf_i_wa_header_parse_like(const char *p, const char *end, const char *before,
                                      hf_i_wa_header *h);

/* For other sources: a time of day ('9:12', '오전 9:12', '9:12 PM', '21:15:07'; second 63: none), and
 * a date and a time of day. Where they end, or NULL. */
const char *hf_i_wa_clock(const char *p, const char *end, int *hour, int *minute, int *second);
const char *hf_i_wa_stamp(const char *p, const char *end, hf_i_wa_header *out);

/* Behind direction marks, zero-width spaces and the like. */
const char *hf_i_wa_skip_marks(const char *p, const char *end);

/* ---- a header's date kept in a row until all dates are seen: whatsapp_date.c ---------------- */

int64_t hf_i_wa_pack(const hf_i_wa_header *h);
void hf_i_wa_unpack(int64_t packed, hf_i_wa_header *h);

/* Decides the order of day and month over all rows from `from` on whose t_ms is packed, turns the
 * packed times into milliseconds, and reports what is ambiguous or impossible. */
hf_status hf_i_wa_resolve_dates(hf_i_build *b, size_t from);

/* Rows that only look like a message inside a long one: found by their time and their layout,
 * given back to the row before. Rows that only their time makes odd stay and are warned of. */
hf_status hf_i_wa_join_stray_headers(hf_i_build *b, size_t from);

/* ---- what the app writes itself: whatsapp_words.c ------------------------------------------- */

/* The sentences of data/record/whatsapp.tsv, found by their first byte. */
typedef struct hf_i_wa_words hf_i_wa_words;
hf_status hf_i_wa_words_new(hf_i_wa_words **out, hf_ctx *ctx);
void hf_i_wa_words_free(hf_i_wa_words *words);

typedef struct hf_i_wa_kind {
    hf_message_kind kind;
    size_t size; /* of the text without what the app added (the mark of an edit) */
    bool edited;
    int64_t duration_ms; /* of a call, else HF_NO_TIME */
} hf_i_wa_kind;

/* What a message is, by its text. authored: it stands under a name. */
void hf_i_wa_classify(hf_i_wa_words *words, const char *text, size_t size, bool authored,
                      hf_i_wa_kind *out);

/* Does the text hold a phrase of the app's own sentences about the chat ('Ann changed the subject
 * to: x')? For lines whose colon may not end a name. */
bool hf_i_wa_is_notice(hf_i_wa_words *words, const char *text, size_t size);

/* ---- who wrote: whatsapp_authors.c ---------------------------------------------------------- */

/* Names end with a colon, and may hold one. While lines are scanned, what stands before the first
 * colon is a candidate and its number is the row's sender; afterwards the candidates become
 * people, longer names or no names. */
typedef struct hf_i_wa_authors hf_i_wa_authors;
hf_status hf_i_wa_authors_new(hf_i_wa_authors **out, hf_ctx *ctx);
void hf_i_wa_authors_free(hf_i_wa_authors *a);

/* The candidate in the body of a line, HF_NO_PERSON for none; *text is where the message starts. */
hf_status hf_i_wa_author(hf_i_wa_authors *a, const char *body, const char *end, int32_t *candidate,
                         const char **text);
/* Turns the candidates in the rows from `from` on into people. */
hf_status hf_i_wa_resolve_authors(hf_i_wa_authors *a, hf_i_wa_words *words, hf_i_build *b,
                                  size_t from);
/* Sets kind, size and flags of a row by its text; extra is for a call's duration. */
hf_status hf_i_wa_set_kind(hf_i_wa_words *words, hf_i_build *b, size_t row, bool authored);

#endif
