/* SPDX-License-Identifier: MIT */
/* Apple's Messages: chat.db of a Mac, sms.db of an iPhone backup (SQLite, opened read-only and
 * immutable: nothing is written beside it). */
#include "hf_config.h"
#include "record/format.h"
#include "record/formats/apple_data.h"

#include <math.h>
#include <string.h>

#define APPLE_EPOCH_MS INT64_C(978307200000) /* 2001-01-01T00:00:00Z */

static int probe(const hf_i_probe *p)
{
    if (p->size < 100 || memcmp(p->head, "SQLite format 3", 16) != 0)
        return 0;
    /* The tables are named near the start of nearly every database; a bare one is still tried. */
    return memmem(p->head, p->size, "chat_message_join", 17) ? 95 : 40;
}

#if HF_HAVE_SQLITE
#include <sqlite3.h>

enum { STEP_ROWS = 5000 };

typedef enum {
    ROWID,
    GUID,
    TEXT,
    BODY,
    DATE,
    READ,
    DELIVERED,
    EDITED,
    RETRACTED,
    FROM_ME,
    HANDLE,
    ASSOCIATED,
    TARGET,
    EMOJI,
    ITEM_TYPE,
    GROUP_ACTION,
    AUDIO,
    BALLOON,
    SUMMARY,
    THREAD,
    ATTACHMENTS,
    COLUMNS
} column;

static const char *const column_names[COLUMNS] = {"ROWID",
                                                  "guid",
                                                  "text",
                                                  "attributedBody",
                                                  "date",
                                                  "date_read",
                                                  "date_delivered",
                                                  "date_edited",
                                                  "date_retracted",
                                                  "is_from_me",
                                                  NULL,
                                                  "associated_message_type",
                                                  "associated_message_guid",
                                                  "associated_message_emoji",
                                                  "item_type",
                                                  "group_action_type",
                                                  "is_audio_message",
                                                  "balloon_bundle_id",
                                                  "message_summary_info",
                                                  "thread_originator_guid",
                                                  "cache_has_attachments"};

typedef struct {
    hf_i_blob blob;
    unsigned char *copy; /* of a database in memory */
    sqlite3 *db;
    sqlite3_stmt *rows;
    uint64_t messages;
    bool has_chats, has_joins, has_handles;
} state;

static hf_status fail_db(hf_i_reader *r, const state *s, const char *what)
{
    hf_i_place place = {.file = r->source->path};
    return hf_i_fail_at(r->ctx, HF_E_PARSE, &place,
                        "Copy chat.db together with chat.db-wal while Messages is closed.",
                        "%s: %s", what, s->db ? sqlite3_errmsg(s->db) : "out of memory");
}

/* 'file:' and the path with what a URI would misread as %XX. */
static hf_status uri_of(hf_ctx *ctx, const char *path, hf_i_buf *out)
{
    HF_TRY(hf_i_buf_add_str(out, "file:"));
    for (const char *p = path; *p; p++)
        HF_TRY(strchr("%?# ", *p) ? hf_i_buf_printf(out, "%%%02X", (unsigned char)*p)
                                  : hf_i_buf_add_char(out, *p));
    (void)ctx;
    return hf_i_buf_add_str(out, "?immutable=1&mode=ro");
}

static hf_status open_on_disk(hf_i_reader *r, state *s)
{
    hf_i_buf uri;
    char *name = hf_i_entry_name(r, r->entries[0]);
    if (!name)
        return HF_E_NOMEM;
    hf_i_buf_init(&uri, r->ctx, 1 << 20, "a path");
    hf_status st = uri_of(r->ctx, name, &uri);
    if (st == HF_OK && sqlite3_open_v2(uri.data, &s->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
                                       NULL) != SQLITE_OK)
        st = fail_db(r, s, "cannot open the database");
    hf_i_buf_dispose(&uri);
    hf_i_free(r->ctx, name);
    return st;
}

