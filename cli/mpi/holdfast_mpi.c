/* SPDX-License-Identifier: MIT */
/* holdfast-mpi: `holdfast power` over many machines by Open MPI. Only simulated studies travel,
 * never a record. Each rank does its share of the replicates and keeps a checkpoint of its own
 * (FILE.rankK); a run that was killed goes on from all of them, with any number of ranks, and
 * repeats nothing. The numbers are those of one process. */
#include <holdfast/holdfast.h>

#include <glob.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char *data;
    size_t size;
} bytes;

static int add(bytes *to, const char *data, size_t size)
{
    char *p = realloc(to->data, to->size + size + 1);
    if (!p)
        return 0;
    memcpy(p + to->size, data, size);
    to->data = p;
    to->size += size;
    p[to->size] = '\0';
    return 1;
}

static int slurp(const char *path, bytes *out)
{
    char buffer[65536];
    FILE *f = fopen(path, "rb");
    if (!f)
        return 1; /* nothing there yet */
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, f)) > 0;)
        if (!add(out, buffer, n)) {
            fclose(f);
            return 0;
        }
    return fclose(f) == 0;
}

static int spill(const char *path, const bytes *text)
{
    FILE *f = fopen(path, "wb");
    if (!f)
        return 0;
    int good = fwrite(text->data ? text->data : "", 1, text->size, f) == text->size;
    return fclose(f) == 0 && good;
}

/* Checkpoints merged: the design line once, each replicate once. */
typedef struct {
    bytes text;
    char *seen; /* by replicate */
    size_t most;
} merged;

static int merge(merged *into, const bytes *from)
{
    for (size_t at = 0; at < from->size;) {
        const char *line = from->data + at, *stop = memchr(line, '\n', from->size - at);
        if (!stop)
            break; /* cut short by a kill */
        size_t size = (size_t)(stop - line) + 1, replicate = strtoull(line, NULL, 10);
        int design = at == 0,
            known = design ? into->text.size > 0 : replicate < into->most && into->seen[replicate];
        if (!known && !add(&into->text, line, size))
            return 0;
        if (!design && replicate < into->most)
            into->seen[replicate] = 1;
        at += size;
    }
    return 1;
}

static int merge_files(const char *base, merged *out)
{
    char pattern[4096];
    glob_t found;
    bytes one = {0};
    int good = slurp(base, &one) && merge(out, &one);
    free(one.data);
    snprintf(pattern, sizeof pattern, "%s.rank*", base);
    if (glob(pattern, 0, NULL, &found) != 0)
        return good;
    for (size_t i = 0; good && i < found.gl_pathc; i++) {
        bytes file = {0};
        good = slurp(found.gl_pathv[i], &file) && merge(out, &file);
        free(file.data);
    }
    globfree(&found);
    return good;
}

static void remove_rank_files(const char *base)
{
    char pattern[4096];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s.rank*", base);
    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++)
        unlink(found.gl_pathv[i]);
    globfree(&found);
}

/* Rank 0 has what earlier runs finished; everybody begins from it. */
static int share(bytes *text, int rank)
{
    unsigned long long size = text->size;
    MPI_Bcast(&size, 1, MPI_UNSIGNED_LONG_LONG, 0, MPI_COMM_WORLD);
    if (size > 0x7fffffff)
        return 0;
    if (rank != 0) {
        text->data = malloc((size_t)size + 1);
        text->size = (size_t)size;
        if (!text->data)
            return 0;
    }
    if (size)
        MPI_Bcast(text->data, (int)size, MPI_CHAR, 0, MPI_COMM_WORLD);
    return 1;
}

