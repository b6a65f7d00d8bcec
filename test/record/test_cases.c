/* SPDX-License-Identifier: MIT */
/* Every small file of a format (fuzz/corpus/FORMAT/FILE) whose rows stand in
 * test/record/rows/FORMAT/FILE is found by its content and read into those rows. Adding a case is
 * adding the two files. With HF_WRITE_ROWS set the rows are written instead: read them before
 * they are committed. labels: golden
 * with: EXPAT SQLITE LIBZIP */
#include "record_test.h"

#include <dirent.h>
#include <sys/stat.h>

static char *rows_of(const char *format, const char *file)
{
    char path[1024];
    hf_i_file f;
    hf_record_summary s;
    snprintf(path, sizeof path, HF_SOURCE_DIR "/fuzz/corpus/%s/%s", format, file);
    const char *paths[] = {path};
    hf_record *r;
    struct stat info;
    /* As a file in memory too: the way the fuzz targets take. */
    if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
        assert_int_equal(hf_i_file_open(&f, test_ctx, path), HF_OK);
        hf_record_free(must_read_bytes(file, f.data, (size_t)f.size, NULL));
        hf_i_file_close(&f);
    }
    hf_status st = hf_record_read(&r, test_ctx, paths, 1, NULL);
    if (st != HF_OK)
        fail_msg("%s/%s: %s", format, file, hf_ctx_get_error(test_ctx)->message);
    hf_record_get_summary(r, &s);
    if (strcmp(s.format, format) != 0)
        fail_msg("%s/%s is taken for %s", format, file, s.format);
    char *rows = dump(r);
    hf_record_free(r);
    return rows;
}

static void write_rows(const char *path, const char *rows)
{
    FILE *to = fopen(path, "wb");
    assert_non_null(to);
    fputs(rows, to);
    assert_int_equal(fclose(to), 0);
}

static void check(const char *format, const char *file)
{
    char path[1024];
    hf_i_file want;
    char *got = rows_of(format, file);
    snprintf(path, sizeof path, HF_SOURCE_DIR "/test/record/rows/%s/%s", format, file);
    if (getenv("HF_WRITE_ROWS")) {
        write_rows(path, got);
        hf_i_free(test_ctx, got);
        return;
    }
    assert_int_equal(hf_i_file_open(&want, test_ctx, path), HF_OK);
    if (want.size != strlen(got) || memcmp(want.data, got, strlen(got)) != 0)
        fail_msg("%s/%s gives\n%sinstead of\n%.*s", format, file, got, (int)want.size,
                 (const char *)want.data);
    hf_i_file_close(&want);
    hf_i_free(test_ctx, got);
}

static int each(const char *folder, const char *format, int (*fn)(const char *, const char *))
{
    int n = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir));)
        if (e->d_name[0] != '.')
            n += fn(format, e->d_name);
    closedir(dir);
    return n;
}

static int one_file(const char *format, const char *file)
{
    check(format, file);
    return 1;
}

static int one_format(const char *unused, const char *format)
{
    char path[1024];
    (void)unused;
    snprintf(path, sizeof path, HF_SOURCE_DIR "/test/record/rows/%s", format);
    return each(path, format, one_file);
}

static void all_cases(void **state)
{
    (void)state;
    assert_true(each(HF_SOURCE_DIR "/test/record/rows", NULL, one_format) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_cases)};
    return cmocka_run_group_tests(tests, ctx_setup, ctx_teardown);
}
