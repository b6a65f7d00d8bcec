/* SPDX-License-Identifier: MIT */
/* holdfast reflect: a form answered in the terminal, scored at once. Without a name it is
 * Holdfast's own reflection; a published form needs the user's own item texts. */
#include "ask.h"
#include "form.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct job {
    cli_env *env;
    hf_instrument *form;
    const hf_order *order;
    hf_sheets *sheets;
    hf_scoring *scoring;
    int min, max;
    int8_t *answers;
} job;

static int open_form(job *j)
{
    cli_env *env = j->env;
    const char *items = cli_text(env, "items"), *range = cli_text(env, "range");
    hf_status s = form_open(&j->form, env->ctx, env->argc ? env->argv[0] : "reflection");
    if (s == HF_OK && !j->form->texts && !items && !cli_given(env, "answers"))
        return cli_usage(env,
                         "the questions of '%s' are not part of Holdfast: bring your own texts "
                         "(--items FILE with the columns item, text)",
                         j->form->id);
    if (s == HF_OK)
        s = hf_instrument_order(&j->order, env->ctx, j->form, cli_text(env, "order"));
    if (s == HF_OK && items)
        s = hf_instrument_read_texts(j->form, env->ctx, j->order, items);
    if (s != HF_OK)
        return cli_fail(env, s);
    j->min = j->form->min;
    j->max = j->form->max;
    if (range && !form_range(range, &j->min, &j->max))
        return cli_usage(env, "--range %s: write it as 1-5", range);
    if (!range && j->form->range_must_be_said)
        return cli_usage(env, "'%s' is used with more than one answer range: say --range",
                         j->form->id);
    return 0;
}

/* One question a place of the sheet; numbers as ids. */
static int collect(job *j)
{
    cli_env *env = j->env;
    size_t n = j->order->sheet;
    ask_question *q = calloc(n, sizeof *q);
    double *values = calloc(n, sizeof *values);
    char(*ids)[8] = calloc(n, sizeof *ids);
    j->answers = calloc(n, 1);
    int code = q && values && ids && j->answers ? 0 : cli_usage(env, "out of memory");
    for (size_t k = 0; !code && k < n; k++) {
        const char *text = j->form->texts ? j->form->texts[k] : NULL;
        snprintf(ids[k], sizeof ids[k], "%zu", k + 1);
        q[k] = (ask_question){ids[k], text ? text : "(no text for this item)",
                              j->form->low[0] ? j->form->low : "the low end of your sheet",
                              j->form->high[0] ? j->form->high : "the high end of your sheet", ""};
    }
    ask_set set = {q, n, j->min, j->max, NULL};
    if (!code && cli_given(env, "answers")) {
        code = ask_file(env, &set, cli_text(env, "answers"), values);
    } else if (!code) {
        printf("%s\n%s\nA number from %d to %d; Enter skips, b goes back, q stops and keeps "
               "nothing.\n",
               j->form->title, j->form->note, j->min, j->max);
        code = ask_all(env, &set, values);
    }
    for (size_t k = 0; !code && k < n; k++)
        j->answers[k] = isnan(values[k]) ? HF_ANSWER_MISSING : (int8_t)values[k];
    free(q);
    free(values);
    free(ids);
    return code;
}

static int score(job *j)
{
    cli_env *env = j->env;
    hf_sheet_options o = HF_SHEET_OPTIONS_INIT;
    const char *person = cli_text(env, "person");
    o.order = j->order->id;
    o.min = j->min;
    o.max = j->max;
    hf_status s = hf_sheets_from_array(&j->sheets, env->ctx, j->form, j->answers, 1,
                                       person ? &person : NULL, &o);
    if (s == HF_OK)
        s = hf_score_run(&j->scoring, env->ctx, j->form, j->sheets, NULL);
    return s == HF_OK ? 0 : cli_fail(env, s);
}

/* "\nperson,day,": the start of a row, quoted where a cell needs it; names are cut at 200 bytes. */
static void row_start(char out[512], const char *person, const char *day)
{
    char *to = out;
    bool quoted = strpbrk(person, ",\"\r\n") || *person == '#' || !*person;
    *to++ = '\n';
    if (quoted)
        *to++ = '"';
    for (const char *p = person; *p && p < person + 200; p++) {
        if (*p == '"')
            *to++ = '"';
        *to++ = *p;
    }
    snprintf(to, 32, "%s,%s,", quoted ? "\"" : "", day);
}

/* What the file held before: its rows stay, when they are answers to this form in this order. NULL
 * with 0: no such file. */
