/* SPDX-License-Identifier: MIT */
/* The coded invented dialogues (data/dialogues) as turns of the cycle. A row is a message; each is
 * a turn here, since each was coded. */
#ifndef TEST_CYCLE_DIALOGUES_H
#define TEST_CYCLE_DIALOGUES_H

#include "cycle/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIALOGUE_ROWS = 4000, DIALOGUES = 200 };

typedef struct dialogue_row {
    int dialogue;
    double t_h;
    int sender;
    const char *text;
    int phase[2]; /* of coder a and b; -1: not coded */
    const char *acts;
} dialogue_row;

typedef struct dialogues {
    dialogue_row rows[DIALOGUE_ROWS];
    size_t count, first[DIALOGUES + 1], dialogue_count;
    bool second; /* coder b is there */
    char *files[3];
} dialogues;

static inline char *dialogue_file(const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/data/dialogues/%s", HF_SOURCE_DIR, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    char *text = calloc(1, 1 << 20);
    size_t n = text ? fread(text, 1, (1 << 20) - 1, f) : 0;
    fclose(f);
    if (text)
        text[n] = '\0';
    return text;
}

/* The next cell, ended by a NUL; *p moves behind it. */
static inline char *dialogue_cell(char **p)
{
    char *cell = *p;
    *p += strcspn(*p, "\t\n");
    if (**p)
        *(*p)++ = '\0';
    return cell;
}

static inline double dialogue_hours(const char *iso)
{
    int y, mo, d, h, mi, s;
    if (sscanf(iso, "%d-%d-%dT%d:%d:%d", &y, &mo, &d, &h, &mi, &s) != 6)
        return NAN;
    /* days since a civil epoch (Hinnant) */
    y -= mo <= 2;
    int era = y / 400, yoe = y - era * 400, doy = (153 * (mo + (mo > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    long days = (long)era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return 24.0 * (double)days + h + mi / 60.0 + s / 3600.0;
}

static inline void dialogue_codes(dialogues *d, int coder, char *text)
{
    char *p = strchr(text, '\n');
    size_t i = 0;
    for (p = p ? p + 1 : NULL; p && *p && i < d->count; i++) {
        dialogue_cell(&p);
        dialogue_cell(&p);
        d->rows[i].phase[coder] = (int)hf_phase_find(dialogue_cell(&p));
        const char *acts = dialogue_cell(&p);
        if (coder == 0)
            d->rows[i].acts = acts;
    }
}

/* False without the files (an installed build). Freed with dialogues_free. */
static inline bool dialogues_read(dialogues *d)
{
    memset(d, 0, sizeof *d);
    d->files[0] = dialogue_file("dialogues.tsv");
    d->files[1] = dialogue_file("coder_a.tsv");
    d->files[2] = dialogue_file("coder_b.tsv");
    if (!d->files[0] || !d->files[1])
        return false;
    char *p = strchr(d->files[0], '\n');
    int last = -1;
    for (p = p ? p + 1 : NULL; p && *p && d->count < DIALOGUE_ROWS; d->count++) {
        dialogue_row *row = &d->rows[d->count];
        row->dialogue = atoi(dialogue_cell(&p) + 1);
        dialogue_cell(&p);
        row->t_h = dialogue_hours(dialogue_cell(&p));
        row->sender = *dialogue_cell(&p) == 'b';
        row->text = dialogue_cell(&p);
        row->phase[0] = row->phase[1] = -1;
        if (row->dialogue != last)
            d->first[d->dialogue_count++] = d->count;
        last = row->dialogue;
    }
    d->first[d->dialogue_count] = d->count;
    dialogue_codes(d, 0, d->files[1]);
    d->second = d->files[2] != NULL;
    if (d->second)
        dialogue_codes(d, 1, d->files[2]);
    return true;
}

static inline void dialogues_free(dialogues *d)
{
    for (int i = 0; i < 3; i++)
        free(d->files[i]);
}

static inline bool dialogue_has(const char *acts, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = acts; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
        if (strncmp(p, name, n) == 0 && (p[n] == ',' || p[n] == '\0'))
            return true;
    return false;
}

/* [count] turns; acts as the model reads them (each message with the one before it), or as coded
 * when model is NULL. */
static inline hf_cycle_turn *dialogue_turns(hf_ctx *ctx, const dialogues *d,
                                            const hf_text_model *model)
{
    hf_cycle_turn *turns = calloc(d->count, sizeof *turns);
    hf_text_coder *coder = NULL;
    if (model && hf_text_coder_new(&coder, ctx, model) != HF_OK)
        return NULL;
    for (size_t i = 0; turns && i < d->count; i++) {
        const dialogue_row *row = &d->rows[i], *before = i ? row - 1 : NULL;
        bool follows = before && before->dialogue == row->dialogue;
        hf_cycle_turn_init(&turns[i]);
        turns[i].t_h = turns[i].end_h = row->t_h;
        turns[i].silence_h = follows ? row->t_h - before->t_h : NAN;
        turns[i].partner = (uint8_t)row->sender;
        turns[i].coded = true;
        if (!model) {
            for (int a = 0; a < HF_ACT_COUNT; a++)
                turns[i].acts[a] = dialogue_has(row->acts, hf_act_name((hf_act)a));
            continue;
        }
        hf_text prev = {follows ? before->text : "", follows ? strlen(before->text) : 0};
        hf_text_turn turn = {{row->text, strlen(row->text)}, &prev, follows};
        hf_text_result result;
        if (hf_text_code(coder, &turn, &result) != HF_OK)
            continue;
        turns[i].coded = result.state == HF_TEXT_CODED;
        for (int a = 0; turns[i].coded && a < HF_ACT_COUNT; a++)
            turns[i].acts[a] = result.acts[a];
    }
    hf_text_coder_free(coder);
    return turns;
}

/* Agreement of two codings of phases; protection: protection against the rest. */
typedef struct agreement {
    double n, same, x[HF_PHASE_COUNT], y[HF_PHASE_COUNT];
} agreement;

static inline void agree(agreement *a, int x, int y, bool protection)
{
    if (x < 0 || y < 0 || x >= HF_PHASE_COUNT || y >= HF_PHASE_COUNT)
        return;
    if (protection) {
        x = x == HF_PHASE_PROTECTION;
        y = y == HF_PHASE_PROTECTION;
    }
    a->n++;
    a->same += x == y;
    a->x[x]++;
    a->y[y]++;
}

/* Cohen 1960 */
static inline double kappa(const agreement *a)
{
    double chance = 0;
    for (int f = 0; f < HF_PHASE_COUNT; f++)
        chance += a->x[f] / a->n * a->y[f] / a->n;
    return (a->same / a->n - chance) / (1 - chance);
}

/* The act that is read: the most probable from .3 on; 0: none. In the order of the priors. */
static inline int read_act(const hf_cycle_turn *t)
{
    int best = 0;
    float most = .3f;
    for (int k = 1; k < HF_I_CYCLE_ACTS; k++)
        if (t->coded && t->acts[hf_i_act_order[k]] >= most) {
            most = t->acts[hf_i_act_order[k]];
            best = k;
        }
    return best;
}

#endif
