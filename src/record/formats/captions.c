/* SPDX-License-Identifier: MIT */
/* From cues to utterances. Who speaks stands in a voice mark, in a comment before the cue, or in
 * the text before a colon; the last is believed where it is the file's habit or comes back. */
#include "record/formats/captions.h"

#include <string.h>

enum { STEP_CUES = 4000, MAX_NAMES = 512, PARTS_BACK = 256, MAX_PARTS = 64 };

typedef struct hf_i_cue_names {
    hf_text name[MAX_NAMES];
    uint32_t uses[MAX_NAMES];
    size_t count;
} hf_i_cue_names;

bool hf_i_cue_time(const char *text, size_t size, size_t *at, int64_t *ms)
{
    int64_t part[3] = {0}, fraction = 0;
    size_t i = *at;
    int n = 0;
    do {
        if (n == 3 || !hf_i_read_digits(text, size, &i, n ? 2 : 9, &part[n]))
            return false;
        n++;
    } while (i < size && text[i] == ':' && ++i);
    if (n < 2 || i >= size || (text[i] != '.' && text[i] != ','))
        return false;
    size_t from = ++i;
    if (!hf_i_read_digits(text, size, &i, 9, &fraction))
        return false;
    for (size_t digits = i - from; digits > 3; digits--)
        fraction /= 10;
    for (size_t digits = i - from; digits < 3; digits++)
        fraction *= 10;
    int64_t hours = n == 3 ? part[0] : 0, minutes = part[n - 2], seconds = part[n - 1];
    if (seconds > 59 || (n == 3 && minutes > 59))
        return false;
    *ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction;
    *at = i;
    return true;
}

hf_status hf_i_cues_open(hf_i_reader *r, hf_i_cues **out)
{
    hf_i_cues *c = hf_i_calloc(r->ctx, 1, sizeof *c);
    if (!c)
        return HF_E_NOMEM;
    r->state = *out = c;
    hf_i_buf_init(&c->text, r->ctx, HF_MAX_MESSAGE_BYTES, "an utterance");
    hf_i_buf_init(&c->shown, r->ctx, HF_MAX_MESSAGE_BYTES, "a caption");
    hf_i_buf_init(&c->before, r->ctx, HF_MAX_MESSAGE_BYTES, "a caption");
    return hf_i_open_entry(r, r->entries[0], true, &c->blob);
}

void hf_i_cues_close(hf_i_reader *r)
{
    hf_i_cues *c = r->state;
    if (!c)
        return;
    hf_i_buf_dispose(&c->text);
    hf_i_buf_dispose(&c->shown);
    hf_i_buf_dispose(&c->before);
    hf_i_free(r->ctx, c->names);
    hf_i_free(r->ctx, c->cues);
    hf_i_free(r->ctx, c);
    r->state = NULL;
}

/* "guid/12-3": the third piece of utterance 12 (Teams). The size of the part before the dash. */
static size_t piece_of(hf_text id, int64_t *piece)
{
    size_t i = id.size;
    while (i > 0 && id.data[i - 1] >= '0' && id.data[i - 1] <= '9')
        i--;
    size_t at = i, dash = i;
    if (i == id.size || i < 2 || id.data[i - 1] != '-')
        return 0;
    for (i--; i > 0 && id.data[i - 1] >= '0' && id.data[i - 1] <= '9';)
        i--;
    if (i == 0 || i == dash - 1 || id.data[i - 1] != '/')
        return 0;
    return hf_i_read_digits(id.data, id.size, &at, 9, piece) ? dash - 1 : 0;
}

/* A piece joins the first cue of its utterance, in the order of the pieces. */
static void join_pieces(hf_i_cues *c)
{
    hf_i_cue *cue = &c->cues[c->count - 1];
    int64_t piece, other;
    size_t stem = piece_of(cue->id, &piece);
    if (!stem)
        return;
    for (size_t back = 1; back < c->count && back <= PARTS_BACK; back++) {
        hf_i_cue *head = &c->cues[c->count - 1 - back];
        size_t its = head->is_part || head->is_note ? 0 : piece_of(head->id, &other);
        if (its != stem || memcmp(head->id.data, cue->id.data, stem) != 0)
            continue;
        while (head->next_part) {
            hf_i_cue *next = &c->cues[head->next_part];
            if (piece_of(next->id, &other) && other > piece)
                break;
            head = next;
        }
        cue->next_part = head->next_part;
        head->next_part = (uint32_t)(c->count - 1);
        cue->is_part = true;
        return;
    }
}

