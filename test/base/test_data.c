/* SPDX-License-Identifier: MIT */
/* labels: unit */
/* What is built in is what lies in data/, byte by byte, and nothing is missing. */
#include "support/test.h"

#include <stdio.h>

static void each_file_is_its_file(void **state)
{
    (void)state;
    const char *name;
    size_t count = 0;
    for (; (name = hf_i_data_name("", count)); count++) {
        char path[4096];
        size_t size = 0;
        const char *bytes = hf_i_data_get(name, &size);
        assert_non_null(bytes);
        assert_int_equal(bytes[size], 0);
        snprintf(path, sizeof path, "%s/data/%s", HF_SOURCE_DIR, name);
        FILE *f = fopen(path, "rb");
        if (!f)
            continue; /* made at build: the page's bundle */
        char *want = malloc(size + 1);
        assert_non_null(want);
        assert_int_equal(fread(want, 1, size + 1, f), size);
        assert_memory_equal(bytes, want, size);
        free(want);
        fclose(f);
    }
    print_message("%zu files are built in\n", count);
}

static void names_by_prefix(void **state)
{
    (void)state;
    size_t size;
    assert_null(hf_i_data_get("no/such/file", &size));
    assert_null(hf_i_data_get("", &size));
    assert_null(hf_i_data_name("no/such/", 0));
    const char *first = hf_i_data_name("", 0);
    if (first)
        assert_string_equal(hf_i_data_name(first, 0), first);
}

RUN_TESTS(cmocka_unit_test(each_file_is_its_file), cmocka_unit_test(names_by_prefix))
