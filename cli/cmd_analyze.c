/* SPDX-License-Identifier: MIT */
/* The main job: a record in, a private report and its tables out, all of them or none. */
#include "ask.h"
#include "secret.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MOST_SAME = 64 };

typedef struct {
    const char *name;
    hf_status (*write)(const hf_analysis *analysis, hf_ctx *ctx, hf_outfile *file);
    hf_outfile *file;
} output;

static hf_status write_html(const hf_analysis *a, hf_ctx *ctx, hf_outfile *file)
{
    return hf_report_write_html(hf_analysis_get_findings(a), ctx, file);
}

static hf_status write_json(const hf_analysis *a, hf_ctx *ctx, hf_outfile *file)
{
    return hf_report_write_json(hf_analysis_get_findings(a), ctx, file);
}

static hf_status write_series(const hf_analysis *a, hf_ctx *ctx, hf_outfile *file)
{
    return hf_series_write_csv(hf_analysis_get_series(a), ctx, file);
}

static hf_date_order order_of(const char *text)
{
    if (!text)
        return HF_DATE_AUTO;
    return text[0] == 'd' ? HF_DATE_DMY : text[0] == 'm' ? HF_DATE_MDY : HF_DATE_YMD;
}

static hf_consent consent_of(const char *text)
{
    return text[0] == 'b'   ? HF_CONSENT_BOTH
           : text[0] == 'r' ? HF_CONSENT_RESEARCH
                            : HF_CONSENT_SOLO;
}

/* ./holdfast-<file name>, unless --out says otherwise. Freed by the caller. */
static char *output_folder(const cli_env *env)
{
    const char *out = cli_text(env, "out");
    if (out)
        return strdup(out);
    char *path = strdup(env->argv[0]);
    if (!path)
        return NULL;
    for (size_t n = strlen(path); n > 1 && path[n - 1] == '/'; n--)
        path[n - 1] = '\0';
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    size_t size = strlen(base) + sizeof "holdfast-";
    char *folder = malloc(size);
    if (folder)
        snprintf(folder, size, "holdfast-%s", base);
    free(path);
    return folder;
}

/* Everything is written to temporary names first; only when all is well they get their own. */
static hf_status write_outputs(cli_env *env, const hf_analysis *a, const char *folder,
                               output *outputs, size_t count)
{
    hf_status status = HF_OK;
    size_t size = strlen(folder) + 32;
    char *path = malloc(size);
    if (!path)
        return HF_E_NOMEM;
    for (size_t i = 0; status == HF_OK && i < count; i++) {
        snprintf(path, size, "%s/%s", folder, outputs[i].name);
        status = hf_outfile_new(&outputs[i].file, env->ctx, path);
        if (status == HF_OK)
            status = outputs[i].write(a, env->ctx, outputs[i].file);
    }
    for (size_t i = 0; status == HF_OK && i < count; i++)
        status = hf_outfile_commit(outputs[i].file);
    for (size_t i = 0; i < count; i++)
        hf_outfile_free(outputs[i].file);
    free(path);
    return status;
}

/* In a joint run the same words whatever was found: two may be looking. */
static void show_joint_resources(void)
{
    fputs(
        "Help for a hard moment, at any time: `holdfast resources` lists people you can reach. In "
        "danger, call the\nemergency number first (112 in Europe, 911 in the US, 999 in the UK).\n",
        stderr);
}

/* The lines themselves, so that one can be dismissed: `holdfast screen --keep FILE --dismiss ID`.
 */
static void show_cues(const hf_record *record, const hf_analysis *a)
{
    for (size_t i = 0; i < hf_analysis_count_cues(a); i++) {
        hf_cue cue;
        hf_message m;
        hf_analysis_get_cue(a, i, &cue);
        hf_record_get_message(record, (size_t)cue.message, &m);
        fprintf(stderr, "  %s  %s  %.*s\n", cue.id, cue.mine ? "you  " : "other", (int)m.text.size,
                m.text.data ? m.text.data : "");
    }
}

/* To the person at the keyboard, and to nobody else: no file says it. */
static void show_resources(cli_env *env)
{
    char line[512];
    fputs("\nSome stretches of this record are left out of every statement, because a line in them "
          "reads like danger to someone.\nThat may be a quotation, a joke or a song; nothing was "
          "decided about anyone. If it is about you, people can be reached:\n",
          stderr);
    for (size_t i = 0; hf_resources_get(env->ctx, i, line, sizeof line) == HF_OK; i++)
        fprintf(stderr, "  %s\n", line);
    fputs(
        "Check that a number is current. What was left out, and why, stands in no file. To see the "
        "lines: --show-cues.\nThe check knows words, not what was meant: it misses much, and it "
        "takes jokes, songs and quotations for danger.\n",
        stderr);
}