hf_status hf_i_cues_add(hf_i_reader *r, hf_i_cues *c, const hf_i_cue *cue)
{
    HF_TRY(hf_i_grow(r->ctx, &c->cues, &c->capacity, c->count + 1, sizeof *c->cues, UINT32_MAX - 1,
                     "captions in one file"));
    c->cues[c->count++] = *cue;
    if (!cue->is_note && cue->id.size)
        join_pieces(c);
    return HF_OK;
}

hf_status hf_i_cues_note(hf_i_reader *r, hf_i_cues *c, const char *from, const char *to,
                         uint64_t line)
{
    hf_text text = hf_i_trimmed((hf_text){from, (size_t)(to - from)});
    if (text.size == 0)
        return HF_OK;
    hf_i_cue cue = {.text = text, .line = line, .is_note = true};
    cue.byte = (uint64_t)(from - c->blob.data);
    HF_TRY(hf_i_build_warn(r->build, cue.byte, line, "no caption with a time: kept as a note"));
    return hf_i_cues_add(r, c, &cue);
}

/* ---- speakers ----------------------------------------------------------------------------- */

static bool line_of(hf_text all, size_t *at, hf_text *line)
{
    if (*at >= all.size)
        return false;
    const char *p = all.data + *at, *nl = memchr(p, '\n', all.size - *at);
    *line = (hf_text){p, nl ? (size_t)(nl - p) : all.size - *at};
    *at += line->size + 1;
    return true;
}

static uint32_t *uses_of(hf_i_cue_names *n, hf_text name, bool make)
{
    for (size_t i = 0; i < n->count; i++)
        if (n->name[i].size == name.size && memcmp(n->name[i].data, name.data, name.size) == 0)
            return &n->uses[i];
    if (!make || n->count == MAX_NAMES)
        return NULL;
    n->name[n->count] = name;
    n->uses[n->count] = 0;
    return &n->uses[n->count++];
}

static bool first_line_repeats(const hf_i_cue *before, const hf_i_cue *cue)
{
    hf_text a = hf_i_trimmed(before->text), b = cue->text, last = {0}, first = {0};
    size_t at = 0;
    while (line_of(a, &at, &last))
        ;
    at = 0;
    return line_of(b, &at, &first) && at < b.size && first.size > 1 &&
           hf_i_trimmed(last).size == hf_i_trimmed(first).size &&
           memcmp(hf_i_trimmed(last).data, hf_i_trimmed(first).data, hf_i_trimmed(first).size) == 0;
}

hf_status hf_i_cues_start(hf_i_reader *r, hf_i_cues *c)
{
    c->names = hf_i_calloc(r->ctx, 1, sizeof *c->names);
    if (!c->names)
        return HF_E_NOMEM;
    size_t cues = 0, named = 0, repeats = 0, timed = 0;
    for (size_t i = 0; i < c->count; i++) {
        const hf_i_cue *cue = &c->cues[i];
        hf_text line, name;
        size_t before = named;
        if (cue->is_note)
            continue;
        for (size_t at = 0; line_of(cue->text, &at, &line);)
            if (hf_i_cue_speaker(line, &name)) {
                uint32_t *uses = uses_of(c->names, name, true);
                if (uses)
                    ++*uses;
                named = before + 1;
            }
        cues++;
        timed += hf_i_cue_has_times(cue->text);
        repeats += i > 0 && first_line_repeats(&c->cues[i - 1], cue);
    }
    c->by_line = 2 * named >= cues;
    c->rolling = timed > 0 || (repeats >= 3 && 3 * repeats >= cues);
    if (cues == 0)
        return hf_i_build_fail(r->build, HF_E_FORMAT, 0, 1, "Export the transcript again.",
                               "the file holds no captions");
    hf_i_build_limit(r->build, HF_LIMIT_CAPTION_TIMES);
    hf_i_build_limit(r->build, HF_LIMIT_NO_READ_RECEIPTS);
    return HF_OK;
}

