/* SPDX-License-Identifier: MIT */
/* Mail: .mbox files (mboxo, mboxrd, Gmail's takeout) and single .eml messages. Who writes is the
 * From header's name; quoted text and signatures are left out of the text, replies are links. */
#include "record/formats/mime.h"
#include "text/time.h"
#include "text/utf8.h"

#include <string.h>

enum { STEP_MAILS = 200 };

static bool is_from_line(const char *p, size_t size)
{
    if (!hf_i_starts_with(p, size, "From ") || size < 12)
        return false;
    /* An address or number, then a date with a clock: prose that begins with From has none. */
    const char *blank = memchr(p + 5, ' ', size - 5);
    if (!blank)
        return false;
    for (const char *q = blank; q + 5 < p + size; q++)
        if (q[0] >= '0' && q[0] <= '9' && q[1] >= '0' && q[1] <= '9' && q[2] == ':' &&
            q[3] >= '0' && q[3] <= '5')
            return true;
    return false;
}

static bool is_header_line(const char *p, size_t size)
{
    const char *colon = memchr(p, ':', size < 64 ? size : 64);
    if (!colon || colon == p)
        return false;
    for (const char *q = p; q < colon; q++)
        if (*q <= ' ' || *q > '~')
            return false;
    return true;
}

static int probe(const hf_i_probe *p)
{
    hf_i_lines l;
    hf_i_lines_init(&l, p->head, p->size);
    if (!hf_i_lines_next(&l))
        return 0;
    if (is_from_line(l.text, l.size))
        return 95;
    hf_text all = {l.text, p->size - l.byte};
    bool mail = hf_i_mime_header(all, "From").size &&
                (hf_i_mime_header(all, "Date").size || hf_i_mime_header(all, "Message-ID").size);
    return is_header_line(l.text, l.size) && mail ? 90 : 0;
}

typedef struct {
    hf_i_blob blob;
    hf_i_lines lines;
    bool mbox, have;
    size_t rows, entry;
    hf_i_buf message, text, name;
} state;

static hf_status open_next(hf_i_reader *r, state *s)
{
    HF_TRY(hf_i_open_entry(r, r->entries[s->entry++], true, &s->blob));
    hf_i_lines_init(&s->lines, s->blob.data, s->blob.size);
    s->have = hf_i_lines_next(&s->lines);
    s->mbox = s->have && is_from_line(s->lines.text, s->lines.size);
    return HF_OK;
}

