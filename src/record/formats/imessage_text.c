/* SPDX-License-Identifier: MIT */
/* The text that imessage-exporter writes: a line with the time, a line with the sender, the
 * message, a blank line. Times are those of the exporting machine's clock. */
#include "record/formats/text_chat.h"
#include "record/formats/whatsapp.h"
#include "record/formats/worded_date.h"
#include "text/time.h"

#include <string.h>

/* What the next line is. */
typedef enum { MORE, FIRST, SENDER, TAPBACKS, COPY } wanted;

typedef struct {
    wanted wants;
    char key[24]; /* of the message that tapbacks answer */
} state;

/* 'Jan 05, 2024  9:12:03 AM'; where it ends, or NULL. */
static const char *read_stamp(const char *p, size_t size, int64_t *ms)
{
    int64_t day, year;
    size_t at = 4;
    int hour, minute, second;
    int month = size > 20 ? hf_i_month_english(p, 3) : 0;
    if (!month || p[3] != ' ' || !hf_i_read_digits(p, size, &at, 2, &day) || at + 2 >= size ||
        p[at] != ',')
        return NULL;
    at += 2;
    if (!hf_i_read_digits(p, size, &at, 4, &year) || !hf_i_date_valid(year, month, (int)day))
        return NULL;
    while (at < size && p[at] == ' ')
        at++;
    const char *q = hf_i_wa_clock(p + at, p + size, &hour, &minute, &second);
    if (!q || second == 63 || (q < p + size && *q != ' '))
        return NULL;
    *ms = hf_i_days_from_civil(year, month, (int)day) * HF_I_MS_PER_DAY +
          ((int64_t)hour * 3600 + minute * 60 + second) * 1000;
    return q;
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

static bool line_is(const hf_i_text_chat *c, const char *words)
{
    return hf_i_text_is(hf_i_trimmed((hf_text){c->lines.text, c->lines.size}), words);
}

/* 'Loved by Me': an answer to the message above. */
static hf_status tapback(hf_i_text_chat *c)
{
    const state *s = c->user;
    hf_text t = hf_i_trimmed((hf_text){c->lines.text, c->lines.size});
    const char *by = memmem(t.data, t.size, " by ", 4);
    hf_message m = HF_I_MESSAGE_INIT;
    m.kind = by ? HF_KIND_REACTION : HF_KIND_NOTE;
    m.text = by ? (hf_text){t.data, (size_t)(by - t.data)} : t;
    m.reply_to = (hf_text){s->key, strlen(s->key)};
    m.src = (hf_source){0, c->lines.byte, c->lines.line};
    if (by)
        HF_TRY(
            hf_i_build_person(c->r->build, by + 4, (size_t)(t.data + t.size - by) - 4, &m.sender));
    return hf_i_build_message(c->r->build, &m, (hf_text){NULL, 0}, HF_I_BORROW);
}

/* A line with the time starts a message, or says by itself what happened in the chat. */
static hf_status start(hf_i_text_chat *c, const char *rest, int64_t t)
{
    state *s = c->user;
    const char *end = c->lines.text + c->lines.size;
    HF_TRY(hf_i_text_chat_start(c));
    c->m.t_ms = t;
    c->m.t_kind = HF_TIME_LOCAL;
    c->m.t_res_ms = 1000;
    if (rest < end && !hf_i_starts_with(rest, (size_t)(end - rest), " (")) {
        c->m.kind = HF_KIND_SYSTEM;
        c->text = rest + 1;
        s->wants = MORE;
        return hf_i_text_chat_end(c);
    }
    int64_t after = read_after(c->lines.text, c->lines.size);
    if (after != HF_NO_TIME)
        c->m.read_ms = t + after;
    s->wants = SENDER;
    return HF_OK;
}

/* A reply stands below the message it answers too, indented; its own place comes later. */
static bool starts_copy(const hf_i_text_chat *c)
{
    int64_t t;
    const char *p = c->lines.text, *end = p + c->lines.size;
    while (p < end && *p == ' ')
        p++;
    return p - c->lines.text >= 4 && read_stamp(p, (size_t)(end - p), &t);
}

static hf_status text_line(hf_i_text_chat *c)
{
    state *s = c->user;
    bool blank = hf_i_line_is_blank(&c->lines);
    if (c->open && line_is(c, "Tapbacks:")) {
        snprintf(s->key, sizeof s->key, "%llu", (unsigned long long)c->m.src.byte);
        c->key = (hf_text){s->key, strlen(s->key)};
        s->wants = TAPBACKS;
        return hf_i_text_chat_end(c);
    }
    if (s->wants == TAPBACKS && !blank && !starts_copy(c))
        return tapback(c);
    if (c->open && starts_copy(c))
        HF_TRY(hf_i_text_chat_end(c));
    if (starts_copy(c))
        s->wants = COPY;
    if (s->wants == COPY && (blank || c->lines.text[0] == ' '))
        return HF_OK;
    if (line_is(c, "This message responded to an earlier message."))
        return hf_i_text_chat_end(c); /* the exporter's last line */
    if (s->wants == FIRST && c->open)
        c->text = c->lines.text;
    s->wants = MORE;
    return hf_i_text_chat_more(c);
}

static hf_status on_line(hf_i_text_chat *c)
{
    state *s = c->user;
    int64_t t;
    const char *rest = read_stamp(c->lines.text, c->lines.size, &t);
    if (s->wants == SENDER) {
        c->sender = (hf_text){c->lines.text, c->lines.size};
        c->text = c->text_end = c->lines.text + c->lines.size;
        s->wants = FIRST;
        return HF_OK;
    }
    return rest ? start(c, rest, t) : text_line(c);
}

static int probe(const hf_i_probe *p)
{
    hf_i_lines l;
    int stamps = 0, lines = 0;
    hf_i_lines_init(&l, p->head, p->size);
    while (lines < 60 && hf_i_lines_next(&l)) {
        int64_t t;
        bool stamped = read_stamp(l.text, l.size, &t) != NULL;
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
