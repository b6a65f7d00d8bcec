/* SPDX-License-Identifier: MIT */
/* Facebook Messenger and Instagram: message_1.html, message_2.html, ... of 'Download your
 * information' in HTML, newest first. Times are of the account's clock and in its language; the
 * JSON says more. The names of classes are those of the two layouts that were in use since 2018. */
#include "record/formats/html.h"
#include "record/formats/json_lines.h"
#include "record/formats/lines.h"
#include "record/formats/messenger.h"
#include "record/formats/whatsapp.h"
#include "record/formats/worded_date.h"
#include "text/utf8.h"

#include <string.h>

/* The element whose text is being read. */
typedef enum { NOTHING, NAME, TEXT, DATE, REACTION } part;

typedef struct {
    size_t *order; /* of the entries, oldest first */
    size_t order_count, at;
    size_t first_row, part_row; /* of the source, of the page */
    hf_i_blob blob;
    hf_i_html page;
    /* The message in hand. */
    hf_source src;
    hf_message_kind media;
    hf_i_buf name, text, date, reaction, reactions;
    unsigned depth, open_depth, part_depth, list_depth; /* of elements; 0: not inside */
    part part;
    bool gap; /* an element ended: what follows is a line of its own */
    bool instagram;
} state;

static hf_text trimmed(const hf_i_buf *b)
{
    return hf_i_trimmed((hf_text){b->len ? b->data : "", b->len});
}

static hf_i_buf *target(state *s)
{
    switch (s->part) {
    case NAME:
        return &s->name;
    case TEXT:
        return &s->text;
    case DATE:
        return &s->date;
    case REACTION:
        return &s->reaction;
    default:
        return NULL;
    }
}

/* ---- reactions --------------------------------------------------------------------------------
 */

/* '👍Ann Lee': what is no letter is the emoji. */
static size_t emoji_size(hf_text t)
{
    for (size_t i = 0; i < t.size;) {
        size_t start = i;
        int32_t c = hf_i_utf8_next(t.data, t.size, &i, NULL);
        if (hf_i_utf8_class(c) == HF_I_CHAR_LETTER)
            return start;
    }
    return t.size;
}

/* '👍Ann Lee (Jan 05, 2024 9:12:03 pm)': without the time in newer exports' predecessors. */
static hf_status add_reaction(hf_i_reader *r, hf_text t, hf_text key, hf_source src)
{
    hf_message m = HF_I_MESSAGE_INIT;
    const char *open = memrchr(t.data, '(', t.size);
    size_t rest = open ? (size_t)(t.data + t.size - open) : 0;
    if (rest > 2 && hf_i_packed_date((hf_text){open + 1, rest - 2}, true, &m.t_ms)) {
        m.t_kind = HF_TIME_LOCAL;
        t.size -= rest;
    }
    size_t n = emoji_size(t);
    hf_text who = hf_i_trimmed((hf_text){t.data + n, t.size - n});
    HF_TRY(hf_i_build_person(r->build, who.data, who.size, &m.sender));
    m.kind = HF_KIND_REACTION;
    m.text = hf_i_trimmed((hf_text){t.data, n});
    m.reply_to = key;
    m.src = src;
    return hf_i_build_message(r->build, &m, (hf_text){NULL, 0}, HF_I_COPY);
}

/* Rows are turned around at the end of the page: reactions come before their message. */
static hf_status add_reactions(hf_i_reader *r, hf_text key)
{
    state *s = r->state;
    const char *p = s->reactions.data, *end = p ? p + s->reactions.len : p;
    while (p < end) {
        const char *stop = memchr(p, 0x1F, (size_t)(end - p));
        HF_TRY(add_reaction(r, (hf_text){p, (size_t)(stop - p)}, key, s->src));
        p = stop + 1;
    }
    return HF_OK;
}

/* ---- messages ---------------------------------------------------------------------------------
 */

/* The app writes it on a line of its own. */
static int64_t call_length(hf_text t)
{
    static const char *const words[] = {"Duration: ", "Dauer: ", "Durée", "Duración: ", "Durata: "};
    for (size_t i = 0; i < HF_COUNT_OF(words); i++) {
        const char *at = memmem(t.data, t.size, words[i], strlen(words[i]));
        if (at && (at == t.data || at[-1] == '\n'))
            return hf_i_worded_length((hf_text){at, (size_t)(t.data + t.size - at)});
    }
    return HF_NO_TIME;
}

