/* SPDX-License-Identifier: MIT */
#include "signal/rhythm.h"

#include <math.h>
#include <string.h>

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

/* Log gaps are binned this finely (4 %), so that the mixture costs the same for any record. */
enum { BINS = 512 };
#define BIN_WIDTH 0.04
/* A spread below that of one stamp's rounding says nothing. */
#define FLOOR_SD 0.2
#define MIN_GAPS 100

hf_status hf_i_gap_find(hf_i_gap *out, hf_ctx *ctx, const hf_i_turns *t)
{
    memset(out, 0, sizeof *out);
    out->ms = (double)HOUR;
    if (!t->timed || t->line_count < MIN_GAPS + 1)
        return HF_OK;
    double x[BINS], weight[BINS] = {0};
    /* Two lines with the same stamp are on average a third of its width apart. */
    double least = t->res_ms > 1 ? (double)t->res_ms / 3 : 1, origin = log(least);
    for (size_t i = 0; i < BINS; i++)
        x[i] = origin + BIN_WIDTH * (double)i;
    for (size_t i = 1; i < t->line_count; i++) {
        double gap = fmax(least, (double)(t->lines[i].t - t->lines[i - 1].t));
        double bin = (log(gap) - origin) / BIN_WIDTH + 0.5;
        weight[bin < BINS - 1 ? (size_t)bin : BINS - 1]++;
    }
    hf_status status = hf_i_mixture2_fit(&out->mixture, ctx, x, weight, BINS, FLOOR_SD);
    if (status == HF_E_NOT_ENOUGH_DATA) {
        hf_ctx_clear_error(ctx);
        return HF_OK;
    }
    HF_TRY(status);
    double crossing = hf_i_mixture2_crossing(&out->mixture);
    if (isnan(crossing) || !hf_i_mixture2_two_are_better(&out->mixture))
        return HF_OK;
    double ms = exp(crossing), kept = fmin(fmax(ms, 10.0 * MINUTE), 6.0 * HOUR);
    out->own = true;
    out->clamped = kept != ms;
    out->ms = kept;
    return HF_OK;
}

/* ---- quiet hours ------------------------------------------------------------------------------
 */

static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return q - (a % b != 0 && (a < 0) != (b < 0));
}

static int64_t ms_of_day(int64_t t)
{
    return t - floor_div(t, DAY) * DAY;
}

void hf_i_quiet_find(hf_i_quiet *out, const hf_i_turns *t, int partner)
{
    enum { SLOTS = 144, WINDOW = HF_I_QUIET_MIN / 10 }; /* of ten minutes */
    uint64_t count[SLOTS] = {0}, total = 0, days = 0;
    int64_t last_day = INT64_MIN;
    memset(out, 0, sizeof *out);
    if (!t->timed)
        return;
    for (size_t i = 0; i < t->line_count; i++) {
        if (t->lines[i].partner != partner)
            continue;
        int64_t day = floor_div(t->lines[i].t, DAY);
        days += day != last_day;
        last_day = day;
        count[ms_of_day(t->lines[i].t) / (10 * MINUTE)]++;
        total++;
    }
    for (int s = 0; s < SLOTS; s++)
        out->by_hour[s / 6] += total ? (double)count[s] / (double)total : 0;
    if (total < 100 || days < 7)
        return;
    /* Among equally quiet windows the one in the quietest ten hours. */
    uint64_t best = UINT64_MAX, best_wide = UINT64_MAX;
    int at = 0;
    for (int s = 0; s < SLOTS; s++) {
        uint64_t sum = 0, wide = 0;
        for (int k = -12; k < WINDOW + 12; k++) {
            uint64_t c = count[(s + k + SLOTS) % SLOTS];
            wide += c;
            sum += k >= 0 && k < WINDOW ? c : 0;
        }
        if (sum < best || (sum == best && wide < best_wide)) {
            best = sum;
            best_wide = wide;
            at = s;
        }
    }
    out->share = (double)best / (double)total;
    out->known = best * 10 <= total;
    out->start_min = at * 10;
}

/* Quiet milliseconds of (-inf, t], up to a constant. */
static int64_t quiet_until(const hf_i_quiet *q, int64_t t)
{
    int64_t length = HF_I_QUIET_MIN * MINUTE, since = t - q->start_min * MINUTE;
    int64_t days = floor_div(since, DAY), within = since - days * DAY;
    return days * length + (within < length ? within : length);
}

int64_t hf_i_quiet_mask(const hf_i_quiet *q, int64_t from, int64_t to)
{
    if (!q->known || to <= from)
        return to - from;
    return to - from - (quiet_until(q, to) - quiet_until(q, from));
}

double hf_i_even_clock(const double by_hour[24], int64_t t)
{
    int64_t day = floor_div(t, DAY), within = t - day * DAY;
    int hour = (int)(within / HOUR);
    double passed = 0;
    for (int h = 0; h < hour; h++)
        passed += by_hour[h];
    passed += by_hour[hour] * (double)(within % HOUR) / (double)HOUR;
    return 24 * ((double)day + passed);
}
