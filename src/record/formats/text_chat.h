/* SPDX-License-Identifier: MIT */
/* What the readers of chats as plain text share: messages that go on over lines, kinds by words. */
#ifndef HF_RECORD_FORMATS_TEXT_CHAT_H
#define HF_RECORD_FORMATS_TEXT_CHAT_H

#include "record/formats/lines.h"

typedef struct hf_i_text_chat hf_i_text_chat;
typedef hf_status (*hf_i_line_fn)(hf_i_text_chat *c);
/* May change a message's kind by its text. */
typedef void (*hf_i_kind_fn)(hf_message *m);

/* A whole reader made of callbacks. */
typedef struct hf_i_text_source {
    size_t state_size;    /* of the reader's own state, zeroed; may be 0 */
    hf_i_line_fn on_line; /* each line in turn */
    hf_i_kind_fn kind_of; /* may be NULL */
    hf_i_line_fn finish;  /* may be NULL; after the last message */
    const char *variant;
    uint32_t limits; /* bit 1 << hf_limit */
} hf_i_text_source;

struct hf_i_text_chat {
    hf_i_reader *r;
    const hf_i_text_source *source;
    hf_i_blob blob;
    hf_i_lines lines;
    /* The message in hand; its text ends with the last line added. */
    hf_message m;
    const char *text, *text_end;
    hf_text sender;
    hf_text key; /* of the message, for rows that answer it; mostly empty */
    bool open;
    size_t first_row; /* of this source */
    int64_t day_ms;   /* of the last date bar; HF_NO_TIME before the first */
    void *user;
};

/* Opens the reader's entry; source must stay. next reads about a megabyte and checks the length of
 * lines. */
hf_status hf_i_text_chat_open(hf_i_reader *r, const hf_i_text_source *source);
hf_status hf_i_text_chat_next(hf_i_reader *r, bool *more);
void hf_i_text_chat_close(hf_i_reader *r);

/* Ends the message in hand and starts another. */
hf_status hf_i_text_chat_start(hf_i_text_chat *c);
hf_status hf_i_text_chat_end(hf_i_text_chat *c);
/* The current line goes on with the message; before the first message it is kept as a note. */
hf_status hf_i_text_chat_more(hf_i_text_chat *c);

/* Words and the kind of message they make. END: the text ends with it. */
typedef enum hf_i_word_match { HF_I_WHOLE, HF_I_START, HF_I_END } hf_i_word_match;
typedef struct hf_i_word {
    const char *text;
    hf_message_kind kind;
    hf_i_word_match match;
} hf_i_word;
/* The kind of the first word that matches, else otherwise. */
hf_message_kind hf_i_kind_by_words(hf_text t, const hf_i_word *words, size_t count,
                                   hf_message_kind otherwise);

/* The last '1:23' or '1:02:03' of a text in milliseconds; HF_NO_TIME for none. */
int64_t hf_i_clock_length(hf_text t);

/* The date in a line of its own: '2024/01/15(Mon)', '2024.01.15 Monday', 'Mon, 1/15/2024',
 * '2024년 3월 11일 월요일', 'Monday, March 11, 2024'. Short weekdays and month names in English.
 * Day and month: by order if it is given, by the weekday, by what is possible, else month first.
 * Milliseconds, or HF_NO_TIME. */
int64_t hf_i_date_bar(hf_text line, hf_date_order order);
/* 1 to 12 for an English month name or its first three letters. */
int hf_i_month_english(const char *p, size_t size);

#endif