static int read_earlier(job *j, const char *path, const char *header, char **text)
{
    FILE *f = fopen(path, "rb");
    *text = NULL;
    if (!f)
        return 0;
    long size = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    rewind(f);
    char *all = size >= 0 ? malloc((size_t)size + 1) : NULL;
    bool got = all && fread(all, 1, (size_t)size, f) == (size_t)size;
    fclose(f);
    if (got)
        all[size] = '\0';
    if (!got || strlen(all) != (size_t)size || strncmp(all, header, strlen(header)) != 0 ||
        all[size - 1] != '\n') {
        free(all);
        return cli_usage(j->env,
                         "%s is there already and holds no answers to this form; nothing was "
                         "written over: name another file",
                         path);
    }
    *text = all;
    return 0;
}

/* The sheet as one more row of a table that `holdfast score` reads: with --occasion occasion it
 * tells change from measurement error. */
static int write_sheet(job *j, const char *path)
{
    hf_outfile *f;
    char today[16], header[2048], start[512], *earlier;
    const char *person = cli_text(j->env, "person");
    size_t n = (size_t)snprintf(header, sizeof header, "person,occasion");
    ask_today(today);
    for (unsigned k = 1; k <= j->order->sheet && n + 8 < sizeof header; k++)
        n += (size_t)snprintf(header + n, sizeof header - n, ",Q%u", k);
    snprintf(header + n, sizeof header - n, "\n");
    row_start(start, person ? person : "me", today);
    int code = read_earlier(j, path, header, &earlier);
    if (!code && earlier && strstr(earlier, start))
        code = cli_usage(j->env, "%s holds answers of this person from today already", path);
    if (code) {
        free(earlier);
        return code;
    }
    hf_status s = hf_outfile_new(&f, j->env->ctx, path);
    if (s != HF_OK) {
        free(earlier);
        return cli_fail(j->env, s);
    }
    s = hf_outfile_printf(f, "%s%s", earlier ? earlier : header, start + 1);
    for (unsigned k = 0; s == HF_OK && k < j->order->sheet; k++) {
        if (k)
            s = hf_outfile_printf(f, ",");
        if (s == HF_OK && j->answers[k] != HF_ANSWER_MISSING)
            s = hf_outfile_printf(f, "%d", j->answers[k]);
    }
    if (s == HF_OK)
        s = hf_outfile_printf(f, "\n");
    if (s == HF_OK)
        s = hf_outfile_commit(f);
    hf_outfile_free(f);
    free(earlier);
    return s == HF_OK ? 0 : cli_fail(j->env, s);
}

static bool to_stdout(void *user, const char *bytes, size_t size)
{
    (void)user;
    return fwrite(bytes, 1, size, stdout) == size;
}

static int show(job *j)
{
    cli_env *env = j->env;
    const hf_scoring *p = j->scoring;
    if (env->json) {
        hf_status s = hf_scoring_write_json(p, env->ctx, HF_FOR_COUPLE, to_stdout, NULL);
        return s == HF_OK ? cli_done(env) : cli_fail(env, s);
    }
    printf("%s\n", p->instrument->title);
    if (p->instrument->note[0])
        printf("%s\n", p->instrument->note);
    print_sheet(stdout, p, 0, HF_FOR_COUPLE);
    if (p->norm)
        printf("Norm: %s\n", p->norm->attribution);
    return cli_done(env);
}

static int run(cli_env *env)
{
    job j = {.env = env};
    int code = open_form(&j);
    if (!code)
        code = collect(&j);
    if (!code)
        code = score(&j);
    if (!code && cli_given(env, "out"))
        code = write_sheet(&j, cli_text(env, "out"));
    if (!code)
        code = show(&j);
    size_t scored = 0;
    for (size_t s = 0; !code && s < j.scoring->scale_count; s++)
        scored += j.scoring->scales[s].scored;
    if (!code && !scored)
        code = hf_status_exit_code(HF_E_NOT_ENOUGH_DATA);
    hf_scoring_free(j.scoring);
    hf_sheets_free(j.sheets);
    hf_instrument_free(j.form);
    free(j.answers);
    return code;
}

static const cli_option options[] = {
    {"order", CLI_TEXT, "ID", "the order of a published form", NULL, NULL, 0, 0, false},
    {"range", CLI_TEXT, "1-5", "the answer range, if it is not the printed one", NULL, NULL, 0, 0,
     false},
    {"items", CLI_TEXT, "FILE", "your own item texts (CSV: item, text)", NULL, NULL, 0, 0, false},
    {"answers", CLI_TEXT, "FILE", "answers from a file: lines 'item value'", NULL, NULL, 0, 0,
     false},
    {"person", CLI_TEXT, "NAME", "who answers", NULL, NULL, 0, 0, false},
    {"out", CLI_TEXT, "FILE", "keep the answers as a row of a table that 'score' reads", NULL, NULL,
     0, 0, false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_reflect = {
    "reflect",
    run,
    "a first look at the two dimensions, about this partner (own wording)",
    "measure",
    "[INSTRUMENT --order ID --items FILE] [--out FILE.csv]",
    options,
    "Without a name: fourteen statements of Holdfast's own, not validated, with wide intervals and "
    "no norms.",
    0,
    1,
    false};
