/* SPDX-License-Identifier: MIT */
/* The table of sources. A format is one file in formats/ and one row in formats.c. */
#ifndef HF_RECORD_FORMAT_H
#define HF_RECORD_FORMAT_H

#include "record/build.h"

/* What a probe sees of one entry. */
typedef struct hf_i_probe {
    const char *name; /* path in the source */
    const char *head; /* its first bytes, at most HF_I_HEAD_SIZE */
    size_t size;
    bool complete; /* head is all of it */
} hf_i_probe;

/* A chat found by list. */
typedef struct hf_i_chat_list {
    hf_ctx *ctx;
    hf_i_arena arena;
    hf_chat *chats;
    size_t count, capacity;
} hf_i_chat_list;

/* Adds a chat; copies the texts. */
hf_status hf_i_chat_add(hf_i_chat_list *list, hf_text id, hf_text title, uint64_t messages,
                        uint32_t people);

/* One reading of one source. */
typedef struct hf_i_reader {
    hf_ctx *ctx;
    hf_i_build *build; /* NULL while chats are listed */
    hf_i_source *source;
    const size_t *entries; /* those of the source that are of this format, in name order */
    size_t entry_count;
    const char *chat;     /* id of the chat to read; NULL: the only one there is */
    void *state;          /* the format's own */
    uint64_t done, total; /* bytes, for progress: next keeps done up to date */
} hf_i_reader;

typedef enum hf_i_spread {
    HF_I_ONE_FILE, /* each entry is a chat of its own */
    HF_I_PARTS     /* the entries of one folder are one chat or one set of chats: open sees all */
} hf_i_spread;

typedef struct hf_i_format {
    hf_format info;
    hf_i_spread spread;
    /* 0: not mine; up to 100: surely mine. Must not fail and must be quick. */
    int (*probe)(const hf_i_probe *probe);
    /* Optional: the chats of a source that may hold several. */
    hf_status (*list)(hf_i_reader *r, hf_i_chat_list *list);
    /* open sets state; next reads a part (about a megabyte) and says whether there is more;
     * close frees state, also after a failed open or next. */
    hf_status (*open)(hf_i_reader *r);
    hf_status (*next)(hf_i_reader *r, bool *more);
    void (*close)(hf_i_reader *r);
} hf_i_format;

extern const hf_i_format *const hf_i_formats[]; /* until NULL */
const hf_i_format *hf_i_format_find(const char *id);

/* "chat.zip:_chat.txt" for an entry, in the context of a reader. Freed by hf_i_free. */
char *hf_i_entry_name(const hf_i_reader *r, size_t entry);

/* The usual first step of open: reads an entry as UTF-8 text (UTF-16 with a mark is converted, a
 * mark is skipped), starts it as the builder's input and keeps it in the record when keep. data
 * borrows from the record (keep) or from *blob, which the caller then frees. */
hf_status hf_i_open_entry(hf_i_reader *r, size_t entry, bool keep, hf_i_blob *blob);

/* hf_record_read for bytes in memory, as if they were a file of that name: for tests and fuzzing.
 * The bytes are the caller's and may go afterwards. */
hf_status hf_i_record_read_bytes(hf_record **out, hf_ctx *ctx, const char *name, const void *bytes,
                                 size_t size, const hf_read_options *options);

/* The rows of formats/, by name of the file. */
/* Chats. */
extern const hf_i_format hf_i_format_whatsapp, hf_i_format_telegram, hf_i_format_imessage;
extern const hf_i_format hf_i_format_sms, hf_i_format_messenger, hf_i_format_signal;
extern const hf_i_format hf_i_format_signal_export, hf_i_format_discord, hf_i_format_slack;
extern const hf_i_format hf_i_format_google_chat, hf_i_format_element, hf_i_format_weflow;
extern const hf_i_format hf_i_format_telegram_html, hf_i_format_imessage_text;
extern const hf_i_format hf_i_format_chatlab, hf_i_format_line, hf_i_format_kakaotalk;
extern const hf_i_format hf_i_format_hangouts, hf_i_format_element_text;
extern const hf_i_format hf_i_format_messenger_html;
extern const hf_i_format hf_i_format_csv;
/* Sessions. */
extern const hf_i_format hf_i_format_webvtt, hf_i_format_srt, hf_i_format_cha;
extern const hf_i_format hf_i_format_textgrid, hf_i_format_elan;
extern const hf_i_format hf_i_format_transcript, hf_i_format_boris;
extern const hf_i_format hf_i_format_mail;
/* Diaries and coded data. */
extern const hf_i_format hf_i_format_diary, hf_i_format_sav, hf_i_format_native;

#endif
