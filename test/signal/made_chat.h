/* SPDX-License-Identifier: MIT */
/* Made-up chats for the tests of this room: written as a WhatsApp export, read by the real reader.
 */
#ifndef TEST_SIGNAL_MADE_CHAT_H
#define TEST_SIGNAL_MADE_CHAT_H

#include "num/random.h"
#include "support/test.h"
#include "text/time.h"

#include <holdfast/signal.h>

#include <math.h>
#include <stdio.h>
#include <unistd.h>

typedef struct made_chat {
    uint64_t seed;
    int days;
    const char *first, *second; /* names */
    double cool_from, cool_to;  /* days in which the second answers little; 0, 0: never */
    const char *line; /* a line of the second's, put in once after two weeks; NULL: none */
    bool secret;      /* every line of the second has the word 'xylophone' */
} made_chat;

static const char *const made_words[] = {"the car is at the garage again",
                                         "I made soup with leeks",
                                         "we could walk to the lake on sunday",
                                         "my meeting was moved to four",
                                         "your sister called",
                                         "do you want rice or noodles",
                                         "I am so tired today",
                                         "that film about the train was good",
                                         "what did the doctor say",
                                         "thank you for the flowers",
                                         "can you bring bread",
                                         "the neighbours are loud",
                                         "we need a new lamp for the kitchen",
                                         "I will be home at seven",
                                         "it is raining again",
                                         "how was the exam",
                                         "the cat sleeps on your jacket",
                                         "let us go to bed early",
                                         "I like the blue one more"};

static inline void made_line(FILE *f, int64_t t, const char *who, const char *text, bool secret)
{
    char iso[HF_I_TIME_SIZE];
    hf_i_time_format_iso(iso, t, 60000, false);
    fprintf(f, "%.2s/%.2s/%.4s, %.5s - %s: %s%s\n", iso + 8, iso + 5, iso, iso + 11, who, text,
            secret ? " xylophone" : "");
}

/* Some exchanges a day between 8 and 22 h; in each, turns go to and fro with waits of minutes. */
static inline void made_write(const made_chat *m, const char *path)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    int64_t day0 = hf_i_days_from_civil(2023, 1, 13) * HF_I_MS_PER_DAY;
    hf_i_random r;
    hf_i_random_init(&r, m->seed, 0, 0);
    const char *names[2] = {m->first, m->second};
    for (int day = 0; day < m->days; day++) {
        double hour = 8;
        bool cool = day >= m->cool_from && day < m->cool_to;
        for (int k = 0; hour < 21; k++) {
            int who = (int)hf_i_random_below(&r, 2), turns = 2 + (int)hf_i_random_below(&r, 5);
            double t = hour * 60;
            for (int i = 0; i < turns; i++, who = 1 - who) {
                if (cool && who == 1 && hf_i_random_below(&r, 3) > 0)
                    break;
                const char *text = made_words[hf_i_random_below(&r, HF_COUNT_OF(made_words))];
                bool odd = m->line && who == 1 && day == 14 && k == 1;
                made_line(f, day0 + day * HF_I_MS_PER_DAY + (int64_t)(t * 60000), names[who],
                          odd ? m->line : text, m->secret && who == 1);
                t += 1 + 3 * hf_i_random_exponential(&r);
            }
            hour = t / 60 + 2 + 2 * hf_i_random_exponential(&r);
        }
    }
    fclose(f);
}

static inline hf_analysis *made_analysis(hf_ctx *ctx, const char *path,
                                         const hf_analyze_options *options, hf_record **record)
{
    hf_analysis *a;
    assert_ok(ctx, hf_record_read(record, ctx, &path, 1, NULL));
    assert_ok(ctx, hf_analyze(&a, ctx, *record, options));
    return a;
}

static inline char *made_path(void)
{
    char *path = strdup("made_chat_XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    return path;
}

#endif
