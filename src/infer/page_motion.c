/* SPDX-License-Identifier: MIT */
/* How the fitted pair moves: null-clines of two states with their uncertainty, rest points, and the
 * curves after a push of one unit. */
#include "infer/page.h"

#include "num/stats.h"

#include <math.h>
#include <string.h>

enum { N = HF_MODEL_MAX_STATES, GRID = 56, COARSE = 22, DRAWN_CURVES = 24, PATH_MOST = 400 };
enum { TIMES = 61, PUSHED_MOST = 6, CURVE_DRAWS = 120, PIECES = 16, SETTLE_STEPS = 400 };

static hf_i_model_point point_of(const hf_i_fit_page *p)
{
    return (hf_i_model_point){
        .u = p->u, .before = p->u, .time = p->data->time[p->first + p->rows - 1]};
}

/* ---- null-clines ----------------------------------------------------------------------------- */

typedef struct {
    double x0, x1, y0, y1;
} box;

/* f_i (of a discrete model: the change in a step) on a grid of corners. */
static void field(hf_i_fit_page *p, const box *b, int cells, double *fx, double *fy)
{
    hf_i_model_point at = point_of(p);
    double x[N], f[N];
    memcpy(x, p->at, p->model->n * sizeof *x);
    at.x = x;
    for (int j = 0; j <= cells; j++)
        for (int i = 0; i <= cells; i++) {
            x[0] = b->x0 + (b->x1 - b->x0) * i / cells;
            x[1] = b->y0 + (b->y1 - b->y0) * j / cells;
            hf_i_motion_drift(&p->motion, 0, &at, f);
            fx[i + j * (cells + 1)] = f[0] - (p->model->continuous ? 0 : x[0]);
            fy[i + j * (cells + 1)] = f[1] - (p->model->continuous ? 0 : x[1]);
        }
}

typedef struct {
    double *x, *y;
    size_t count;
} segments;

/* Where the edge between two corners is crossed; false when it is not. */
static bool crossing(double a, double b, double *where)
{
    if ((a < 0) == (b < 0) || !isfinite(a) || !isfinite(b))
        return false;
    *where = a / (a - b);
    return true;
}

/* Marching squares (Lorensen & Cline 1987 in the plane): short lines with gaps between them. */
static void contour(const double *f, const box *b, int cells, segments *out)
{
    static const int corner[4][4] = {{0, 0, 1, 0}, {1, 0, 1, 1}, {0, 1, 1, 1}, {0, 0, 0, 1}};
    out->count = 0;
    for (int j = 0; j < cells; j++)
        for (int i = 0; i < cells; i++) {
            double ex[4], ey[4], t;
            int found = 0;
            for (int e = 0; e < 4; e++) {
                int ax = i + corner[e][0], ay = j + corner[e][1], bx = i + corner[e][2],
                    by = j + corner[e][3];
                if (!crossing(f[ax + ay * (cells + 1)], f[bx + by * (cells + 1)], &t))
                    continue;
                ex[found] = b->x0 + (b->x1 - b->x0) * (ax + t * (bx - ax)) / cells;
                ey[found++] = b->y0 + (b->y1 - b->y0) * (ay + t * (by - ay)) / cells;
            }
            for (int s = 0; s + 1 < found; s += 2) {
                for (int q = 0; q < 2; q++) {
                    out->x[out->count] = ex[s + q];
                    out->y[out->count++] = ey[s + q];
                }
                out->x[out->count] = out->y[out->count] = NAN;
                out->count++;
            }
        }
}

static void write_line(hf_i_json_writer *w, const char *role, int group, const double *x,
                       const double *y, size_t count, size_t stride)
{
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "role", role);
    hf_i_json_key_int(w, "group", group);
    hf_i_figure_numbers(w, "x", x, count, stride);
    hf_i_figure_numbers(w, "y", y, count, stride);
    hf_i_json_object_end(w);
}

typedef struct {
    double *fx, *fy;
    segments s;
    double *path; /* [2][PATH_MOST] */
} plane_room;

