/* SPDX-License-Identifier: MIT */
#include "signal/text/tokens.h"

#include <string.h>
#include <utf8proc.h>

void hf_i_text_tokens_init(hf_i_text_tokens *t, hf_ctx *ctx)
{
    memset(t, 0, sizeof *t);
    t->ctx = ctx;
}

void hf_i_text_tokens_dispose(hf_i_text_tokens *t)
{
    hf_i_free(t->ctx, t->text);
    hf_i_free(t->ctx, t->items);
    t->text = NULL;
    t->items = NULL;
    t->cap = t->text_cap = 0;
}

/* ---- characters ---------------------------------------------------------------------------- */

typedef enum { C_SPACE, C_LETTER, C_DIGIT, C_APOSTROPHE, C_PUNCT, C_EMOJI, C_JOINER } char_class;

typedef struct {
    const unsigned char *p, *end;
} cursor;

typedef struct {
    int32_t code; /* folded: lower case, plain quotes */
    char_class cls;
    bool upper;
    int bytes; /* of the source */
} character;

static char_class ascii_class(int c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return C_LETTER;
    if (c >= '0' && c <= '9')
        return C_DIGIT;
    if (c == '\'')
        return C_APOSTROPHE;
    return c <= ' ' || c == 127 ? C_SPACE : C_PUNCT;
}

enum { BAD_BYTE = -1 };

/* Latin letters and the combining marks that sit on them. */
static bool is_latin(int32_t c)
{
    return c < 0x250 || (c >= 0x300 && c < 0x370) || (c >= 0x1E00 && c < 0x1F00);
}

/* Typographic marks as their plain forms; 0 when the code point is none of them. */
static int plain_mark(int32_t c)
{
    switch (c) {
    case 0x2018:
    case 0x2019:
    case 0x201B:
    case 0x02BC:
    case 0xFF07:
        return '\'';
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x00AB:
    case 0x00BB:
        return '"';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
        return '-';
    case 0xFF01:
        return '!';
    case 0xFF1F:
        return '?';
    default:
        return 0;
    }
}

static bool is_emoji(int32_t c)
{
    return (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x2600 && c <= 0x27BF) ||
           (c >= 0x1F1E6 && c <= 0x1F1FF) || c == 0x2B50 || c == 0x2B55 || c == 0x203C ||
           c == 0x2049;
}

/* Variation selectors, zero-width joiner, skin tones: they colour a sign, they are none. */
static bool is_joiner(int32_t c)
{
    return c == 0x200D || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0x1F3FB && c <= 0x1F3FF) ||
           c == 0x20E3;
}

static char_class category_class(int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
        return C_LETTER;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return C_DIGIT;
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
    case UTF8PROC_CATEGORY_SM:
    case UTF8PROC_CATEGORY_SC:
    case UTF8PROC_CATEGORY_SK:
    case UTF8PROC_CATEGORY_SO:
        return C_PUNCT;
    default:
        return C_SPACE;
    }
}

static character read_wide(const cursor *c)
{
    utf8proc_int32_t code = 0;
    utf8proc_ssize_t n = utf8proc_iterate(c->p, c->end - c->p, &code);
    if (n < 1)
        return (character){BAD_BYTE, C_SPACE, false, 1};
    character ch = {code, C_SPACE, false, (int)n};
    int mark = plain_mark(code);
    if (mark) {
        ch.code = mark;
        ch.cls = ascii_class(mark);
    } else if (is_joiner(code)) {
        ch.cls = C_JOINER;
    } else if (is_emoji(code)) {
        ch.cls = C_EMOJI;
    } else {
        ch.cls = category_class(code);
        ch.code = utf8proc_tolower(code);
        ch.upper = ch.code != code;
    }
    return ch;
}

static character peek(const cursor *c)
{
    if (c->p >= c->end)
        return (character){0, C_SPACE, false, 0};
    int b = *c->p;
    if (b >= 0x80)
        return read_wide(c);
    character ch = {b, ascii_class(b), b >= 'A' && b <= 'Z', 1};
    if (ch.upper)
        ch.code = b + 32;
    return ch;
}

