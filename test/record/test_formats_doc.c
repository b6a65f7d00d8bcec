/* SPDX-License-Identifier: MIT */
/* doc/formats.md is what the table of formats says. HOLDFAST_UPDATE_DOC=1 writes it. labels: unit
 */
#include "record_test.h"

static void add_text(hf_i_buf *out, const char *text)
{
    for (const char *p = text; *p; p++)
        hf_i_buf_add(out, *p == '|' ? "\\|" : p, *p == '|' ? 2 : 1);
}

static void make_doc(hf_i_buf *out)
{
    hf_i_buf_init(out, test_ctx, 1 << 20, "the page");
    hf_i_buf_add_str(
        out,
        "# Sources that Holdfast reads\n\n"
        "Made from the table in `src/record/formats.c` (the test `record.formats_doc` says when it "
        "is out of date; with\n`HOLDFAST_UPDATE_DOC=1` it writes this page). `holdfast "
        "formats` prints the same. What a source cannot show is\npart of every "
        "record and of its report.\n\n"
        "| name | source | how to export | what it cannot show |\n|---|---|---|---|\n");
    for (size_t i = 0; i < hf_formats_count(); i++) {
        const hf_format *f = hf_formats_get(i);
        const char *cells[] = {f->id, f->title, f->how, f->cannot_show};
        for (size_t k = 0; k < 4; k++) {
            hf_i_buf_add_str(out, "| ");
            add_text(out, cells[k]);
            hf_i_buf_add_char(out, ' ');
        }
        hf_i_buf_add_str(out, "|\n");
    }
    hf_i_buf_add_str(
        out,
        "\nThe name serves `--format NAME`, where looking at the file does not decide. "
        "`holdfast convert FILE --to csv`\n(or `jsonl`, `sav`, `chatlab`) writes a record; the "
        "first three are read again as they were.\n");
}

static void up_to_date(void **state)
{
    (void)state;
    static const char path[] = HF_SOURCE_DIR "/doc/formats.md";
    hf_i_buf want;
    hf_i_file have;
    make_doc(&want);
    if (getenv("HOLDFAST_UPDATE_DOC")) {
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        assert_int_equal(fwrite(want.data, 1, want.len, f), want.len);
        assert_int_equal(fclose(f), 0);
    }
    assert_int_equal(hf_i_file_open(&have, test_ctx, path), HF_OK);
    if (have.size != want.len || memcmp(have.data, want.data, want.len) != 0)
        fail_msg("doc/formats.md is out of date: HOLDFAST_UPDATE_DOC=1 test_record_formats_doc");
    hf_i_file_close(&have);
    hf_i_buf_dispose(&want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(up_to_date)};
    return cmocka_run_group_tests(tests, ctx_setup, ctx_teardown);
}
