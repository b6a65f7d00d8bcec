/* SPDX-License-Identifier: MIT */
/* The record: everything read about one dyad (or more people), untouched, with its place in the
 * source. Rows are of three types (doc/contracts.md 1): messages, ratings, samples.
 *
 * Missing values: times and durations HF_NO_TIME, text {NULL, 0}, names HF_NO_PERSON, numbers NaN.
 * Ownership: a record owns all its memory, freed once by hf_record_free; every pointer in a row
 * borrows from the record. Thread-safety: a finished record may be read from several threads. */
#ifndef HOLDFAST_RECORD_H
#define HOLDFAST_RECORD_H

#include <holdfast/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HF_NO_TIME   INT64_MIN
#define HF_NO_PERSON (-1)
#define HF_NO_ROW    UINT64_MAX

/* utc: t_ms counts from 1970-01-01T00:00:00Z. local: the same count of a wall clock without zone.
 * media: from the start of the recording. none: there is no time. */
typedef enum hf_time_kind {
    HF_TIME_NONE,
    HF_TIME_UTC,
    HF_TIME_LOCAL,
    HF_TIME_MEDIA
} hf_time_kind;

#define HF_MESSAGE_KIND_LIST(X)                                                                    \
    X(TEXT, "text")                                                                                \
    X(MEDIA, "media")                                                                              \
    X(STICKER, "sticker")                                                                          \
    X(VOICE, "voice")                                                                              \
    X(CALL, "call")                                                                                \
    X(REACTION, "reaction")                                                                        \
    X(POLL, "poll")                                                                                \
    X(LOCATION, "location")                                                                        \
    X(EDIT, "edit")                                                                                \
    X(DELETED, "deleted")                                                                          \
    X(SYSTEM, "system")                                                                            \
    X(NOTE, "note")

typedef enum hf_message_kind {
#define HF_MESSAGE_KIND_ENUM(name, text) HF_KIND_##name,
    HF_MESSAGE_KIND_LIST(HF_MESSAGE_KIND_ENUM)
#undef HF_MESSAGE_KIND_ENUM
        HF_KIND_COUNT
} hf_message_kind;

HF_API const char *hf_message_kind_name(hf_message_kind kind);
HF_API const char *hf_time_kind_name(hf_time_kind kind);

typedef struct hf_text {
    const char *data; /* not NUL-terminated; the original bytes */
    size_t size;
} hf_text;

/* Where a row stands in its source. */
typedef struct hf_source {
    uint32_t file; /* index for hf_record_get_file */
    uint64_t byte; /* of the row's first byte in that file (in the unpacked entry of an archive) */
    uint64_t line; /* from 1; 0 for sources without lines */
} hf_source;

typedef struct hf_message {
    uint64_t seq;         /* order in the source, from 0 */
    int64_t t_ms;         /* start */
    int64_t t_end_ms;     /* end of an utterance, else HF_NO_TIME */
    uint32_t t_res_ms;    /* resolution of the stamp: 60000, 1000, 1 */
    hf_time_kind t_kind;
    hf_message_kind kind;
    int32_t sender;       /* index of a person, HF_NO_PERSON for system rows */
    hf_text text;
    bool invalid_utf8;    /* the JSON shows U+FFFD, the original is at src */
    hf_text reply_to;     /* key of the message answered, as the source gives it */
    uint64_t reply_index; /* that message in this record; HF_NO_ROW when it is not there */
    bool edited;          /* edited_ms is HF_NO_TIME where the source does not say when */
    int64_t edited_ms, delivered_ms, read_ms;
    int64_t duration_ms;  /* calls, voice messages */
    uint32_t conversation; /* 0 unless the source holds several in one chat */
    hf_source src;
} hf_message;

typedef struct hf_rating {
    uint64_t seq;
    int64_t t_ms;
    uint32_t t_res_ms;
    hf_time_kind t_kind;
    int32_t partner;
    hf_text occasion, item;
    double value; /* NaN: missing */
    hf_source src;
} hf_rating;

typedef struct hf_sample {
    uint64_t seq;
    int64_t t_ms;
    uint32_t t_res_ms;
    hf_time_kind t_kind;
    int32_t partner;
    hf_text variable, unit;
    double value;
    hf_source src;
} hf_sample;

typedef struct hf_person {
    hf_text name;      /* as in the file */
    uint64_t messages; /* rows of any kind under this name */
    uint64_t by_kind[HF_KIND_COUNT];
} hf_person;

typedef enum hf_date_order {
    HF_DATE_AUTO,
    HF_DATE_DMY,
    HF_DATE_MDY,
    HF_DATE_YMD,
    HF_DATE_NOT_NEEDED /* summary only: the source's dates have one reading */
} hf_date_order;