/* From an archive: the bytes, with the marks of a write-ahead log taken out (there is none). */
static hf_status open_in_memory(hf_i_reader *r, state *s)
{
    HF_TRY(hf_i_source_read(r->source, r->entries[0], &s->blob));
    s->copy = hf_i_alloc(r->ctx, s->blob.size);
    if (!s->copy)
        return HF_E_NOMEM;
    if (s->blob.size)
        memcpy(s->copy, s->blob.data, s->blob.size);
    if (s->blob.size > 20)
        s->copy[18] = s->copy[19] = 1;
    if (sqlite3_open_v2(":memory:", &s->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_deserialize(s->db, "main", s->copy, (sqlite3_int64)s->blob.size,
                            (sqlite3_int64)s->blob.size, SQLITE_DESERIALIZE_READONLY) != SQLITE_OK)
        return fail_db(r, s, "cannot open the database");
    return HF_OK;
}

static bool has_table(const state *s, const char *name)
{
    sqlite3_stmt *st = NULL;
    bool found = false;
    if (sqlite3_prepare_v2(s->db, "SELECT 1 FROM sqlite_master WHERE type='table' AND name=?", -1,
                           &st, NULL) == SQLITE_OK) {
        sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
        found = sqlite3_step(st) == SQLITE_ROW;
    }
    sqlite3_finalize(st);
    return found;
}

static int step_progress(void *user)
{
    return hf_i_cancelled(user);
}

static hf_status open_db(hf_i_reader *r, state *s)
{
    bool disk = r->source->kind != HF_I_SOURCE_ARCHIVE && !r->source->bytes;
    HF_TRY(disk ? open_on_disk(r, s) : open_in_memory(r, s));
    /* A foreign file: no functions of its own, no cells beyond the size of a message. */
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_limit(s->db, SQLITE_LIMIT_LENGTH, (int)HF_MAX_MESSAGE_BYTES);
    sqlite3_progress_handler(s->db, 100000, step_progress, r->ctx);
    if (!has_table(s, "message") || !has_table(s, "handle")) {
        hf_i_place place = {.file = r->source->path};
        return hf_i_fail_at(r->ctx, HF_E_FORMAT, &place,
                            "Messages keeps its chats in ~/Library/Messages/chat.db.",
                            "the database has no tables of Apple's Messages");
    }
    s->has_joins = has_table(s, "chat_message_join");
    s->has_handles = s->has_joins && has_table(s, "chat_handle_join");
    s->has_chats = s->has_joins && has_table(s, "chat");
    return HF_OK;
}

static void close_db(hf_ctx *ctx, state *s)
{
    sqlite3_finalize(s->rows);
    sqlite3_close(s->db);
    hf_i_free(ctx, s->copy);
    hf_i_blob_free(ctx, &s->blob);
}

/* ---- chats ------------------------------------------------------------------------------------
 */

static hf_text column_text(sqlite3_stmt *st, int i)
{
    const char *p = (const char *)sqlite3_column_text(st, i);
    return (hf_text){p ? p : "", p ? (size_t)sqlite3_column_bytes(st, i) : 0};
}

/* One person's iMessage and SMS are two chats there with one identifier: they are one here. */
static const char list_named[] =
    "SELECT c.chat_identifier, coalesce(nullif(max(c.display_name),''), c.chat_identifier),"
    " count(DISTINCT j.message_id) FROM chat c JOIN chat_message_join j ON j.chat_id = c.ROWID"
    " GROUP BY c.chat_identifier ORDER BY 3 DESC, 1";
static const char list_bare[] =
    "SELECT j.chat_id, (SELECT h.id FROM message m JOIN handle h ON h.ROWID = m.handle_id"
    " JOIN chat_message_join k ON k.message_id = m.ROWID WHERE k.chat_id = j.chat_id LIMIT 1),"
    " count(*) FROM chat_message_join j GROUP BY j.chat_id ORDER BY 3 DESC, 1";

static hf_status list_rows(hf_i_reader *r, const state *s, hf_i_chat_list *list)
{
    sqlite3_stmt *st = NULL;
    int code;
    if (sqlite3_prepare_v2(s->db, s->has_chats ? list_named : list_bare, -1, &st, NULL) !=
        SQLITE_OK)
        return fail_db(r, s, "cannot list the chats");
    hf_status status = HF_OK;
    while (status == HF_OK && (code = sqlite3_step(st)) == SQLITE_ROW) {
        hf_text id = column_text(st, 0), title = column_text(st, 1);
        status = hf_i_chat_add(list, id, title.size ? title : id,
                               (uint64_t)sqlite3_column_int64(st, 2), 0);
    }
    if (status == HF_OK && code != SQLITE_DONE)
        status = fail_db(r, s, "cannot list the chats");
    sqlite3_finalize(st);
    return status;
}

static hf_status list_chats(hf_i_reader *r, hf_i_chat_list *list)
{
    state s = {0};
    hf_status st = open_db(r, &s);
    if (st == HF_OK && s.has_joins)
        st = list_rows(r, &s, list);
    if (st == HF_OK && list->count == 0)
        st = hf_i_chat_add(list, (hf_text){"all", 3}, (hf_text){"all", 3}, HF_NO_COUNT, 0);
    close_db(r->ctx, &s);
    return st;
}

/* ---- messages ---------------------------------------------------------------------------------
 */

static hf_status has_column(const state *s, const char *name, bool *found)
{
    sqlite3_stmt *st = NULL;
    *found = false;
    if (sqlite3_prepare_v2(s->db, "SELECT 1 FROM pragma_table_info('message') WHERE name = ?", -1,
                           &st, NULL) == SQLITE_OK) {
        sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
        *found = sqlite3_step(st) == SQLITE_ROW;
    }
    sqlite3_finalize(st);
    return HF_OK;
}

/* Upgraded databases hold received messages whose handle is gone: where their chat has one other
 * member, it is that one. */
static const char sender_by_chat[] =
    ",CASE WHEN m.is_from_me THEN NULL ELSE coalesce(h.id, (SELECT max(o.id) FROM"
    " chat_message_join j JOIN chat_handle_join k ON k.chat_id = j.chat_id"
    " JOIN handle o ON o.ROWID = k.handle_id WHERE j.message_id = m.ROWID"
    " HAVING count(DISTINCT o.id) = 1)) END";

/* Older databases lack the newer columns: NULL stands for them. */
static hf_status build_query(hf_i_reader *r, const state *s, hf_i_buf *sql)
{
    HF_TRY(hf_i_buf_add_str(sql, "SELECT "));
    for (int c = 0; c < COLUMNS; c++) {
        bool found = c == ROWID;
        if (c == HANDLE) {
            HF_TRY(hf_i_buf_add_str(sql, s->has_handles ? sender_by_chat : ",h.id"));
            continue;
        }
        if (!found)
            HF_TRY(has_column(s, column_names[c], &found));
        HF_TRY(hf_i_buf_printf(sql, "%s%s%s", c ? "," : "", found ? "m." : "NULL",
                               found ? column_names[c] : ""));
    }
    HF_TRY(hf_i_buf_add_str(sql, " FROM message m LEFT JOIN handle h ON h.ROWID = m.handle_id"));
    if (r->chat && s->has_joins && strcmp(r->chat, "all") != 0)
        HF_TRY(hf_i_buf_add_str(
            sql, s->has_chats
                     ? " WHERE m.ROWID IN (SELECT j.message_id FROM chat_message_join j JOIN chat c"
                       " ON c.ROWID = j.chat_id WHERE c.chat_identifier = ?1)"
                     : " WHERE m.ROWID IN (SELECT message_id FROM chat_message_join WHERE"
                       " chat_id = CAST(?1 AS INTEGER))"));
    return hf_i_buf_add_str(sql, " ORDER BY m.ROWID");
}

static hf_status start_query(hf_i_reader *r, state *s)
{
    hf_i_buf sql;
    hf_i_buf_init(&sql, r->ctx, 1 << 16, "a query");
    hf_status st = build_query(r, s, &sql);
    if (st == HF_OK && sqlite3_prepare_v2(s->db, sql.data, -1, &s->rows, NULL) != SQLITE_OK)
        st = fail_db(r, s, "cannot read the messages");
    if (st == HF_OK && sqlite3_bind_parameter_count(s->rows) > 0)
        sqlite3_bind_text(s->rows, 1, r->chat, -1, SQLITE_TRANSIENT);
    hf_i_buf_dispose(&sql);
    return st;
}

/* Nanoseconds since macOS 10.13, seconds before; 0 is never. */
static int64_t apple_time(sqlite3_int64 v)
{
    if (v == 0)
        return HF_NO_TIME;
    if (v > INT64_C(1000000000000000) || v < -INT64_C(1000000000000000))
        return v / 1000000 + APPLE_EPOCH_MS;
    return v * 1000 + APPLE_EPOCH_MS;
}

/* What a tapback says, by its number. */
static const char *tapback(int64_t type)
{
    static const char *const names[] = {"loved",      "liked",      "disliked", "laughed",
                                        "emphasised", "questioned", "emoji",    "sticker"};
    int64_t k = type % 1000;
    return k >= 0 && k < (int64_t)HF_COUNT_OF(names) ? names[k] : "reacted";
}

/* 'p:0/GUID', 'bp:GUID' or 'GUID'. */
static hf_text target_guid(hf_text t)
{
    const char *slash = memchr(t.data, '/', t.size);
    if (slash)
        return (hf_text){slash + 1, t.size - (size_t)(slash + 1 - t.data)};
    if (t.size > 3 && memcmp(t.data, "bp:", 3) == 0)
        return (hf_text){t.data + 3, t.size - 3};
    return t;
}

static hf_text blob_of(sqlite3_stmt *st, int i)
{
    const void *p = sqlite3_column_blob(st, i);
    return (hf_text){p, p ? (size_t)sqlite3_column_bytes(st, i) : 0};
}

/* Only marks of attachments (U+FFFC) and blanks? */
static bool only_attachments(hf_text t, bool *any)
{
    *any = false;
    bool only = true;
    for (size_t i = 0; i < t.size;) {
        if (t.size - i >= 3 && memcmp(t.data + i, "\xEF\xBF\xBC", 3) == 0) {
            *any = true;
            i += 3;
        } else {
            only &= t.data[i] == ' ' || t.data[i] == '\n';
            i++;
        }
    }
    return only;
}

static void set_kind(sqlite3_stmt *st, const hf_i_apple_edits *edits, hf_message *m)
{
    bool attachment;
    bool bare = only_attachments(m->text, &attachment);
    attachment |= sqlite3_column_int64(st, ATTACHMENTS) != 0;
    if (sqlite3_column_int64(st, ITEM_TYPE) != 0 || sqlite3_column_int64(st, GROUP_ACTION) != 0)
        m->kind = HF_KIND_SYSTEM;
    else if (sqlite3_column_int64(st, AUDIO) != 0)
        m->kind = HF_KIND_VOICE;
    else if (sqlite3_column_int64(st, RETRACTED) != 0 || (bare && !attachment && edits->unsent))
        m->kind = HF_KIND_DELETED;
    else if (attachment || (bare && sqlite3_column_type(st, BALLOON) != SQLITE_NULL))
        m->kind = HF_KIND_MEDIA;
    if (m->kind == HF_KIND_SYSTEM)
        m->sender = HF_NO_PERSON;
}

static void set_tapback(sqlite3_stmt *st, int64_t type, hf_message *m)
{
    hf_text emoji = column_text(st, EMOJI);
    const char *name = tapback(type);
    m->kind = type < 3000 ? HF_KIND_REACTION : HF_KIND_NOTE;
    m->text = type < 3000 && emoji.size ? emoji
              : type < 3000             ? (hf_text){name, strlen(name)}
                                        : (hf_text){"took a reaction back", 20};
    m->reply_to = target_guid(column_text(st, TARGET));
}

/* Earlier wordings: rows of their own kind, so that they never count as messages. */
static hf_status add_wordings(hf_i_reader *r, const hf_message *now, hf_text guid,
                              const hf_i_apple_edits *edits)
{
    for (size_t i = 0; i + 1 < edits->count; i++) {
        hf_message m = HF_I_MESSAGE_INIT;
        double t = edits->times[i];
        m.kind = HF_KIND_EDIT;
        m.sender = now->sender;
        m.text = edits->wordings[i];
        m.t_ms = now->t_ms;
        if (t > 0 && t < 1e10)
            m.t_ms = (int64_t)(t * 1000) + APPLE_EPOCH_MS;
        m.t_kind = HF_TIME_UTC;
        m.t_res_ms = now->t_res_ms;
        m.reply_to = guid;
        m.src = now->src;
        HF_TRY(hf_i_build_message(r->build, &m, (hf_text){NULL, 0}, HF_I_COPY));
    }
    return HF_OK;
}

static hf_status set_sender(hf_i_reader *r, sqlite3_stmt *st, hf_message *m)
{
    hf_text name = sqlite3_column_int64(st, FROM_ME) ? (hf_text){"Me", 2} : column_text(st, HANDLE);
    return hf_i_build_person(r->build, name.data, name.size, &m->sender);
}

static hf_status add_row(hf_i_reader *r, sqlite3_stmt *st)
{
    hf_message m = HF_I_MESSAGE_INIT;
    hf_i_apple_edits edits = {.count = 0};
    sqlite3_int64 date = sqlite3_column_int64(st, DATE);
    int64_t type = sqlite3_column_int64(st, ASSOCIATED);
    m.src.line = (uint64_t)sqlite3_column_int64(st, ROWID);
    m.t_ms = apple_time(date);
    m.t_kind = HF_TIME_UTC;
    m.t_res_ms = date > INT64_C(1000000000000000) && date % 1000000000 ? 1 : 1000;
    m.read_ms = apple_time(sqlite3_column_int64(st, READ));
    m.delivered_ms = apple_time(sqlite3_column_int64(st, DELIVERED));
    m.edited_ms = apple_time(sqlite3_column_int64(st, EDITED));
    HF_TRY(set_sender(r, st, &m));
    hf_text summary = blob_of(st, SUMMARY), body = blob_of(st, BODY), guid = column_text(st, GUID);
    if (summary.size)
        hf_i_apple_edits_read((const unsigned char *)summary.data, summary.size, &edits);
    m.text = column_text(st, TEXT);
    if (m.text.size == 0 && body.size)
        (void)hf_i_apple_text((const unsigned char *)body.data, body.size, &m.text);
    if (m.text.size == 0 && edits.count && !edits.unsent)
        m.text = edits.wordings[edits.count - 1];
    m.edited = edits.count > 1;
    if (type >= 2000 && type < 4000) {
        set_tapback(st, type, &m);
    } else {
        set_kind(st, &edits, &m);
        m.reply_to = column_text(st, THREAD);
    }
    HF_TRY(hf_i_build_message(r->build, &m, guid, HF_I_COPY));
    return add_wordings(r, &m, guid, &edits);
}

/* ---- the format -------------------------------------------------------------------------------
 */

static hf_status warn_log_file(hf_i_reader *r)
{
    hf_i_file f;
    hf_i_buf name;
    if (r->source->kind != HF_I_SOURCE_FILE || r->source->bytes)
        return HF_OK;
    hf_i_buf_init(&name, r->ctx, 1 << 20, "a path");
    hf_status s = hf_i_buf_printf(&name, "%s-wal", r->source->path);
    bool there = s == HF_OK && hf_i_file_open(&f, r->ctx, name.data) == HF_OK;
    hf_i_buf_dispose(&name);
    hf_ctx_clear_error(r->ctx);
    if (!there)
        return s;
    bool filled = f.size > 0;
    hf_i_file_close(&f);
    if (!filled)
        return HF_OK;
    return hf_i_build_warn(r->build, 0, 0,
                           "the newest messages may stand in the -wal file beside the database and "
                           "are not read: close Messages and copy it again");
}

static hf_status open_imessage(hf_i_reader *r)
{
    state *s = hf_i_calloc(r->ctx, 1, sizeof *s);
    if (!s)
        return HF_E_NOMEM;
    r->state = s;
    hf_i_blob none = {.data = ""};
    char *name = hf_i_entry_name(r, r->entries[0]);
    hf_status st = name ? hf_i_build_file(r->build, name, &none, false) : HF_E_NOMEM;
    hf_i_free(r->ctx, name);
    HF_TRY(st);
    hf_i_build_encoding(r->build, "sqlite");
    HF_TRY(open_db(r, s));
    HF_TRY(warn_log_file(r));
    return start_query(r, s);
}

/* Row numbers that are missing: deleted messages, or such that never reached this machine. */
static hf_status warn_gaps(hf_i_reader *r, const state *s)
{
    sqlite3_stmt *st = NULL;
    sqlite3_int64 gaps = 0;
    if (sqlite3_prepare_v2(s->db, "SELECT max(ROWID) - min(ROWID) + 1 - count(*) FROM message", -1,
                           &st, NULL) == SQLITE_OK &&
        sqlite3_step(st) == SQLITE_ROW)
        gaps = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    hf_i_build_limit(r->build, HF_LIMIT_DELETED_ROWS);
    if (gaps > 0)
        return hf_i_build_warn(r->build, 0, 0,
                               "%lld row numbers are missing in the database, over all its chats: "
                               "deleted, or never on this machine",
                               (long long)gaps);
    return HF_OK;
}

static hf_status next_imessage(hf_i_reader *r, bool *more)
{
    state *s = r->state;
    for (int i = 0; i < STEP_ROWS; i++) {
        int code = sqlite3_step(s->rows);
        if (code == SQLITE_INTERRUPT)
            return hf_i_progress(r->ctx, "read", s->messages, 0);
        if (code == SQLITE_DONE) {
            *more = false;
            hf_i_build_variant(r->build, "database");
            return warn_gaps(r, s);
        }
        if (code != SQLITE_ROW)
            return fail_db(r, s, "cannot read the messages");
        HF_TRY(add_row(r, s->rows));
        s->messages++;
    }
    *more = true;
    return HF_OK;
}

static void close_imessage(hf_i_reader *r)
{
    state *s = r->state;
    if (!s)
        return;
    close_db(r->ctx, s);
    hf_i_free(r->ctx, s);
    r->state = NULL;
}

#else
#define list_chats     NULL
#define open_imessage  NULL
#define next_imessage  NULL
#define close_imessage NULL
#endif

const hf_i_format hf_i_format_imessage = {
    .info = {"imessage", "Apple Messages database (chat.db, sms.db)",
             "Mac: quit Messages, copy ~/Library/Messages/chat.db (Terminal needs Full Disk "
             "Access).",
             "Deleted messages; what never synced to this Mac; who 'Me' is.", HF_HAVE_SQLITE},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .list = list_chats,
    .open = open_imessage,
    .next = next_imessage,
    .close = close_imessage,
};
