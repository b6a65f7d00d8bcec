/* SPDX-License-Identifier: MIT */
/* What kind a message is, by the words that the app itself wrote. */
#include "record/formats/whatsapp.h"

#include <string.h>

typedef enum {
    EXACT,
    START,
    CALL,
    OMITTED,
    VOICE,
    STICKER,
    EDITED,
    ATTACHED,
    NOTICE,
    MATCHES
} match;

static const char *const match_names[MATCHES] = {
    "exact", "start", "call", "omitted", "voice", "sticker", "edited", "attached", "notice"};

typedef struct {
    const char *text;
    uint16_t size;
    uint8_t match, kind;
} phrase;

/* Texts of the app repeat: what one was decided to be is kept by its hash. */
typedef struct {
    uint64_t hash;
    uint8_t kind, known;
} memo;

enum { MEMOS = 256, LONGEST_PHRASE = 200, MARK_SIZE = 3 };

struct hf_i_wa_words {
    hf_ctx *ctx;
    phrase *phrases; /* EXACT, START and CALL first, by first byte; then the others by match */
    size_t count;
    size_t first[257];         /* of the phrases that start with a byte */
    size_t group[MATCHES + 1]; /* of the phrases of a match, from OMITTED on */
    memo memos[MEMOS];
};

static const char mark[] = "\xE2\x80\x8E"; /* U+200E: the app writes it before its own words */

/* ---- the table ---------------------------------------------------------------------------- */

static size_t rank_of(const phrase *p)
{
    return p->match <= CALL ? (unsigned char)p->text[0] : 256u + p->match;
}

static bool parse_line(const char *p, const char *end, phrase *out)
{
    const char *tab = memchr(p, '\t', (size_t)(end - p));
    const char *tab2 = tab ? memchr(tab + 1, '\t', (size_t)(end - tab - 1)) : NULL;
    if (!tab2 || tab2 + 1 == end)
        return false;
    *out = (phrase){tab2 + 1, (uint16_t)(end - tab2 - 1), MATCHES, HF_KIND_COUNT};
    for (unsigned m = 0; m < MATCHES; m++)
        if (strlen(match_names[m]) == (size_t)(tab - p) &&
            memcmp(match_names[m], p, (size_t)(tab - p)) == 0)
            out->match = (uint8_t)m;
    for (unsigned k = 0; k < HF_KIND_COUNT; k++) {
        const char *name = hf_message_kind_name((hf_message_kind)k);
        if (strlen(name) == (size_t)(tab2 - tab - 1) && memcmp(name, tab + 1, strlen(name)) == 0)
            out->kind = (uint8_t)k;
    }
    return out->match < MATCHES && out->kind < HF_KIND_COUNT;
}

/* Counting sort by first byte or by match, so that each group is one stretch. */
static hf_status sort_phrases(hf_i_wa_words *w, const phrase *all)
{
    size_t at[256 + MATCHES + 1] = {0};
    for (size_t i = 0; i < w->count; i++)
        at[rank_of(&all[i]) + 1]++;
    for (size_t r = 1; r < HF_COUNT_OF(at); r++)
        at[r] += at[r - 1];
    memcpy(w->first, at, sizeof w->first);
    for (size_t m = 0; m <= MATCHES; m++)
        w->group[m] = at[256 + m];
    for (size_t i = 0; i < w->count; i++)
        w->phrases[at[rank_of(&all[i])]++] = all[i];
    return HF_OK;
}

hf_status hf_i_wa_words_new(hf_i_wa_words **out, hf_ctx *ctx)
{
    size_t size, lines = 0;
    const char *text = hf_i_data_get("record/whatsapp.tsv", &size);
    *out = NULL;
    if (!text)
        return hf_i_fail(ctx, HF_E_INTERNAL, NULL, "data/record/whatsapp.tsv is not built in");
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    hf_i_wa_words *w = hf_i_calloc(ctx, 1, sizeof *w);
    phrase *all = hf_i_alloc(ctx, (lines + 1) * sizeof *all);
    if (w) {
        w->ctx = ctx;
        w->phrases = hf_i_alloc(ctx, (lines + 1) * sizeof *w->phrases);
    }
    if (!w || !all || !w->phrases) {
        hf_i_free(ctx, all);
        hf_i_wa_words_free(w);
        return HF_E_NOMEM;
    }
    for (const char *p = text, *end = text + size; p < end;) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        const char *stop = nl ? nl : end;
        w->count += parse_line(p, stop, &all[w->count]);
        p = stop + 1;
    }
    hf_status s = sort_phrases(w, all);
    hf_i_free(ctx, all);
    *out = w;
    return s;
}