/* A chat of a source that holds several. */
typedef struct hf_chat {
    hf_text id, title;
    uint64_t messages; /* HF_NO_COUNT when it is not known without reading */
    uint32_t people;
} hf_chat;
#define HF_NO_COUNT UINT64_MAX

typedef struct hf_warning {
    hf_source src;
    const char *what; /* "line is not in the expected form: kept as a note" */
} hf_warning;

/* What the source cannot show, or may hide: each a flag with a sentence in the report. */
#define HF_LIMIT_LIST(X) \
    X(POSSIBLY_CAPPED, "possibly_capped", "the export may hold only the newest messages") \
    X(DISAPPEARING, "disappearing", "disappearing messages are not in the export") \
    X(DELETED_ROWS, "deleted_rows", "deleted messages are not in the export") \
    X(NO_READ_RECEIPTS, "no_read_receipts", "the source does not say what was seen") \
    X(NO_REACTIONS, "no_reactions", "the source does not hold reactions") \
    X(MINUTE_STAMPS, "minute_stamps", "times are exact to the minute only") \
    X(NO_ZONE, "no_zone", "times are those of one clock, without its zone") \
    X(NO_REPLY_LINKS, "no_reply_links", "the source does not say which message a message answers") \
    X(ONE_SIDED, "one_sided", "the source holds one person's messages only") \
    X(CAPTION_TIMES, "caption_times", "times are those of captions, not of speech") \
    X(START_TIMES_ONLY, "start_times_only", "only the start of each utterance is known") \
    X(NO_CALLS, "no_calls", "calls may be missing") \
    X(EDITED_TEXT_LOST, "edited_text_lost", "earlier wordings of edited messages are not in the export")

typedef enum hf_limit {
#define HF_LIMIT_ENUM(name, id, text) HF_LIMIT_##name,
    HF_LIMIT_LIST(HF_LIMIT_ENUM)
#undef HF_LIMIT_ENUM
        HF_LIMIT_COUNT
} hf_limit;
HF_API const char *hf_limit_name(hf_limit limit); /* "possibly_capped" */
HF_API const char *hf_limit_text(hf_limit limit);

/* Times: HF_NO_TIME when there is none. Texts borrow from the record. */
typedef struct hf_record_summary {
    const char *format;   /* "whatsapp"; of several sources "merged" */
    const char *variant;  /* "android", "ios", ...; may be "" */
    const char *encoding; /* "utf-8", "utf-8 with BOM", "utf-16le", ... */
    uint64_t messages, ratings, samples;
    uint64_t by_kind[HF_KIND_COUNT];
    size_t people, files;
    int64_t first_ms, last_ms; /* of all timed rows */
    hf_time_kind t_kind;       /* of most rows */
    uint32_t t_res_ms;         /* coarsest */
    hf_date_order date_order;  /* what was used */
    bool date_ambiguous;       /* two readings fit and nobody decided */
    int64_t other_first_ms, other_last_ms; /* the second reading, when ambiguous */
    uint64_t time_inversions;  /* how often the time goes backwards from one row to the next */
    uint64_t invalid_utf8;     /* messages with bytes that are not UTF-8 */
    uint64_t duplicates;       /* rows left out because another export held them too */
    uint64_t warnings;         /* all, also those not kept */
    uint32_t limits;           /* bit 1 << hf_limit */
} hf_record_summary;

typedef struct hf_record hf_record;

typedef struct hf_read_options {
    size_t size;
    hf_date_order date_order; /* overrides the guess */
    const char *format;       /* NULL: probed */
    const char *chat;         /* id of the chat to read, of a source with several */
    const char *const *same;  /* "Ann=+49...": names of one person, NULL-terminated; may be NULL */
    int day_cut_min;          /* minutes after midnight at which the day of a diary begins: 240 */
} hf_read_options;
#define HF_READ_OPTIONS_INIT                                                                       \
    {                                                                                              \
        sizeof(hf_read_options), HF_DATE_AUTO, NULL, NULL, NULL, 240                                \
    }

/* Reads one or more files (or folders) into one record. options may be NULL.
 * Errors: HF_E_IO, HF_E_FORMAT (unknown, empty, binary), HF_E_PARSE (with line and byte),
 * HF_E_LIMIT, HF_E_USAGE (several chats and none chosen: see hf_read_list_chats). */
HF_API hf_status hf_record_read(hf_record **out, hf_ctx *ctx, const char *const *paths,
                                size_t path_count, const hf_read_options *options);
HF_API void hf_record_free(hf_record *record);

