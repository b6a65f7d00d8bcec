/* SPDX-License-Identifier: MIT */
#include "text/xml.h"

#include "hf_config.h"

#include <string.h>

const char *hf_i_xml_attribute(const char *const *a, const char *name)
{
    for (; a && *a; a += 2)
        if (strcmp(a[0], name) == 0)
            return a[1];
    return NULL;
}

hf_status hf_i_xml_fail(hf_i_xml_reader *x, hf_status status, const char *advice,
                        const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    hf_i_place place = {.file = x->file, .line = x->line, .byte = x->byte, .byte_known = true};
    return hf_i_fail_at(x->ctx, status, &place, advice, "%s", text);
}

#if HF_HAVE_EXPAT
#include <expat.h>

enum { PART = 1 << 20, LONGEST_REFERENCE = 16 };

/* ---- references that XML does not allow ---------------------------------------------------- */

/* '&#55357;' at p: its length, 0 when it is none; *code is the number. */
static size_t reference_at(const char *p, const char *end, uint32_t *code, bool *hex)
{
    if (end - p < 4 || p[0] != '&' || p[1] != '#')
        return 0;
    const char *q = p + 2;
    *hex = *q == 'x' || *q == 'X';
    q += *hex;
    *code = 0;
    for (; q < end && q - p < LONGEST_REFERENCE && *q != ';'; q++) {
        char c = *q;
        uint32_t d = c >= '0' && c <= '9'           ? (uint32_t)(c - '0')
                     : *hex && c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                     : *hex && c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                    : 99;
        if (d == 99)
            return 0;
        *code = *code * (*hex ? 16 : 10) + d;
    }
    return q < end && *q == ';' ? (size_t)(q - p) + 1 : 0;
}

/* A reference to code of exactly size bytes, filled with zeros from the left. */
static void write_reference(char *p, size_t size, uint32_t code)
{
    char digits[16];
    int n = snprintf(digits, sizeof digits, "%u", code);
    memcpy(p, "&#", 2);
    memset(p + 2, '0', size - 3);
    memcpy(p + size - 1 - (size_t)n, digits, (size_t)n);
    p[size - 1] = ';';
}

static bool control(uint32_t code)
{
    return code < 0x20 && code != 9 && code != 10 && code != 13;
}

/* Repairs a part in place. Returns how much of it is settled: a reference at its very end may go
 * on in the next one. */
static size_t repair(hf_i_xml_reader *x, char *part, size_t size, bool last)
{
    char *end = part + size;
    for (char *p = part; (p = memchr(p, '&', (size_t)(end - p)));) {
        uint32_t a, b;
        bool hex;
        if (!last && end - p < 2 * LONGEST_REFERENCE + 4)
            return (size_t)(p - part);
        size_t n = reference_at(p, end, &a, &hex), m;
        if (n == 0 || (a < 0xD800 && !control(a)) || a > 0xDFFF) {
            p++;
            continue;
        }
        x->repaired++;
        m = a < 0xDC00 && a >= 0xD800 ? reference_at(p + n, end, &b, &hex) : 0;
        if (m && b >= 0xDC00 && b <= 0xDFFF) {
            write_reference(p, n + m, 0x10000 + ((a - 0xD800) << 10) + (b - 0xDC00));
            x->repaired--;
            n += m;
        } else {
            write_reference(p, n, control(a) ? 9 : 0xFFFD);
        }
        p += n;
    }
    return size;
}

/* ---- events ------------------------------------------------------------------------------- */

static void note_place(hf_i_xml_reader *x)
{
    XML_Index at = XML_GetCurrentByteIndex(x->parser);
    x->byte = at < 0 ? 0 : (uint64_t)at;
    x->line = XML_GetCurrentLineNumber(x->parser);
}

static void stop(hf_i_xml_reader *x, hf_status s)
{
    if (s == HF_OK)
        return;
    x->status = s;
    XML_StopParser(x->parser, XML_FALSE);
}

