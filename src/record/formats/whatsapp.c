/* SPDX-License-Identifier: MIT */
/* WhatsApp's chat export: a text file, alone or in a zip with media. Texts stay where they are in
 * the mapped file. One pass finds the lines that start a message; the order of day and month, and
 * names that hold a colon, are settled once all lines are seen. */
#include "record/formats/whatsapp.h"
#include "text/utf8.h"

#include <string.h>

enum {
    STEP = 4 << 20, /* bytes a call of next */
    PROBE_LINES = 50,
    CAP = 40000, /* the newest messages that an export without media holds */
    CAP_WITH_MEDIA = 10000,
    CAP_SLACK = 1000
};

typedef struct {
    hf_i_blob blob;
    const char *data, *end, *p; /* p: the next line */
    uint64_t line;
    hf_i_wa_words *words;
    hf_i_wa_authors *authors;
    size_t first_row;
    hf_i_wa_header header; /* of the line at before */
    const char *before;
    bool open;       /* the last row may still go on */
    bool allow_bare; /* lines without brackets and dash are messages in this file */
    uint64_t by_layout[3];
    uint64_t files_attached;
} state;

static bool may_start(unsigned char c)
{
    return (c >= '0' && c <= '9') || c == '[' || c >= 0xD9;
}

/* ---- probing ------------------------------------------------------------------------------ */

typedef struct {
    uint64_t lines, good, strict, bare;
} survey;

static survey look_at_head(const char *p, const char *end, uint64_t max_lines)
{
    survey s = {0};
    bool inside = false;
    while (p < end && s.lines < max_lines) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        const char *stop = nl ? nl : end;
        hf_i_wa_header h;
        bool blank = stop - p == 0 || (stop - p == 1 && *p == '\r');
        if (!blank) {
            bool header = may_start((unsigned char)*p) && hf_i_wa_header_parse(p, stop, &h);
            s.lines++;
            inside |= header;
            s.good += inside;
            s.strict += header && h.layout != HF_I_WA_BARE;
            s.bare += header && h.layout == HF_I_WA_BARE;
        }
        p = stop + 1;
    }
    return s;
}

static int probe(const hf_i_probe *p)
{
    if (memchr(p->head, 0, p->size))
        return 0; /* UTF-16 is converted before; other zeros are no text */
    survey s = look_at_head(p->head, p->head + p->size, PROBE_LINES);
    if (s.lines == 0 || (s.strict == 0 && s.bare == 0) || s.good * 10 < s.lines * 6)
        return 0;
    if (s.strict == 0)
        return 50;
    return s.good * 10 >= s.lines * 9 ? 90 : 80;
}

/* ---- scanning ----------------------------------------------------------------------------- */