/* The chats of one source. *out is freed by hf_chats_free. */
typedef struct hf_chats hf_chats;
HF_API hf_status hf_chats_read(hf_chats **out, hf_ctx *ctx, const char *path,
                               const hf_read_options *options);
HF_API size_t hf_chats_count(const hf_chats *chats);
HF_API const hf_chat *hf_chats_get(const hf_chats *chats, size_t index);
HF_API void hf_chats_free(hf_chats *chats);

HF_API void hf_record_get_summary(const hf_record *record, hf_record_summary *out);
/* The name of the file (for an archive "a.zip:_chat.txt"). */
HF_API const char *hf_record_get_file(const hf_record *record, uint32_t index);

HF_API size_t hf_record_count_people(const hf_record *record);
HF_API const hf_person *hf_record_get_person(const hf_record *record, int32_t index);

/* Rows in source order (seq). The row is filled by value; its texts borrow from the record. */
HF_API size_t hf_record_count_messages(const hf_record *record);
HF_API void hf_record_get_message(const hf_record *record, size_t index, hf_message *out);
HF_API size_t hf_record_count_ratings(const hf_record *record);
HF_API void hf_record_get_rating(const hf_record *record, size_t index, hf_rating *out);
HF_API size_t hf_record_count_samples(const hf_record *record);
HF_API void hf_record_get_sample(const hf_record *record, size_t index, hf_sample *out);

/* Message indices sorted stably by time (rows without time keep their place after the row before
 * them). Borrowed: hf_record_count_messages entries. */
HF_API const uint32_t *hf_record_get_time_order(const hf_record *record);

/* The id of a message: the first 16 hex digits of BLAKE2b-512 over its time as the JSON gives it,
 * sender, kind, text and ordinal among equals (0, 1, ...; source order), each followed by the byte
 * 1F, so that one message has one id in every export. */
HF_API hf_status hf_record_get_message_id(hf_record *record, hf_ctx *ctx, size_t index,
                                          char out[17]);
/* All ids at once, 17 bytes each with NUL. Borrowed. Both functions make what they need on their
 * first call, which must not run on two threads at once. */
HF_API hf_status hf_record_get_message_ids(hf_record *record, hf_ctx *ctx, const char (**out)[17]);

HF_API size_t hf_record_count_warnings(const hf_record *record);
HF_API const hf_warning *hf_record_get_warning(const hf_record *record, size_t index);

/* One JSON object a row, as doc/contracts.md 1 says, through write(user, bytes, size), which
 * returns false to stop (HF_E_IO). */
typedef bool (*hf_write_fn)(void *user, const char *bytes, size_t size);
HF_API hf_status hf_record_write_jsonl(hf_record *record, hf_ctx *ctx, hf_write_fn write,
                                       void *user);
HF_API hf_status hf_record_write_summary_json(hf_record *record, hf_ctx *ctx, hf_write_fn write,
                                              void *user);

/* All rows as one table, with the keys of the JSON Lines as columns (without src): what a row type
 * does not have is empty. The CSV and the SPSS file (HF_E_UNSUPPORTED without ReadStat; texts over
 * 32767 bytes are cut, the log says how many) can be read again. ChatLab's interchange format holds
 * messages only, with their times in seconds. */
HF_API hf_status hf_record_write_csv(hf_record *record, hf_ctx *ctx, hf_write_fn write, void *user);
HF_API hf_status hf_record_write_sav(hf_record *record, hf_ctx *ctx, hf_write_fn write, void *user);
HF_API hf_status hf_record_write_chatlab(hf_record *record, hf_ctx *ctx, hf_write_fn write,
                                         void *user);

/* Names become pseudonyms ("P-7FQ2KA"), the same for the same name and key (keyed BLAKE2b, so that
 * nobody without the key can try names out), also where they or their parts stand as words in texts;
 * names of files go. Other things that tell who somebody is (addresses, places, nicknames) stay. Ids
 * change with the names. Call it before ids or rows are used: what was borrowed before is
 * invalid. key: 16 to 64 bytes. Errors: HF_E_USAGE (key), HF_E_NOMEM. */
HF_API hf_status hf_record_pseudonymise(hf_record *record, hf_ctx *ctx, const void *key,
                                        size_t key_size);

/* A source that can be read. */
typedef struct hf_format {
    const char *id;          /* "whatsapp" */
    const char *title;       /* "WhatsApp chat export (.txt, .zip)" */
    const char *how;         /* how to export, one line */
    const char *cannot_show; /* one line */
    bool available;          /* in this build */
} hf_format;
HF_API size_t hf_formats_count(void);
HF_API const hf_format *hf_formats_get(size_t index); /* NULL behind the last */

#ifdef __cplusplus
}
#endif
#endif
