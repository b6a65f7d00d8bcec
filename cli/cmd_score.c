/* SPDX-License-Identifier: MIT */
/* holdfast score: answer sheets to scores with their uncertainty. */
#include "ask.h"
#include "form.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SHOWN_SHEETS = 12, SHOWN_CHANGES = 60 };

typedef struct job {
    cli_env *env;
    hf_instrument *form;
    hf_sheets *sheets;
    hf_scoring *scoring;
    const char *name, *data;
} job;

static hf_audience audience_of(const cli_env *env)
{
    const char *text = cli_text(env, "audience");
    return strcmp(text, "therapist") == 0    ? HF_FOR_THERAPIST
           : strcmp(text, "researcher") == 0 ? HF_FOR_RESEARCHER
                                             : HF_FOR_COUPLE;
}

/* "anxiety=0.35": the caller's own SEM of a scale. */
static int read_sem(job *j, hf_score_options *o)
{
    const char *text;
    for (size_t k = 0; (text = cli_nth(j->env, "sem", k)); k++) {
        const char *equals = strchr(text, '=');
        char *end;
        size_t s = 0, len = equals ? (size_t)(equals - text) : 0;
        while (s < j->form->scale_count && !(strlen(j->form->scales[s].id) == len &&
                                             memcmp(j->form->scales[s].id, text, len) == 0))
            s++;
        double x = equals ? strtod(equals + 1, &end) : 0;
        if (s == j->form->scale_count || s >= sizeof o->sem / sizeof o->sem[0] ||
            end == equals + 1 || *end || !(x > 0))
            return cli_usage(j->env, "--sem %s: write SCALE=NUMBER, for example %s=0.3", text,
                             j->form->scales[0].id);
        o->sem[s] = x;
    }
    return 0;
}

static int open_form(job *j)
{
    cli_env *env = j->env;
    const char *own = cli_text(env, "instrument");
    if (!own && env->argc < 2)
        return cli_usage(env, "usage: holdfast score %s", env->command->usage);
    if (own && env->argc > 1)
        return cli_usage(env, "with --instrument only the data file is named");
    j->name = own ? own : env->argv[0];
    j->data = env->argv[own ? 0 : 1];
    hf_status s =
        own ? hf_instrument_read(&j->form, env->ctx, own) : form_open(&j->form, env->ctx, j->name);
    return s == HF_OK ? 0 : cli_fail(env, s);
}

static int read_data(job *j)
{
    cli_env *env = j->env;
    hf_sheet_options o = HF_SHEET_OPTIONS_INIT;
    const char *range = cli_text(env, "range");
    o.order = cli_text(env, "order");
    o.person = cli_text(env, "person");
    o.dyad = cli_text(env, "dyad");
    o.partner = cli_text(env, "partner");
    o.occasion = cli_text(env, "occasion");
    o.target = cli_text(env, "target");
    o.prefix = cli_text(env, "prefix");
    o.missing = cli_text(env, "missing");
    if (range && !form_range(range, &o.min, &o.max))
        return cli_usage(env, "--range %s: write it as 1-5", range);
    hf_status s = hf_sheets_read(&j->sheets, env->ctx, j->form, j->data, &o);
    return s == HF_OK ? 0 : cli_fail(env, s);
}

static int score(job *j)
{
    cli_env *env = j->env;
    hf_score_options o;
    hf_score_options_init(&o);
    o.norm = cli_text(env, "norm");
    o.already_reversed = cli_flag(env, "already-reversed");
    int code = read_sem(j, &o);
    if (code)
        return code;
    hf_status s = hf_score_run(&j->scoring, env->ctx, j->form, j->sheets, &o);
    if (s == HF_OK && cli_given(env, "items")) {
        s = hf_instrument_read_texts(j->form, env->ctx, j->scoring->order, cli_text(env, "items"));
    }
    return s == HF_OK ? 0 : cli_fail(env, s);
}

/* ---- output -------------------------------------------------------------------------------- */

