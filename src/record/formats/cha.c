/* SPDX-License-Identifier: MIT */
/* CHAT transcripts of TalkBank (.cha; MacWhinney, The CHILDES Project, CHAT manual). The main lines
 * become utterances as they stand, without their time bullets; what the manual forbids is said, and
 * the rest is read. */
#include "record/formats/cha.h"

#include <string.h>

enum { STEP_LINES = 4000 };

static int probe(const hf_i_probe *p)
{
    hf_i_lines l;
    hf_i_lines_init(&l, p->head, p->size);
    for (int i = 0; i < 12 && hf_i_lines_next(&l); i++)
        if (hf_i_starts_with(l.text, l.size, "@Begin") ||
            hf_i_starts_with(l.text, l.size, "@Participants:") ||
            hf_i_starts_with(l.text, l.size, "@UTF8"))
            return 95;
    return 0;
}

hf_status hf_i_cha_warn(hf_i_cha *c, const hf_i_cha_line *l, const char *what)
{
    return hf_i_build_warn(c->reader->build, l->byte, l->line, "%s", what);
}

size_t hf_i_cha_speaker(const hf_i_cha *c, hf_text code)
{
    size_t i = 0;
    while (i < c->speakers &&
           (c->codes[i].size != code.size || memcmp(c->codes[i].data, code.data, code.size) != 0))
        i++;
    return i;
}

bool hf_i_cha_word(hf_text body, size_t *at, hf_text *word)
{
    size_t i = *at;
    while (i < body.size && memchr(" \t\r\n", body.data[i], 4))
        i++;
    if (i >= body.size)
        return false;
    size_t from = i;
    char close = body.data[i] == '[' ? ']' : body.data[i] == '\x15' ? '\x15' : 0;
    const char *end =
        close && i + 1 < body.size ? memchr(body.data + i + 1, close, body.size - i - 1) : NULL;
    if (end)
        i = (size_t)(end - body.data) + 1;
    else
        i++;
    while (i < body.size && !memchr(" \t\r\n\x15", body.data[i], 5) &&
           !(body.data[i] == '[' && body.data[i - 1] == ']'))
        i++;
    *word = (hf_text){body.data + from, i - from};
    *at = i;
    return true;
}

bool hf_i_cha_bullet(hf_text w, int64_t *start, int64_t *end)
{
    if (w.size < 5 || w.data[0] != '\x15')
        return false;
    const char *last = memchr(w.data + 1, '\x15', w.size - 1);
    size_t stop = last ? (size_t)(last - w.data) : w.size, i = stop;
    /* The two numbers stand at the end; older files have a name before them. */
    while (i > 1 && ((w.data[i - 1] >= '0' && w.data[i - 1] <= '9') || w.data[i - 1] == '_'))
        i--;
    while (i < stop && w.data[i] == '_')
        i++;
    return hf_i_read_digits(w.data, stop, &i, 15, start) && i < stop && w.data[i] == '_' && ++i &&
           hf_i_read_digits(w.data, stop, &i, 15, end) && i == stop;
}

/* The next logical line. */
static bool next_line(hf_i_cha *c, hf_i_cha_line *l)
{
    hf_i_lines *s = &c->lines;
    if (!c->have && !hf_i_lines_next(s))
        return false;
    c->have = false;
    *l = (hf_i_cha_line){.text = {s->text, s->size}, .byte = s->byte, .line = s->line};
    while (hf_i_lines_next(s)) {
        if (s->size == 0 || s->text[0] != '\t') {
            c->have = true;
            break;
        }
        l->text.size = (size_t)(s->text + s->size - l->text.data);
    }
    const char *colon = memchr(l->text.data, ':', l->text.size);
    const char *tab = memchr(l->text.data, '\t', l->text.size);
    l->colon = colon && (!tab || colon < tab);
    size_t n = l->colon ? (size_t)(colon - l->text.data)
               : tab    ? (size_t)(tab - l->text.data)
                        : l->text.size;
    l->name = hf_i_trimmed((hf_text){l->text.data, n});
    n += l->colon ? 1 : 0;
    l->body = (hf_text){l->text.data + n, l->text.size - n};
    return true;
}

