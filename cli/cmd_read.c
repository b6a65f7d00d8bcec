/* SPDX-License-Identifier: MIT */
#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool to_stdout(void *user, const char *bytes, size_t size)
{
    (void)user;
    return fwrite(bytes, 1, size, stdout) == size;
}

static hf_date_order order_of(const char *text)
{
    if (!text)
        return HF_DATE_AUTO;
    return strcmp(text, "dmy") == 0   ? HF_DATE_DMY
           : strcmp(text, "mdy") == 0 ? HF_DATE_MDY
           : strcmp(text, "ymd") == 0 ? HF_DATE_YMD
                                      : HF_DATE_AUTO;
}

static void json_string(hf_text t)
{
    putchar('"');
    for (size_t i = 0; i < t.size; i++) {
        unsigned char c = (unsigned char)t.data[i];
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c < 0x20)
            printf("\\u%04x", c);
        else
            putchar(c);
    }
    putchar('"');
}

static void print_chat_json(const hf_chat *c)
{
    fputs("{\"id\":", stdout);
    json_string(c->id);
    fputs(",\"title\":", stdout);
    json_string(c->title);
    if (c->messages == HF_NO_COUNT)
        fputs(",\"messages\":null", stdout);
    else
        printf(",\"messages\":%" PRIu64, c->messages);
    if (c->people)
        printf(",\"people\":%" PRIu32 "}", c->people);
    else
        fputs(",\"people\":null}", stdout);
}

static void print_chats(const hf_chats *chats, bool json, FILE *to)
{
    size_t n = hf_chats_count(chats);
    if (json)
        fputs("{\"chats\":[", stdout);
    for (size_t i = 0; i < n; i++) {
        const hf_chat *c = hf_chats_get(chats, i);
        if (json) {
            fputs(i ? "," : "", stdout);
            print_chat_json(c);
            continue;
        }
        fprintf(to, "%.*s\t%.*s", (int)c->id.size, c->id.data, (int)c->title.size, c->title.data);
        if (c->messages != HF_NO_COUNT)
            fprintf(to, "\t%" PRIu64 " messages", c->messages);
        if (c->people)
            fprintf(to, "\t%" PRIu32 " people", c->people);
        fputc('\n', to);
    }
    if (json)
        fputs("]}\n", stdout);
}

static int list_chats(cli_env *env, const hf_read_options *options)
{
    for (int i = 0; i < env->argc; i++) {
        hf_chats *chats;
        hf_status s = hf_chats_read(&chats, env->ctx, env->argv[i], options);
        if (s != HF_OK)
            return cli_fail(env, s);
        print_chats(chats, env->json, stdout);
        hf_chats_free(chats);
    }
    return cli_done(env);
}

static const char *time_text(int64_t t, const hf_record_summary *s, char *out, size_t size)
{
    if (t == HF_NO_TIME)
        return "-";
    if (s->t_kind == HF_TIME_MEDIA) {
        snprintf(out, size, "%.3f s of the recording", (double)t / 1000);
        return out;
    }
    time_t seconds = (time_t)(t >= 0 ? t / 1000 : -((-t + 999) / 1000));
    struct tm tm;
    char text[64];
    gmtime_r(&seconds, &tm);
    strftime(text, sizeof text, s->t_res_ms >= 60000 ? "%Y-%m-%d %H:%M" : "%Y-%m-%d %H:%M:%S", &tm);
    snprintf(out, size, "%s%s", text, s->t_kind == HF_TIME_UTC ? " UTC" : "");
    return out;
}

static void print_people(const hf_record *record)
{
    for (size_t i = 0; i < hf_record_count_people(record); i++) {
        const hf_person *p = hf_record_get_person(record, (int32_t)i);
        printf("  %-24.*s %8" PRIu64, (int)p->name.size, p->name.data, p->messages);
        for (int k = 0; k < HF_KIND_COUNT; k++)
            if (p->by_kind[k])
                printf("  %s %" PRIu64, hf_message_kind_name((hf_message_kind)k), p->by_kind[k]);
        putchar('\n');
    }
}

static void print_dates(const hf_record_summary *s)
{
    static const char *const orders[] = {"", "day, month, year", "month, day, year",
                                         "year, month, day", ""};
    char a[80], b[80];
    printf("first     %s\n", time_text(s->first_ms, s, a, sizeof a));
    printf("last      %s\n", time_text(s->last_ms, s, b, sizeof b));
    if (s->date_order != HF_DATE_NOT_NEEDED)
        printf("dates     %s%s\n", orders[s->date_order],
               s->date_ambiguous ? " - AMBIGUOUS: both orders fit; --date-order decides" : "");
    if (s->date_ambiguous && s->other_first_ms != HF_NO_TIME)
        printf("          the other way: %s to %s\n", time_text(s->other_first_ms, s, a, sizeof a),
               time_text(s->other_last_ms, s, b, sizeof b));
}