static void write_clines(hf_i_fit_page *p, hf_i_json_writer *w, const box *b, int cells,
                         const char *role, plane_room *room)
{
    field(p, b, cells, room->fx, room->fy);
    for (int group = 0; group < 2; group++) {
        contour(group ? room->fy : room->fx, b, cells, &room->s);
        if (room->s.count)
            write_line(w, role, group, room->s.x, room->s.y, room->s.count, 1);
    }
}

/* Newton from a start; true at a rest point inside the box. */
static bool rest_from(hf_i_fit_page *p, const box *b, double *x, bool *stable)
{
    const hf_model *mo = p->model;
    size_t n = mo->n;
    double off = mo->continuous ? 0 : 1, f[N], J[N * N], change = 1;
    hf_i_model_point at = point_of(p);
    double a00 = 0, a01 = 0, a10 = 0, a11 = 0;
    at.x = x;
    for (int i = 0; i < 60 && change > 1e-10; i++) {
        hf_i_motion_drift(&p->motion, 0, &at, f);
        hf_i_model_take(p->motion.values, mo->jacobian, n * n, J);
        a00 = J[0] - off, a10 = J[1], a01 = J[n], a11 = J[1 + n] - off;
        double det = a00 * a11 - a01 * a10, f0 = f[0] - off * x[0], f1 = f[1] - off * x[1];
        if (!(fabs(det) > 1e-14))
            return false;
        double dx = (a11 * f0 - a01 * f1) / det, dy = (a00 * f1 - a10 * f0) / det;
        x[0] -= dx;
        x[1] -= dy;
        change = fabs(dx) / (b->x1 - b->x0) + fabs(dy) / (b->y1 - b->y0);
    }
    double trace = a00 + a11 + 2 * off, det = (a00 + off) * (a11 + off) - a01 * a10;
    *stable = mo->continuous ? trace < 0 && det > 0              /* both eigenvalues left of 0 */
                             : fabs(trace) < 1 + det && det < 1; /* inside the circle (Jury) */
    return change <= 1e-10 && x[0] > b->x0 && x[0] < b->x1 && x[1] > b->y0 && x[1] < b->y1;
}

static void write_rest(hf_i_fit_page *p, hf_i_json_writer *w, const box *b)
{
    double known[16][2];
    size_t count = 0;
    for (int s = 0; s < 49 && count < HF_COUNT_OF(known); s++) {
        double x[N];
        bool stable, fresh = true;
        memcpy(x, p->at, p->model->n * sizeof *x);
        x[0] = b->x0 + (b->x1 - b->x0) * (s % 7 + .5) / 7;
        x[1] = b->y0 + (b->y1 - b->y0) * (s / 7 + .5) / 7;
        if (!rest_from(p, b, x, &stable))
            continue;
        for (size_t k = 0; k < count; k++)
            fresh &= fabs(known[k][0] - x[0]) > 1e-5 * (b->x1 - b->x0) ||
                     fabs(known[k][1] - x[1]) > 1e-5 * (b->y1 - b->y0);
        if (!fresh)
            continue;
        memcpy(known[count++], x, sizeof known[0]);
        hf_i_json_object_begin(w);
        hf_i_json_key_str(w, "role", stable ? "stable" : "unstable");
        hf_i_json_key_int(w, "group", -1);
        hf_i_figure_numbers(w, "at", x, 2, 1);
        hf_i_json_object_end(w);
    }
}

/* The smoothed path and a box around it. */
static size_t take_path(const hf_i_fit_page *p, double *path, box *b)
{
    size_t rows = p->rows < PATH_MOST ? p->rows : PATH_MOST;
    double lo[2] = {INFINITY, INFINITY}, hi[2] = {-INFINITY, -INFINITY};
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < 2; i++) {
            double sd, *x = &path[i * PATH_MOST + r];
            hf_states_smoothed(p->states, p->first + r, i, x, &sd);
            lo[i] = fmin(lo[i], *x);
            hi[i] = fmax(hi[i], *x);
        }
    double pad[2];
    for (int i = 0; i < 2; i++)
        pad[i] = hi[i] > lo[i] ? .2 * (hi[i] - lo[i]) : 1;
    *b = (box){lo[0] - pad[0], hi[0] + pad[0], lo[1] - pad[1], hi[1] + pad[1]};
    return rows;
}