static bool to_stdout(void *user, const char *bytes, size_t size)
{
    (void)user;
    return fwrite(bytes, 1, size, stdout) == size;
}

static bool to_outfile(void *user, const char *bytes, size_t size)
{
    return hf_outfile_write(user, bytes, size) == HF_OK;
}

typedef hf_status (*table_fn)(const hf_scoring *, hf_ctx *, hf_write_fn, void *);

static hf_status as_json(const hf_scoring *p, hf_ctx *ctx, hf_write_fn write, void *user)
{
    return hf_scoring_write_json(p, ctx, HF_FOR_COUPLE, write, user);
}

static hf_status write_file(job *j, const char *dir, const char *name, table_fn table)
{
    char path[4096];
    hf_outfile *file;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    hf_status s = hf_outfile_new(&file, j->env->ctx, path);
    if (s != HF_OK)
        return s;
    s = table(j->scoring, j->env->ctx, to_outfile, file);
    if (s == HF_OK)
        s = hf_outfile_commit(file);
    hf_outfile_free(file);
    if (s == HF_OK)
        cli_say(j->env, "%s", path);
    return s;
}

/* ---- the page ------------------------------------------------------------------------------ */

/* Is this sheet of the person or couple that the page is about? pick NULL: any. */
static bool picked(const hf_sheet_who *who, const char *pick)
{
    const char *name = who->dyad ? who->dyad : who->person;
    return !pick || (name && strcmp(name, pick) == 0);
}

static bool same_name(const char *a, const char *b)
{
    return (!a && !b) || (a && b && strcmp(a, b) == 0);
}

/* The latest sheet of each partner (of one person: a). false: the file has several couples or
 * persons and none is picked, or the one picked is not there. */
static bool find_sheets(job *j, const char *pick, size_t sheet[2])
{
    const char *a, *b;
    hf_sheet_who first = {0};
    bool any = false;
    hf_sheets_partners(j->sheets, &a, &b);
    sheet[0] = sheet[1] = SIZE_MAX;
    for (size_t i = 0; i < hf_sheets_count(j->sheets); i++) {
        hf_sheet_who who;
        hf_sheets_get(j->sheets, i, &who);
        if (!picked(&who, pick))
            continue;
        if (any && (!same_name(who.dyad, first.dyad) ||
                    (!who.dyad && (!who.person || !same_name(who.person, first.person)))))
            return false;
        if (!any)
            first = who;
        any = true;
        sheet[who.dyad && same_name(who.partner, b)] = i;
    }
    return any;
}

/* Without both agreements the page shows one person: the one who says 'me'. */
static bool keep_mine(job *j, size_t sheet[2])
{
    const char *me = cli_text(j->env, "me"), *a, *b;
    if (strcmp(cli_text(j->env, "consent"), "both") == 0 || !cli_given(j->env, "dyad"))
        return true;
    hf_sheets_partners(j->sheets, &a, &b);
    if (!me || !(same_name(me, a) || same_name(me, b)))
        return false;
    sheet[same_name(me, a) ? 1 : 0] = SIZE_MAX;
    return sheet[0] != SIZE_MAX || sheet[1] != SIZE_MAX;
}

typedef hf_status (*document_fn)(const hf_findings *, hf_ctx *, hf_outfile *);

static hf_status write_document(job *j, const char *dir, const char *name, const hf_findings *all,
                                document_fn write)
{
    char path[4096];
    hf_outfile *file;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    hf_status s = hf_outfile_new(&file, j->env->ctx, path);
    if (s != HF_OK)
        return s;
    s = write(all, j->env->ctx, file);
    if (s == HF_OK)
        s = hf_outfile_commit(file);
    hf_outfile_free(file);
    if (s == HF_OK)
        cli_say(j->env, "%s", path);
    return s;
}

