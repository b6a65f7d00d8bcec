/* SPDX-License-Identifier: MIT */
/* Agreement and privacy of the two: the record of consent that both can read, and the sealed file
 * of one person that nobody else can (doc/safety.md, doc/contracts.md 4).
 *
 * Joint work (both sides shown, one set beside the other) needs a record that is in force by both,
 * or the word of one person, and no sealed file of either that says 'rest'. Where joint work rests
 * an output says one sentence, the same for every cause: consent missing, paused or revoked, too
 * little data, a private answer.
 *
 * Thread-safety: one object on one thread at a time. Texts are borrowed from their object. */
#ifndef HOLDFAST_CONSENT_H
#define HOLDFAST_CONSENT_H

#include <holdfast/finding.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The one sentence: "Some joint activities are not available right now." language: "en", "de";
 * any other gives English. Static storage. */
HF_API const char *hf_joint_rests_text(const char *language);
/* The key of the limit that a findings document then carries ("joint_rests"). */
#define HF_JOINT_RESTS "joint_rests"

/* ---- the record of consent: one JSON file for both --------------------------------------------- */

typedef enum hf_purpose { HF_PURPOSE_SELF_HELP, HF_PURPOSE_THERAPY, HF_PURPOSE_RESEARCH } hf_purpose;
HF_API const char *hf_purpose_name(hf_purpose purpose); /* "self-help" */
/* False when the name is none of them. */
HF_API bool hf_purpose_find(const char *name, hf_purpose *out);

typedef struct hf_consent_person {
    const char *name;
    const char *confirmed; /* "2026-11-22"; NULL: not, or taken back */
    const char *revoked;   /* date; NULL: not */
} hf_consent_person;

typedef struct hf_consent_record hf_consent_record;

/* What both agree to, in words, and its version ("en-1"). NULL: not in this language. */
HF_API const char *hf_consent_text(const char *language, const char **version);

/* A record that nobody has confirmed yet. language chooses the text. Errors: HF_E_USAGE (a name is
 * empty or both are the same), HF_E_NOT_FOUND (no text in that language). */
HF_API hf_status hf_consent_record_new(hf_consent_record **out, hf_ctx *ctx, hf_purpose purpose,
                                       const char *language, const char *name_a,
                                       const char *name_b);
/* Errors: HF_E_IO, HF_E_PARSE with file and line and what to do. */
HF_API hf_status hf_consent_record_read(hf_consent_record **out, hf_ctx *ctx, const char *path);
HF_API hf_status hf_consent_record_write(const hf_consent_record *record, hf_ctx *ctx,
                                         const char *path);
HF_API void hf_consent_record_free(hf_consent_record *record);

HF_API hf_purpose hf_consent_record_get_purpose(const hf_consent_record *record);
HF_API const char *hf_consent_record_get_version(const hf_consent_record *record);
HF_API void hf_consent_record_get_person(const hf_consent_record *record, hf_partner partner,
                                         hf_consent_person *out);
/* Each for oneself. date: "2026-11-22". Confirming again renews it and ends a pause or a
 * revocation. HF_E_USAGE: not a or b, or no date. */
HF_API hf_status hf_consent_record_confirm(hf_consent_record *record, hf_partner partner,
                                           const char *date);
/* Takes the confirmation back without a date and without a reason: it then reads as not given. */
HF_API hf_status hf_consent_record_pause(hf_consent_record *record, hf_partner partner);
HF_API hf_status hf_consent_record_revoke(hf_consent_record *record, hf_partner partner,
                                          const char *date);
/* Confirmed by both, revoked by none, for these two names (in either order), for the text of this
 * version of Holdfast, and no confirmation older than HF_CONSENT_DAYS on the day today. since (may
 * be NULL): the later of the two confirmations. */
#define HF_CONSENT_DAYS 365
HF_API bool hf_consent_record_in_force(const hf_consent_record *record, const char *name_a,
                                       const char *name_b, const char *today, const char **since);

/* ---- the sealed file of one person --------------------------------------------------------------- */

typedef struct hf_private hf_private;

HF_API hf_status hf_private_new(hf_private **out, hf_ctx *ctx);
/* Opens a sealed file. Errors: HF_E_IO; HF_E_PARSE (no such file, changed, or another passphrase:
 * which of them cannot be told). */
HF_API hf_status hf_private_open(hf_private **out, hf_ctx *ctx, const char *path,
                                 const char *passphrase);
/* Writes it, readable by its owner only, sealed by the passphrase (Argon2id, then
 * XChaCha20-Poly1305), padded so that its size says nothing. HF_E_USAGE: an empty passphrase. */
HF_API hf_status hf_private_seal(const hf_private *file, hf_ctx *ctx, const char *path,
                                 const char *passphrase);
HF_API void hf_private_free(hf_private *file); /* wipes it first */

/* Notes of the owner: key and value, one line each. Setting NULL removes. get gives NULL for none. */
HF_API hf_status hf_private_set(hf_private *file, const char *key, const char *value);
HF_API const char *hf_private_get(const hf_private *file, const char *key);
HF_API size_t hf_private_count(const hf_private *file);
HF_API const char *hf_private_at(const hf_private *file, size_t index, const char **value);

/* The outcome of the private screen: joint work rests. */
HF_API bool hf_private_rests(const hf_private *file);
HF_API hf_status hf_private_set_rests(hf_private *file, bool rests);
/* 'Not about me': the line with this id is not asked about again. */
HF_API hf_status hf_private_dismiss(hf_private *file, const char *id);
HF_API bool hf_private_is_dismissed(const hf_private *file, const char *id);

#ifdef __cplusplus
}
#endif
#endif