static void print_json(const hf_analysis *a, const char *folder, const output *outputs,
                       size_t count)
{
    const hf_findings *findings = hf_analysis_get_findings(a);
    size_t told = 0, n = hf_findings_count(findings);
    for (size_t i = 0; i < n; i++) {
        hf_finding_status s = hf_findings_get(findings, i)->status;
        told += s == HF_FINDING_SEEN || s == HF_FINDING_HYPOTHESIS;
    }
    fputs("{\"out\":", stdout);
    cli_json_string(stdout, folder);
    fputs(",\"files\":[", stdout);
    for (size_t i = 0; i < count; i++) {
        fputs(i ? "," : "", stdout);
        cli_json_string(stdout, outputs[i].name);
    }
    printf("],\"turns\":%zu,\"findings\":%zu,\"findings_with_numbers\":%zu}\n",
           hf_analysis_count_turns(a), n, told);
}

static void report_unknown_targets(cli_env *env, const hf_analysis *a)
{
    for (size_t i = 0; i < hf_analysis_count_unknown_targets(a); i++) {
        const char *target;
        uint64_t line = hf_analysis_get_unknown_target(a, i, &target);
        cli_say(env, "corrections, line %llu: there is no '%s' in this record",
                (unsigned long long)line, target);
    }
}

/* Lines of at most 80 letters, broken at blanks. */
static void print_wrapped(const char *text)
{
    fputs("\nOne thing that may help\n", stdout);
    for (int column = 0; *text;) {
        size_t word = strcspn(text, " \n");
        if (column && column + (int)word + 1 > 80) {
            putchar('\n');
            column = 0;
        }
        if (word)
            column += printf("%s%.*s", column ? " " : "", (int)word, text);
        text += word;
        if (*text == '\n') {
            putchar('\n');
            column = 0;
        }
        text += *text != '\0';
    }
    putchar('\n');
}

/* The first sentences of the report, answered things first. */
static void print_sentences(cli_env *env, const hf_analysis *a)
{
    static const char *const shown[] = {
        "answered.a",   "answered.b",   "question_answered.a", "question_answered.b",
        "reply_time.a", "reply_time.b", "exchange_turns.ab",   "exchange_turns.ab.recent"};
    const char *names[2] = {hf_analysis_get_name(a, HF_PARTNER_A),
                            hf_analysis_get_name(a, HF_PARTNER_B)};
    const hf_findings *findings = hf_analysis_get_findings(a);
    hf_sentences *sentences;
    if (hf_sentences_new(&sentences, env->ctx, "en") != HF_OK)
        return;
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        const hf_finding *f = hf_findings_find(findings, shown[i]);
        const char *text = NULL;
        if (f && f->status != HF_FINDING_NOT_SHOWN &&
            hf_sentences_say(sentences, findings, f, names, &text) == HF_OK && text)
            printf("  %s\n", text);
    }
    const char *suggestion = NULL;
    if (hf_sentences_say_suggestion(sentences, findings, &suggestion) == HF_OK && suggestion)
        print_wrapped(suggestion);
    hf_sentences_free(sentences);
}

static int finish(cli_env *env, const hf_analysis *a, const char *folder, const output *outputs,
                  size_t count)
{
    if (env->json) {
        print_json(a, folder, outputs, count);
    } else if (!env->quiet) {
        printf("%s/report.html\n", folder);
        print_sentences(env, a);
    }
    report_unknown_targets(env, a);
    if (strcmp(cli_text(env, "consent"), "solo") != 0)
        show_joint_resources();
    else if (hf_analysis_show_resources(a))
        show_resources(env);
    return cli_done(env);
}

static int write_all(cli_env *env, const hf_analysis *a)
{
    output outputs[] = {{"report.html", write_html, NULL},
                        {"findings.json", write_json, NULL},
                        {"messages.csv", hf_report_write_messages, NULL},
                        {"turns.csv", hf_report_write_turns, NULL},
                        {"signals.csv", write_series, NULL}};
    const size_t count = sizeof outputs / sizeof outputs[0];
    if (strcmp(cli_text(env, "table"), "sav") == 0) {
        outputs[2] = (output){"messages.sav", hf_report_write_messages_sav, NULL};
        outputs[3] = (output){"turns.sav", hf_report_write_turns_sav, NULL};
        outputs[4] = (output){"signals.sav", hf_report_write_signals_sav, NULL};
    }
    char *folder = output_folder(env);
    if (!folder)
        return cli_fail(env, HF_E_NOMEM);
    bool made = mkdir(folder, 0700) == 0;
    int code;
    if (!made && errno != EEXIST) {
        code = cli_usage(env, "cannot make the folder %s: %s", folder, strerror(errno));
        free(folder);
        return code == 2 ? 1 : code;
    }
    hf_status status = write_outputs(env, a, folder, outputs, count);
    if (status != HF_OK && made)
        rmdir(folder);
    code = status == HF_OK ? finish(env, a, folder, outputs, count) : cli_fail(env, status);
    free(folder);
    return code;
}