static hf_message_kind kind_of(const state *s, hf_text text)
{
    const char *nl = memchr(text.data, '\n', text.size);
    hf_text first = {text.data, nl ? (size_t)(nl - text.data) : text.size};
    hf_message_kind kind = hf_i_messenger_sentence(first);
    return kind == HF_KIND_TEXT ? s->media : kind;
}

static hf_status end_message(hf_i_reader *r)
{
    state *s = r->state;
    hf_message m = HF_I_MESSAGE_INIT;
    hf_text who = trimmed(&s->name), date = trimmed(&s->date);
    char key_text[48];
    s->open_depth = s->list_depth = 0;
    s->part = NOTHING;
    if (who.size == 0 || date.size == 0) /* the box with the names of those who take part */
        return HF_OK;
    m.src = s->src;
    m.text = trimmed(&s->text);
    m.kind = kind_of(s, m.text);
    m.t_kind = HF_TIME_LOCAL;
    m.duration_ms = call_length(m.text);
    if (m.duration_ms != HF_NO_TIME)
        m.kind = HF_KIND_CALL;
    if (!hf_i_packed_date(date, true, &m.t_ms))
        HF_TRY(hf_i_build_warn(r->build, m.src.byte, m.src.line,
                               "'%.*s' is no date in a language known here: the message stays "
                               "without time",
                               (int)(date.size < 80 ? date.size : 80), date.data));
    int n = snprintf(key_text, sizeof key_text, "%zu:%llu", s->at, (unsigned long long)m.src.byte);
    hf_text key = s->reactions.len ? (hf_text){key_text, (size_t)n} : (hf_text){NULL, 0};
    HF_TRY(add_reactions(r, key));
    if (m.kind != HF_KIND_SYSTEM)
        HF_TRY(hf_i_build_person(r->build, who.data, who.size, &m.sender));
    return hf_i_build_message(r->build, &m, key, HF_I_COPY);
}

static void start_message(state *s, const char *at)
{
    hf_i_buf_clear(&s->name);
    hf_i_buf_clear(&s->text);
    hf_i_buf_clear(&s->date);
    hf_i_buf_clear(&s->reaction);
    hf_i_buf_clear(&s->reactions);
    s->media = HF_KIND_TEXT;
    s->src = hf_i_html_place(&s->page, at);
    s->open_depth = s->depth;
    s->list_depth = 0;
    s->part = NOTHING;
    s->gap = false;
}

/* What a picture, a film or a link inside a message makes of it. */
static void look_at_media(state *s, hf_text tag)
{
    static const struct {
        const char *tag, *path;
        hf_message_kind kind;
    } media[] = {{"<img", "stickers_used", HF_KIND_STICKER},
                 {"<audio", "", HF_KIND_VOICE},
                 {"<a", "/audio/", HF_KIND_VOICE},
                 {"<img", "", HF_KIND_MEDIA},
                 {"<video", "", HF_KIND_MEDIA},
                 {"<a", "/photos/", HF_KIND_MEDIA},
                 {"<a", "/videos/", HF_KIND_MEDIA},
                 {"<a", "/files/", HF_KIND_MEDIA},
                 {"<a", "/gifs/", HF_KIND_MEDIA}};
    hf_text href = hf_i_html_attribute(tag, "href"), src = hf_i_html_attribute(tag, "src");
    hf_text path = href.size ? href : src;
    bool web = hf_i_starts_with(path.data, path.size, "http");
    for (size_t i = 0; i < HF_COUNT_OF(media); i++)
        if (hf_i_html_is(tag, media[i].tag) && !(web && media[i].tag[1] == 'a') &&
            memmem(path.data, path.size, media[i].path, strlen(media[i].path))) {
            if (s->media == HF_KIND_TEXT || media[i].kind != HF_KIND_MEDIA)
                s->media = media[i].kind;
            return;
        }
}

static bool either(hf_text classes, const char *newer, const char *older)
{
    return hf_i_html_has_class(classes, newer) || hf_i_html_has_class(classes, older);
}

static part part_of(hf_text classes)
{
    if (either(classes, "_a6-i", "_2lel"))
        return NAME;
    if (either(classes, "_a6-p", "_2let"))
        return TEXT;
    return either(classes, "_a6-o", "_2lem") ? DATE : NOTHING;
}

static void on_open(state *s, hf_text tag)
{
    hf_text classes = hf_i_html_attribute(tag, "class");
    s->depth++;
    if (!s->open_depth && either(classes, "_a6-g", "_2lej")) {
        start_message(s, tag.data);
        return;
    }
    if (!s->open_depth)
        return;
    if (s->part == TEXT && either(classes, "_a6-q", "_tqp")) {
        s->part = NOTHING;
        s->list_depth = s->depth;
    } else if (s->list_depth && hf_i_html_is(tag, "<li")) {
        s->part = REACTION;
        hf_i_buf_clear(&s->reaction);
    } else if (s->part == NOTHING && !s->list_depth && part_of(classes) != NOTHING) {
        s->part = part_of(classes);
        s->part_depth = s->depth;
        s->gap = false;
    }
}

