/* SPDX-License-Identifier: MIT */
/* Names become pseudonyms, in the list of people and where they stand in texts. */
#include "record/record.h"
#include "text/utf8.h"

#include <sodium.h>
#include <string.h>

enum { PSEUDONYM_SIZE = 8, MIN_PART = 2 };

/* A name or a part of one, as a key: folded, without marks. */
typedef struct {
    char *key;
    size_t size;
    char pseudonym[PSEUDONYM_SIZE + 1];
} name_key;

typedef struct {
    hf_ctx *ctx;
    hf_record *record;
    const void *key;
    size_t key_size;
    name_key *names; /* whole names first, longest first */
    size_t count, capacity;
    bool first[256]; /* bytes with which a name begins, in the text's own case */
    hf_i_buf folded, out;
} work;

static hf_status fold(work *w, const char *text, size_t size)
{
    hf_i_buf_clear(&w->folded);
    HF_TRY(hf_i_buf_add_str(&w->folded, ""));
    return hf_i_utf8_key(&w->folded, text, size);
}

static void make_pseudonym(const work *w, const char *folded, size_t size, char *out)
{
    static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    unsigned char hash[16];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)folded, size, w->key, w->key_size);
    memcpy(out, "P-", 2);
    for (int i = 0; i < PSEUDONYM_SIZE - 2; i++)
        out[2 + i] = letters[hash[i] & 31];
    out[PSEUDONYM_SIZE] = '\0';
}

static bool is_word_char(int32_t code)
{
    hf_i_char_class c = hf_i_utf8_class(code);
    return c == HF_I_CHAR_LETTER || c == HF_I_CHAR_MARK || c == HF_I_CHAR_DIGIT;
}

static hf_status add_key(work *w, const char *text, size_t size, const char *pseudonym)
{
    HF_TRY(fold(w, text, size));
    if (w->folded.len < MIN_PART) /* "A" is a word of every text */
        return HF_OK;
    for (size_t i = 0; i < w->count; i++)
        if (w->names[i].size == w->folded.len &&
            memcmp(w->names[i].key, w->folded.data, w->folded.len) == 0)
            return HF_OK;
    HF_TRY(hf_i_grow(w->ctx, &w->names, &w->capacity, w->count + 1, sizeof *w->names, 1 << 20,
                     "names"));
    name_key *n = &w->names[w->count];
    n->key = hf_i_strndup(w->ctx, w->folded.data, w->folded.len);
    if (!n->key)
        return HF_E_NOMEM;
    n->size = w->folded.len;
    memcpy(n->pseudonym, pseudonym, sizeof n->pseudonym);
    w->count++;
    /* Both cases of the first letter. */
    size_t at = 0;
    char bytes[4];
    int32_t code = hf_i_utf8_next(text, size, &at, NULL);
    w->first[(unsigned char)text[0]] = true;
    hf_i_utf8_encode(hf_i_utf8_lower(code), bytes);
    w->first[(unsigned char)bytes[0]] = true;
    w->first[(unsigned char)w->folded.data[0]] = true;
    if (bytes[0] >= 'a' && bytes[0] <= 'z')
        w->first[(unsigned char)(bytes[0] - 32)] = true;
    return HF_OK;
}

/* The words of a name: "Ann", "Lee". Small words ("de", "the") are words of any text. */
static hf_status add_parts(work *w, hf_text name, const char *pseudonym)
{
    for (size_t at = 0; at < name.size;) {
        size_t from = at, letters = 0;
        int32_t first = 0, code = 0;
        size_t next = at;
        while (next < name.size &&
               is_word_char(code = hf_i_utf8_next(name.data, name.size, &next, NULL))) {
            first = letters++ ? first : code;
            at = next;
        }
        bool capital = letters && (hf_i_utf8_is_upper(first) || first > 0x7FF);
        bool digits = letters >= 5 && first >= '0' && first <= '9';
        if (letters >= MIN_PART && (capital || digits))
            HF_TRY(add_key(w, name.data + from, at - from, pseudonym));
        at = next > at ? next : at + 1;
    }
    return HF_OK;
}

static hf_status collect_names(work *w)
{
    hf_record *r = w->record;
    char(*pseudonyms)[PSEUDONYM_SIZE + 1] =
        hf_i_calloc(w->ctx, r->person_count + 1, sizeof *pseudonyms);
    hf_status s = pseudonyms ? HF_OK : HF_E_NOMEM;
    for (size_t i = 0; s == HF_OK && i < r->person_count; i++) {
        hf_text n = r->people[i].name;
        s = fold(w, n.data, n.size);
        if (s == HF_OK) {
            make_pseudonym(w, w->folded.data, w->folded.len, pseudonyms[i]);
            s = add_key(w, n.data, n.size, pseudonyms[i]);
        }
    }
    for (size_t i = 0; s == HF_OK && i < r->person_count; i++)
        s = add_parts(w, r->people[i].name, pseudonyms[i]);
    for (size_t i = 0; s == HF_OK && i < r->person_count; i++) {
        char *copy = hf_i_record_keep(r, w->ctx, pseudonyms[i], PSEUDONYM_SIZE);
        if (copy)
            r->people[i].name = (hf_text){copy, PSEUDONYM_SIZE};
        else
            s = HF_E_NOMEM;
    }
    hf_i_free(w->ctx, pseudonyms);
    return s;
}

