/* SPDX-License-Identifier: MIT */
/* Status codes, errors, context: what every public function of Holdfast shares.
 *
 * Rules that hold for every function of the library:
 *  - It never prints, never exits, never changes the locale and never touches the network.
 *  - Results come out through the first parameter, the context comes second, options come last.
 *    An out-pointer to a pointer is owned by the caller (free it with the matching hf_*_free);
 *    a returned pointer is borrowed from the object it came from.
 *  - Every expected failure returns an hf_status and leaves its detail in the context.
 *  - One context serves one thread at a time; hf_ctx_cancel alone may be called from any thread
 *    and from a signal handler. Different contexts are independent. */
#ifndef HOLDFAST_BASE_H
#define HOLDFAST_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define HF_API __attribute__((visibility("default")))
#define HF_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define HF_API
#define HF_PRINTF(fmt, args)
#endif

#define HF_VERSION_MAJOR 0
#define HF_VERSION_MINOR 1
#define HF_VERSION_PATCH 0
#define HF_VERSION "0.1.0"

/* X(name, exit code of the command, text) */
#define HF_STATUS_LIST(X)                                                                          \
    X(OK, 0, "done")                                                                               \
    X(E_NOMEM, 1, "out of memory")                                                                 \
    X(E_IO, 1, "cannot read or write")                                                             \
    X(E_PARSE, 1, "not in the expected form")                                                      \
    X(E_FORMAT, 1, "not a source that Holdfast knows")                                             \
    X(E_LIMIT, 1, "over a declared limit")                                                         \
    X(E_RANGE, 1, "value out of range")                                                            \
    X(E_NOT_FOUND, 1, "not found")                                                                 \
    X(E_USAGE, 2, "needs something to be said")                                                    \
    X(E_AMBIGUOUS, 2, "more than one reading is possible")                                         \
    X(E_CONSENT, 2, "not allowed at this consent level")                                           \
    X(E_UNSUPPORTED, 1, "not in this build")                                                       \
    X(E_NOT_ENOUGH_DATA, 3, "not enough data")                                                     \
    X(E_NOT_CONVERGED, 3, "did not converge")                                                      \
    X(E_SAFETY, 1, "stopped for safety")                                                           \
    X(E_CANCELLED, 130, "interrupted")                                                             \
    X(E_INTERNAL, 1, "internal error, please report it")

typedef enum hf_status {
#define HF_STATUS_ENUM(name, exit_code, text) HF_##name,
    HF_STATUS_LIST(HF_STATUS_ENUM)
#undef HF_STATUS_ENUM
        HF_STATUS_COUNT
} hf_status;

/* The name ("HF_E_IO"), one line of English, and the exit code the command uses. Static storage. */
HF_API const char *hf_status_name(hf_status status);
HF_API const char *hf_status_text(hf_status status);
HF_API int hf_status_exit_code(hf_status status);

/* The last failure of a context. Zero line, column or byte_known=false mean 'not known'. */
typedef struct hf_error {
    hf_status status;
    bool byte_known;
    uint64_t byte;     /* offset in the file, from 0 */
    uint64_t line;     /* from 1 */
    uint64_t column;   /* from 1, in bytes */
    char file[512];    /* as the caller named it; empty if no file is involved */
    char message[768]; /* what is wrong */
    char advice[512];  /* what to do about it; may be empty */
} hf_error;

typedef struct hf_ctx hf_ctx;

/* Memory: resize(p == NULL) allocates, free(NULL) is allowed. Returned blocks are aligned for any
 * type. Must be safe to call from the library's worker threads. */
typedef struct hf_allocator {
    void *(*resize)(void *user, void *block, size_t size);
    void (*release)(void *user, void *block);
    void *user;
} hf_allocator;

typedef enum hf_log_level { HF_LOG_DEBUG, HF_LOG_INFO, HF_LOG_WARNING } hf_log_level;
typedef void (*hf_log_fn)(void *user, hf_log_level level, const char *message);

/* Called now and then on the calling thread with a stage name and done of total units
 * (total = 0: unknown). Return false to cancel: the running call ends with HF_E_CANCELLED. */
typedef bool (*hf_progress_fn)(void *user, const char *stage, uint64_t done, uint64_t total);

typedef struct hf_ctx_options {
    size_t size; /* sizeof(hf_ctx_options): set by HF_CTX_OPTIONS_INIT */
    hf_allocator allocator;
    hf_log_fn log;
    void *log_user;
    hf_progress_fn progress;
    void *progress_user;
    int threads; /* 0: as many as the machine has. Results never depend on it. */
} hf_ctx_options;

#define HF_CTX_OPTIONS_INIT                                                                        \
    {                                                                                              \
        sizeof(hf_ctx_options), {NULL, NULL, NULL}, NULL, NULL, NULL, NULL, 0                      \
    }

/* options may be NULL. Fails with HF_E_NOMEM or HF_E_USAGE (half-set allocator, bad size). */
HF_API hf_status hf_ctx_new(hf_ctx **out, const hf_ctx_options *options);
HF_API void hf_ctx_free(hf_ctx *ctx);

/* Borrowed; stays valid until the next call that uses the context. status is HF_OK if none. */
HF_API const hf_error *hf_ctx_get_error(const hf_ctx *ctx);
/* Forgets the error and an earlier request to cancel. */
HF_API void hf_ctx_clear_error(hf_ctx *ctx);

/* Asks the running call to stop soon. Async-signal-safe and thread-safe. */
HF_API void hf_ctx_cancel(hf_ctx *ctx);
HF_API int hf_ctx_get_threads(const hf_ctx *ctx);
HF_API void hf_ctx_set_threads(hf_ctx *ctx, int threads);

/* Library version ("0.1.0") and one built-in feature a row, until NULL name. */
typedef struct hf_feature {
    const char *name;    /* "libzip" */
    const char *version; /* "1.7.3", or "" when absent */
    bool present;
    const char *what; /* what is missing without it */
} hf_feature;
HF_API const char *hf_version(void);
HF_API const hf_feature *hf_features(void);

/* A file that is written whole or not at all: bytes go to a temporary file beside the target,
 * readable by its owner only; commit renames it, free without commit removes it. The path "-" is
 * standard output, which is not closed. Failures are HF_E_IO with the file's name. Numbers printed
 * with %f and %g follow the program's locale: the command keeps to "C". */
typedef struct hf_outfile hf_outfile;
HF_API hf_status hf_outfile_new(hf_outfile **out, hf_ctx *ctx, const char *path);
HF_API hf_status hf_outfile_write(hf_outfile *file, const void *bytes, size_t size);
HF_API hf_status hf_outfile_printf(hf_outfile *file, const char *format, ...) HF_PRINTF(2, 3);
HF_API hf_status hf_outfile_commit(hf_outfile *file);
HF_API void hf_outfile_free(hf_outfile *file);

#ifdef __cplusplus
}
#endif
#endif
