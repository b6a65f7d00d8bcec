/* SPDX-License-Identifier: MIT */
#include "record/formats/text_chat.h"

#include "text/time.h"
#include "text/utf8.h"

#include <string.h>

enum { STEP_BYTES = 1 << 20 };

hf_status hf_i_text_chat_open(hf_i_reader *r, const hf_i_text_source *source)
{
    hf_i_text_chat *c = hf_i_calloc(r->ctx, 1, sizeof *c);
    if (!c)
        return HF_E_NOMEM;
    r->state = c;
    c->r = r;
    c->source = source;
    c->first_row = hf_i_build_row_count(r->build);
    c->day_ms = HF_NO_TIME;
    c->user = hf_i_calloc(r->ctx, 1, source->state_size ? source->state_size : 1);
    if (!c->user)
        return HF_E_NOMEM;
    HF_TRY(hf_i_open_entry(r, r->entries[0], true, &c->blob));
    hf_i_lines_init(&c->lines, c->blob.data, c->blob.size);
    return HF_OK;
}

void hf_i_text_chat_close(hf_i_reader *r)
{
    hf_i_text_chat *c = r->state;
    if (!c)
        return;
    hf_i_free(r->ctx, c->user);
    hf_i_free(r->ctx, c);
    r->state = NULL;
}

hf_status hf_i_text_chat_end(hf_i_text_chat *c)
{
    if (!c->open)
        return HF_OK;
    c->open = false;
    hf_i_build *b = c->r->build;
    c->m.text = (hf_text){c->text, (size_t)(c->text_end - c->text)};
    while (c->m.text.size && strchr("\r\n", c->m.text.data[c->m.text.size - 1]))
        c->m.text.size--;
    if (c->source->kind_of)
        c->source->kind_of(&c->m);
    if (!hf_i_utf8_valid(c->m.text.data, c->m.text.size))
        HF_TRY(hf_i_build_warn(b, c->m.src.byte, c->m.src.line, "bytes that are not UTF-8"));
    if (c->m.kind != HF_KIND_SYSTEM && c->m.kind != HF_KIND_NOTE)
        HF_TRY(hf_i_build_person(b, c->sender.data, c->sender.size, &c->m.sender));
    return hf_i_build_message(b, &c->m, c->key, HF_I_BORROW);
}

hf_status hf_i_text_chat_start(hf_i_text_chat *c)
{
    static const hf_message empty = HF_I_MESSAGE_INIT;
    HF_TRY(hf_i_text_chat_end(c));
    c->m = empty;
    c->m.src = (hf_source){0, c->lines.byte, c->lines.line};
    c->sender = c->key = (hf_text){"", 0};
    c->text = c->lines.text;
    c->text_end = c->lines.text + c->lines.size;
    c->open = true;
    return HF_OK;
}

hf_status hf_i_text_chat_more(hf_i_text_chat *c)
{
    if (c->open) {
        c->text_end = c->lines.text + c->lines.size;
        return HF_OK;
    }
    if (hf_i_line_is_blank(&c->lines))
        return HF_OK;
    HF_TRY(hf_i_build_warn(c->r->build, c->lines.byte, c->lines.line,
                           "the line is not in the form of a message: kept as a note"));
    HF_TRY(hf_i_text_chat_start(c));
    c->m.kind = HF_KIND_NOTE;
    return hf_i_text_chat_end(c);
}

static hf_status read_part(hf_i_text_chat *c, bool *more)
{
    uint64_t until = c->lines.byte + STEP_BYTES;
    *more = true;
    while (*more && c->lines.byte < until) {
        *more = hf_i_lines_next(&c->lines);
        if (*more && c->lines.size > HF_MAX_LINE_BYTES)
            return hf_i_build_fail(c->r->build, HF_E_LIMIT, c->lines.byte, c->lines.line,
                                   "This is no chat export; if it is, take that line out.",
                                   "a line has more than %llu bytes",
                                   (unsigned long long)HF_MAX_LINE_BYTES);
        if (*more)
            HF_TRY(c->source->on_line(c));
    }
    c->r->done = c->lines.byte;
    return HF_OK;
}

hf_status hf_i_text_chat_next(hf_i_reader *r, bool *more)
{
    hf_i_text_chat *c = r->state;
    HF_TRY(read_part(c, more));
    if (*more)
        return HF_OK;
    HF_TRY(hf_i_text_chat_end(c));
    hf_i_build_variant(r->build, c->source->variant);
    for (int limit = 0; limit < HF_LIMIT_COUNT; limit++)
        if (c->source->limits & (uint32_t)1 << limit)
            hf_i_build_limit(r->build, (hf_limit)limit);
    return c->source->finish ? c->source->finish(c) : HF_OK;
}