static hf_status on_close(hf_i_reader *r, hf_text tag)
{
    state *s = r->state;
    unsigned depth = s->depth;
    s->depth -= depth > 0;
    if (s->part == REACTION && hf_i_html_is(tag, "</li")) {
        hf_text t = trimmed(&s->reaction);
        s->part = NOTHING;
        HF_TRY(hf_i_buf_add(&s->reactions, t.data, t.size));
        return hf_i_buf_add_char(&s->reactions, 0x1F);
    }
    if (s->list_depth && depth == s->list_depth) {
        s->list_depth = 0;
        s->part = TEXT;
    }
    if (s->part != NOTHING && s->part != REACTION && depth == s->part_depth)
        s->part = NOTHING;
    return s->open_depth && depth == s->open_depth ? end_message(r) : HF_OK;
}

static hf_status on_tag(hf_i_reader *r, hf_text tag)
{
    state *s = r->state;
    if (s->part == TEXT)
        look_at_media(s, tag);
    if (s->part == TEXT && hf_i_html_is(tag, "<br"))
        return hf_i_buf_add_char(&s->text, '\n');
    if (hf_i_html_is_void(tag))
        return HF_OK;
    s->gap |= hf_i_html_is(tag, "<div") || hf_i_html_is(tag, "</div");
    if (tag.size > 2 && tag.data[1] == '/')
        return on_close(r, tag);
    on_open(s, tag);
    return HF_OK;
}

static hf_status on_text(state *s, hf_text text)
{
    hf_i_buf *to = target(s);
    if (!to || text.size == 0)
        return HF_OK;
    bool blank = hf_i_trimmed(text).size == 0;
    if (s->part == TEXT && s->gap && !blank && to->len)
        HF_TRY(hf_i_buf_add_char(to, '\n'));
    s->gap &= blank;
    return s->part == TEXT && blank && s->gap ? HF_OK : hf_i_html_add_text(to, text);
}

/* The pages are newest first; where their dates have one reading, that is checked. */
static bool newest_first(const hf_record *rec, size_t from)
{
    size_t a = from, z = rec->row_count;
    hf_i_wa_header x, y;
    while (a < z && rec->rows[a].t_ms == HF_NO_TIME)
        a++;
    while (z > a && rec->rows[z - 1].t_ms == HF_NO_TIME)
        z--;
    if (a >= z)
        return true;
    hf_i_wa_unpack(rec->rows[a].t_ms, &x);
    hf_i_wa_unpack(rec->rows[z - 1].t_ms, &y);
    if (!x.year_first || !y.year_first)
        return true;
    int first[] = {x.num[0], x.num[1], x.num[2], x.hour, x.minute, x.second};
    int last[] = {y.num[0], y.num[1], y.num[2], y.hour, y.minute, y.second};
    for (size_t i = 0; i < HF_COUNT_OF(first); i++)
        if (first[i] != last[i])
            return first[i] > last[i];
    return true;
}

static hf_status read_page(hf_i_reader *r)
{
    state *s = r->state;
    hf_text text, tag;
    bool more = true;
    s->part_row = hf_i_build_row_count(r->build);
    s->depth = s->open_depth = s->list_depth = 0;
    s->part = NOTHING;
    while (more) {
        more = hf_i_html_next(&s->page, &text, &tag);
        HF_TRY(on_text(s, text));
        if (more)
            HF_TRY(on_tag(r, tag));
    }
    if (s->page.cut || s->open_depth)
        return hf_i_build_fail(r->build, HF_E_PARSE, (uint64_t)(s->page.p - s->page.data), 0,
                               "Export it again: a part is missing.",
                               s->page.cut ? "the page ends inside a tag"
                                           : "the page ends inside a message");
    return newest_first(hf_i_build_record(r->build), s->part_row)
               ? hf_i_build_reverse(r->build, s->part_row)
               : HF_OK;
}

/* ---- the format -------------------------------------------------------------------------------
 */

