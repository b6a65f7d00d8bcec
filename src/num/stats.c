/* SPDX-License-Identifier: MIT */
#include "num/stats.h"

#include "num/stats_distribution.h"

#include <math.h>
#include <string.h>

/* ---- order -------------------------------------------------------------------------------- */

enum { SMALL = 24 };

static void insertion_sort(double *x, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        double v = x[i];
        size_t j = i;
        for (; j > 0 && x[j - 1] > v; j--)
            x[j] = x[j - 1];
        x[j] = v;
    }
}

static void sift_down(double *x, size_t root, size_t n)
{
    double v = x[root];
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && x[child + 1] > x[child])
            child++;
        if (v >= x[child])
            break;
        x[root] = x[child];
    }
    x[root] = v;
}

static void heap_sort(double *x, size_t n)
{
    for (size_t i = n / 2; i-- > 0;)
        sift_down(x, i, n);
    for (size_t end = n; end-- > 1;) {
        double top = x[0];
        x[0] = x[end];
        x[end] = top;
        sift_down(x, 0, end);
    }
}

static double median_of_three(double a, double b, double c)
{
    if (a > b) {
        double t = a;
        a = b;
        b = t;
    }
    return c < a ? a : c > b ? b : c;
}

/* Quicksort that turns to heapsort when the splits go badly (Musser 1997). */
static void intro_sort(double *x, size_t n, int depth)
{
    while (n > SMALL) {
        if (depth-- == 0) {
            heap_sort(x, n);
            return;
        }
        double pivot = median_of_three(x[0], x[n / 2], x[n - 1]);
        size_t i = 0, j = n - 1;
        for (;; i++, j--) {
            while (x[i] < pivot)
                i++;
            while (x[j] > pivot)
                j--;
            if (i >= j)
                break;
            double t = x[i];
            x[i] = x[j];
            x[j] = t;
        }
        size_t left = i == j ? i : j + 1;
        if (left == 0)
            left = 1;
        intro_sort(x + left, n - left, depth);
        n = left;
    }
    insertion_sort(x, n);
}

void hf_i_sort_doubles(double *x, size_t n)
{
    int depth = 2;
    for (size_t m = n; m > 1; m >>= 1)
        depth += 2;
    intro_sort(x, n, depth);
}

double hf_i_quantile_sorted(const double *x, size_t n, double p)
{
    if (n == 0)
        return NAN;
    double h = p * (double)(n - 1);
    size_t lo = h <= 0 ? 0 : (size_t)h;
    if (lo >= n - 1)
        return x[n - 1];
    return x[lo] + (h - (double)lo) * (x[lo + 1] - x[lo]);
}

double hf_i_median(double *x, size_t n)
{
    hf_i_sort_doubles(x, n);
    return hf_i_quantile_sorted(x, n, 0.5);
}

/* ---- location and spread ------------------------------------------------------------------- */

double hf_i_mean(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return n ? sum / (double)n : NAN;
}

static double sum_of_squares(const double *x, size_t n, double mean)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return sum;
}

double hf_i_sd(const double *x, size_t n)
{
    return n < 2 ? NAN : sqrt(sum_of_squares(x, n, hf_i_mean(x, n)) / (double)(n - 1));
}

double hf_i_mad_sd(double *x, size_t n, double *median)
{
    double middle = hf_i_median(x, n);
    if (median)
        *median = middle;
    for (size_t i = 0; i < n; i++)
        x[i] = fabs(x[i] - middle);
    return 1.482602218505602 * hf_i_median(x, n);
}

/* ---- intervals ------------------------------------------------------------------------------ */

hf_i_interval hf_i_median_interval(const double *x, size_t n, double level)
{
    hf_i_interval out = {hf_i_quantile_sorted(x, n, 0.5), NAN, NAN};
    if (n == 0)
        return out;
    /* The largest k with P(Binomial(n, 1/2) < k) <= (1 - level)/2 gives [x_k, x_(n+1-k)]. */
    double tail = (1 - level) / 2, log_half = -0.69314718055994530942 * (double)n;
    double sum = 0, log_term = log_half;
    size_t k = 0;
    for (; k < n / 2; k++) {
        sum += exp(log_term);
        if (sum > tail)
            break;
        log_term += log((double)(n - k) / (double)(k + 1));
    }
    size_t lo = k ? k - 1 : 0;
    out.lo = x[lo];
    out.hi = x[n - 1 - lo];
    return out;
}

