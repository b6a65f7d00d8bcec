/* SPDX-License-Identifier: MIT */
#include "signal/words.h"

#include <string.h>

void hf_i_words_init(hf_i_words *w, hf_ctx *ctx)
{
    memset(w, 0, sizeof *w);
    w->ctx = ctx;
}

void hf_i_words_dispose(hf_i_words *w)
{
    if (w->ctx)
        hf_i_free(w->ctx, w->words);
    memset(w, 0, sizeof *w);
}

void hf_i_words_clear(hf_i_words *w)
{
    w->count = 0;
    memset(&w->letters, 0, sizeof w->letters);
}

/* ---- code points ------------------------------------------------------------------------------
 */

/* Decodes without checking further than the bounds: what is ill-formed becomes U+FFFD, one byte. */
static uint32_t decode(const unsigned char *p, size_t left, size_t *used)
{
    unsigned c = p[0];
    if (c >= 0xC2 && c < 0xE0 && left >= 2 && (p[1] & 0xC0) == 0x80) {
        *used = 2;
        return (c & 31u) << 6 | (p[1] & 63u);
    }
    if (c >= 0xE0 && c < 0xF0 && left >= 3 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80) {
        *used = 3;
        return (c & 15u) << 12 | (p[1] & 63u) << 6 | (p[2] & 63u);
    }
    if (c >= 0xF0 && c < 0xF5 && left >= 4 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80 &&
        (p[3] & 0xC0) == 0x80) {
        *used = 4;
        return (c & 7u) << 18 | (p[1] & 63u) << 12 | (p[2] & 63u) << 6 | (p[3] & 63u);
    }
    *used = 1;
    return 0xFFFD;
}

/* Lower case of the alphabets that chats are written in; the rest is returned as it is. */
static uint32_t lower(uint32_t c)
{
    if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9) ||
        (c >= 0x410 && c <= 0x42F))
        return c + 32;
    if (c >= 0x400 && c <= 0x40F)
        return c + 80;
    if (c == 0x130)
        return 'i';
    if (c == 0x178)
        return 0xFF;
    if ((c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177) || (c >= 0x490 && c <= 0x4BF))
        return c | 1;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
        return c & 1 ? c + 1 : c;
    return c;
}

typedef enum { LETTER, SINGLE, APOSTROPHE, SYMBOL, QUESTION, IGNORED, BREAK } kind;