/* What the practices moved, and the one suggestion: after everything else has been found. */
static hf_status add_guidance(cli_env *env, const hf_record *record, hf_analysis *a)
{
    hf_findings *findings = hf_analysis_extend_findings(a);
    hf_guide_options guide = HF_GUIDE_OPTIONS_INIT;
    hf_practices *practices;
    hf_rules *rules = NULL;
    hf_status status = hf_practices_new(&practices, env->ctx);
    if (status != HF_OK)
        return status;
    status = hf_practice_findings(findings, env->ctx, record, practices);
    hf_practices_free(practices);
    if (status == HF_OK)
        status = hf_rules_read(&rules, env->ctx, cli_text(env, "rules"));
    guide.rules = rules;
    guide.flagged_is_old = hf_analysis_flagged_is_old(a);
    guide.held_back =
        hf_analysis_joint_rests(a) || (hf_analysis_show_resources(a) && !guide.flagged_is_old);
    if (status == HF_OK)
        status = hf_guide(findings, env->ctx, &guide);
    hf_rules_free(rules);
    return status;
}

/* The report goes into the log of both, beside the record. */
static hf_status log_report(cli_env *env)
{
    char today_text[16], path[4096];
    const char *record = cli_text(env, "consent-record");
    if (!record)
        return HF_OK;
    cli_today(today_text);
    char *folder = output_folder(env);
    int n = snprintf(path, sizeof path, "%s.log", record);
    hf_status s =
        !folder || n < 0 || (size_t)n >= sizeof path
            ? HF_E_NOMEM
            : hf_audit_add(env->ctx, path, today_text, HF_AUDIT_REPORT_MADE, NULL, folder);
    free(folder);
    return s;
}

static int analyze_as(cli_env *env, hf_record *record, const hf_consent_record *consent,
                      hf_private *const *privates)
{
    char date[16];
    cli_today(date);
    hf_analyze_options options = HF_ANALYZE_OPTIONS_INIT;
    options.consent = consent_of(cli_text(env, "consent"));
    options.me = cli_text(env, "me");
    options.partners = cli_text(env, "partners");
    options.protocol = cli_text(env, "protocol");
    options.made_on = date;
    options.time_unit = cli_text(env, "time-unit");
    options.corrections = cli_text(env, "corrections");
    options.text_model = cli_text(env, "text-model");
    options.consent_record = consent;
    options.privates = (const hf_private *const *)privates;
    hf_analysis *a;
    hf_status status = hf_analyze(&a, env->ctx, record, &options);
    if (status != HF_OK)
        return cli_fail(env, status);
    hf_cycle *cycle = NULL;
    status = hf_cycle_of_analysis(&cycle, env->ctx, a, NULL);
    if (status == HF_OK)
        status = hf_cycle_report(cycle, a);
    hf_cycle_free(cycle);
    if (status == HF_OK)
        status = add_guidance(env, record, a);
    int code = status == HF_OK ? write_all(env, a) : cli_fail(env, status);
    if (!code && cli_flag(env, "show-cues"))
        show_cues(record, a);
    hf_analysis_free(a);
    if (!code && (status = log_report(env)) != HF_OK)
        code = cli_fail(env, status);
    return code;
}

static int analyze(cli_env *env, hf_record *record)
{
    const char *path = cli_text(env, "consent-record");
    hf_consent_record *consent = NULL;
    hf_private *privates[MOST_PRIVATE + 1];
    hf_status status = path ? hf_consent_record_read(&consent, env->ctx, path) : HF_OK;
    if (status != HF_OK)
        return cli_fail(env, status);
    int code = secret_open_private(env, privates);
    if (!code)
        code = analyze_as(env, record, consent, privates);
    secret_close_private(privates);
    hf_consent_record_free(consent);
    return code;
}