static void write_plane(hf_i_fit_page *p, hf_i_json_writer *w, plane_room *room)
{
    box b;
    size_t rows = take_path(p, room->path, &b);
    hf_i_json_key_str(w, "x_title", p->model->states[0]);
    hf_i_json_key_str(w, "y_title", p->model->states[1]);
    hf_i_figure_range(w, "x_range", b.x0, b.x1);
    hf_i_figure_range(w, "y_range", b.y0, b.y1);
    hf_i_json_key(w, "lines");
    hf_i_json_array_begin(w);
    for (size_t d = 0; d < p->draws && d < DRAWN_CURVES; d++) {
        hf_i_motion_set(&p->motion, p->drawn + d * p->model->n_params);
        write_clines(p, w, &b, COARSE, "drawn", room);
    }
    hf_i_motion_set(&p->motion, p->fit->theta);
    write_clines(p, w, &b, GRID, "nullcline", room);
    write_line(w, "path", -1, room->path, room->path + PATH_MOST, rows, 1);
    hf_i_json_array_end(w);
    hf_i_json_key(w, "points");
    hf_i_json_array_begin(w);
    write_rest(p, w, &b);
    hf_i_json_array_end(w);
}

hf_status hf_i_fit_page_phase(hf_i_fit_page *p)
{
    enum { CORNERS = (GRID + 1) * (GRID + 1), SEGMENTS = 6 * GRID * GRID };
    size_t moving = p->model->n - p->model->n_effects;
    hf_i_figure_writer f;
    if (moving != 2)
        return hf_i_fit_unknown(p, "fit_phase.ab", "fit_phase_states");
    if (p->model->n_regimes > 1)
        return hf_i_fit_unknown(p, "fit_phase.ab", "fit_phase_regimes");
    double *memory =
        hf_i_alloc(p->ctx, (2 * CORNERS + 2 * SEGMENTS + 2 * PATH_MOST) * sizeof *memory);
    if (!memory)
        return HF_E_NOMEM;
    plane_room room = {.fx = memory, .fy = memory + CORNERS};
    room.s = (segments){memory + 2 * CORNERS, memory + 2 * CORNERS + SEGMENTS, 0};
    room.path = memory + 2 * CORNERS + 2 * SEGMENTS;
    hf_i_figure_begin(&f, p->ctx);
    write_plane(p, &f.json, &room);
    hf_i_free(p->ctx, memory);
    return hf_i_figure_end(&f, p->out, "phase", "portrait", "figure.phase");
}

/* ---- recovery -------------------------------------------------------------------------------- */

typedef struct {
    double step;    /* between two times */
    double *curves; /* [CURVE_DRAWS][n][TIMES] */
    double *lo, *mid, *hi;
} recovery;

/* A state where regime k of a nonlinear model rests: long moved from the last smoothed one. */
static bool settle(hf_i_fit_page *p, size_t k, double dt, double *x)
{
    double before[N];
    size_t n = p->model->n;
    memcpy(x, p->at, n * sizeof *x);
    if (p->model->linear_drift)
        return true;
    for (int i = 0; i < SETTLE_STEPS; i++) {
        hf_i_model_point at = point_of(p);
        memcpy(before, x, n * sizeof *x);
        if (!hf_i_motion_step(&p->motion, k, &at, dt, PIECES, NULL, x))
            return false;
    }
    double change = 0, size = 0;
    for (size_t i = 0; i < n; i++) {
        change += fabs(x[i] - before[i]);
        size += fabs(x[i]);
    }
    return change < 1e-6 * (1 + size);
}

/* out [n][TIMES]: all states' distance from where they would be, after a push of state i. */
static bool respond(hf_i_fit_page *p, size_t k, const double *rest, size_t i, double step,
                    double *out)
{
    size_t n = p->model->n;
    double pushed[N], calm[N];
    memcpy(pushed, rest, n * sizeof *pushed);
    memcpy(calm, rest, n * sizeof *calm);
    pushed[i] += 1;
    for (size_t t = 0; t < TIMES; t++) {
        for (size_t s = 0; s < n; s++)
            out[s * TIMES + t] = pushed[s] - calm[s];
        hf_i_model_point a = point_of(p), b = point_of(p);
        if (t + 1 < TIMES && (!hf_i_motion_step(&p->motion, k, &a, step, PIECES, NULL, pushed) ||
                              !hf_i_motion_step(&p->motion, k, &b, step, PIECES, NULL, calm)))
            return false;
    }
    return true;
}

