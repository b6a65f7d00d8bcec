/* SPDX-License-Identifier: MIT */
/* What the tests of readers share: a text in, rows as short lines out. */
#ifndef RECORD_TEST_H
#define RECORD_TEST_H

#include "record/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static hf_ctx *test_ctx;

static inline int ctx_setup(void **state)
{
    (void)state;
    return hf_ctx_new(&test_ctx, NULL) == HF_OK ? 0 : -1;
}

static inline int ctx_teardown(void **state)
{
    (void)state;
    hf_ctx_free(test_ctx);
    return 0;
}

/* "2024-01-31T21:07:00|Ann|text|Hello" and a line end, a row each; '-' for what is missing. */
static inline void dump_row(hf_i_buf *out, const hf_record *r, size_t i)
{
    hf_message m;
    char t[40] = "-";
    hf_record_get_message(r, i, &m);
    size_t n = hf_i_record_time_text(t, m.t_ms, m.t_kind, m.t_res_ms);
    if (n)
        t[n] = '\0';
    const hf_person *p = hf_record_get_person(r, m.sender);
    hf_i_buf_printf(out, "%s|%.*s|%s|%.*s", t, p ? (int)p->name.size : 1, p ? p->name.data : "-",
                    hf_message_kind_name(m.kind), (int)m.text.size, m.text.size ? m.text.data : "");
    if (m.edited)
        hf_i_buf_add_str(out, "|edited");
    if (m.duration_ms != HF_NO_TIME)
        hf_i_buf_printf(out, "|%lld ms", (long long)m.duration_ms);
    if (m.reply_index != HF_NO_ROW)
        hf_i_buf_printf(out, "|to %llu", (unsigned long long)m.reply_index);
    hf_i_buf_add_char(out, '\n');
}

static inline char *dump(const hf_record *r)
{
    hf_i_buf out;
    hf_i_buf_init(&out, test_ctx, 1 << 24, "a dump");
    hf_i_buf_add_str(&out, "");
    for (size_t i = 0; i < hf_record_count_messages(r); i++)
        dump_row(&out, r, i);
    return out.data;
}

static inline hf_record *must_read_bytes(const char *name, const void *bytes, size_t size,
                                         const hf_read_options *o)
{
    hf_record *r = NULL;
    hf_status s = hf_i_record_read_bytes(&r, test_ctx, name, bytes, size, o);
    if (s != HF_OK)
        fail_msg("%s: %s: %s", name, hf_status_name(s), hf_ctx_get_error(test_ctx)->message);
    return r;
}

/* Reads text as a file of that name and compares all rows. */
static inline void expect_rows(const char *name, const char *text, const char *rows)
{
    hf_record *r = must_read_bytes(name, text, strlen(text), NULL);
    char *got = dump(r);
    assert_string_equal(got, rows);
    hf_i_free(test_ctx, got);
    hf_record_free(r);
}

static inline hf_record_summary summary_of(const char *name, const char *text,
                                           const hf_read_options *o)
{
    hf_record *r = must_read_bytes(name, text, strlen(text), o);
    hf_record_summary s;
    hf_record_get_summary(r, &s);
    hf_record_free(r);
    s.format = s.variant = s.encoding = "";
    return s;
}

#endif
