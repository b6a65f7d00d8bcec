/* SPDX-License-Identifier: MIT */
/* Telegram Desktop's messages.html, messages2.html, ...: pages of one chat. The JSON export says
 * more (UTC, reactions with times); this is for those who have only the pages. */
#include "record/formats/html.h"
#include "record/formats/lines.h"
#include "text/time.h"

#include <string.h>

/* The element whose text is being read. */
typedef enum { NOTHING, NAME, TEXT, SERVICE, MEDIA, MEDIA_STATUS, FORWARDED } part;

typedef struct {
    hf_i_blob blob;
    size_t at; /* of the reader's entries */
    hf_i_html page;
    /* The message in hand. */
    hf_message m;
    hf_i_buf name, text, media, key;
    bool open, joined, service;
    int depth, part_depth; /* of <div> */
    part part;
    int64_t offset_ms;
    bool zoned;
} state;

static void clear_message(state *s)
{
    static const hf_message empty = HF_I_MESSAGE_INIT;
    s->m = empty;
    s->m.t_res_ms = 1000;
    hf_i_buf_clear(&s->text);
    hf_i_buf_clear(&s->media);
    hf_i_buf_clear(&s->key);
    s->service = s->joined = false;
}

static hf_i_buf *target(state *s)
{
    switch (s->part) {
    case NAME:
        return &s->name;
    case TEXT:
    case SERVICE:
        return &s->text;
    case MEDIA:
    case MEDIA_STATUS:
        return &s->media;
    default:
        return NULL;
    }
}

/* ---- messages
 * ------------------------------------------------------------------------------------- */

/* '23.08.2023 13:11:23 UTC+01:00', without the zone in old exports. */
static void set_time(state *s, hf_text t)
{
    int64_t n[6];
    size_t at = 0;
    for (int i = 0; i < 6; i++) {
        if (!hf_i_read_digits(t.data, t.size, &at, 4, &n[i]))
            return;
        at++;
    }
    if (!hf_i_date_valid(n[2], (int)n[1], (int)n[0]) || n[3] > 24 || n[4] > 59 || n[5] > 60)
        return;
    s->m.t_ms = hf_i_days_from_civil(n[2], (int)n[1], (int)n[0]) * HF_I_MS_PER_DAY +
                (n[3] * 3600 + n[4] * 60 + n[5]) * 1000;
    /* The offset is that of the export, not of the day, and is known to be wrong across daylight
     * saving: the wall clock is what can be relied on. */
    s->m.t_kind = HF_TIME_LOCAL;
    s->zoned |= memmem(t.data, t.size, "UTC", 3) != NULL;
}

static hf_message_kind kind_of(const state *s, hf_text media)
{
    if (s->service)
        return HF_KIND_SYSTEM;
    if (media.size == 0)
        return HF_KIND_TEXT;
    if (memmem(media.data, media.size, "Sticker", 7))
        return HF_KIND_STICKER;
    if (memmem(media.data, media.size, "Voice message", 13) ||
        memmem(media.data, media.size, "Video message", 13))
        return HF_KIND_VOICE;
    if (memmem(media.data, media.size, "call", 4) || memmem(media.data, media.size, "Call", 4) ||
        memmem(media.data, media.size, "Outgoing", 8) ||
        memmem(media.data, media.size, "Incoming", 8))
        return HF_KIND_CALL;
    if (memmem(media.data, media.size, "Location", 8))
        return HF_KIND_LOCATION;
    return memmem(media.data, media.size, "poll", 4) ? HF_KIND_POLL : HF_KIND_MEDIA;
}

static hf_text trimmed(const hf_i_buf *b)
{
    return hf_i_trimmed((hf_text){b->len ? b->data : "", b->len});
}

