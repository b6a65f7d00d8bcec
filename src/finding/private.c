/* SPDX-License-Identifier: MIT */
/* The sealed file of one person: notes as lines 'key<tab>value', padded, under a passphrase.
 *
 * Form: 8 bytes of magic, 16 of salt, 24 of nonce, then XChaCha20-Poly1305 over the lines with
 * zeros up to a multiple of PAGE. Key: Argon2id (libsodium's interactive limits) of passphrase and
 * salt. The magic is authenticated. */
#include <holdfast/consent.h>

#include "base/base.h"

#include <sodium.h>
#include <string.h>

enum { MAGIC = 8, PAGE = 4096, MOST_BYTES = 1 << 20 };
static const unsigned char magic[MAGIC] = {'H', 'F', 'P', 'R', 'I', 'V', '1', '\n'};

#define SALT crypto_pwhash_SALTBYTES
#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES
#define KEY crypto_aead_xchacha20poly1305_ietf_KEYBYTES

typedef struct {
    char *key, *value;
} note;

struct hf_private {
    hf_ctx *ctx;
    note *notes;
    size_t count, cap;
};

/* ---- notes -------------------------------------------------------------------------------------- */

static void drop(hf_private *p, char *text)
{
    if (text)
        sodium_memzero(text, strlen(text));
    hf_i_free(p->ctx, text);
}

hf_status hf_private_new(hf_private **out, hf_ctx *ctx)
{
    *out = NULL;
    if (sodium_init() < 0)
        return hf_i_fail(ctx, HF_E_INTERNAL, NULL, "libsodium does not start");
    hf_private *p = hf_i_calloc(ctx, 1, sizeof *p);
    if (!p)
        return HF_E_NOMEM;
    p->ctx = ctx;
    *out = p;
    return HF_OK;
}

void hf_private_free(hf_private *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->count; i++) {
        drop(p, p->notes[i].key);
        drop(p, p->notes[i].value);
    }
    hf_i_free(p->ctx, p->notes);
    hf_i_free(p->ctx, p);
}

static size_t find(const hf_private *p, const char *key)
{
    size_t i = 0;
    while (i < p->count && strcmp(p->notes[i].key, key) != 0)
        i++;
    return i;
}

static void remove_at(hf_private *p, size_t i)
{
    drop(p, p->notes[i].key);
    drop(p, p->notes[i].value);
    p->notes[i] = p->notes[--p->count];
}

hf_status hf_private_set(hf_private *p, const char *key, const char *value)
{
    if (!*key || strpbrk(key, "\t\n") || (value && strpbrk(value, "\n")))
        return hf_i_fail(p->ctx, HF_E_USAGE, NULL, "a private note is one line");
    size_t i = find(p, key);
    if (!value) {
        if (i < p->count)
            remove_at(p, i);
        return HF_OK;
    }
    note n = {hf_i_strdup(p->ctx, key), hf_i_strdup(p->ctx, value)};
    hf_status s = n.key && n.value ? HF_OK : HF_E_NOMEM;
    if (s == HF_OK)
        s = hf_i_grow(p->ctx, &p->notes, &p->cap, p->count + 1, sizeof *p->notes, 1 << 16,
                      "private notes");
    if (s != HF_OK) {
        drop(p, n.key);
        drop(p, n.value);
        return s;
    }
    if (i < p->count)
        remove_at(p, i);
    p->notes[p->count++] = n;
    return HF_OK;
}

const char *hf_private_get(const hf_private *p, const char *key)
{
    size_t i = find(p, key);
    return i < p->count ? p->notes[i].value : NULL;
}

size_t hf_private_count(const hf_private *p)
{
    return p->count;
}

const char *hf_private_at(const hf_private *p, size_t index, const char **value)
{
    *value = index < p->count ? p->notes[index].value : NULL;
    return index < p->count ? p->notes[index].key : NULL;
}

bool hf_private_rests(const hf_private *p)
{
    const char *joint = hf_private_get(p, "joint");
    return joint && strcmp(joint, "rest") == 0;
}

hf_status hf_private_set_rests(hf_private *p, bool rests)
{
    return hf_private_set(p, "joint", rests ? "rest" : "open");
}

static hf_status dismissal(hf_private *p, const char *id, char key[64])
{
    if (strlen(id) > 40)
        return hf_i_fail(p->ctx, HF_E_USAGE, NULL, "'%.40s' is no id of a line", id);
    snprintf(key, 64, "dismissed %s", id);
    return HF_OK;
}

hf_status hf_private_dismiss(hf_private *p, const char *id)
{
    char key[64];
    HF_TRY(dismissal(p, id, key));
    return hf_private_set(p, key, "not about me");
}

bool hf_private_is_dismissed(const hf_private *p, const char *id)
{
    char key[64];
    snprintf(key, sizeof key, "dismissed %.40s", id);
    return hf_private_get(p, key) != NULL;
}

/* ---- sealing ------------------------------------------------------------------------------------ */

