/* SPDX-License-Identifier: MIT */
/* The record of consent: who agreed to which text, for what, when; one JSON file for both. */
#include <holdfast/consent.h>

#include "text/json_tree.h"
#include "text/json_write.h"
#include "text/time.h"

#include <sodium.h>
#include <string.h>

enum { HASH = 16, MOST_NAME = 256 };
static const char schema[] = "holdfast-consent-1";
static const char *const purposes[] = {"self-help", "therapy", "research"};

typedef struct {
    char name[MOST_NAME], confirmed[16], revoked[16];
} person;

struct hf_consent_record {
    hf_ctx *ctx;
    hf_purpose purpose;
    char version[16], hash[2 * HASH + 1];
    person people[2];
};

const char *hf_joint_rests_text(const char *language)
{
    return language && strcmp(language, "de") == 0
               ? "Einige gemeinsame Schritte sind gerade nicht verfügbar."
               : "Some joint activities are not available right now.";
}

const char *hf_purpose_name(hf_purpose purpose)
{
    return (unsigned)purpose < HF_COUNT_OF(purposes) ? purposes[purpose] : "?";
}

bool hf_purpose_find(const char *name, hf_purpose *out)
{
    for (size_t i = 0; i < HF_COUNT_OF(purposes); i++)
        if (strcmp(purposes[i], name) == 0) {
            *out = (hf_purpose)i;
            return true;
        }
    return false;
}

/* ---- the text ------------------------------------------------------------------------------------ */

/* data/safety/consent_XX.txt; its first line names the version: "version: en-1". */
static const char *text_of(const char *language, char version[16])
{
    char name[64];
    size_t size = 0;
    snprintf(name, sizeof name, "safety/consent_%.8s.txt", language);
    const char *text = hf_i_data_get(name, &size), *line = text ? strstr(text, "version: ") : NULL;
    if (!line)
        return NULL;
    line += strlen("version: ");
    size_t n = strcspn(line, "\r\n");
    snprintf(version, 16, "%.*s", (int)(n < 15 ? n : 15), line);
    return line + n + 1;
}

const char *hf_consent_text(const char *language, const char **version)
{
    static const char *const known[] = {"de-1", "en-1"};
    char text_version[16];
    const char *text = text_of(language, text_version);
    if (version)
        *version = NULL;
    for (size_t i = 0; text && version && i < HF_COUNT_OF(known); i++)
        if (strcmp(known[i], text_version) == 0)
            *version = known[i];
    return text;
}

static void hash_text(const char *text, char out[2 * HASH + 1])
{
    unsigned char hash[HASH];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)text, strlen(text), NULL, 0);
    sodium_bin2hex(out, 2 * HASH + 1, hash, sizeof hash);
}

/* ---- making and changing ---------------------------------------------------------------------------
 */

static hf_status set_name(hf_consent_record *r, int p, const char *name, size_t size)
{
    if (!size || size >= MOST_NAME)
        return hf_i_fail(r->ctx, HF_E_USAGE, NULL, "a name of 1 to %d bytes is needed",
                         MOST_NAME - 1);
    memcpy(r->people[p].name, name, size);
    r->people[p].name[size] = '\0';
    return HF_OK;
}

hf_status hf_consent_record_new(hf_consent_record **out, hf_ctx *ctx, hf_purpose purpose,
                                const char *language, const char *name_a, const char *name_b)
{
    *out = NULL;
    hf_consent_record *r = hf_i_calloc(ctx, 1, sizeof *r);
    if (!r)
        return HF_E_NOMEM;
    r->ctx = ctx;
    r->purpose = purpose;
    const char *text = text_of(language, r->version);
    hf_status s = HF_OK;
    if (!text)
        s = hf_i_fail(ctx, HF_E_NOT_FOUND, NULL, "there is no text of consent in '%s'", language);
    else
        hash_text(text, r->hash);
    if (s == HF_OK)
        s = set_name(r, 0, name_a, strlen(name_a));
    if (s == HF_OK)
        s = set_name(r, 1, name_b, strlen(name_b));
    if (s == HF_OK && strcmp(name_a, name_b) == 0)
        s = hf_i_fail(ctx, HF_E_USAGE, NULL, "both names are the same");
    if (s != HF_OK) {
        hf_consent_record_free(r);
        return s;
    }
    *out = r;
    return HF_OK;
}

void hf_consent_record_free(hf_consent_record *r)
{
    if (r)
        hf_i_free(r->ctx, r);
}

