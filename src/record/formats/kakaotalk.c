/* SPDX-License-Identifier: MIT */
/* KakaoTalk's chat text in its layouts: '[name] [time] text' below date bars, and 'date time,
 * name : text'. (Its CSV is a table of messages.) */
#include "record/formats/text_chat.h"
#include "record/formats/whatsapp.h"
#include "text/time.h"

#include <string.h>

static const hf_i_word words[] = {
    {"사진", HF_KIND_MEDIA, HF_I_WHOLE},
    {"동영상", HF_KIND_MEDIA, HF_I_WHOLE},
    {"Photo", HF_KIND_MEDIA, HF_I_WHOLE},
    {"Video", HF_KIND_MEDIA, HF_I_WHOLE},
    {"파일: ", HF_KIND_MEDIA, HF_I_START},
    {"File: ", HF_KIND_MEDIA, HF_I_START},
    {"이모티콘", HF_KIND_STICKER, HF_I_WHOLE},
    {"Emoticons", HF_KIND_STICKER, HF_I_WHOLE},
    {"Emoticon", HF_KIND_STICKER, HF_I_WHOLE},
    {"음성메시지", HF_KIND_VOICE, HF_I_WHOLE},
    {"음성메세지", HF_KIND_VOICE, HF_I_WHOLE},
    {"Voice Note", HF_KIND_VOICE, HF_I_WHOLE},
    {"삭제된 메시지입니다.", HF_KIND_DELETED, HF_I_WHOLE},
    {"삭제된 메시지입니다", HF_KIND_DELETED, HF_I_WHOLE},
    {"This message was deleted.", HF_KIND_DELETED, HF_I_WHOLE},
    {"Deleted message.", HF_KIND_DELETED, HF_I_WHOLE},
    {"보이스톡 ", HF_KIND_CALL, HF_I_START},
    {"페이스톡 ", HF_KIND_CALL, HF_I_START},
    {"라이브톡 ", HF_KIND_CALL, HF_I_START},
    {"부재중 보이스톡", HF_KIND_CALL, HF_I_START},
    {"지도: ", HF_KIND_LOCATION, HF_I_START},
    {"투표", HF_KIND_POLL, HF_I_WHOLE},
};

/* '사진 3장': a number of photos. */
static bool several_photos(hf_text t)
{
    static const char start[] = "사진 ", end[] = "장";
    size_t a = sizeof start - 1, b = sizeof end - 1;
    if (t.size < a + b + 1 || t.size > a + b + 4 || memcmp(t.data, start, a) != 0 ||
        memcmp(t.data + t.size - b, end, b) != 0)
        return false;
    for (size_t i = a; i < t.size - b; i++)
        if (t.data[i] < '0' || t.data[i] > '9')
            return false;
    return true;
}

static void kind_of(hf_message *m)
{
    if (m->kind != HF_KIND_TEXT)
        return;
    m->kind = several_photos(m->text)
                  ? HF_KIND_MEDIA
                  : hf_i_kind_by_words(m->text, words, HF_COUNT_OF(words), HF_KIND_TEXT);
    if (m->kind == HF_KIND_CALL)
        m->duration_ms = hf_i_clock_length(m->text);
}

static void set_time(hf_message *m, int64_t day, int hour, int minute, int second)
{
    bool seconds = second != 63;
    m->t_ms = day + ((int64_t)hour * 3600 + minute * 60 + (seconds ? second : 0)) * 1000;
    m->t_kind = HF_TIME_LOCAL;
    m->t_res_ms = seconds ? 1000 : 60000;
}

