/* SPDX-License-Identifier: MIT */
/* The payload of a cue: marks, entities, voices, names before a colon. */
#include "record/formats/captions.h"
#include "text/utf8.h"

#include <string.h>

enum { NAME_BYTES = 64, NAME_WORDS = 6 };

static bool is_alpha(char c)
{
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A mark at p: "<i>", "</v>", "<00:01.000>", "{\an8}". Its size, 0 when it is text: "<3". */
static size_t mark_size(const char *p, const char *end)
{
    const char *close = NULL;
    if (*p == '<' && end - p > 2) {
        bool time =
            is_digit(p[1]) && (p[2] == ':' || (end - p > 3 && is_digit(p[2]) && p[3] == ':'));
        if (is_alpha(p[1]) || p[1] == '/' || time)
            close = memchr(p, '>', (size_t)(end - p));
    } else if (*p == '{' && end - p > 2 && p[1] == '\\') {
        close = memchr(p, '}', (size_t)(end - p));
    }
    return close ? (size_t)(close - p) + 1 : 0;
}

/* "&amp;" and the like at p: its size and the code point; 0 when it is text. */
static size_t entity_size(const char *p, const char *end, int32_t *code)
{
    static const struct {
        const char *name;
        int32_t code;
    } named[] = {{"amp", '&'},   {"lt", '<'},      {"gt", '>'},     {"quot", '"'},
                 {"apos", '\''}, {"nbsp", 0x00A0}, {"lrm", 0x200E}, {"rlm", 0x200F}};
    size_t left = (size_t)(end - p) < 12 ? (size_t)(end - p) : 12;
    const char *semi = memchr(p, ';', left);
    if (!semi || semi - p < 3)
        return 0;
    hf_text name = {p + 1, (size_t)(semi - p) - 1};
    for (size_t i = 0; i < HF_COUNT_OF(named); i++)
        if (hf_i_text_is(name, named[i].name)) {
            *code = named[i].code;
            return name.size + 2;
        }
    if (name.data[0] != '#')
        return 0;
    bool hex = name.size > 2 && (name.data[1] | 32) == 'x';
    int32_t v = 0;
    for (size_t i = hex ? 2 : 1; i < name.size; i++) {
        char c = name.data[i];
        int d = is_digit(c)                                 ? c - '0'
                : hex && (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                            : -1;
        if (d < 0 || v > 0x10FFFF)
            return 0;
        v = v * (hex ? 16 : 10) + d;
    }
    if (v == 0 || v > 0x10FFFF || (v >= 0xD800 && v < 0xE000))
        return 0;
    *code = v;
    return name.size + 2;
}

hf_status hf_i_cue_plain(hf_i_buf *out, hf_text cue, bool entities)
{
    if (cue.size == 0) /* then there may be no address either */
        return HF_OK;
    const char *p = cue.data, *end = p + cue.size, *from = p;
    while (p < end) {
        size_t n = 0;
        int32_t code = 0;
        if (*p == '<' || *p == '{')
            n = mark_size(p, end);
        else if (*p == '&' && entities)
            n = entity_size(p, end, &code);
        else if (*p == '\r')
            n = 1;
        if (n == 0) {
            p++;
            continue;
        }
        HF_TRY(hf_i_buf_add(out, from, (size_t)(p - from)));
        if (code) {
            char bytes[4];
            HF_TRY(hf_i_buf_add(out, bytes, hf_i_utf8_encode(code, bytes)));
        }
        p += n;
        from = p;
    }
    return hf_i_buf_add(out, from, (size_t)(end - from));
}

bool hf_i_cue_voice(hf_text cue, size_t from, size_t *start, size_t *end, hf_text *name)
{
    for (size_t i = from; i + 3 < cue.size; i++) {
        const char *p = cue.data + i;
        if (p[0] != '<' || p[1] != 'v' || (p[2] != ' ' && p[2] != '.' && p[2] != '\t'))
            continue;
        const char *close = memchr(p, '>', cue.size - i);
        if (!close)
            return false;
        const char *blank = p + 2;
        while (blank < close && *blank != ' ' && *blank != '\t')
            blank++;
        *name = hf_i_trimmed((hf_text){blank, (size_t)(close - blank)});
        *start = i;
        *end = (size_t)(close - cue.data) + 1;
        return true;
    }
    return false;
}

bool hf_i_cue_has_times(hf_text cue)
{
    for (size_t i = 0; i + 3 < cue.size; i++)
        if (cue.data[i] == '<' && is_digit(cue.data[i + 1]) &&
            mark_size(cue.data + i, cue.data + cue.size))
            return true;
    return false;
}

/* "- ", ">> " and the like before a name. */
static size_t lead_size(hf_text t)
{
    size_t i = 0;
    while (i < t.size && (t.data[i] == ' ' || t.data[i] == '\t'))
        i++;
    if (t.size - i > 1 && t.data[i] == '-')
        i++;
    else if (t.size - i > 3 && memcmp(t.data + i, "\xE2\x80\x93", 3) == 0)
        i += 3;
    while (i < t.size && t.data[i] == '>')
        i++;
    while (i < t.size && (t.data[i] == ' ' || t.data[i] == '\t'))
        i++;
    return i;
}

/* "[SPEAKER_00]: text", "[SPEAKER_00] text", "[Ann]: text". */
static size_t bracketed(hf_text t, size_t lead, hf_text *name)
{
    const char *p = t.data + lead;
    size_t left = t.size - lead;
    const char *close = memchr(p, ']', left < NAME_BYTES ? left : NAME_BYTES);
    if (!close || close == p + 1)
        return 0;
    *name = (hf_text){p + 1, (size_t)(close - p) - 1};
    size_t after = (size_t)(close - t.data) + 1;
    bool colon = after < t.size && t.data[after] == ':';
    bool speaker = name->size > 7;
    for (size_t i = 0; i < 7 && speaker; i++)
        speaker = (name->data[i] | 32) == "speaker"[i];
    if (!colon && !speaker)
        return 0;
    after += colon;
    while (after < t.size && t.data[after] == ' ')
        after++;
    return after;
}

size_t hf_i_cue_speaker(hf_text t, hf_text *name)
{
    size_t lead = lead_size(t), words = 1;
    if (lead >= t.size)
        return 0;
    if (t.data[lead] == '[')
        return bracketed(t, lead, name);
    char first = t.data[lead];
    if (!is_alpha(first) && !is_digit(first) && first != '@' && !(first & 0x80))
        return 0;
    for (size_t i = lead; i < t.size && i - lead < NAME_BYTES; i++) {
        char c = t.data[i];
        bool colon = c == ':';
        size_t after = i + 1;
        if (!colon && i + 2 < t.size && memcmp(t.data + i, "\xEF\xBC\x9A", 3) == 0) {
            colon = true; /* the wide colon of Chinese and Japanese */
            after = i + 3;
        } else if (colon && after < t.size && t.data[after] != ' ' && t.data[after] != '\n') {
            return 0; /* 7:02 */
        }
        if (colon) {
            *name = hf_i_trimmed((hf_text){t.data + lead, i - lead});
            while (after < t.size && t.data[after] == ' ')
                after++;
            return name->size ? after : 0;
        }
        words += c == ' ';
        if (words > NAME_WORDS || memchr("?!;\"<>\n{}=[]*", c, 14))
            return 0;
    }
    return 0;
}
