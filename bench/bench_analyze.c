/* SPDX-License-Identifier: MIT */
/* How fast an analysis without the text model is, by stage: MB of WhatsApp text a second of CPU
 * time on one thread, the best of several runs. The files go to the working folder and are removed.
 */
#include "chats.h"

#include <holdfast/holdfast.h>

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { MEGABYTES = 50, ROUNDS = 5, STAGES = 8 };

static const char path[] = "bench_analyze.txt", target[] = "bench_analyze.out";
static const char *const names[STAGES] = {"read",        "analyze",       "cycle",
                                          "report.html", "findings.json", "messages.csv",
                                          "turns.csv",   "signals.csv"};

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

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

static void check(hf_ctx *ctx, hf_status status)
{
    if (status == HF_OK)
        return;
    fprintf(stderr, "%s\n", hf_ctx_get_error(ctx)->message);
    exit(1);
}

static void run_once(double seconds[STAGES], size_t *turns)
{
    static hf_status (*const writers[])(const hf_analysis *, hf_ctx *, hf_outfile *) = {
        write_html, write_json, hf_report_write_messages, hf_report_write_turns, write_series};
    const char *paths[] = {path};
    hf_ctx *ctx;
    hf_record *record;
    hf_analysis *a;
    hf_outfile *file;
    hf_analyze_options options = HF_ANALYZE_OPTIONS_INIT;
    options.consent = HF_CONSENT_BOTH;
    options.text_model = "none";
    if (hf_ctx_new(&ctx, NULL) != HF_OK)
        exit(1);
    hf_ctx_set_threads(ctx, 1);
    double start = cpu_seconds(), now;
    check(ctx, hf_record_read(&record, ctx, paths, 1, NULL));
    seconds[0] = (now = cpu_seconds()) - start;
    check(ctx, hf_analyze(&a, ctx, record, &options));
    seconds[1] = cpu_seconds() - now;
    now = cpu_seconds();
    hf_cycle *cycle;
    check(ctx, hf_cycle_of_analysis(&cycle, ctx, a, NULL));
    check(ctx, hf_cycle_report(cycle, a));
    hf_cycle_free(cycle);
    seconds[2] = cpu_seconds() - now;
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        start = cpu_seconds();
        check(ctx, hf_outfile_new(&file, ctx, target));
        check(ctx, writers[i](a, ctx, file));
        check(ctx, hf_outfile_commit(file));
        hf_outfile_free(file);
        seconds[3 + i] = cpu_seconds() - start;
    }
    remove(target);
    *turns = hf_analysis_count_turns(a);
    hf_analysis_free(a);
    hf_record_free(record);
    hf_ctx_free(ctx);
}

int main(void)
{
    double best[STAGES], total = 0;
    size_t turns = 0;
    FILE *f = fopen(path, "wb");
    if (!f)
        return 1;
    chat_write_whatsapp(f, (uint64_t)MEGABYTES * 1000000);
    double megabytes = (double)ftell(f) / 1e6;
    fclose(f);
    for (int round = 0; round < ROUNDS; round++) {
        double seconds[STAGES];
        run_once(seconds, &turns);
        for (int i = 0; i < STAGES; i++)
            if (round == 0 || seconds[i] < best[i])
                best[i] = seconds[i];
    }
    remove(path);
    for (int i = 0; i < STAGES; i++) {
        printf("%-14s %7.3f s\n", names[i], best[i]);
        total += best[i];
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("%-14s %7.3f s for %.1f MB and %zu turns: %.0f MB/s of CPU time, one thread; peak %.0f "
           "MB\n",
           "all of it", total, megabytes, turns, megabytes / total, (double)usage.ru_maxrss / 1024);
    return 0;
}
