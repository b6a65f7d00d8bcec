/* SPDX-License-Identifier: MIT */
/* A Slack export: one folder a channel (or direct message), one file a day, and users.json. */
#include "record/formats/json_lines.h"
#include "record/formats/names.h"

#include <string.h>

typedef const hf_i_json_node node;

typedef struct {
    hf_i_names names;
    hf_i_buf text;
} state;

static hf_text first_of(hf_i_json_chat *c, node *n, const char *const *paths, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        hf_text t = hf_i_get_text(c, n, paths[i]);
        if (t.size)
            return t;
    }
    return (hf_text){"", 0};
}

/* users.json stands beside the channels' folders. */
static hf_status read_users(hf_i_reader *r, state *s, size_t entry)
{
    static const char *const paths[] = {"profile/display_name", "profile/real_name", "real_name",
                                        "name"};
    hf_i_json_chat c;
    hf_i_reader quiet = *r;
    bool more = true;
    quiet.build = NULL;
    hf_status st = hf_i_json_chat_open(&c, &quiet, entry, false);
    if (st == HF_OK)
        st = hf_i_json_next(&c.json);
    more = st == HF_OK && c.json.token == HF_I_JSON_ARRAY;
    while (more && (st = hf_i_json_next_item(&c.json, &more)) == HF_OK && more) {
        if ((st = hf_i_json_tree_read(&c.tree, &c.json)) != HF_OK)
            break;
        node *n = hf_i_json_root(&c.tree);
        st = hf_i_names_add(&s->names, hf_i_get_text(&c, n, "id"),
                            first_of(&c, n, paths, HF_COUNT_OF(paths)));
        if (st != HF_OK)
            break;
    }
    hf_i_json_chat_close(&c);
    return st;
}

static hf_status start(hf_i_reader *r)
{
    state *s = hf_i_json_run_state(r);
    hf_i_names_init(&s->names, r->ctx);
    hf_i_buf_init(&s->text, r->ctx, HF_MAX_MESSAGE_BYTES, "a message");
    for (size_t i = 0; i < r->source->count; i++)
        if (strcmp(hf_i_base_name(r->source->entries[i].name), "users.json") == 0)
            return read_users(r, s, i);
    return HF_OK;
}

static void stop(hf_i_reader *r)
{
    state *s = hf_i_json_run_state(r);
    hf_i_names_dispose(&s->names);
    if (s->text.ctx)
        hf_i_buf_dispose(&s->text);
}

/* '<@U1>', '<url|label>', '<#C1|general>', '<!here>': what a reader of the channel sees. */
static hf_status add_angle(state *s, const char *p, const char *end)
{
    const char *bar = memchr(p, '|', (size_t)(end - p));
    hf_text label = bar ? (hf_text){bar + 1, (size_t)(end - bar - 1)} : (hf_text){"", 0};
    hf_text id = {p, (size_t)((bar ? bar : end) - p)};
    if (id.size && strchr("@#!", *p)) {
        HF_TRY(hf_i_buf_add_char(&s->text, *p == '#' ? '#' : '@'));
        id = (hf_text){id.data + 1, id.size - 1};
        if (label.size == 0)
            label = *p == '@' ? hf_i_names_get(&s->names, id) : id;
        return hf_i_buf_add(&s->text, label.data, label.size);
    }
    if (label.size == 0)
        label = id;
    return hf_i_buf_add(&s->text, label.data, label.size);
}

/* Slack escapes three characters and writes links in angle brackets. */
static hf_status decode(state *s, hf_text t)
{
    static const struct {
        const char *from;
        char to;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};
    const char *end = t.data + t.size;
    hf_i_buf_clear(&s->text);
    for (const char *p = t.data; p < end;) {
        const char *close = *p == '<' ? memchr(p, '>', (size_t)(end - p)) : NULL;
        if (close) {
            HF_TRY(add_angle(s, p + 1, close));
            p = close + 1;
            continue;
        }
        char c = *p;
        size_t n = 1;
        for (size_t i = 0; c == '&' && i < HF_COUNT_OF(entities); i++) {
            size_t k = strlen(entities[i].from);
            if ((size_t)(end - p) >= k && memcmp(p, entities[i].from, k) == 0) {
                c = entities[i].to;
                n = k;
                break;
            }
        }
        HF_TRY(hf_i_buf_add_char(&s->text, c));
        p += n;
    }
    return HF_OK;
}

/* '1681412345.000200': seconds and a number that makes it unique, microseconds by nature. */
static int64_t slack_time(hf_text t)
{
    int64_t seconds = 0, ms = 0;
    size_t i = 0;
    for (; i < t.size && t.data[i] >= '0' && t.data[i] <= '9' && i < 12; i++)
        seconds = seconds * 10 + (t.data[i] - '0');
    if (i == 0 || (i < t.size && t.data[i] != '.'))
        return HF_NO_TIME;
    for (size_t k = 1; k <= 3; k++)
        ms = ms * 10 + (i + k < t.size && t.data[i + k] >= '0' && t.data[i + k] <= '9'
                            ? t.data[i + k] - '0'
                            : 0);
    return seconds * 1000 + ms;
}

