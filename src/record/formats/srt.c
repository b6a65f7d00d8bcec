/* SPDX-License-Identifier: MIT */
/* SubRip (.srt) and YouTube's older .sbv: a number, a time line, text; the blank line between two
 * captions may be missing. */
#include "record/formats/captions.h"

#include <string.h>

static void skip_blanks(const hf_i_lines *l, size_t *i)
{
    while (*i < l->size && (l->text[*i] == ' ' || l->text[*i] == '\t'))
        ++*i;
}

/* "00:00:01,000 --> 00:00:04,000 X1:40"; "0:00:00.378,0:00:11.378" with sbv. */
static bool read_timing(const hf_i_lines *l, hf_i_cue *cue, bool *sbv)
{
    size_t i = 0;
    skip_blanks(l, &i);
    if (!hf_i_cue_time(l->text, l->size, &i, &cue->start))
        return false;
    *sbv = i < l->size && l->text[i] == ',';
    if (*sbv) {
        i++;
    } else {
        skip_blanks(l, &i);
        if (!hf_i_starts_with(l->text + i, l->size - i, "-->"))
            return false;
        i += 3;
        skip_blanks(l, &i);
    }
    return hf_i_cue_time(l->text, l->size, &i, &cue->end) &&
           (i == l->size || l->text[i] == ' ' || l->text[i] == '\t');
}

static bool is_number(const hf_i_lines *l)
{
    hf_text t = hf_i_trimmed((hf_text){l->text, l->size});
    for (size_t i = 0; i < t.size; i++)
        if (t.data[i] < '0' || t.data[i] > '9')
            return false;
    return t.size > 0 && t.size < 10;
}

static int probe(const hf_i_probe *p)
{
    hf_i_lines l;
    hf_i_cue cue = {0};
    bool sbv = false;
    hf_i_lines_init(&l, p->head, p->size);
    for (int seen = 0; seen < 8 && hf_i_lines_next(&l);) {
        if (hf_i_line_is_blank(&l))
            continue;
        if (read_timing(&l, &cue, &sbv))
            return 90;
        seen++;
    }
    return 0;
}

/* What stands between one time line and the next. */
typedef struct {
    hf_i_lines lines;
    hf_i_cue cue;
    bool open;             /* the cue's text goes on */
    const char *from, *to; /* of it */
    hf_text stray;         /* lines outside of captions */
    uint64_t stray_line;
    hf_text number; /* a line that is a number only: perhaps the next caption's */
    uint64_t number_byte, number_line;
} parser;

static hf_status finish_cue(hf_i_reader *r, hf_i_cues *c, parser *p)
{
    if (!p->open)
        return HF_OK;
    p->open = false;
    p->cue.text = hf_i_trimmed((hf_text){p->from, (size_t)(p->to - p->from)});
    if (p->cue.text.size == 0)
        return HF_OK;
    if (p->cue.end < p->cue.start)
        HF_TRY(
            hf_i_build_warn(r->build, p->cue.byte, p->cue.line, "a caption ends before it starts"));
    return hf_i_cues_add(r, c, &p->cue);
}

static hf_status finish_stray(hf_i_reader *r, hf_i_cues *c, parser *p)
{
    hf_text t = p->stray;
    p->stray = (hf_text){NULL, 0};
    return t.size ? hf_i_cues_note(r, c, t.data, t.data + t.size, p->stray_line) : HF_OK;
}

static void text_line(parser *p, hf_text t, uint64_t line)
{
    if (p->open) {
        p->to = t.data + t.size;
        return;
    }
    if (!p->stray.size) {
        p->stray = t;
        p->stray_line = line;
    }
    p->stray.size = (size_t)(t.data + t.size - p->stray.data);
}

static void use_number_as_text(parser *p)
{
    if (p->number.size)
        text_line(p, p->number, p->number_line);
    p->number.size = 0;
}

static hf_status start_cue(hf_i_reader *r, hf_i_cues *c, parser *p, const hf_i_cue *cue)
{
    HF_TRY(finish_cue(r, c, p));
    HF_TRY(finish_stray(r, c, p));
    p->cue = *cue;
    if (p->number.size) {
        p->cue.byte = p->number_byte;
        p->cue.line = p->number_line;
        p->number.size = 0;
    }
    p->open = true;
    p->from = p->to = p->lines.data + p->lines.at;
    return HF_OK;
}

static hf_status read_line(hf_i_reader *r, hf_i_cues *c, parser *p)
{
    const hf_i_lines *l = &p->lines;
    hf_text text = {l->text, l->size};
    hf_i_cue cue = {.byte = l->byte, .line = l->line};
    bool sbv;
    if (read_timing(l, &cue, &sbv))
        return start_cue(r, c, p, &cue);
    use_number_as_text(p);
    if (hf_i_line_is_blank(l)) {
        if (p->open && p->to > p->from)
            HF_TRY(finish_cue(r, c, p));
        return finish_stray(r, c, p);
    }
    if (is_number(l)) {
        p->number = text;
        p->number_byte = l->byte;
        p->number_line = l->line;
        return HF_OK;
    }
    text_line(p, text, l->line);
    return HF_OK;
}

static hf_status open_srt(hf_i_reader *r)
{
    hf_i_cues *c;
    HF_TRY(hf_i_cues_open(r, &c));
    parser p = {0};
    hf_i_lines_init(&p.lines, c->blob.data, c->blob.size);
    while (hf_i_lines_next(&p.lines))
        HF_TRY(read_line(r, c, &p));
    use_number_as_text(&p);
    HF_TRY(finish_cue(r, c, &p));
    HF_TRY(finish_stray(r, c, &p));
    return hf_i_cues_start(r, c);
}

const hf_i_format hf_i_format_srt = {
    .info = {"srt", "SubRip or SBV transcript (.srt, .sbv)",
             "Most transcription tools and video sites offer subtitles as .srt.",
             "Times are those of captions: no pauses below 2 to 3 seconds, no overlap.", true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_srt,
    .next = hf_i_cues_next,
    .close = hf_i_cues_close,
};
