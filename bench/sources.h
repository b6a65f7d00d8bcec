/* SPDX-License-Identifier: MIT */
/* Invented files of the other sources, from a row each. In a row: @s a sentence, @n the name and @w
 * the number of who writes, @i the row's number, @t @m @u its time in seconds, milliseconds,
 * microseconds, @d as ISO without zone, @y @o @a @h @k @e its year, month, day, hour, minute,
 * second, @v @V the row's start and end on a recording (hh:mm:ss.mmm), @p @q the same in
 * milliseconds, @z the end in seconds. */
#ifndef BENCH_SOURCES_H
#define BENCH_SOURCES_H

#include "chats.h"

typedef struct {
    const char *format, *file, *head, *row, *between, *tail;
} chat_template;

static const chat_template templates[] = {
    {"messenger", "message_1.json",
     "{\"participants\":[{\"name\":\"Ann Example\"},{\"name\":\"Ben Beispiel\"}],\"messages\":[",
     "{\"sender_name\":\"@n\",\"timestamp_ms\":@m,\"content\":\"@s\","
     "\"is_geoblocked_for_viewer\":false}",
     ",\n", "],\"title\":\"Ann\",\"thread_path\":\"inbox/ann_1\"}"},
    {"instagram", "instagram_message_1.json",
     "{\"participants\":[{\"name\":\"Ann Example\"},{\"name\":\"Ben Beispiel\"}],\"messages\":[",
     "{\"sender_name\":\"@n\",\"timestamp_ms\":@m,\"content\":\"caf\\u00c3\\u00a9 @s\","
     "\"reactions\":[{\"reaction\":\"\\u00e2\\u009d\\u00a4\",\"actor\":\"Ann Example\"}]}",
     ",\n", "],\"title\":\"Ann\",\"thread_path\":\"inbox/ann_1\"}"},
    {"messenger_html", "message_1.html",
     "<html><head><title>Ann</title></head><body><main class=\"_a706\">",
     "<div class=\"pam _3-95 _2ph- _a6-g uiBoxWhite noborder\"><div class=\"_2ph_ _a6-h _a6-i\">@n"
     "</div><div class=\"_2ph_ _a6-p\"><div><div></div><div>@s</div><div></div><div></div></div>"
     "</div><div class=\"_3-94 _a6-o\"><div class=\"_a72d\">Jan @a, @y @h:@k:@e</div></div></div>",
     "", "</main></body></html>"},
    {"signal", "main.jsonl",
     "{\"version\":\"1\",\"backupTimeMs\":\"1700000000000\"}\n{\"account\":{\"givenName\":\"Ann\"}}"
     "\n"
     "{\"recipient\":{\"id\":\"0\",\"self\":{}}}\n{\"recipient\":{\"id\":\"1\",\"contact\":"
     "{\"profileGivenName\":\"Ben\"}}}\n{\"chat\":{\"id\":\"7\",\"recipientId\":\"1\"}}\n",
     "{\"chatItem\":{\"chatId\":\"7\",\"authorId\":\"@w\",\"dateSent\":\"@m\",\"incoming\":"
     "{\"dateReceived\":\"@m\",\"dateServerSent\":\"@m\",\"read\":true,\"sealedSender\":true},"
     "\"standardMessage\":{\"text\":{\"body\":\"@s\"}}}}",
     "\n", "\n"},
    {"signal_export", "data.json", "",
     "{\"date\": \"@d\", \"sender\": \"@n\", \"body\": \"@s\", \"quote\": \"\", \"sticker\": \"\", "
     "\"reactions\": [], \"attachments\": []}",
     "\n", "\n"},
    {"discord", "discord.json",
     "{\"guild\":{\"id\":\"0\",\"name\":\"Direct Messages\"},\"channel\":{\"id\":\"9\",\"type\":"
     "\"DirectTextChat\",\"name\":\"ben\"},\"messages\":[",
     "{\"id\":\"@i\",\"type\":\"Default\",\"timestamp\":\"@d+02:00\",\"timestampEdited\":null,"
     "\"callEndedTimestamp\":null,\"isPinned\":false,\"content\":\"@s\",\"author\":{\"id\":\"10@"
     "w\","
     "\"name\":\"n@w\",\"discriminator\":\"0000\",\"nickname\":\"@n\",\"color\":null,\"isBot\":"
     "false,\"roles\":[],\"avatarUrl\":\"https://example.org/a.png\"},\"attachments\":[],"
     "\"embeds\":[],\"stickers\":[],\"reactions\":[],\"mentions\":[]}",
     ",\n", "],\"messageCount\":1}"},
    {"slack", "2023-04-13.json", "[",
     "{\"type\":\"message\",\"user\":\"U@w\",\"text\":\"@s &amp; <@@U@w>\",\"ts\":\"@t.000200\","
     "\"team\":\"T1\",\"user_profile\":{\"real_name\":\"@n\",\"display_name\":\"\"},"
     "\"client_msg_id\":\"0f1e2d3c-0000-0000-0000-000000000000\"}",
     ",\n", "]"},
    {"google_chat", "messages.json", "{\"messages\":[",
     "{\"creator\":{\"name\":\"@n\",\"email\":\"u@w@@example.org\",\"user_type\":\"Human\"},"
     "\"created_date\":\"Friday, January @a, @y at @h:@k:@e UTC\",\"text\":\"@s\",\"topic_id\":"
     "\"t@i\",\"message_id\":\"m@i\"}",
     ",\n", "]}"},
    {"hangouts", "Hangouts.json",
     "{\"conversations\":[{\"conversation\":{\"conversation\":{\"participant_data\":[{\"id\":"
     "{\"gaia_id\":\"0\"},\"fallback_name\":\"Ann\"},{\"id\":{\"gaia_id\":\"1\"},\"fallback_name\":"
     "\"Ben\"}]}},\"events\":[",
     "{\"conversation_id\":{\"id\":\"UgxA\"},\"sender_id\":{\"gaia_id\":\"@w\",\"chat_id\":\"@w\"},"
     "\"timestamp\":\"@u\",\"chat_message\":{\"message_content\":{\"segment\":[{\"type\":\"TEXT\","
     "\"text\":\"@s\"}]}},\"event_id\":\"e@i\",\"event_type\":\"REGULAR_CHAT_MESSAGE\"}",
     ",\n", "]}]}"},
    {"element", "export.json", "{\"room_name\":\"us\",\"messages\":[",
     "{\"type\":\"m.room.message\",\"sender\":\"@@x@w:example.org\",\"content\":{\"msgtype\":"
     "\"m.text\",\"body\":\"@s\"},\"origin_server_ts\":@m,\"event_id\":\"$e@i\",\"room_id\":\"!"
     "r\"}",
     ",\n", "]}"},
    {"element_text", "matrix - us - Chat Export.txt", "", "Fri, Jan @a, @y, @h:@k:@e - @n: @s",
     "\n", "\n"},
    {"weflow", "weflow.json",
     "{\"weflow\":{\"version\":\"1\"},\"session\":{\"wxid\":\"b\",\"nickname\":\"Ben\",\"type\":"
     "\"private\"},\"messages\":[",
     "{\"localId\":@i,\"createTime\":@t,\"type\":\"text\",\"localType\":1,\"content\":\"@s\","
     "\"isSend\":@w,\"senderUsername\":\"u@w\",\"senderDisplayName\":\"@n\"}",
     ",\n", "]}"},
    {"chatlab", "chatlab.json",
     "{\"chatlab\":{\"version\":\"0.0.2\"},\"meta\":{\"name\":\"us\",\"platform\":\"qq\",\"type\":"
     "\"private\"},\"members\":[{\"platformId\":\"0\",\"accountName\":\"Ann\"},{\"platformId\":"
     "\"1\",\"accountName\":\"Ben\"}],\"messages\":[",
     "{\"sender\":\"@w\",\"accountName\":\"@n\",\"timestamp\":@t,\"type\":0,\"content\":\"@s\"}",
     ",\n", "]}"},
    {"line", "line.txt",
     "[LINE] Chat history with Ben\nSaved on: 1/1/2024, 10:00\n\n2024/01/01(Mon)\n",
     "@h:@k\t@n\t@s", "\n", "\n"},
    {"kakaotalk", "kakao.txt", "KakaoTalk Chats with Ben\nDate Saved : 2024-03-11 22:14:03\n\n",
     "@y년 @o월 @a일 오전 @h:@k, @n : @s", "\n", "\n"},
    {"telegram_html", "messages.html", "<html><body><div class=\"page_wrap\">",
     "<div class=\"message default clearfix\" id=\"message@i\"><div class=\"body\"><div class="
     "\"pull_right date details\" title=\"@a.@o.@y @h:@k:@e UTC+01:00\">@h:@k</div><div class="
     "\"from_name\">@n</div><div class=\"text\">@s</div></div></div>",
     "\n", "</div></body></html>"},
    {"imessage_text", "imessage.txt", "",
     "Jan @a, @y  9:12:03 AM (Read by them after 5 seconds)\n@n\n@s\n", "\n", "\n"},
    {"sms", "sms.xml", "<?xml version='1.0' encoding='UTF-8'?>\n<smses count=\"1\">\n",
     "<sms protocol=\"0\" address=\"+15550001111\" date=\"@m\" type=\"1\" subject=\"null\" "
     "body=\"@s "
     "&#55357;&#56832;\" toa=\"null\" sc_toa=\"null\" service_center=\"null\" read=\"1\" status="
     "\"-1\" locked=\"0\" date_sent=\"@m\" readable_date=\"x\" contact_name=\"Ben\" />",
     "\n", "\n</smses>\n"},
    {"webvtt", "a.vtt", "WEBVTT\n\n", "@v --> @V\n<v @n>@s</v>\n", "\n", "\n"},
    {"srt", "a.srt", "", "@i\n@v --> @V\n@n: @s\n", "\n", "\n"},
    {"cha", "a.cha",
     "@@UTF8\n@@Begin\n@@Languages:\teng\n@@Participants:\tANN Ann Adult, BEN Ben Adult\n"
     "@@ID:\teng|c|ANN|||||Adult|||\n@@ID:\teng|c|BEN|||||Adult|||\n@@Media:\ta, audio\n",
     "*ANN:\thello you there how are you today . \x15@p_@q\x15", "\n", "\n@@End\n"},
    {"textgrid", "a.TextGrid",
     "\"Praat chronological TextGrid text file\"\n0 9000000 ! Time domain.\n1 ! Number of tiers.\n"
     "\"IntervalTier\" \"Ann\" 0 9000000\n",
     "1 @i @z\n\"@s\"", "\n", "\n"},
    {"transcript", "otter.txt", "", "@n  1:02:03\n@s\n", "\n", "\n"},
    {"mail", "a.mbox", "",
     "From ann@@example.org Mon Jan 01 00:00:00 2024\nFrom: @n <u@w@@example.org>\nDate: Mon, 1 "
     "Jan "
     "2024 10:00:00 +0200\nMessage-ID: <@i@@x>\nSubject: a\nContent-Type: text/plain; charset=utf-8"
     "\n\n@s\n",
     "\n", "\n"},
    {"csv", "messages.csv", "time,sender,text\n", "@dZ,@n,\"@s\"", "\n", "\n"},
    {"diary", "diary.csv", "dyad,person,day,closeness,conflict,warmth,stress,sleep,mood\n",
     "@a,@w,@i,4,2,5,3,7.5,6", "\n", "\n"},
    {"boris", "events.tsv",
     "Observation id\tObservation date\tMedia file\tTotal length\tFPS\tSubject\tBehavior\t"
     "Behavioral category\tModifiers\tBehavior type\tStart (s)\tStop (s)\tDuration (s)\tComment "
     "start\tComment stop\n",
     "obs1\t2020\ta.mp4\t100\t25\t@n\tsmile\t\t\tSTATE\t@i.5\t@i.75\t0.25\t\t", "\n", "\n"},
};

