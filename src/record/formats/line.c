/* SPDX-License-Identifier: MIT */
/* LINE's chat history (.txt): date bars, then 'HH:MM<tab>name<tab>text'. */
#include "record/formats/text_chat.h"
#include "record/formats/whatsapp.h"

#include <string.h>

typedef struct {
    hf_text other; /* the name in the first line */
    bool quoted;   /* inside a text over several lines, which stands in quotes */
    bool tabs;
} state;

static const hf_i_word words[] = {
    {"[Sticker]", HF_KIND_STICKER, HF_I_WHOLE},
    {"[スタンプ]", HF_KIND_STICKER, HF_I_WHOLE},
    {"[貼圖]", HF_KIND_STICKER, HF_I_WHOLE},
    {"[贴图]", HF_KIND_STICKER, HF_I_WHOLE},
    {"[스티커]", HF_KIND_STICKER, HF_I_WHOLE},
    {"[สติกเกอร์]", HF_KIND_STICKER, HF_I_WHOLE},
    {"[Photo]", HF_KIND_MEDIA, HF_I_WHOLE},
    {"[写真]", HF_KIND_MEDIA, HF_I_WHOLE},
    {"[照片]", HF_KIND_MEDIA, HF_I_WHOLE},
    {"[圖片]", HF_KIND_MEDIA, HF_I_WHOLE},
    {"[사진]", HF_KIND_MEDIA, HF_I_WHOLE},
    {"[รูป]", HF_KIND_MEDIA, HF_I_WHOLE},
    {"[รูปภาพ]", HF_KIND_MEDIA, HF_I_WHOLE},
    {"[Video]", HF_KIND_MEDIA, HF_I_WHOLE},
    {"[動画]", HF_KIND_MEDIA, HF_I_WHOLE},
    {"[影片]", HF_KIND_MEDIA, HF_I_WHOLE},
    {"[동영상]", HF_KIND_MEDIA, HF_I_WHOLE},
    {"[วิดีโอ]", HF_KIND_MEDIA, HF_I_WHOLE},
    {"[File]", HF_KIND_MEDIA, HF_I_WHOLE},
    {"[ファイル]", HF_KIND_MEDIA, HF_I_WHOLE},
    {"[檔案]", HF_KIND_MEDIA, HF_I_WHOLE},
    {"[파일]", HF_KIND_MEDIA, HF_I_WHOLE},
    {"[Contact]", HF_KIND_MEDIA, HF_I_WHOLE},
    {"[連絡先]", HF_KIND_MEDIA, HF_I_WHOLE},
    {"[Voice message]", HF_KIND_VOICE, HF_I_WHOLE},
    {"[ボイスメッセージ]", HF_KIND_VOICE, HF_I_WHOLE},
    {"[語音訊息]", HF_KIND_VOICE, HF_I_WHOLE},
    {"[음성 메시지]", HF_KIND_VOICE, HF_I_WHOLE},
    {"[Location]", HF_KIND_LOCATION, HF_I_WHOLE},
    {"[位置情報]", HF_KIND_LOCATION, HF_I_WHOLE},
    {"[位置訊息]", HF_KIND_LOCATION, HF_I_WHOLE},
    {"☎", HF_KIND_CALL, HF_I_START},
    {"unsent a message.", HF_KIND_DELETED, HF_I_END},
    {"メッセージの送信を取り消しました", HF_KIND_DELETED, HF_I_END},
    {"已收回訊息", HF_KIND_DELETED, HF_I_END},
    {"收回了訊息", HF_KIND_DELETED, HF_I_END},
    {"메시지 보내기를 취소했습니다.", HF_KIND_DELETED, HF_I_END},
};

static void kind_of(hf_message *m)
{
    if (m->kind == HF_KIND_NOTE)
        return;
    m->kind = hf_i_kind_by_words(m->text, words, HF_COUNT_OF(words), m->kind);
    if (m->kind == HF_KIND_CALL)
        m->duration_ms = hf_i_clock_length(m->text);
}

static bool read_clock(const hf_i_text_chat *c, const char **behind, int64_t *ms)
{
    int hour, minute, second;
    const char *p = c->lines.text, *end = p + c->lines.size;
    const char *q = c->lines.size > 3 ? hf_i_wa_clock(p, end, &hour, &minute, &second) : NULL;
    if (!q || q == end || (*q != '\t' && *q != ' '))
        return false;
    *behind = q + 1;
    *ms = ((int64_t)hour * 60 + minute) * 60000;
    return true;
}

/* Without tabs a name may hold spaces: the other's name is known from the first line. */
static const char *end_of_name(const state *s, const char *p, const char *end)
{
    if (s->other.size && (size_t)(end - p) > s->other.size &&
        memcmp(p, s->other.data, s->other.size) == 0 && p[s->other.size] == ' ')
        return p + s->other.size;
    return memchr(p, ' ', (size_t)(end - p));
}

