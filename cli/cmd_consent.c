/* SPDX-License-Identifier: MIT */
/* holdfast consent: the record that both can read; what is made and removed under it. */
#include "ask.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static hf_partner partner_of(const char *text)
{
    return text[0] == 'b' ? HF_PARTNER_B : HF_PARTNER_A;
}

/* FILE.log beside the record. Freed by the caller. */
static char *log_path(const char *record)
{
    size_t size = strlen(record) + 5;
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%s.log", record);
    return path;
}

static int add_log(cli_env *env, hf_audit_event event, const char *who, const char *what)
{
    char today[16];
    char *path = log_path(env->argv[0]);
    ask_today(today);
    hf_status s = path ? hf_audit_add(env->ctx, path, today, event, who, what) : HF_E_NOMEM;
    free(path);
    return s == HF_OK ? 0 : cli_fail(env, s);
}

static void print_person(const hf_consent_record *r, hf_partner p)
{
    hf_consent_person one;
    hf_consent_record_get_person(r, p, &one);
    if (one.revoked)
        printf("  %s: %s, revoked on %s\n", hf_partner_name(p), one.name, one.revoked);
    else if (one.confirmed)
        printf("  %s: %s, agreed on %s\n", hf_partner_name(p), one.name, one.confirmed);
    else
        printf("  %s: %s, not agreed\n", hf_partner_name(p), one.name);
}

static int show(cli_env *env, const hf_consent_record *r)
{
    hf_consent_person a, b;
    char today[16];
    const char *version = hf_consent_record_get_version(r);
    ask_today(today);
    hf_consent_record_get_person(r, HF_PARTNER_A, &a);
    hf_consent_record_get_person(r, HF_PARTNER_B, &b);
    bool force = hf_consent_record_in_force(r, a.name, b.name, today, NULL);
    if (env->json) {
        printf("{\"purpose\":\"%s\",\"text\":\"%s\",\"in_force\":%s}\n",
               hf_purpose_name(hf_consent_record_get_purpose(r)), version,
               force ? "true" : "false");
        return cli_done(env);
    }
    char language[3] = {version[0], version[0] ? version[1] : '\0', '\0'};
    const char *text = hf_consent_text(language, NULL);
    printf("%s\n(text %s, purpose: %s)\n", text ? text : "", version,
           hf_purpose_name(hf_consent_record_get_purpose(r)));
    print_person(r, HF_PARTNER_A);
    print_person(r, HF_PARTNER_B);
    puts(force ? "Both have agreed." : hf_joint_rests_text("en"));
    return cli_done(env);
}

static int make_new(cli_env *env)
{
    const char *names = cli_text(env, "names");
    const char *comma = names ? strchr(names, ',') : NULL;
    hf_purpose purpose;
    if (!comma)
        return cli_usage(env, "say who the two are: --names \"Ann,Ben\", as the chat names them");
    if (access(env->argv[0], F_OK) == 0)
        return cli_usage(env, "%s is there already; name another file", env->argv[0]);
    hf_purpose_find(cli_text(env, "purpose"), &purpose);
    char *a = strndup(names, (size_t)(comma - names));
    hf_consent_record *r = NULL;
    hf_status s = a ? hf_consent_record_new(&r, env->ctx, purpose, cli_text(env, "language"), a,
                                            comma + 1)
                    : HF_E_NOMEM;
    free(a);
    if (s == HF_OK)
        s = hf_consent_record_write(r, env->ctx, env->argv[0]);
    int code = s == HF_OK ? add_log(env, HF_AUDIT_CONSENT_MADE, NULL,
                                    hf_consent_record_get_version(r))
                          : cli_fail(env, s);
    if (!code)
        code = show(env, r);
    if (!code && !env->json)
        puts("Each of you agrees alone: holdfast consent FILE --agree a, and then --agree b.");
    hf_consent_record_free(r);
    return code;
}

/* What a joint run writes, in one folder. */
static size_t remove_outputs(const char *folder)
{
    static const char *const names[] = {"report.html", "findings.json", "messages.csv",
                                        "turns.csv",   "signals.csv",   "messages.sav",
                                        "turns.sav",   "signals.sav"};
    char path[4096];
    size_t removed = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        int n = snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        removed += n > 0 && (size_t)n < sizeof path && unlink(path) == 0;
    }
    return removed;
}

