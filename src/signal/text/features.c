/* SPDX-License-Identifier: MIT */
#include "signal/text/features.h"

#include <string.h>

enum { CHARS_MIN = 3, CHARS_MAX = 5 };

static uint64_t mix(uint64_t x)
{
    /* The finisher of splitmix64 (Steele, Lea & Flood 2014). */
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* Little-endian on every machine. */
static uint64_t load(const char *p, size_t n)
{
    uint64_t x = 0;
    for (size_t i = 0; i < n; i++)
        x |= (uint64_t)(unsigned char)p[i] << (8 * i);
    return x;
}

uint64_t hf_i_text_hash(const char *bytes, size_t len, uint64_t salt)
{
    uint64_t h = mix(salt + UINT64_C(0x9e3779b97f4a7c15) * (len + 1));
    for (; len >= 8; bytes += 8, len -= 8)
        h = mix(h ^ load(bytes, 8)) + UINT64_C(0x9e3779b97f4a7c15);
    return mix(h ^ load(bytes, len));
}

void hf_i_features_init(hf_i_features *f, hf_ctx *ctx)
{
    memset(f, 0, sizeof *f);
    f->ctx = ctx;
}

void hf_i_features_dispose(hf_i_features *f)
{
    hf_i_free(f->ctx, f->rows);
    hf_i_free(f->ctx, f->begin);
    hf_i_free(f->ctx, f->hash);
    hf_i_features_init(f, f->ctx);
}

/* One multiplication a character n-gram: the n bytes and n are the key. */
static uint32_t chars_row(const char *p, size_t n, unsigned shift, uint64_t salt)
{
    uint64_t key = (load(p, n) << 3 | (n - CHARS_MIN + 1)) ^ salt;
    key *= UINT64_C(0x9e3779b97f4a7c15);
    key ^= key >> 32;
    return (uint32_t)((key * UINT64_C(0xd6e8feb86659fd93)) >> shift);
}

static void add_chars(hf_i_features *f, const hf_i_text_tokens *t, const hf_i_token *k,
                      unsigned shift, uint64_t salt)
{
    const char *begin = t->text + k->at - 1, *end = t->text + k->at + k->len + 1;
    for (const char *p = begin; p + CHARS_MIN <= end; p++)
        for (size_t n = CHARS_MIN; n <= CHARS_MAX && p + n <= end; n++)
            f->rows[f->count++] = chars_row(p, n, shift, salt);
}

static uint64_t add_words(hf_i_features *f, size_t at, const hf_i_token *k, uint64_t last,
                          unsigned shift, uint64_t salt)
{
    uint64_t h = f->hash[at];
    f->rows[f->count++] = (uint32_t)((h ^ salt) >> shift);
    f->rows[f->count++] = (uint32_t)(mix(last * 3 + (h ^ salt)) >> shift);
    if (k->flags & HF_TOKEN_CAPS)
        f->rows[f->count++] = (uint32_t)(mix(salt + 101) >> shift);
    if (k->flags & HF_TOKEN_LONG)
        f->rows[f->count++] = (uint32_t)(mix(salt + 102) >> shift);
    return h ^ salt;
}

static hf_status reserve(hf_i_features *f, const hf_i_text_tokens *t)
{
    uint64_t need = 4 * (uint64_t)t->count + 1 + 3 * ((uint64_t)t->text_len + 2 * t->count);
    HF_TRY(hf_i_grow(f->ctx, &f->rows, &f->cap, need, sizeof *f->rows, UINT32_MAX, "features"));
    HF_TRY(hf_i_grow(f->ctx, &f->begin, &f->begin_cap, t->count + 1, sizeof *f->begin, UINT32_MAX,
                     "features"));
    return hf_i_grow(f->ctx, &f->hash, &f->hash_cap, t->count + 1, sizeof *f->hash, UINT32_MAX,
                     "features");
}

hf_status hf_i_features_read(hf_i_features *f, const hf_i_text_tokens *t, unsigned bits,
                             uint64_t salt)
{
    unsigned shift = 64 - bits;
    HF_TRY(reserve(f, t));
    uint64_t edge = mix(salt + 100), last = edge;
    f->count = 0;
    for (size_t i = 0; i < t->count; i++) {
        f->hash[i] = hf_i_text_hash(t->text + t->items[i].at, t->items[i].len, 0);
        last = add_words(f, i, &t->items[i], last, shift, salt);
    }
    if (t->count)
        f->rows[f->count++] = (uint32_t)(mix(last * 3 + edge) >> shift);
    f->words = f->count;
    for (size_t i = 0; i < t->count; i++) {
        f->begin[i] = (uint32_t)f->count;
        if (t->items[i].kind == HF_TOKEN_WORD)
            add_chars(f, t, &t->items[i], shift, salt);
    }
    f->begin[t->count] = (uint32_t)f->count;
    return HF_OK;
}