/* Days since 1970 of "2026-11-22". */
static bool day_of(const char *date, int64_t *day)
{
    hf_i_time t;
    if (!date || strlen(date) != 10 || !hf_i_time_parse_iso(date, 10, &t))
        return false;
    *day = t.ms / HF_I_MS_PER_DAY;
    return true;
}

static hf_status take(hf_consent_record *r, hf_partner partner, const char *date)
{
    int64_t day;
    if (partner > HF_PARTNER_B)
        return hf_i_fail(r->ctx, HF_E_USAGE, NULL, "consent is given by a or by b, each for one");
    if (date && !day_of(date, &day))
        return hf_i_fail(r->ctx, HF_E_USAGE, NULL, "'%.20s' is no date like 2026-11-22", date);
    return HF_OK;
}

hf_status hf_consent_record_confirm(hf_consent_record *r, hf_partner partner, const char *date)
{
    HF_TRY(take(r, partner, date ? date : ""));
    snprintf(r->people[partner].confirmed, sizeof r->people[partner].confirmed, "%s", date);
    r->people[partner].revoked[0] = '\0';
    return HF_OK;
}

hf_status hf_consent_record_pause(hf_consent_record *r, hf_partner partner)
{
    HF_TRY(take(r, partner, NULL));
    r->people[partner].confirmed[0] = '\0';
    return HF_OK;
}

hf_status hf_consent_record_revoke(hf_consent_record *r, hf_partner partner, const char *date)
{
    HF_TRY(take(r, partner, date ? date : ""));
    r->people[partner].confirmed[0] = '\0';
    snprintf(r->people[partner].revoked, sizeof r->people[partner].revoked, "%s", date);
    return HF_OK;
}

hf_purpose hf_consent_record_get_purpose(const hf_consent_record *r)
{
    return r->purpose;
}

const char *hf_consent_record_get_version(const hf_consent_record *r)
{
    return r->version;
}

void hf_consent_record_get_person(const hf_consent_record *r, hf_partner partner,
                                  hf_consent_person *out)
{
    const person *p = &r->people[partner == HF_PARTNER_B];
    out->name = p->name;
    out->confirmed = p->confirmed[0] ? p->confirmed : NULL;
    out->revoked = p->revoked[0] ? p->revoked : NULL;
}

static bool text_is_current(const hf_consent_record *r)
{
    char language[8], version[16], hash[2 * HASH + 1];
    snprintf(language, sizeof language, "%.*s", (int)(strcspn(r->version, "-") & 7), r->version);
    const char *text = text_of(language, version);
    if (!text || strcmp(version, r->version) != 0)
        return false;
    hash_text(text, hash);
    return strcmp(hash, r->hash) == 0;
}

static bool names_are(const hf_consent_record *r, const char *a, const char *b)
{
    const person *p = r->people;
    return (strcmp(p[0].name, a) == 0 && strcmp(p[1].name, b) == 0) ||
           (strcmp(p[0].name, b) == 0 && strcmp(p[1].name, a) == 0);
}

bool hf_consent_record_in_force(const hf_consent_record *r, const char *name_a, const char *name_b,
                                const char *today, const char **since)
{
    int64_t day[2], now;
    if (since)
        *since = NULL;
    if (!day_of(today, &now) || !names_are(r, name_a, name_b) || !text_is_current(r))
        return false;
    for (int p = 0; p < 2; p++)
        if (!day_of(r->people[p].confirmed, &day[p]) || r->people[p].revoked[0] ||
            day[p] > now || now - day[p] > HF_CONSENT_DAYS)
            return false;
    if (since)
        *since = r->people[day[1] > day[0]].confirmed;
    return true;
}

/* ---- the file ------------------------------------------------------------------------------------ */

hf_status hf_consent_record_write(const hf_consent_record *r, hf_ctx *ctx, const char *path)
{
    hf_outfile *file;
    hf_i_json_writer w;
    HF_TRY(hf_outfile_new(&file, ctx, path));
    hf_i_json_init(&w, hf_i_sink_outfile(file), HF_I_JSON_PRETTY);
    hf_i_json_object_begin(&w);
    hf_i_json_key_str(&w, "schema", schema);
    hf_i_json_key_str(&w, "text", r->version);
    hf_i_json_key_str(&w, "text_hash", r->hash);
    hf_i_json_key_str(&w, "purpose", purposes[r->purpose]);
    hf_i_json_key(&w, "people");
    hf_i_json_array_begin(&w);
    for (int p = 0; p < 2; p++) {
        hf_consent_person one;
        hf_consent_record_get_person(r, (hf_partner)p, &one);
        hf_i_json_object_begin(&w);
        hf_i_json_key_str(&w, "name", one.name);
        hf_i_json_key_str(&w, "confirmed", one.confirmed);
        hf_i_json_key_str(&w, "revoked", one.revoked);
        hf_i_json_object_end(&w);
    }
    hf_i_json_array_end(&w);
    hf_i_json_object_end(&w);
    hf_i_json_newline(&w);
    hf_status s = hf_i_json_finish(&w);
    if (s == HF_OK)
        s = hf_outfile_commit(file);
    hf_outfile_free(file);
    return s;
}

