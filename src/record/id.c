/* SPDX-License-Identifier: MIT */
/* Ids of messages: what a message is decides its id, not where it stands. */
#include "base/blake2b.h"
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

typedef struct {
    uint32_t tag;  /* bits of the hash that do not choose the slot */
    uint32_t last; /* the newest row of this kind, plus one; 0: free */
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
    while (table[at].last && !(table[at].tag == (uint32_t)(h >> 32) &&
                               same_row(&r->rows[table[at].last - 1], &r->rows[row])))
        at = (at + 1) & mask;
    return &table[at];
}

/* The pair of a row among the first count of ordinals, or where it would stand. */
static size_t find_pair(const hf_record *r, size_t row)
{
    size_t lo = 0, hi = r->ordinal_count;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (r->ordinals[2 * mid] < row)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static uint32_t ordinal_of(const hf_record *r, size_t row)
{
    size_t at = find_pair(r, row);
    return at < r->ordinal_count && r->ordinals[2 * at] == row ? r->ordinals[2 * at + 1] : 0;
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
        if (s->last) {
            HF_TRY(hf_i_grow(ctx, &r->ordinals, &capacity, 2 * r->ordinal_count + 2,
                             sizeof *r->ordinals, 2 * HF_MAX_ROWS, "equal messages"));
            uint32_t ordinal = ordinal_of(r, s->last - 1) + 1;
            r->ordinals[2 * r->ordinal_count] = (uint32_t)row;
            r->ordinals[2 * r->ordinal_count + 1] = ordinal;
            r->ordinal_count++;
        }
        *s = (slot){(uint32_t)(h >> 32), (uint32_t)row + 1};
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

/* ---- one id ------------------------------------------------------------------------------------
 */

enum { PARTS = 5, DIGEST = 64, PART_END = 0x1F };

/* What an id is made of; each part is followed by PART_END. */
typedef struct {
    hf_text part[PARTS];
    size_t size; /* with the ends */
    char number[12];
} parts;

/* time: of time_size bytes, kept by the caller. */
static void gather(parts *p, const hf_record *r, const hf_i_row *row, const char *time,
                   size_t time_size, uint32_t ordinal)
{
    const char *kind = hf_message_kind_name((hf_message_kind)row->kind);
    int digits = ordinal ? snprintf(p->number, sizeof p->number, "%u", ordinal) : 1;
    p->part[0] = (hf_text){time, time_size};
    p->part[1] = row->sender >= 0 ? r->people[row->sender].name : (hf_text){NULL, 0};
    p->part[2] = (hf_text){kind, strlen(kind)};
    p->part[3] = (hf_text){row->text, row->text_size};
    p->part[4] = (hf_text){ordinal ? p->number : "0", (size_t)digits};
    p->size = PARTS;
    for (int i = 0; i < PARTS; i++)
        p->size += p->part[i].size;
}

static void write_id(char out[17], uint64_t first)
{
    static const char hex[] = "0123456789abcdef";
    for (int i = 0; i < 8; i++, first >>= 8) {
        out[2 * i] = hex[first >> 4 & 15];
        out[2 * i + 1] = hex[first & 15];
    }
    out[16] = '\0';
}

/* A text of any length. */
static void hash_long(char out[17], const parts *p)
{
    static const unsigned char end = PART_END;
    crypto_generichash_state state;
    unsigned char digest[DIGEST];
    crypto_generichash_init(&state, NULL, 0, DIGEST);
    for (int i = 0; i < PARTS; i++) {
        if (p->part[i].size)
            crypto_generichash_update(&state, (const unsigned char *)p->part[i].data,
                                      p->part[i].size);
        crypto_generichash_update(&state, &end, 1);
    }
    crypto_generichash_final(&state, digest, sizeof digest);
    uint64_t first = 0;
    for (int i = 7; i >= 0; i--)
        first = first << 8 | digest[i];
    write_id(out, first);
}

hf_status hf_record_get_message_id(hf_record *r, hf_ctx *ctx, size_t index, char out[17])
{
    if (r->ids) {
        memcpy(out, r->ids[index], 17);
        return HF_OK;
    }
    if (!r->ordinals_known)
        HF_TRY(find_ordinals(r, ctx));
    const hf_i_row *row = &r->rows[index];
    char time[40];
    parts p;
    size_t n = hf_i_record_time_text(time, row->t_ms, (hf_time_kind)row->t_kind,
                                     r->resolutions[row->resolution]);
    gather(&p, r, row, time, n, ordinal_of(r, index));
    hash_long(out, &p);
    return HF_OK;
}

/* ---- all of them: four short ones of a length at a time ----------------------------------------
 */

enum { MOST_BLOCKS = 4, CHUNK = 16384 };

typedef struct {
    unsigned count;
    size_t row[4], size[4];
    unsigned char bytes[4][MOST_BLOCKS * HF_I_BLAKE2B_BLOCK];
} batch;

typedef struct {
    const hf_record *r;
    char (*ids)[17];
} id_job;

static void finish_batch(const id_job *j, batch *b, size_t blocks)
{
    uint64_t first[4];
    const unsigned char *text[4];
    for (unsigned k = 0; k < 4; k++) {
        /* Lanes that are left over hash the first text once more. */
        text[k] = b->bytes[k < b->count ? k : 0];
        if (k >= b->count)
            b->size[k] = b->size[0];
    }
    hf_i_blake2b_four(first, text, b->size, blocks);
    for (unsigned k = 0; k < b->count; k++)
        write_id(j->ids[b->row[k]], first[k]);
    b->count = 0;
}

static void add_to_batch(batch *b, const parts *p, size_t row, size_t blocks)
{
    unsigned char *to = b->bytes[b->count];
    memset(to + (blocks - 1) * HF_I_BLAKE2B_BLOCK, 0, HF_I_BLAKE2B_BLOCK);
    for (int i = 0; i < PARTS; i++) {
        if (p->part[i].size)
            memcpy(to, p->part[i].data, p->part[i].size);
        to += p->part[i].size;
        *to++ = PART_END;
    }
    b->row[b->count] = row;
    b->size[b->count++] = p->size;
}

/* Neighbouring rows share their date. */
static size_t time_text(hf_i_time_near *near, const hf_record *r, const hf_i_row *row)
{
    uint32_t res = r->resolutions[row->resolution];
    if (row->t_ms == HF_NO_TIME || (row->t_kind != HF_TIME_UTC && row->t_kind != HF_TIME_LOCAL)) {
        near->date_size = 0;
        return hf_i_record_time_text(near->text, row->t_ms, (hf_time_kind)row->t_kind, res);
    }
    return hf_i_time_format_near(near, row->t_ms, res < INT32_MAX ? (int32_t)res : INT32_MAX,
                                 row->t_kind == HF_TIME_UTC);
}

static hf_status make_ids(void *user, size_t chunk, int worker)
{
    const id_job *j = user;
    const hf_record *r = j->r;
    (void)worker;
    batch batches[MOST_BLOCKS];
    hf_i_time_near near = {0};
    size_t begin = chunk * CHUNK, end = r->row_count - begin > CHUNK ? begin + CHUNK : r->row_count;
    size_t pair = find_pair(r, begin);
    for (size_t k = 0; k < MOST_BLOCKS; k++)
        batches[k].count = 0;
    for (size_t i = begin; i < end; i++) {
        bool repeated = pair < r->ordinal_count && r->ordinals[2 * pair] == i;
        parts p;
        size_t n = time_text(&near, r, &r->rows[i]);
        gather(&p, r, &r->rows[i], near.text, n, repeated ? r->ordinals[2 * pair + 1] : 0);
        pair += repeated;
        size_t blocks = (p.size - 1) / HF_I_BLAKE2B_BLOCK + 1;
        if (blocks > MOST_BLOCKS) {
            hash_long(j->ids[i], &p);
            continue;
        }
        add_to_batch(&batches[blocks - 1], &p, i, blocks);
        if (batches[blocks - 1].count == 4)
            finish_batch(j, &batches[blocks - 1], blocks);
    }
    for (size_t k = 0; k < MOST_BLOCKS; k++)
        if (batches[k].count)
            finish_batch(j, &batches[k], k + 1);
    return HF_OK;
}

hf_status hf_record_get_message_ids(hf_record *r, hf_ctx *ctx, const char (**out)[17])
{
    if (!r->ids) {
        if (!r->ordinals_known)
            HF_TRY(find_ordinals(r, ctx));
        id_job j = {r, hf_i_alloc(r->ctx, r->row_count * sizeof *j.ids)};
        if (!j.ids)
            return HF_E_NOMEM;
        hf_status s = hf_i_progress(ctx, "ids", 0, r->row_count);
        if (s == HF_OK)
            s = hf_i_parallel_for(ctx, (r->row_count + CHUNK - 1) / CHUNK, make_ids, &j);
        if (s != HF_OK) {
            hf_i_free(r->ctx, j.ids);
            return s;
        }
        r->ids = j.ids;
    }
    *out = (const char(*)[17])r->ids;
    return HF_OK;
}
