/* SPDX-License-Identifier: MIT */
/* The check-in's own questions, from data/checkin/. */
#include "attachment/checkin.h"
#include "text/number.h"

#include <string.h>

enum { MAX_CHECKIN_ITEMS = 100 };

struct owner {
    hf_checkin pub; /* first */
    hf_i_arena arena;
    hf_checkin_item items[MAX_CHECKIN_ITEMS];
};

typedef struct reader {
    struct owner *owner;
    hf_ctx *ctx;
    const char *file;
    uint64_t line;
} reader;

static HF_PRINTF(2, 3) hf_status wrong(reader *r, const char *format, ...)
{
    char text[300];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    hf_i_place place = {.file = r->file, .line = r->line};
    return hf_i_fail_at(r->ctx, HF_E_PARSE, &place, NULL, "%s", text);
}

static hf_status on_range(reader *r, const char *rest, size_t len)
{
    const char *space = memchr(rest, ' ', len);
    size_t left = space ? (size_t)(space - rest) : len;
    int64_t lo, hi;
    if (!space || !hf_i_number_parse_int(rest, left, &lo) ||
        !hf_i_number_parse_int(space + 1, len - left - 1, &hi) || lo < -1000 || hi > 1000 ||
        lo >= hi)
        return wrong(r, "range needs two rising whole numbers");
    r->owner->pub.min = (int)lo;
    r->owner->pub.max = (int)hi;
    return HF_OK;
}

static hf_status on_item(reader *r, const char *rest, size_t len)
{
    hf_checkin *c = &r->owner->pub;
    if (c->item_count == MAX_CHECKIN_ITEMS)
        return wrong(r, "more than %d items", MAX_CHECKIN_ITEMS);
    for (size_t i = 0; i < c->item_count; i++)
        if (strlen(c->items[i].id) == len && memcmp(c->items[i].id, rest, len) == 0)
            return wrong(r, "the item '%.*s' is there twice", (int)len, rest);
    const char *id = hf_i_arena_strndup(&r->owner->arena, rest, len);
    if (!id)
        return HF_E_NOMEM;
    r->owner->items[c->item_count++] = (hf_checkin_item){id, "", "", "", "", "", "", ""};
    return HF_OK;
}

static const char **field_of(reader *r, const char *word, size_t len)
{
    hf_checkin *c = &r->owner->pub;
    hf_checkin_item *item = c->item_count ? &r->owner->items[c->item_count - 1] : NULL;
    const struct {
        const char *keyword;
        const char **field;
    } top[] = {{"checkin", &c->id}, {"title", &c->title}, {"note", &c->note}},
      of_item[] = {
          {"text", item ? &item->text : NULL},   {"low", item ? &item->low : NULL},
          {"high", item ? &item->high : NULL},   {"mechanism", item ? &item->mechanism : NULL},
          {"group", item ? &item->group : NULL}, {"pairs", item ? &item->pairs : NULL},
          {"skip", item ? &item->skip : NULL}};
    for (size_t i = 0; !item && i < HF_COUNT_OF(top); i++)
        if (strlen(top[i].keyword) == len && memcmp(top[i].keyword, word, len) == 0)
            return top[i].field;
    for (size_t i = 0; item && i < HF_COUNT_OF(of_item); i++)
        if (strlen(of_item[i].keyword) == len && memcmp(of_item[i].keyword, word, len) == 0)
            return of_item[i].field;
    return NULL;
}

static hf_status on_line(reader *r, const char *line, size_t len)
{
    while (len && (*line == ' ' || *line == '\t')) {
        line++;
        len--;
    }
    while (len && (line[len - 1] == ' ' || line[len - 1] == '\r' || line[len - 1] == '\t'))
        len--;
    if (!len || *line == '#')
        return HF_OK;
    const char *space = memchr(line, ' ', len);
    size_t word = space ? (size_t)(space - line) : len;
    const char *rest = space ? space + 1 : line + len;
    size_t rest_len = len - (size_t)(rest - line);
    if (!rest_len || memchr(line, '\0', len))
        return wrong(r, "'%.*s' says nothing", (int)(word < 40 ? word : 40), line);
    if (word == 5 && memcmp(line, "range", 5) == 0)
        return on_range(r, rest, rest_len);
    if (word == 4 && memcmp(line, "item", 4) == 0)
        return on_item(r, rest, rest_len);
    const char **field = field_of(r, line, word);
    if (!field)
        return wrong(r, "unknown statement '%.*s'", (int)(word < 40 ? word : 40), line);
    *field = hf_i_arena_strndup(&r->owner->arena, rest, rest_len);
    return *field ? HF_OK : HF_E_NOMEM;
}

static hf_status read_all(reader *r, const char *text, size_t size)
{
    for (size_t at = 0; at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t len = end ? (size_t)(end - text) - at : size - at;
        r->line++;
        HF_TRY(on_line(r, text + at, len));
        at += len + (end ? 1 : 0);
    }
    const hf_checkin *c = &r->owner->pub;
    if (!c->id[0] || c->min == c->max || !c->item_count)
        return wrong(r, "a check-in needs its id, a range and items");
    for (size_t i = 0; i < c->item_count; i++)
        if (!c->items[i].text[0] || !c->items[i].low[0] || !c->items[i].high[0] ||
            !c->items[i].mechanism[0])
            return wrong(r, "the item '%s' lacks text, low, high or mechanism", c->items[i].id);
    return HF_OK;
}

hf_status hf_checkin_parse(hf_checkin **out, hf_ctx *ctx, const char *name, const char *text,
                           size_t size)
{
    *out = NULL;
    struct owner *o = hf_i_calloc(ctx, 1, sizeof *o);
    if (!o)
        return HF_E_NOMEM;
    hf_i_arena_init(&o->arena, ctx);
    o->pub.id = o->pub.title = o->pub.note = "";
    o->pub.items = o->items;
    reader r = {o, ctx, name, 0};
    hf_status s = read_all(&r, text, size);
    if (s != HF_OK) {
        hf_checkin_free(&o->pub);
        return s;
    }
    *out = &o->pub;
    return HF_OK;
}

hf_status hf_checkin_get(hf_checkin **out, hf_ctx *ctx, const char *id)
{
    char path[100];
    size_t size;
    *out = NULL;
    snprintf(path, sizeof path, "checkin/%.60s.txt", id);
    const char *text = hf_i_data_get(path, &size);
    if (!text)
        return hf_i_fail(ctx, HF_E_NOT_FOUND, NULL,
                         "there is no check-in '%.60s': there are daily and weekly", id);
    return hf_checkin_parse(out, ctx, path, text, size);
}

void hf_checkin_free(hf_checkin *checkin)
{
    if (!checkin)
        return;
    struct owner *o = (struct owner *)checkin;
    hf_ctx *ctx = o->arena.ctx;
    hf_i_arena_dispose(&o->arena);
    hf_i_free(ctx, o);
}
