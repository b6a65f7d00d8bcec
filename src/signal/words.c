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
    memset(w->sums, 0, sizeof w->sums);
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
static const uint8_t mark_of[0x500] = {
    [0xDF] = HF_I_LANG_DE,  [0xF1] = HF_I_LANG_ES,  [0xE3] = HF_I_LANG_PT,  [0xF5] = HF_I_LANG_PT,
    [0xEA] = HF_I_LANG_FR,  [0x153] = HF_I_LANG_FR, [0x11F] = HF_I_LANG_TR, [0x131] = HF_I_LANG_TR,
    [0x15F] = HF_I_LANG_TR, [0x142] = HF_I_LANG_PL, [0x119] = HF_I_LANG_PL, [0x105] = HF_I_LANG_PL,
    [0x17C] = HF_I_LANG_PL, [0xE6] = HF_I_LANG_DA,  [0xF8] = HF_I_LANG_DA,  [0x456] = HF_I_LANG_UK,
    [0x457] = HF_I_LANG_UK, [0x454] = HF_I_LANG_UK, [0x44B] = HF_I_LANG_RU, [0x44D] = HF_I_LANG_RU,
    [0x451] = HF_I_LANG_RU};

static void note_letter(hf_i_letters *l, uint32_t c)
{
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
    if (c < HF_COUNT_OF(mark_of) && mark_of[c]) {
        l->script[mark_of[c]]++;
        l->marked = true;
    }
}

/* ---- words ------------------------------------------------------------------------------------
 */

enum { KEY = 64 }; /* longer words are not in the lexicon */

typedef struct {
    hf_i_words *out;
    const hf_i_lexicon *lexicon;
    const unsigned char *text;
    size_t size, begin; /* of the word at hand */
    size_t key_size;
    uint64_t hash; /* of the key's parts that made room for the next ones */
    bool open, number, too_long;
    char key[KEY + 8]; /* lower case */
} scan;

static void make_room(scan *s)
{
    if (s->key_size < KEY)
        return;
    s->hash = hf_i_word_hash_more(s->hash, s->key, KEY);
    s->key_size -= KEY;
    memcpy(s->key, s->key + KEY, 8);
    s->too_long = true;
}

static void add_byte(scan *s, unsigned char c)
{
    make_room(s);
    s->key[s->key_size++] = (char)c;
}

static void open_word(scan *s, size_t at, bool number)
{
    if (s->open)
        return;
    s->open = true;
    s->begin = at;
    s->key_size = 0;
    s->hash = 0;
    s->number = number;
    s->too_long = false;
}

/* A word as the scan left it, with the hash and the first eight bytes of its key. */
static hf_status add_word(const scan *s, size_t bytes, uint32_t hash, uint64_t head)
{
    hf_i_words *w = s->out;
    if (w->count == w->cap)
        HF_TRY(hf_i_grow(w->ctx, &w->words, &w->cap, w->count + 1, sizeof *w->words, 1u << 28,
                         "words of one turn"));
    uint32_t entry =
        s->too_long ? 0 : hf_i_lexicon_find(s->lexicon, hash, head, s->key, s->key_size);
    const hf_i_entry *e = &s->lexicon->entries[entry];
    w->words[w->count++] = (hf_i_word){.hash = hash,
                                       .entry = entry,
                                       .begin = (uint32_t)s->begin,
                                       .size = (uint16_t)(bytes < UINT16_MAX ? bytes : UINT16_MAX),
                                       .mix = e->mix,
                                       .number = s->number,
                                       .anchor = e->anchor};
    return HF_OK;
}

static hf_status close_word(scan *s, size_t end)
{
    if (!s->open)
        return HF_OK;
    s->open = false;
    s->too_long |= s->key_size > KEY;
    /* An apostrophe at the end is a quotation mark. */
    if (s->key_size && !s->too_long && s->key[s->key_size - 1] == '\'')
        s->key_size--;
    uint64_t head =
        s->key_size < 8 ? hf_i_word_load_part(s->key, s->key_size) : hf_i_word_load(s->key);
    uint64_t hash = hf_i_word_hash_more(s->hash, s->key, s->key_size);
    return add_word(s, end - s->begin, hf_i_word_hash_end(hash), head);
}

/* French and Italian elision: l'eau, qu'il and dell'anno are two words; i'm is one. */
static bool elides(const scan *s)
{
    if (s->too_long)
        return false;
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

#define EVERY_BYTE(x) (UINT64_C(0x0101010101010101) * (x))

/* How many of the eight bytes at p, from the first on, are ASCII letters; *low: those in lower
 * case, zeros behind. */
static size_t leading_letters(const unsigned char *p, uint64_t *low)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    x = __builtin_bswap64(x);
#endif
    uint64_t lower = x | EVERY_BYTE(0x20), low7 = lower & EVERY_BYTE(0x7F);
    uint64_t from_a = low7 + EVERY_BYTE(0x80 - 'a'), beyond_z = low7 + EVERY_BYTE(0x7F - 'z');
    uint64_t others = ~(from_a & ~beyond_z & ~x) & EVERY_BYTE(0x80);
    size_t n = others ? (size_t)__builtin_ctzll(others) / 8 : 8;
    lower = n ? lower & UINT64_MAX >> (64 - 8 * n) : 0;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    lower = __builtin_bswap64(lower);
#endif
    *low = lower;
    return n;
}

