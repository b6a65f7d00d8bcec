/* SPDX-License-Identifier: MIT */
/* Every measure by period: rows of the series, and the figures of the report, each with the band of
 * that partner's own ordinary ups and downs. */
#include "num/stats_distribution.h"
#include "signal/analysis.h"
#include "text/json_write.h"
#include "text/time.h"

#include <math.h>
#include <string.h>

enum { REPLY_TIME = HF_I_MEASURE_COUNT, STYLE, SERIES_COUNT };

typedef struct {
    double value, lo, hi;
    uint64_t n;
} point;

typedef struct {
    const char *name, *unit;
    hf_output output;
    bool by_partner;
} variable;

static variable variable_of(int which)
{
    if (which == REPLY_TIME)
        return (variable){"reply_time", "min", HF_OUTPUT_ACTS, true};
    if (which == STYLE)
        return (variable){"style_matching", "", HF_OUTPUT_INFLUENCE, false};
    const hf_i_measure_info *info = &hf_i_measure_infos[which];
    return (variable){info->name, info->unit, info->output, info->by_partner};
}

/* ---- one point
 * ------------------------------------------------------------------------------------------ */

static point cell_point(const hf_i_measures *m, hf_i_measure which, int p, size_t period)
{
    const hf_i_measure_info *info = &hf_i_measure_infos[which];
    const hf_i_cell *c = hf_i_period_cell(m, which, p, period);
    point out = {NAN, NAN, NAN, info->kind == HF_I_SHARE ? (uint64_t)c->den : c->n};
    if (info->kind == HF_I_COUNT) {
        int64_t end = m->turns->t_first + (int64_t)(period + 1) * m->period_ms;
        /* The last period may be cut short: its count would look like silence. */
        if (period + 1 < m->periods || end - m->turns->t_last <= m->period_ms / 20)
            out.value = c->num;
        return out;
    }
    if (out.n < HF_I_ENOUGH_IN)
        return out;
    out.value = c->num / c->den;
    if (info->kind == HF_I_SHARE) {
        hf_i_interval w = hf_i_wilson(c->num, c->den, HF_I_LEVEL);
        out.lo = w.lo;
        out.hi = w.hi;
        return out;
    }
    double n = c->n, variance = (c->squares - c->num * c->num / n) / (n - 1);
    double half = hf_i_t_quantile(0.5 + HF_I_LEVEL / 2, n - 1) * sqrt(fmax(0, variance) / n);
    out.lo = out.value - half;
    out.hi = out.value + half;
    return out;
}

static point style_point(const hf_i_measures *m, size_t period)
{
    enum { WIDTH = HF_I_STYLE_GROUPS + 1 };
    double sums[2][WIDTH];
    for (size_t p = 0; p < 2; p++)
        for (int g = 0; g < WIDTH; g++)
            sums[p][g] = m->style_by_period[(p * m->periods + period) * WIDTH + (size_t)g];
    double least = fmin(sums[0][WIDTH - 1], sums[1][WIDTH - 1]);
    point out = {NAN, NAN, NAN, (uint64_t)least};
    if (least >= HF_I_STYLE_LEAST)
        out.value = hf_i_style_match(sums[0], sums[1], NULL);
    return out;
}

static point point_of(const hf_analysis *a, int which, int p, size_t period)
{
    if (which == STYLE)
        return style_point(&a->measures, period);
    if (which != REPLY_TIME)
        return cell_point(&a->measures, (hf_i_measure)which, p, period);
    const hf_i_period_reply *r = &a->estimates.reply_by_period[p][period];
    return (point){r->median.estimate, r->median.lo, r->median.hi, r->n};
}

/* ---- a line of points
 * ----------------------------------------------------------------------------------- */

typedef struct {
    point *points;
    size_t count;
    double usual_lo, usual_hi, middle, spread;
} line;

static void fill_line(const hf_analysis *a, int which, int p, line *l, double *work)
{
    size_t n = 0;
    for (size_t k = 0; k < l->count; k++) {
        l->points[k] = point_of(a, which, p, k);
        if (!isnan(l->points[k].value))
            work[n++] = l->points[k].value;
    }
    l->usual_lo = l->usual_hi = l->middle = l->spread = NAN;
    if (n < 6)
        return;
    hf_i_sort_doubles(work, n);
    l->usual_lo = hf_i_quantile_sorted(work, n, 0.1);
    l->usual_hi = hf_i_quantile_sorted(work, n, 0.9);
    l->spread = hf_i_mad_sd(work, n, &l->middle);
}

static hf_status add_rows(hf_analysis *a, const variable *v, hf_partner partner, const line *l)
{
    static const char *const parts[] = {"", "_lo", "_hi", "_z"};
    uint32_t dyad;
    HF_TRY(hf_series_add_dyad(a->series, "1", &dyad));
    for (int part = 0; part < 4; part++) {
        char name[64];
        hf_series_row row = {.dyad = dyad, .partner = partner};
        snprintf(name, sizeof name, "%s%s", v->name, parts[part]);
        HF_TRY(hf_series_add_variable(a->series, name, part == 3 ? "sd" : v->unit, &row.variable));
        for (size_t k = 0; k < l->count; k++) {
            const point *x = &l->points[k];
            row.time = (double)((int64_t)k * a->measures.period_ms) / a->unit_ms;
            row.n = x->n;
            row.value = part == 0   ? x->value
                        : part == 1 ? x->lo
                        : part == 2 ? x->hi
                                    : (x->value - l->middle) / l->spread;
            if (!isfinite(row.value))
                row.value = NAN;
            HF_TRY(hf_series_add(a->series, &row));
        }
    }
    return HF_OK;
}

