/* SPDX-License-Identifier: MIT */
/* Files that people may edit: blocks of 'kind name', each with indented lines 'key value'. '#' at
 * the start of a line opens a comment. What a key means is for the reader of the blocks to say. */
#ifndef HF_GUIDANCE_BLOCKS_H
#define HF_GUIDANCE_BLOCKS_H

#include "base/base.h"

typedef struct hf_i_block_line {
    const char *key, *value;
    uint64_t line;
} hf_i_block_line;

typedef struct hf_i_block {
    const char *kind, *id;
    uint64_t line;
    size_t first, count; /* its lines */
} hf_i_block;

typedef struct hf_i_blocks {
    hf_ctx *ctx;
    hf_i_arena arena;
    const char *file;
    hf_i_block *blocks;
    size_t count, capacity;
    hf_i_block_line *lines;
    size_t line_count, line_capacity;
} hf_i_blocks;

/* Fails with HF_E_PARSE at its line, HF_E_LIMIT over HF_MAX_GUIDANCE_LINES. Dispose of it in
 * either case. */
hf_status hf_i_blocks_parse(hf_i_blocks *b, hf_ctx *ctx, const char *file, const char *text,
                            size_t size);
/* The same from a file, or from the library's own data when path is NULL. */
hf_status hf_i_blocks_read(hf_i_blocks *b, hf_ctx *ctx, const char *path, const char *built_in);
void hf_i_blocks_dispose(hf_i_blocks *b);

/* The value of a key, or NULL. */
const char *hf_i_block_get(const hf_i_blocks *b, const hf_i_block *block, const char *key);
hf_status hf_i_blocks_fail(const hf_i_blocks *b, uint64_t line, const char *advice,
                           const char *format, ...) HF_PRINTF(4, 5);

/* One of the words: its index, or -1. */
int hf_i_word_of(const char *word, const char *const *words, size_t count);

/* Does a text stand among the words of a list with spaces between? */
bool hf_i_has_word(const char *list, const char *word);

#endif
