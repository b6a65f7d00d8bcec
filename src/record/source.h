/* SPDX-License-Identifier: MIT */
/* Where rows come from: a file, a folder or a zip archive, seen alike as named entries. Entries
 * are read, never written to disk, so that no name in an archive can point anywhere. */
#ifndef HF_RECORD_SOURCE_H
#define HF_RECORD_SOURCE_H

#include "base/base.h"

enum { HF_I_HEAD_SIZE = 65536 }; /* how much of an entry a probe sees */

typedef struct hf_i_entry {
    char *name; /* relative, with '/' between folders; for a plain file its own name */
    uint64_t size;
    uint64_t index; /* in the archive */
} hf_i_entry;

typedef enum hf_i_source_kind {
    HF_I_SOURCE_FILE,
    HF_I_SOURCE_FOLDER,
    HF_I_SOURCE_ARCHIVE
} hf_i_source_kind;

typedef struct hf_i_source {
    hf_ctx *ctx;
    char *path;
    hf_i_source_kind kind;
    hf_i_entry *entries; /* sorted by name, digits by value: message_2 before message_10 */
    size_t count, capacity;
    hf_i_file file; /* the file itself, or the archive */
    void *archive;  /* libzip's handle */
    uint64_t unpacked;
    const void *bytes; /* of a source in memory, the caller's */
    size_t byte_count;
} hf_i_source;

/* The bytes of an entry. */
typedef struct hf_i_blob {
    hf_i_file file;   /* when mapped */
    char *memory;     /* when unpacked or converted */
    const char *data; /* of either */
    size_t size;
} hf_i_blob;

hf_status hf_i_source_open(hf_i_source *out, hf_ctx *ctx, const char *path);
/* The same for bytes that the caller keeps until the source is closed, as if they were a file of
 * that name. */
hf_status hf_i_source_open_bytes(hf_i_source *out, hf_ctx *ctx, const char *name, const void *bytes,
                                 size_t size);
void hf_i_source_close(hf_i_source *source);

/* Up to HF_I_HEAD_SIZE first bytes into head. */
hf_status hf_i_source_head(hf_i_source *source, size_t entry, char *head, size_t *size);
hf_status hf_i_source_read(hf_i_source *source, size_t entry, hf_i_blob *out);
void hf_i_blob_free(hf_ctx *ctx, hf_i_blob *blob);
/* Tells the system that the bytes before offset are not needed again (mapped files only). */
void hf_i_blob_done(hf_i_blob *blob, size_t offset);

/* The last part of a path, and what stands after its last dot, compared without case. */
const char *hf_i_base_name(const char *path);
bool hf_i_has_extension(const char *name, const char *extension);
/* Order of names with runs of digits compared as numbers. */
int hf_i_natural_order(const char *a, const char *b);

/* source_zip.c */
hf_status hf_i_zip_open(hf_i_source *source);
hf_status hf_i_zip_head(hf_i_source *source, size_t entry, char *head, size_t *size);
hf_status hf_i_zip_read(hf_i_source *source, size_t entry, hf_i_blob *out);
void hf_i_zip_close(hf_i_source *source);
/* source.c, for source_zip.c and the folder walk */
hf_status hf_i_source_add(hf_i_source *source, const char *name, uint64_t size, uint64_t index);

#endif
