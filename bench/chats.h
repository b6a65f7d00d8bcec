/* SPDX-License-Identifier: MIT */
/* Invented chats of any size for the benchmarks: the same bytes each time. */
#ifndef BENCH_CHATS_H
#define BENCH_CHATS_H

#include "text/time.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint64_t chat_seed;

static unsigned chat_pick(unsigned n)
{
    chat_seed = chat_seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(chat_seed >> 33) % n;
}

/* A sentence of 1 to 14 words, now and then with an emoji or an umlaut. */
static size_t chat_sentence(char *out, const char *line_end)
{
    static const char *const words[] = {
        "the",    "a",     "you",      "I",       "we",    "love",    "need",     "please",
        "what",   "when",  "home",     "work",    "later", "never",   "tomorrow", "ok",
        "yes",    "no",    "why",      "because", "feel",  "maybe",   "thanks",   "soon",
        "always", "kids",  "car",      "für",     "über",  "dinner",  "😀",        "❤️",
        "sorry",  "still", "together", "tired",   "talk",  "tonight", "it's",     "don't"};
    size_t n = 0;
    for (unsigned k = 1 + chat_pick(14); k > 0; k--) {
        const char *w = words[chat_pick(sizeof words / sizeof words[0])];
        size_t size = strlen(w);
        memcpy(out + n, w, size);
        n += size;
        if (k > 1) {
            const char *gap = chat_pick(40) == 0 ? line_end : " ";
            memcpy(out + n, gap, strlen(gap));
            n += strlen(gap);
        }
    }
    return n;
}

/* Android form, German locale. Returns the messages written. */
static inline uint64_t chat_write_whatsapp(FILE *to, uint64_t bytes)
{
    static const char *const names[] = {"Ann Example", "Ben Beispiel"};
    char text[512];
    uint64_t count = 0, done = 0;
    int64_t t = INT64_C(1600000000000);
    chat_seed = 1;
    while (done < bytes) {
        t += chat_pick(20) == 0 ? 60000 * (int64_t)chat_pick(900) : 60000 * (int64_t)chat_pick(3);
        hf_i_civil c = hf_i_civil_from_ms(t);
        size_t n = chat_sentence(text, "\n");
        if (chat_pick(30) == 0)
            n = (size_t)snprintf(text, sizeof text, "<Medien ausgeschlossen>");
        int k = fprintf(to, "%02d.%02d.%02d, %02d:%02d - %s: %.*s\n", c.day, c.month,
                        (int)(c.year % 100), c.hour, c.minute, names[chat_pick(2)], (int)n, text);
        done += (uint64_t)k;
        count++;
    }
    return count;
}

/* result.json of one chat, as Telegram Desktop indents it. */
static inline uint64_t chat_write_telegram(FILE *to, uint64_t bytes)
{
    static const char *const names[] = {"Ann Example", "Ben Beispiel"};
    char text[512], date[HF_I_TIME_SIZE];
    uint64_t count = 0, done = 0;
    int64_t t = INT64_C(1600000000000);
    chat_seed = 2;
    fputs("{\n \"name\": \"Ben Beispiel\",\n \"type\": \"personal_chat\",\n \"id\": 4711,\n "
          "\"messages\": [\n",
          to);
    while (done < bytes) {
        t += 1000 * (int64_t)chat_pick(900);
        unsigned who = chat_pick(2);
        size_t n = chat_sentence(text, "\\n");
        hf_i_time_format_iso(date, t + 7200000, 1000, false);
        int k =
            fprintf(to,
                    "%s  {\n   \"id\": %llu,\n   \"type\": \"message\",\n   \"date\": \"%s\",\n   "
                    "\"date_unixtime\": \"%lld\",\n   \"from\": \"%s\",\n   \"from_id\": "
                    "\"user%u\",\n   \"text\": \"%.*s\",\n   \"text_entities\": [\n    {\n     "
                    "\"type\": \"plain\",\n     \"text\": \"%.*s\"\n    }\n   ]\n  }",
                    count ? ",\n" : "", (unsigned long long)count + 1, date, (long long)(t / 1000),
                    names[who], 100 + who, (int)n, text, (int)n, text);
        done += (uint64_t)k;
        count++;
    }
    fputs("\n ]\n}\n", to);
    return count;
}

#endif
