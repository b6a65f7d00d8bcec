/* SPDX-License-Identifier: MIT */
/* One record (messages, ratings, samples), written in every form and read back. labels: unit */
#include "record_test.h"

#include "record/confine.h"
#include "text/sav_write.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sodium.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct {
    int64_t t, t_end, edited, delivered, read, duration;
    hf_time_kind kind;
    uint32_t res;
    const char *sender, *text, *key, *reply;
    hf_message_kind what;
    bool was_edited;
} messages[] = {
#define N HF_NO_TIME
    {1700000000123, N, N, 1700000001000, 1700000002500, N, HF_TIME_UTC, 1, "Ann",
     "Hello, \"Ben\";\nhow are you?", "k1", NULL, HF_KIND_TEXT, false},
    {1700000060000, N, 1700000090000, N, N, N, HF_TIME_UTC, 1000, "Ben",
     "Fine \xF0\x9F\x98\x80 caf\xC3\xA9", "k2", "k1", HF_KIND_TEXT, true},
    {1700000120000, N, N, N, N, 95000, HF_TIME_UTC, 1000, "Ann", NULL, NULL, NULL, HF_KIND_CALL,
     false},
    {1700000180000, N, N, N, N, N, HF_TIME_LOCAL, 60000, "Ann", "=1+1,", NULL, NULL, HF_KIND_TEXT,
     true},
    {61500, 63250, N, N, N, N, HF_TIME_MEDIA, 1, "Ben", "On tape", NULL, NULL, HF_KIND_TEXT, false},
    {N, N, N, N, N, N, HF_TIME_NONE, 0, NULL, "no time, nobody", NULL, NULL, HF_KIND_SYSTEM, false},
    {1700000240000, N, N, N, N, N, HF_TIME_UTC, 1000, "\xD0\x90\xD0\xBD\xD0\xBD\xD0\xB0",
     "type,id,seq,t", NULL, "k2", HF_KIND_REACTION, false},
#undef N
};

static const struct {
    int64_t t;
    hf_time_kind kind;
    uint32_t res;
    const char *partner, *occasion, *item;
    double value;
} ratings[] = {
    {1700000000000, HF_TIME_LOCAL, 60000, "Ann", "2023-11-14", "mood", 4.25},
    {1700000000000, HF_TIME_LOCAL, 60000, "Ben", "2023-11-14", "mood", NAN},
    {86400000, HF_TIME_MEDIA, 86400000, "Ben", "day 1", "closeness, felt", -1e-9},
};

static const struct {
    int64_t t;
    const char *partner, *variable, *unit;
    double value;
} samples[] = {{0, "Ann", "hr", "bpm", 61.5},
               {250, "Ben", "hr", "bpm", 1.0 / 3},
               {500, "Ann", "eda", "uS", NAN}};

static hf_text text_of(const char *s)
{
    return (hf_text){s, s ? strlen(s) : 0};
}

static int32_t person(hf_i_build *b, const char *name)
{
    int32_t p;
    assert_int_equal(hf_i_build_person(b, name, name ? strlen(name) : 0, &p), HF_OK);
    return p;
}

static hf_record *make_record(void)
{
    hf_i_build *b;
    hf_record *r;
    assert_int_equal(hf_i_build_new(&b, test_ctx, NULL), HF_OK);
    for (size_t i = 0; i < HF_COUNT_OF(messages); i++) {
        hf_message m = HF_I_MESSAGE_INIT;
        m.t_ms = messages[i].t;
        m.t_end_ms = messages[i].t_end;
        m.t_kind = messages[i].kind;
        m.t_res_ms = messages[i].res;
        m.edited_ms = messages[i].edited;
        m.edited = messages[i].was_edited;
        m.delivered_ms = messages[i].delivered;
        m.read_ms = messages[i].read;
        m.duration_ms = messages[i].duration;
        m.kind = messages[i].what;
        m.text = text_of(messages[i].text);
        m.reply_to = text_of(messages[i].reply);
        m.sender = person(b, messages[i].sender);
        assert_int_equal(hf_i_build_message(b, &m, text_of(messages[i].key), HF_I_COPY), HF_OK);
    }
    for (size_t i = 0; i < HF_COUNT_OF(ratings); i++) {
        hf_rating x = {.t_ms = ratings[i].t, .t_res_ms = ratings[i].res, .t_kind = ratings[i].kind};
        x.partner = person(b, ratings[i].partner);
        x.occasion = text_of(ratings[i].occasion);
        x.item = text_of(ratings[i].item);
        x.value = ratings[i].value;
        assert_int_equal(hf_i_build_rating(b, &x, HF_I_COPY), HF_OK);
    }
    for (size_t i = 0; i < HF_COUNT_OF(samples); i++) {
        hf_sample x = {.t_ms = samples[i].t, .t_res_ms = 1, .t_kind = HF_TIME_MEDIA};
        x.partner = person(b, samples[i].partner);
        x.variable = text_of(samples[i].variable);
        x.unit = text_of(samples[i].unit);
        x.value = samples[i].value;
        assert_int_equal(hf_i_build_sample(b, &x, HF_I_COPY), HF_OK);
    }
    assert_int_equal(hf_i_build_take(b, &r), HF_OK);
    return r;
}