static hf_status open_mail(hf_i_reader *r)
{
    state *s = hf_i_calloc(r->ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    r->state = s;
    hf_i_buf_init(&s->message, r->ctx, HF_MAX_MESSAGE_BYTES * 4, "a mail");
    hf_i_buf_init(&s->text, r->ctx, HF_MAX_MESSAGE_BYTES, "a mail's text");
    hf_i_buf_init(&s->name, r->ctx, 65536, "a name");
    hf_i_build_limit(r->build, HF_LIMIT_NO_READ_RECEIPTS);
    return open_next(r, s);
}

/* "Ann Lee <ann@x.org>", "ann@x.org (Ann Lee)", "ann@x.org". */
static hf_status find_sender(hf_i_reader *r, state *s, hf_text from, int32_t *out)
{
    *out = HF_NO_PERSON;
    if (from.size == 0)
        return HF_OK;
    const char *angle = memchr(from.data, '<', from.size);
    hf_text name = hf_i_trimmed((hf_text){from.data, angle ? (size_t)(angle - from.data) : 0});
    if (!angle) {
        const char *open = memchr(from.data, '(', from.size);
        const char *close = open ? memchr(open, ')', (size_t)(from.data + from.size - open)) : NULL;
        name = close ? (hf_text){open + 1, (size_t)(close - open - 1)} : from;
    }
    if (name.size > 1 && name.data[0] == '"' && name.data[name.size - 1] == '"')
        name = (hf_text){name.data + 1, name.size - 2};
    if (name.size == 0 && angle) {
        const char *close = memchr(angle, '>', (size_t)(from.data + from.size - angle));
        name = (hf_text){angle + 1, close ? (size_t)(close - angle - 1)
                                          : (size_t)(from.data + from.size - angle - 1)};
    }
    hf_i_buf_clear(&s->name);
    HF_TRY(hf_i_buf_add_str(&s->name, ""));
    HF_TRY(hf_i_mime_decode_words(&s->name, name));
    hf_text clean = hf_i_trimmed((hf_text){s->name.data, s->name.len});
    return hf_i_build_person(r->build, clean.data, clean.size, out);
}

/* "On Mon, Jan 15, 2024 at 9:07 PM Ana wrote:" and its likes. */
static bool is_attribution(hf_text t)
{
    static const char *const starts[] = {"On ", "Am ", "Le ", "El ", "Il ", "Op ", "Em ", "Den "};
    t = hf_i_trimmed(t);
    bool start = false;
    for (size_t i = 0; i < HF_COUNT_OF(starts); i++)
        start |= hf_i_starts_with(t.data, t.size, starts[i]);
    bool digits = false;
    for (size_t i = 0; i < t.size && !digits; i++)
        digits = t.data[i] >= '0' && t.data[i] <= '9';
    return start && digits && t.size > 10 && t.size < 300 && t.data[t.size - 1] == ':';
}

/* Text up to the signature, without quoted lines and what announces them. */
static hf_text own_text(hf_i_buf *text)
{
    hf_i_lines l;
    size_t out = 0, last_line = 0;
    hf_i_lines_init(&l, text->data, text->len);
    while (hf_i_lines_next(&l)) {
        hf_text line = {l.text, l.size};
        if (hf_i_text_is(line, "-- ") || hf_i_text_is(line, "--"))
            break;
        if (hf_i_starts_with(l.text, l.size, "-----Original Message-----"))
            break;
        if (l.size && l.text[0] == '>') {
            hf_text before = {text->data + last_line, out - last_line};
            if (is_attribution(before))
                out = last_line;
            continue;
        }
        if (l.size || out) {
            if (l.size)
                last_line = out;
            memmove(text->data + out, l.text, l.size);
            out += l.size;
            text->data[out++] = '\n';
        }
    }
    hf_text kept = hf_i_trimmed((hf_text){text->data, out < text->len ? out : text->len});
    return kept;
}

static hf_status set_time(hf_i_reader *r, hf_message *m, hf_text date)
{
    hf_i_time t;
    if (!hf_i_time_parse_rfc5322(date.data ? date.data : "", date.size, &t))
        return hf_i_build_warn(r->build, m->src.byte, m->src.line,
                               "a mail without a date that can be read");
    m->t_ms = t.ms;
    m->t_kind = HF_TIME_UTC;
    m->t_res_ms = (uint32_t)t.resolution_ms;
    return HF_OK;
}

/* The last id in "<1@x> <2@x>". */
static hf_text last_id(hf_text v)
{
    for (size_t i = v.size; i > 0; i--)
        if (v.data[i - 1] == '<') {
            const char *close = memchr(v.data + i, '>', v.size - i);
            return (hf_text){v.data + i, close ? (size_t)(close - v.data) - i : v.size - i};
        }
    return hf_i_trimmed(v);
}

static hf_status put_mail(hf_i_reader *r, state *s, hf_text mail, uint64_t byte, uint64_t line)
{
    hf_message m = HF_I_MESSAGE_INIT;
    bool found = false, attachments = false;
    m.src = (hf_source){0, byte, line};
    m.kind = HF_KIND_TEXT;
    HF_TRY(find_sender(r, s, hf_i_mime_header(mail, "From"), &m.sender));
    HF_TRY(set_time(r, &m, hf_i_mime_header(mail, "Date")));
    hf_text reply = hf_i_mime_header(mail, "In-Reply-To");
    if (reply.size == 0)
        reply = hf_i_mime_header(mail, "References");
    m.reply_to = last_id(reply);
    if (m.reply_to.size > HF_MAX_NAME_BYTES)
        m.reply_to.size = 0;
    hf_i_buf_clear(&s->text);
    HF_TRY(hf_i_buf_add_str(&s->text, ""));
    HF_TRY(hf_i_mime_text(&s->text, mail, 0, &found, &attachments));
    m.text = own_text(&s->text);
    if (m.text.size == 0 && attachments)
        m.kind = HF_KIND_MEDIA;
    if (!found)
        HF_TRY(hf_i_build_warn(r->build, byte, line, "a mail without a part of plain text"));
    if (m.sender == HF_NO_PERSON)
        m.kind = HF_KIND_SYSTEM;
    s->rows++;
    return hf_i_build_message(r->build, &m, last_id(hf_i_mime_header(mail, "Message-ID")),
                              HF_I_COPY);
}

/* The next mail of the file into s->message; ">From " loses its mark. */
static hf_status next_mail(hf_i_reader *r, state *s)
{
    hf_i_lines *l = &s->lines;
    uint64_t byte = l->byte, line = l->line;
    bool blank = false;
    hf_i_buf_clear(&s->message);
    HF_TRY(hf_i_buf_add_str(&s->message, ""));
    if (s->mbox)
        s->have = hf_i_lines_next(l);
    for (; s->have; s->have = hf_i_lines_next(l)) {
        if (s->mbox && blank && is_from_line(l->text, l->size))
            break;
        const char *p = l->text;
        size_t n = l->size, marks = 0;
        while (s->mbox && marks < n && p[marks] == '>')
            marks++;
        if (marks && hf_i_starts_with(p + marks, n - marks, "From ")) {
            p++;
            n--;
        }
        HF_TRY(hf_i_buf_add(&s->message, p, n));
        HF_TRY(hf_i_buf_add_char(&s->message, '\n'));
        blank = l->size == 0;
    }
    hf_text mail = {s->message.data, s->message.len};
    if (hf_i_mime_header(mail, "From").size == 0 && hf_i_mime_header(mail, "Date").size == 0)
        return hf_i_build_warn(r->build, byte, line, "what has no headers is no mail: left out");
    return put_mail(r, s, mail, byte, line);
}

static hf_status next(hf_i_reader *r, bool *more)
{
    state *s = r->state;
    *more = true;
    for (int i = 0; i < STEP_MAILS && *more; i++) {
        if (s->have)
            HF_TRY(next_mail(r, s));
        else if (s->entry < r->entry_count)
            HF_TRY(open_next(r, s));
        else
            *more = false;
    }
    r->done = s->lines.at;
    if (!*more && s->rows == 0)
        return hf_i_build_fail(r->build, HF_E_FORMAT, 0, 1, NULL, "there is no mail in the file");
    return HF_OK;
}

static void close_mail(hf_i_reader *r)
{
    state *s = r->state;
    if (!s)
        return;
    hf_i_buf_dispose(&s->message);
    hf_i_buf_dispose(&s->text);
    hf_i_buf_dispose(&s->name);
    hf_i_free(r->ctx, s);
    r->state = NULL;
}

const hf_i_format hf_i_format_mail = {
    .info = {"mail", "Mail (.mbox, .eml)",
             "Thunderbird: the folder's file. Gmail: Google Takeout, Mail. Or save mails as .eml.",
             "Quoted text and signatures are left out; mails of HTML alone have no text here.",
             true},
    .spread = HF_I_PARTS,
    .probe = probe,
    .open = open_mail,
    .next = next,
    .close = close_mail,
};
