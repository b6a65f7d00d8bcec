/* SPDX-License-Identifier: MIT */
/* Transcripts as plain text: Otter ("Name  0:03"), Rev ("Name (00:00:03):"), the chat of a Zoom
 * meeting, and the like. A line that says who and when begins an utterance; the lines up to the
 * next one are its text. Only starts are known. */
#include "record/formats/lines.h"

#include <string.h>

enum { STEP_LINES = 5000, NAME_BYTES = 64, PROBE_LINES = 400 };

typedef enum { NONE, OTTER, REV, ZOOM_CHAT } layout;

static const char *const layout_names[] = {"", "otter", "rev", "zoom chat"};

/* A line that begins an utterance. */
typedef struct {
    hf_text name, text; /* text: what stands on the same line */
    int64_t t_ms;
} head;

/* "3:05", "1:02:03", "00:00:03.250" at text[*at]. */
static bool clock_at(const char *p, size_t size, size_t *at, int64_t *ms)
{
    int64_t part[3] = {0}, fraction = 0;
    size_t i = *at;
    int n = 0;
    do {
        size_t from = i;
        if (n == 3 || !hf_i_read_digits(p, size, &i, n ? 2 : 3, &part[n]) || (n && i - from != 2))
            return false;
        n++;
    } while (i < size && p[i] == ':' && ++i);
    if (n < 2 || part[n - 1] > 59 || (n == 3 && part[1] > 59))
        return false;
    if (i + 1 < size && p[i] == '.' && p[i + 1] >= '0' && p[i + 1] <= '9') {
        size_t from = ++i;
        hf_i_read_digits(p, size, &i, 3, &fraction);
        for (size_t d = i - from; d < 3; d++)
            fraction *= 10;
    }
    int64_t hours = n == 3 ? part[0] : 0;
    *ms = ((hours * 60 + part[n - 2]) * 60 + part[n - 1]) * 1000 + fraction;
    *at = i;
    return true;
}

static bool good_name(hf_text t)
{
    return t.size > 0 && t.size <= NAME_BYTES && !memchr(t.data, '\t', t.size) &&
           !memchr(".?!", t.data[t.size - 1], 3);
}

/* "Name  0:03": two blanks or a tab before the time, nothing behind it. */
static bool otter_head(const char *p, size_t size, head *out)
{
    hf_text t = hf_i_trimmed((hf_text){p, size});
    size_t i = t.size;
    while (i > 0 && ((t.data[i - 1] >= '0' && t.data[i - 1] <= '9') || t.data[i - 1] == ':'))
        i--;
    size_t at = i;
    if (i < 3 || !clock_at(t.data, t.size, &at, &out->t_ms) || at != t.size)
        return false;
    bool apart = t.data[i - 1] == '\t' || (t.data[i - 1] == ' ' && t.data[i - 2] == ' ') ||
                 (t.data[i - 1] == ' ' && i > 3 && memcmp(t.data + i - 3, "\xC2\xA0", 2) == 0);
    out->name = hf_i_trimmed((hf_text){t.data, i});
    out->text = (hf_text){NULL, 0};
    return apart && good_name(out->name);
}

/* "Speaker 1 (00:00:03): text", also with the text on the next line. */
static bool rev_head(const char *p, size_t size, head *out)
{
    const char *open = memchr(p, '(', size < NAME_BYTES + 2 ? size : NAME_BYTES + 2);
    if (!open || open == p)
        return false;
    size_t i = (size_t)(open - p) + 1;
    if (!clock_at(p, size, &i, &out->t_ms) || i >= size || p[i] != ')')
        return false;
    i++;
    if (i < size && p[i] == ':')
        i++;
    else if (i < size && p[i] != ' ')
        return false;
    out->name = hf_i_trimmed((hf_text){p, (size_t)(open - p)});
    if (out->name.size && out->name.data[out->name.size - 1] == ':')
        out->name.size--;
    out->text = hf_i_trimmed((hf_text){p + i, size - i});
    return good_name(out->name);
}