/* The bytes before the text of a line, and the name there; 0 when the line names nobody. */
static size_t believed_speaker(const hf_i_cues *c, hf_text line, hf_text *name)
{
    size_t n = hf_i_cue_speaker(line, name);
    if (n == 0)
        return 0;
    const uint32_t *uses = uses_of(c->names, *name, false);
    bool dash = line.data[0] == '-';
    return c->by_line || dash || (uses && *uses >= 2) ? n : 0;
}

/* ---- rows --------------------------------------------------------------------------------- */

static hf_status put_row(hf_i_reader *r, hf_i_cues *c, const hf_i_cue *cue, hf_text speaker,
                         hf_text text, int64_t end)
{
    hf_message m = HF_I_MESSAGE_INIT;
    m.text = hf_i_trimmed(text);
    if (m.text.size == 0)
        return HF_OK;
    m.kind = HF_KIND_TEXT;
    m.src = (hf_source){0, cue->byte, cue->line};
    m.t_ms = cue->start;
    m.t_end_ms = end;
    m.t_kind = HF_TIME_MEDIA;
    m.t_res_ms = 1;
    char name[HF_MAX_NAME_BYTES];
    hf_i_buf plain;
    hf_i_buf_init(&plain, r->ctx, sizeof name, "a speaker's name");
    hf_status s = hf_i_cue_plain(&plain, speaker, c->entities);
    if (s == HF_OK) {
        hf_text clean = hf_i_trimmed((hf_text){plain.data, plain.len});
        s = hf_i_build_person(r->build, clean.data, clean.size, &m.sender);
    }
    hf_i_buf_dispose(&plain);
    return s == HF_OK ? hf_i_build_message(r->build, &m, (hf_text){NULL, 0}, HF_I_COPY) : s;
}

/* "- A: hello - B: hi" on one line: where the second begins, or the line's size. */
static size_t second_dash(const hf_i_cues *c, hf_text line)
{
    if (line.size < 2 || line.data[0] != '-')
        return line.size;
    for (size_t i = 2; i + 3 < line.size; i++) {
        hf_text rest = {line.data + i + 1, line.size - i - 1}, name;
        if (line.data[i] == ' ' && line.data[i + 1] == '-' && line.data[i + 2] == ' ' &&
            believed_speaker(c, rest, &name))
            return i + 1;
    }
    return line.size;
}

/* Text of one voice (or of none): lines that name their speaker, or begin with a dash beside
 * another one, are utterances of their own; others go on with the one before them. */
static hf_status split_lines(hf_i_reader *r, hf_i_cues *c, const hf_i_cue *cue, hf_text speaker,
                             hf_text all, int64_t end)
{
    hf_text line, name;
    size_t dashes = 0, from = 0, to = 0;
    for (size_t at = 0; line_of(all, &at, &line);)
        dashes += line.size > 1 && line.data[0] == '-';
    for (size_t at = 0; line_of(all, &at, &line);) {
        size_t cut = second_dash(c, line);
        if (cut < line.size) {
            at = (size_t)(line.data - all.data) + cut;
            line.size = cut;
        }
        size_t begin = (size_t)(line.data - all.data);
        size_t n = believed_speaker(c, line, &name);
        if (n || (dashes > 1 && line.size > 1 && line.data[0] == '-')) {
            HF_TRY(put_row(r, c, cue, speaker, (hf_text){all.data + from, to - from}, end));
            speaker = n ? name : cue->speaker;
            from = begin + n;
        }
        to = begin + line.size;
    }
    return put_row(r, c, cue, speaker, (hf_text){all.data + from, to - from}, end);
}