static int probe(const hf_i_probe *p)
{
    if (hf_i_probe_first(p) != '<')
        return 0;
    bool newer = hf_i_probe_holds(p, "_a6-g") && hf_i_probe_holds(p, "_a6-p") &&
                 hf_i_probe_holds(p, "_a6-i");
    bool older = hf_i_probe_holds(p, "_2lej") && hf_i_probe_holds(p, "_2let") &&
                 hf_i_probe_holds(p, "_2lel");
    bool named = strncmp(hf_i_base_name(p->name), "message_", 8) == 0;
    return newer || older ? (named ? 92 : 60) : 0;
}

/* The page's own title. */
static hf_status add_chat(hf_i_reader *r, hf_i_chat_list *list, size_t entry, hf_text folder)
{
    hf_i_blob blob;
    hf_i_buf title;
    hf_i_html page;
    hf_text text, tag;
    HF_TRY(hf_i_open_entry(r, entry, false, &blob));
    hf_i_buf_init(&title, r->ctx, HF_MAX_MESSAGE_BYTES, "a title");
    hf_i_html_open(&page, blob.data, blob.size);
    hf_status st = HF_OK;
    while (hf_i_html_next(&page, &text, &tag) && !hf_i_html_is(tag, "</title"))
        continue;
    if (hf_i_html_is(tag, "</title"))
        st = hf_i_html_add_text(&title, hf_i_trimmed(text));
    hf_text name = title.len ? (hf_text){title.data, title.len} : folder;
    if (st == HF_OK)
        st = hf_i_chat_add(list, folder, name, HF_NO_COUNT, 0);
    hf_i_buf_dispose(&title);
    hf_i_blob_free(r->ctx, &blob);
    return st;
}

static hf_status list_chats(hf_i_reader *r, hf_i_chat_list *list)
{
    for (size_t i = 0; i < r->entry_count; i++) {
        hf_text f = hf_i_folder_of(r, r->entries[i]);
        size_t k = 0;
        while (k < list->count && !(list->chats[k].id.size == f.size &&
                                    memcmp(list->chats[k].id.data, f.data, f.size) == 0))
            k++;
        if (k == list->count)
            HF_TRY(add_chat(r, list, r->entries[i], f));
    }
    return HF_OK;
}

static hf_status open_html(hf_i_reader *r)
{
    state *s = hf_i_calloc(r->ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    r->state = s;
    s->first_row = hf_i_build_row_count(r->build);
    hf_i_buf *bufs[] = {&s->name, &s->text, &s->date, &s->reaction, &s->reactions};
    for (size_t i = 0; i < HF_COUNT_OF(bufs); i++)
        hf_i_buf_init(bufs[i], r->ctx, HF_MAX_MESSAGE_BYTES, "a message");
    s->order = hf_i_calloc(r->ctx, r->entry_count, sizeof *s->order);
    if (!s->order)
        return HF_E_NOMEM;
    for (size_t i = r->entry_count; i-- > 0;)
        if (hf_i_in_wanted_folder(r, r->entries[i]))
            s->order[s->order_count++] = r->entries[i];
    return HF_OK;
}

static hf_status finish(hf_i_reader *r)
{
    const state *s = r->state;
    hf_i_build_variant(r->build, s->instagram ? "instagram html" : "facebook html");
    hf_i_build_limit(r->build, HF_LIMIT_NO_READ_RECEIPTS);
    hf_i_build_limit(r->build, HF_LIMIT_NO_REPLY_LINKS);
    return hf_i_wa_resolve_dates(r->build, s->first_row);
}

static hf_status next(hf_i_reader *r, bool *more)
{
    state *s = r->state;
    *more = s->at < s->order_count;
    if (!*more)
        return finish(r);
    size_t entry = s->order[s->at];
    s->instagram |= strstr(r->source->entries[entry].name, "instagram") != NULL;
    HF_TRY(hf_i_open_entry(r, entry, false, &s->blob));
    hf_i_html_open(&s->page, s->blob.data, s->blob.size);
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
    hf_i_buf *bufs[] = {&s->name, &s->text, &s->date, &s->reaction, &s->reactions};
    for (size_t i = 0; i < HF_COUNT_OF(bufs); i++)
        hf_i_buf_dispose(bufs[i]);
    hf_i_free(r->ctx, s->order);
    hf_i_free(r->ctx, s);
    r->state = NULL;
}

const hf_i_format hf_i_format_messenger_html = {
    .info = {"messenger_html", "Facebook Messenger, Instagram (HTML)",
             "Better download as JSON; else Download your information > Messages, format HTML.",
             "What was seen, which message a message answers, the zone of its times, encrypted "
             "chats.",
             true},
    .spread = HF_I_PARTS,
    .probe = probe,
    .list = list_chats,
    .open = open_html,
    .next = next,
    .close = close_html,
};
