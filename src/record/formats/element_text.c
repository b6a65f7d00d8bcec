/* SPDX-License-Identifier: MIT */
/* Element's (Matrix) 'Export chat' as plain text: 'Fri, Jun 20, 2025, 15:13:23 - name: text', the
 * date in the language of the app and by its machine's clock. */
#include "record/formats/text_chat.h"
#include "record/formats/whatsapp.h"
#include "record/formats/worded_date.h"

#include <string.h>

enum { LONGEST_STAMP = 80 };

/* The stamp at the start of a line; where the rest starts, or NULL. */
static const char *stamp(hf_text line, int64_t *packed)
{
    size_t n = line.size < LONGEST_STAMP ? line.size : LONGEST_STAMP;
    const char *dash = memmem(line.data, n, " - ", 3);
    if (!dash || !hf_i_packed_date((hf_text){line.data, (size_t)(dash - line.data)}, true, packed))
        return NULL;
    return dash + 3;
}

/* ---- what the app writes ----------------------------------------------------------------------
 */

/* Sentences about a person, who stands before them. */
static const hf_i_word sentences[] = {
    {" sent an image.", HF_KIND_MEDIA, HF_I_END},
    {" sent a video.", HF_KIND_MEDIA, HF_I_END},
    {" sent a sticker.", HF_KIND_STICKER, HF_I_END},
    {" placed a voice call.", HF_KIND_CALL, HF_I_END},
    {" placed a video call.", HF_KIND_CALL, HF_I_END},
    {" hat ein Bild gesendet.", HF_KIND_MEDIA, HF_I_END},
    {" hat einen Sprachanruf getätigt.", HF_KIND_CALL, HF_I_END},
    {" hat einen Videoanruf getätigt.", HF_KIND_CALL, HF_I_END},
    {" a envoyé une image.", HF_KIND_MEDIA, HF_I_END},
    {" envió una imagen.", HF_KIND_MEDIA, HF_I_END},
};

/* Sentences about the room in which a colon may stand. */
static const char *const about_room[] = {
    " changed the topic to ",
    " changed the room name ",
    " set the main address ",
    " changed their display ",
    " set their display name ",
    " changed their profile ",
    " invited ",
    " changed the pinned ",
    " created and configured ",
    " changed who can join ",
    " made future room history",
    " changed the server ACLs",
    " changed the power level",
    " removed their display ",
    " hat das Thema geändert",
    " hat den Raumnamen ",
    " a changé le sujet ",
    " cambió el tema ",
};

static bool is_about_room(const char *p, const char *end)
{
    for (size_t i = 0; i < HF_COUNT_OF(about_room); i++)
        if (memmem(p, (size_t)(end - p), about_room[i], strlen(about_room[i])))
            return true;
    return false;
}

static void kind_of(hf_message *m)
{
    static const hf_i_word words[] = {
        {" (Media omitted)", HF_KIND_MEDIA, HF_I_END},
        {" (Media omitted - file size limit exceeded)", HF_KIND_MEDIA, HF_I_END},
        {" (File Attached)", HF_KIND_MEDIA, HF_I_END},
        {" (Medien ausgelassen)", HF_KIND_MEDIA, HF_I_END},
        {" (Datei angehängt)", HF_KIND_MEDIA, HF_I_END},
        {" (Média ignorés)", HF_KIND_MEDIA, HF_I_END},
        {" (Fichier attaché)", HF_KIND_MEDIA, HF_I_END},
        {"Message deleted", HF_KIND_DELETED, HF_I_START},
        {"Nachricht gelöscht", HF_KIND_DELETED, HF_I_START},
        {"Message supprimé", HF_KIND_DELETED, HF_I_START},
        {"** Unable to decrypt", HF_KIND_NOTE, HF_I_START},
        {"Unable to decrypt", HF_KIND_NOTE, HF_I_START},
    };
    if (m->kind == HF_KIND_TEXT)
        m->kind = hf_i_kind_by_words(m->text, words, HF_COUNT_OF(words), HF_KIND_TEXT);
}

/* ---- lines ------------------------------------------------------------------------------------
 */

/* '<name "the message answered..."> ' before a reply is the app's. */
static const char *behind_quote(const char *p, const char *end)
{
    if (p == end || *p != '<')
        return p;
    const char *quote = memmem(p, (size_t)(end - p), " \"", 2);
    const char *close = memmem(p, (size_t)(end - p), "\"> ", 3);
    return quote && close && close > quote ? close + 3 : p;
}

