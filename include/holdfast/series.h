/* SPDX-License-Identifier: MIT */
/* Dyad-by-time tables: the one shape between signals, diaries, models and the simulator
 * (doc/contracts.md 2). CSV columns: dyad, partner (a, b, ab), time, unit, variable, value, n.
 *
 * Units: time in hours since the record's first row unless time_unit says otherwise; value in
 * `unit`. Missing: NaN, an empty cell in CSV. n: how many observations stand behind the value. */
#ifndef HOLDFAST_SERIES_H
#define HOLDFAST_SERIES_H

#include <holdfast/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum hf_partner { HF_PARTNER_A, HF_PARTNER_B, HF_PARTNER_AB } hf_partner;
HF_API const char *hf_partner_name(hf_partner partner); /* "a", "b", "ab" */

typedef struct hf_series_row {
    uint32_t dyad;     /* index for hf_series_get_dyad */
    uint32_t variable; /* index for hf_series_get_variable */
    hf_partner partner;
    double time;
    double value;
    uint64_t n;
} hf_series_row;

typedef struct hf_series_variable {
    const char *name; /* "reply_median" */
    const char *unit; /* "min" */
} hf_series_variable;

typedef struct hf_series hf_series;

HF_API hf_status hf_series_new(hf_series **out, hf_ctx *ctx, const char *time_unit);
HF_API void hf_series_free(hf_series *series);
HF_API hf_status hf_series_add_dyad(hf_series *series, const char *id, uint32_t *out);
HF_API hf_status hf_series_add_variable(hf_series *series, const char *name, const char *unit,
                                        uint32_t *out);
HF_API hf_status hf_series_add(hf_series *series, const hf_series_row *row);
HF_API size_t hf_series_count(const hf_series *series);
HF_API const hf_series_row *hf_series_get(const hf_series *series, size_t index);
HF_API size_t hf_series_count_dyads(const hf_series *series);
HF_API const char *hf_series_get_dyad(const hf_series *series, uint32_t index);
HF_API size_t hf_series_count_variables(const hf_series *series);
HF_API const hf_series_variable *hf_series_get_variable(const hf_series *series, uint32_t index);
HF_API const char *hf_series_get_time_unit(const hf_series *series);
/* A free line of the CSV's header comment: the aggregation period. */
HF_API hf_status hf_series_set_period(hf_series *series, const char *period);
HF_API hf_status hf_series_write_csv(const hf_series *series, hf_ctx *ctx, hf_outfile *file);
HF_API hf_status hf_series_read_csv(hf_series **out, hf_ctx *ctx, const char *path);

#ifdef __cplusplus
}
#endif
#endif