void hf_i_wa_words_free(hf_i_wa_words *w)
{
    if (!w)
        return;
    hf_i_free(w->ctx, w->phrases);
    hf_i_free(w->ctx, w);
}

/* ---- matching ----------------------------------------------------------------------------- */

static bool contains(const char *text, size_t size, const phrase *p)
{
    return memmem(text, size, p->text, p->size) != NULL;
}

static bool any_of(const hf_i_wa_words *w, match m, const char *text, size_t size)
{
    for (size_t i = w->group[m]; i < w->group[m + 1]; i++)
        if (contains(text, size, &w->phrases[i]))
            return true;
    return false;
}

bool hf_i_wa_is_notice(hf_i_wa_words *w, const char *text, size_t size)
{
    return any_of(w, NOTICE, text, size);
}

/* After the words for a call: nothing, or something apart from them. */
static bool call_goes_on(const char *rest, size_t size)
{
    return size == 0 || *rest == ',' || *rest == '.' || *rest == '\n' || *rest == '\r' ||
           (size > 1 && *rest == ' ' && (rest[1] == '(' || (unsigned char)rest[1] >= 0x80)) ||
           (size > 2 && memcmp(rest, "\xE2\x80", 2) == 0);
}

/* A whole sentence or its start; marked texts may go on after the words for a call. */
static const phrase *find_sentence(const hf_i_wa_words *w, const char *text, size_t size)
{
    unsigned char c = (unsigned char)text[0];
    for (size_t i = w->first[c]; i < w->first[c + 1]; i++) {
        const phrase *p = &w->phrases[i];
        if (size < p->size || memcmp(text, p->text, p->size) != 0)
            continue;
        size_t rest = size - p->size;
        if (p->match == START || rest == 0 ||
            (p->match == EXACT && rest == 1 && text[p->size] == '.') ||
            (p->match == EXACT && rest == 3 && memcmp(text + p->size, "。", 3) == 0) ||
            (p->match == CALL && call_goes_on(text + p->size, rest)))
            return p;
    }
    return NULL;
}

static bool letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool holds(const char *text, size_t size, const char *what)
{
    return memmem(text, size, what, strlen(what)) != NULL;
}

/* The kind of a file by its name, as the phones name what they send; HF_KIND_COUNT when this is
 * no file name: there must be a short extension. */
static hf_message_kind kind_of_file(const char *name, size_t size)
{
    size_t dot = size;
    while (dot > 0 && size - dot < 6 && name[dot - 1] != '.')
        dot--;
    size_t extension = size - dot;
    if (dot < 2 || extension < 2 || extension > 5)
        return HF_KIND_COUNT;
    for (size_t i = dot; i < size; i++)
        if (!letter_or_digit(name[i]))
            return HF_KIND_COUNT;
    if (holds(name, size, "STK-") || holds(name, size, "-STICKER-"))
        return HF_KIND_STICKER;
    if (holds(name, size, "PTT-") || holds(name, size, "-AUDIO-") || holds(name, size, ".opus"))
        return HF_KIND_VOICE;
    return HF_KIND_MEDIA;
}

static bool app_file_name(const char *name, size_t size)
{
    static const char *const parts[] = {"-WA0",      "-PHOTO-", "-VIDEO-", "-AUDIO-",
                                        "-STICKER-", "-GIF-",   "IMG-",    "VID-",
                                        "PTT-",      "AUD-",    "STK-",    "DOC-"};
    for (size_t i = 0; i < HF_COUNT_OF(parts); i++)
        if (holds(name, size, parts[i]))
            return true;
    return false;
}

static size_t first_line(const char *text, size_t size)
{
    const char *nl = memchr(text, '\n', size);
    size_t n = nl ? (size_t)(nl - text) : size;
    return n && text[n - 1] == '\r' ? n - 1 : n;
}

/* 'IMG-20210101-WA0001.jpg (file attached)': a file name, a space, words in brackets. Also
 * 'photo.jpg <attached>'. */
static hf_message_kind kind_of_attached(const hf_i_wa_words *w, const char *text, size_t size)
{
    size_t line = first_line(text, size);
    if (line < 6 || line > 400 || (text[line - 1] != ')' && text[line - 1] != '>'))
        return HF_KIND_COUNT;
    char open = text[line - 1] == ')' ? '(' : '<';
    const char *p = memrchr(text, open, line);
    if (!p || p - text < 4 || p[-1] != ' ')
        return HF_KIND_COUNT;
    const char *name = hf_i_wa_skip_marks(text, text + line);
    const char *words = hf_i_wa_skip_marks(p + 1, text + line);
    size_t name_size = p > name ? (size_t)(p - 1 - name) : 0;
    hf_message_kind kind = kind_of_file(name, name_size);
    if (kind == HF_KIND_COUNT)
        return kind;
    bool sure = app_file_name(name, name_size) || words > p + 1 || name > text;
    if (!sure && !any_of(w, ATTACHED, words, (size_t)(text + line - 1 - words)))
        return HF_KIND_COUNT;
    return kind;
}

