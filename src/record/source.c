/* SPDX-License-Identifier: MIT */
#include "record/source.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_FOLDER_DEPTH = 16 };

const char *hf_i_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool hf_i_has_extension(const char *name, const char *extension)
{
    const char *dot = strrchr(hf_i_base_name(name), '.');
    return dot && strcasecmp(dot + 1, extension) == 0;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

int hf_i_natural_order(const char *a, const char *b)
{
    while (*a && *b) {
        if (digit(*a) && digit(*b)) {
            while (*a == '0' && digit(a[1]))
                a++;
            while (*b == '0' && digit(b[1]))
                b++;
            size_t n = strspn(a, "0123456789"), m = strspn(b, "0123456789");
            int c = n != m ? (n < m ? -1 : 1) : strncmp(a, b, n);
            if (c)
                return c;
            a += n;
            b += m;
        } else if (*a != *b) {
            return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
        } else {
            a++;
            b++;
        }
    }
    return *a ? 1 : *b ? -1 : 0;
}

static int by_name(const void *a, const void *b)
{
    const hf_i_entry *x = a, *y = b;
    int c = hf_i_natural_order(x->name, y->name);
    return c ? c : strcmp(x->name, y->name);
}

hf_status hf_i_source_add(hf_i_source *s, const char *name, uint64_t size, uint64_t index)
{
    HF_TRY(hf_i_grow(s->ctx, &s->entries, &s->capacity, s->count + 1, sizeof *s->entries,
                     HF_MAX_ARCHIVE_ENTRIES, "files in one folder or archive"));
    char *copy = hf_i_strdup(s->ctx, name);
    if (!copy)
        return HF_E_NOMEM;
    s->entries[s->count++] = (hf_i_entry){copy, size, index};
    return HF_OK;
}

static hf_status walk_entry(hf_i_source *s, const char *relative, const char *name, int depth);

/* Symbolic links are left out: a folder given to read must not lead elsewhere. */
static hf_status walk(hf_i_source *s, const char *relative, int depth)
{
    hf_i_buf path;
    hf_i_buf_init(&path, s->ctx, 1 << 16, "a path");
    hf_status st = hf_i_buf_printf(&path, "%s%s%s", s->path, *relative ? "/" : "", relative);
    DIR *dir = st == HF_OK ? opendir(path.data) : NULL;
    hf_i_buf_dispose(&path);
    if (st != HF_OK)
        return st;
    if (!dir) {
        hf_i_place place = {.file = s->path};
        return hf_i_fail_at(s->ctx, HF_E_IO, &place, NULL, "cannot open the folder '%s'", relative);
    }
    for (struct dirent *e; st == HF_OK && (e = readdir(dir));)
        if (e->d_name[0] != '.')
            st = walk_entry(s, relative, e->d_name, depth);
    closedir(dir);
    return st;
}

static hf_status walk_entry(hf_i_source *s, const char *relative, const char *name, int depth)
{
    hf_i_buf path;
    struct stat info;
    hf_i_buf_init(&path, s->ctx, 1 << 16, "a path");
    size_t skip = strlen(s->path) + 1;
    hf_status st =
        hf_i_buf_printf(&path, "%s/%s%s%s", s->path, relative, *relative ? "/" : "", name);
    if (st == HF_OK && lstat(path.data, &info) == 0) {
        if (S_ISDIR(info.st_mode) && depth < MAX_FOLDER_DEPTH)
            st = walk(s, path.data + skip, depth + 1);
        else if (S_ISREG(info.st_mode))
            st = hf_i_source_add(s, path.data + skip, (uint64_t)info.st_size, 0);
    }
    hf_i_buf_dispose(&path);
    return st;
}

static bool is_zip(const hf_i_file *f)
{
    return f->size >= 4 && (memcmp(f->data, "PK\3\4", 4) == 0 || memcmp(f->data, "PK\5\6", 4) == 0);
}

static hf_status open_file(hf_i_source *s, hf_i_file *out)
{
    if (!s->bytes)
        return hf_i_file_open(out, s->ctx, s->path);
    *out = (hf_i_file){.ctx = s->ctx, .size = s->byte_count};
    out->path = hf_i_strdup(s->ctx, s->path);
    unsigned char *copy = hf_i_alloc(s->ctx, s->byte_count);
    out->data = copy;
    if (!out->path || !copy) {
        hf_i_file_close(out);
        return HF_E_NOMEM;
    }
    memcpy(copy, s->bytes, s->byte_count);
    return HF_OK;
}

static hf_status fail_empty(hf_i_source *s)
{
    static const char *const what[] = {"the file is empty", "the folder holds no files",
                                       "the archive holds no files"};
    hf_i_place place = {.file = s->path};
    return hf_i_fail_at(s->ctx, HF_E_FORMAT, &place, "Export the chat again.", "%s", what[s->kind]);
}

static hf_status open_any(hf_i_source *s)
{
    struct stat info;
    if (!s->bytes && stat(s->path, &info) == 0 && S_ISDIR(info.st_mode)) {
        s->kind = HF_I_SOURCE_FOLDER;
        HF_TRY(walk(s, "", 0));
    } else {
        HF_TRY(open_file(s, &s->file));
        if (is_zip(&s->file)) {
            s->kind = HF_I_SOURCE_ARCHIVE;
            HF_TRY(hf_i_zip_open(s));
        } else {
            HF_TRY(hf_i_source_add(s, hf_i_base_name(s->path), s->file.size, 0));
        }
    }
    if (s->count > 1)
        qsort(s->entries, s->count, sizeof *s->entries, by_name);
    if (s->count == 0 || (s->kind == HF_I_SOURCE_FILE && s->file.size == 0))
        return fail_empty(s);
    return HF_OK;
}

static hf_status open_named(hf_i_source *out, hf_ctx *ctx, const char *path)
{
    out->ctx = ctx;
    out->path = hf_i_strdup(ctx, path);
    if (!out->path)
        return HF_E_NOMEM;
    size_t n = strlen(out->path);
    while (n > 1 && out->path[n - 1] == '/')
        out->path[--n] = '\0';
    hf_status s = open_any(out);
    if (s != HF_OK)
        hf_i_source_close(out);
    return s;
}

hf_status hf_i_source_open(hf_i_source *out, hf_ctx *ctx, const char *path)
{
    *out = (hf_i_source){0};
    return open_named(out, ctx, path);
}

hf_status hf_i_source_open_bytes(hf_i_source *out, hf_ctx *ctx, const char *name, const void *bytes,
                                 size_t size)
{
    *out = (hf_i_source){.bytes = bytes ? bytes : "", .byte_count = size};
    return open_named(out, ctx, name);
}

void hf_i_source_close(hf_i_source *s)
{
    if (!s->ctx)
        return;
    hf_i_zip_close(s);
    hf_i_file_close(&s->file);
    for (size_t i = 0; i < s->count; i++)
        hf_i_free(s->ctx, s->entries[i].name);
    hf_i_free(s->ctx, s->entries);
    hf_i_free(s->ctx, s->path);
    *s = (hf_i_source){0};
}

static hf_status open_in_folder(hf_i_source *s, size_t entry, hf_i_file *out)
{
    hf_i_buf path;
    hf_i_buf_init(&path, s->ctx, 1 << 16, "a path");
    hf_status st = hf_i_buf_printf(&path, "%s/%s", s->path, s->entries[entry].name);
    if (st == HF_OK)
        st = hf_i_file_open(out, s->ctx, path.data);
    hf_i_buf_dispose(&path);
    return st;
}

static void copy_head(const hf_i_file *f, char *head, size_t *size)
{
    *size = f->size < HF_I_HEAD_SIZE ? (size_t)f->size : HF_I_HEAD_SIZE;
    if (*size)
        memcpy(head, f->data, *size);
}

hf_status hf_i_source_head(hf_i_source *s, size_t entry, char *head, size_t *size)
{
    if (s->kind == HF_I_SOURCE_ARCHIVE)
        return hf_i_zip_head(s, entry, head, size);
    if (s->kind == HF_I_SOURCE_FILE) {
        copy_head(&s->file, head, size);
        return HF_OK;
    }
    hf_i_file f;
    HF_TRY(open_in_folder(s, entry, &f));
    copy_head(&f, head, size);
    hf_i_file_close(&f);
    return HF_OK;
}

hf_status hf_i_source_read(hf_i_source *s, size_t entry, hf_i_blob *out)
{
    *out = (hf_i_blob){0};
    if (s->kind == HF_I_SOURCE_ARCHIVE)
        return hf_i_zip_read(s, entry, out);
    if (s->kind == HF_I_SOURCE_FILE && s->file.ctx) {
        /* The file moves into the blob: there is one mapping, whoever keeps it. A second reading
         * opens it again. */
        out->file = s->file;
        s->file = (hf_i_file){0};
    } else if (s->kind == HF_I_SOURCE_FILE) {
        HF_TRY(open_file(s, &out->file));
    } else {
        HF_TRY(open_in_folder(s, entry, &out->file));
    }
    out->data = (const char *)out->file.data;
    out->size = (size_t)out->file.size;
    return HF_OK;
}

void hf_i_blob_free(hf_ctx *ctx, hf_i_blob *b)
{
    hf_i_file_close(&b->file);
    hf_i_free(ctx, b->memory);
    *b = (hf_i_blob){0};
}

void hf_i_blob_done(hf_i_blob *b, size_t offset)
{
    if (!b->file.mapped || b->data != (const char *)b->file.data)
        return;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t whole = offset / page * page;
    if (whole)
        (void)madvise((void *)(uintptr_t)b->file.data, whole, MADV_DONTNEED);
}
