/* SPDX-License-Identifier: MIT */
/* Diaries, questionnaires over time and physiology as tables: what each column is. */
#ifndef HF_RECORD_FORMATS_DIARY_H
#define HF_RECORD_FORMATS_DIARY_H

#include "record/formats/table_time.h"
#include "text/csv.h"

typedef enum hf_i_diary_role {
    HF_I_DIARY_OTHER, /* not used */
    HF_I_DIARY_DYAD,
    HF_I_DIARY_PERSON,
    HF_I_DIARY_DATE,     /* a calendar date, perhaps with the time of day */
    HF_I_DIARY_CLOCK,    /* the time of day beside a date */
    HF_I_DIARY_COUNT,    /* a number of a unit of time: day 3, second 0.5 */
    HF_I_DIARY_OCCASION, /* a name or number of the occasion */
    HF_I_DIARY_ITEM,     /* names the item of a row, in tables with one value a row */
    HF_I_DIARY_VALUE,
    HF_I_DIARY_UNIT,
    HF_I_DIARY_TEXT,    /* free text */
    HF_I_DIARY_RATING,  /* a value of the row's person, or of one partner (wide) */
    HF_I_DIARY_SAMPLE,  /* the same, measured: heart rate and so on */
    HF_I_DIARY_PARTNERS /* in pairwise tables: what the other row says already */
} hf_i_diary_role;

typedef struct hf_i_diary_column {
    hf_text name; /* as in the header */
    hf_i_diary_role role;
    hf_text item;    /* the name without the part that says whose it is */
    hf_text whose;   /* that part: "1", "w"; size 0: the row's person */
    hf_text unit;    /* "heart rate (bpm)" */
    double scale_ms; /* of HF_I_DIARY_COUNT: milliseconds a unit; 0: unit not known */
    size_t pair;     /* the column of the other partner, plus 1; 0: none */
    /* Of the first rows. */
    uint64_t numbers, texts, dates, clocks, excel;
    double low, high; /* without missing codes */
    uint32_t codes;   /* which missing codes occur, bit by place in the table of codes */
    uint64_t code_count[16];
} hf_i_diary_column;

typedef enum hf_i_diary_layout {
    HF_I_DIARY_LONG,
    HF_I_DIARY_WIDE,
    HF_I_DIARY_PAIRWISE
} hf_i_diary_layout;

typedef struct hf_i_diary {
    hf_ctx *ctx;
    hf_i_arena arena;
    hf_i_diary_column *columns;
    size_t count;
    hf_i_diary_layout layout;
    bool samples;  /* has measured columns */
    bool measured; /* has no others */
    uint64_t rows; /* looked at */
    size_t dyads;  /* different ones among them: 1 or more */
    hf_i_date_votes votes;
} hf_i_diary;

/* Looks at names only: how many columns of a header line are of a diary. */
int hf_i_diary_probe(const char *line, size_t size);

/* From the header (the current row) and the rows after it. The reader is read to the end of what
 * is looked at: open another for reading. */
hf_status hf_i_diary_look(hf_i_diary *d, hf_ctx *ctx, hf_i_csv_reader *csv, hf_date_order order);
void hf_i_diary_dispose(hf_i_diary *d);

/* The first column of a role, or NULL. */
hf_i_diary_column *hf_i_diary_find(const hf_i_diary *d, hf_i_diary_role role);

/* Missing: no value, a word for it, or a code that this column uses. */
bool hf_i_diary_missing_word(hf_text cell);
bool hf_i_diary_missing_code(const hf_i_diary_column *c, double value);
extern const double hf_i_diary_codes[16];

/* diary.c: reads a table that was begun as the builder's input; blob's bytes are in the record. */
hf_status hf_i_diary_start(hf_i_reader *r, const hf_i_blob *blob);
hf_status hf_i_diary_next(hf_i_reader *r, bool *more);
void hf_i_diary_close(hf_i_reader *r);

/* diary_names.c: what a name says. */
hf_i_diary_role hf_i_diary_role_of(hf_text name, double *scale_ms);
bool hf_i_diary_is_measure(hf_text item);
void hf_i_diary_split_unit(hf_text name, hf_text *item, hf_text *unit);
/* Pairs the columns of the two partners; sets item, whose, pair. */
void hf_i_diary_pair(hf_i_diary *d, bool has_person);

#endif
