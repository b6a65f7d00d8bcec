/* SPDX-License-Identifier: MIT */
/* How fast records are read, and in how much memory.
 *   bench_read                          all sources
 *   bench_read FORMAT...                those named
 *   bench_read --write FORMAT MB FILE   only writes an invented chat
 * MB/s of CPU time, the best of several readings; memory is the peak of a fresh process. */
#include "sources.h"

#include <holdfast/holdfast.h>

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct {
    const char *format, *file;
    uint64_t megabytes;
    uint64_t (*write)(FILE *to, uint64_t bytes);
    const chat_template *rows; /* where write is NULL */
} source;

static const source sources[] = {
    {"whatsapp", "bench_whatsapp.txt", 50, chat_write_whatsapp, NULL},
    {"telegram", "bench_telegram.json", 100, chat_write_telegram, NULL},
};

enum { ROUNDS = 7, TEMPLATE_MEGABYTES = 40 };

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool drop(void *user, const char *bytes, size_t size)
{
    (void)bytes;
    *(size_t *)user += size;
    return true;
}

/* What `holdfast read --summary --json` does. */
static double read_once(const char *path, uint64_t *messages)
{
    hf_ctx *ctx;
    hf_record *record;
    size_t written = 0;
    double start = cpu_seconds();
    if (hf_ctx_new(&ctx, NULL) != HF_OK)
        return -1;
    hf_status s = hf_record_read(&record, ctx, &path, 1, NULL);
    if (s == HF_OK) {
        *messages = hf_record_count_messages(record) + hf_record_count_ratings(record);
        s = hf_record_write_summary_json(record, ctx, drop, &written);
        hf_record_free(record);
    }
    if (s != HF_OK)
        fprintf(stderr, "%s: %s\n", path, hf_ctx_get_error(ctx)->message);
    hf_ctx_free(ctx);
    return s == HF_OK ? cpu_seconds() - start : -1;
}

/* The peak of a child that reads once. */
static double peak_megabytes(const char *path)
{
    pid_t child = fork();
    if (child == 0) {
        uint64_t n;
        _exit(read_once(path, &n) < 0);
    }
    int status;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0)
        return -1;
    return (double)usage.ru_maxrss * 1024 / 1e6;
}

static int write_file(const source *s, uint64_t bytes, const char *path)
{
    FILE *to = fopen(path, "wb");
    if (!to)
        return 1;
    if (s->write)
        s->write(to, bytes);
    else
        chat_write_template(to, s->rows, bytes);
    return fclose(to) != 0;
}

static int measure(const source *s)
{
    struct stat info;
    uint64_t messages = 0;
    double best = -1, memory;
    if (write_file(s, s->megabytes * 1000000, s->file) != 0 || stat(s->file, &info) != 0)
        return 1;
    memory = peak_megabytes(s->file);
    for (int i = 0; i < ROUNDS; i++) {
        double t = read_once(s->file, &messages);
        if (t >= 0 && (best < 0 || t < best))
            best = t;
    }
    unlink(s->file);
    if (best < 0)
        return 1;
    double size = (double)info.st_size / 1e6;
    printf("%-14s %6.0f MB %9llu rows %7.0f MB/s  peak %5.0f MB (%.2f times the file)\n", s->format,
           size, (unsigned long long)messages, size / best, memory, memory / size);
    return 0;
}

static int run(const source *s, int argc, char **argv)
{
    bool wanted = argc == 1;
    for (int i = 1; i < argc; i++)
        wanted |= strcmp(argv[i], s->format) == 0;
    return wanted ? measure(s) : 0;
}

int main(int argc, char **argv)
{
    enum { CHATS = sizeof sources / sizeof sources[0] };
    enum { TEMPLATES = sizeof templates / sizeof templates[0] };
    bool write = argc == 5 && strcmp(argv[1], "--write") == 0;
    int failed = 0;
    for (size_t i = 0; i < CHATS + TEMPLATES; i++) {
        const chat_template *t = i < CHATS ? NULL : &templates[i - CHATS];
        source s = t ? (source){t->format, t->file, TEMPLATE_MEGABYTES, NULL, t} : sources[i];
        if (write && strcmp(argv[2], s.format) == 0)
            return write_file(&s, strtoull(argv[3], NULL, 10) * 1000000, argv[4]);
        if (!write)
            failed |= run(&s, argc, argv);
    }
    return failed || write;
}