/* '<attached: 00000042-PHOTO-2021.jpg>' and '<Media omitted>': a line in angle brackets. */
static hf_message_kind kind_of_bracketed(hf_i_wa_words *w, const char *text, size_t size)
{
    size_t line = first_line(text, size);
    if (line < 4 || line > 300 || text[0] != '<' || text[line - 1] != '>')
        return HF_KIND_COUNT;
    const char *inside = text + 1;
    size_t n = line - 2;
    const char *colon = memchr(inside, ':', n);
    if (colon) {
        const char *name = colon + 1;
        while (name < inside + n && (*name == ' ' || (unsigned char)*name >= 0xE2))
            name++;
        hf_message_kind kind = kind_of_file(name, (size_t)(inside + n - name));
        if (kind != HF_KIND_COUNT)
            return kind;
    }
    if (line != size || memchr(inside, '<', n) || !memchr(inside, ' ', n) || inside[0] == '/')
        return any_of(w, OMITTED, inside, n) && line == size ? HF_KIND_MEDIA : HF_KIND_COUNT;
    /* A line of several words, all of it in angle brackets, is no one's own. */
    uint64_t hash = hf_i_record_hash(inside, n, 9);
    memo *m = &w->memos[hash % MEMOS];
    if (!m->known || m->hash != hash)
        *m = (memo){hash, any_of(w, STICKER, inside, n) ? HF_KIND_STICKER : HF_KIND_MEDIA, 1};
    return (hf_message_kind)m->kind;
}

/* 'location: https://maps.google.com/?q=1,2' in any language. */
static bool is_location(const char *text, size_t size)
{
    static const char *const links[] = {
        "https://maps.google.com/?q=", "https://maps.apple.com/?q=", "https://foursquare.com/v/"};
    size_t line = first_line(text, size);
    const char *colon = memchr(text, ':', line < 60 ? line : 60);
    for (size_t i = 0; i < HF_COUNT_OF(links); i++) {
        const char *at = memmem(text, size, links[i], strlen(links[i]));
        if (at && colon && colon < at)
            return true;
    }
    return false;
}

/* The words behind the app's mark, where no sentence is known. */
static hf_message_kind kind_of_marked(hf_i_wa_words *w, const char *text, size_t size)
{
    uint64_t hash = hf_i_record_hash(text, size, 7);
    memo *m = &w->memos[hash % MEMOS];
    if (m->known && m->hash == hash)
        return (hf_message_kind)m->kind;
    hf_message_kind kind;
    if (size <= LONGEST_PHRASE && any_of(w, OMITTED, text, size))
        kind = any_of(w, STICKER, text, size) ? HF_KIND_STICKER
               : any_of(w, VOICE, text, size) ? HF_KIND_VOICE
                                              : HF_KIND_MEDIA;
    else if (size > 80 || any_of(w, NOTICE, text, size) || text[size - 1] == '.')
        kind = HF_KIND_SYSTEM;
    else
        kind = HF_KIND_MEDIA;
    *m = (memo){hash, (uint8_t)kind, 1};
    return kind;
}

/* '8 min', '1 hr 2 min', '12 Sek.', '3分钟': the sum in milliseconds. */
static int64_t duration_of(const char *p, const char *end)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"Std", 3600000}, {"h", 3600000},  {"u", 3600000},  {"ho", 3600000},
                 {"or", 3600000},  {"ч", 3600000},  {"г", 3600000},  {"s", 1000},
                 {"sa", 3600000},  {"st", 3600000}, {"小", 3600000}, {"時", 3600000},
                 {"时", 3600000},  {"시", 3600000}, {"m", 60000},    {"d", 60000},
                 {"м", 60000},     {"х", 60000},    {"分", 60000},   {"분", 60000},
                 {"S", 1000},      {"с", 1000},     {"秒", 1000},    {"초", 1000}};
    int64_t sum = 0;
    bool any = false;
    while (p < end) {
        int64_t v = 0;
        if (*p < '0' || *p > '9') {
            p++;
            continue;
        }
        while (p < end && *p >= '0' && *p <= '9' && v < 1000000)
            v = v * 10 + (*p++ - '0');
        p = hf_i_wa_skip_marks(p, end);
        while (p < end && (*p == ' ' || *p == '\xC2' || *p == '\xA0'))
            p++;
        if (end - p > 3 && memcmp(p, "\xE2\x80\xAF", 3) == 0)
            p += 3;
        size_t best = 0;
        int64_t ms = 0;
        for (size_t i = 0; i < HF_COUNT_OF(units); i++) {
            size_t n = strlen(units[i].unit);
            if (n > best && (size_t)(end - p) >= n && memcmp(p, units[i].unit, n) == 0) {
                best = n;
                ms = units[i].ms;
            }
        }
        any |= best > 0;
        sum += v * ms;
    }
    return any ? sum : HF_NO_TIME;
}