/* 'Ann sent an image. (Media omitted)': how much of it is the name; 0 for no such sentence. */
static size_t name_in_sentence(hf_text t, hf_message_kind *kind)
{
    const char *bracket = memmem(t.data, t.size, ". (", 3);
    if (bracket)
        t.size = (size_t)(bracket + 1 - t.data);
    *kind = hf_i_kind_by_words(t, sentences, HF_COUNT_OF(sentences), HF_KIND_SYSTEM);
    for (size_t i = 0; *kind != HF_KIND_SYSTEM && i < HF_COUNT_OF(sentences); i++) {
        size_t n = strlen(sentences[i].text);
        if (t.size > n && memcmp(t.data + t.size - n, sentences[i].text, n) == 0)
            return t.size - n;
    }
    return 0;
}

/* '* Ann waves': by somebody who has written before. */
static hf_text known_name(hf_i_text_chat *c, const char *p, const char *end)
{
    const hf_record *r = hf_i_build_record(c->r->build);
    hf_text best = {"", 0};
    for (size_t i = 0; i < r->person_count; i++) {
        hf_text name = r->people[i].name;
        if (name.size > best.size && (size_t)(end - p) > name.size &&
            memcmp(p, name.data, name.size) == 0 && p[name.size] == ' ')
            best = name;
    }
    return best;
}

static hf_status on_line(hf_i_text_chat *c)
{
    int64_t packed;
    const char *end = c->lines.text + c->lines.size;
    const char *p = stamp((hf_text){c->lines.text, c->lines.size}, &packed);
    if (!p)
        return hf_i_text_chat_more(c);
    HF_TRY(hf_i_text_chat_start(c));
    c->m.t_ms = packed;
    c->m.t_kind = HF_TIME_LOCAL;
    c->m.t_res_ms = 1000;
    c->text = p;
    const char *colon = memmem(p, (size_t)(end - p), ": ", 2);
    if (!colon && end > p && end[-1] == ':')
        colon = end - 1;
    if (p < end && *p == '*') {
        c->sender = known_name(c, p + 2 < end ? p + 2 : end, end);
        c->m.kind = c->sender.size ? HF_KIND_TEXT : HF_KIND_SYSTEM;
    } else if (colon && colon > p && !is_about_room(p, colon)) {
        c->sender = (hf_text){p, (size_t)(colon - p)};
        c->text = behind_quote(colon + 2 < end ? colon + 2 : end, end);
    } else {
        c->sender = (hf_text){p, name_in_sentence((hf_text){p, (size_t)(end - p)}, &c->m.kind)};
    }
    return HF_OK;
}

static hf_status finish(hf_i_text_chat *c)
{
    if (hf_i_build_row_count(c->r->build) == c->first_row)
        return hf_i_build_fail(c->r->build, HF_E_FORMAT, 0, 1,
                               "Export the chat again, format JSON.",
                               "no line has the form of a message");
    return hf_i_wa_resolve_dates(c->r->build, c->first_row);
}

static int probe(const hf_i_probe *p)
{
    hf_i_lines l;
    int stamps = 0, lines = 0;
    int64_t packed;
    bool named = strstr(p->name, "matrix - ") || strstr(p->name, "Chat Export");
    hf_i_lines_init(&l, p->head, p->size);
    while (lines < 60 && hf_i_lines_next(&l)) {
        const char *dash =
            memmem(l.text, l.size < LONGEST_STAMP ? l.size : LONGEST_STAMP, " - ", 3);
        lines += !hf_i_line_is_blank(&l);
        stamps +=
            dash && hf_i_packed_date((hf_text){l.text, (size_t)(dash - l.text)}, named, &packed);
        if (lines == 1 && !stamps)
            return 0;
    }
    return stamps == 0 ? 0 : named ? 97 : stamps * 3 >= lines ? 80 : 0;
}

static const hf_i_text_source source = {
    .on_line = on_line,
    .kind_of = kind_of,
    .finish = finish,
    .variant = "text",
    .limits = 1u << HF_LIMIT_NO_READ_RECEIPTS | 1u << HF_LIMIT_NO_REACTIONS |
              1u << HF_LIMIT_NO_REPLY_LINKS,
};

static hf_status open_text(hf_i_reader *r)
{
    return hf_i_text_chat_open(r, &source);
}

const hf_i_format hf_i_format_element_text = {
    .info = {"element_text", "Element (Matrix) chat export (.txt)",
             "Better export as JSON; else Element: room info > Export chat, format plain text.",
             "Reactions, what was seen, replies as links, who is who where two share a name.",
             true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_text,
    .next = hf_i_text_chat_next,
    .close = hf_i_text_chat_close,
};
