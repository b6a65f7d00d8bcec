/* SPDX-License-Identifier: MIT */
/* labels: layering */
/* What can be checked of doc/style.md without reading for sense: licence line, banned calls,
 * numbers that would depend on the locale, length of files and functions, and that nothing of the
 * machine on which it was written is left in the project. */
#include "support/tree.h"

#include <ctype.h>
#include <stdarg.h>

enum { FILE_LINES = 1000, FUNCTION_LINES = 70 };

static int failures, files, quiet;

static void complain(const char *path, int line, const char *format, ...)
{
    va_list args;
    failures++;
    if (quiet)
        return;
    fprintf(stderr, "%s:%d: ", path, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

static bool in(const char *path, const char *folder)
{
    return strncmp(path, folder, strlen(folder)) == 0;
}

static bool is_c(const char *path)
{
    return tree_ends_with(path, ".c") || tree_ends_with(path, ".h");
}

static bool is_source(const char *path)
{
    static const char *const ends[] = {
        ".c", ".h", ".cmake", "CMakeLists.txt", ".sh", ".ts", ".mjs", ".css", ".py", ".R"};
    if (in(path, "script/"))
        return !tree_ends_with(path, ".md");
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (tree_ends_with(path, ends[i]))
            return true;
    return false;
}

/* ---- licence, length, machine ------------------------------------------------------------- */

static void check_licence(const char *path, const char *text)
{
    const char *found = strstr(text, "SPDX-License-Identifier: MIT");
    int line = 1;
    for (const char *p = text; found && p < found; p++)
        line += *p == '\n';
    if (!found || line > 3)
        complain(path, 1, "no 'SPDX-License-Identifier: MIT' in its first lines");
}

static void check_length(const char *path, const char *text)
{
    int lines = 0;
    for (const char *p = text; *p; p++)
        lines += *p == '\n';
    if (lines > FILE_LINES)
        complain(path, lines, "%d lines: more than %d", lines, FILE_LINES);
}

/* A function starts and ends with a brace in the first column. */
static void check_functions(const char *path, const char *text)
{
    int line = 1, start = 0;
    for (const char *p = text; *p; line++) {
        size_t n = strcspn(p, "\n");
        if (*p == '{')
            start = line;
        else if (*p == '}' && start) {
            if (line - start + 1 > FUNCTION_LINES)
                complain(path, start, "a function of %d lines: more than %d", line - start + 1,
                         FUNCTION_LINES);
            start = 0;
        }
        p += n + (p[n] == '\n');
    }
}

/* Split, so that this file does not find itself. */
static const char *const machine[] = {"/wor"
                                      "k/",
                                      "/tm"
                                      "p/",
                                      "/hom"
                                      "e/",
                                      "/roo"
                                      "t/",
                                      "registry"
                                      ".npm",
                                      "artifact"
                                      "ory",
                                      "\"resolved\": \"ht"
                                      "tp",
                                      "files.pythonhos"
                                      "ted",
                                      "deb.deb"
                                      "ian.org"};

static void check_machine(const char *path, const char *text)
{
    for (size_t i = 0; i < sizeof machine / sizeof machine[0]; i++) {
        const char *found = strstr(text, machine[i]);
        int line = 1;
        for (const char *p = text; found && p < found; p++)
            line += *p == '\n';
        if (found)
            complain(path, line, "'%s' belongs to a machine, not to the project", machine[i]);
    }
}

/* ---- calls -------------------------------------------------------------------------------- */

static const char *const banned_everywhere[] = {
    "sprintf", "strcpy", "strcat", "gets",      "strtok", "atoi",  "atol",   "atof",
    "alloca",  "rand",   "srand",  "setlocale", "system", "popen", "tmpnam", "mktemp"};
static const char *const banned_in_library[] = {
    "printf",  "puts",     "putchar",  "vprintf", "perror",    "exit",   "_exit",
    "abort",   "strtod",   "strtof",   "strtold", "localtime", "gmtime", "ctime",
    "asctime", "strerror", "getenv_r", "socket",  "connect"};
/* Messages for people may carry the locale's decimal mark. */
static const char *const talks[] = {"hf_i_fail", "hf_i_fail_at", "hf_i_log", "hf_i_csv_fail"};

static bool among(const char *const *names, size_t count, const char *name, size_t len)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
            return true;
    return false;
}

#define AMONG(names, name, len) among(names, sizeof names / sizeof names[0], name, len)

/* Does a format string print a floating-point number? */
static bool prints_real(const char *text, size_t len)
{
    for (size_t i = 0; i + 1 < len; i++) {
        if (text[i] != '%')
            continue;
        i++;
        while (i < len && strchr("-+ #0123456789.*l", text[i]) && text[i])
            i++;
        if (i < len && text[i] && strchr("aAeEfFgG", text[i]))
            return true;
    }
    return false;
}

typedef struct {
    const char *path;
    int line;
    /* Names of the calls that are open, the innermost last. */
    struct {
        const char *name;
        size_t len;
    } calls[256];
    size_t depth;
} scan;

/* Skips a comment or a literal at p, checking strings; returns the first byte behind it, or p. */
static const char *skip(scan *s, const char *p)
{
    const char *end = p;
    if (p[0] == '/' && p[1] == '/')
        return p + strcspn(p, "\n");
    if (p[0] == '/' && p[1] == '*') {
        end = strstr(p + 2, "*/");
        end = end ? end + 2 : p + strlen(p);
    } else if (*p == '"' || *p == '\'') {
        for (end = p + 1; *end && *end != *p; end++)
            end += *end == '\\' && end[1];
        if (*p == '"' && s->depth && in(s->path, "src/") &&
            prints_real(p + 1, (size_t)(end - p - 1))) {
            const char *name = s->calls[s->depth - 1].name;
            size_t len = s->calls[s->depth - 1].len;
            if (!AMONG(talks, name, len) && strcmp(s->path, "src/text/number.c") != 0)
                complain(s->path, s->line,
                         "'%.*s' prints a number by the locale; use text/number.h", (int)len, name);
        }
        end += *end != '\0';
    }
    for (; p < end; p++)
        s->line += *p == '\n';
    return end;
}

static void check_call(const scan *s, const char *name, size_t len)
{
    bool library = in(s->path, "src/") || in(s->path, "include/");
    if (AMONG(banned_everywhere, name, len) || (library && AMONG(banned_in_library, name, len)))
        complain(s->path, s->line, "%.*s is banned here", (int)len, name);
}

static void check_calls(const char *path, const char *text)
{
    scan s = {.path = path, .line = 1};
    const char *name = NULL, *name_end = NULL;
    for (const char *p = text; *p;) {
        const char *after = skip(&s, p);
        if (after != p) {
            p = after;
        } else if (isalpha((unsigned char)*p) || *p == '_') {
            name = p;
            while (isalnum((unsigned char)*p) || *p == '_')
                p++;
            name_end = p;
        } else {
            if (*p == '(') {
                size_t len = name ? (size_t)(name_end - name) : 0;
                if (len)
                    check_call(&s, name, len);
                if (s.depth < 256) {
                    s.calls[s.depth].name = name ? name : "";
                    s.calls[s.depth++].len = len;
                }
            } else if (*p == ')' && s.depth) {
                s.depth--;
            } else if (*p == '}') {
                s.depth = 0;
            }
            s.line += *p == '\n';
            if (!isspace((unsigned char)*p))
                name = NULL;
            p++;
        }
    }
}

/* ---- all ---------------------------------------------------------------------------------- */

static void check_file(void *user, const char *path, const char *text, size_t size)
{
    (void)user;
    if (memchr(text, '\0', size))
        return;
    files++;
    if (!tree_ends_with(path, "test/source/test_rules.c"))
        check_machine(path, text);
    if (!is_source(path))
        return;
    check_licence(path, text);
    check_length(path, text);
    if (is_c(path)) {
        check_functions(path, text);
        if (in(path, "src/") || in(path, "include/") || in(path, "cli/") || in(path, "serve/"))
            check_calls(path, text);
    }
}

#define LICENCE "/* SPDX-License-Identifier: MIT */\n"

static int self_test(void)
{
    static const struct {
        const char *path, *text;
        int wrong;
    } rows[] = {
        {"src/a.c", LICENCE "int a;\n", 0},
        {"src/a.c", "int a;\n", 1},
        {"script/x", "#!/bin/sh\n# SPDX-License-Identifier: MIT\n", 0},
        {"script/x", "#!/bin/sh\n", 1},
        {"README.md", "no licence needed\n", 0},
        {"src/a.c", LICENCE "void f(void)\n{\n    sprintf(a, b);\n}\n", 1},
        {"src/a.c", LICENCE "/* sprintf(x) */ // exit(1)\nconst char *s = \"atoi(1)\";\n", 0},
        {"src/a.c", LICENCE "void f(void)\n{\n    my_exit (1); exit (1);\n}\n", 1},
        {"cli/a.c", LICENCE "void f(void)\n{\n    printf(\"%g\", exit(1));\n}\n", 0},
        {"cli/a.c", LICENCE "void f(void)\n{\n    x = atoi(y);\n}\n", 1},
        {"src/a.c", LICENCE "void f(void)\n{\n    hf_i_fail(c, s, NULL, \"%.2f\", x);\n}\n", 0},
        {"src/a.c", LICENCE "void f(void)\n{\n    hf_i_buf_printf(b, \"%.2f\", x);\n}\n", 1},
        {"src/a.c", LICENCE "void f(void)\n{\n    hf_i_buf_printf(b, \"%d%% of %s\", x);\n}\n", 0},
        {"test/a.txt",
         "see /tm"
         "p/x\n",
         1},
    };
    int wrong = 0;
    quiet = 1;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        failures = 0;
        check_file(NULL, rows[i].path, rows[i].text, strlen(rows[i].text));
        if (failures != rows[i].wrong) {
            fprintf(stderr, "self test %zu: %d complaints, wanted %d\n", i, failures,
                    rows[i].wrong);
            wrong++;
        }
    }
    char text[4096] = LICENCE "int f(void)\n{\n";
    for (int i = 0; i < FUNCTION_LINES - 1; i++)
        strncat(text, "    x();\n", sizeof text - strlen(text) - 1);
    strncat(text, "}\n", sizeof text - strlen(text) - 1);
    failures = 0;
    check_file(NULL, "src/long.c", text, strlen(text));
    wrong += failures != 1;
    quiet = failures = files = 0;
    return wrong;
}

int main(void)
{
    if (self_test() != 0)
        return 1;
    tree_walk(HF_SOURCE_DIR, "", check_file, NULL);
    printf("%d files read, %d complaints\n", files, failures);
    return failures || files == 0;
}