static hf_status write_page(job *j, const char *dir)
{
    size_t sheet[2];
    char today[16];
    hf_findings *all;
    const char *base = strrchr(j->data, '/');
    cli_today(today);
    if (!find_sheets(j, cli_text(j->env, "pick"), sheet)) {
        cli_say(j->env, "no page: it is made for one couple or person (--pick NAME)");
        return HF_OK;
    }
    if (!keep_mine(j, sheet)) {
        cli_say(j->env, "no page: say whose it is (--me PARTNER), or --consent both when both have "
                        "agreed");
        return HF_OK;
    }
    bool both = strcmp(cli_text(j->env, "consent"), "both") == 0;
    hf_profile_options o = {.size = sizeof o,
                            .consent = both ? HF_CONSENT_BOTH : HF_CONSENT_SOLO,
                            .file = base ? base + 1 : j->data,
                            .made_on = today};
    hf_status s = hf_findings_new(&all, j->env->ctx);
    if (s == HF_OK)
        s = hf_profile_findings(all, j->env->ctx, j->scoring, sheet[0], sheet[1], &o);
    if (s == HF_OK)
        s = write_document(j, dir, "findings.json", all, hf_report_write_json);
    if (s == HF_OK)
        s = write_document(j, dir, "profile.html", all, hf_report_write_html);
    hf_findings_free(all);
    return s;
}

static int write_folder(job *j, const char *dir)
{
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return cli_usage(j->env, "--out %s: %s", dir, strerror(errno));
    hf_status s = write_file(j, dir, "scores.csv", hf_scoring_write_csv);
    if (s == HF_OK)
        s = write_file(j, dir, "scores.json", as_json);
    if (s == HF_OK)
        s = write_file(j, dir, "table.md", hf_scoring_write_apa);
    if (s == HF_OK && cli_given(j->env, "dyad"))
        s = write_file(j, dir, "pairs.csv", hf_scoring_write_pairs);
    if (s == HF_OK && !j->form->signpost)
        s = write_page(j, dir);
    return s == HF_OK ? 0 : cli_fail(j->env, s);
}

static int print_people(job *j)
{
    const hf_scoring *p = j->scoring;
    hf_audience audience = audience_of(j->env);
    hf_status s = HF_OK;
    print_set(stdout, p, audience);
    if (cli_flag(j->env, "show-items") || cli_given(j->env, "items"))
        print_items(stdout, p);
    if (cli_given(j->env, "dyad")) {
        s = print_pairs(stdout, j->env->ctx, p, SHOWN_SHEETS);
        cli_say(j->env, "(side by side is for couples in which both agreed to it)");
    } else {
        for (size_t i = 0; i < p->count && i < SHOWN_SHEETS; i++)
            print_sheet(stdout, p, i, audience);
        if (p->count > SHOWN_SHEETS)
            printf("\n%zu more sheets: --csv, --json or --out DIR give all\n",
                   p->count - SHOWN_SHEETS);
    }
    if (s == HF_OK)
        s = print_target_means(stdout, j->env->ctx, p, SHOWN_CHANGES);
    if (s == HF_OK)
        s = print_changes(stdout, j->env->ctx, p, SHOWN_CHANGES);
    return s == HF_OK ? 0 : cli_fail(j->env, s);
}

static int output(job *j)
{
    cli_env *env = j->env;
    hf_status s = HF_OK;
    int code = 0;
    if (cli_given(env, "out"))
        code = write_folder(j, cli_text(env, "out"));
    if (code)
        return code;
    if (env->json)
        s = hf_scoring_write_json(j->scoring, env->ctx, audience_of(env), to_stdout, NULL);
    else if (cli_flag(env, "csv"))
        s = hf_scoring_write_csv(j->scoring, env->ctx, to_stdout, NULL);
    else if (cli_flag(env, "apa"))
        s = hf_scoring_write_apa(j->scoring, env->ctx, to_stdout, NULL);
    else
        code = print_people(j);
    return s == HF_OK ? code : cli_fail(env, s);
}

/* Nothing could be scored: 3. A single scored scale of a single sheet is a result. */
static int exit_code(const hf_scoring *p)
{
    size_t scored = 0;
    for (size_t s = 0; s < p->scale_count; s++)
        scored += p->scales[s].scored;
    return scored ? 0 : hf_status_exit_code(HF_E_NOT_ENOUGH_DATA);
}

