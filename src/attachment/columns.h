/* SPDX-License-Identifier: MIT */
/* Which column of a table holds which item. */
#ifndef HF_ATTACHMENT_COLUMNS_H
#define HF_ATTACHMENT_COLUMNS_H

#include "attachment/instrument.h"
#include "text/csv.h"

/* One block of item columns: a sheet of every row. */
typedef struct hf_i_item_block {
    int32_t column[HF_I_MAX_ITEMS]; /* of the table, by place on the sheet from 0; -1: absent */
    uint32_t target;                /* of the form; HF_I_NONE */
    char first[80], last[80];       /* the names of the first and last column, for people */
} hf_i_item_block;

typedef struct hf_i_columns {
    hf_i_item_block blocks[HF_I_MAX_TARGETS];
    size_t block_count;
    long person, dyad, partner, occasion, target; /* -1: none */
    char person_name[80];
} hf_i_columns;

/* The header is the row that r has read last. Fails with HF_E_FORMAT or HF_E_USAGE, naming the
 * columns that are missing, double or too many. */
hf_status hf_i_columns_find(hf_i_columns *out, const hf_i_csv_reader *r,
                            const hf_instrument *instrument, const hf_order *order,
                            const hf_sheet_options *options);

#endif