/* ---- words --------------------------------------------------------------------------------------
 */

hf_message_kind hf_i_kind_by_words(hf_text t, const hf_i_word *words, size_t count,
                                   hf_message_kind otherwise)
{
    for (size_t i = 0; i < count; i++) {
        size_t n = strlen(words[i].text);
        if (t.size < n || (words[i].match == HF_I_WHOLE && t.size != n))
            continue;
        const char *at = words[i].match == HF_I_END ? t.data + t.size - n : t.data;
        if (memcmp(at, words[i].text, n) == 0)
            return words[i].kind;
    }
    return otherwise;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

int64_t hf_i_clock_length(hf_text t)
{
    size_t end = t.size;
    while (end > 0 && !digit(t.data[end - 1]))
        end--;
    size_t start = end;
    while (start > 0 && (digit(t.data[start - 1]) || t.data[start - 1] == ':'))
        start--;
    int64_t seconds = 0, part = 0;
    bool colon = false;
    if (end - start > 9)
        return HF_NO_TIME;
    for (size_t i = start; i < end; i++) {
        if (t.data[i] == ':') {
            colon = true;
            seconds = (seconds + part) * 60;
            part = 0;
        } else {
            part = part * 10 + (t.data[i] - '0');
        }
    }
    return colon ? (seconds + part) * 1000 : HF_NO_TIME;
}

/* ---- dates in lines of their own
 * ------------------------------------------------------------------ */

static bool named(const char *p, size_t size, const char *three)
{
    return size >= 3 && (p[0] | 32) == three[0] && (p[1] | 32) == three[1] &&
           (p[2] | 32) == three[2];
}

int hf_i_month_english(const char *p, size_t size)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    for (int m = 0; m < 12; m++)
        if (named(p, size, names + 3 * m))
            return m + 1;
    return 0;
}

static int weekday_english(const char *p, size_t size)
{
    static const char names[] = "montuewedthufrisatsun";
    for (int d = 0; d < 7; d++)
        if (named(p, size, names + 3 * d))
            return d + 1;
    return 0;
}

static int64_t day_of(int64_t year, int64_t month, int64_t day)
{
    /* Thailand counts from the Buddha: 2567 is 2024. */
    if (year > 2400 && year < 2700)
        year -= 543;
    if (month < 1 || month > 12 || day < 1 || day > 31 ||
        !hf_i_date_valid(year, (int)month, (int)day))
        return HF_NO_TIME;
    return hf_i_days_from_civil(year, (int)month, (int)day) * HF_I_MS_PER_DAY;
}

static int64_t choose(const int64_t *n, int weekday, hf_date_order order)
{
    int64_t month_first = day_of(n[2], n[0], n[1]), day_first = day_of(n[2], n[1], n[0]);
    if (n[2] > 2400)
        return day_first;
    if (order == HF_DATE_DMY || order == HF_DATE_MDY)
        return order == HF_DATE_DMY ? day_first : month_first;
    if (weekday && month_first != HF_NO_TIME && day_first != HF_NO_TIME &&
        hf_i_weekday(month_first / HF_I_MS_PER_DAY) != weekday &&
        hf_i_weekday(day_first / HF_I_MS_PER_DAY) == weekday)
        return day_first;
    return month_first != HF_NO_TIME ? month_first : day_first;
}

int64_t hf_i_date_bar(hf_text line, hf_date_order order)
{
    int64_t n[3] = {0};
    int count = 0, month = 0, weekday = 0;
    if (line.size < 8 || line.size > 80)
        return HF_NO_TIME;
    for (size_t i = 0; i < line.size;) {
        char c = line.data[i];
        if (digit(c)) {
            if (count == 3 || !hf_i_read_digits(line.data, line.size, &i, 4, &n[count++]) ||
                (i < line.size && digit(line.data[i])))
                return HF_NO_TIME;
            continue;
        }
        if (c == ':' || c == '\t' || c == '[')
            return HF_NO_TIME;
        size_t word = i;
        while (word < line.size && ((line.data[word] | 32) >= 'a' && (line.data[word] | 32) <= 'z'))
            word++;
        if (word > i) {
            int m = hf_i_month_english(line.data + i, word - i);
            int d = weekday_english(line.data + i, word - i);
            month = month || d ? month : m;
            weekday = weekday ? weekday : d;
            i = word;
        } else {
            i++;
        }
    }
    if (count == 2 && month && n[1] > 31)
        return day_of(n[1], month, n[0]);
    if (count != 3)
        return HF_NO_TIME;
    if (n[0] > 31)
        return day_of(n[0], n[1], n[2]);
    return n[2] > 31 ? choose(n, weekday, order) : HF_NO_TIME;
}