/* '[name] [오전 9:12] text' */
static hf_status bracket_line(hf_i_text_chat *c, bool *taken)
{
    const char *p = c->lines.text, *end = p + c->lines.size;
    int hour, minute, second;
    *taken = false;
    if (c->day_ms == HF_NO_TIME || p == end || *p != '[')
        return HF_OK;
    for (const char *close = p; (close = memmem(close, (size_t)(end - close), "] [", 3)); close++) {
        const char *q = hf_i_wa_clock(close + 3, end, &hour, &minute, &second);
        if (!q || q >= end || *q != ']')
            continue;
        HF_TRY(hf_i_text_chat_start(c));
        c->sender = (hf_text){p + 1, (size_t)(close - p - 1)};
        c->text = q + 1 < end && q[1] == ' ' ? q + 2 : q + 1;
        set_time(&c->m, c->day_ms, hour, minute, second);
        *taken = true;
        return HF_OK;
    }
    return HF_OK;
}

/* 'October 12, 2020, 6:49 AM' or '12 October 2020 at 6:49 PM'; where it ends. */
static const char *english_stamp(const char *p, const char *end, int64_t *day, int *clock)
{
    size_t word = 0, at;
    int64_t d, y;
    while (p + word < end && ((p[word] | 32) >= 'a' && (p[word] | 32) <= 'z'))
        word++;
    int month = word >= 3 ? hf_i_month_english(p, word) : 0;
    at = word + 1;
    size_t size = (size_t)(end - p);
    if (!month || at >= size || !hf_i_read_digits(p, size, &at, 2, &d) || at + 2 >= size ||
        p[at] != ',')
        return NULL;
    at += 2;
    if (!hf_i_read_digits(p, size, &at, 4, &y) || !hf_i_date_valid(y, month, (int)d))
        return NULL;
    *day = hf_i_days_from_civil(y, month, (int)d) * HF_I_MS_PER_DAY;
    while (at < size && (p[at] == ',' || p[at] == ' '))
        at++;
    return hf_i_wa_clock(p + at, end, &clock[0], &clock[1], &clock[2]);
}

/* A date and a time of day at the start of the line. */
static const char *stamp(const char *p, const char *end, int64_t *day, int *clock)
{
    hf_i_wa_header h;
    const char *q = hf_i_wa_stamp(p, end, &h);
    if (!q)
        return english_stamp(p, end, day, clock);
    if (!h.year_first || !hf_i_date_valid(h.num[0], h.num[1], h.num[2]))
        return NULL;
    *day = hf_i_days_from_civil(h.num[0], h.num[1], h.num[2]) * HF_I_MS_PER_DAY;
    clock[0] = h.hour;
    clock[1] = h.minute;
    clock[2] = h.second;
    return q;
}

/* 'date time, name : text', or without a name a notice. */
static hf_status comma_line(hf_i_text_chat *c, bool *taken)
{
    const char *p = c->lines.text, *end = p + c->lines.size;
    int64_t day;
    int clock[3];
    *taken = false;
    const char *q = stamp(p, end, &day, clock);
    if (!q)
        return HF_OK;
    if (q == end) { /* a stamp alone: when the next ones were written */
        HF_TRY(hf_i_text_chat_end(c));
        *taken = true;
        return HF_OK;
    }
    if (end - q < 2 || q[0] != ',' || q[1] != ' ')
        return HF_OK;
    q += 2;
    const char *colon = memmem(q, (size_t)(end - q), " : ", 3);
    const char *bare = !colon && end - q > 2 && memcmp(end - 2, " :", 2) == 0 ? end - 2 : NULL;
    HF_TRY(hf_i_text_chat_start(c));
    set_time(&c->m, day, clock[0], clock[1], clock[2]);
    c->text = q;
    if (colon || bare) {
        c->sender = (hf_text){q, (size_t)((colon ? colon : bare) - q)};
        c->text = colon ? colon + 3 : end;
    } else {
        c->m.kind = HF_KIND_SYSTEM;
    }
    *taken = true;
    return HF_OK;
}