/* ---- deciding ----------------------------------------------------------------------------- */

/* Takes ' <This message was edited>' off the end. The app's mark before the bracket is sure in
 * any language; without it the sentence must be known. */
static void cut_edited(const hf_i_wa_words *w, const char *text, hf_i_wa_kind *k)
{
    if (k->size < 6 || text[k->size - 1] != '>')
        return;
    size_t look = k->size < LONGEST_PHRASE ? k->size : LONGEST_PHRASE;
    const char *p = memrchr(text + k->size - look, '<', look);
    if (!p)
        return;
    size_t n = (size_t)(text + k->size - p), cut = (size_t)(p - text);
    bool marked = cut >= MARK_SIZE && memcmp(p - MARK_SIZE, mark, MARK_SIZE) == 0;
    bool known = false;
    for (size_t i = w->group[EDITED]; i < w->group[EDITED + 1] && !known; i++)
        known = w->phrases[i].size == n && memcmp(w->phrases[i].text, p, n) == 0;
    if (!known && !(marked && cut > MARK_SIZE && !memchr(p, ':', n) && p[-MARK_SIZE - 1] == ' ' &&
                    memchr(p, ' ', n)))
        return;
    cut -= marked ? MARK_SIZE : 0;
    if (cut && text[cut - 1] == ' ')
        cut--;
    k->size = cut;
    k->edited = true;
}

static hf_message_kind kind_of_own(hf_i_wa_words *w, const char *text, size_t size, bool authored)
{
    hf_message_kind kind;
    const phrase *p = size >= 4 ? find_sentence(w, text, size) : NULL;
    if (p)
        return (hf_message_kind)p->kind;
    if (text[0] == '<' && (kind = kind_of_bracketed(w, text, size)) != HF_KIND_COUNT)
        return kind;
    if ((kind = kind_of_attached(w, text, size)) != HF_KIND_COUNT)
        return kind;
    if (memchr(text, ':', size < 60 ? size : 60) && is_location(text, size < 600 ? size : 600))
        return HF_KIND_LOCATION;
    /* 'Report.pdf • 1 page <mark>document omitted' */
    if (authored && size < 400 && (unsigned char)text[size - 1] != '>') {
        const char *e2 = memrchr(text, '\xE2', size);
        if (e2 && e2 > text && (size_t)(text + size - e2) > MARK_SIZE &&
            memcmp(e2, mark, MARK_SIZE) == 0 && !memchr(e2, '\n', (size_t)(text + size - e2)) &&
            any_of(w, OMITTED, e2, (size_t)(text + size - e2)))
            return HF_KIND_MEDIA;
    }
    return authored ? HF_KIND_TEXT : HF_KIND_SYSTEM;
}

void hf_i_wa_classify(hf_i_wa_words *w, const char *text, size_t size, bool authored,
                      hf_i_wa_kind *out)
{
    *out = (hf_i_wa_kind){HF_KIND_TEXT, size, false, HF_NO_TIME};
    if (size == 0 || (size == 2 && memcmp(text, ":.", 2) == 0)) {
        /* View-once and disappearing media leave nothing behind. */
        out->kind = authored ? HF_KIND_MEDIA : HF_KIND_SYSTEM;
        return;
    }
    const char *end = text + size;
    const char *p =
        size > MARK_SIZE && memcmp(text, mark, MARK_SIZE) == 0 ? text + MARK_SIZE : text;
    if (p == text || *p != '<')
        cut_edited(w, text, out);
    if (out->size == 0) {
        out->kind = HF_KIND_MEDIA;
        return;
    }
    size_t n = out->size - (size_t)(p - text);
    out->kind = n ? kind_of_own(w, p, n, authored) : HF_KIND_MEDIA;
    if (p > text && out->kind == HF_KIND_TEXT)
        out->kind = kind_of_marked(w, p, n);
    if (out->kind == HF_KIND_CALL)
        out->duration_ms = duration_of(p, end);
}
