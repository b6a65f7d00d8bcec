/* SPDX-License-Identifier: MIT */
/* Ids of messages: what a message is decides its id, not where it stands. */
#include "record/record.h"
#include "text/time.h"

#include <sodium.h>
#include <string.h>

size_t hf_i_record_time_text(char out[40], int64_t t_ms, hf_time_kind kind, uint32_t res_ms)
{
    if (t_ms == HF_NO_TIME || kind == HF_TIME_NONE)
        return 0;
    if (kind == HF_TIME_MEDIA) {
        /* Seconds with as many places as the stamp has. */
        int64_t whole = t_ms / 1000, part = t_ms % 1000;
        const char *sign = t_ms < 0 && whole == 0 ? "-" : "";
        int n = part == 0 ? snprintf(out, 40, "%lld", (long long)whole)
                          : snprintf(out, 40, "%s%lld.%03d", sign, (long long)whole,
                                     (int)(part < 0 ? -part : part));
        return (size_t)n;
    }
    return hf_i_time_format_iso(out, t_ms, res_ms < INT32_MAX ? (int32_t)res_ms : INT32_MAX,
                                kind == HF_TIME_UTC);
}

/* Eight bytes, since there are many: the last row of a kind, plus 1 (0: free), and what its hash
 * looks like. */
typedef struct {
    uint32_t row, tag;
} slot;

static uint64_t row_hash(const hf_i_row *row)
{
    uint64_t seed =
        (uint64_t)row->t_ms ^ ((uint64_t)(uint16_t)row->sender << 48) ^ ((uint64_t)row->kind << 40);
    return hf_i_record_hash(row->text, row->text_size, seed);
}

static bool same_row(const hf_i_row *a, const hf_i_row *b)
{
    return a->t_ms == b->t_ms && a->t_kind == b->t_kind && a->sender == b->sender &&
           a->kind == b->kind && a->text_size == b->text_size &&
           (a->text_size == 0 || memcmp(a->text, b->text, a->text_size) == 0);
}

/* The slot of a row's kind: taken, or the free one where it belongs. */
static slot *find_slot(const hf_record *r, slot *table, size_t mask, uint64_t h, size_t row)
{
    size_t at = h & mask;
    uint32_t tag = (uint32_t)(h >> 32);
    while (table[at].row &&
           !(table[at].tag == tag && same_row(&r->rows[table[at].row - 1], &r->rows[row])))
        at = (at + 1) & mask;
    return &table[at];
}

static uint32_t ordinal_of(const hf_record *r, size_t row)
{
    size_t lo = 0, hi = r->ordinal_count;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (r->ordinals[2 * mid] < row)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < r->ordinal_count && r->ordinals[2 * lo] == row ? r->ordinals[2 * lo + 1] : 0;
}

static hf_status number_rows(hf_record *r, hf_ctx *ctx, slot *table, size_t mask)
{
    /* Slots are all over memory: they are asked for some rows ahead. */
    enum { AHEAD = 16 };
    uint64_t hashes[AHEAD];
    size_t capacity = 0;
    for (size_t i = 0; i < r->row_count + AHEAD; i++) {
        uint64_t h = hashes[i % AHEAD];
        if (i < r->row_count) {
            hashes[i % AHEAD] = row_hash(&r->rows[i]);
            __builtin_prefetch(&table[hashes[i % AHEAD] & mask]);
        }
        if (i < AHEAD)
            continue;
        size_t row = i - AHEAD;
        slot *s = find_slot(r, table, mask, h, row);
        uint32_t before = s->row;
        *s = (slot){(uint32_t)row + 1, (uint32_t)(h >> 32)};
        if (!before)
            continue;
        uint32_t ordinal = ordinal_of(r, before - 1) + 1;
        HF_TRY(hf_i_grow(ctx, &r->ordinals, &capacity, 2 * r->ordinal_count + 2,
                         sizeof *r->ordinals, 2 * HF_MAX_ROWS, "equal messages"));
        r->ordinals[2 * r->ordinal_count] = (uint32_t)row;
        r->ordinals[2 * r->ordinal_count + 1] = ordinal;
        r->ordinal_count++;
    }
    return HF_OK;
}

/* Equal messages are numbered in source order; only numbers above 0 are kept. */
static hf_status find_ordinals(hf_record *r, hf_ctx *ctx)
{
    size_t size = 64;
    while (size < 2 * r->row_count)
        size *= 2;
    slot *table = hf_i_calloc(ctx, size, sizeof *table);
    if (!table)
        return HF_E_NOMEM;
    hf_status s = number_rows(r, ctx, table, size - 1);
    hf_i_free(ctx, table);
    r->ordinals_known = s == HF_OK;
    return s;
}