static bool is_head(hf_text t)
{
    static const char *const starts[] = {"저장한 날짜", "Date Saved", "KakaoTalk Chats with"};
    static const char chat[] = "카카오톡 대화";
    for (size_t i = 0; i < HF_COUNT_OF(starts); i++)
        if (hf_i_starts_with(t.data, t.size, starts[i]))
            return true;
    return memmem(t.data, t.size, chat, sizeof chat - 1) != NULL;
}

/* '...님이 들어왔습니다.' between messages. */
static bool is_notice(hf_text t)
{
    static const char *const ends[] = {"들어왔습니다.",         "나갔습니다.",
                                       "초대했습니다.",         "내보냈습니다.",
                                       "joined this chatroom.", "left this chatroom."};
    for (size_t i = 0; i < HF_COUNT_OF(ends); i++) {
        size_t n = strlen(ends[i]);
        if (t.size >= n && memcmp(t.data + t.size - n, ends[i], n) == 0)
            return true;
    }
    return false;
}

static hf_status on_line(hf_i_text_chat *c)
{
    bool taken;
    hf_text line = {c->lines.text, c->lines.size};
    if (c->lines.line <= 4 && !c->open && is_head(line))
        return HF_OK;
    HF_TRY(bracket_line(c, &taken));
    if (!taken)
        HF_TRY(comma_line(c, &taken));
    if (taken)
        return HF_OK;
    bool bar = line.size > 10 && (memcmp(line.data, "-----", 5) == 0 || !c->open ||
                                  (unsigned char)line.data[line.size - 1] >= 0x80);
    int64_t day = bar ? hf_i_date_bar(line, HF_DATE_AUTO) : HF_NO_TIME;
    if (day != HF_NO_TIME) {
        HF_TRY(hf_i_text_chat_end(c));
        c->day_ms = day;
        return HF_OK;
    }
    if (is_notice(line) && c->day_ms != HF_NO_TIME) {
        HF_TRY(hf_i_text_chat_start(c));
        c->m.kind = HF_KIND_SYSTEM;
        return hf_i_text_chat_end(c);
    }
    return hf_i_text_chat_more(c);
}

static int probe(const hf_i_probe *p)
{
    size_t n = p->size < 400 ? p->size : 400;
    static const char *const heads[] = {"카카오톡 대화", "저장한 날짜", "KakaoTalk Chats with"};
    for (size_t i = 0; i < HF_COUNT_OF(heads); i++)
        if (n && memmem(p->head, n, heads[i], strlen(heads[i])))
            return 95;
    hf_i_lines l;
    int hits = 0, lines = 0;
    hf_i_lines_init(&l, p->head, p->size);
    while (lines < 60 && hf_i_lines_next(&l)) {
        int64_t day;
        int clock[3];
        const char *end = l.text + l.size, *q = stamp(l.text, end, &day, clock);
        lines += !hf_i_line_is_blank(&l);
        hits += q && end - q > 4 && q[0] == ',' && q[1] == ' ' &&
                memmem(q, (size_t)(end - q), " : ", 3) != NULL;
        hits += l.size > 40 && memcmp(l.text, "---------------", 15) == 0;
    }
    return lines && hits * 4 >= lines ? 75 : 0;
}

static const hf_i_text_source source = {
    .on_line = on_line,
    .kind_of = kind_of,
    .variant = "text",
    .limits = 1u << HF_LIMIT_NO_READ_RECEIPTS | 1u << HF_LIMIT_NO_REACTIONS |
              1u << HF_LIMIT_NO_REPLY_LINKS,
};

static hf_status open_kakao(hf_i_reader *r)
{
    return hf_i_text_chat_open(r, &source);
}

const hf_i_format hf_i_format_kakaotalk = {
    .info = {"kakaotalk", "KakaoTalk chat (.txt; .csv as a table)",
             "In the chat: menu > Settings > Export chat (text only).",
             "What was seen, reactions, replies as links; times are exact to the minute.", true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_kakao,
    .next = hf_i_text_chat_next,
    .close = hf_i_text_chat_close,
};