/* ---- one token ------------------------------------------------------------------------------ */

static hf_status begin(hf_i_text_tokens *t, hf_i_token **out, hf_i_token_kind kind)
{
    HF_TRY(hf_i_grow(t->ctx, &t->items, &t->cap, t->count + 1, sizeof *t->items, HF_TOKENS_MAX + 1,
                     "tokens"));
    HF_TRY(hf_i_grow(t->ctx, &t->text, &t->text_cap,
                     t->text_len + HF_TOKEN_MAX_LEN + 8 + HF_TOKENS_PAD, 1, UINT32_MAX,
                     "bytes of tokens"));
    *out = &t->items[t->count++];
    **out = (hf_i_token){(uint32_t)t->text_len, 0, (uint8_t)kind, 0};
    return HF_OK;
}

static void put(hf_i_text_tokens *t, hf_i_token *k, int32_t code)
{
    if (k->len + 4 > HF_TOKEN_MAX_LEN)
        return;
    if (code < 0x80)
        t->text[t->text_len++] = (char)code;
    else
        t->text_len +=
            (size_t)utf8proc_encode_char(code, (utf8proc_uint8_t *)t->text + t->text_len);
    k->len = (uint16_t)(t->text_len - k->at);
}

static void put_text(hf_i_text_tokens *t, hf_i_token *k, const char *text)
{
    for (; *text; text++)
        put(t, k, *text);
}

static void finish(hf_i_text_tokens *t)
{
    t->text[t->text_len++] = ' ';
}

static bool starts(const cursor *c, const char *prefix)
{
    size_t n = strlen(prefix);
    if ((size_t)(c->end - c->p) < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        int b = c->p[i];
        if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != prefix[i])
            return false;
    }
    return true;
}

/* http://..., https://..., www...., [URL], [NAME]: bytes to skip, or 0. */
static size_t link_length(const cursor *c)
{
    if (!starts(c, "http://") && !starts(c, "https://") && !starts(c, "www."))
        return 0;
    const unsigned char *p = c->p;
    while (p<c->end && * p> ' ')
        p++;
    return (size_t)(p - c->p);
}

static size_t mask_length(const cursor *c)
{
    const unsigned char *p = c->p + 1;
    while (p < c->end && *p >= 'A' && *p <= 'Z' && p - c->p < 16)
        p++;
    return p < c->end && *p == ']' && p - c->p > 2 ? (size_t)(p - c->p + 1) : 0;
}

/* Western emoticons: eyes, maybe a nose, a mouth; and <3. Bytes, or 0. */
static size_t emoticon_length(const cursor *c)
{
    size_t left = (size_t)(c->end - c->p), n = 1;
    if (left >= 2 && c->p[0] == '<' && (c->p[1] == '3' || (c->p[1] == '/' && left > 2)))
        return c->p[1] == '3' ? 2 : c->p[2] == '3' ? 3 : 0;
    if (left < 2 || !memchr(":;=", c->p[0], 3))
        return 0;
    if (c->p[n] == '\'' || c->p[n] == '-')
        n++;
    if (n >= left || !c->p[n] || !strchr(")(]D[PpOo/\\|*3xX", c->p[n]))
        return 0;
    n++;
    /* ":Oh" or ":parents" is no face. */
    bool letter_follows = n < left && ascii_class(c->p[n]) == C_LETTER;
    return letter_follows && ascii_class(c->p[n - 1]) == C_LETTER ? 0 : n;
}

static void put_bytes(hf_i_text_tokens *t, hf_i_token *k, cursor *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int b = c->p[i];
        put(t, k, b >= 'A' && b <= 'Z' ? b + 32 : b);
    }
    c->p += n;
}

/* ---- words ---------------------------------------------------------------------------------- */

/* A word may hold apostrophes between letters and digits after letters; three and more equal
 * letters become two. */
