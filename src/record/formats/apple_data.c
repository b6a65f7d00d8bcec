/* SPDX-License-Identifier: MIT */
#include "record/formats/apple_data.h"

#include <string.h>

/* Class name, a few bytes of version and markers, '+', length, bytes. The length is one byte below
 * 0x80, or 0x81 and two bytes, or 0x82 and four, lowest first. */
bool hf_i_apple_text(const unsigned char *p, size_t size, hf_text *out)
{
    static const char *const classes[] = {"NSString", "NSMutableString"};
    const unsigned char *end = p + size, *at = NULL;
    for (size_t i = 0; i < HF_COUNT_OF(classes) && !at; i++) {
        at = size ? memmem(p, size, classes[i], strlen(classes[i])) : NULL;
        if (at)
            at += strlen(classes[i]);
    }
    const unsigned char *plus =
        at ? memchr(at, '+', end - at < 16 ? (size_t)(end - at) : 16) : NULL;
    if (!plus || end - plus < 2)
        return false;
    size_t n = plus[1], head = 2;
    if (n == 0x81 && end - plus >= 4) {
        n = (size_t)plus[2] | (size_t)plus[3] << 8;
        head = 4;
    } else if (n == 0x82 && end - plus >= 6) {
        n = (size_t)plus[2] | (size_t)plus[3] << 8 | (size_t)plus[4] << 16 | (size_t)plus[5] << 24;
        head = 6;
    } else if (n >= 0x80) {
        return false;
    }
    if (n > (size_t)(end - plus) - head)
        return false;
    *out = (hf_text){(const char *)plus + head, n};
    return true;
}

/* ---- binary property lists (bplist00) ------------------------------------------------------- */

typedef struct {
    const unsigned char *data;
    size_t size, objects, table;
    unsigned offset_size, ref_size;
} plist;

/* An object: its kind (high half of the marker), count, and where its content starts. */
typedef struct {
    unsigned kind;
    uint64_t count;
    size_t at;
} object;

enum { INTEGER = 1, REAL = 2, DATE = 3, DATA = 4, ASCII = 5, UTF16 = 6, ARRAY = 10, DICT = 13 };

static uint64_t big_endian(const unsigned char *p, size_t n)
{
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++)
        v = v << 8 | p[i];
    return v;
}

static bool open_plist(plist *l, const unsigned char *bytes, size_t size, uint64_t *top)
{
    if (size < 40 || memcmp(bytes, "bplist00", 8) != 0)
        return false;
    const unsigned char *trailer = bytes + size - 32;
    *l = (plist){
        .data = bytes, .size = size - 32, .offset_size = trailer[6], .ref_size = trailer[7]};
    uint64_t objects = big_endian(trailer + 8, 8), table = big_endian(trailer + 24, 8);
    *top = big_endian(trailer + 16, 8);
    if (l->offset_size < 1 || l->offset_size > 8 || l->ref_size < 1 || l->ref_size > 8 ||
        objects > size || table > l->size || objects * l->offset_size > l->size - table)
        return false;
    l->objects = (size_t)objects;
    l->table = (size_t)table;
    return true;
}

static bool get_object(const plist *l, uint64_t index, object *out)
{
    if (index >= l->objects)
        return false;
    uint64_t at = big_endian(l->data + l->table + index * l->offset_size, l->offset_size);
    if (at >= l->size)
        return false;
    unsigned char marker = l->data[at++];
    *out = (object){marker >> 4, marker & 15, (size_t)at};
    bool counted = out->kind >= DATA;
    if (counted && out->count == 15) {
        if (at >= l->size || l->data[at] >> 4 != INTEGER || (l->data[at] & 15) > 3)
            return false;
        size_t n = (size_t)1 << (l->data[at] & 15);
        if (l->size - at - 1 < n)
            return false;
        out->count = big_endian(l->data + at + 1, n);
        out->at = (size_t)at + 1 + n;
    }
    uint64_t each = out->kind == ARRAY   ? l->ref_size
                    : out->kind == DICT  ? 2u * l->ref_size
                    : out->kind == UTF16 ? 2
                                         : 1;
    if (out->kind == INTEGER || out->kind == REAL || out->kind == DATE) {
        out->count = (uint64_t)1 << (out->count & 7);
        each = 1;
    }
    return out->count <= l->size && each * out->count <= l->size - out->at;
}

static uint64_t ref_at(const plist *l, const object *o, uint64_t i)
{
    return big_endian(l->data + o->at + i * l->ref_size, l->ref_size);
}

/* The value of a key of a dictionary. */
static bool get_key(const plist *l, const object *dict, const char *key, object *out)
{
    size_t n = strlen(key);
    for (uint64_t i = 0; dict->kind == DICT && i < dict->count; i++) {
        object k;
        if (get_object(l, ref_at(l, dict, i), &k) && k.kind == ASCII && k.count == n &&
            memcmp(l->data + k.at, key, n) == 0)
            return get_object(l, ref_at(l, dict, dict->count + i), out);
    }
    return false;
}

static double number_of(const plist *l, const object *o)
{
    uint64_t bits = o->count <= 8 ? big_endian(l->data + o->at, (size_t)o->count) : 0;
    if (o->kind == INTEGER)
        return (double)(int64_t)bits;
    if ((o->kind != REAL && o->kind != DATE) || o->count != 8)
        return 0;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

void hf_i_apple_edits_read(const unsigned char *bytes, size_t size, hf_i_apple_edits *out)
{
    plist l;
    uint64_t top;
    object root, edited, part, item, value;
    *out = (hf_i_apple_edits){.count = 0};
    if (!open_plist(&l, bytes, size, &top) || !get_object(&l, top, &root))
        return;
    out->unsent = get_key(&l, &root, "rp", &value) && value.kind == ARRAY && value.count > 0;
    if (!get_key(&l, &root, "ec", &edited) || edited.kind != DICT || edited.count == 0 ||
        (!get_key(&l, &edited, "0", &part) &&
         !get_object(&l, ref_at(&l, &edited, edited.count), &part)) ||
        part.kind != ARRAY)
        return;
    for (uint64_t i = 0; i < part.count && out->count < HF_COUNT_OF(out->wordings); i++) {
        hf_text text;
        if (!get_object(&l, ref_at(&l, &part, i), &item) || !get_key(&l, &item, "t", &value) ||
            value.kind != DATA || !hf_i_apple_text(l.data + value.at, (size_t)value.count, &text))
            continue;
        out->wordings[out->count] = text;
        out->times[out->count++] = get_key(&l, &item, "d", &value) ? number_of(&l, &value) : 0;
    }
}