hf_i_interval hf_i_wilson(double k, double n, double level)
{
    hf_i_interval out = {NAN, NAN, NAN};
    if (!(n > 0))
        return out;
    double z = hf_i_normal_quantile(0.5 + level / 2), p = k / n, z2 = z * z;
    double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
    double half = z / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    out.estimate = p;
    out.lo = k <= 0 ? 0 : fmax(0, middle - half);
    out.hi = k >= n ? 1 : fmin(1, middle + half);
    return out;
}

hf_i_interval hf_i_newcombe(double k1, double n1, double k2, double n2, double level)
{
    hf_i_interval a = hf_i_wilson(k1, n1, level), b = hf_i_wilson(k2, n2, level);
    double d = a.estimate - b.estimate;
    return (hf_i_interval){d, d - hypot(a.estimate - a.lo, b.hi - b.estimate),
                           d + hypot(a.hi - a.estimate, b.estimate - b.lo)};
}

/* ---- slopes and ranks ------------------------------------------------------------------------ */

hf_status hf_i_theil_sen(double *slope, hf_ctx *ctx, const double *x, const double *y, size_t n)
{
    *slope = NAN;
    if (n < 2)
        return HF_OK;
    if (n > 4000)
        return hf_i_fail(ctx, HF_E_LIMIT, NULL, "a slope over more than 4000 points");
    double *slopes = hf_i_alloc(ctx, n * (n - 1) / 2 * sizeof *slopes);
    if (!slopes)
        return HF_E_NOMEM;
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            if (x[i] != x[j])
                slopes[count++] = (y[j] - y[i]) / (x[j] - x[i]);
    *slope = hf_i_median(slopes, count);
    hf_i_free(ctx, slopes);
    return HF_OK;
}

/* Mid-ranks of x by looking each value up in its sorted copy. */
static void mid_ranks(double *rank, const double *x, const double *sorted, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t lo = 0, hi = n;
        while (lo < hi) {
            size_t mid = lo + (hi - lo) / 2;
            if (sorted[mid] < x[i])
                lo = mid + 1;
            else
                hi = mid;
        }
        size_t first = lo;
        for (hi = n; lo < hi;) {
            size_t mid = lo + (hi - lo) / 2;
            if (sorted[mid] <= x[i])
                lo = mid + 1;
            else
                hi = mid;
        }
        rank[i] = 0.5 * (double)(first + lo - 1);
    }
}

static double correlation(const double *x, const double *y, size_t n)
{
    double mx = hf_i_mean(x, n), my = hf_i_mean(y, n), xy = 0;
    for (size_t i = 0; i < n; i++)
        xy += (x[i] - mx) * (y[i] - my);
    double d = sqrt(sum_of_squares(x, n, mx) * sum_of_squares(y, n, my));
    return d > 0 ? xy / d : NAN;
}

hf_status hf_i_spearman(double *r, hf_ctx *ctx, const double *x, const double *y, size_t n)
{
    *r = NAN;
    if (n < 3)
        return HF_OK;
    double *work = hf_i_alloc(ctx, 3 * n * sizeof *work);
    if (!work)
        return HF_E_NOMEM;
    double *sorted = work + 2 * n;
    const double *side[2] = {x, y};
    for (size_t s = 0; s < 2; s++) {
        memcpy(sorted, side[s], n * sizeof *sorted);
        hf_i_sort_doubles(sorted, n);
        mid_ranks(work + s * n, side[s], sorted, n);
    }
    *r = correlation(work, work + n, n);
    hf_i_free(ctx, work);
    return HF_OK;
}

/* ---- rhythm ---------------------------------------------------------------------------------- */

double hf_i_burstiness(const double *gaps, size_t n)
{
    double m = hf_i_mean(gaps, n);
    if (n < 2 || !(m > 0))
        return NAN;
    double s = sqrt(sum_of_squares(gaps, n, m) / (double)n);
    return (s - m) / (s + m);
}

double hf_i_burstiness_finite(const double *gaps, size_t n)
{
    double m = hf_i_mean(gaps, n), count = (double)n;
    if (n < 2 || !(m > 0))
        return NAN;
    double r = sqrt(sum_of_squares(gaps, n, m) / count) / m;
    double top = sqrt(count + 1), bottom = sqrt(count - 1);
    return (top * r - bottom) / ((top - 2) * r + bottom);
}

double hf_i_memory(const double *gaps, size_t n)
{
    return n < 3 ? NAN : correlation(gaps, gaps + 1, n - 1);
}
