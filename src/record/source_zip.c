/* SPDX-License-Identifier: MIT */
/* Zip archives by libzip. What an entry says about its size is a claim: the unpacked bytes are
 * counted, and ratio and total are capped. */
#include "hf_config.h"
#include "record/source.h"

#include <string.h>

static hf_status fail_zip(hf_i_source *s, hf_status status, const char *entry, const char *advice,
                          const char *what)
{
    hf_i_place place = {.file = s->path};
    if (entry)
        return hf_i_fail_at(s->ctx, status, &place, advice, "'%s': %s", entry, what);
    return hf_i_fail_at(s->ctx, status, &place, advice, "%s", what);
}

#if HF_HAVE_LIBZIP
#include <zip.h>

static const char again[] = "Export or copy it again: a part may be missing.";

static hf_status check_entry(hf_i_source *s, const zip_stat_t *info)
{
    static const zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
    if ((info->valid & needed) != needed)
        return fail_zip(s, HF_E_PARSE, NULL, again, "the archive's directory is damaged");
    if (info->size > (1u << 20) && info->comp_size < info->size / HF_MAX_ARCHIVE_RATIO)
        return fail_zip(s, HF_E_LIMIT, info->name,
                        "This is no chat export; if you are sure that it is, unpack it first.",
                        "unpacks to more than 200 times its size");
    s->unpacked += info->size;
    if (info->size > HF_MAX_ARCHIVE_BYTES || s->unpacked > HF_MAX_ARCHIVE_BYTES)
        return fail_zip(s, HF_E_LIMIT, info->name, "Unpack it and name the chat's file.",
                        "the archive unpacks to more than 16 GiB");
    return HF_OK;
}

hf_status hf_i_zip_open(hf_i_source *s)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *bytes = zip_source_buffer_create(s->file.data, s->file.size, 0, &error);
    zip_t *zip = bytes ? zip_open_from_source(bytes, ZIP_RDONLY, &error) : NULL;
    if (!zip) {
        zip_source_free(bytes);
        zip_error_fini(&error);
        hf_i_place place = {.file = s->path, .byte = s->file.size, .byte_known = true};
        return hf_i_fail_at(s->ctx, HF_E_PARSE, &place, again,
                            "the archive is cut off or damaged: its directory is not at its end");
    }
    zip_error_fini(&error);
    s->archive = zip;
    zip_int64_t count = zip_get_num_entries(zip, 0);
    for (zip_int64_t i = 0; i < count; i++) {
        zip_stat_t info;
        if (zip_stat_index(zip, (zip_uint64_t)i, 0, &info) != 0)
            return fail_zip(s, HF_E_PARSE, NULL, again, "the archive's directory is damaged");
        HF_TRY(check_entry(s, &info));
        size_t n = strlen(info.name);
        bool junk = n == 0 || info.name[n - 1] == '/' || strncmp(info.name, "__MACOSX/", 9) == 0 ||
                    hf_i_base_name(info.name)[0] == '.';
        if (!junk)
            HF_TRY(hf_i_source_add(s, info.name, info.size, (uint64_t)i));
    }
    return HF_OK;
}

static hf_status open_entry(hf_i_source *s, const hf_i_entry *e, zip_file_t **out)
{
    *out = zip_fopen_index(s->archive, e->index, 0);
    if (*out)
        return HF_OK;
    zip_error_t *error = zip_get_error(s->archive);
    int code = zip_error_code_zip(error);
    if (code == ZIP_ER_NOPASSWD || code == ZIP_ER_WRONGPASSWD)
        return fail_zip(s, HF_E_FORMAT, e->name, "Unpack it with its password first.",
                        "is locked with a password");
    return fail_zip(s, HF_E_PARSE, e->name, again, zip_error_strerror(error));
}

static hf_status read_entry(hf_i_source *s, const hf_i_entry *e, char *to, uint64_t size)
{
    zip_file_t *f;
    HF_TRY(open_entry(s, e, &f));
    uint64_t done = 0;
    hf_status st = HF_OK;
    while (done < size && st == HF_OK) {
        uint64_t want = size - done < (1u << 20) ? size - done : (1u << 20);
        zip_int64_t n = zip_fread(f, to + done, want);
        if (n <= 0)
            st = fail_zip(s, HF_E_PARSE, e->name, again, "is cut off or damaged");
        else
            done += (uint64_t)n;
        if (st == HF_OK)
            st = hf_i_progress(s->ctx, "unpack", done, size);
    }
    char more;
    if (st == HF_OK && size == e->size) {
        zip_int64_t n = zip_fread(f, &more, 1);
        if (n > 0)
            st = fail_zip(s, HF_E_LIMIT, e->name, again, "is larger than the archive says");
        else if (n < 0)
            st = fail_zip(s, HF_E_PARSE, e->name, again, "does not match its checksum");
    }
    zip_fclose(f);
    return st;
}

hf_status hf_i_zip_head(hf_i_source *s, size_t entry, char *head, size_t *size)
{
    const hf_i_entry *e = &s->entries[entry];
    *size = e->size < HF_I_HEAD_SIZE ? (size_t)e->size : HF_I_HEAD_SIZE;
    return read_entry(s, e, head, *size);
}

hf_status hf_i_zip_read(hf_i_source *s, size_t entry, hf_i_blob *out)
{
    const hf_i_entry *e = &s->entries[entry];
    out->memory = hf_i_alloc(s->ctx, (size_t)e->size);
    if (!out->memory)
        return HF_E_NOMEM;
    hf_status st = read_entry(s, e, out->memory, e->size);
    if (st != HF_OK) {
        hf_i_free(s->ctx, out->memory);
        out->memory = NULL;
        return st;
    }
    out->data = out->memory;
    out->size = (size_t)e->size;
    return HF_OK;
}

void hf_i_zip_close(hf_i_source *s)
{
    if (s->archive)
        zip_discard(s->archive);
    s->archive = NULL;
}

#else

static hf_status no_zip(hf_i_source *s)
{
    return fail_zip(s, HF_E_UNSUPPORTED, NULL, "Unpack the archive and name the chat's file.",
                    "this build cannot open zip archives");
}

hf_status hf_i_zip_open(hf_i_source *s)
{
    return no_zip(s);
}

hf_status hf_i_zip_head(hf_i_source *s, size_t entry, char *head, size_t *size)
{
    (void)entry, (void)head, (void)size;
    return no_zip(s);
}

hf_status hf_i_zip_read(hf_i_source *s, size_t entry, hf_i_blob *out)
{
    (void)entry, (void)out;
    return no_zip(s);
}

void hf_i_zip_close(hf_i_source *s)
{
    (void)s;
}
#endif