/* The time between two points so that the curves have mostly died away at the end. */
static double choose_step(hf_i_fit_page *p, size_t k, const double *rest, double dt, double *room)
{
    double step = dt;
    size_t moving = p->model->n - p->model->n_effects;
    for (int round = 0; round < 6; round++) {
        size_t last = 0;
        for (size_t i = 0; i < moving; i++) {
            if (!respond(p, k, rest, i, step, room))
                return step;
            for (size_t s = 0; s < moving; s++)
                for (size_t t = 0; t < TIMES; t++)
                    if (fabs(room[s * TIMES + t]) > .04 && t > last)
                        last = t;
        }
        if (last < TIMES / 3 && p->model->continuous)
            step *= fmax((double)last, 1) / (TIMES * .7);
        else if (last == TIMES - 1 && round < 3)
            step *= 2;
        else
            return step;
    }
    return step;
}

static void band(const hf_i_fit_page *p, recovery *r, size_t state, size_t draws)
{
    size_t n = p->model->n;
    double x[CURVE_DRAWS];
    for (size_t t = 0; t < TIMES; t++) {
        for (size_t d = 0; d < draws; d++)
            x[d] = r->curves[(d * n + state) * TIMES + t];
        hf_i_sort_doubles(x, draws);
        r->lo[t] = hf_i_quantile_sorted(x, draws, .025);
        r->hi[t] = hf_i_quantile_sorted(x, draws, .975);
    }
}

static void write_curve(const hf_i_fit_page *p, hf_i_json_writer *w, recovery *r, size_t state,
                        size_t draws, const double *mid, const char *partner)
{
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "partner", partner);
    hf_i_json_key_str(w, "title", p->model->states[state]);
    hf_i_figure_numbers(w, "mid", mid + state * TIMES, TIMES, 1);
    if (draws) {
        band(p, r, state, draws);
        hf_i_figure_numbers(w, "lo", r->lo, TIMES, 1);
        hf_i_figure_numbers(w, "hi", r->hi, TIMES, 1);
    }
    hf_i_json_object_end(w);
}

/* The state that answers most to a push of i; i itself when none does. */
static size_t answers(const double *mid, size_t moving, size_t i)
{
    size_t best = i;
    double most = .02;
    for (size_t s = 0; s < moving; s++)
        for (size_t t = 0; s != i && t < TIMES; t++)
            if (fabs(mid[s * TIMES + t]) > most) {
                most = fabs(mid[s * TIMES + t]);
                best = s;
            }
    return best;
}

/* Curves of the drawn parameter vectors; those that explode are left out. */
static size_t draw_curves(hf_i_fit_page *p, size_t k, size_t i, double dt, recovery *r)
{
    size_t draws = 0, n = p->model->n;
    double rest[N];
    for (size_t d = 0; d < p->draws && draws < CURVE_DRAWS; d++) {
        hf_i_motion_set(&p->motion, p->drawn + d * p->model->n_params);
        if (settle(p, k, dt, rest) &&
            respond(p, k, rest, i, r->step, r->curves + draws * n * TIMES))
            draws++;
    }
    hf_i_motion_set(&p->motion, p->fit->theta);
    return draws >= 40 ? draws : 0;
}

static bool push_panel(hf_i_fit_page *p, hf_i_json_writer *w, size_t k, size_t i, double dt,
                       const double *rest, recovery *r)
{
    size_t moving = p->model->n - p->model->n_effects;
    char title[200];
    const char *partner = "ab";
    if (!respond(p, k, rest, i, r->step, r->mid))
        return false;
    size_t draws = draw_curves(p, k, i, dt, r), other = answers(r->mid, moving, i);
    if (moving == 2 || moving == 4)
        partner = i >= moving / 2 ? "b" : "a";
    snprintf(title, sizeof title, p->model->n_regimes > 1 ? "%.90s, %.90s" : "%.90s",
             p->model->states[i], p->model->n_regimes > 1 ? p->model->regimes[k] : "");
    hf_i_json_object_begin(w);
    hf_i_json_key_str(w, "title", title);
    hf_i_json_key_str(w, "partner", partner);
    hf_i_json_key_null(w, "range");
    hf_i_json_key(w, "lines");
    hf_i_json_array_begin(w);
    write_curve(p, w, r, i, draws, r->mid, partner);
    if (other != i)
        write_curve(p, w, r, other, draws, r->mid, partner);
    hf_i_json_array_end(w);
    hf_i_json_object_end(w);
    return true;
}