static hf_status add_reactions(hf_i_reader *r, hf_i_json_chat *c, node *n, const hf_message *to,
                               hf_text key)
{
    state *s = hf_i_json_run_state(r);
    node *x = hf_i_json_first(&c->tree, hf_i_json_get(&c->tree, n, "reactions"));
    for (; x->kind != HF_I_JSON_END; x = hf_i_json_next_node(&c->tree, x)) {
        node *user = hf_i_json_first(&c->tree, hf_i_json_get(&c->tree, x, "users"));
        for (; user->kind != HF_I_JSON_END; user = hf_i_json_next_node(&c->tree, user)) {
            hf_message m = HF_I_MESSAGE_INIT;
            m.kind = HF_KIND_REACTION;
            m.text = hf_i_get_text(c, x, "name");
            m.reply_to = key;
            m.src = to->src;
            m.src.byte = user->byte;
            HF_TRY(hf_i_add_named(r->build, &m, hf_i_names_get(&s->names, hf_i_node_text(user)),
                                  (hf_text){NULL, 0}));
        }
    }
    return HF_OK;
}

static hf_message_kind kind_of(hf_i_json_chat *c, node *n)
{
    static const char *const spoken[] = {
        "", "bot_message", "me_message", "thread_broadcast", "file_share", "file_comment"};
    hf_text sub = hf_i_get_text(c, n, "subtype");
    bool said = false;
    for (size_t i = 0; i < HF_COUNT_OF(spoken); i++)
        said |= sub.size == strlen(spoken[i]) && memcmp(sub.data, spoken[i], sub.size) == 0;
    if (sub.size == 9 && memcmp(sub.data, "tombstone", 9) == 0)
        return HF_KIND_DELETED;
    if (sub.size == 13 && memcmp(sub.data, "huddle_thread", 13) == 0)
        return HF_KIND_CALL;
    if (!said)
        return HF_KIND_SYSTEM;
    node *file = hf_i_json_first(&c->tree, hf_i_json_get(&c->tree, n, "files"));
    if (file->kind == HF_I_JSON_END)
        return HF_KIND_TEXT;
    return hf_i_json_node_is(hf_i_json_get(&c->tree, file, "subtype"), "slack_audio")
               ? HF_KIND_VOICE
               : HF_KIND_MEDIA;
}

static hf_status message(hf_i_reader *r, hf_i_json_chat *c, hf_message *m)
{
    static const char *const names[] = {"user_profile/display_name", "user_profile/real_name",
                                        "username", "bot_id"};
    state *s = hf_i_json_run_state(r);
    node *n = hf_i_json_root(&c->tree);
    hf_text key = hf_i_get_text(c, n, "ts"), thread = hf_i_get_text(c, n, "thread_ts");
    m->t_ms = slack_time(key);
    m->t_kind = HF_TIME_UTC;
    m->t_res_ms = 1;
    m->edited_ms = slack_time(hf_i_get_text(c, n, "edited/ts"));
    m->kind = kind_of(c, n);
    int64_t start, end;
    if (m->kind == HF_KIND_CALL &&
        hf_i_json_node_int(hf_i_json_get(&c->tree, n, "room/date_start"), &start) &&
        hf_i_json_node_int(hf_i_json_get(&c->tree, n, "room/date_end"), &end) && start > 0 &&
        end >= start && end - start < INT64_C(1) << 32)
        m->duration_ms = (end - start) * 1000;
    HF_TRY(decode(s, hf_i_get_text(c, n, "text")));
    m->text = (hf_text){s->text.len ? s->text.data : "", s->text.len};
    if (thread.size != key.size || memcmp(thread.data, key.data, key.size) != 0)
        m->reply_to = thread;
    hf_text who = hf_i_names_get(&s->names, hf_i_get_text(c, n, "user"));
    if (who.data == hf_i_get_text(c, n, "user").data) {
        hf_text other = first_of(c, n, names, HF_COUNT_OF(names));
        who = other.size ? other : who;
    }
    if (m->kind == HF_KIND_SYSTEM)
        who = (hf_text){"", 0};
    HF_TRY(hf_i_add_named(r->build, m, who, key));
    return add_reactions(r, c, n, m, key);
}

static hf_status finish(hf_i_reader *r)
{
    hf_i_build_variant(r->build, "export");
    hf_i_build_limit(r->build, HF_LIMIT_NO_READ_RECEIPTS);
    hf_i_build_limit(r->build, HF_LIMIT_DELETED_ROWS);
    return HF_OK;
}

/* CHANNEL/2024-01-31.json, or a file whose messages look like Slack's. */
static int probe(const hf_i_probe *p)
{
    const char *base = hf_i_base_name(p->name);
    if (hf_i_probe_first(p) != '[')
        return 0;
    bool day = strlen(base) == 15 && base[4] == '-' && base[7] == '-' && base[0] == '2';
    bool slack = hf_i_probe_holds(p, "\"ts\"") && (hf_i_probe_holds(p, "\"type\": \"message\"") ||
                                                   hf_i_probe_holds(p, "\"type\":\"message\""));
    return slack ? (day ? 93 : 80) : 0;
}

static const hf_i_json_source source = {.state_size = sizeof(state),
                                        .start = start,
                                        .message = message,
                                        .finish = finish,
                                        .stop = stop,
                                        .wanted = hf_i_in_wanted_folder};

static hf_status list(hf_i_reader *r, hf_i_chat_list *chats)
{
    return hf_i_list_folders(r, chats, NULL);
}

static hf_status open_slack(hf_i_reader *r)
{
    return hf_i_json_run_open(r, &source);
}

const hf_i_format hf_i_format_slack = {
    .info = {"slack", "Slack export (zip, folder or one day's .json)",
             "Slack: Settings > Workspace settings > Import/Export data > Export.",
             "Direct messages (only corporate exports hold them), what was seen, when a reaction "
             "came.",
             true},
    .spread = HF_I_PARTS,
    .probe = probe,
    .list = list,
    .open = open_slack,
    .next = hf_i_json_run_next,
    .close = hf_i_json_run_close,
};