static bool to_buf(void *user, const char *bytes, size_t size)
{
    return hf_i_buf_add(user, bytes, size) == HF_OK;
}

typedef hf_status (*writer)(hf_record *, hf_ctx *, hf_write_fn, void *);

static void write_to(hf_i_buf *out, writer fn, hf_record *r)
{
    hf_i_buf_init(out, test_ctx, 1 << 24, "output");
    hf_status s = fn(r, test_ctx, to_buf, out);
    if (s != HF_OK)
        fail_msg("%s", hf_ctx_get_error(test_ctx)->message);
}

/* All rows as JSON Lines without their places in the source. */
static char *rows_of(hf_record *r)
{
    hf_i_buf all, out;
    write_to(&all, hf_record_write_jsonl, r);
    hf_i_buf_init(&out, test_ctx, 1 << 24, "output");
    for (const char *p = all.data, *end = p + all.len; p < end;) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        const char *src = strstr(p, ",\"src\":");
        assert_non_null(nl);
        assert_true(src && src < nl);
        hf_i_buf_add(&out, p, (size_t)(src - p));
        hf_i_buf_add_char(&out, '\n');
        p = nl + 1;
    }
    hf_i_buf_dispose(&all);
    return out.data;
}

static void back_and_forth(const char *name, writer fn)
{
    hf_record *r = make_record();
    hf_i_buf bytes;
    write_to(&bytes, fn, r);
    hf_record *back = must_read_bytes(name, bytes.data, bytes.len, NULL);
    char *want = rows_of(r), *got = rows_of(back);
    assert_string_equal(got, want);
    hf_i_free(test_ctx, want);
    hf_i_free(test_ctx, got);
    hf_record_free(back);
    hf_record_free(r);
    hf_i_buf_dispose(&bytes);
}

static void csv(void **state)
{
    (void)state;
    back_and_forth("a.csv", hf_record_write_csv);
}

static void jsonl(void **state)
{
    (void)state;
    back_and_forth("a.jsonl", hf_record_write_jsonl);
}

static void sav(void **state)
{
    (void)state;
    if (!hf_i_sav_available() || !hf_i_confine_available()) {
        print_message("skipped: no ReadStat or no seccomp\n");
        return;
    }
    back_and_forth("a.sav", hf_record_write_sav);
}

/* What ChatLab's format keeps: people, texts, kinds, whole seconds. */
static void chatlab(void **state)
{
    (void)state;
    hf_record *r = make_record();
    hf_i_buf bytes;
    write_to(&bytes, hf_record_write_chatlab, r);
    assert_non_null(strstr(bytes.data, "\"chatlab\":{\"version\":\"0.0.2\",\"exportedAt\":"));
    assert_non_null(strstr(bytes.data,
                           "{\"sender\":\"Ann\",\"accountName\":\"Ann\",\"timestamp\":"
                           "1700000000,\"type\":0,\"content\":\"Hello, \\\"Ben\\\";\\n"));
    assert_non_null(strstr(bytes.data, "\"timestamp\":1700000120,\"type\":23,\"content\":null"));
    hf_i_buf_dispose(&bytes);
    hf_record_free(r);
}

static void damaged_sav(void **state)
{
    (void)state;
    if (!hf_i_sav_available() || !hf_i_confine_available())
        return;
    hf_record *r = make_record(), *back;
    hf_i_buf bytes;
    write_to(&bytes, hf_record_write_sav, r);
    hf_i_confine_available();
    assert_int_equal(
        hf_i_record_read_bytes(&back, test_ctx, "a.sav", bytes.data, bytes.len / 2, NULL),
        HF_E_PARSE);
    memset(bytes.data + 176, 0xEE, 8);
    assert_int_not_equal(hf_i_record_read_bytes(&back, test_ctx, "a.sav", bytes.data, 190, NULL),
                         HF_OK);
    hf_i_buf_dispose(&bytes);
    hf_record_free(r);
}

/* ---- a hostile child ---------------------------------------------------------------------- */

typedef enum { OPENS, CONNECTS, FORKS, SPINS, FLOODS, FAULTS, BEHAVES, EXECUTES, HOARDS } deed;

