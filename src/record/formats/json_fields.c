/* SPDX-License-Identifier: MIT */
#include "record/formats/json_fields.h"

#include "text/number.h"

#include <string.h>

hf_status hf_i_fields_init(hf_i_fields *f, hf_ctx *ctx, const char *const *names, size_t count)
{
    *f = (hf_i_fields){.ctx = ctx, .names = names, .count = count};
    f->values = hf_i_calloc(ctx, count, sizeof *f->values);
    f->sizes = hf_i_calloc(ctx, count, 1);
    if (!f->values || !f->sizes) {
        hf_i_fields_dispose(f);
        return HF_E_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        f->sizes[i] = (unsigned char)strlen(names[i]);
        hf_i_buf_init(&f->values[i].text, ctx, HF_MAX_MESSAGE_BYTES, "a value");
    }
    return HF_OK;
}

void hf_i_fields_dispose(hf_i_fields *f)
{
    if (!f->ctx)
        return;
    for (size_t i = 0; f->values && i < f->count; i++)
        hf_i_buf_dispose(&f->values[i].text);
    hf_i_free(f->ctx, f->values);
    hf_i_free(f->ctx, f->sizes);
    *f = (hf_i_fields){0};
}

static size_t find(const hf_i_fields *f, const hf_i_json_name *name)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->sizes[i] == name->len && memcmp(f->names[i], name->text, name->len) == 0)
            return i;
    return f->count;
}

static hf_status keep(hf_i_field_value *v, const hf_i_json_reader *j)
{
    v->token = j->token;
    v->byte = j->byte;
    hf_i_buf_clear(&v->text);
    if (j->token == HF_I_JSON_STRING || j->token == HF_I_JSON_NUMBER)
        return hf_i_buf_add(&v->text, j->text, j->len);
    return HF_OK;
}

hf_status hf_i_fields_read(hf_i_fields *f, hf_i_json_reader *j, hf_i_field_fn fn, void *user)
{
    hf_i_json_name name;
    bool more;
    for (size_t i = 0; i < f->count; i++)
        f->values[i].token = HF_I_JSON_END;
    for (;;) {
        HF_TRY(hf_i_json_next_field(j, &name, &more));
        if (!more)
            return HF_OK;
        size_t i = find(f, &name);
        bool container = j->token == HF_I_JSON_OBJECT || j->token == HF_I_JSON_ARRAY;
        if (i < f->count)
            HF_TRY(keep(&f->values[i], j));
        if (container)
            HF_TRY(fn && i < f->count ? fn(user, j, i) : hf_i_json_skip(j));
    }
}

bool hf_i_fields_is(const hf_i_fields *f, size_t field, const char *text)
{
    hf_text t = hf_i_fields_text(f, field);
    return t.size == strlen(text) && memcmp(t.data, text, t.size) == 0;
}

bool hf_i_fields_int(const hf_i_fields *f, size_t field, int64_t *out)
{
    hf_text t = hf_i_fields_text(f, field);
    return t.size && hf_i_number_parse_int(t.data, t.size, out);
}

bool hf_i_fields_real(const hf_i_fields *f, size_t field, double *out)
{
    hf_text t = hf_i_fields_text(f, field);
    return t.size && hf_i_number_parse(t.data, t.size, '.', out);
}

bool hf_i_fields_truth(const hf_i_fields *f, size_t field)
{
    int64_t v;
    return f->values[field].token == HF_I_JSON_TRUE || hf_i_fields_is(f, field, "true") ||
           (hf_i_fields_int(f, field, &v) && v != 0);
}

hf_status hf_i_json_each(hf_i_json_reader *j, hf_i_item_fn fn, void *user)
{
    bool more;
    if (j->token != HF_I_JSON_ARRAY)
        return hf_i_json_skip(j);
    for (;;) {
        HF_TRY(hf_i_json_next_item(j, &more));
        if (!more)
            return HF_OK;
        HF_TRY(fn(user, j));
    }
}

uint64_t hf_i_json_place_line(hf_i_json_place *p, const hf_i_json_reader *j, uint64_t byte)
{
    const char *at = j->data + p->byte, *stop = j->data + byte;
    if (p->line == 0)
        p->line = 1;
    while (at < stop && (at = memchr(at, '\n', (size_t)(stop - at)))) {
        p->line++;
        at++;
    }
    if (byte > p->byte)
        p->byte = byte;
    return p->line;
}
