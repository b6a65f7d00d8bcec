/* SPDX-License-Identifier: MIT */
/* labels: layering */
/* Reads every #include of the library, its public headers, the command and the server, and fails
 * on one that looks upward. The order of the rooms is that of doc/design.md. */
#include "support/tree.h"

#include <stdarg.h>

/* Top to bottom: a room includes itself and what stands before it. */
static const char *const rooms[] = {"base",   "text",     "num",        "series", "finding",
                                    "record", "signal",   "attachment", "model",  "infer",
                                    "cycle",  "simulate", "guidance",   "store",  "report"};
enum { ROOMS = sizeof rooms / sizeof rooms[0] };

/* Models and what is fitted to data see series and matrices, never a record. */
static const struct {
    const char *room, *never;
} forbidden[] = {
    {"model", "record"}, {"model", "signal"}, {"infer", "record"}, {"infer", "signal"}};

static int failures, includes, quiet;

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

/* The room whose name is the first len bytes of text, or -1. */
static int room_of(const char *text, size_t len)
{
    for (int i = 0; i < ROOMS; i++)
        if (strlen(rooms[i]) == len && memcmp(rooms[i], text, len) == 0)
            return i;
    return -1;
}

/* A public header is named after its room; the text model is a part of signal with its own, coded
 * sequences one of the cycle. */
static int room_of_header(const char *base)
{
    size_t len = strcspn(base, ".");
    if (len == 10 && memcmp(base, "text_model", len) == 0)
        return room_of("signal", 6);
    if (len == 8 && memcmp(base, "sequence", len) == 0)
        return room_of("cycle", 5);
    if (len == 7 && memcmp(base, "consent", len) == 0)
        return room_of("finding", 7);
    if (len == 6 && memcmp(base, "safety", len) == 0)
        return room_of("guidance", 8);
    return room_of(base, len);
}

static void check_rooms(const char *path, int line, int from, int to, const char *name)
{
    if (to > from)
        complain(path, line, "%s looks upward: %s stands below %s", name, rooms[to], rooms[from]);
    for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++)
        if (strcmp(rooms[from], forbidden[i].room) == 0 &&
            strcmp(rooms[to], forbidden[i].never) == 0)
            complain(path, line, "%s: %s never sees %s", name, rooms[from], rooms[to]);
}

/* <holdfast/NAME.h> as room NAME; the table of all headers belongs to users only. */
static void check_public(const char *path, int line, int from, const char *name)
{
    const char *base = name + strlen("holdfast/");
    int to = room_of_header(base);
    if (to < 0)
        complain(path, line, "%s belongs to no room", name);
    else
        check_rooms(path, line, from, to, name);
}

static void check_library(const char *path, int line, int from, char kind, const char *name)
{
    size_t folder = strcspn(name, "/");
    if (kind == '<') {
        if (strncmp(name, "holdfast/", 9) == 0)
            check_public(path, line, from, name);
        return;
    }
    if (strcmp(name, "hf_config.h") == 0)
        return;
    int to = name[folder] ? room_of(name, folder) : -1;
    if (to < 0)
        complain(path, line, "\"%s\" is not named as \"ROOM/file.h\"", name);
    else
        check_rooms(path, line, from, to, name);
}

/* The command and the server prove that the public headers suffice. */
static void check_user(const char *path, int line, char kind, const char *name)
{
    if (kind == '"' && strchr(name, '/'))
        complain(path, line, "\"%s\": only <holdfast/...> and files of the same folder", name);
}

static void check_include(const char *path, int line, char kind, const char *name)
{
    const char *slash = strchr(path, '/');
    if (!slash)
        return;
    includes++;
    if (strncmp(path, "src/", 4) == 0) {
        int from = room_of(slash + 1, strcspn(slash + 1, "/"));
        if (from < 0)
            complain(path, line, "src/ has no such room in doc/design.md");
        else
            check_library(path, line, from, kind, name);
    } else if (strncmp(path, "include/holdfast/", 17) == 0) {
        const char *base = path + 17;
        if (strcmp(base, "holdfast.h") == 0)
            return;
        int from = room_of_header(base);
        if (kind == '"')
            complain(path, line, "a public header includes <holdfast/...> only");
        else if (from < 0)
            complain(path, line, "this public header belongs to no room");
        else if (strncmp(name, "holdfast/", 9) == 0)
            check_public(path, line, from, name);
    } else {
        check_user(path, line, kind, name);
    }
}

static void check_file(void *user, const char *path, const char *text, size_t size)
{
    (void)user;
    (void)size;
    if (!tree_ends_with(path, ".c") && !tree_ends_with(path, ".h"))
        return;
    int line = 1;
    for (const char *p = text; p; p = strchr(p, '\n'), p = p ? p + 1 : NULL, line++) {
        char kind, name[256];
        const char *q = p + strspn(p, " \t");
        if (*q != '#')
            continue;
        q += 1 + strspn(q + 1, " \t");
        if (strncmp(q, "include", 7) == 0 && sscanf(q + 7, " %c%255[^\">]", &kind, name) == 2)
            check_include(path, line, kind, name);
    }
}

/* The check itself must notice what it is for. */
static int self_test(void)
{
    static const struct {
        const char *path, *text;
        int wrong;
    } rows[] = {
        {"src/base/a.c", "#include \"base/base.h\"\n#include <stdio.h>\n", 0},
        {"src/base/a.c", "#include \"num/random.h\"\n", 1},
        {"src/text/a.c", "\n # include  \"record/row.h\"", 1},
        {"src/record/a.c", "#include <holdfast/signal.h>\n", 1},
        {"src/record/formats/a.c", "#include \"text/csv.h\"\n#include <holdfast/series.h>\n", 0},
        {"src/finding/a.c", "#include \"record/row.h\"\n", 1},
        {"src/model/a.c", "#include \"record/row.h\"\n", 1},
        {"src/infer/a.c", "#include <holdfast/signal.h>\n", 1},
        {"src/signal/a.c", "#include \"row.h\"\n", 1},
        {"src/signal/a.c", "#include <holdfast/holdfast.h>\n", 1},
        {"src/attic/a.c", "#include <stdio.h>\n", 1},
        {"cli/a.c", "#include \"cli.h\"\n#include <holdfast/holdfast.h>\n", 0},
        {"cli/a.c", "#include \"base/base.h\"\n", 1},
        {"include/holdfast/series.h", "#include <holdfast/base.h>\n", 0},
        {"include/holdfast/series.h", "#include <holdfast/record.h>\n", 1},
        {"include/holdfast/series.h", "#include \"base.h\"\n", 1},
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
    quiet = failures = includes = 0;
    return wrong;
}

int main(void)
{
    static const char *const folders[] = {"src", "include", "cli", "serve"};
    if (self_test() != 0)
        return 1;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        tree_walk(HF_SOURCE_DIR, folders[i], check_file, NULL);
    printf("%d includes read, %d look upward\n", includes, failures);
    return failures || includes == 0;
}