static hf_status open_file(hf_i_reader *r)
{
    state *s = hf_i_calloc(r->ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    r->state = s;
    s->first_row = hf_i_build_row_count(r->build);
    HF_TRY(hf_i_wa_words_new(&s->words, r->ctx));
    HF_TRY(hf_i_wa_authors_new(&s->authors, r->ctx));
    HF_TRY(hf_i_open_entry(r, r->entries[0], true, &s->blob));
    s->data = s->p = s->blob.data;
    s->end = s->data + s->blob.size;
    size_t head = s->blob.size < HF_I_HEAD_SIZE ? s->blob.size : HF_I_HEAD_SIZE;
    survey look = look_at_head(s->data, s->data + head, UINT64_MAX);
    s->allow_bare = look.bare > look.strict;
    return HF_OK;
}

/* The text of the last row ends at stop (before its line end). */
static hf_status end_row(hf_i_reader *r, const char *stop)
{
    state *s = r->state;
    if (!s->open)
        return HF_OK;
    s->open = false;
    hf_record *record = hf_i_build_record(r->build);
    size_t index = record->row_count - 1;
    hf_i_row *row = &record->rows[index];
    if (stop > row->text && stop[-1] == '\n')
        stop--;
    if (stop > row->text && stop[-1] == '\r')
        stop--;
    size_t size = stop > row->text ? (size_t)(stop - row->text) : 0;
    if (size > HF_MAX_MESSAGE_BYTES)
        return hf_i_build_fail(
            r->build, HF_E_LIMIT, row->byte, row->line, "Take that message out of the file.",
            "a message has more than %llu bytes", (unsigned long long)HF_MAX_MESSAGE_BYTES);
    row->text_size = (uint32_t)size;
    if (!hf_i_utf8_valid(row->text, size)) {
        row->flags |= HF_I_ROW_INVALID_UTF8;
        HF_TRY(hf_i_build_warn(r->build, row->byte, row->line, "bytes that are not UTF-8"));
    }
    HF_TRY(hf_i_wa_set_kind(s->words, r->build, index, row->sender >= 0));
    return HF_OK;
}

static hf_status start_row(hf_i_reader *r, const hf_i_wa_header *h, const char *body,
                           const char *stop)
{
    state *s = r->state;
    hf_i_row *row;
    int32_t author;
    const char *text;
    HF_TRY(hf_i_wa_author(s->authors, body, stop, &author, &text));
    HF_TRY(hf_i_build_raw_row(r->build, &row));
    row->t_ms = hf_i_wa_pack(h);
    row->byte = (uint64_t)(s->p - s->data);
    row->line = s->line <= UINT32_MAX ? (uint32_t)s->line : 0;
    row->text = text;
    row->sender = (int16_t)author;
    s->by_layout[h->layout]++;
    s->open = true;
    return HF_OK;
}

/* A line before the first message. */
static hf_status note_line(hf_i_reader *r, const char *stop)
{
    state *s = r->state;
    if (stop > s->p && stop[-1] == '\r')
        stop--;
    const char *p = hf_i_wa_skip_marks(s->p, stop);
    if (p == stop)
        return HF_OK;
    uint64_t byte = (uint64_t)(s->p - s->data);
    hf_message m = HF_I_MESSAGE_INIT;
    m.kind = HF_KIND_NOTE;
    m.text = (hf_text){p, (size_t)(stop - p)};
    m.src = (hf_source){0, byte, s->line};
    HF_TRY(hf_i_build_warn(r->build, byte, s->line,
                           "the line is not in the form of a message: kept as a note"));
    return hf_i_build_message(r->build, &m, (hf_text){NULL, 0}, HF_I_BORROW);
}

static hf_status scan_line(hf_i_reader *r, const char *stop)
{
    state *s = r->state;
    const char *line_end = stop > s->p && stop[-1] == '\r' ? stop - 1 : stop;
    const char *body = stop > s->p && may_start((unsigned char)*s->p)
                           ? hf_i_wa_header_parse_like(s->p, line_end, s->before, &s->header)
                           : NULL;
    if (may_start((unsigned char)*s->p))
        s->before = body ? s->p : NULL;
    if (body && s->header.layout == HF_I_WA_BARE && !s->allow_bare) {
        HF_TRY(hf_i_build_warn(r->build, (uint64_t)(s->p - s->data), s->line,
                               "a line looks like the start of a message of another form: left "
                               "as text"));
        body = NULL;
    }
    if (!body)
        return s->open ? HF_OK : note_line(r, stop);
    HF_TRY(end_row(r, s->p));
    return start_row(r, &s->header, body, line_end);
}

static hf_status fail_long_line(hf_i_reader *r)
{
    const state *s = r->state;
    return hf_i_build_fail(r->build, HF_E_LIMIT, (uint64_t)(s->p - s->data), s->line,
                           "This is no chat export; if it is, take that line out.",
                           "a line has more than %llu bytes",
                           (unsigned long long)HF_MAX_LINE_BYTES);
}

/* ---- the end ------------------------------------------------------------------------------ */

static void set_limits(hf_i_reader *r)
{
    const state *s = r->state;
    hf_i_build *b = r->build;
    const hf_record *record = hf_i_build_record(b);
    uint64_t n = record->row_count - s->first_row, media = 0;
    bool edited = false, timer = false;
    for (size_t i = s->first_row; i < record->row_count; i++) {
        const hf_i_row *row = &record->rows[i];
        edited |= (row->flags & HF_I_ROW_EDITED) != 0;
        media += row->kind == HF_KIND_MEDIA && memchr(row->text, '.', row->text_size) != NULL;
        timer |= row->kind == HF_KIND_SYSTEM && row->text_size < 1000 &&
                 memmem(row->text, row->text_size, "disappearing", 12) != NULL;
    }
    bool ios = s->by_layout[HF_I_WA_BRACKET] > s->by_layout[HF_I_WA_DASH];
    bool bare =
        s->by_layout[HF_I_WA_BARE] > s->by_layout[HF_I_WA_BRACKET] + s->by_layout[HF_I_WA_DASH];
    hf_i_build_variant(b, bare ? "old" : ios ? "ios" : "android");
    hf_i_build_limit(b, HF_LIMIT_NO_READ_RECEIPTS);
    hf_i_build_limit(b, HF_LIMIT_NO_REACTIONS);
    hf_i_build_limit(b, HF_LIMIT_NO_REPLY_LINKS);
    if (!ios)
        hf_i_build_limit(b, HF_LIMIT_NO_CALLS);
    if (edited)
        hf_i_build_limit(b, HF_LIMIT_EDITED_TEXT_LOST);
    if (timer)
        hf_i_build_limit(b, HF_LIMIT_DISAPPEARING);
    if ((n > CAP - CAP_SLACK && n < CAP + CAP_SLACK) ||
        (media > 0 && n > CAP_WITH_MEDIA - CAP_SLACK / 4 && n < CAP_WITH_MEDIA + CAP_SLACK / 4))
        hf_i_build_limit(b, HF_LIMIT_POSSIBLY_CAPPED);
}

/* Blank lines at the end of a file belong to no message. */
static const char *last_text(const state *s)
{
    const char *p = s->end;
    while (p > s->data && (p[-1] == '\n' || p[-1] == '\r'))
        p--;
    return p;
}

static hf_status finish(hf_i_reader *r)
{
    state *s = r->state;
    hf_i_build *b = r->build;
    HF_TRY(end_row(r, last_text(s)));
    if (s->by_layout[0] + s->by_layout[1] + s->by_layout[2] == 0)
        return hf_i_build_fail(b, HF_E_FORMAT, 0, 1,
                               "'holdfast formats' lists what can be read and how to export it.",
                               "no line has the form of a WhatsApp message");
    HF_TRY(hf_i_wa_resolve_dates(b, s->first_row));
    HF_TRY(hf_i_wa_join_stray_headers(b, s->first_row));
    HF_TRY(hf_i_wa_resolve_authors(s->authors, s->words, b, s->first_row));
    set_limits(r);
    return HF_OK;
}

static hf_status next(hf_i_reader *r, bool *more)
{
    state *s = r->state;
    const char *until = s->end - s->p > STEP ? s->p + STEP : s->end;
    while (s->p < until) {
        size_t left = (size_t)(s->end - s->p);
        bool whole = left <= HF_MAX_LINE_BYTES;
        const char *nl = memchr(s->p, '\n', whole ? left : HF_MAX_LINE_BYTES + 1);
        if (!nl && !whole)
            return fail_long_line(r);
        const char *stop = nl ? nl : s->end;
        HF_TRY(scan_line(r, stop));
        s->line++;
        s->p = nl ? nl + 1 : s->end;
    }
    r->done = (uint64_t)(s->p - s->data);
    *more = s->p < s->end;
    return *more ? HF_OK : finish(r);
}

static hf_status open_whatsapp(hf_i_reader *r)
{
    HF_TRY(open_file(r));
    ((state *)r->state)->line = 1;
    return HF_OK;
}

static void close_whatsapp(hf_i_reader *r)
{
    state *s = r->state;
    if (!s)
        return;
    hf_i_wa_words_free(s->words);
    hf_i_wa_authors_free(s->authors);
    hf_i_free(r->ctx, s);
    r->state = NULL;
}

const hf_i_format hf_i_format_whatsapp = {
    .info =
        {"whatsapp", "WhatsApp chat export (.txt, .zip)",
         "In the chat: menu > More > Export chat (Android), or the contact's page > Export chat "
         "(iOS); choose 'without media'.",
         "Reactions, replies as links, read receipts, earlier wordings; at most about 40,000 "
         "messages (10,000 with media); times are those of the exporting phone.",
         true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_whatsapp,
    .next = next,
    .close = close_whatsapp,
};