/* "CHI Ann Target_Child, MOT Mother". */
static hf_status read_participants(hf_i_cha *c, const hf_i_cha_line *l)
{
    c->participants_line = l->line;
    c->participants_byte = l->byte;
    for (size_t at = 0; at < l->body.size;) {
        const char *p = l->body.data + at, *comma = memchr(p, ',', l->body.size - at);
        size_t n = comma ? (size_t)(comma - p) : l->body.size - at;
        hf_text part = hf_i_trimmed((hf_text){p, n}), code = {0}, word, role = {0};
        for (size_t i = 0; hf_i_cha_word(part, &i, &word);) {
            if (!code.size)
                code = word;
            role = word;
        }
        at += n + 1;
        if (!code.size)
            continue;
        if (hf_i_cha_speaker(c, code) < c->speakers) {
            HF_TRY(hf_i_cha_warn(c, l, "a speaker is declared twice"));
        } else if (c->speakers < HF_I_CHA_SPEAKERS) {
            c->codes[c->speakers] = code;
            c->roles[c->speakers] = role;
            c->last_end[c->speakers++] = -1;
        }
        if (role.data == code.data)
            HF_TRY(hf_i_cha_warn(c, l, "a speaker is declared without a role"));
    }
    return HF_OK;
}

/* The text of a main line without its bullets; blanks at line ends become one. */
static hf_status plain(hf_i_buf *out, hf_text body)
{
    for (size_t i = 0; i < body.size;) {
        size_t from = i;
        while (i < body.size && (unsigned char)body.data[i] > '\x15')
            i++;
        HF_TRY(hf_i_buf_add(out, body.data + from, i - from));
        if (i < body.size && body.data[i] == '\x15') {
            const char *close = memchr(body.data + i + 1, '\x15', body.size - i - 1);
            i = close ? (size_t)(close - body.data) + 1 : body.size;
            continue;
        }
        while (i < body.size && (unsigned char)body.data[i] < '\x15')
            i++;
        if (i < body.size && out->len && out->data[out->len - 1] != ' ' && body.data[i] != ' ')
            HF_TRY(hf_i_buf_add_char(out, ' '));
    }
    return HF_OK;
}

static hf_status put_utterance(hf_i_cha *c, const hf_i_cha_line *l)
{
    hf_message m = HF_I_MESSAGE_INIT;
    hf_text word, code = {l->name.data + 1, l->name.size - 1};
    int64_t start, end;
    m.kind = HF_KIND_TEXT;
    m.src = (hf_source){0, l->byte, l->line};
    for (size_t at = 0; at < l->body.size;) {
        const char *bullet = memchr(l->body.data + at, '\x15', l->body.size - at);
        if (!bullet)
            break;
        at = (size_t)(bullet - l->body.data);
        if (!hf_i_cha_word(l->body, &at, &word))
            break;
        if (hf_i_cha_bullet(word, &start, &end)) {
            if (m.t_ms == HF_NO_TIME)
                m.t_ms = start;
            m.t_end_ms = end;
            m.t_kind = HF_TIME_MEDIA;
            m.t_res_ms = 1;
        }
    }
    HF_TRY(hf_i_build_person(c->reader->build, code.data, code.size, &m.sender));
    hf_i_buf_clear(&c->text);
    HF_TRY(hf_i_buf_add_str(&c->text, ""));
    HF_TRY(plain(&c->text, l->body));
    m.text = hf_i_trimmed((hf_text){c->text.data, c->text.len});
    c->rows++;
    return hf_i_build_message(c->reader->build, &m, (hf_text){NULL, 0}, HF_I_COPY);
}

static hf_status put_note(hf_i_cha *c, const hf_i_cha_line *l)
{
    hf_message m = HF_I_MESSAGE_INIT;
    m.kind = HF_KIND_NOTE;
    m.text = l->text;
    m.src = (hf_source){0, l->byte, l->line};
    return hf_i_build_message(c->reader->build, &m, (hf_text){NULL, 0}, HF_I_BORROW);
}

