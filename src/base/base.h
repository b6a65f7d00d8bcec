/* SPDX-License-Identifier: MIT */
/* What every room of the library uses: failing with detail, memory, growing, progress, threads. */
#ifndef HF_BASE_BASE_H
#define HF_BASE_BASE_H

#include <holdfast/base.h>

#include "base/limits.h"

#include <stdarg.h>
#include <stdio.h>

/* Return from the caller when a call fails. */
#define HF_TRY(call)                                                                               \
    do {                                                                                           \
        hf_status hf_try_status_ = (call);                                                         \
        if (hf_try_status_ != HF_OK)                                                               \
            return hf_try_status_;                                                                 \
    } while (0)

#define HF_COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- failing ---------------------------------------------------------------------------- */

/* Where something is wrong. Unknown parts are 0; byte counts only with byte_known. */
typedef struct hf_i_place {
    const char *file; /* may be NULL */
    uint64_t line, column, byte;
    bool byte_known;
} hf_i_place;

/* Both set the context's error and return status, so that `return hf_i_fail(...)` reads well. */
hf_status hf_i_fail(hf_ctx *ctx, hf_status status, const char *advice, const char *format, ...)
    HF_PRINTF(4, 5);
hf_status hf_i_fail_at(hf_ctx *ctx, hf_status status, const hf_i_place *place, const char *advice,
                       const char *format, ...) HF_PRINTF(5, 6);
void hf_i_log(hf_ctx *ctx, hf_log_level level, const char *format, ...) HF_PRINTF(3, 4);

/* ---- memory ----------------------------------------------------------------------------- */

/* NULL on failure; the error is then set. Zero sizes give a valid block. */
void *hf_i_alloc(hf_ctx *ctx, size_t size);
void *hf_i_calloc(hf_ctx *ctx, size_t count, size_t size);
void *hf_i_resize(hf_ctx *ctx, void *block, size_t size);
void hf_i_free(hf_ctx *ctx, void *block);
char *hf_i_strndup(hf_ctx *ctx, const char *text, size_t len);
char *hf_i_strdup(hf_ctx *ctx, const char *text);

/* Grows *block (an array of elem-sized items) to hold at least need items, by half its size at
 * least. Fails with HF_E_LIMIT above max items. */
hf_status hf_i_grow(hf_ctx *ctx, void *block, size_t *capacity, uint64_t need, size_t elem,
                    uint64_t max, const char *what);

/* An arena: many small blocks with one lifetime. With HF_ARENA_DEBUG each block is a real
 * allocation, so that the address sanitizer sees its edges. */
typedef struct hf_i_arena {
    hf_ctx *ctx;
    struct hf_i_arena_block *first;
    size_t used, size; /* of the first block */
    size_t total;      /* bytes handed out */
} hf_i_arena;

void hf_i_arena_init(hf_i_arena *arena, hf_ctx *ctx);
void hf_i_arena_dispose(hf_i_arena *arena);
void *hf_i_arena_alloc(hf_i_arena *arena, size_t size); /* aligned to 16 */
char *hf_i_arena_strndup(hf_i_arena *arena, const char *text, size_t len);

/* A growing byte buffer with a declared maximum. data is always NUL-terminated once non-NULL. */
typedef struct hf_i_buf {
    hf_ctx *ctx;
    char *data;
    size_t len, cap;
    uint64_t max;
    const char *what; /* for the error message: "message text" */
} hf_i_buf;

void hf_i_buf_init(hf_i_buf *buf, hf_ctx *ctx, uint64_t max, const char *what);
void hf_i_buf_dispose(hf_i_buf *buf);
void hf_i_buf_clear(hf_i_buf *buf);
hf_status hf_i_buf_reserve(hf_i_buf *buf, size_t extra);
hf_status hf_i_buf_add(hf_i_buf *buf, const void *bytes, size_t size);
hf_status hf_i_buf_add_str(hf_i_buf *buf, const char *text);
hf_status hf_i_buf_add_char(hf_i_buf *buf, char c);
hf_status hf_i_buf_printf(hf_i_buf *buf, const char *format, ...) HF_PRINTF(2, 3);

/* ---- progress and cancelling ------------------------------------------------------------- */

/* HF_OK, or HF_E_CANCELLED once cancelled. Call it about every 10 to 100 ms of work, on the
 * thread that entered the library. hf_i_cancelled is cheap and may be called from workers. */
hf_status hf_i_progress(hf_ctx *ctx, const char *stage, uint64_t done, uint64_t total);
bool hf_i_cancelled(const hf_ctx *ctx);

/* ---- threads ----------------------------------------------------------------------------- */

/* Calls fn(user, index, worker) once for each index in [0, count), worker in [0, threads).
 * Which worker runs an index is not fixed: results must be written by index, and reduced in
 * order afterwards. The lowest failing index decides the returned status and its error, for any
 * number of threads; tasks above it may not have run. Workers must not use the context except for
 * hf_i_alloc/free, hf_i_cancelled and hf_i_fail (worker 0 also for hf_i_progress). A call from
 * inside a task runs its tasks in order on that thread, all as worker 0. */
typedef hf_status (*hf_i_task_fn)(void *user, size_t index, int worker);
hf_status hf_i_parallel_for(hf_ctx *ctx, size_t count, hf_i_task_fn fn, void *user);

/* ---- files ------------------------------------------------------------------------------- */

/* A whole file as bytes: mapped where possible. NUL-termination is not promised. */
typedef struct hf_i_file {
    const unsigned char *data;
    uint64_t size;
    bool mapped;
    char *path; /* as named */
    hf_ctx *ctx;
} hf_i_file;

hf_status hf_i_file_open(hf_i_file *out, hf_ctx *ctx, const char *path);
void hf_i_file_close(hf_i_file *file);

/* ---- names that are nearly right -------------------------------------------------------- */

/* Levenshtein distance: how many bytes to put in, take out or change; 64 when one of the words is
 * longer than 63 bytes. */
size_t hf_i_edit_distance(const char *a, size_t na, const char *b, size_t nb);

/* ---- data built into the library ---------------------------------------------------------- */

/* A file of data/ by its path there ("instruments/ecr.json"); NULL when there is none. The bytes
 * are followed by a NUL that size does not count. */
const char *hf_i_data_get(const char *name, size_t *size);
/* Names that start with prefix, in order: index 0, 1, ... until NULL. */
const char *hf_i_data_name(const char *prefix, size_t index);

#endif