static int take_back(cli_env *env, hf_consent_record *r, const char *today)
{
    hf_partner p = partner_of(cli_text(env, "revoke"));
    hf_status s = hf_consent_record_revoke(r, p, today);
    if (s == HF_OK)
        s = hf_consent_record_write(r, env->ctx, env->argv[0]);
    if (s != HF_OK)
        return cli_fail(env, s);
    int code = add_log(env, HF_AUDIT_CONSENT_REVOKED, hf_partner_name(p), NULL);
    const char *folder;
    for (size_t i = 0; !code && (folder = cli_nth(env, "remove", i)) != NULL; i++) {
        size_t n = remove_outputs(folder);
        printf("Removed from %s: %zu files.\n", folder, n);
        if (n)
            code = add_log(env, HF_AUDIT_REPORT_REMOVED, hf_partner_name(p), folder);
    }
    if (!code)
        puts("Revoked. No new joint report is made with this record.\n"
             "What is left: the chat itself; joint reports in folders that were not named with\n"
             "--remove (the log names them) and copies elsewhere; reports of one side alone; the\n"
             "record with this date; the log.");
    return code ? code : cli_done(env);
}

static int change(cli_env *env, hf_consent_record *r)
{
    char today[16];
    ask_today(today);
    if (cli_given(env, "revoke"))
        return take_back(env, r, today);
    const char *who = cli_text(env, cli_given(env, "agree") ? "agree" : "pause");
    hf_partner p = partner_of(who);
    hf_status s = cli_given(env, "agree") ? hf_consent_record_confirm(r, p, today)
                                          : hf_consent_record_pause(r, p);
    if (s == HF_OK)
        s = hf_consent_record_write(r, env->ctx, env->argv[0]);
    if (s != HF_OK)
        return cli_fail(env, s);
    /* A pause is nobody's business: it is in no log. */
    int code = cli_given(env, "agree")
                   ? add_log(env, HF_AUDIT_CONSENT_CONFIRMED, hf_partner_name(p), NULL)
                   : 0;
    return code ? code : show(env, r);
}

static int run(cli_env *env)
{
    if (cli_flag(env, "new"))
        return make_new(env);
    hf_consent_record *r;
    hf_status s = hf_consent_record_read(&r, env->ctx, env->argv[0]);
    if (s != HF_OK)
        return cli_fail(env, s);
    bool changes = cli_given(env, "agree") || cli_given(env, "pause") || cli_given(env, "revoke");
    int code = changes ? change(env, r) : show(env, r);
    hf_consent_record_free(r);
    return code;
}

static const cli_option options[] = {
    {"new", CLI_FLAG, NULL, "make a record that nobody has agreed to yet", NULL, NULL, 0, 0, false},
    {"names", CLI_TEXT, "A,B", "the two, as the chat names them", NULL, NULL, 0, 0, false},
    {"purpose", CLI_CHOICE, "WHAT", "what it is for", "self-help", "self-help|therapy|research", 0,
     0, false},
    {"language", CLI_CHOICE, "XX", "language of the text", "en", "en|de", 0, 0, false},
    {"agree", CLI_CHOICE, "WHO", "you agree; each for oneself", NULL, "a|b", 0, 0, false},
    {"pause", CLI_CHOICE, "WHO", "let your part rest: no date, no reason, no line in the log", NULL,
     "a|b", 0, 0, false},
    {"revoke", CLI_CHOICE, "WHO", "take your agreement back, with the date", NULL, "a|b", 0, 0,
     false},
    {"remove", CLI_TEXT, "DIR", "with --revoke: remove the joint report in this folder", NULL, NULL,
     0, 0, true},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_consent = {
    "consent",
    run,
    "what both of you agree to, in one file that both can read",
    "start",
    "FILE [--new --names A,B] [--agree a|b] [--pause a|b] [--revoke a|b]",
    options,
    "Use it with holdfast analyze CHAT --consent both --consent-record FILE. An agreement lasts a "
    "year.\nBeside the record stands FILE.log: what was agreed, made and removed, and nothing "
    "private.",
    1,
    1,
    false};
