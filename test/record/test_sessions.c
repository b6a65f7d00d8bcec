/* SPDX-License-Identifier: MIT */
/* Annotated sessions: CHAT, TextGrid, ELAN, Otter, Rev, Zoom's chat. labels: unit
 * with: EXPAT */
#include "record_test.h"

static void cha(void **state)
{
    (void)state;
    static const char text[] =
        "@UTF8\n@Begin\n@Languages:\teng\n@Participants:\tMOT Ann Mother, FAT Father\n"
        "@ID:\teng|c|MOT|||||Mother|||\n@ID:\teng|c|FAT|||||Father|||\n"
        "*MOT:\twe need\n\tto talk . \x15"
        "1000_2500\x15\n%mor:\tpron|we .\n"
        "*FAT:\t&=sighs now ? \x15"
        "2600_3000\x15\n*FAT:\tok .\n@End\n";
    expect_rows("a.cha", text,
                "1|MOT|text|we need to talk .\n2.600|FAT|text|&=sighs now ?\n-|FAT|text|ok .\n");
    hf_record *r = must_read_bytes("a.cha", text, strlen(text), NULL);
    hf_record_summary s;
    hf_message m;
    hf_record_get_summary(r, &s);
    hf_record_get_message(r, 0, &m);
    assert_int_equal(m.t_end_ms, 2500);
    assert_int_equal(m.src.line, 7);
    assert_int_equal(s.warnings, 0);
    hf_record_free(r);
}

static void cha_errors(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        uint64_t line;
    } cases[] = {{"*MOT hi .\n", 6},
                 {"*MOT:\thello\n", 6},
                 {"*MOT:\tok .\ngarbage\n", 7},
                 {"*MOT:\thello world] .\n", 6},
                 {"*XXX:\thi .\n", 6},
                 {"*MOT:\thi .\n%zzz:\tx\n", 7},
                 {"*MOT:\thi . \x15"
                  "300_200\x15\n",
                  6}};
    for (size_t i = 0; i < HF_COUNT_OF(cases); i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "@UTF8\n@Begin\n@Languages:\teng\n@Participants:\tMOT Mother\n"
                 "@ID:\teng|c|MOT|||||Mother|||\n%s@End\n",
                 cases[i].lines);
        hf_record *r = must_read_bytes("a.cha", text, strlen(text), NULL);
        if (hf_record_count_warnings(r) != 1 ||
            hf_record_get_warning(r, 0)->src.line != cases[i].line)
            fail_msg("case %zu: %zu warnings", i, hf_record_count_warnings(r));
        hf_record_free(r);
    }
}

static const char long_grid[] =
    "File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\nxmin = 0 \nxmax = 3.5 \n"
    "tiers? <exists> \nsize = 2 \nitem []: \n    item [1]:\n        class = \"IntervalTier\" \n"
    "        name = \"Ann 2\" \n        xmin = 0 \n        xmax = 3.5 \n        intervals: size = "
    "2 \n"
    "        intervals [1]:\n            xmin = -0 \n            xmax = 1.25 \n"
    "            text = \"say \"\"hi\"\"\n5 now\" \n        intervals [2]:\n            xmin = "
    "1.25 \n"
    "            xmax = 3.5 \n            text = \"\" \n    item [2]:\n        class = "
    "\"TextTier\" \n"
    "        name = \"Ben\" \n        xmin = 0 \n        xmax = 3.5 \n        points: size = 1 \n"
    "        points [1]:\n            number = 2.5 \n            mark = \"nod\" \n";