static hf_status make_key(hf_ctx *ctx, unsigned char key[KEY], const char *passphrase,
                          const unsigned char *salt)
{
    if (crypto_pwhash(key, KEY, passphrase, strlen(passphrase), salt,
                      crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        return hf_i_fail(ctx, HF_E_NOMEM, NULL, "not enough memory for the passphrase");
    return HF_OK;
}

/* The notes as lines, filled up with zeros to whole pages. */
static hf_status write_notes(const hf_private *p, hf_i_buf *out)
{
    static const char zeros[PAGE];
    for (size_t i = 0; i < p->count; i++) {
        HF_TRY(hf_i_buf_add_str(out, p->notes[i].key));
        HF_TRY(hf_i_buf_add_char(out, '\t'));
        HF_TRY(hf_i_buf_add_str(out, p->notes[i].value));
        HF_TRY(hf_i_buf_add_char(out, '\n'));
    }
    return hf_i_buf_add(out, zeros, PAGE - out->len % PAGE);
}

static hf_status seal(const hf_private *p, hf_ctx *ctx, hf_i_buf *plain, hf_i_buf *sealed,
                      const char *passphrase)
{
    unsigned char head[MAGIC + SALT + NONCE], key[KEY];
    HF_TRY(write_notes(p, plain));
    memcpy(head, magic, MAGIC);
    randombytes_buf(head + MAGIC, SALT + NONCE);
    HF_TRY(make_key(ctx, key, passphrase, head + MAGIC));
    hf_status s = hf_i_buf_add(sealed, head, sizeof head);
    if (s == HF_OK)
        s = hf_i_buf_reserve(sealed, plain->len + TAG);
    unsigned long long size = 0;
    if (s == HF_OK) {
        crypto_aead_xchacha20poly1305_ietf_encrypt(
            (unsigned char *)sealed->data + sealed->len, &size, (const unsigned char *)plain->data,
            plain->len, magic, MAGIC, NULL, head + MAGIC + SALT, key);
        sealed->len += (size_t)size;
    }
    sodium_memzero(key, sizeof key);
    return s;
}

hf_status hf_private_seal(const hf_private *p, hf_ctx *ctx, const char *path,
                          const char *passphrase)
{
    if (!passphrase || !*passphrase)
        return hf_i_fail(ctx, HF_E_USAGE, NULL, "a private file needs a passphrase");
    hf_i_buf plain, sealed;
    hf_outfile *file = NULL;
    hf_i_buf_init(&plain, ctx, MOST_BYTES, "a private file");
    hf_i_buf_init(&sealed, ctx, 2 * MOST_BYTES, "a private file");
    hf_status s = seal(p, ctx, &plain, &sealed, passphrase);
    if (s == HF_OK)
        s = hf_outfile_new(&file, ctx, path);
    if (s == HF_OK)
        s = hf_outfile_write(file, sealed.data, sealed.len);
    if (s == HF_OK)
        s = hf_outfile_commit(file);
    hf_outfile_free(file);
    if (plain.data)
        sodium_memzero(plain.data, plain.len);
    hf_i_buf_dispose(&plain);
    hf_i_buf_dispose(&sealed);
    return s;
}

static hf_status cannot_open(hf_ctx *ctx, const char *path)
{
    hf_i_place place = {.file = path};
    return hf_i_fail_at(ctx, HF_E_PARSE, &place, "Check the passphrase and the file.",
                        "this is no private file, or not with this passphrase");
}

static hf_status read_notes(hf_private *p, char *text, size_t size, const char *path)
{
    for (char *line = text, *end; line < text + size && *line; line = end + 1) {
        end = memchr(line, '\n', size - (size_t)(line - text));
        char *tab = end ? memchr(line, '\t', (size_t)(end - line)) : NULL;
        if (!tab)
            return cannot_open(p->ctx, path);
        *tab = *end = '\0';
        HF_TRY(hf_private_set(p, line, tab + 1));
    }
    return HF_OK;
}

static hf_status unseal(hf_private *p, const hf_i_file *file, const char *path,
                        const char *passphrase)
{
    const size_t head = MAGIC + SALT + NONCE;
    unsigned char key[KEY];
    if (file->size < head + TAG + PAGE || file->size > 2 * MOST_BYTES ||
        memcmp(file->data, magic, MAGIC) != 0)
        return cannot_open(p->ctx, path);
    size_t size = (size_t)file->size - head - TAG;
    char *plain = hf_i_alloc(p->ctx, size + 1);
    if (!plain)
        return HF_E_NOMEM;
    hf_status s = make_key(p->ctx, key, passphrase, file->data + MAGIC);
    if (s == HF_OK && crypto_aead_xchacha20poly1305_ietf_decrypt(
                          (unsigned char *)plain, NULL, NULL, file->data + head, size + TAG, magic,
                          MAGIC, file->data + MAGIC + SALT, key) != 0)
        s = cannot_open(p->ctx, path);
    plain[size] = '\0';
    if (s == HF_OK)
        s = read_notes(p, plain, size, path);
    sodium_memzero(key, sizeof key);
    sodium_memzero(plain, size);
    hf_i_free(p->ctx, plain);
    return s;
}

hf_status hf_private_open(hf_private **out, hf_ctx *ctx, const char *path, const char *passphrase)
{
    hf_i_file file;
    *out = NULL;
    hf_private *p;
    HF_TRY(hf_private_new(&p, ctx));
    hf_status s = hf_i_file_open(&file, ctx, path);
    if (s == HF_OK) {
        s = unseal(p, &file, path, passphrase ? passphrase : "");
        hf_i_file_close(&file);
    }
    if (s != HF_OK) {
        hf_private_free(p);
        return s;
    }
    *out = p;
    return HF_OK;
}
