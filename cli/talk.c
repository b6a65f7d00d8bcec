/* SPDX-License-Identifier: MIT */
/* What the command says on stderr, and the check of what it wrote on stdout. */
#include "cli.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* The length of the UTF-8 sequence at p, 0 if there is none: file names need not be UTF-8. */
static size_t sequence(const unsigned char *p)
{
    size_t n = p[0] < 0x80   ? 1
               : p[0] < 0xC2 ? 0
               : p[0] < 0xE0 ? 2
               : p[0] < 0xF0 ? 3
               : p[0] < 0xF5 ? 4
                             : 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    bool bad = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
               (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F);
    return bad ? 0 : n;
}

void cli_json_string(FILE *to, const char *text)
{
    if (!text) {
        fputs("null", to);
        return;
    }
    fputc('"', to);
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        size_t n = sequence(p);
        if (*p == '"' || *p == '\\')
            fprintf(to, "\\%c", *p);
        else if (*p < 0x20 || *p == 0x7F)
            fprintf(to, "\\u%04x", *p);
        else if (n)
            fwrite(p, 1, n, to);
        else
            fputs("\xEF\xBF\xBD", to);
        p += n ? n : 1;
    }
    fputc('"', to);
}

void cli_json_number(FILE *to, double x)
{
    if (isfinite(x))
        fprintf(to, "%.17g", x);
    else
        fputs("null", to);
}

static void error_json(const hf_error *e)
{
    fputs("{\"error\":{\"status\":", stderr);
    cli_json_string(stderr, hf_status_name(e->status));
    fputs(",\"message\":", stderr);
    cli_json_string(stderr, e->message);
    fputs(",\"advice\":", stderr);
    cli_json_string(stderr, e->advice);
    fputs(",\"file\":", stderr);
    cli_json_string(stderr, e->file[0] ? e->file : NULL);
    if (e->line)
        fprintf(stderr, ",\"line\":%llu", (unsigned long long)e->line);
    if (e->column)
        fprintf(stderr, ",\"column\":%llu", (unsigned long long)e->column);
    if (e->byte_known)
        fprintf(stderr, ",\"byte\":%llu", (unsigned long long)e->byte);
    fputs("}}\n", stderr);
}

static void error_text(const hf_error *e)
{
    fputs("holdfast: ", stderr);
    if (e->file[0])
        fprintf(stderr, "%s: ", e->file);
    if (e->line)
        fprintf(stderr, "line %llu", (unsigned long long)e->line);
    if (e->line && e->column)
        fprintf(stderr, ", column %llu", (unsigned long long)e->column);
    if (e->byte_known)
        fprintf(stderr, "%sbyte %llu", e->line ? ", " : "", (unsigned long long)e->byte);
    if (e->line || e->byte_known)
        fputs(": ", stderr);
    fprintf(stderr, "%s\n", e->message);
    if (e->advice[0])
        fprintf(stderr, "%s\n", e->advice);
}

static int say_error(const cli_env *env, const hf_error *e)
{
    if (env->json)
        error_json(e);
    else
        error_text(e);
    return hf_status_exit_code(e->status);
}

int cli_fail(cli_env *env, hf_status status)
{
    hf_error e = {.status = status};
    if (env->ctx && hf_ctx_get_error(env->ctx)->status == status)
        e = *hf_ctx_get_error(env->ctx);
    else /* It failed without detail: say at least what kind of failure it was. */
        snprintf(e.message, sizeof e.message, "%s", hf_status_text(status));
    return say_error(env, &e);
}

int cli_usage(cli_env *env, const char *format, ...)
{
    hf_error e = {.status = HF_E_USAGE};
    va_list args;
    va_start(args, format);
    vsnprintf(e.message, sizeof e.message, format, args);
    va_end(args);
    return say_error(env, &e);
}

void cli_say(const cli_env *env, const char *format, ...)
{
    if (env->quiet)
        return;
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

int cli_done(cli_env *env)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    hf_error e = {.status = HF_E_IO};
    snprintf(e.message, sizeof e.message, "cannot write the output%s%s", errno ? ": " : "",
             errno ? strerror(errno) : "");
    return say_error(env, &e);
}

void cli_today(char out[16])
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    time_t now = epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
    struct tm tm;
    if (epoch ? !gmtime_r(&now, &tm) : !localtime_r(&now, &tm))
        memset(&tm, 0, sizeof tm);
    strftime(out, 16, "%Y-%m-%d", &tm);
}

hf_status cli_write_page(cli_env *env, const hf_findings *findings, const char *folder)
{
    typedef hf_status (*writer)(const hf_findings *, hf_ctx *, hf_outfile *);
    static const struct {
        const char *name;
        writer write;
    } files[] = {{"findings.json", hf_report_write_json}, {"report.html", hf_report_write_html}};
    hf_status s = HF_OK;
    mkdir(folder, 0700); /* there already, or the next lines say why not */
    for (size_t i = 0; s == HF_OK && i < sizeof files / sizeof files[0]; i++) {
        char path[4096];
        hf_outfile *file = NULL;
        snprintf(path, sizeof path, "%s/%s", folder, files[i].name);
        s = hf_outfile_new(&file, env->ctx, path);
        if (s == HF_OK)
            s = files[i].write(findings, env->ctx, file);
        if (s == HF_OK)
            s = hf_outfile_commit(file);
        hf_outfile_free(file);
    }
    return s;
}