static hf_status end_message(hf_i_reader *r)
{
    state *s = r->state;
    if (!s->open)
        return HF_OK;
    s->open = false;
    hf_text text = trimmed(&s->text), media = trimmed(&s->media), name = trimmed(&s->name);
    s->m.kind = kind_of(s, media);
    s->m.text = text.size ? text : s->m.kind == HF_KIND_TEXT ? text : media;
    /* Bars with a date alone are the page's, not a message. */
    if (s->service && s->m.t_ms == HF_NO_TIME && s->key.len && memchr(s->key.data, '-', s->key.len))
        return HF_OK;
    if (!s->service)
        HF_TRY(hf_i_build_person(r->build, name.data, name.size, &s->m.sender));
    hf_text key = {s->key.len ? s->key.data : NULL, s->key.len};
    return hf_i_build_message(r->build, &s->m, key, HF_I_COPY);
}

static hf_status start_message(hf_i_reader *r, hf_text classes, hf_text id, const char *at)
{
    state *s = r->state;
    HF_TRY(end_message(r));
    clear_message(s);
    s->open = true;
    s->service = hf_i_html_has_class(classes, "service");
    s->joined = hf_i_html_has_class(classes, "joined");
    if (!s->joined)
        hf_i_buf_clear(&s->name);
    s->m.src = hf_i_html_place(&s->page, at);
    /* id="message123": what replies name. */
    if (hf_i_starts_with(id.data, id.size, "message"))
        return hf_i_buf_add(&s->key, id.data + 7, id.size - 7);
    return HF_OK;
}

static part part_of(const state *s, hf_text c)
{
    if (hf_i_html_has_class(c, "from_name"))
        return s->part == FORWARDED ? FORWARDED : NAME;
    if (hf_i_html_has_class(c, "forwarded"))
        return NOTHING;
    if (hf_i_html_has_class(c, "text"))
        return TEXT;
    if (s->service && hf_i_html_has_class(c, "details"))
        return SERVICE;
    if (hf_i_html_has_class(c, "title"))
        return MEDIA;
    return hf_i_html_has_class(c, "status") ? MEDIA_STATUS : NOTHING;
}

static hf_status on_div(hf_i_reader *r, hf_text tag)
{
    state *s = r->state;
    hf_text classes = hf_i_html_attribute(tag, "class");
    s->depth++;
    if (hf_i_html_has_class(classes, "message"))
        return start_message(r, classes, hf_i_html_attribute(tag, "id"), tag.data);
    if (!s->open)
        return HF_OK;
    if (hf_i_html_has_class(classes, "date") && s->m.t_ms == HF_NO_TIME)
        set_time(s, hf_i_html_attribute(tag, "title"));
    part found = part_of(s, classes);
    if (found == NOTHING || s->part != NOTHING)
        return HF_OK;
    /* A forwarded message brings the name of its author: the first name is the sender's. */
    if (found == NAME && s->name.len && hf_i_trimmed((hf_text){s->name.data, s->name.len}).size)
        found = FORWARDED;
    s->part = found;
    s->part_depth = s->depth;
    return found == MEDIA_STATUS && s->media.len ? hf_i_buf_add_str(&s->media, ", ") : HF_OK;
}

static hf_status on_tag(hf_i_reader *r, hf_text tag)
{
    state *s = r->state;
    if (hf_i_html_is(tag, "<div"))
        return on_div(r, tag);
    if (hf_i_html_is(tag, "</div")) {
        if (s->part != NOTHING && s->depth == s->part_depth)
            s->part = NOTHING;
        s->depth--;
        return HF_OK;
    }
    if (hf_i_html_is(tag, "<br") && target(s))
        return hf_i_buf_add_char(target(s), '\n');
    if (s->open && hf_i_html_is(tag, "<a")) {
        hf_text href = hf_i_html_attribute(tag, "href"),
                classes = hf_i_html_attribute(tag, "class");
        const char *go = memmem(href.data, href.size, "#go_to_message", 14);
        if (go)
            s->m.reply_to = (hf_text){go + 14, href.size - (size_t)(go + 14 - href.data)};
        if (hf_i_html_has_class(classes, "photo_wrap") && s->media.len == 0)
            return hf_i_buf_add_str(&s->media, "Photo");
        if (hf_i_html_has_class(classes, "sticker_wrap") && s->media.len == 0)
            return hf_i_buf_add_str(&s->media, "Sticker");
        if ((hf_i_html_has_class(classes, "video_file_wrap") ||
             hf_i_html_has_class(classes, "animated_wrap")) &&
            s->media.len == 0)
            return hf_i_buf_add_str(&s->media, "Video");
    }
    return HF_OK;
}