static void note_latin(scan *s, size_t letters)
{
    s->out->letters.latin += (uint32_t)letters;
    s->out->letters.letters += (uint32_t)letters;
}

/* Runs of ASCII letters are what most text is made of. */
static size_t ascii_letters(scan *s, size_t at)
{
    size_t i = at;
    s->number = false;
    while (s->size - i >= 8) {
        uint64_t low;
        size_t n = leading_letters(s->text + i, &low);
        make_room(s);
        memcpy(s->key + s->key_size, &low, sizeof low);
        s->key_size += n;
        i += n;
        if (n < 8)
            break;
    }
    while (i < s->size && (s->text[i] | 0x20) >= 'a' && (s->text[i] | 0x20) <= 'z')
        add_byte(s, s->text[i++] | 0x20);
    note_latin(s, i - at);
    return i;
}

/* Most words are fewer than eight ASCII letters before a blank: they need no key. Moves *at over
 * both and says true; false: the word at hand is of another kind. */
static hf_status short_word(scan *s, size_t *at, bool *taken)
{
    uint64_t low;
    *taken = false;
    if (s->open || s->size - *at < 8)
        return HF_OK;
    size_t n = leading_letters(s->text + *at, &low);
    if (n == 8)
        return HF_OK;
    unsigned char next = s->text[*at + n];
    if (next != ' ' && next != '\n' && next != ',')
        return HF_OK;
    s->begin = *at;
    s->key_size = n;
    s->number = s->too_long = false;
    note_latin(s, n);
    *at += n + 1;
    *taken = true;
    return add_word(s, n, hf_i_word_hash_end(hf_i_word_hash_step(0, low)), low);
}

/* Adds up the mixes of the words from begin on. */
static void sum_mixes(hf_i_words *w, const hf_i_mix *mixes, size_t begin)
{
    enum { MOST = 4096 }; /* so many times 12 fit 16 bits */
    for (; begin < w->count; begin += MOST) {
        size_t end = w->count - begin > MOST ? begin + MOST : w->count;
        hf_i_mix sum = mixes[0];
        for (size_t i = begin; i < end; i++)
            for (int k = 0; k < HF_I_MIX_VECTORS; k++)
                sum.v[k] += mixes[w->words[i].mix].v[k];
        for (int k = 0; k < HF_I_MIX_LANES; k++)
            w->sums[k] += sum.v[k / 8][k % 8];
    }
}

hf_status hf_i_words_add(hf_i_words *words, const hf_i_lexicon *lexicon, const char *text,
                         size_t size)
{
    scan s;
    s.out = words;
    s.lexicon = lexicon;
    s.text = (const unsigned char *)text;
    s.size = size;
    s.open = s.number = s.too_long = false;
    size_t before = words->count;
    for (size_t i = 0; i < size;) {
        unsigned char c = s.text[i], l = c | 0x20;
        if (c >= 0x80) {
            HF_TRY(other_byte(&s, &i));
        } else if (l >= 'a' && l <= 'z') {
            bool taken;
            HF_TRY(short_word(&s, &i, &taken));
            if (taken)
                continue;
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
    HF_TRY(close_word(&s, size));
    sum_mixes(words, lexicon->mixes, before);
    return HF_OK;
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

hf_i_language hf_i_language_of(const hf_i_words *w)
{
    const hf_i_letters *l = &w->letters;
    if (l->letters < 2)
        return HF_I_LANG_UNKNOWN;
    hf_i_language script = l->latin == l->letters ? HF_I_LANG_UNKNOWN : by_script(l);
    if (script != HF_I_LANG_UNKNOWN)
        return script;
    uint64_t first = 0, second = 0;
    for (uint32_t k = 1; k < HF_I_LANG_COUNT; k++) {
        uint64_t score = w->sums[k];
        if (l->marked && k < HF_I_LANG_EL)
            score += (uint64_t)(CLEAR / 2) * (l->script[k] > 3 ? 3 : l->script[k]);
        /* The score with its language; among equals the lower one is the larger number. */
        uint64_t x = score << 8 | (UINT64_C(255) - k), less = x < first ? x : first;
        first = x < first ? first : x;
        second = second < less ? less : second;
    }
    uint64_t best = first >> 8, next = second >> 8;
    uint32_t which = best ? 255 - (uint32_t)(first & 255) : HF_I_LANG_UNKNOWN;
    bool cyrillic = l->cyrillic > l->letters / 2;
    if (cyrillic != (which == HF_I_LANG_RU || which == HF_I_LANG_UK))
        return HF_I_LANG_UNKNOWN;
    uint32_t least = w->count <= 4 ? CLEAR : 2 * CLEAR - 4;
    if (best < least || best * 2 < next * 3 || best * 4 < w->count * CLEAR / 3)
        return HF_I_LANG_UNKNOWN;
    return (hf_i_language)which;
}
