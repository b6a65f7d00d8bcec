/* SPDX-License-Identifier: MIT */
/* The sample sessions and mails of the reference folder: people, kinds, order, times as the files
 * say (written down from the files). labels: reference */
#include "record_test.h"

#include <dirent.h>

static const char *folder;

static hf_record *must_open(const char *name)
{
    char path[1024];
    const char *paths[1] = {path};
    hf_record *r = NULL;
    snprintf(path, sizeof path, "%s/records/%s", folder, name);
    if (hf_record_read(&r, test_ctx, paths, 1, NULL) != HF_OK)
        fail_msg("%s: %s", name, hf_ctx_get_error(test_ctx)->message);
    return r;
}

static void expect_file(const char *name, const char *rows)
{
    hf_record *r = must_open(name);
    char *got = dump(r);
    assert_string_equal(got, rows);
    hf_i_free(test_ctx, got);
    hf_record_free(r);
}

/* Smaller files, each read by eye. */
static void small_files(void **state)
{
    (void)state;
    static const struct {
        const char *name, *rows;
    } files[] = {
        {"langchain-community/libs/community/tests/unit_tests/chat_loaders/data/telegram_chat_html/"
         "messages.html",
         "2023-08-23T13:11:23|Jimmeny Marvelton|text|i refuse to converse with you\n"
         "2023-08-23T13:13:20|Batman & Robin|text|Hi nemesis\n"
         "2023-08-23T13:15:35|Jimmeny Marvelton|text|we meet again\n"
         "2023-08-23T13:15:53|Jimmeny Marvelton|text|you will not trick me this time\n"},
        {"webvtt-py/tests/subtitles/one_caption.vtt", "0.500|-|text|Caption text #1\n"},
        {"webvtt-py/tests/subtitles/two_captions.sbv",
         "0.378|-|text|Caption text #1\n"
         "11.378|-|text|Caption text #2 (line 1)\nCaption text #2 (line 2)\n"},
        {"webvtt-py/tests/subtitles/metadata_headers.vtt",
         "0.500|-|text|Caption text #1\n7|-|text|Caption text #2\n"},
        {"webvtt-py/tests/subtitles/invalid_timeframe_in_cue_text.vtt",
         "0.500|-|text|Caption text #1\n7|-|text|Caption text #2\n"
         "11.890|-|text|Caption text #3\n"},
    };
    for (size_t i = 0; i < HF_COUNT_OF(files); i++)
        expect_file(files[i].name, files[i].rows);
}

static void whole_files(void **state)
{
    (void)state;
    expect_file("made/teams.vtt", "0|Diane Okafor|text|Good evening everyone.\n"
                                  "3|Diane Okafor|text|Uh, we have a quorum.\n"
                                  "5|Marcus Bell|text|Thanks & welcome.\n");
    expect_file("made/zoom.vtt", "1|Diane Okafor|text|Um, okay, it's 7:02. Let's start.\n"
                                 "4.500|Diane Okafor|text|Is there a motion?\n"
                                 "6.200|Marcus Bell|text|So moved.\n"
                                 "7.100|Raymond Castillo|text|Second.\n"
                                 "7.150|Grace Lindqvist|text|Second.\n"
                                 "8|Helen's iPhone|text|Uh-huh, I agree. Note: it's 7:03.\n");
    expect_file("made/dialogue_dashes.srt", "1|Diane Okafor|text|Hello.\n1|Marcus Bell|text|Hi.\n"
                                            "3.500|-|text|No speaker here.\n");
    expect_file("made/otter.txt",
                "-|-|note|Board meeting transcript\n-|-|note|September 16, 2026\n"
                "3|Diane Okafor|text|Um, okay, let's get started.\n"
                "15|Speaker 2|text|I move we approve the minutes.\nAnd the agenda.\n"
                "3723|Diane Okafor|text|Thanks.\n");
    expect_file(
        "made/mail.mbox",
        "2024-01-15T20:07:00Z|Ana|text|Hi Ben,\n\nFrom my side all fine. caf\xC3\xA9?\n\nAna\n"
        "2024-01-15T20:10:00Z|Ben|text|Yes!|to 0\n");
    expect_file(
        "webvtt-py/tests/subtitles/using_identifiers.vtt",
        "0.500|-|text|Caption text #1\n7|-|text|Caption text #2\n11.890|-|text|Caption text #3\n"
        "16.320|-|text|Caption text #4\n21.580|-|text|Caption text #5\n"
        "23.880|-|text|Caption text #6\n");
    expect_file(
        "webvtt-py/tests/subtitles/missing_timeframe.srt",
        "0.500|-|text|Caption text #1\n-|-|note|2\nCaption text #2\n11.890|-|text|Caption text #3\n"
        "16.320|-|text|Caption text #4\n21.580|-|text|Caption text #5\n");
    expect_file("webvtt-py/tests/subtitles/sample.sbv",
                "0.378|-|text|Caption text #1\n11.378|-|text|Caption text #2\n"
                "13.489|-|text|Caption text #3 (line 1)\nCaption text #3 (line 2)\n"
                "15.489|-|text|Caption text #4\n17.484|-|text|Caption text #5\n");
}

