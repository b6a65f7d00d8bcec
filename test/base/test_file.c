/* SPDX-License-Identifier: MIT */
/* labels: unit */
#include "support/failing_alloc.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "file_test_XXXXXX";

static int make_dir(void **state)
{
    (void)state;
    return mkdtemp(dir) ? 0 : 1;
}

static int entries(void)
{
    int count = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));)
        count += e->d_name[0] != '.';
    closedir(d);
    return count;
}

static int remove_dir(void **state)
{
    (void)state;
    return rmdir(dir);
}

static const char *in_dir(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static void put(const char *path, const char *text, size_t size)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, size, f), size);
    assert_int_equal(fclose(f), 0);
}

static void assert_file(const char *path, const char *want)
{
    char text[256] = "";
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    assert_text(text, n, want);
}

static void reads_files(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_i_file f;
    const char *path = in_dir("a");
    put(path, "hello", 5);
    assert_ok(ctx, hf_i_file_open(&f, ctx, path));
    assert_true(f.mapped);
    assert_text((const char *)f.data, f.size, "hello");
    hf_i_file_close(&f);
    hf_i_file_close(&f);
    put(path, "", 0);
    assert_ok(ctx, hf_i_file_open(&f, ctx, path));
    assert_int_equal(f.size, 0);
    hf_i_file_close(&f);
    unlink(path);
    assert_int_equal(hf_i_file_open(&f, ctx, path), HF_E_IO);
    assert_string_equal(hf_ctx_get_error(ctx)->file, path);
    assert_int_equal(hf_i_file_open(&f, ctx, dir), HF_E_IO);
    /* What cannot be mapped is read. */
    assert_ok(ctx, hf_i_file_open(&f, ctx, "/proc/self/status"));
    assert_true(f.size > 0 && !f.mapped);
    hf_i_file_close(&f);
    hf_ctx_free(ctx);
}

static void whole_or_not_at_all(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_outfile *f;
    const char *path = in_dir("out");
    put(path, "old", 3);
    assert_ok(ctx, hf_outfile_new(&f, ctx, path));
    assert_ok(ctx, hf_outfile_write(f, "new", 3));
    assert_file(path, "old");
    hf_outfile_free(f); /* not committed */
    assert_file(path, "old");
    assert_int_equal(entries(), 1);
    assert_ok(ctx, hf_outfile_new(&f, ctx, path));
    assert_ok(ctx, hf_outfile_write(f, "new", 3));
    assert_ok(ctx, hf_outfile_printf(f, " %d", 5));
    assert_ok(ctx, hf_outfile_commit(f));
    hf_outfile_free(f);
    assert_file(path, "new 5");
    assert_int_equal(entries(), 1);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600); /* nobody else's business */
    unlink(path);
    hf_outfile_free(NULL);
    hf_ctx_free(ctx);
}

static void failures_leave_nothing(void **state)
{
    (void)state;
    hf_ctx *ctx = test_ctx();
    hf_outfile *f;
    assert_int_equal(hf_outfile_new(&f, ctx, in_dir("no/such")), HF_E_IO);
    assert_null(f);
    /* A folder cannot be replaced by a file: the temporary file goes away. */
    const char *path = in_dir("folder");
    assert_int_equal(mkdir(path, 0700), 0);
    assert_ok(ctx, hf_outfile_new(&f, ctx, path));
    assert_ok(ctx, hf_outfile_write(f, "x", 1));
    assert_int_equal(hf_outfile_commit(f), HF_E_IO);
    assert_string_equal(hf_ctx_get_error(ctx)->file, path);
    hf_outfile_free(f);
    assert_int_equal(entries(), 1);
    rmdir(path);
    hf_ctx_free(ctx);
}

static hf_status copy_file(hf_ctx *ctx, void *user)
{
    const char *const *paths = user;
    hf_i_file in;
    hf_outfile *out;
    HF_TRY(hf_i_file_open(&in, ctx, paths[0]));
    hf_status s = hf_outfile_new(&out, ctx, paths[1]);
    if (s == HF_OK) {
        s = hf_outfile_write(out, in.data, (size_t)in.size);
        if (s == HF_OK)
            s = hf_outfile_commit(out);
        hf_outfile_free(out);
    }
    hf_i_file_close(&in);
    return s;
}

static void each_allocation_fails(void **state)
{
    (void)state;
    char from[256], to[256];
    snprintf(from, sizeof from, "%s/from", dir);
    snprintf(to, sizeof to, "%s/to", dir);
    const char *paths[] = {from, to};
    put(from, "text", 4);
    assert_true(test_each_allocation_fails(copy_file, paths) >= 3);
    assert_file(to, "text");
    assert_int_equal(entries(), 2);
    unlink(from);
    unlink(to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_files), cmocka_unit_test(whole_or_not_at_all),
        cmocka_unit_test(failures_leave_nothing), cmocka_unit_test(each_allocation_fails)};
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