static hf_status read_page(hf_i_reader *r)
{
    state *s = r->state;
    hf_text text, tag;
    bool more = true;
    while (more) {
        more = hf_i_html_next(&s->page, &text, &tag);
        if (target(s))
            HF_TRY(hf_i_html_add_text(target(s), text));
        if (more)
            HF_TRY(on_tag(r, tag));
    }
    if (s->page.cut)
        return hf_i_build_fail(r->build, HF_E_PARSE, (uint64_t)(s->page.p - s->page.data), 0,
                               "Export it again: a part is missing.", "the page ends inside a tag");
    s->part = NOTHING;
    return end_message(r);
}

/* ---- the format
 * ----------------------------------------------------------------------------------- */

static int probe(const hf_i_probe *p)
{
    return p->size && memmem(p->head, p->size, "class=\"message ", 15) &&
                   memmem(p->head, p->size, "page_wrap", 9)
               ? 90
               : 0;
}

static hf_status open_html(hf_i_reader *r)
{
    state *s = hf_i_calloc(r->ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    r->state = s;
    hf_i_buf_init(&s->name, r->ctx, HF_MAX_MESSAGE_BYTES, "a name");
    hf_i_buf_init(&s->text, r->ctx, HF_MAX_MESSAGE_BYTES, "a message");
    hf_i_buf_init(&s->media, r->ctx, HF_MAX_MESSAGE_BYTES, "a message");
    hf_i_buf_init(&s->key, r->ctx, HF_MAX_MESSAGE_BYTES, "a message's number");
    return HF_OK;
}

static hf_status next(hf_i_reader *r, bool *more)
{
    state *s = r->state;
    *more = s->at < r->entry_count;
    if (!*more) {
        hf_i_build_variant(r->build, "html");
        hf_i_build_limit(r->build, HF_LIMIT_NO_READ_RECEIPTS);
        hf_i_build_limit(r->build, HF_LIMIT_NO_REACTIONS);
        hf_i_build_limit(r->build, HF_LIMIT_EDITED_TEXT_LOST);
        if (s->zoned)
            return hf_i_build_warn(r->build, 0, 0,
                                   "the pages name an offset from UTC that is not reliable: times "
                                   "are taken as those of a wall clock; the JSON export has UTC");
        return HF_OK;
    }
    HF_TRY(hf_i_open_entry(r, r->entries[s->at], false, &s->blob));
    hf_i_html_open(&s->page, s->blob.data, s->blob.size);
    s->depth = 0;
    hf_status st = read_page(r);
    r->done += s->blob.size;
    hf_i_blob_free(r->ctx, &s->blob);
    s->at++;
    return st;
}

static void close_html(hf_i_reader *r)
{
    state *s = r->state;
    if (!s)
        return;
    hf_i_blob_free(r->ctx, &s->blob);
    hf_i_buf_dispose(&s->name);
    hf_i_buf_dispose(&s->text);
    hf_i_buf_dispose(&s->media);
    hf_i_buf_dispose(&s->key);
    hf_i_free(r->ctx, s);
    r->state = NULL;
}

const hf_i_format hf_i_format_telegram_html = {
    .info = {"telegram_html", "Telegram Desktop export (messages.html)",
             "Better export as JSON; else Export chat history, format HTML, and give the folder.",
             "What was seen, reactions, deleted messages; the offset from UTC is not reliable.",
             true},
    .spread = HF_I_PARTS,
    .probe = probe,
    .open = open_html,
    .next = next,
    .close = close_html,
};
