/* SPDX-License-Identifier: MIT */
/* labels: long */
/* with: NLOPT */
/* How often chance shows something, how often intervals hold the truth, what can be seen at all.
 * All printed; doc/evidence.md quotes them. */
#include "cycle/dynamics.h"
#include "cycle/evidence_data.h"

#include <stdio.h>

static hf_ctx *ctx;

/* ---- shuffled records ----------------------------------------------------------------------- */

/* Decodes the turns anew, so that episodes, too, are those of the shuffled words. */
static void decode(hf_cycle **out, const hf_cycle *from)
{
    assert_ok(ctx, hf_cycle_decode(out, ctx, from->turns, from->count, NULL));
}

/* b's words from half the record on, then those of its first half: what either says keeps its own
 * order, only that of the two is broken. */
static void rotate(hf_cycle *c)
{
    size_t n = 0, *at = malloc((c->count + 1) * sizeof *at);
    hf_cycle_turn *was = malloc((c->count + 1) * sizeof *was);
    memcpy(was, c->turns, c->count * sizeof *was);
    for (size_t k = 0; k < c->count; k++)
        if (was[k].partner == 1)
            at[n++] = k;
    for (size_t k = 0; k < n; k++) {
        const hf_cycle_turn *from = &was[at[(k + n / 2) % n]];
        memcpy(c->turns[at[k]].acts, from->acts, sizeof from->acts);
        c->turns[at[k]].need = from->need;
    }
    free(at);
    free(was);
}

/* Does anything that needs the order of both, or anything at all, show? */
static void one_dyad(const hf_cycle *c, bool *any, bool *of_both, int seen[HF_I_E_COUNT + 1])
{
    hf_i_evidence e;
    hf_i_evidence_view v;
    hf_i_dynamics d;
    assert_ok(ctx, hf_i_evidence_view_make(&v, ctx, c));
    assert_ok(ctx, hf_i_dynamics_find(&d, ctx, &v));
    assert_ok(ctx, hf_i_evidence_find(&e, ctx, c, d.p, HF_I_DYNAMICS_TESTS));
    *any = *of_both = false;
    for (size_t k = 0; k < e.count; k++)
        if (e.items[k].seen) {
            seen[e.items[k].which]++;
            *any = true;
            *of_both |= e.items[k].which == HF_I_E_HARD_HARD ||
                        e.items[k].which == HF_I_E_EMOTION_CONSTRUCTIVE ||
                        e.items[k].which == HF_I_E_SOFT_WARM;
        }
    for (int i = 0; i < HF_I_DYNAMICS_TESTS; i++)
        if (d.p[i] <= .05 && (i < 2 || d.gain > 0)) {
            seen[HF_I_E_COUNT]++;
            *any = true;
        }
    hf_i_dynamics_dispose(&d, ctx);
    hf_i_evidence_view_dispose(&v);
}

static int rate(const char *what, size_t dyads, double days, int kind)
{
    int any = 0, both = 0, seen[HF_I_E_COUNT + 1] = {0};
    for (size_t i = 0; i < dyads; i++) {
        hf_cycle c, *decoded;
        hf_pair pair = evidence_pair(ctx, i);
        bool x, y;
        evidence_make(&c, ctx, &pair, days, i, .25);
        if (kind == 1)
            evidence_shuffle(&c, i);
        if (kind == 2)
            rotate(&c);
        decode(&decoded, &c);
        one_dyad(decoded, &x, &y, seen);
        any += x;
        both += y;
        hf_cycle_free(decoded);
        evidence_dispose(&c);
    }
    printf(
        "%s, %g days: something seen in %d of %zu dyads, of what needs the order of both in %d\n ",
        what, days, any, dyads, both);
    for (int k = 0; k < HF_I_E_COUNT; k++)
        if (seen[k])
            printf(" %s %d;", hf_i_mechanism_infos[k].key, seen[k]);
    printf(" inertia, influence %d\n", seen[HF_I_E_COUNT]);
    return kind == 2 ? both : any;
}

static void false_alarms(void **state)
{
    (void)state;
    enum { DYADS = 300 };
    assert_true(rate("shuffled", DYADS, 30, 1) <= DYADS / 20);
    assert_true(rate("shuffled", DYADS, 120, 1) <= DYADS / 20);
    assert_true(rate("one side rotated", DYADS, 60, 2) <= DYADS / 20);
    rate("as simulated", 100, 120, 0);
}

/* ---- coverage ------------------------------------------------------------------------------- */

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

typedef struct {
    int exchanges;
    double level, effect, sd; /* logits: level, effect of given, spread between exchanges */
} setting;

/* Mean of sigmoid(a + sd z) over a normal z. */
static double marginal(double a, double sd)
{
    double sum = 0, weight = 0;
    for (int i = -600; i <= 600; i++) {
        double z = i / 100., w = exp(-z * z / 2);
        sum += w * sigmoid(a + sd * z);
        weight += w;
    }
    return sum / weight;
}

static size_t draw(hf_i_trial *t, const setting *s, hf_i_random *r)
{
    size_t n = 0;
    for (int e = 0; e < s->exchanges; e++) {
        double u = s->sd * hf_i_random_normal(r), share = .2 + .4 * hf_i_random_uniform(r);
        for (size_t left = 1 + hf_i_random_below(r, 6); left > 0; left--) {
            bool g = hf_i_random_uniform(r) < share;
            bool y = hf_i_random_uniform(r) < sigmoid(s->level + s->effect * g + u);
            t[n++] = (hf_i_trial){.exchange = (uint32_t)e, .given = g, .then = y};
        }
    }
    return n;
}