static int do_deed(void *user, bool prepare, hf_i_confine_put put, void *pipe)
{
    deed what = *(deed *)user;
    volatile uint64_t n = 0;
    if (prepare)
        return 0;
    switch (what) {
    case OPENS: /* refused, not deadly: libraries look for files */
        return open("/etc/passwd", O_RDONLY) < 0 && open("/tmp", O_RDWR | O_CREAT, 0600) < 0 ? 7
                                                                                             : 8;
    case CONNECTS:
        return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 8 : 9;
    case FORKS:
        return fork() >= 0 ? 8 : 9;
    case EXECUTES:
        execl("/bin/true", "true", (char *)NULL);
        return 8;
    case SPINS:
        for (;;)
            n++;
    case FLOODS:
        while (put(pipe, "0123456789abcdef", 16))
            ;
        return 8;
    case HOARDS:
        for (size_t i = 0; i < 64; i++) {
            void *p = malloc((size_t)64 << 20);
            if (!p)
                return 7;
            put(pipe, p, 0);
        }
        return 8;
    case FAULTS:
        raise(SIGKILL); /* has no right to */
        return 8;
    default:
        return put(pipe, "done", 4) ? 0 : 8;
    }
}

static hf_i_confine_end try_deed(deed what, int *code, hf_i_buf *out)
{
    static const hf_i_confine_limits limits = {UINT64_C(512) << 20, 1, 1 << 20};
    hf_i_confine_end end;
    hf_i_buf_init(out, test_ctx, 1 << 24, "output");
    assert_int_equal(hf_i_confine(test_ctx, do_deed, &what, &limits, out, &end, code), HF_OK);
    return end;
}

static void hostile_child(void **state)
{
    (void)state;
    static const struct {
        deed what;
        hf_i_confine_end end;
        int code;
    } cases[] = {{OPENS, HF_I_CONFINE_DONE, 7},      {CONNECTS, HF_I_CONFINE_BARRED, 0},
                 {FORKS, HF_I_CONFINE_BARRED, 0},    {EXECUTES, HF_I_CONFINE_BARRED, 0},
                 {SPINS, HF_I_CONFINE_TIMED_OUT, 0}, {FLOODS, HF_I_CONFINE_TOO_MUCH, 0},
                 {FAULTS, HF_I_CONFINE_BARRED, 0},   {BEHAVES, HF_I_CONFINE_DONE, 0}};
    if (!hf_i_confine_available())
        return;
    for (size_t i = 0; i < HF_COUNT_OF(cases); i++) {
        int code;
        hf_i_buf out;
        hf_i_confine_end end = try_deed(cases[i].what, &code, &out);
        if (end != cases[i].end || (end == HF_I_CONFINE_DONE && code != cases[i].code))
            fail_msg("deed %d ended as %d with %d", (int)cases[i].what, (int)end, code);
        if (cases[i].what == BEHAVES)
            assert_string_equal(out.data, "done");
        hf_i_buf_dispose(&out);
    }
}

/* ---- pseudonyms --------------------------------------------------------------------------- */

static void pseudonyms(void **state)
{
    (void)state;
    static const char text[] =
        "time,sender,text\n2024-01-01T10:00,Ann Lee,\"Ben, is Annabel there? ben's car\"\n"
        "2024-01-01T10:01,Ben M\xC3\xBCller,M\xC3\x9CLLER and Ann Lee and lee\n"
        "2024-01-01T10:02,+49 170 1234567,call +49 170 1234567\n";
    static const char key[] = "0123456789abcdef";
    char *first = NULL;
    for (int round = 0; round < 2; round++) {
        hf_record *r = must_read_bytes("Chat with Ben.csv", text, strlen(text), NULL);
        assert_int_equal(hf_record_pseudonymise(r, test_ctx, key, 16), HF_OK);
        char *got = rows_of(r), a[9], b[9];
        memcpy(a, hf_record_get_person(r, 0)->name.data, 8);
        memcpy(b, hf_record_get_person(r, 1)->name.data, 8);
        a[8] = b[8] = '\0';
        assert_null(strstr(got, "Ben"));
        assert_null(strstr(got, "Lee"));
        assert_null(strstr(got, "1234567"));
        char want[128];
        snprintf(want, sizeof want, "\"%s, is Annabel there? %s's car\"", b, b);
        assert_non_null(strstr(got, want));
        snprintf(want, sizeof want, "\"%s and %s and %s\"", b, a, a);
        assert_non_null(strstr(got, want));
        assert_string_equal(hf_record_get_file(r, 0), "file-1");
        if (first)
            assert_string_equal(got, first);
        hf_i_free(test_ctx, first);
        first = got;
        hf_record_free(r);
    }
    hf_record *r = must_read_bytes("a.csv", text, strlen(text), NULL);
    assert_int_equal(hf_record_pseudonymise(r, test_ctx, "fedcba9876543210", 16), HF_OK);
    char *other = rows_of(r);
    assert_string_not_equal(other, first);
    assert_int_equal(hf_record_pseudonymise(r, test_ctx, "short", 5), HF_E_USAGE);
    hf_i_free(test_ctx, other);
    hf_i_free(test_ctx, first);
    hf_record_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv),         cmocka_unit_test(jsonl),
        cmocka_unit_test(sav),         cmocka_unit_test(chatlab),
        cmocka_unit_test(damaged_sav), cmocka_unit_test(hostile_child),
        cmocka_unit_test(pseudonyms),
    };
    return cmocka_run_group_tests(tests, ctx_setup, ctx_teardown);
}
