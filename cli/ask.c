/* SPDX-License-Identifier: MIT */
#include "ask.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STOPPED = 130 };

static void print_text(const ask_set *set, const char *text)
{
    for (const char *p = text; *p;) {
        if (strncmp(p, "{partner}", 9) == 0) {
            fputs(set->partner ? set->partner : "your partner", stdout);
            p += 9;
        } else {
            putchar(*p++);
        }
    }
}

static void print_question(const ask_set *set, size_t k)
{
    const ask_question *q = &set->questions[k];
    printf("\n%zu of %zu  ", k + 1, set->count);
    print_text(set, q->text);
    printf("\n  %d = %s, %d = %s%s%s\n> ", set->min, q->low, set->max, q->high,
           q->skip[0] ? "; Enter: " : "", q->skip);
    fflush(stdout);
}

static bool read_number(const char *text, const ask_set *set, double *value)
{
    char *end;
    errno = 0;
    long x = strtol(text, &end, 10);
    while (isspace((unsigned char)*end))
        end++;
    if (end == text || *end || errno || x < set->min || x > set->max)
        return false;
    *value = (double)x;
    return true;
}

int ask_all(cli_env *env, const ask_set *set, double *values)
{
    char line[256];
    for (size_t k = 0; k < set->count;) {
        print_question(set, k);
        if (!fgets(line, sizeof line, stdin)) {
            cli_say(env, "\nstopped, nothing was kept");
            return STOPPED;
        }
        char *p = line;
        while (isspace((unsigned char)*p))
            p++;
        size_t n = strlen(p);
        while (n && isspace((unsigned char)p[n - 1]))
            p[--n] = '\0';
        if (strcmp(p, "q") == 0) {
            cli_say(env, "stopped, nothing was kept");
            return STOPPED;
        }
        if (strcmp(p, "b") == 0) {
            k -= k > 0;
            continue;
        }
        values[k] = NAN;
        if (n == 0 || read_number(p, set, &values[k]))
            k++;
        else
            printf("  a whole number from %d to %d, Enter to skip, b to go back, q to stop\n",
                   set->min, set->max);
    }
    putchar('\n');
    return 0;
}

static int answer_line(cli_env *env, const ask_set *set, const char *path, unsigned number,
                       char *line, double *values)
{
    char *p = line;
    p[strcspn(p, "#\r\n")] = '\0';
    while (isspace((unsigned char)*p))
        p++;
    if (!*p)
        return 0;
    size_t len = strcspn(p, " \t,=");
    char *value = p + len;
    while (*value && strchr(" \t,=", *value))
        value++;
    for (size_t k = 0; k < set->count; k++) {
        if (strlen(set->questions[k].id) != len || memcmp(set->questions[k].id, p, len) != 0)
            continue;
        if (!isnan(values[k]))
            return cli_usage(env, "%s: line %u: '%.*s' is answered twice", path, number, (int)len,
                             p);
        if (!read_number(value, set, &values[k]))
            return cli_usage(env, "%s: line %u: '%s' is no whole number from %d to %d", path,
                             number, value, set->min, set->max);
        return 0;
    }
    return cli_usage(env, "%s: line %u: there is no question '%.*s' (the first one is '%s')", path,
                     number, (int)len, p, set->questions[0].id);
}

int ask_file(cli_env *env, const ask_set *set, const char *path, double *values)
{
    char line[512];
    FILE *f = fopen(path, "r");
    if (!f)
        return cli_usage(env, "%s: %s", path, strerror(errno));
    for (size_t k = 0; k < set->count; k++)
        values[k] = NAN;
    int code = 0;
    for (unsigned n = 1; !code && fgets(line, sizeof line, f); n++)
        code = answer_line(env, set, path, n, line, values);
    if (!code && ferror(f))
        code = cli_usage(env, "%s: cannot read it", path);
    fclose(f);
    return code;
}