static void contrasts_hold_the_truth(void **state)
{
    (void)state;
    static const setting settings[] = {{40, -1, 0, 0},   {40, -1, 1, .8},     {100, -2, 1, .8},
                                       {100, 0, .5, .8}, {400, -3, 1, .8},    {400, -1, .7, 1.2},
                                       {100, -2, 0, 0},  {1000, -2.5, .5, .5}};
    enum { REPEATS = 4000 };
    hf_i_trial *t = malloc(6000 * sizeof *t);
    for (size_t k = 0; k < HF_COUNT_OF(settings); k++) {
        const setting *s = &settings[k];
        double truth[2] = {marginal(s->level, s->sd), marginal(s->level + s->effect, s->sd)};
        double odds = log(truth[1] / (1 - truth[1]) * (1 - truth[0]) / truth[0]);
        int used = 0, p = 0, base = 0, ratio = 0, seen = 0;
        for (uint64_t r = 0; r < REPEATS; r++) {
            hf_i_random random;
            hf_i_contrast c;
            hf_i_random_init(&random, 3, k, r);
            assert_ok(ctx, hf_i_contrast_make(&c, ctx, t, draw(t, s, &random)));
            if (!c.enough)
                continue;
            used++;
            p += c.p.lo <= truth[1] && truth[1] <= c.p.hi;
            base += c.base.lo <= truth[0] && truth[0] <= c.base.hi;
            ratio += c.log_odds.lo <= odds && odds <= c.log_odds.hi;
            seen += c.p_value <= .05;
        }
        printf(
            "%4d exchanges, level %.1f, effect %.1f, spread %.1f: P(then | given) %.3f, base rate "
            "%.3f, log odds %.3f; p <= .05 in %.3f\n",
            s->exchanges, s->level, s->effect, s->sd, (double)p / used, (double)base / used,
            (double)ratio / used, (double)seen / used);
        assert_true(fabs((double)p / used - .95) <= .02 && fabs((double)base / used - .95) <= .02);
        assert_true(fabs((double)ratio / used - .95) <= .02);
        if (s->effect <= 0)
            assert_true(seen <= used / 20);
    }
    free(t);
}

/* ---- the two series ------------------------------------------------------------------------- */

static void series_hold_the_truth(void **state)
{
    (void)state;
    static const struct {
        size_t periods;
        double own, partner, missing;
    } settings[] = {{60, .3, 0, 0}, {60, .3, .2, .1}, {150, .3, 0, .15}, {150, .5, .15, .1}};
    enum { REPEATS = 1000 };
    for (size_t k = 0; k < HF_COUNT_OF(settings); k++) {
        int used = 0, mean = 0, own = 0, partner = 0, half = 0, found = 0, gained = 0;
        double a = settings[k].own, b = settings[k].partner, life = log(.5) / log(a + fabs(b));
        for (uint64_t rep = 0; rep < REPEATS; rep++) {
            hf_i_dynamics d = {.days = 1, .periods = settings[k].periods, .own = {true, true}};
            d.values[0] = d.values[1] =
                d.periods - (size_t)(settings[k].missing * (double)d.periods);
            hf_i_random r;
            double x[2] = {0};
            hf_i_random_init(&r, 8, k, rep);
            for (int p = 0; p < 2; p++) {
                d.value[p] = hf_i_alloc(ctx, d.periods * sizeof *d.value[p]);
                d.turns[p] = hf_i_calloc(ctx, d.periods, sizeof *d.turns[p]);
                assert_true(d.value[p] && d.turns[p]);
            }
            for (size_t n = 0; n < d.periods + 50; n++) {
                double shared = hf_i_random_normal(&r), was[2] = {x[0], x[1]};
                for (int p = 0; p < 2; p++) {
                    x[p] =
                        a * was[p] + b * was[1 - p] + .3 * (.5 * shared + hf_i_random_normal(&r));
                    if (n >= 50)
                        d.value[p][n - 50] =
                            hf_i_random_uniform(&r) < settings[k].missing ? NAN : .1 + x[p];
                }
            }
            assert_ok(ctx, hf_i_dynamics_fit(&d, ctx));
            if (d.both) {
                used++;
                for (int p = 0; p < 2; p++) {
                    mean += d.set_point[p].lo <= .1 && .1 <= d.set_point[p].hi;
                    own += d.inertia[p].lo <= a && a <= d.inertia[p].hi;
                    partner += d.influence[p].lo <= b && b <= d.influence[p].hi;
                    found += d.p[2 + p] <= .05;
                    gained += d.p[2 + p] <= .05 && d.gain > 0;
                }
                half += d.half_life.lo <= life && life <= d.half_life.hi;
            }
            hf_i_dynamics_dispose(&d, ctx);
        }
        double n = 2. * used;
        printf(
            "%zu periods, own %.2f, partner %.2f, missing %.2f (%d fits): set point %.3f, inertia "
            "%.3f, influence %.3f, half-life %.3f; influence p <= .05 in %.3f, and held out in "
            "%.3f\n",
            settings[k].periods, a, b, settings[k].missing, used, mean / n, own / n, partner / n,
            (double)half / used, found / n, gained / n);
        assert_true(used >= REPEATS * 95 / 100);
        assert_true(own / n > .9 && partner / n > .9 && mean / n > .87);
        if (b <= 0)
            assert_true(gained / n <= .05);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(false_alarms),
                                       cmocka_unit_test(contrasts_hold_the_truth),
                                       cmocka_unit_test(series_hold_the_truth)};
    ctx = test_ctx();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    hf_ctx_free(ctx);
    return failed;
}