static void print_summary(const hf_record *record)
{
    hf_record_summary s;
    hf_record_get_summary(record, &s);
    printf("format    %s%s%s, %s\n", s.format, s.variant[0] ? " " : "", s.variant, s.encoding);
    if (s.messages || !(s.ratings + s.samples))
        printf("messages  %" PRIu64 "\n", s.messages);
    if (s.ratings)
        printf("ratings   %" PRIu64 "\n", s.ratings);
    if (s.samples)
        printf("samples   %" PRIu64 "\n", s.samples);
    print_people(record);
    print_dates(&s);
    if (s.time_inversions)
        printf("inverted  the time goes backwards %" PRIu64 " times\n", s.time_inversions);
    if (s.duplicates)
        printf("doubled   %" PRIu64 " messages stood in more than one file\n", s.duplicates);
    for (int i = 0; i < HF_LIMIT_COUNT; i++)
        if (s.limits & (1u << i))
            printf("limit     %s\n", hf_limit_text((hf_limit)i));
    size_t shown = hf_record_count_warnings(record);
    for (size_t i = 0; i < shown && i < 20; i++) {
        const hf_warning *w = hf_record_get_warning(record, i);
        if (w->src.line)
            printf("warning   line %" PRIu64 ": %s\n", w->src.line, w->what);
        else
            printf("warning   %s\n", w->what);
    }
    if (s.warnings > 20)
        printf("warning   and %" PRIu64 " more (--json shows them)\n", s.warnings - 20);
}

static int show(cli_env *env, hf_record *record)
{
    hf_status s = HF_OK;
    if (cli_flag(env, "jsonl"))
        s = hf_record_write_jsonl(record, env->ctx, to_stdout, NULL);
    else if (env->json)
        s = hf_record_write_summary_json(record, env->ctx, to_stdout, NULL);
    else
        print_summary(record);
    return s == HF_OK ? cli_done(env) : cli_fail(env, s);
}

static int run(cli_env *env)
{
    const char *same[65] = {NULL};
    size_t same_count = 0;
    for (const char *p; same_count < 64 && (p = cli_nth(env, "same", same_count));)
        same[same_count++] = p;
    if (cli_flag(env, "jsonl") && cli_flag(env, "summary"))
        return cli_usage(env, "--jsonl and --summary: choose one");
    hf_read_options options = HF_READ_OPTIONS_INIT;
    options.date_order = order_of(cli_text(env, "date-order"));
    options.format = cli_text(env, "format");
    options.chat = cli_text(env, "chat");
    options.same = same;
    options.day_cut_min = (int)cli_int(env, "day-cut") * 60;
    if (cli_flag(env, "list-chats"))
        return list_chats(env, &options);
    hf_record *record;
    hf_status s = hf_record_read(&record, env->ctx, (const char *const *)env->argv,
                                 (size_t)env->argc, &options);
    if (s != HF_OK)
        return cli_fail(env, s);
    int code = show(env, record);
    hf_record_free(record);
    return code;
}

static const cli_option options[] = {
    {"jsonl", CLI_FLAG, NULL, "print every row as one JSON object a line", NULL, NULL, 0, 0, false},
    {"summary", CLI_FLAG, NULL, "print what the record holds (what happens without --jsonl)", NULL,
     NULL, 0, 0, false},
    {"list-chats", CLI_FLAG, NULL, "list the chats of the source", NULL, NULL, 0, 0, false},
    {"chat", CLI_TEXT, "ID", "the chat to read, of a source with several", NULL, NULL, 0, 0, false},
    {"date-order", CLI_CHOICE, "ORDER", "how dates like 1/2/24 are meant", NULL, "dmy|mdy|ymd", 0,
     0, false},
    {"format", CLI_TEXT, "NAME", "what the source is, instead of looking", NULL, NULL, 0, 0, false},
    {"day-cut", CLI_INT, "HOUR", "when the day of a diary begins: 03:00 is still the day before", "4",
     NULL, 0, 12, false},
    {"same", CLI_TEXT, "A=B", "two names of one person: \"Ann=+49 170 1234567\"", NULL, NULL, 0, 0,
     true},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_read = {
    "read",
    run,
    "what a chat, recording or diary holds",
    "read",
    "FILE... [--jsonl | --summary] [--chat ID]",
    options,
    "FILE is an export as the app made it: a file, a zip or a folder. Several files of the same "
    "two "
    "people become one record, without what stands in more than one of them.",
    1,
    -1,
    false};