static void read_word(hf_i_text_tokens *t, hf_i_token *k, cursor *c)
{
    int32_t last = 0;
    int run = 0, upper = 0, letters = 0, digits = 0;
    for (;;) {
        character ch = peek(c);
        if (ch.cls == C_APOSTROPHE && ch.bytes) {
            cursor next = {c->p + ch.bytes, c->end};
            if (letters == 0 || peek(&next).cls != C_LETTER)
                break;
        } else if (ch.cls != C_LETTER && ch.cls != C_DIGIT && ch.code != '_') {
            break;
        }
        c->p += ch.bytes;
        run = ch.code == last ? run + 1 : 1;
        last = ch.code;
        upper += ch.upper;
        letters += ch.cls == C_LETTER;
        digits += ch.cls == C_DIGIT;
        if (ch.cls == C_LETTER)
            *(is_latin(ch.code) ? &t->latin : &t->foreign) += 1;
        if (run > 2 && ch.cls == C_LETTER)
            k->flags |= HF_TOKEN_LONG;
        else
            put(t, k, ch.code);
    }
    if (letters == 0 && digits > 0) {
        /* All numbers of one length are one word. */
        k->kind = HF_TOKEN_NUMBER;
        for (uint32_t i = 0; i < k->len; i++)
            t->text[k->at + i] = '0';
    }
    if (upper > 1 && upper == letters)
        k->flags |= HF_TOKEN_CAPS;
}

/* Runs: !!!! becomes !!, ..... becomes ..., anything else stays one sign a token. */
static void read_punct(hf_i_text_tokens *t, hf_i_token *k, cursor *c, character first)
{
    int n = 0;
    for (character ch = first; ch.bytes && ch.code == first.code && ch.cls == first.cls;
         ch = peek(c)) {
        c->p += ch.bytes;
        n++;
    }
    if (first.code == 0x2026) {
        put_text(t, k, "...");
        return;
    }
    int keep = first.code == '.' ? (n >= 2 ? 3 : 1) : n >= 2 ? 2 : 1;
    for (int i = 0; i < keep; i++)
        put(t, k, first.code);
}

static hf_status read_one(hf_i_text_tokens *t, cursor *c, character ch)
{
    hf_i_token *k;
    size_t n;
    bool word = ch.cls == C_LETTER || ch.cls == C_DIGIT;
    HF_TRY(begin(t, &k, HF_TOKEN_WORD));
    if ((n = link_length(c)) > 0) {
        c->p += n;
        k->kind = HF_TOKEN_LINK;
        put_text(t, k, "[url]");
    } else if (word) {
        read_word(t, k, c);
    } else if (ch.cls == C_EMOJI) {
        c->p += ch.bytes;
        k->kind = HF_TOKEN_EMOJI;
        put(t, k, ch.code);
    } else if (ch.code == '[' && (n = mask_length(c)) > 0) {
        k->kind = HF_TOKEN_MASK;
        put_bytes(t, k, c, n);
    } else if ((n = emoticon_length(c)) > 0) {
        k->kind = HF_TOKEN_EMOTICON;
        put_bytes(t, k, c, n);
    } else {
        k->kind = HF_TOKEN_PUNCT;
        read_punct(t, k, c, ch);
    }
    finish(t);
    return HF_OK;
}

hf_status hf_i_text_tokens_read(hf_i_text_tokens *t, const char *text, size_t len)
{
    cursor c = {(const unsigned char *)text, (const unsigned char *)text + len};
    t->count = t->text_len = 0;
    t->latin = t->foreign = t->bad_bytes = 0;
    t->cut = false;
    HF_TRY(hf_i_grow(t->ctx, &t->text, &t->text_cap, 64, 1, UINT32_MAX, "bytes of tokens"));
    t->text[t->text_len++] = ' ';
    while (c.p < c.end) {
        character ch = peek(&c);
        if (ch.cls == C_SPACE || ch.cls == C_JOINER) {
            t->bad_bytes += ch.code == BAD_BYTE;
            c.p += ch.bytes;
            continue;
        }
        if (t->count == HF_TOKENS_MAX) {
            t->cut = true;
            break;
        }
        HF_TRY(read_one(t, &c, ch));
    }
    memset(t->text + t->text_len, 0, HF_TOKENS_PAD);
    return HF_OK;
}