/* "10:15:02 From Ann to Everyone: text", "00:03:05\tAnn:\ttext", "[Ann] 00:03:05 text". */
static bool zoom_head(const char *p, size_t size, head *out)
{
    size_t i = 0;
    if (size && p[0] == '[') {
        const char *close = memchr(p, ']', size < NAME_BYTES ? size : NAME_BYTES);
        if (!close)
            return false;
        out->name = hf_i_trimmed((hf_text){p + 1, (size_t)(close - p) - 1});
        for (i = (size_t)(close - p) + 1; i < size && (p[i] == ' ' || p[i] == '\t');)
            i++;
        if (!clock_at(p, size, &i, &out->t_ms))
            return false;
        i += i < size && p[i] == ':';
        out->text = hf_i_trimmed((hf_text){p + i, size - i});
        return good_name(out->name) && out->name.data[0] > ' ';
    }
    if (!clock_at(p, size, &i, &out->t_ms) || i < 7 || i >= size || (p[i] != ' ' && p[i] != '\t'))
        return false;
    while (i < size && (p[i] == ' ' || p[i] == '\t'))
        i++;
    bool from = hf_i_starts_with(p + i, size - i, "From ");
    i += from ? 5 : 0;
    const char *colon = i < size ? memchr(p + i, ':', size - i) : NULL;
    if (!colon || (size_t)(colon - p) - i > 2 * NAME_BYTES)
        return false;
    hf_text who = hf_i_trimmed((hf_text){p + i, (size_t)(colon - p) - i});
    const char *to = from ? memmem(who.data, who.size, " to ", 4) : NULL;
    if (to)
        who.size = (size_t)(to - who.data);
    out->name = hf_i_trimmed(who);
    out->text = hf_i_trimmed((hf_text){colon + 1, size - (size_t)(colon + 1 - p)});
    return good_name(out->name);
}

static layout head_of(const char *p, size_t size, layout only, head *out)
{
    if ((only == NONE || only == OTTER) && otter_head(p, size, out))
        return OTTER;
    if ((only == NONE || only == REV) && rev_head(p, size, out))
        return REV;
    return (only == NONE || only == ZOOM_CHAT) && zoom_head(p, size, out) ? ZOOM_CHAT : NONE;
}

static layout find_layout(const char *data, size_t size, size_t *heads, size_t *lines)
{
    hf_i_lines l;
    size_t votes[4] = {0};
    head h;
    *lines = 0;
    hf_i_lines_init(&l, data, size);
    for (int i = 0; i < PROBE_LINES && hf_i_lines_next(&l); i++) {
        *lines += !hf_i_line_is_blank(&l);
        votes[head_of(l.text, l.size, NONE, &h)]++;
    }
    layout best = OTTER;
    for (layout k = REV; k <= ZOOM_CHAT; k++)
        best = votes[k] > votes[best] ? k : best;
    *heads = votes[best];
    return *heads ? best : NONE;
}

static int probe(const hf_i_probe *p)
{
    size_t heads, lines;
    if (p->size == 0 || memchr(p->head, 0, p->size) || memchr("{<", p->head[0], 2))
        return 0;
    layout k = find_layout(p->head, p->size, &heads, &lines);
    if (k == NONE || (heads < 2 && lines > 6))
        return 0;
    size_t share = k == ZOOM_CHAT ? 2 : 12; /* paragraphs may go over many lines */
    return share * heads >= lines ? 70 : 0;
}

typedef struct {
    hf_i_blob blob;
    hf_i_lines lines;
    layout layout;
    bool open;
    head head;
    hf_source src;
    hf_i_buf text;
    size_t rows;
} state;