static int list_chats(cli_env *env)
{
    hf_read_options options = HF_READ_OPTIONS_INIT;
    options.format = cli_text(env, "format");
    for (int i = 0; i < env->argc; i++) {
        hf_chats *chats;
        hf_status status = hf_chats_read(&chats, env->ctx, env->argv[i], &options);
        if (status != HF_OK)
            return cli_fail(env, status);
        for (size_t k = 0; k < hf_chats_count(chats); k++) {
            const hf_chat *c = hf_chats_get(chats, k);
            printf("%.*s\t%.*s\n", (int)c->id.size, c->id.data, (int)c->title.size, c->title.data);
        }
        hf_chats_free(chats);
    }
    return cli_done(env);
}

static int run(cli_env *env)
{
    const char *same[MOST_SAME + 1] = {NULL};
    for (size_t n = 0; n < MOST_SAME; n++)
        if (!(same[n] = cli_nth(env, "same", n)))
            break;
    if (cli_flag(env, "list-chats"))
        return list_chats(env);
    hf_read_options options = HF_READ_OPTIONS_INIT;
    options.date_order = order_of(cli_text(env, "date-order"));
    options.format = cli_text(env, "format");
    options.chat = cli_text(env, "chat");
    options.same = same;
    hf_record *record;
    hf_status status = hf_record_read(&record, env->ctx, (const char *const *)env->argv,
                                      (size_t)env->argc, &options);
    if (status != HF_OK)
        return cli_fail(env, status);
    int code = analyze(env, record);
    hf_record_free(record);
    return code;
}

static const cli_option options[] = {
    {"out", CLI_TEXT, "DIR", "where to write (default: ./holdfast-<file name>)", NULL, NULL, 0, 0,
     false},
    {"me", CLI_TEXT, "NAME", "which of the two you are", NULL, NULL, 0, 0, false},
    {"consent", CLI_CHOICE, "LEVEL",
     "solo: your own side only; both: you say that both agree; research: with --protocol", "solo",
     "solo|both|research", 0, 0, false},
    {"protocol", CLI_TEXT, "TEXT", "research: the protocol that every output names", NULL, NULL, 0,
     0, false},
    {"partners", CLI_TEXT, "A,B", "the two, of a record with more people", NULL, NULL, 0, 0, false},
    {"date-order", CLI_CHOICE, "ORDER", "how dates like 1/2/24 are meant", NULL, "dmy|mdy|ymd", 0,
     0, false},
    {"list-chats", CLI_FLAG, NULL, "list the chats of the source", NULL, NULL, 0, 0, false},
    {"chat", CLI_TEXT, "ID", "the chat to read, of a source with several", NULL, NULL, 0, 0, false},
    {"format", CLI_TEXT, "NAME", "what the source is, instead of looking", NULL, NULL, 0, 0, false},
    {"same", CLI_TEXT, "A=B", "two names of one person: \"Ann=+49 170 1234567\"", NULL, NULL, 0, 0,
     true},
    {"corrections", CLI_TEXT, "FILE", "what the two of you say is otherwise, as JSON lines", NULL,
     NULL, 0, 0, false},
    {"text-model", CLI_TEXT, "FILE", "weights for the tone, or 'none' to do without", NULL, NULL, 0,
     0, false},
    {"rules", CLI_TEXT, "FILE", "rules for the suggestion, instead of the built-in ones", NULL,
     NULL, 0, 0, false},
    {"consent-record", CLI_TEXT, "FILE", "with --consent both: what `holdfast consent` made", NULL,
     NULL, 0, 0, false},
    {"private", CLI_TEXT, "FILE", "your sealed private file; once for each of the two", NULL, NULL,
     0, 0, true},
    {"passphrase-file", CLI_TEXT, "FILE", "passphrases of --private, one a line", NULL, NULL, 0, 0,
     false},
    {"show-cues", CLI_FLAG, NULL, "alone: the lines that were left out, on the screen only", NULL,
     NULL, 0, 0, false},
    {"table", CLI_CHOICE, "FORM", "form of the tables", "csv", "csv|sav", 0, 0, false},
    {"time-unit", CLI_CHOICE, "UNIT", "unit of time in signals.csv", "h",
     "min|h|day|week|minute|hour", 0, 0, false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_analyze = {
    "analyze",
    run,
    "a private report on what two people exchanged",
    "start",
    "FILE... [--me NAME] [--consent solo|both|research] [--out DIR]",
    options,
    "Writes report.html, findings.json, messages.csv, turns.csv and signals.csv, all of them or "
    "none. Alone (solo) the report holds your own side; of the other person only when and how "
    "much they wrote.",
    1,
    -1,
    false};