static double middle_interval(const hf_i_fit_page *p)
{
    double sum = p->data->time[p->first + p->rows - 1] - p->data->time[p->first];
    double mean = p->rows > 1 ? sum / (double)(p->rows - 1) : 1;
    return p->model->continuous && mean > 0 ? mean : 1;
}

/* Panels of every regime and state; rests [K][N] of those that settle. */
static size_t write_panels(hf_i_fit_page *p, hf_i_json_writer *w, double dt, recovery *r,
                           double (*rests)[N], const bool *settled)
{
    size_t moving = p->model->n - p->model->n_effects, panels = 0;
    size_t pushed = moving < PUSHED_MOST ? moving : PUSHED_MOST;
    for (size_t k = 0; k < p->model->n_regimes; k++)
        for (size_t i = 0; settled[k] && i < pushed; i++)
            panels += push_panel(p, w, k, i, dt, rests[k], r);
    return panels;
}

static hf_status write_recovery(hf_i_fit_page *p, recovery *r, double dt, double (*rests)[N],
                                const bool *settled)
{
    double time[TIMES];
    hf_i_figure_writer f;
    for (size_t t = 0; t < TIMES; t++)
        time[t] = r->step * (double)t;
    hf_i_figure_begin(&f, p->ctx);
    hf_i_json_key_str(&f.json, "x_key", "axis.since");
    hf_i_figure_numbers(&f.json, "x", time, TIMES, 1);
    hf_i_json_key_number(&f.json, "level", 0.95);
    hf_i_json_key(&f.json, "marks");
    hf_i_json_array_begin(&f.json);
    hf_i_json_array_end(&f.json);
    hf_i_json_key(&f.json, "panels");
    hf_i_json_array_begin(&f.json);
    size_t panels = write_panels(p, &f.json, dt, r, rests, settled);
    hf_i_json_array_end(&f.json);
    if (panels == 0) {
        hf_i_buf_dispose(&f.buf);
        return hf_i_fit_unknown(p, "fit_recovery.ab", "fit_recovery_explodes");
    }
    HF_TRY(hf_i_figure_end(&f, p->out, "recovery", "fan", "figure.recovery"));
    hf_finding_value value = {"draws", (double)p->draws, NULL};
    hf_finding said =
        hf_i_finding_described("fit_recovery.ab", p->draws ? "fit_recovery" : "fit_recovery.point");
    said.values = &value;
    said.value_count = 1;
    return hf_findings_add(p->out, &said);
}

hf_status hf_i_fit_page_recovery(hf_i_fit_page *p)
{
    size_t n = p->model->n, K = p->model->n_regimes, resting = 0, at = 0;
    double rests[HF_MODEL_MAX_REGIMES][N], dt = middle_interval(p);
    bool settled[HF_MODEL_MAX_REGIMES];
    for (size_t k = 0; k < K; k++) {
        settled[k] = settle(p, k, dt, rests[k]);
        resting += settled[k];
        at = settled[k] ? k : at;
    }
    if (resting == 0 || n == p->model->n_effects)
        return hf_i_fit_unknown(p, "fit_recovery.ab", "fit_recovery_rest");
    double *memory = hf_i_alloc(p->ctx, (CURVE_DRAWS * n + n + 2) * TIMES * sizeof *memory);
    if (!memory)
        return HF_E_NOMEM;
    recovery r = {.curves = memory, .mid = memory + CURVE_DRAWS * n * TIMES};
    r.lo = r.mid + n * TIMES;
    r.hi = r.lo + TIMES;
    r.step = choose_step(p, at, rests[at], p->model->continuous ? dt / 2 : 1, r.mid);
    if (!p->model->continuous)
        r.step = 1;
    hf_status s = write_recovery(p, &r, dt, rests, settled);
    hf_i_free(p->ctx, memory);
    return s;
}