static void text_grid(void **state)
{
    (void)state;
    static const char rows[] = "0|Ann 2|text|say \"hi\"\n5 now\n2.500|Ben|text|nod\n";
    expect_rows("a.TextGrid", long_grid, rows);
    expect_rows(
        "a.TextGrid",
        "File type = \"ooTextFile\"\r\n\"TextGrid\"\r\n\r\n0\r\n3.5\r\n<exists>\r\n2\r\n"
        "\"IntervalTier\"\r\n\"Ann 2\"\r\n0\r\n3.5\r\n2\r\n0\r\n1.25\r\n\"say \"\"hi\"\"\n5 "
        "now\"\r\n"
        "1.25\r\n3.5\r\n\"\"\r\n\"TextTier\"\r\n\"Ben\"\r\n0\r\n3.5\r\n1\r\n2.5\r\n\"nod\"\r\n",
        rows);
    expect_rows(
        "a.TextGrid",
        "\"Praat chronological TextGrid text file\"\n0 3.5   ! Time domain.\n"
        "2   ! Number of tiers.\n\"IntervalTier\" \"Ann 2\" 0 3.5\n\"TextTier\" \"Ben\" 0 3.5\n\n"
        "1 0 1.25\n\"say \"\"hi\"\"\n5 now\"\n\n2 2.5\n\"nod\"\n\n1 1.25 3.5\n\"\"\n",
        rows);
    /* UTF-16 with a mark. */
    size_t n = strlen(long_grid);
    char *wide = malloc(2 * n + 2);
    assert_non_null(wide);
    memcpy(wide, "\xFE\xFF", 2);
    for (size_t i = 0; i < n; i++) {
        wide[2 + 2 * i] = 0;
        wide[3 + 2 * i] = long_grid[i];
    }
    hf_record *r = must_read_bytes("a.TextGrid", wide, 2 * n + 2, NULL);
    char *got = dump(r);
    assert_string_equal(got, rows);
    hf_i_free(test_ctx, got);
    hf_record_free(r);
    free(wide);
}

static void cut_grid(void **state)
{
    (void)state;
    hf_record *r;
    assert_int_equal(
        hf_i_record_read_bytes(&r, test_ctx, "a.TextGrid", long_grid, strlen(long_grid) - 40, NULL),
        HF_E_PARSE);
    assert_int_equal(hf_ctx_get_error(test_ctx)->line, 31);
}