static int run(cli_env *env)
{
    job j = {.env = env};
    int code = open_form(&j);
    if (!code)
        code = read_data(&j);
    if (!code)
        code = score(&j);
    if (!code)
        code = output(&j);
    if (!code)
        code = cli_done(env);
    if (!code)
        code = exit_code(j.scoring);
    hf_scoring_free(j.scoring);
    hf_sheets_free(j.sheets);
    hf_instrument_free(j.form);
    return code;
}

static const cli_option options[] = {
    {"order", CLI_TEXT, "ID", "the order in which the items are printed", NULL, NULL, 0, 0, false},
    {"range", CLI_TEXT, "1-5", "the answer range, if it is not the printed one", NULL, NULL, 0, 0,
     false},
    {"missing", CLI_TEXT, "0,-1", "answers that mean 'not answered' (empty and NA always do)", NULL,
     NULL, 0, 0, false},
    {"person", CLI_TEXT, "COLUMN", "who answered (else person, participant, subject, id or row)",
     NULL, NULL, 0, 0, false},
    {"dyad", CLI_TEXT, "COLUMN", "which couple; with --partner", NULL, NULL, 0, 0, false},
    {"partner", CLI_TEXT, "COLUMN", "which of the two", NULL, NULL, 0, 0, false},
    {"occasion", CLI_TEXT, "COLUMN", "when; gives change beyond measurement error", NULL, NULL, 0,
     0, false},
    {"target", CLI_TEXT, "COLUMN", "the person asked about (ecr-rs)", NULL, NULL, 0, 0, false},
    {"prefix", CLI_TEXT, "TEXT", "item columns are TEXT1, TEXT2, ...", NULL, NULL, 0, 0, false},
    {"already-reversed", CLI_FLAG, NULL, "the file's reversed items were turned round before", NULL,
     NULL, 0, 0, false},
    {"norm", CLI_TEXT, "ID", "another norm of the form", NULL, NULL, 0, 0, false},
    {"sem", CLI_TEXT, "SCALE=X", "your own standard error of measurement", NULL, NULL, 0, 0, true},
    {"instrument", CLI_TEXT, "FILE", "a form file of your own, instead of INSTRUMENT", NULL, NULL,
     0, 0, false},
    {"items", CLI_TEXT, "FILE", "your own item texts (CSV: item, text), shown only", NULL, NULL, 0,
     0, false},
    {"show-items", CLI_FLAG, NULL, "print the statistics of each item", NULL, NULL, 0, 0, false},
    {"audience", CLI_CHOICE, NULL, "published cuts are for the latter two", "couple",
     "couple|therapist|researcher", 0, 0, false},
    {"csv", CLI_FLAG, NULL, "print one row a sheet and scale", NULL, NULL, 0, 0, false},
    {"apa", CLI_FLAG, NULL, "print the table of the scales (APA 7, Markdown)", NULL, NULL, 0, 0,
     false},
    {"out", CLI_TEXT, "DIR", "write scores.csv, scores.json, table.md, pairs.csv and profile.html",
     NULL, NULL, 0, 0, false},
    {"pick", CLI_TEXT, "NAME", "the couple or person of profile.html, where there are several",
     NULL, NULL, 0, 0, false},
    {"me", CLI_TEXT, "PARTNER", "whose profile.html it is, without both agreements", NULL, NULL, 0,
     0, false},
    {"consent", CLI_CHOICE, NULL, "'both' only when both partners have agreed", "solo", "solo|both",
     0, 0, false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_score = {
    "score",
    run,
    "answer sheets to scores with intervals, after the keying check",
    "measure",
    "INSTRUMENT DATA.csv --order ID [--range 1-5] [--missing 0] [--dyad COLUMN --partner COLUMN]",
    options,
    "The forms and their orders: holdfast instruments. Order and range are declared, never "
    "guessed; "
    "a\nwrong one is refused with the likely right one named (exit 1). With nothing to score: exit "
    "3.",
    1,
    2,
    false};
