/* SPDX-License-Identifier: MIT */
/* holdfast checkin: a few own questions a day or a week, kept in a file of one's own. */
#include "ask.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- answering ----------------------------------------------------------------------------- */

static ask_question *questions_of(const hf_checkin *c)
{
    ask_question *q = calloc(c->item_count, sizeof *q);
    for (size_t i = 0; q && i < c->item_count; i++)
        q[i] = (ask_question){c->items[i].id, c->items[i].text, c->items[i].low, c->items[i].high,
                              c->items[i].skip};
    return q;
}

static int collect(cli_env *env, const hf_checkin *c, double *values)
{
    ask_question *q = questions_of(c);
    if (!q)
        return cli_usage(env, "out of memory");
    ask_set set = {q, c->item_count, c->min, c->max, cli_text(env, "name")};
    const char *file = cli_text(env, "answers");
    int code;
    if (file) {
        code = ask_file(env, &set, file, values);
    } else {
        printf("%s\n%s\nA number from %d to %d; Enter skips, b goes back, q stops and keeps "
               "nothing.\n",
               c->title, c->note, c->min, c->max);
        code = ask_all(env, &set, values);
    }
    free(q);
    return code;
}

static hf_status keep(cli_env *env, const hf_checkin *c, const char *path, const double *values)
{
    hf_diary *diary;
    char today[16];
    const char *date = cli_text(env, "date");
    hf_partner partner = strcmp(cli_text(env, "partner"), "b") == 0 ? HF_PARTNER_B : HF_PARTNER_A;
    ask_today(today);
    hf_status s = hf_diary_read(&diary, env->ctx, path, 0, 0, true);
    if (s != HF_OK)
        return s;
    s = hf_diary_add(diary, c, date ? date : today, partner, values, cli_flag(env, "replace"));
    if (s == HF_OK)
        s = hf_diary_write(diary, env->ctx, path);
    hf_diary_free(diary);
    return s;
}

static int answer(cli_env *env, const hf_checkin *c)
{
    if (env->argc != 1)
        return cli_usage(env, "usage: holdfast checkin %s", env->command->usage);
    if (!cli_given(env, "partner"))
        return cli_usage(env, "say who answers: --partner a or --partner b");
    double *values = calloc(c->item_count, sizeof *values);
    if (!values)
        return cli_usage(env, "out of memory");
    int code = collect(env, c, values);
    size_t answered = 0;
    for (size_t i = 0; !code && i < c->item_count; i++)
        answered += !isnan(values[i]);
    if (!code && !answered) {
        cli_say(env, "everything was skipped: nothing was written");
        code = hf_status_exit_code(HF_E_NOT_ENOUGH_DATA);
    } else if (!code) {
        hf_status s = keep(env, c, env->argv[0], values);
        code = s == HF_OK ? 0 : cli_fail(env, s);
    }
    if (!code && env->json)
        printf("{\"file\":\"written\",\"answered\":%zu,\"questions\":%zu}\n", answered,
               c->item_count);
    else if (!code)
        cli_say(env, "%zu of %zu answers kept in %s", answered, c->item_count, env->argv[0]);
    free(values);
    return code;
}

/* ---- the list ------------------------------------------------------------------------------ */

static int list(cli_env *env, const hf_checkin *c)
{
    if (env->json) {
        printf("{\"id\":\"%s\",\"validated\":false,\"range\":[%d,%d],\"items\":[", c->id, c->min,
               c->max);
        for (size_t i = 0; i < c->item_count; i++)
            printf("%s{\"id\":\"%s\",\"mechanism\":\"%s\",\"group\":\"%s\",\"pairs\":\"%s\","
                   "\"text\":\"%s\",\"low\":\"%s\",\"high\":\"%s\",\"skip\":\"%s\"}",
                   i ? "," : "", c->items[i].id, c->items[i].mechanism, c->items[i].group,
                   c->items[i].pairs, c->items[i].text, c->items[i].low, c->items[i].high,
                   c->items[i].skip);
        puts("]}");
        return cli_done(env);
    }
    printf("%s\n%s\n", c->title, c->note);
    for (size_t i = 0; i < c->item_count; i++)
        printf("\n%-20s [%s]\n  %s\n  %d = %s, %d = %s%s%s\n", c->items[i].id,
               c->items[i].mechanism, c->items[i].text, c->min, c->items[i].low, c->max,
               c->items[i].high, c->items[i].skip[0] ? "; skip: " : "", c->items[i].skip);
    return cli_done(env);
}

/* ---- the report ---------------------------------------------------------------------------- */

static double value_of(const hf_finding *f, const char *key)
{
    for (size_t i = 0; i < f->value_count; i++)
        if (strcmp(f->values[i].key, key) == 0)
            return f->values[i].number;
    return NAN;
}