/* What a letter behind @ stands for. */
static int chat_token(FILE *to, char token, uint64_t row, unsigned who, int64_t ms)
{
    static const char *const names[] = {"Ann Example", "Ben Beispiel"};
    char text[512], date[HF_I_TIME_SIZE];
    hf_i_civil c = hf_i_civil_from_ms(ms);
    unsigned long long i = (unsigned long long)row;
    bool end = token == 'V' || token == 'q' || token == 'z';
    uint64_t p = row * 2000 + (end ? 1500 : 0);
    switch (token) {
    case 's':
        return fprintf(to, "%.*s", (int)chat_sentence(text, " "), text);
    case 'n':
        return fprintf(to, "%s", names[who]);
    case 'w':
        return fprintf(to, "%u", who);
    case 'i':
        return fprintf(to, "%llu", i);
    case 't':
        return fprintf(to, "%lld", (long long)ms / 1000);
    case 'm':
        return fprintf(to, "%lld", (long long)ms);
    case 'u':
        return fprintf(to, "%lld", (long long)ms * 1000);
    case 'd':
        hf_i_time_format_iso(date, ms, 1000, false);
        return fprintf(to, "%s", date);
    case 'y':
        return fprintf(to, "%d", (int)c.year);
    case 'o':
        return fprintf(to, "%02d", c.month);
    case 'a':
        return fprintf(to, "%02d", c.day < 29 ? c.day : 28);
    case 'h':
        return fprintf(to, "%02d", c.hour < 12 ? c.hour : c.hour - 12);
    case 'k':
        return fprintf(to, "%02d", c.minute);
    case 'e':
        return fprintf(to, "%02d", c.second);
    case 'v':
    case 'V':
        return fprintf(to, "%02llu:%02llu:%02llu.%03llu", (unsigned long long)(p / 3600000),
                       (unsigned long long)(p / 60000 % 60), (unsigned long long)(p / 1000 % 60),
                       (unsigned long long)(p % 1000));
    case 'p':
    case 'q':
        return fprintf(to, "%llu", (unsigned long long)p);
    case 'z':
        return fprintf(to, "%llu", i + 1);
    default:
        return fprintf(to, "%c", token);
    }
}

static uint64_t chat_expand(FILE *to, const char *row, uint64_t i, unsigned who, int64_t ms)
{
    uint64_t done = 0;
    for (const char *p = row; *p; p++) {
        if (*p != '@') {
            fputc(*p, to);
            done++;
        } else {
            done += (uint64_t)chat_token(to, *++p, i, who, ms);
        }
    }
    return done;
}

static inline void chat_write_template(FILE *to, const chat_template *t, uint64_t bytes)
{
    uint64_t done = chat_expand(to, t->head, 0, 0, 0);
    int64_t ms = INT64_C(1600000000000);
    chat_seed = 3;
    for (uint64_t i = 0; done < bytes; i++) {
        ms += 1000 * (int64_t)chat_pick(900);
        if (i > 0)
            done += chat_expand(to, t->between, i, 0, ms);
        done += chat_expand(to, t->row, i, chat_pick(2), ms);
    }
    chat_expand(to, t->tail, 0, 0, 0);
}

#endif