static hf_status wrong(hf_i_json_reader *j, const hf_i_json_node *n, const char *what)
{
    return hf_i_json_fail(j, HF_E_PARSE, n->byte,
                          "Make a new record: holdfast consent FILE --new --names A,B", "%s",
                          what);
}

static bool copy(char *out, size_t size, const hf_i_json_node *n)
{
    out[0] = '\0';
    if (n->kind != HF_I_JSON_STRING)
        return !hf_i_json_there(n);
    if (n->len >= size || memchr(n->text, '\0', n->len))
        return false;
    memcpy(out, n->text, n->len);
    out[n->len] = '\0';
    return true;
}

static bool copy_date(char out[16], const hf_i_json_node *n)
{
    int64_t day;
    return copy(out, 16, n) && (!out[0] || day_of(out, &day));
}

static hf_status read_tree(hf_consent_record *r, hf_i_json_reader *j, const hf_i_json_tree *t)
{
    const hf_i_json_node *root = hf_i_json_root(t), *n;
    char purpose[16];
    if (!hf_i_json_node_is(hf_i_json_get(t, root, "schema"), schema))
        return wrong(j, root, "this is no record of consent");
    n = hf_i_json_get(t, root, "purpose");
    if (!copy(purpose, sizeof purpose, n) || !hf_purpose_find(purpose, &r->purpose))
        return wrong(j, n, "the purpose is not self-help, therapy or research");
    if (!copy(r->version, sizeof r->version, hf_i_json_get(t, root, "text")) ||
        !copy(r->hash, sizeof r->hash, hf_i_json_get(t, root, "text_hash")))
        return wrong(j, root, "the text of consent is not named");
    n = hf_i_json_first(t, hf_i_json_get(t, root, "people"));
    for (int p = 0; p < 2; p++, n = hf_i_json_next_node(t, n)) {
        person *one = &r->people[p];
        if (!copy(one->name, sizeof one->name, hf_i_json_get(t, n, "name")) || !one->name[0])
            return wrong(j, n, "a person has no name");
        if (!copy_date(one->confirmed, hf_i_json_get(t, n, "confirmed")) ||
            !copy_date(one->revoked, hf_i_json_get(t, n, "revoked")))
            return wrong(j, n, "a date is not like 2026-11-22");
    }
    if (n->kind != HF_I_JSON_END)
        return wrong(j, n, "there are more than two people");
    return HF_OK;
}

static hf_status read_file(hf_consent_record *r, const hf_i_file *file, const char *path)
{
    hf_i_json_reader j;
    hf_i_json_tree t;
    hf_i_json_open(&j, r->ctx, path, file->data, file->size);
    hf_i_json_tree_init(&t, r->ctx);
    hf_status s = hf_i_json_next(&j);
    if (s == HF_OK && j.token != HF_I_JSON_OBJECT)
        s = hf_i_json_fail(&j, HF_E_PARSE, 0,
                           "Make a new record: holdfast consent FILE --new --names A,B",
                           "this is no record of consent");
    if (s == HF_OK)
        s = hf_i_json_tree_read(&t, &j);
    if (s == HF_OK)
        s = read_tree(r, &j, &t);
    hf_i_json_tree_dispose(&t);
    hf_i_json_dispose(&j);
    return s;
}

hf_status hf_consent_record_read(hf_consent_record **out, hf_ctx *ctx, const char *path)
{
    hf_i_file file;
    *out = NULL;
    HF_TRY(hf_i_file_open(&file, ctx, path));
    hf_consent_record *r = hf_i_calloc(ctx, 1, sizeof *r);
    hf_status s = r ? HF_OK : HF_E_NOMEM;
    if (r)
        r->ctx = ctx;
    if (s == HF_OK)
        s = read_file(r, &file, path);
    hf_i_file_close(&file);
    if (s != HF_OK) {
        hf_consent_record_free(r);
        return s;
    }
    *out = r;
    return HF_OK;
}
