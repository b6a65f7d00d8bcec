/* SPDX-License-Identifier: MIT */
#include "finding/figure.h"

#include <math.h>
#include <stdlib.h>

enum { DIGITS = 5 };

void hf_i_figure_begin(hf_i_figure_writer *f, hf_ctx *ctx)
{
    hf_i_buf_init(&f->buf, ctx, 8u << 20, "a figure");
    hf_i_json_init(&f->json, hf_i_sink_buf(&f->buf), 0);
    hf_i_json_object_begin(&f->json);
}

hf_status hf_i_figure_end(hf_i_figure_writer *f, hf_findings *to, const char *id, const char *kind,
                          const char *title_key)
{
    hf_i_json_object_end(&f->json);
    hf_status status = hf_i_json_finish(&f->json);
    if (status == HF_OK) {
        hf_figure figure = {id, kind, title_key, f->buf.data};
        status = hf_findings_add_figure(to, &figure);
    }
    hf_i_buf_dispose(&f->buf);
    return status;
}

/* The decimal nearest to x with five significant digits: both factors are exact below 1e22. */
static double short_number(double x)
{
    if (!isfinite(x) || fabs(x) < 1e-12)
        return isfinite(x) ? 0 : x;
    int power = DIGITS - 1 - (int)floor(log10(fabs(x)));
    if (power > 20 || power < -20)
        return x;
    double scale = pow(10, abs(power));
    return power >= 0 ? round(x * scale) / scale : round(x / scale) * scale;
}

void hf_i_figure_numbers(hf_i_json_writer *w, const char *key, const double *x, size_t count,
                         size_t stride)
{
    hf_i_json_key(w, key);
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < count; i++)
        hf_i_json_number(w, short_number(x[i * stride]));
    hf_i_json_array_end(w);
}

void hf_i_figure_range(hf_i_json_writer *w, const char *key, double lo, double hi)
{
    double ends[2] = {lo, hi};
    hf_i_figure_numbers(w, key, ends, 2, 1);
}

void hf_i_figure_columns(hf_i_json_writer *w, const char *const *names, size_t count)
{
    hf_i_json_key(w, "columns");
    hf_i_json_array_begin(w);
    for (size_t i = 0; i < count; i++)
        hf_i_json_str(w, names[i]);
    hf_i_json_array_end(w);
}

static void write_partner(hf_i_json_writer *w, const char *key, const char *name)
{
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "key", key);
    hf_i_json_key_str(w, "name", name);
    hf_i_json_key_uint(w, "messages", 0);
    hf_i_json_key_null(w, "words");
    hf_i_json_key_bool(w, "me", false);
    hf_i_json_object_end(w);
}

static void write_record(hf_i_json_writer *w, const char *format, const char *file, bool synthetic)
{
    static const char *const absent[] = {"first", "last", "t_res_ms", "date_order",
                                         "exchange_gap_min"};
    static const char *const zero[] = {"messages", "turns", "exchanges", "warnings",
                                       "time_inversions"};
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "format", format);
    hf_i_json_key(w, "files");
    hf_i_json_array_begin(w);
    if (file)
        hf_i_json_str(w, file);
    hf_i_json_array_end(w);
    for (size_t i = 0; i < HF_COUNT_OF(absent); i++)
        hf_i_json_key_null(w, absent[i]);
    for (size_t i = 0; i < HF_COUNT_OF(zero); i++)
        hf_i_json_key_uint(w, zero[i], 0);
    hf_i_json_key_str(w, "t_kind", "none");
    hf_i_json_key_bool(w, "date_ambiguous", false);
    hf_i_json_key(w, "language");
    hf_i_json_object_begin(w);
    hf_i_json_object_end(w);
    hf_i_json_key_bool(w, "synthetic", synthetic);
    hf_i_json_key(w, "partners");
    hf_i_json_array_begin(w);
    write_partner(w, "a", "A");
    write_partner(w, "b", "B");
    hf_i_json_array_end(w);
    hf_i_json_object_end(w);
}

hf_status hf_i_model_header(hf_findings *to, hf_ctx *ctx, const char *format, const char *file,
                            bool synthetic, const char *made_on, const char *protocol)
{
    hf_i_buf buf;
    hf_i_json_writer w;
    hf_i_buf_init(&buf, ctx, 1 << 16, "a header");
    hf_i_json_init(&w, hf_i_sink_buf(&buf), 0);
    write_record(&w, format, file, synthetic);
    hf_status status = hf_i_json_finish(&w);
    hf_findings_header header = {.record = buf.data,
                                 .made_on = made_on,
                                 .consent = HF_CONSENT_RESEARCH,
                                 .protocol = protocol};
    if (status == HF_OK)
        status = hf_findings_set_header(to, &header);
    hf_i_buf_dispose(&buf);
    return status;
}