static void elan(void **state)
{
    (void)state;
    static const char text[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ANNOTATION_DOCUMENT FORMAT=\"3.0\">\n"
        "<HEADER TIME_UNITS=\"milliseconds\"/>\n<TIME_ORDER>\n"
        "<TIME_SLOT TIME_SLOT_ID=\"ts1\" TIME_VALUE=\"1000\"/>\n<TIME_SLOT TIME_SLOT_ID=\"ts2\"/>\n"
        "<TIME_SLOT TIME_SLOT_ID=\"ts3\" TIME_VALUE=\"3000\"/>\n</TIME_ORDER>\n"
        "<TIER TIER_ID=\"words@Ben\" LINGUISTIC_TYPE_REF=\"t\">\n<ANNOTATION>"
        "<ALIGNABLE_ANNOTATION ANNOTATION_ID=\"a1\" TIME_SLOT_REF1=\"ts2\" TIME_SLOT_REF2=\"ts3\">"
        "<ANNOTATION_VALUE>yes &amp; "
        "no</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>\n"
        "<TIER TIER_ID=\"x\" PARTICIPANT=\"Ann\" LINGUISTIC_TYPE_REF=\"t\">\n<ANNOTATION>"
        "<ALIGNABLE_ANNOTATION ANNOTATION_ID=\"a2\" TIME_SLOT_REF1=\"ts1\" TIME_SLOT_REF2=\"ts2\">"
        "<ANNOTATION_VALUE>hello</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>\n"
        "<TIER TIER_ID=\"parts@Ann\" PARENT_REF=\"x\">"
        "<ANNOTATION><REF_ANNOTATION ANNOTATION_ID=\"a3\" ANNOTATION_REF=\"a2\">"
        "<ANNOTATION_VALUE>hel</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>"
        "<ANNOTATION><REF_ANNOTATION ANNOTATION_ID=\"a4\" ANNOTATION_REF=\"a2\" "
        "PREVIOUS_ANNOTATION=\"a3\"><ANNOTATION_VALUE>lo</ANNOTATION_VALUE></REF_ANNOTATION>"
        "</ANNOTATION></TIER></ANNOTATION_DOCUMENT>\n";
    expect_rows("a.eaf", text,
                "2|Ben|text|yes & no\n1|Ann|text|hello\n1|Ann|text|hel\n1.500|Ann|text|lo\n");
    hf_record *r;
    assert_int_equal(hf_i_record_read_bytes(&r, test_ctx, "a.eaf", text, strlen(text) / 2, NULL),
                     HF_E_PARSE);
    static const char bomb[] = "<!DOCTYPE x [<!ENTITY a \"b\">]><ANNOTATION_DOCUMENT/>";
    assert_int_equal(hf_i_record_read_bytes(&r, test_ctx, "a.eaf", bomb, strlen(bomb), NULL),
                     HF_E_PARSE);
}

static void transcripts(void **state)
{
    (void)state;
    expect_rows("a.txt",
                "Our talk\nMay 3, 2024\n\nAnn Lee  0:03\nHello.\nAnd more: 7:02\n\n"
                "Speaker 2  1:15\nHi.\n\nAnn Lee  1:02:03\nBye.\n",
                "-|-|note|Our talk\n-|-|note|May 3, 2024\n3|Ann Lee|text|Hello.\nAnd more: 7:02\n"
                "75|Speaker 2|text|Hi.\n3723|Ann Lee|text|Bye.\n");
    expect_rows("a.txt", "Speaker 1 (00:00:03): Hello (again).\nSpeaker 2 (00:01:00):\nHi.\n",
                "3|Speaker 1|text|Hello (again).\n60|Speaker 2|text|Hi.\n");
    expect_rows("meeting_saved_chat.txt",
                "00:15:02\t From Ann Lee to Everyone:\n\thello\n00:15:09 From Ben : hi: you\n",
                "902|Ann Lee|text|hello\n909|Ben|text|hi: you\n");
    expect_rows("chat.txt", "[Ann] 00:00:03 hello\n[Ben] 00:00:09 hi\nmore\n",
                "3|Ann|text|hello\n9|Ben|text|hi\nmore\n");
    hf_record_summary s = summary_of("a.txt", "A (00:01): x\nB (00:02): y\n", NULL);
    assert_true(s.limits & (1u << HF_LIMIT_START_TIMES_ONLY));
}

/* "time|subject|behaviour|observation|value" and a line end, an event each. */
static void expect_events(const char *name, const char *text, const char *want)
{
    hf_record *r = must_read_bytes(name, text, strlen(text), NULL);
    hf_i_buf out;
    hf_i_buf_init(&out, test_ctx, 1 << 20, "a dump");
    hf_i_buf_add_str(&out, "");
    for (size_t i = 0; i < hf_record_count_ratings(r); i++) {
        hf_rating x;
        hf_record_get_rating(r, i, &x);
        const hf_person *p = hf_record_get_person(r, x.partner);
        hf_i_buf_printf(&out, "%lld|%.*s|%.*s|%.*s|%g\n", (long long)x.t_ms,
                        p ? (int)p->name.size : 1, p ? p->name.data : "-", (int)x.item.size,
                        x.item.data, (int)x.occasion.size, x.occasion.size ? x.occasion.data : "",
                        x.value);
    }
    assert_string_equal(out.data, want);
    hf_i_buf_dispose(&out);
    hf_record_free(r);
}

static void boris(void **state)
{
    (void)state;
    expect_events("a.tsv",
                  "Observation id\tobs1\n\nMedia file(s)\n\nTime\tMedia file path\tSubject\t"
                  "Behavior\tBehavior type\tComment\tStatus\n"
                  "1.5\tx\tAnn\tsmile\tPOINT\t\tPOINT\n2.0\tx\tBen\tlook\tSTATE\t\tSTART\n"
                  "3.25\tx\tBen\tlook\tSTATE\t\tSTOP\n",
                  "1500|Ann|smile||1\n2000|Ben|look||1.25\n");
    expect_events("a.csv",
                  "Observation id;Subject;Behavior;Behavior type;Start (s);Stop (s);Duration (s)\n"
                  "o1;Ann;look;STATE;1,5;2,25;0,75\no1;Ben;nod;POINT;3;3;NA\n",
                  "1500|Ann|look|o1|0.75\n3000|Ben|nod|o1|1\n");
    expect_events("a.boris",
                  "{\"project_format_version\":\"7.0\",\"observations\":{\"o1\":{\"events\":"
                  "[[1.5,\"Ann\",\"look\",\"\",\"\",1],[2,\"Ann\",\"nod\",\"\",\"\",2],"
                  "[4,\"Ann\",\"look\",\"\",\"\",3]]}},\"behaviors_conf\":{\"0\":{\"type\":"
                  "\"State event\",\"code\":\"look\"},\"1\":{\"type\":\"Point event\",\"code\":"
                  "\"nod\"}}}",
                  "1500|Ann|look|o1|2.5\n2000|Ann|nod|o1|1\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cha),      cmocka_unit_test(cha_errors), cmocka_unit_test(text_grid),
        cmocka_unit_test(cut_grid), cmocka_unit_test(elan),       cmocka_unit_test(transcripts),
        cmocka_unit_test(boris),
    };
    return cmocka_run_group_tests(tests, ctx_setup, ctx_teardown);
}
