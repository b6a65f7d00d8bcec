/* SPDX-License-Identifier: MIT */
/* The text that imessage-exporter writes: a line with the time, a line with the sender, the
 * message, a blank line. Times are those of the exporting machine's clock. */
#include "record/formats/text_chat.h"
#include "record/formats/whatsapp.h"
#include "record/formats/worded_date.h"
#include "text/time.h"

#include <string.h>

typedef struct {
    int wants; /* 2: the sender's line comes next, 1: the first line of text, 0: more text */
} state;

/* 'Jan 05, 2024  9:12:03 AM'; behind it perhaps ' (Read by them after 1 second)'. */
static int64_t stamp(const char *p, size_t size)
{
    int64_t day, year;
    size_t at = 4;
    int hour, minute, second;
    int month = size > 20 ? hf_i_month_english(p, 3) : 0;
    if (!month || p[3] != ' ' || !hf_i_read_digits(p, size, &at, 2, &day) || at + 2 >= size ||
        p[at] != ',')
        return HF_NO_TIME;
    at += 2;
    if (!hf_i_read_digits(p, size, &at, 4, &year) || !hf_i_date_valid(year, month, (int)day))
        return HF_NO_TIME;
    while (at < size && p[at] == ' ')
        at++;
    const char *end = p + size;
    const char *q = hf_i_wa_clock(p + at, end, &hour, &minute, &second);
    if (!q || second == 63 || (q < end && !hf_i_starts_with(q, (size_t)(end - q), " (")))
        return HF_NO_TIME;
    return hf_i_days_from_civil(year, month, (int)day) * HF_I_MS_PER_DAY +
           ((int64_t)hour * 3600 + minute * 60 + second) * 1000;
}

/* '(Read by them after 1 minute, 2 seconds)': milliseconds, HF_NO_TIME for none. */
static int64_t read_after(const char *p, size_t size)
{
    const char *open = memmem(p, size, "(Read by ", 9);
    return open ? hf_i_worded_length((hf_text){open, size - (size_t)(open - p)}) : HF_NO_TIME;
}

static void kind_of(hf_message *m)
{
    static const hf_i_word words[] = {
        {"Tapbacks:", HF_KIND_NOTE, HF_I_START},
        {"This message was deleted", HF_KIND_DELETED, HF_I_START},
        {"You unsent this message part", HF_KIND_DELETED, HF_I_START},
        {"/", HF_KIND_MEDIA, HF_I_WHOLE},
    };
    if (m->kind != HF_KIND_TEXT)
        return;
    m->kind = hf_i_kind_by_words(m->text, words, HF_COUNT_OF(words), HF_KIND_TEXT);
    bool path = m->text.size > 4 &&
                (m->text.data[0] == '/' || memcmp(m->text.data, "att", 3) == 0) &&
                !memchr(m->text.data, ' ', m->text.size) && memchr(m->text.data, '/', m->text.size);
    if (path)
        m->kind = HF_KIND_MEDIA;
}

static hf_status on_line(hf_i_text_chat *c)
{
    state *s = c->user;
    int64_t t = stamp(c->lines.text, c->lines.size);
    if (s->wants == 2) {
        c->sender = (hf_text){c->lines.text, c->lines.size};
        c->text = c->text_end = c->lines.text + c->lines.size;
        s->wants = 1;
        return HF_OK;
    }
    if (t != HF_NO_TIME) {
        HF_TRY(hf_i_text_chat_start(c));
        c->m.t_ms = t;
        c->m.t_kind = HF_TIME_LOCAL;
        c->m.t_res_ms = 1000;
        int64_t after = read_after(c->lines.text, c->lines.size);
        if (after != HF_NO_TIME)
            c->m.read_ms = t + after;
        s->wants = 2;
        return HF_OK;
    }
    if (s->wants == 1 && c->open) {
        c->text = c->lines.text;
        s->wants = 0;
    }
    return hf_i_text_chat_more(c);
}

static int probe(const hf_i_probe *p)
{
    hf_i_lines l;
    int stamps = 0, lines = 0;
    hf_i_lines_init(&l, p->head, p->size);
    while (lines < 60 && hf_i_lines_next(&l)) {
        bool stamped = stamp(l.text, l.size) != HF_NO_TIME;
        if (lines == 0 && !stamped && !hf_i_line_is_blank(&l))
            return 0;
        lines += !hf_i_line_is_blank(&l);
        stamps += stamped;
    }
    return stamps ? 85 : 0;
}

static const hf_i_text_source source = {
    .state_size = sizeof(state),
    .on_line = on_line,
    .kind_of = kind_of,
    .variant = "imessage-exporter",
    .limits =
        1u << HF_LIMIT_NO_REPLY_LINKS | 1u << HF_LIMIT_NO_REACTIONS | 1u << HF_LIMIT_DELETED_ROWS,
};

static hf_status open_text(hf_i_reader *r)
{
    return hf_i_text_chat_open(r, &source);
}

const hf_i_format hf_i_format_imessage_text = {
    .info = {"imessage_text", "iMessage by imessage-exporter (.txt)",
             "imessage-exporter -f txt; give the chat's file. chat.db itself holds more.",
             "Reactions as rows, replies as links, deleted messages.", true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_text,
    .next = hf_i_text_chat_next,
    .close = hf_i_text_chat_close,
};