/* Every rank's checkpoint to rank 0, which merges them in order of rank. */
static int gather(const bytes *mine, merged *all, int rank, int ranks)
{
    if (rank != 0) {
        int size = (int)mine->size;
        MPI_Send(&size, 1, MPI_INT, 0, 0, MPI_COMM_WORLD);
        MPI_Send(mine->data, size, MPI_CHAR, 0, 1, MPI_COMM_WORLD);
        return 1;
    }
    int good = merge(all, mine);
    for (int from = 1; from < ranks; from++) {
        int size = 0;
        MPI_Recv(&size, 1, MPI_INT, from, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        bytes other = {malloc((size_t)size + 1), (size_t)size};
        if (!other.data)
            return 0;
        MPI_Recv(other.data, size, MPI_CHAR, from, 1, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        good = good && merge(all, &other);
        free(other.data);
    }
    return good;
}

/* ---- the command ---------------------------------------------------------------------------- */

static const char *value_of(int argc, char **argv, const char *name)
{
    for (int i = 2; i + 1 < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return argv[i + 1];
    return NULL;
}

static void read_plan(int argc, char **argv, hf_power_options *o)
{
    const struct {
        const char *name;
        size_t *count;
        double *real;
    } plan[] = {{"--dyads", &o->dyads, NULL},
                {"--occasions", &o->occasions, NULL},
                {"--replicates", &o->replicates, NULL},
                {"--missing", NULL, &o->missing},
                {"--own", NULL, &o->own},
                {"--partner", NULL, &o->partner},
                {"--moderation", NULL, &o->moderation},
                {"--residual-sd", NULL, &o->residual_sd},
                {"--residual-r", NULL, &o->residual_r},
                {"--mean-sd", NULL, &o->mean_sd},
                {"--mean-r", NULL, &o->mean_r},
                {"--alpha", NULL, &o->alpha}};
    for (size_t i = 0; i < sizeof plan / sizeof plan[0]; i++) {
        const char *text = value_of(argc, argv, plan[i].name);
        if (text && plan[i].count)
            *plan[i].count = (size_t)strtoull(text, NULL, 10);
        else if (text)
            *plan[i].real = strtod(text, NULL);
    }
    const char *seed = value_of(argc, argv, "--seed");
    if (seed)
        o->seed = strtoull(seed, NULL, 10);
    o->moderated = value_of(argc, argv, "--moderation") != NULL;
}

static int print_result(const hf_power_options *o, const hf_power_result *r, hf_ctx *ctx, int ranks)
{
    hf_outfile *out = NULL;
    hf_status s = hf_outfile_new(&out, ctx, "-");
    if (s == HF_OK)
        s = hf_power_write_json(o, r, ctx, out, ranks);
    if (s == HF_OK)
        s = hf_outfile_commit(out);
    hf_outfile_free(out);
    return s == HF_OK;
}

static int fail(hf_ctx *ctx, int rank, const char *what)
{
    const hf_error *e = hf_ctx_get_error(ctx);
    fprintf(stderr, "holdfast-mpi: rank %d: %s %s\n%s\n", rank, what, e->message, e->advice);
    MPI_Abort(MPI_COMM_WORLD, 1);
    return 1;
}

static int run(int argc, char **argv, int rank, int ranks)
{
    hf_ctx *ctx = NULL;
    hf_ctx_options options = HF_CTX_OPTIONS_INIT;
    hf_power_options o = HF_POWER_OPTIONS_INIT;
    hf_power_result result;
    const char *base = value_of(argc, argv, "--checkpoint"),
               *preset = value_of(argc, argv, "--preset");
    const char *threads = value_of(argc, argv, "--threads");
    char path[4096], fallback[64];
    bytes mine = {0};
    merged before = {{0}, NULL, 0}, all = {{0}, NULL, 0};
    options.threads = threads ? (int)strtol(threads, NULL, 10) : 1;
    if (hf_ctx_new(&ctx, &options) != HF_OK)
        return 1;
    if (hf_power_preset(&o, ctx, preset ? preset : "ku-leuven-esm") != HF_OK)
        return fail(ctx, rank, "");
    read_plan(argc, argv, &o);
    before.most = all.most = o.replicates;
    before.seen = calloc(o.replicates + 1, 1);
    all.seen = calloc(o.replicates + 1, 1);
    if (!before.seen || !all.seen)
        return fail(ctx, rank, "out of memory");
    snprintf(fallback, sizeof fallback, "holdfast-power-%llu.tmp", (unsigned long long)o.seed);
    base = base ? base : fallback;
    snprintf(path, sizeof path, "%s.rank%d", base, rank);
    if ((rank == 0 && !merge_files(base, &before)) || !share(&before.text, rank) ||
        !spill(path, &before.text))
        return fail(ctx, rank, "cannot read or write the checkpoint");
    MPI_Barrier(MPI_COMM_WORLD);
    o.part = (size_t)rank;
    o.parts = (size_t)ranks;
    o.checkpoint = path;
    hf_status s = hf_power(&result, ctx, &o);
    if (s != HF_OK && s != HF_E_NOT_ENOUGH_DATA) /* a rank may have too few of its own */
        return fail(ctx, rank, "");
    if (!slurp(path, &mine) || !gather(&mine, &all, rank, ranks))
        return fail(ctx, rank, "cannot collect the results");
    if (rank == 0) {
        if (!spill(base, &all.text))
            return fail(ctx, rank, "cannot write the checkpoint");
        o.part = 0;
        o.parts = 1;
        o.checkpoint = base;
        if (hf_power(&result, ctx, &o) != HF_OK)
            return fail(ctx, rank, "");
        if (!print_result(&o, &result, ctx, ranks))
            return fail(ctx, rank, "cannot write the result");
        remove_rank_files(base);
        if (base == fallback)
            unlink(base);
    }
    free(before.text.data);
    free(before.seen);
    free(mine.data);
    free(all.text.data);
    free(all.seen);
    hf_ctx_free(ctx);
    return 0;
}

int main(int argc, char **argv)
{
    int rank = 0, ranks = 1, code = 2;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    if (argc >= 2 && strcmp(argv[1], "power") == 0)
        code = run(argc, argv, rank, ranks);
    else if (rank == 0)
        fputs("usage: mpirun -n N holdfast-mpi power [options of 'holdfast power'] [--checkpoint "
              "FILE]\n",
              stderr);
    MPI_Finalize();
    return code;
}