static void counts(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint64_t messages, warnings;
        size_t people;
    } cases[] = {
        {"webvtt-py/tests/subtitles/captions_with_bom.vtt", 4, 0, 0},
        {"webvtt-py/tests/subtitles/comments.vtt", 5, 0, 0},
        {"webvtt-py/tests/subtitles/cue_tags.vtt", 3, 0, 0},
        {"webvtt-py/tests/subtitles/invalid_timeframe.vtt", 7, 1, 0},
        {"webvtt-py/tests/subtitles/missing_timeframe.vtt", 7, 1, 0},
        {"webvtt-py/tests/subtitles/metadata_headers_multiline.vtt", 2, 0, 0},
        {"webvtt-py/tests/subtitles/styles.vtt", 1, 0, 0},
        {"webvtt-py/tests/subtitles/one_caption.srt", 1, 0, 0},
        {"textgrid/tests/data/long_format.TextGrid", 152, 0, 4},
        {"talkbank/pauses-and-events.cha", 6, 0, 2},
        {"talkbank/terminators-standard.cha", 4, 0, 2},
    };
    for (size_t i = 0; i < HF_COUNT_OF(cases); i++) {
        hf_record *r = must_open(cases[i].name);
        hf_record_summary s;
        hf_record_get_summary(r, &s);
        if (s.messages != cases[i].messages || s.warnings != cases[i].warnings ||
            s.people != cases[i].people)
            fail_msg("%s: %d messages, %d warnings, %d people", cases[i].name, (int)s.messages,
                     (int)s.warnings, (int)s.people);
        hf_record_free(r);
    }
}

/* TalkBank's files with one error each, and the line of it. Two more are sound for a reader: a
 * child that is not there (CHECK_068), a pause between utterances (CHECK_085). */