static hf_status open_text(hf_i_reader *r)
{
    state *s = hf_i_calloc(r->ctx, 1, sizeof *s);
    size_t heads, lines;
    if (!s)
        return HF_E_NOMEM;
    r->state = s;
    hf_i_buf_init(&s->text, r->ctx, HF_MAX_MESSAGE_BYTES, "an utterance");
    HF_TRY(hf_i_open_entry(r, r->entries[0], true, &s->blob));
    size_t look = s->blob.size < HF_I_HEAD_SIZE ? s->blob.size : HF_I_HEAD_SIZE;
    s->layout = find_layout(s->blob.data, look, &heads, &lines);
    if (s->layout == NONE)
        return hf_i_build_fail(r->build, HF_E_FORMAT, 0, 1, NULL,
                               "no line of the text says who speaks and when");
    hf_i_lines_init(&s->lines, s->blob.data, s->blob.size);
    hf_i_build_variant(r->build, layout_names[s->layout]);
    hf_i_build_limit(r->build, HF_LIMIT_START_TIMES_ONLY);
    hf_i_build_limit(r->build, HF_LIMIT_NO_READ_RECEIPTS);
    return HF_OK;
}

static hf_status put_row(hf_i_reader *r, state *s)
{
    hf_message m = HF_I_MESSAGE_INIT;
    if (!s->open)
        return HF_OK;
    s->open = false;
    m.text = hf_i_trimmed((hf_text){s->text.data, s->text.len});
    m.kind = HF_KIND_TEXT;
    m.t_ms = s->head.t_ms;
    m.t_kind = HF_TIME_MEDIA;
    m.t_res_ms = s->head.t_ms % 1000 ? 1 : 1000;
    m.src = s->src;
    s->rows++;
    HF_TRY(hf_i_build_person(r->build, s->head.name.data, s->head.name.size, &m.sender));
    return hf_i_build_message(r->build, &m, (hf_text){NULL, 0}, HF_I_COPY);
}

/* Title and date before the first speaker. */
static hf_status put_note(hf_i_reader *r, const state *s)
{
    hf_message m = HF_I_MESSAGE_INIT;
    m.kind = HF_KIND_NOTE;
    m.text = (hf_text){s->lines.text, s->lines.size};
    m.src = (hf_source){0, s->lines.byte, s->lines.line};
    return hf_i_line_is_blank(&s->lines)
               ? HF_OK
               : hf_i_build_message(r->build, &m, (hf_text){NULL, 0}, HF_I_BORROW);
}

static hf_status read_line(hf_i_reader *r, state *s)
{
    const hf_i_lines *l = &s->lines;
    head h;
    if (head_of(l->text, l->size, s->layout, &h) != NONE) {
        HF_TRY(put_row(r, s));
        s->head = h;
        s->open = true;
        s->src = (hf_source){0, l->byte, l->line};
        hf_i_buf_clear(&s->text);
        return hf_i_buf_add(&s->text, h.text.data ? h.text.data : "", h.text.size);
    }
    if (hf_i_starts_with(l->text, l->size, "Transcribed by http"))
        HF_TRY(put_row(r, s)); /* Otter's own last line */
    if (!s->open)
        return put_note(r, s);
    if (s->text.len)
        HF_TRY(hf_i_buf_add_char(&s->text, '\n'));
    return hf_i_buf_add(&s->text, l->text, l->size);
}

static hf_status next(hf_i_reader *r, bool *more)
{
    state *s = r->state;
    *more = true;
    for (int i = 0; i < STEP_LINES && *more; i++) {
        *more = hf_i_lines_next(&s->lines);
        if (*more)
            HF_TRY(read_line(r, s));
    }
    r->done = s->lines.at;
    if (*more)
        return HF_OK;
    HF_TRY(put_row(r, s));
    return s->rows ? HF_OK
                   : hf_i_build_fail(r->build, HF_E_FORMAT, 0, 1, NULL,
                                     "the transcript has no utterances");
}

static void close_text(hf_i_reader *r)
{
    state *s = r->state;
    if (!s)
        return;
    hf_i_buf_dispose(&s->text);
    hf_i_free(r->ctx, s);
    r->state = NULL;
}

const hf_i_format hf_i_format_transcript = {
    .info = {"transcript", "Transcript as text: Otter, Rev, Zoom chat (.txt)",
             "Otter: Export, TXT with speakers and timestamps. Rev: TXT. Zoom: the saved chat.",
             "Only the start of each utterance, to the second.", true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_text,
    .next = next,
    .close = close_text,
};