static const char *words_of(const hf_finding *f, const char *key)
{
    for (size_t i = 0; i < f->value_count; i++)
        if (strcmp(f->values[i].key, key) == 0 && f->values[i].text)
            return f->values[i].text;
    return f->id;
}

static void say_item(const hf_finding *f)
{
    if (!f->n)
        return;
    printf("  %-22s %3llu rating%s: ", words_of(f, "item"), (unsigned long long)f->n,
           f->n == 1 ? "" : "s");
    if (f->status != HF_FINDING_SEEN)
        puts("not enough data to tell signal from noise");
    else
        printf("mean %.1f, SD %.1f; of one rating %.0f %% lasts [%.0f, %.0f]; two days differ "
               "beyond noise from %.1f on\n",
               value_of(f, "mean"), value_of(f, "sd"), 100 * f->estimate, 100 * f->lo, 100 * f->hi,
               value_of(f, "beyond"));
}

static void say_group(const hf_finding *f)
{
    if (!f->n)
        return;
    printf("  %-22s %3llu days: ", words_of(f, "group"), (unsigned long long)f->n);
    if (f->status != HF_FINDING_SEEN)
        puts("not enough data");
    else
        printf("the %.0f questions move together, alpha of change %.2f [%.2f, %.2f]\n",
               value_of(f, "items"), f->estimate, f->lo, f->hi);
}

static void say_reading(const hf_finding *f)
{
    const char *what = strncmp(f->id, "reading_bias", 12) == 0
                           ? "guesses compared with what the other felt, on average"
                       : strncmp(f->id, "reading_truth", 13) == 0
                           ? "for each point the other felt better, the guess was higher by"
                           : "for each point one felt better oneself, the guess was higher by";
    if (f->status == HF_FINDING_NOT_SHOWN)
        puts("  reading each other: shown when both have agreed (--consent both)");
    else if (f->status == HF_FINDING_NOT_ENOUGH_DATA)
        printf("  %s: not enough data (%llu days with all three ratings)\n", what,
               (unsigned long long)f->n);
    else
        printf("  %s: %+.2f [%+.2f, %+.2f]%s\n", what, f->estimate, f->lo, f->hi,
               f->status == HF_FINDING_HYPOTHESIS ? ", too close to call" : "");
}

static void say_all(const hf_findings *all)
{
    hf_partner last = HF_PARTNER_AB;
    bool held_back = false;
    puts("From your own ratings (own wording, not validated). Nothing here says how anybody is; it "
         "says how far\nthe numbers can be trusted.");
    for (size_t i = 0; i < hf_findings_count(all); i++) {
        const hf_finding *f = hf_findings_get(all, i);
        if (f->about != last) {
            size_t ratings = 0;
            for (size_t k = 0; k < hf_findings_count(all); k++)
                if (hf_findings_get(all, k)->about == f->about)
                    ratings += (size_t)hf_findings_get(all, k)->n;
            printf("\nPartner %s%s\n", hf_partner_name(f->about),
                   ratings ? "" : ": no ratings of this check-in");
            held_back = false;
        }
        last = f->about;
        if (strncmp(f->id, "checkin_reliability.", 20) == 0) {
            say_item(f);
        } else if (strncmp(f->id, "checkin_group.", 14) == 0) {
            say_group(f);
        } else if (f->status != HF_FINDING_NOT_SHOWN || !held_back) {
            held_back = f->status == HF_FINDING_NOT_SHOWN;
            say_reading(f);
        }
    }
}

static void json_real(const char *key, double x)
{
    if (isnan(x))
        printf(",\"%s\":null", key);
    else
        printf(",\"%s\":%.10g", key, x);
}

static void json_all(const hf_findings *all)
{
    fputs("{\"schema\":\"holdfast-checkin-1\",\"validated\":false,\"findings\":[", stdout);
    for (size_t i = 0; i < hf_findings_count(all); i++) {
        const hf_finding *f = hf_findings_get(all, i);
        printf("%s{\"id\":\"%s\",\"mechanism\":\"%s\",\"about\":\"%s\",\"status\":\"%s\","
               "\"visibility\":\"%s\",\"n\":%llu,\"unit\":\"%s\"",
               i ? "," : "", f->id, f->mechanism, hf_partner_name(f->about),
               hf_finding_status_name(f->status), hf_visibility_name(f->visibility),
               (unsigned long long)f->n, f->unit);
        json_real("estimate", f->estimate);
        json_real("lo", f->lo);
        json_real("hi", f->hi);
        fputs(",\"values\":{", stdout);
        for (size_t k = 0, first = 1; k < f->value_count; k++) {
            if (f->values[k].text || isnan(f->values[k].number))
                continue;
            printf("%s\"%s\":%.10g", first ? "" : ",", f->values[k].key, f->values[k].number);
            first = 0;
        }
        fputs("}}", stdout);
    }
    puts("]}");
}

