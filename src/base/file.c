/* SPDX-License-Identifier: MIT */
/* Reading a whole file (mapped) and writing one whole or not at all. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static hf_status fail_errno(hf_ctx *ctx, const char *path, const char *what)
{
    hf_i_place place = {.file = path ? path : "standard output"};
    char text[128];
    const char *why = strerror_r(errno, text, sizeof text);
    return hf_i_fail_at(ctx, HF_E_IO, &place, NULL, "cannot %s: %s", what, why);
}

/* Pipes and the like cannot be mapped: read them whole. */
static hf_status read_all(hf_i_file *f, int fd)
{
    hf_i_buf buf;
    hf_i_buf_init(&buf, f->ctx, HF_MAX_FILE_BYTES, "the file");
    for (;;) {
        hf_status s = hf_i_buf_reserve(&buf, 1 << 16);
        ssize_t n = 0;
        if (s == HF_OK && (n = read(fd, buf.data + buf.len, 1 << 16)) < 0)
            s = fail_errno(f->ctx, f->path, "read");
        if (s != HF_OK) {
            hf_i_buf_dispose(&buf);
            return s;
        }
        if (n == 0)
            break;
        buf.len += (size_t)n;
    }
    f->data = (unsigned char *)buf.data;
    f->size = buf.len;
    return HF_OK;
}

static hf_status map_or_read(hf_i_file *f, int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return fail_errno(f->ctx, f->path, "read");
    if (S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        return fail_errno(f->ctx, f->path, "read");
    }
    if (!S_ISREG(st.st_mode) || st.st_size == 0)
        return read_all(f, fd);
    if ((uint64_t)st.st_size > HF_MAX_FILE_BYTES) {
        hf_i_place place = {.file = f->path};
        return hf_i_fail_at(f->ctx, HF_E_LIMIT, &place, "Split the file.",
                            "the file has more than %llu bytes",
                            (unsigned long long)HF_MAX_FILE_BYTES);
    }
    void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED)
        return read_all(f, fd);
    (void)madvise(p, (size_t)st.st_size, MADV_SEQUENTIAL);
    f->data = p;
    f->size = (uint64_t)st.st_size;
    f->mapped = true;
    return HF_OK;
}

hf_status hf_i_file_open(hf_i_file *out, hf_ctx *ctx, const char *path)
{
    *out = (hf_i_file){.ctx = ctx};
    out->path = hf_i_strdup(ctx, path);
    if (!out->path)
        return HF_E_NOMEM;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    hf_status s = fd < 0 ? fail_errno(ctx, path, "open") : map_or_read(out, fd);
    if (fd >= 0)
        close(fd);
    if (s != HF_OK)
        hf_i_file_close(out);
    return s;
}

void hf_i_file_close(hf_i_file *f)
{
    if (!f->ctx)
        return;
    if (f->mapped)
        munmap((void *)(uintptr_t)f->data, (size_t)f->size);
    else
        hf_i_free(f->ctx, (void *)(uintptr_t)f->data);
    hf_i_free(f->ctx, f->path);
    *f = (hf_i_file){0};
}

/* ---- outfile ------------------------------------------------------------------------------ */

struct hf_outfile {
    hf_ctx *ctx;
    FILE *stream;
    char *path, *temporary;
};

/* Standard output: nothing to rename, nothing to remove. */
static hf_status open_stdout(hf_outfile **out, hf_ctx *ctx)
{
    hf_outfile *f = hf_i_calloc(ctx, 1, sizeof *f);
    if (!f)
        return HF_E_NOMEM;
    f->ctx = ctx;
    f->stream = stdout;
    *out = f;
    return HF_OK;
}

hf_status hf_outfile_new(hf_outfile **out, hf_ctx *ctx, const char *path)
{
    *out = NULL;
    if (strcmp(path, "-") == 0)
        return open_stdout(out, ctx);
    hf_outfile *f = hf_i_calloc(ctx, 1, sizeof *f);
    if (!f)
        return HF_E_NOMEM;
    f->ctx = ctx;
    f->path = hf_i_strdup(ctx, path);
    f->temporary = hf_i_alloc(ctx, strlen(path) + 12);
    if (!f->path || !f->temporary) {
        hf_outfile_free(f);
        return HF_E_NOMEM;
    }
    snprintf(f->temporary, strlen(path) + 12, "%s.tmpXXXXXX", path);
    int fd = mkostemp(f->temporary, O_CLOEXEC);
    /* Others on the machine have no business in what a couple wrote: 0600 stays. */
    if (fd >= 0 && !(f->stream = fdopen(fd, "wb"))) {
        close(fd);
        unlink(f->temporary);
    }
    /* Tables are written in small pieces: fewer, larger calls to the system. */
    if (f->stream)
        setvbuf(f->stream, NULL, _IOFBF, 1 << 17);
    if (!f->stream) {
        hf_status s = fail_errno(ctx, path, "write");
        f->temporary[0] = '\0';
        hf_outfile_free(f);
        return s;
    }
    *out = f;
    return HF_OK;
}

hf_status hf_outfile_write(hf_outfile *f, const void *bytes, size_t size)
{
    if (size && fwrite(bytes, 1, size, f->stream) != size)
        return fail_errno(f->ctx, f->path, "write");
    return HF_OK;
}

hf_status hf_outfile_printf(hf_outfile *f, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vfprintf(f->stream, format, args);
    va_end(args);
    return n < 0 ? fail_errno(f->ctx, f->path, "write") : HF_OK;
}

hf_status hf_outfile_commit(hf_outfile *f)
{
    bool to_stdout = !f->path;
    bool bad = fflush(f->stream) != 0 || ferror(f->stream);
    bad = bad || (!to_stdout && fsync(fileno(f->stream)) != 0);
    if (bad)
        return fail_errno(f->ctx, f->path, "write");
    if (to_stdout)
        return HF_OK;
    FILE *stream = f->stream;
    f->stream = NULL;
    if (fclose(stream) != 0 || rename(f->temporary, f->path) != 0)
        return fail_errno(f->ctx, f->path, "write");
    f->temporary[0] = '\0';
    return HF_OK;
}

void hf_outfile_free(hf_outfile *f)
{
    if (!f)
        return;
    if (f->stream && f->stream != stdout)
        fclose(f->stream);
    if (f->temporary && f->temporary[0])
        unlink(f->temporary);
    hf_i_free(f->ctx, f->temporary);
    hf_i_free(f->ctx, f->path);
    hf_i_free(f->ctx, f);
}