static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    hf_i_xml_reader *x = user;
    note_place(x);
    if (++x->depth > HF_MAX_JSON_DEPTH) {
        stop(x,
             hf_i_xml_fail(x, HF_E_LIMIT, NULL, "nested deeper than %u levels", HF_MAX_JSON_DEPTH));
        return;
    }
    if (x->handlers.start && x->status == HF_OK)
        stop(x, x->handlers.start(x->handlers.user, name, (const char *const *)attributes));
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
    hf_i_xml_reader *x = user;
    x->depth--;
    note_place(x);
    if (x->handlers.end && x->status == HF_OK)
        stop(x, x->handlers.end(x->handlers.user, name));
}

static void XMLCALL on_text(void *user, const XML_Char *bytes, int size)
{
    hf_i_xml_reader *x = user;
    if (x->status == HF_OK && size > 0)
        stop(x, x->handlers.text(x->handlers.user, bytes, (size_t)size));
}

static void XMLCALL on_doctype(void *user, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int internal)
{
    hf_i_xml_reader *x = user;
    (void)name, (void)system, (void)public, (void)internal;
    note_place(x);
    stop(x, hf_i_xml_fail(x, HF_E_FORMAT, "Take the <!DOCTYPE ...> out if you trust the file.",
                          "the file declares a document type"));
}

/* ---- reading ------------------------------------------------------------------------------ */

hf_status hf_i_xml_open(hf_i_xml_reader *x, hf_ctx *ctx, const char *file, const void *data,
                        uint64_t size, const hf_i_xml_handlers *handlers)
{
    *x = (hf_i_xml_reader){.ctx = ctx, .file = file, .data = data, .size = (size_t)size};
    x->handlers = *handlers;
    x->part = hf_i_alloc(ctx, PART);
    x->parser = XML_ParserCreate(NULL);
    if (!x->part || !x->parser) {
        hf_i_xml_dispose(x);
        return hf_i_fail(ctx, HF_E_NOMEM, NULL, "could not get memory for reading XML");
    }
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
    if (handlers->text)
        XML_SetCharacterDataHandler(x->parser, on_text);
    return HF_OK;
}

static hf_status fail_parse(hf_i_xml_reader *x)
{
    if (x->status != HF_OK)
        return x->status;
    note_place(x);
    enum XML_Error error = XML_GetErrorCode(x->parser);
    if (error == XML_ERROR_NO_MEMORY)
        return hf_i_fail(x->ctx, HF_E_NOMEM, NULL, "could not get memory for reading XML");
    bool cut =
        error == XML_ERROR_NO_ELEMENTS || error == XML_ERROR_UNCLOSED_TOKEN || x->byte >= x->size;
    return hf_i_xml_fail(x, HF_E_PARSE,
                         cut ? "Export it again: a part is missing."
                             : "The file was changed or damaged: export it again.",
                         "not XML: %s", XML_ErrorString(error));
}

hf_status hf_i_xml_step(hf_i_xml_reader *x, bool *more)
{
    size_t n = x->size - x->at < PART ? x->size - x->at : PART;
    bool last = x->at + n == x->size;
    if (n)
        memcpy(x->part, x->data + x->at, n);
    size_t settled = repair(x, x->part, n, last);
    *more = false;
    if (XML_Parse(x->parser, x->part, (int)settled, last) != XML_STATUS_OK)
        return fail_parse(x);
    x->at += settled;
    *more = !last;
    return x->status;
}

void hf_i_xml_dispose(hf_i_xml_reader *x)
{
    if (!x->ctx)
        return;
    if (x->parser)
        XML_ParserFree(x->parser);
    hf_i_free(x->ctx, x->part);
    *x = (hf_i_xml_reader){0};
}

#else

hf_status hf_i_xml_open(hf_i_xml_reader *x, hf_ctx *ctx, const char *file, const void *data,
                        uint64_t size, const hf_i_xml_handlers *handlers)
{
    (void)data, (void)size, (void)handlers;
    *x = (hf_i_xml_reader){.ctx = ctx, .file = file};
    return hf_i_fail(ctx, HF_E_UNSUPPORTED, NULL, "this build cannot read XML");
}

hf_status hf_i_xml_step(hf_i_xml_reader *x, bool *more)
{
    *more = false;
    return hf_i_fail(x->ctx, HF_E_UNSUPPORTED, NULL, "this build cannot read XML");
}

void hf_i_xml_dispose(hf_i_xml_reader *x)
{
    x->ctx = NULL;
}
#endif