static hf_status missing_ids(hf_i_cha *c)
{
    for (size_t i = 0; i < c->speakers; i++)
        if (!c->identified[i])
            return hf_i_build_warn(c->reader->build, c->participants_byte, c->participants_line,
                                   "speaker %.*s has no @ID line", (int)c->codes[i].size,
                                   c->codes[i].data);
    return HF_OK;
}

static hf_status read_main(hf_i_cha *c, const hf_i_cha_line *l)
{
    if (!c->spoke)
        HF_TRY(missing_ids(c));
    c->spoke = true;
    if (l->name.size < 2 || !l->colon) {
        HF_TRY(hf_i_cha_warn(c, l, "a main line has no colon behind its speaker: kept as a note"));
        return put_note(c, l);
    }
    HF_TRY(hf_i_cha_check_main(c, l));
    return put_utterance(c, l);
}

static hf_status read_line(hf_i_cha *c, const hf_i_cha_line *l)
{
    if (hf_i_trimmed(l->text).size == 0)
        return HF_OK;
    char first = l->text.data[0];
    if (c->ended)
        HF_TRY(hf_i_cha_warn(c, l, "a line stands behind @End"));
    if (first != '@' && first != '*' && first != '%') {
        HF_TRY(hf_i_cha_warn(c, l, "a line that begins like none of CHAT: kept as a note"));
        return put_note(c, l);
    }
    if (first == '*')
        return read_main(c, l);
    if (first == '%')
        return hf_i_cha_check_tier(c, l);
    HF_TRY(hf_i_cha_check_header(c, l));
    return hf_i_text_is(l->name, "@Participants") ? read_participants(c, l) : HF_OK;
}

static hf_status open_cha(hf_i_reader *r)
{
    hf_i_cha *c = hf_i_calloc(r->ctx, 1, sizeof *c);
    if (!c)
        return HF_E_NOMEM;
    r->state = c;
    c->reader = r;
    c->last_start = -1;
    hf_i_buf_init(&c->text, r->ctx, HF_MAX_MESSAGE_BYTES, "an utterance");
    HF_TRY(hf_i_open_entry(r, r->entries[0], true, &c->blob));
    hf_i_lines_init(&c->lines, c->blob.data, c->blob.size);
    hf_i_build_limit(r->build, HF_LIMIT_NO_READ_RECEIPTS);
    return HF_OK;
}

static hf_status next(hf_i_reader *r, bool *more)
{
    hf_i_cha *c = r->state;
    hf_i_cha_line l;
    *more = true;
    for (int i = 0; i < STEP_LINES && *more; i++) {
        *more = next_line(c, &l);
        if (*more)
            HF_TRY(read_line(c, &l));
    }
    r->done = c->lines.at;
    if (*more)
        return HF_OK;
    if (c->rows == 0 && hf_i_build_row_count(r->build) == 0)
        return hf_i_build_fail(r->build, HF_E_FORMAT, 0, 1, NULL,
                               "the transcript has no utterances");
    if (!c->begun)
        HF_TRY(hf_i_build_warn(r->build, 0, 1, "there is no @Begin"));
    if (!c->ended)
        HF_TRY(hf_i_build_warn(r->build, c->lines.byte, c->lines.line,
                               "there is no @End: the file may be cut off"));
    return HF_OK;
}

static void close_cha(hf_i_reader *r)
{
    hf_i_cha *c = r->state;
    if (!c)
        return;
    hf_i_buf_dispose(&c->text);
    hf_i_free(r->ctx, c);
    r->state = NULL;
}

const hf_i_format hf_i_format_cha = {
    .info = {"cha", "CHAT transcript of TalkBank (.cha)",
             "CLAN and TalkBank's browser hold transcripts as .cha.",
             "Times only where the transcriber set time bullets.", true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_cha,
    .next = next,
    .close = close_cha,
};