/* What a rolling caption shows new: its lines without those that the caption before it showed. */
static hf_text news(hf_i_cues *c, hf_text all)
{
    hf_text old = {c->before.data, c->before.len}, a, b;
    for (size_t start = 0; start < old.size;) {
        size_t i = start, j = 0, fit = 0;
        bool same = true;
        while (same && line_of(old, &i, &a)) {
            if (hf_i_trimmed(a).size == 0)
                continue;
            same = line_of(all, &j, &b) && hf_i_trimmed(a).size == hf_i_trimmed(b).size &&
                   memcmp(hf_i_trimmed(a).data, hf_i_trimmed(b).data, hf_i_trimmed(a).size) == 0;
            fit = j;
        }
        if (same && fit) {
            fit = fit < all.size ? fit : all.size;
            return (hf_text){all.data + fit, all.size - fit};
        }
        line_of(old, &start, &a);
    }
    return all;
}

/* The text of a cue and its pieces, without marks. */
static hf_status plain_text(hf_i_cues *c, const hf_i_cue *cue, size_t from, size_t to)
{
    hf_i_buf_clear(&c->text);
    return hf_i_cue_plain(&c->text, (hf_text){cue->text.data + from, to - from}, c->entities);
}

static hf_status add_pieces(hf_i_cues *c, const hf_i_cue *cue, int64_t *end)
{
    for (int n = 0; cue->next_part && n < MAX_PARTS; n++) {
        cue = &c->cues[cue->next_part];
        if (cue->end > *end)
            *end = cue->end;
        HF_TRY(hf_i_buf_add_char(&c->text, ' '));
        HF_TRY(hf_i_cue_plain(&c->text, cue->text, c->entities));
    }
    return HF_OK;
}

static hf_status put_voices(hf_i_reader *r, hf_i_cues *c, const hf_i_cue *cue)
{
    size_t start, end, next_start, next_end;
    hf_text name, next_name;
    bool more = hf_i_cue_voice(cue->text, 0, &start, &end, &name);
    int64_t until = cue->end;
    if (start > 0) {
        HF_TRY(plain_text(c, cue, 0, start));
        HF_TRY(put_row(r, c, cue, cue->speaker, (hf_text){c->text.data, c->text.len}, until));
    }
    while (more) {
        more = hf_i_cue_voice(cue->text, end, &next_start, &next_end, &next_name);
        HF_TRY(plain_text(c, cue, end, more ? next_start : cue->text.size));
        if (!more)
            HF_TRY(add_pieces(c, cue, &until));
        HF_TRY(put_row(r, c, cue, name, (hf_text){c->text.data, c->text.len}, until));
        name = next_name;
        end = next_end;
    }
    return HF_OK;
}

static hf_status put_cue(hf_i_reader *r, hf_i_cues *c, const hf_i_cue *cue)
{
    if (cue->is_note) {
        hf_message m = HF_I_MESSAGE_INIT;
        m.kind = HF_KIND_NOTE;
        m.text = cue->text;
        m.src = (hf_source){0, cue->byte, cue->line};
        return hf_i_build_message(r->build, &m, (hf_text){NULL, 0}, HF_I_BORROW);
    }
    size_t a, b;
    hf_text name;
    int64_t end = cue->end;
    if (hf_i_cue_voice(cue->text, 0, &a, &b, &name))
        return put_voices(r, c, cue);
    HF_TRY(plain_text(c, cue, 0, cue->text.size));
    HF_TRY(add_pieces(c, cue, &end));
    hf_text all = {c->text.data, c->text.len};
    if (!c->rolling)
        return split_lines(r, c, cue, cue->speaker, all, end);
    HF_TRY(split_lines(r, c, cue, cue->speaker, news(c, all), end));
    hf_i_buf_clear(&c->before);
    return hf_i_buf_add(&c->before, all.data, all.size);
}

hf_status hf_i_cues_next(hf_i_reader *r, bool *more)
{
    hf_i_cues *c = r->state;
    for (int i = 0; i < STEP_CUES && c->at < c->count; i++, c->at++)
        if (!c->cues[c->at].is_part)
            HF_TRY(put_cue(r, c, &c->cues[c->at]));
    *more = c->at < c->count;
    r->done = c->at ? c->cues[c->at - 1].byte : 0;
    return HF_OK;
}