static kind kind_of(uint32_t c)
{
    if (c == 0x2019 || c == 0x02BC || c == 0x2018)
        return APOSTROPHE;
    if (c == 0x61F || c == 0xFF1F)
        return QUESTION;
    if ((c >= 0x0E00 && c < 0x0E80) || (c >= 0x3041 && c <= 0x30FF) ||
        (c >= 0x3400 && c <= 0x9FFF) || (c >= 0x20000 && c < 0x30000))
        return SINGLE;
    if ((c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xC0 && c < 0x2000 && c != 0xD7 && c != 0xF7))
        return (c >= 0x60C && c <= 0x61B) || c == 0x589 || c == 0x964 ? BREAK : LETTER;
    if ((c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || c == 0xFE0F || c == 0xAD)
        return IGNORED;
    if ((c >= 0x2190 && c < 0x2C00) || (c >= 0x1F000 && c < 0x20000))
        return SYMBOL;
    return BREAK;
}

/* Letters that say much of a language by themselves. */
static void note_letter(hf_i_letters *l, uint32_t c)
{
    static const struct {
        uint16_t code;
        uint8_t language;
    } marks[] = {{0xDF, HF_I_LANG_DE},  {0xF1, HF_I_LANG_ES},  {0xE3, HF_I_LANG_PT},
                 {0xF5, HF_I_LANG_PT},  {0xEA, HF_I_LANG_FR},  {0x153, HF_I_LANG_FR},
                 {0x11F, HF_I_LANG_TR}, {0x131, HF_I_LANG_TR}, {0x15F, HF_I_LANG_TR},
                 {0x142, HF_I_LANG_PL}, {0x119, HF_I_LANG_PL}, {0x105, HF_I_LANG_PL},
                 {0x17C, HF_I_LANG_PL}, {0xE6, HF_I_LANG_DA},  {0xF8, HF_I_LANG_DA},
                 {0x456, HF_I_LANG_UK}, {0x457, HF_I_LANG_UK}, {0x454, HF_I_LANG_UK},
                 {0x44B, HF_I_LANG_RU}, {0x44D, HF_I_LANG_RU}, {0x451, HF_I_LANG_RU}};
    l->letters++;
    if (c >= 0x370 && c < 0x400)
        l->script[HF_I_LANG_EL]++;
    else if (c >= 0x590 && c < 0x600)
        l->script[HF_I_LANG_HE]++;
    else if (c >= 0x600 && c < 0x780)
        l->script[HF_I_LANG_AR]++;
    else if (c >= 0x900 && c < 0x980)
        l->script[HF_I_LANG_HI]++;
    else if (c >= 0xE00 && c < 0xE80)
        l->script[HF_I_LANG_TH]++;
    else if (c >= 0x3041 && c <= 0x30FF)
        l->script[HF_I_LANG_JA]++;
    else if (c >= 0xAC00 && c <= 0xD7A3)
        l->script[HF_I_LANG_KO]++;
    else if (c >= 0x3400 && c < 0x30000)
        l->han++;
    else if (c >= 0x400 && c < 0x530)
        l->cyrillic++;
    else
        l->latin++;
    if (c < 0x500)
        for (size_t i = 0; i < HF_COUNT_OF(marks); i++)
            if (marks[i].code == c) {
                l->script[marks[i].language]++;
                l->marked = true;
            }
}

/* ---- words ------------------------------------------------------------------------------------
 */

typedef struct {
    hf_i_words *out;
    const hf_i_lexicon *lexicon;
    const unsigned char *text;
    size_t size, begin; /* of the word at hand */
    size_t key_size;
    uint32_t hash;
    bool open, number, too_long;
    char key[64]; /* lower case; longer words are not in the lexicon */
} scan;

static void add_byte(scan *s, unsigned char c)
{
    s->hash = hf_i_word_hash_step(s->hash, c);
    if (s->key_size < sizeof s->key)
        s->key[s->key_size++] = (char)c;
    else
        s->too_long = true;
}

static void open_word(scan *s, size_t at, bool number)
{
    if (s->open)
        return;
    s->open = true;
    s->begin = at;
    s->key_size = 0;
    s->hash = HF_I_WORD_HASH_START;
    s->number = number;
    s->too_long = false;
}

static hf_status close_word(scan *s, size_t end)
{
    if (!s->open)
        return HF_OK;
    s->open = false;
    size_t bytes = end - s->begin;
    /* An apostrophe at the end is a quotation mark. */
    if (s->key_size && !s->too_long && s->key[s->key_size - 1] == '\'') {
        s->key_size--;
        s->hash = hf_i_word_hash(s->key, s->key_size);
    }
    hf_i_words *w = s->out;
    if (w->count == w->cap)
        HF_TRY(hf_i_grow(w->ctx, &w->words, &w->cap, w->count + 1, sizeof *w->words, 1u << 28,
                         "words of one turn"));
    uint32_t entry = s->too_long ? 0 : hf_i_lexicon_find(s->lexicon, s->hash, s->key, s->key_size);
    const hf_i_entry *e = &s->lexicon->entries[entry];
    w->words[w->count++] = (hf_i_word){.hash = s->hash,
                                       .entry = entry,
                                       .languages = e->languages,
                                       .groups = e->groups,
                                       .begin = (uint32_t)s->begin,
                                       .size = (uint16_t)(bytes < UINT16_MAX ? bytes : UINT16_MAX),
                                       .worth = e->worth,
                                       .number = s->number,
                                       .anchor = e->anchor};
    return HF_OK;
}

/* French and Italian elision: l'eau, qu'il and dell'anno are two words; i'm is one. */
static bool elides(const scan *s)
{
    if (s->key_size == 1)
        return strchr("ldjmnsct", s->key[0]) != NULL;
    return s->key_size == 2 && s->key[0] == 'q' && s->key[1] == 'u';
}

static hf_status apostrophe(scan *s, size_t at, size_t next)
{
    if (!s->open || s->number)
        return close_word(s, at);
    if (elides(s))
        return close_word(s, next);
    add_byte(s, '\'');
    return HF_OK;
}

static hf_status other_byte(scan *s, size_t *at)
{
    size_t used, start = *at;
    uint32_t c = decode(s->text + start, s->size - start, &used);
    *at += used;
    switch (kind_of(c)) {
    case APOSTROPHE:
        return apostrophe(s, start, *at);
    case IGNORED:
        return HF_OK;
    case SYMBOL:
        s->out->letters.symbols++;
        return close_word(s, start);
    case QUESTION:
        s->out->letters.question = true;
        return close_word(s, start);
    case BREAK:
        return close_word(s, start);
    case SINGLE:
        HF_TRY(close_word(s, start));
        break;
    case LETTER:
        break;
    }
    open_word(s, start, false);
    s->number = false;
    uint32_t l = lower(c);
    note_letter(&s->out->letters, l);
    if (l < 0x80)
        add_byte(s, (unsigned char)l);
    else if (l == c)
        for (size_t i = 0; i < used; i++)
            add_byte(s, s->text[start + i]);
    else {
        /* All lower-case forms above are two bytes long. */
        add_byte(s, (unsigned char)(0xC0 | l >> 6));
        add_byte(s, (unsigned char)(0x80 | (l & 63)));
    }
    return kind_of(c) == SINGLE ? close_word(s, *at) : HF_OK;
}

static bool is_address(const scan *s, size_t at)
{
    if (s->size - at < 5 || (s->text[at + 3] != '.' && s->text[at + 3] != 'p'))
        return false;
    static const char *const starts[] = {"http://", "https://", "www."};
    for (size_t i = 0; i < HF_COUNT_OF(starts); i++) {
        size_t n = strlen(starts[i]);
        if (s->size - at >= n && memcmp(s->text + at, starts[i], n) == 0)
            return true;
    }
    return false;
}

/* Runs of ASCII letters are what most text is made of. */
static size_t ascii_letters(scan *s, size_t at)
{
    size_t i = at;
    uint32_t h = s->hash;
    size_t k = s->key_size;
    for (; i < s->size; i++) {
        unsigned char c = s->text[i], l = c | 0x20;
        if (l < 'a' || l > 'z')
            break;
        h = hf_i_word_hash_step(h, l);
        if (k < sizeof s->key)
            s->key[k++] = (char)l;
        else
            s->too_long = true;
    }
    s->hash = h;
    s->key_size = k;
    s->number = false;
    s->out->letters.latin += (uint32_t)(i - at);
    s->out->letters.letters += (uint32_t)(i - at);
    return i;
}

hf_status hf_i_words_add(hf_i_words *words, const hf_i_lexicon *lexicon, const char *text,
                         size_t size)
{
    scan s = {.out = words, .lexicon = lexicon, .text = (const unsigned char *)text, .size = size};
    for (size_t i = 0; i < size;) {
        unsigned char c = s.text[i], l = c | 0x20;
        if (c >= 0x80) {
            HF_TRY(other_byte(&s, &i));
        } else if (l >= 'a' && l <= 'z') {
            if (!s.open && (l == 'h' || l == 'w') && is_address(&s, i)) {
                open_word(&s, i, false);
                s.too_long = true;
                while (i < size && s.text[i] > ' ')
                    i++;
                HF_TRY(close_word(&s, i));
                continue;
            }
            open_word(&s, i, false);
            i = ascii_letters(&s, i);
        } else if (c >= '0' && c <= '9') {
            open_word(&s, i, true);
            add_byte(&s, c);
            i++;
        } else {
            if (c == '\'')
                HF_TRY(apostrophe(&s, i, i + 1));
            else
                HF_TRY(close_word(&s, i));
            words->letters.question |= c == '?';
            i++;
        }
    }
    return close_word(&s, size);
}

/* ---- language ----------------------------------------------------------------------------------
 */

/* A function word of k languages counts 12/k. Two clear ones (or one in a turn of at most four
 * words) are asked for, and half as many again as for the next language. */
enum { CLEAR = 12 };

static hf_i_language by_script(const hf_i_letters *l)
{
    static const hf_i_language own[] = {HF_I_LANG_EL, HF_I_LANG_AR, HF_I_LANG_HE,
                                        HF_I_LANG_HI, HF_I_LANG_TH, HF_I_LANG_KO};
    uint32_t most = l->letters / 2;
    for (size_t i = 0; i < HF_COUNT_OF(own); i++)
        if (l->script[own[i]] > most)
            return own[i];
    /* Kana stand in Japanese only; Han alone is Chinese. */
    if (l->script[HF_I_LANG_JA] + l->han > most)
        return l->script[HF_I_LANG_JA] * 10 >= l->han ? HF_I_LANG_JA : HF_I_LANG_ZH;
    return HF_I_LANG_UNKNOWN;
}

/* Adds up the worth of the function words; which: languages that have any. */
static uint32_t score_words(const hf_i_words *w, uint32_t score[HF_I_LANG_COUNT])
{
    uint32_t which = 0;
    for (size_t i = 0; i < w->count; i++) {
        uint32_t languages = w->words[i].languages;
        which |= languages;
        uint32_t each = w->words[i].worth;
        for (; languages; languages &= languages - 1)
            score[__builtin_ctz(languages)] += each;
    }
    return which;
}

hf_i_language hf_i_language_of(const hf_i_words *w)
{
    const hf_i_letters *l = &w->letters;
    if (l->letters < 2)
        return HF_I_LANG_UNKNOWN;
    hf_i_language script = l->latin == l->letters ? HF_I_LANG_UNKNOWN : by_script(l);
    if (script != HF_I_LANG_UNKNOWN)
        return script;
    uint32_t score[HF_I_LANG_COUNT] = {0};
    uint32_t best = 0, next = 0, which = HF_I_LANG_UNKNOWN, open = score_words(w, score);
    for (uint32_t k = 1; l->marked && k < HF_I_LANG_EL; k++) {
        uint32_t marks = l->script[k];
        score[k] += CLEAR / 2 * (marks > 3 ? 3 : marks);
        open |= marks ? 1u << k : 0;
    }
    for (; open; open &= open - 1) {
        uint32_t k = (uint32_t)__builtin_ctz(open);
        if (score[k] > best) {
            next = best;
            best = score[k];
            which = k;
        } else if (score[k] > next) {
            next = score[k];
        }
    }
    bool cyrillic = l->cyrillic > l->letters / 2;
    if (cyrillic != (which == HF_I_LANG_RU || which == HF_I_LANG_UK))
        return HF_I_LANG_UNKNOWN;
    uint32_t least = w->count <= 4 ? CLEAR : 2 * CLEAR - 4;
    if (best < least || best * 2 < next * 3 || best * 4 < w->count * CLEAR / 3)
        return HF_I_LANG_UNKNOWN;
    return (hf_i_language)which;
}
