/* SPDX-License-Identifier: MIT */
/* What sources call their people (ids) and what people are called: a small table. */
#ifndef HF_RECORD_FORMATS_NAMES_H
#define HF_RECORD_FORMATS_NAMES_H

#include "record/format.h"

typedef struct hf_i_name {
    hf_text id, name;
} hf_i_name;

typedef struct hf_i_names {
    hf_i_arena arena;
    hf_i_name *list;
    size_t count, capacity, last;
} hf_i_names;

void hf_i_names_init(hf_i_names *n, hf_ctx *ctx);
void hf_i_names_dispose(hf_i_names *n);
hf_status hf_i_names_add(hf_i_names *n, hf_text id, hf_text name);
/* The name, or the id itself when it has none. */
hf_text hf_i_names_get(hf_i_names *n, hf_text id);

#endif
