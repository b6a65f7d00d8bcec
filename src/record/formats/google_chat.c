/* SPDX-License-Identifier: MIT */
/* Google Chat from Takeout: Groups/DM .../messages.json. Times are a text in the language of the
 * account, in UTC. */
#include "record/formats/json_lines.h"
#include "text/time.h"
#include "text/utf8.h"

#include <string.h>

typedef const hf_i_json_node node;

/* The first letters of the months: each language's twelve, in order; enough to tell them apart. */
static const char *const months[][12] = {
    {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"},
    {"jan", "feb", "mär", "apr", "mai", "juni", "juli", "aug", "sep", "okt", "nov", "dez"},
    {"janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "octo", "nove", "déce"},
    {"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"},
    {"gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"},
    {"jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"},
    {"jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"},
    {"янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"},
    {"sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru"},
    {"oca", "şub", "mar", "nis", "may", "haz", "tem", "ağu", "eyl", "eki", "kas", "ara"},
    {"jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"},
};

static int month_named(const char *word, size_t size)
{
    for (size_t l = 0; l < HF_COUNT_OF(months); l++)
        for (int m = 0; m < 12; m++) {
            size_t n = strlen(months[l][m]);
            bool same = size >= n;
            for (size_t i = 0; i < n && same; i++) {
                char c = word[i];
                c = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
                same = c == months[l][m][i];
            }
            if (same)
                return m + 1;
        }
    return 0;
}

typedef struct {
    int year, month, day, hour, minute, second;
    bool clock, am, pm;
} parts;

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0xC3;
}

/* A number and what follows it says what it is: 2026年, 5月, 29日, 3:00:29, else by its size. */
static const char *take_number(parts *p, const char *at, const char *end)
{
    int v = 0, digits = 0;
    for (; at < end && *at >= '0' && *at <= '9' && digits < 5; at++, digits++)
        v = v * 10 + (*at - '0');
    bool colon = end - at > 2 && *at == ':' && at[1] >= '0' && at[1] <= '9';
    if (colon && !p->clock) {
        p->clock = true;
        p->hour = v;
        p->minute = (at[1] - '0') * 10 + (at[2] >= '0' && at[2] <= '9' ? at[2] - '0' : 0);
        at += 3;
        if (end - at > 2 && *at == ':' && at[1] >= '0' && at[1] <= '9') {
            p->second = (at[1] - '0') * 10 + (at[2] >= '0' && at[2] <= '9' ? at[2] - '0' : 0);
            at += 3;
        }
        return at;
    }
    if (digits == 4)
        p->year = v;
    else if (end - at > 2 && (memcmp(at, "月", 3) == 0 || memcmp(at, "월", 3) == 0))
        p->month = v;
    else if (p->day == 0)
        p->day = v;
    return at;
}

static void take_word(parts *p, const char *at, size_t size)
{
    p->pm |= (size >= 2 && (at[0] | 32) == 'p' && (at[1] | 32) == 'm' && size == 2) ||
             (size >= 6 && (memcmp(at, "下午", 6) == 0 || memcmp(at, "午後", 6) == 0 ||
                            memcmp(at, "오후", 6) == 0));
    p->am |= (size == 2 && (at[0] | 32) == 'a' && (at[1] | 32) == 'm') ||
             (size >= 6 && (memcmp(at, "上午", 6) == 0 || memcmp(at, "午前", 6) == 0 ||
                            memcmp(at, "오전", 6) == 0));
    if (p->month == 0)
        p->month = month_named(at, size);
}

static int64_t date_of(hf_text t)
{
    parts p = {0};
    const char *at = t.data, *end = t.data + t.size;
    while (at < end) {
        if (*at >= '0' && *at <= '9') {
            at = take_number(&p, at, end);
        } else if (letter(*at) && memcmp(at, "\xE2\x80", end - at > 1 ? 2 : 1) != 0) {
            const char *start = at;
            while (at < end && (letter(*at) || ((unsigned char)*at >= 0x80 &&
                                                memcmp(at, "\xE2\x80", end - at > 1 ? 2 : 1) != 0)))
                at++;
            take_word(&p, start, (size_t)(at - start));
        } else {
            at++;
        }
    }
    p.hour = p.pm && p.hour < 12 ? p.hour + 12 : p.am && p.hour == 12 ? 0 : p.hour;
    if (!p.clock || p.hour > 24 || p.minute > 59 || p.second > 60 ||
        !hf_i_date_valid(p.year, p.month, p.day))
        return HF_NO_TIME;
    return hf_i_days_from_civil(p.year, p.month, p.day) * HF_I_MS_PER_DAY +
           ((int64_t)p.hour * 3600 + p.minute * 60 + p.second) * 1000;
}

static bool any(hf_i_json_chat *c, node *n, const char *name)
{
    return hf_i_json_get(&c->tree, n, name)->first != 0;
}

static hf_status message(hf_i_reader *r, hf_i_json_chat *c, hf_message *m)
{
    node *n = hf_i_json_root(&c->tree);
    hf_text when = hf_i_get_text(c, n, "created_date");
    hf_text who = hf_i_get_text(c, n, "creator/name");
    if (who.size == 0)
        who = hf_i_get_text(c, n, "creator/email");
    m->text = hf_i_get_text(c, n, "text");
    m->t_ms = date_of(when);
    m->t_kind = HF_TIME_UTC;
    m->t_res_ms = 1000;
    m->edited_ms = date_of(hf_i_get_text(c, n, "updated_date"));
    m->kind = hf_i_json_node_is(hf_i_json_get(&c->tree, n, "message_state"), "DELETED")
                  ? HF_KIND_DELETED
              : any(c, n, "attached_files")                   ? HF_KIND_MEDIA
              : any(c, n, "annotations") && m->text.size == 0 ? HF_KIND_MEDIA
                                                              : HF_KIND_TEXT;
    if (m->t_ms == HF_NO_TIME)
        HF_TRY(hf_i_build_warn(r->build, m->src.byte, m->src.line,
                               "'%.*s' is no date in a language known here: the message stays "
                               "without time",
                               (int)(when.size < 80 ? when.size : 80), when.data));
    return hf_i_add_named(r->build, m, who, hf_i_get_text(c, n, "message_id"));
}

static hf_status finish(hf_i_reader *r)
{
    hf_i_build_variant(r->build, "takeout");
    hf_i_build_limit(r->build, HF_LIMIT_NO_READ_RECEIPTS);
    hf_i_build_limit(r->build, HF_LIMIT_NO_REACTIONS);
    hf_i_build_limit(r->build, HF_LIMIT_NO_REPLY_LINKS);
    return HF_OK;
}

static int probe(const hf_i_probe *p)
{
    return hf_i_probe_first(p) == '{' && hf_i_probe_holds(p, "\"messages\"") &&
                   hf_i_probe_holds(p, "\"creator\"") && hf_i_probe_holds(p, "\"created_date\"")
               ? 92
               : 0;
}

static const hf_i_json_source source = {
    .array = "messages", .message = message, .finish = finish, .wanted = hf_i_in_wanted_folder};

static hf_status list(hf_i_reader *r, hf_i_chat_list *chats)
{
    return hf_i_list_folders(r, chats, "messages");
}

static hf_status open_google(hf_i_reader *r)
{
    return hf_i_json_run_open(r, &source);
}

const hf_i_format hf_i_format_google_chat = {
    .info = {"google_chat", "Google Chat from Takeout (messages.json)",
             "takeout.google.com: choose Google Chat; give the zip, the folder or messages.json.",
             "What was seen, reactions, which message a message answers.", true},
    .spread = HF_I_PARTS,
    .probe = probe,
    .list = list,
    .open = open_google,
    .next = hf_i_json_run_next,
    .close = hf_i_json_run_close,
};
