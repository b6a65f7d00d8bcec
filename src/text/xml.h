/* SPDX-License-Identifier: MIT */
/* Reading XML by expat, from bytes in memory, a part at a time. Document types are refused (none of
 * our sources has one; they are what attacks are made of); nothing outside the bytes is opened. */
#ifndef HF_TEXT_XML_H
#define HF_TEXT_XML_H

#include "base/base.h"

/* Any may be NULL. attributes: name, value, ..., NULL; all UTF-8. What fails ends the reading with
 * that status. text may come in several pieces. */
typedef struct hf_i_xml_handlers {
    hf_status (*start)(void *user, const char *name, const char *const *attributes);
    hf_status (*end)(void *user, const char *name);
    hf_status (*text)(void *user, const char *bytes, size_t size);
    void *user;
} hf_i_xml_handlers;

typedef struct hf_i_xml_reader {
    uint64_t byte, line; /* of the event in hand */
    uint64_t repaired;   /* references that XML does not allow and that were replaced */

    hf_ctx *ctx;
    const char *file, *data;
    size_t size, at;
    hf_i_xml_handlers handlers;
    void *parser;
    char *part;
    unsigned depth;
    hf_status status;
} hf_i_xml_reader;

/* data stays the caller's; file (may be NULL) is named in errors. Fails with HF_E_UNSUPPORTED in a
 * build without expat.
 *
 * Phones write emoji as two references to the halves of a surrogate pair (&#55357;&#56832;), which
 * is no XML. Those become one reference to the character, of the same length, so that places stay
 * true; lone halves become U+FFFD, references to control characters a tab. */
hf_status hf_i_xml_open(hf_i_xml_reader *x, hf_ctx *ctx, const char *file, const void *data,
                        uint64_t size, const hf_i_xml_handlers *handlers);
/* Reads about a megabyte; *more is false at the end. Fails with HF_E_PARSE at its place. */
hf_status hf_i_xml_step(hf_i_xml_reader *x, bool *more);
void hf_i_xml_dispose(hf_i_xml_reader *x);

/* The value of an attribute, or NULL. */
const char *hf_i_xml_attribute(const char *const *attributes, const char *name);

hf_status hf_i_xml_fail(hf_i_xml_reader *x, hf_status status, const char *advice,
                        const char *format, ...) HF_PRINTF(4, 5);

#endif
