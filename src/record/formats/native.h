/* SPDX-License-Identifier: MIT */
/* What Holdfast itself writes: the table of `convert --to csv` (and sav), one row of the record a
 * row, and the lines of `read --jsonl`. */
#ifndef HF_RECORD_FORMATS_NATIVE_H
#define HF_RECORD_FORMATS_NATIVE_H

#include "record/format.h"

#define HF_I_NATIVE_COLUMN_LIST(X)                                                                 \
    X(type)                                                                                        \
    X(id) X(seq) X(t) X(t_kind) X(t_res_ms) X(t_end) X(sender) X(kind) X(text) X(invalid_utf8)     \
        X(reply_to) X(edited) X(delivered) X(read) X(duration_ms) X(conversation) X(partner)       \
            X(occasion) X(item) X(variable) X(value) X(unit)

typedef enum hf_i_native_column {
#define HF_I_NATIVE_ENUM(name) HF_I_NATIVE_##name,
    HF_I_NATIVE_COLUMN_LIST(HF_I_NATIVE_ENUM)
#undef HF_I_NATIVE_ENUM
        HF_I_NATIVE_COLUMNS
} hf_i_native_column;

extern const char *const hf_i_native_names[HF_I_NATIVE_COLUMNS];

bool hf_i_native_is_header(const char *data, size_t size);
hf_status hf_i_native_start(hf_i_reader *r, const hf_i_blob *blob);
hf_status hf_i_native_next(hf_i_reader *r, bool *more);
void hf_i_native_close(hf_i_reader *r);
bool hf_i_native_owns(const hf_i_reader *r); /* state is of native.c */

#endif