/* The parts of an id: in a buffer while they fit, so that most ids take one call. */
typedef struct {
    crypto_generichash_state state;
    bool streaming;
    size_t used;
    unsigned char bytes[1024];
} hasher;

enum { DIGEST = 64 };

static void add_part(hasher *h, const char *bytes, size_t size)
{
    static const unsigned char end = 0x1F;
    if (!h->streaming && size >= sizeof h->bytes - h->used) {
        crypto_generichash_init(&h->state, NULL, 0, DIGEST);
        crypto_generichash_update(&h->state, h->bytes, h->used);
        h->streaming = true;
    }
    if (h->streaming) {
        if (size)
            crypto_generichash_update(&h->state, (const unsigned char *)bytes, size);
        crypto_generichash_update(&h->state, &end, 1);
        return;
    }
    if (size)
        memcpy(h->bytes + h->used, bytes, size);
    h->used += size;
    h->bytes[h->used++] = end;
}

/* stamp: of the row before, whose date is mostly the same. */
static void make_id(const hf_record *r, size_t index, hf_i_stamp *stamp, char out[17])
{
    static const char hex[] = "0123456789abcdef";
    const hf_i_row *row = &r->rows[index];
    hasher h;
    unsigned char digest[DIGEST];
    char text[40];
    h.streaming = false;
    h.used = 0;
    uint32_t res = r->resolutions[row->resolution];
    bool utc = row->t_kind == HF_TIME_UTC, clock = utc || row->t_kind == HF_TIME_LOCAL;
    size_t n;
    if (clock && row->t_ms != HF_NO_TIME && res >= 1000 && res <= INT32_MAX) {
        n = hf_i_time_format_next(stamp, row->t_ms, (int32_t)res, utc);
        add_part(&h, stamp->text, n);
    } else {
        n = hf_i_record_time_text(text, row->t_ms, (hf_time_kind)row->t_kind, res);
        add_part(&h, text, n);
    }
    hf_text name = row->sender >= 0 ? r->people[row->sender].name : (hf_text){NULL, 0};
    add_part(&h, name.data, name.size);
    const char *kind = hf_message_kind_name((hf_message_kind)row->kind);
    add_part(&h, kind, strlen(kind));
    add_part(&h, row->text, row->text_size);
    uint32_t ordinal = ordinal_of(r, index);
    n = ordinal ? (size_t)snprintf(text, sizeof text, "%u", ordinal) : 1;
    add_part(&h, ordinal ? text : "0", n);
    if (h.streaming)
        crypto_generichash_final(&h.state, digest, sizeof digest);
    else
        crypto_generichash(digest, sizeof digest, h.bytes, h.used, NULL, 0);
    for (int i = 0; i < 8; i++) {
        out[2 * i] = hex[digest[i] >> 4];
        out[2 * i + 1] = hex[digest[i] & 15];
    }
    out[16] = '\0';
}

hf_status hf_record_get_message_id(hf_record *r, hf_ctx *ctx, size_t index, char out[17])
{
    if (r->ids) {
        memcpy(out, r->ids[index], 17);
        return HF_OK;
    }
    if (!r->ordinals_known)
        HF_TRY(find_ordinals(r, ctx));
    hf_i_stamp stamp = {.set = false};
    make_id(r, index, &stamp, out);
    return HF_OK;
}

hf_status hf_record_get_message_ids(hf_record *r, hf_ctx *ctx, const char (**out)[17])
{
    if (!r->ids) {
        if (!r->ordinals_known)
            HF_TRY(find_ordinals(r, ctx));
        char(*ids)[17] = hf_i_alloc(r->ctx, r->row_count * sizeof *ids);
        if (!ids)
            return HF_E_NOMEM;
        hf_status s = HF_OK;
        hf_i_stamp stamp = {.set = false};
        for (size_t i = 0; s == HF_OK && i < r->row_count; i++) {
            make_id(r, i, &stamp, ids[i]);
            if (i % 65536 == 0)
                s = hf_i_progress(ctx, "ids", i, r->row_count);
        }
        if (s != HF_OK) {
            hf_i_free(r->ctx, ids);
            return s;
        }
        r->ids = ids;
    }
    *out = (const char(*)[17])r->ids;
    return HF_OK;
}