static const struct {
    const char *name;
    uint64_t line;
} errors[] = {
    {"CHECK_002_missing_main_tier_colon.cha", 5},
    {"CHECK_004_space_after_tier.cha", 6},
    {"CHECK_006_begin_malformed.cha", 2},
    {"CHECK_008_bad_line_start.cha", 6},
    {"CHECK_010_tier_text_too_long.cha", 6},
    {"CHECK_012_missing_speaker_in_id.cha", 6},
    {"CHECK_013_duplicate_speaker.cha", 4},
    {"CHECK_015_illegal_role.cha", 5},
    {"CHECK_017_undeclared_dep_tier.cha", 7},
    {"CHECK_019_code_glued_to_word.cha", 6},
    {"CHECK_021_missing_terminator.cha", 6},
    {"CHECK_023_unmatched_close_bracket.cha", 6},
    {"CHECK_025_unmatched_gt.cha", 6},
    {"CHECK_027_unmatched_close_brace.cha", 6},
    {"CHECK_032_undeclared_dollar_code.cha", 7},
    {"CHECK_035_time_duration_out_of_range.cha", 6},
    {"CHECK_037_undeclared_prefix.cha", 6},
    {"CHECK_042_amp_and_parens.cha", 6},
    {"CHECK_044_content_after_end.cha", 8},
    {"CHECK_046_eg_without_bg.cha", 6},
    {"CHECK_048_illegal_char_pipe.cha", 6},
    {"CHECK_051_angle_without_square.cha", 6},
    {"CHECK_053_duplicate_begin.cha", 3},
    {"CHECK_055_unmatched_open_paren_word.cha", 6},
    {"CHECK_057_pause_glued_to_word.cha", 6},
    {"CHECK_060_missing_id.cha", 4},
    {"CHECK_062_missing_language_in_id.cha", 5},
    {"CHECK_064_bad_gender.cha", 5},
    {"CHECK_066_amp_inside_word.cha", 6},
    {"CHECK_070_annotation_only_utterance.cha", 6},
    {"CHECK_071_retrace_after_pause.cha", 6},
    {"CHECK_073_bracket_first.cha", 6},
    {"CHECK_076_multi_letter_at_l.cha", 6},
    {"CHECK_078_pluscomma_mid.cha", 6},
    {"CHECK_080_mor_no_pipe.cha", 7},
    {"CHECK_083_beg_backwards.cha", 10},
    {"CHECK_087_malformed_compound.cha", 7},
    {"CHECK_090_leading_zero_time.cha", 7},
    {"CHECK_092_comma_no_space.cha", 6},
    {"CHECK_094_mor_delim_mismatch.cha", 7},
    {"CHECK_097_at_in_parens.cha", 6},
    {"CHECK_099_extension_in_name.cha", 6},
    {"CHECK_101_ca_marker_no_stem.cha", 6},
    {"CHECK_103_ca_and_ipa.cha", 5},
    {"CHECK_107_triple_comma.cha", 6},
    {"CHECK_109_postcode_on_deptier.cha", 7},
    {"CHECK_111_illegal_pause.cha", 6},
    {"CHECK_113_media_bad_keyword.cha", 6},
    {"CHECK_115_old_bullet_format.cha", 7},
    {"CHECK_117_unmatched_faster.cha", 6},
    {"CHECK_120_two_letter_lang.cha", 3},
    {"CHECK_121_unknown_lang.cha", 3},
    {"CHECK_123_tab_space.cha", 6},
    {"CHECK_125_options_after_id.cha", 6},
    {"CHECK_127_constant_header_out_of_order.cha", 7},
    {"CHECK_129_unmatched_group_end.cha", 6},
    {"CHECK_131_unmatched_sign_group_end.cha", 6},
    {"CHECK_133_overlap_same_speaker.cha", 8},
    {"CHECK_135_bare_xx.cha", 6},
    {"CHECK_137_unmatched_close_quote.cha", 6},
    {"CHECK_139_curly_u2018.cha", 6},
    {"CHECK_141_replacement_after_group.cha", 6},
    {"CHECK_143_id_field_count.cha", 5},
    {"CHECK_146_bare_amp_eq.cha", 6},
    {"CHECK_148_media_space_before_comma.cha", 6},
    {"CHECK_150_paren_before_code.cha", 6},
    {"CHECK_152_undeclared_precode_lang.cha", 6},
    {"CHECK_155_paren_word.cha", 6},
    {"CHECK_157_media_name_mismatch.cha", 6},
    {"CHECK_159_pause_before_retrace.cha", 6},
    {"CHECK_161_no_space_before_replacement.cha", 6},
};

static void one_error(void **state)
{
    (void)state;
    for (size_t i = 0; i < HF_COUNT_OF(errors); i++) {
        char name[256];
        snprintf(name, sizeof name, "talkbank/%s", errors[i].name);
        hf_record *r = must_open(name);
        bool found = false;
        for (size_t k = 0; k < hf_record_count_warnings(r); k++)
            found |= hf_record_get_warning(r, k)->src.line == errors[i].line;
        if (!found)
            fail_msg("%s: no warning at line %d", errors[i].name, (int)errors[i].line);
        hf_record_free(r);
    }
}

/* The others are valid: no warnings. */
static void valid_files(void **state)
{
    (void)state;
    char path[1024];
    size_t files = 0;
    snprintf(path, sizeof path, "%s/records/talkbank", folder);
    DIR *d = opendir(path);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));) {
        size_t n = strlen(e->d_name);
        char name[512];
        if (n < 5 || strcmp(e->d_name + n - 4, ".cha") != 0 || strncmp(e->d_name, "CHECK", 5) == 0)
            continue;
        snprintf(name, sizeof name, "talkbank/%s", e->d_name);
        hf_record *r = must_open(name);
        if (hf_record_count_warnings(r))
            fail_msg("%s: %s", name, hf_record_get_warning(r, 0)->what);
        hf_record_free(r);
        files++;
    }
    closedir(d);
    assert_true(files > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(small_files), cmocka_unit_test(whole_files),
                                       cmocka_unit_test(counts), cmocka_unit_test(one_error),
                                       cmocka_unit_test(valid_files)};
    folder = getenv("HOLDFAST_REFERENCE");
    if (!folder) {
        puts("skipped: HOLDFAST_REFERENCE is not set");
        return 77;
    }
    return cmocka_run_group_tests(tests, ctx_setup, ctx_teardown);
}