static void write_values(hf_i_json_writer *w, const char *key, const line *l, int part)
{
    hf_i_json_key(w, key);
    hf_i_json_array_begin(w);
    for (size_t k = 0; k < l->count; k++) {
        const point *x = &l->points[k];
        double value = part == 0 ? x->value : part == 1 ? x->lo : part == 2 ? x->hi : (double)x->n;
        hf_i_json_number(w, isnan(value) ? value : round(value * 1e5) / 1e5);
    }
    hf_i_json_array_end(w);
}

static void write_line(hf_i_json_writer *w, hf_partner partner, const line *l)
{
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "partner", hf_partner_name(partner));
    write_values(w, "value", l, 0);
    write_values(w, "lo", l, 1);
    write_values(w, "hi", l, 2);
    hf_i_json_key_number(w, "usual_lo", l->usual_lo);
    hf_i_json_key_number(w, "usual_hi", l->usual_hi);
    write_values(w, "n", l, 3);
    hf_i_json_object_end(w);
}

/* ---- one figure
 * ------------------------------------------------------------------------------------------- */

static const char *period_name(const hf_analysis *a)
{
    int64_t days = a->measures.period_ms / HF_I_MS_PER_DAY;
    return days == 1 ? "day" : days == 7 ? "week" : "month";
}

static void write_head(const hf_analysis *a, hf_i_json_writer *w, const variable *v)
{
    const hf_i_measures *m = &a->measures;
    hf_i_json_object_begin(w);
    hf_i_json_key(w, "time");
    hf_i_json_array_begin(w);
    for (size_t k = 0; k < m->periods; k++) {
        char date[HF_I_TIME_SIZE];
        hf_i_time_format_date(date, m->turns->t_first + (int64_t)k * m->period_ms);
        hf_i_json_str(w, date);
    }
    hf_i_json_array_end(w);
    hf_i_json_key_str(w, "period", period_name(a));
    hf_i_json_key_str(w, "unit", v->unit);
    hf_i_json_key(w, "lines");
    hf_i_json_array_begin(w);
}

/* Enough points to draw a line of? */
static bool drawable(const line *l)
{
    size_t n = 0;
    for (size_t k = 0; k < l->count; k++)
        n += !isnan(l->points[k].value);
    return n >= 3;
}

static hf_status write_variable(hf_analysis *a, int which, line *l, double *work, hf_i_buf *buf)
{
    variable v = variable_of(which);
    hf_i_json_writer w;
    bool any = false;
    hf_i_buf_clear(buf);
    hf_i_json_init(&w, hf_i_sink_buf(buf), 0);
    write_head(a, &w, &v);
    for (int p = 0; p < (v.by_partner ? 2 : 1); p++) {
        hf_partner partner = v.by_partner ? (hf_partner)p : HF_PARTNER_AB;
        if (!hf_i_may_show(a, v.output, v.by_partner ? p : 2))
            continue;
        fill_line(a, which, p, l, work);
        HF_TRY(add_rows(a, &v, partner, l));
        if (drawable(l)) {
            write_line(&w, partner, l);
            any = true;
        }
    }
    hf_i_json_array_end(&w);
    hf_i_json_object_end(&w);
    HF_TRY(hf_i_json_finish(&w));
    char title[64];
    snprintf(title, sizeof title, "figure.%s", v.name);
    hf_figure figure = {v.name, "series", title, buf->data};
    return any ? hf_findings_add_figure(a->findings, &figure) : HF_OK;
}

hf_status hf_i_periods_write(hf_analysis *a)
{
    char period[64];
    HF_TRY(hf_series_new(&a->series, a->ctx, a->time_unit));
    if (!a->measures.period_ms)
        return hf_series_set_period(a->series, "none: the record has no certain dates");
    snprintf(period, sizeof period, "%lld days",
             (long long)(a->measures.period_ms / HF_I_MS_PER_DAY));
    HF_TRY(hf_series_set_period(a->series, period));
    size_t n = a->measures.periods;
    line l = {.points = hf_i_alloc(a->ctx, n * sizeof(point)), .count = n};
    double *work = hf_i_alloc(a->ctx, n * sizeof *work);
    hf_i_buf buf;
    hf_i_buf_init(&buf, a->ctx, 1 << 24, "a figure");
    hf_status status = l.points && work ? HF_OK : HF_E_NOMEM;
    for (int which = 0; status == HF_OK && which < SERIES_COUNT; which++)
        if (which != HF_I_M_TONE || a->readings.warmth)
            status = write_variable(a, which, &l, work, &buf);
    hf_i_buf_dispose(&buf);
    hf_i_free(a->ctx, l.points);
    hf_i_free(a->ctx, work);
    return status;
}