static hf_status start_message(hf_i_text_chat *c, const char *p, int64_t clock)
{
    state *s = c->user;
    const char *end = c->lines.text + c->lines.size;
    bool tab = p[-1] == '\t';
    const char *gap = tab ? memchr(p, '\t', (size_t)(end - p)) : end_of_name(s, p, end);
    HF_TRY(hf_i_text_chat_start(c));
    c->m.t_ms = c->day_ms + clock;
    c->m.t_kind = HF_TIME_LOCAL;
    c->m.t_res_ms = 60000;
    if (gap && gap > p) {
        c->sender = (hf_text){p, (size_t)(gap - p)};
        p = gap + 1;
    } else {
        c->m.kind = HF_KIND_SYSTEM;
        p = gap ? gap + 1 : p;
    }
    /* 'Bob unsent a message.' stands without a name of its own. */
    c->text = p;
    hf_text rest = {p, (size_t)(end - p)};
    static const char *const unsent[] = {" unsent a message.", "がメッセージの送信を取り消しました",
                                         "已收回訊息"};
    for (size_t i = 0; c->m.kind == HF_KIND_SYSTEM && i < HF_COUNT_OF(unsent); i++) {
        size_t n = strlen(unsent[i]);
        if (rest.size > n && memcmp(end - n, unsent[i], n) == 0)
            c->sender = (hf_text){p, rest.size - n};
    }
    s->quoted = tab && rest.size > 0 && *p == '"' && (rest.size == 1 || end[-1] != '"');
    return HF_OK;
}

/* The quotes around a text of several lines are the app's. */
static void close_quote(hf_i_text_chat *c)
{
    state *s = c->user;
    s->quoted = false;
    c->text++;
    c->text_end = c->lines.text + c->lines.size - 1;
}

static hf_status on_line(hf_i_text_chat *c)
{
    state *s = c->user;
    const char *p;
    int64_t clock;
    hf_text line = {c->lines.text, c->lines.size};
    if (c->lines.line <= 2 && !c->open && c->day_ms == HF_NO_TIME &&
        (hf_i_starts_with(line.data, line.size, "[LINE]") || memmem(line.data, line.size, ":", 1) ||
         memmem(line.data, line.size, "：", 3)) &&
        !read_clock(c, &p, &clock)) {
        static const char with[] = "Chat history with ", of[] = "とのトーク履歴";
        const char *at = memmem(line.data, line.size, with, sizeof with - 1);
        const char *jp = memmem(line.data, line.size, of, sizeof of - 1);
        if (at)
            s->other = (hf_text){at + sizeof with - 1,
                                 (size_t)(line.data + line.size - at) - sizeof with + 1};
        else if (jp && hf_i_starts_with(line.data, line.size, "[LINE] "))
            s->other = (hf_text){line.data + 7, (size_t)(jp - line.data) - 7};
        return HF_OK;
    }
    bool header = c->day_ms != HF_NO_TIME && read_clock(c, &p, &clock);
    if (s->quoted && !header && c->open) {
        if (line.size && line.data[line.size - 1] == '"')
            close_quote(c);
        else
            HF_TRY(hf_i_text_chat_more(c));
        return HF_OK;
    }
    s->quoted = false;
    if (header)
        return start_message(c, p, clock);
    int64_t day = hf_i_date_bar(line, hf_i_build_wanted_order(c->r->build));
    if (day != HF_NO_TIME) {
        HF_TRY(hf_i_text_chat_end(c));
        c->day_ms = day;
        return HF_OK;
    }
    return hf_i_text_chat_more(c);
}

static int probe(const hf_i_probe *p)
{
    size_t n = p->size < 200 ? p->size : 200;
    if (p->size >= 6 && memmem(p->head, n, "[LINE] ", 7))
        return 95;
    /* Without its first line: a date bar and lines with a time and two tabs. */
    hf_i_lines l;
    int bars = 0, messages = 0, spaced = 0, lines = 0;
    hf_i_lines_init(&l, p->head, p->size);
    while (lines < 60 && hf_i_lines_next(&l)) {
        int h, m, s;
        const char *q = hf_i_wa_clock(l.text, l.text + l.size, &h, &m, &s);
        lines += !hf_i_line_is_blank(&l);
        bool here = q && q < l.text + l.size && s == 63 && bars;
        messages += here && *q == '\t';
        spaced += here && *q == ' ';
        bars += hf_i_date_bar((hf_text){l.text, l.size}, HF_DATE_AUTO) != HF_NO_TIME;
    }
    if (bars && messages * 2 > lines)
        return 70;
    return bars && spaced * 2 > lines ? 55 : 0; /* the desktop's form */
}

static hf_status finish(hf_i_text_chat *c)
{
    return c->day_ms != HF_NO_TIME
               ? HF_OK
               : hf_i_build_fail(c->r->build, HF_E_FORMAT, 0, 1, "Export the chat again from LINE.",
                                 "there is no date in the file");
}

static const hf_i_text_source source = {
    .state_size = sizeof(state),
    .on_line = on_line,
    .kind_of = kind_of,
    .finish = finish,
    .variant = "text",
    .limits = 1u << HF_LIMIT_NO_READ_RECEIPTS | 1u << HF_LIMIT_NO_REACTIONS |
              1u << HF_LIMIT_NO_REPLY_LINKS,
};

static hf_status open_line(hf_i_reader *r)
{
    return hf_i_text_chat_open(r, &source);
}

const hf_i_format hf_i_format_line = {
    .info = {"line", "LINE chat history (.txt)",
             "In the chat: menu > Settings > Export chat history.",
             "What was seen, reactions, replies as links; times are exact to the minute.", true},
    .spread = HF_I_ONE_FILE,
    .probe = probe,
    .open = open_line,
    .next = hf_i_text_chat_next,
    .close = hf_i_text_chat_close,
};
