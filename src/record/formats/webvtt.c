/* SPDX-License-Identifier: MIT */
/* WebVTT (W3C, 2019): Teams, Zoom, YouTube, Daily and others. */
#include "record/formats/captions.h"

#include <string.h>

static bool is_magic(const char *p, size_t size)
{
    if (size >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) {
        p += 3;
        size -= 3;
    }
    return size >= 6 && memcmp(p, "WEBVTT", 6) == 0 &&
           (size == 6 || memchr(" \t\r\n", p[6], 4) != NULL);
}

static int probe(const hf_i_probe *p)
{
    return is_magic(p->head, p->size) ? 100 : 0;
}

static bool has_arrow(const hf_i_lines *l)
{
    for (size_t i = 0; i + 2 < l->size; i++)
        if (l->text[i] == '-' && l->text[i + 1] == '-' && l->text[i + 2] == '>')
            return true;
    return false;
}

static bool read_timing(const hf_i_lines *l, hf_i_cue *cue)
{
    size_t i = 0;
    while (i < l->size && (l->text[i] == ' ' || l->text[i] == '\t'))
        i++;
    if (!hf_i_cue_time(l->text, l->size, &i, &cue->start))
        return false;
    while (i < l->size && (l->text[i] == ' ' || l->text[i] == '\t'))
        i++;
    if (!hf_i_starts_with(l->text + i, l->size - i, "-->"))
        return false;
    for (i += 3; i < l->size && (l->text[i] == ' ' || l->text[i] == '\t');)
        i++;
    return hf_i_cue_time(l->text, l->size, &i, &cue->end) &&
           (i == l->size || l->text[i] == ' ' || l->text[i] == '\t');
}

static bool is_word(const hf_i_lines *l, const char *word)
{
    size_t n = strlen(word);
    return hf_i_starts_with(l->text, l->size, word) &&
           (l->size == n || l->text[n] == ' ' || l->text[n] == '\t' || l->text[n] == ':');
}

typedef struct {
    hf_i_lines lines;
    bool have;       /* lines holds a line that was not used yet */
    hf_text speaker; /* of "NOTE Speaker 1" */
} parser;

static bool take(parser *p)
{
    if (p->have) {
        p->have = false;
        return true;
    }
    return hf_i_lines_next(&p->lines);
}

/* Lines up to a blank one, or to the next cue. */
static const char *skip_block(parser *p, const char *to)
{
    while (hf_i_lines_next(&p->lines)) {
        if (p->lines.size == 0)
            return to;
        if (has_arrow(&p->lines)) {
            p->have = true;
            return to;
        }
        to = p->lines.text + p->lines.size;
    }
    return to;
}

/* "NOTE Speaker 1" says who speaks from here on. */
static void read_note(parser *p)
{
    hf_text t = hf_i_trimmed((hf_text){p->lines.text + 4, p->lines.size - 4});
    if (t.size > 8 && hf_i_text_is_nocase((hf_text){t.data, 7}, "speaker") &&
        (t.data[7] == ' ' || t.data[7] == ':'))
        p->speaker = t.data[7] == ':' ? hf_i_trimmed((hf_text){t.data + 8, t.size - 8}) : t;
    skip_block(p, p->lines.text);
}

static hf_status read_cue(hf_i_reader *r, hf_i_cues *c, parser *p, hf_text id, uint64_t byte,
                          uint64_t line)
{
    hf_i_cue cue = {.id = id, .byte = byte, .line = line, .speaker = p->speaker};
    const char *from = p->lines.text;
    if (!read_timing(&p->lines, &cue)) {
        const char *to = skip_block(p, from + p->lines.size);
        return hf_i_cues_note(r, c, c->blob.data + byte, to, line);
    }
    from = p->lines.data + p->lines.at;
    const char *to = skip_block(p, from);
    cue.text = (hf_text){from, to > from ? (size_t)(to - from) : 0};
    if (cue.text.size == 0)
        return HF_OK;
    if (cue.end < cue.start)
        HF_TRY(hf_i_build_warn(r->build, byte, line, "a caption ends before it starts"));
    return hf_i_cues_add(r, c, &cue);
}

static hf_status read_block(hf_i_reader *r, hf_i_cues *c, parser *p)
{
    uint64_t byte = p->lines.byte, line = p->lines.line;
    if (hf_i_line_is_blank(&p->lines))
        return HF_OK;
    if (is_word(&p->lines, "NOTE") && !has_arrow(&p->lines)) {
        read_note(p);
        return HF_OK;
    }
    if (hf_i_text_is(hf_i_trimmed((hf_text){p->lines.text, p->lines.size}), "STYLE") ||
        hf_i_text_is(hf_i_trimmed((hf_text){p->lines.text, p->lines.size}), "REGION")) {
        skip_block(p, p->lines.text);
        return HF_OK;
    }
    if (has_arrow(&p->lines))
        return read_cue(r, c, p, (hf_text){NULL, 0}, byte, line);
    hf_text id = {p->lines.text, p->lines.size};
    if (!hf_i_lines_next(&p->lines) || p->lines.size == 0)
        return hf_i_cues_note(r, c, id.data, id.data + id.size, line);
    if (has_arrow(&p->lines))
        return read_cue(r, c, p, id, byte, line);
    const char *to = skip_block(p, p->lines.text + p->lines.size);
    return hf_i_cues_note(r, c, id.data, to, line);
}

static hf_status open_vtt(hf_i_reader *r)
{
    hf_i_cues *c;
    HF_TRY(hf_i_cues_open(r, &c));
    c->entities = true;
    if (!is_magic(c->blob.data, c->blob.size))
        return hf_i_build_fail(r->build, HF_E_FORMAT, 0, 1, "A WebVTT file starts with WEBVTT.",
                               "the first line is not WEBVTT");
    parser p = {0};
    hf_i_lines_init(&p.lines, c->blob.data, c->blob.size);
    hf_i_lines_next(&p.lines);
    skip_block(&p, p.lines.text);
    while (take(&p))
        HF_TRY(read_block(r, c, &p));
    return hf_i_cues_start(r, c);
}

const hf_i_format hf_i_format_webvtt = {
    .info = {"webvtt", "WebVTT transcript (.vtt): Teams, Zoom, YouTube",
             "Teams: meeting, Recap, Transcript, download as .vtt. Zoom: recordings, Audio "
             "transcript.",
             "Times are those of captions: no pauses below 2 to 3 seconds, no overlap.", true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_vtt,
    .next = hf_i_cues_next,
    .close = hf_i_cues_close,
};