/* The longest name at text[from], which begins a word and must end one: its name, its end. */
static hf_status match(work *w, hf_text t, size_t from, const name_key **best, size_t *end)
{
    size_t longest = 0;
    *best = NULL;
    for (size_t i = 0; i < w->count; i++)
        longest = w->names[i].size > longest ? w->names[i].size : longest;
    for (size_t at = from, next = from; at < t.size && at - from <= 2 * longest + 8; at = next) {
        int32_t code = hf_i_utf8_next(t.data, t.size, &next, NULL);
        size_t peek = next;
        bool inside = is_word_char(code) && peek < t.size &&
                      is_word_char(hf_i_utf8_next(t.data, t.size, &peek, NULL));
        if (inside)
            continue;
        HF_TRY(fold(w, t.data + from, next - from));
        for (size_t i = 0; i < w->count; i++)
            if (w->names[i].size == w->folded.len &&
                memcmp(w->names[i].key, w->folded.data, w->folded.len) == 0) {
                *best = &w->names[i];
                *end = next;
            }
    }
    return HF_OK;
}

static hf_status replace_in(work *w, hf_text *t)
{
    size_t copied = 0;
    bool word = false;
    hf_i_buf_clear(&w->out);
    for (size_t at = 0; at < t->size;) {
        size_t next = at;
        int32_t code = hf_i_utf8_next(t->data, t->size, &next, NULL);
        bool starts = !word && w->first[(unsigned char)t->data[at]];
        word = is_word_char(code);
        if (starts) {
            const name_key *found;
            size_t end = at;
            HF_TRY(match(w, *t, at, &found, &end));
            if (found) {
                HF_TRY(hf_i_buf_add(&w->out, t->data + copied, at - copied));
                HF_TRY(hf_i_buf_add_str(&w->out, found->pseudonym));
                copied = next = end;
                word = false;
            }
        }
        at = next;
    }
    if (copied == 0)
        return HF_OK;
    HF_TRY(hf_i_buf_add(&w->out, t->data + copied, t->size - copied));
    char *copy = hf_i_record_keep(w->record, w->ctx, w->out.data, w->out.len);
    if (!copy)
        return HF_E_NOMEM;
    *t = (hf_text){copy, w->out.len};
    return HF_OK;
}

static hf_status replace_texts(work *w)
{
    hf_record *r = w->record;
    for (size_t i = 0; i < r->row_count; i++) {
        hf_text t = {r->rows[i].text, r->rows[i].text_size};
        HF_TRY(replace_in(w, &t));
        r->rows[i].text = t.data;
        r->rows[i].text_size = (uint32_t)t.size;
        if (i % 16384 == 0)
            HF_TRY(hf_i_progress(w->ctx, "pseudonyms", i, r->row_count));
    }
    for (size_t i = 0; i < r->rating_count; i++) {
        hf_text t = {r->ratings[i].other, r->ratings[i].other_size};
        HF_TRY(replace_in(w, &t));
        r->ratings[i].other = t.data;
        r->ratings[i].other_size = (uint32_t)t.size;
    }
    /* Keys of messages that are not here may hold names (mail addresses). */
    for (size_t i = 0; i < r->extra_count; i++)
        if (r->extras[i].reply_row == UINT32_MAX)
            r->extras[i].reply_size = 0;
    return HF_OK;
}

static hf_status hide_files(work *w)
{
    hf_record *r = w->record;
    for (size_t i = 0; i < r->file_count; i++) {
        char text[32];
        snprintf(text, sizeof text, "file-%zu", i + 1);
        char *name = hf_i_strdup(w->ctx, text);
        if (!name)
            return HF_E_NOMEM;
        hf_i_free(w->ctx, r->files[i].name);
        r->files[i].name = name;
    }
    r->warning_count = 0; /* they quote the source; their number stays */
    hf_i_free(w->ctx, r->ids);
    hf_i_free(w->ctx, r->ordinals);
    r->ids = NULL;
    r->ordinals = NULL;
    r->ordinal_count = 0;
    r->ordinals_known = false;
    return HF_OK;
}

hf_status hf_record_pseudonymise(hf_record *record, hf_ctx *ctx, const void *key, size_t key_size)
{
    if (key_size < crypto_generichash_KEYBYTES_MIN || key_size > crypto_generichash_KEYBYTES_MAX)
        return hf_i_fail(ctx, HF_E_USAGE, "A key has 16 to 64 bytes.", "the key has %zu bytes",
                         key_size);
    work w = {.ctx = ctx, .record = record, .key = key, .key_size = key_size};
    hf_i_buf_init(&w.folded, ctx, HF_MAX_MESSAGE_BYTES, "a name");
    hf_i_buf_init(&w.out, ctx, HF_MAX_MESSAGE_BYTES * 8, "a text");
    hf_status s = collect_names(&w);
    if (s == HF_OK)
        s = replace_texts(&w);
    if (s == HF_OK)
        s = hide_files(&w);
    for (size_t i = 0; i < w.count; i++)
        hf_i_free(ctx, w.names[i].key);
    hf_i_free(ctx, w.names);
    hf_i_buf_dispose(&w.folded);
    hf_i_buf_dispose(&w.out);
    return s;
}