/* Ratings that answer no question of this check-in are named, not passed over. */
static void say_strangers(const cli_env *env, const hf_diary *diary, const hf_checkin *c)
{
    size_t strangers = 0;
    const char *stranger = NULL;
    for (size_t i = 0; i < hf_diary_count(diary); i++) {
        const char *item = hf_diary_get_item(diary, hf_diary_get(diary, i)->item);
        size_t k = 0;
        while (k < c->item_count && strcmp(c->items[k].id, item) != 0)
            k++;
        if (k == c->item_count) {
            strangers++;
            stranger = item;
        }
    }
    if (strangers)
        cli_say(env,
                "%zu rating%s of questions that are not in the %s check-in (such as '%s') "
                "left out",
                strangers, strangers == 1 ? "" : "s", c->id, stranger);
}

static int report(cli_env *env, const hf_checkin *c)
{
    const char *path = cli_text(env, "report"), *me = cli_text(env, "me");
    bool both = strcmp(cli_text(env, "consent"), "both") == 0;
    hf_diary *diary;
    hf_findings *all = NULL;
    if (!both && !me)
        return cli_usage(env, "say whose report it is (--me a or --me b), or --consent both when "
                              "both have agreed");
    hf_status s = hf_diary_read(&diary, env->ctx, path, 0, 0, false);
    if (s == HF_OK)
        s = hf_findings_new(&all, env->ctx);
    if (s == HF_OK)
        s = hf_checkin_findings(all, env->ctx, diary, c, both ? HF_CONSENT_BOTH : HF_CONSENT_SOLO,
                                both && !me            ? HF_PARTNER_AB
                                : strcmp(me, "b") == 0 ? HF_PARTNER_B
                                                       : HF_PARTNER_A);
    size_t seen = 0;
    for (size_t i = 0; s == HF_OK && i < hf_findings_count(all); i++)
        seen += hf_findings_get(all, i)->status < HF_FINDING_NOT_ENOUGH_DATA;
    if (s == HF_OK && env->json)
        json_all(all);
    else if (s == HF_OK)
        say_all(all);
    if (s == HF_OK)
        say_strangers(env, diary, c);
    if (s == HF_OK && both)
        cli_say(env, "(consent of both: declared by the person at the keyboard)");
    hf_findings_free(all);
    hf_diary_free(diary);
    if (s != HF_OK)
        return cli_fail(env, s);
    int code = cli_done(env);
    return code ? code : seen ? 0 : hf_status_exit_code(HF_E_NOT_ENOUGH_DATA);
}

static int run(cli_env *env)
{
    hf_checkin *c;
    hf_status s = hf_checkin_get(&c, env->ctx, cli_flag(env, "weekly") ? "weekly" : "daily");
    if (s != HF_OK)
        return cli_fail(env, s);
    int code = cli_flag(env, "list")      ? list(env, c)
               : cli_given(env, "report") ? report(env, c)
                                          : answer(env, c);
    hf_checkin_free(c);
    return code;
}

static const cli_option options[] = {
    {"partner", CLI_CHOICE, NULL, "who answers", NULL, "a|b", 0, 0, false},
    {"weekly", CLI_FLAG, NULL, "the weekly questions instead of the daily ones", NULL, NULL, 0, 0,
     false},
    {"name", CLI_TEXT, "NAME", "the other's name, for the questions", NULL, NULL, 0, 0, false},
    {"date", CLI_TEXT, "DATE", "the day, as 2026-11-22 (else today)", NULL, NULL, 0, 0, false},
    {"answers", CLI_TEXT, "FILE", "answers from a file: lines 'item value'", NULL, NULL, 0, 0,
     false},
    {"replace", CLI_FLAG, NULL, "replace that day's answers", NULL, NULL, 0, 0, false},
    {"list", CLI_FLAG, NULL, "print the questions and what each is for", NULL, NULL, 0, 0, false},
    {"report", CLI_TEXT, "FILE", "what the ratings of a file say about themselves", NULL, NULL, 0,
     0, false},
    {"me", CLI_CHOICE, NULL, "whose report it is", NULL, "a|b", 0, 0, false},
    {"consent", CLI_CHOICE, NULL, "'both' only when both partners have agreed", "solo", "solo|both",
     0, 0, false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_checkin = {
    "checkin",
    run,
    "a few questions a day about the two of you, kept in your own file",
    "measure",
    "FILE.csv --partner a|b [--weekly] [--name NAME] | --report FILE.csv --me a|b",
    options,
    "The file has one row a rating (date, partner, item, value) and can be read by its owner only. "
    "The\nquestions are Holdfast's own and not validated. With too few ratings the report says so "
    "and ends with 3.",
    0,
    1,
    false};
