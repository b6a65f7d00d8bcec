/* SPDX-License-Identifier: MIT */
/* Small panels for the engine's tests: read from the reference folder or simulated. */
#ifndef TEST_INFER_DATA_H
#define TEST_INFER_DATA_H

#include <holdfast/infer.h>

#include "num/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    size_t n, m;
    size_t *first;
    double *time, *y, *u;
} test_panel;

static inline void test_panel_free(test_panel *p)
{
    free(p->first);
    free(p->time);
    free(p->y);
    free(p->u);
}

static inline hf_dyads test_panel_view(const test_panel *p)
{
    hf_dyads d = HF_DYADS_INIT;
    d.n_dyads = p->n;
    d.first_row = p->first;
    d.time = p->time;
    d.y = p->y;
    d.u = p->u;
    return d;
}

static inline void test_panel_make(test_panel *p, size_t n, size_t rows, size_t m, size_t covs)
{
    p->n = n;
    p->m = m;
    p->first = calloc(n + 1, sizeof *p->first);
    p->time = calloc(n * rows, sizeof *p->time);
    p->y = calloc(n * rows * m, sizeof *p->y);
    p->u = covs ? calloc(n * rows * covs, sizeof *p->u) : NULL;
    for (size_t i = 0; i <= n; i++)
        p->first[i] = i * rows;
}

/* Numbers of a CSV with a header; cells that are no number become NaN. Returns rows. */
static inline size_t test_csv(const char *path, size_t columns, double **out)
{
    FILE *f = fopen(path, "r");
    char line[8192];
    size_t rows = 0, cap = 0;
    *out = NULL;
    if (!f || !fgets(line, sizeof line, f))
        return 0;
    while (fgets(line, sizeof line, f)) {
        if (rows == cap)
            *out = realloc(*out, (cap = 2 * cap + 64) * columns * sizeof **out);
        char *p = line;
        for (size_t c = 0; c < columns; c++) {
            char *end;
            double x = strtod(p, &end);
            (*out)[rows * columns + c] = end == p ? NAN : x;
            while (*end && *end != ',' && *end != '\n')
                end++;
            p = *end == ',' ? end + 1 : end;
        }
        rows++;
    }
    fclose(f);
    return rows;
}

/* id, time, then columns: obs first[..], covariates after; wanted by index. */
static inline bool test_panel_csv(test_panel *p, const char *path, size_t columns, const int *obs,
                                  size_t m, const int *covs, size_t n_covs)
{
    double *cells;
    size_t rows = test_csv(path, columns, &cells);
    if (!rows)
        return false;
    test_panel_make(p, 1, rows, m, n_covs);
    p->first = realloc(p->first, (rows + 1) * sizeof *p->first);
    p->n = 0;
    for (size_t r = 0; r < rows; r++) {
        if (r == 0 || cells[r * columns] != cells[(r - 1) * columns])
            p->first[p->n++] = r;
        p->time[r] = cells[r * columns + 1];
        for (size_t j = 0; j < m; j++)
            p->y[r * m + j] = cells[r * columns + (size_t)obs[j]];
        for (size_t c = 0; c < n_covs; c++)
            p->u[r * n_covs + c] = cells[r * columns + (size_t)covs[c]];
    }
    p->first[p->n] = rows;
    free(cells);
    return true;
}

#endif
