/* SPDX-License-Identifier: MIT */
#include "guidance/blocks.h"

#include "text/utf8.h"

#include <string.h>

hf_status hf_i_blocks_fail(const hf_i_blocks *b, uint64_t line, const char *advice,
                           const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    hf_i_place place = {.file = b->file, .line = line};
    return hf_i_fail_at(b->ctx, HF_E_PARSE, &place, advice, "%s", text);
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static hf_status add_block(hf_i_blocks *b, const hf_i_block *block)
{
    for (size_t i = 0; i < b->count; i++)
        if (strcmp(b->blocks[i].kind, block->kind) == 0 && strcmp(b->blocks[i].id, block->id) == 0)
            return hf_i_blocks_fail(b, block->line, "Give it another name, or delete one of them.",
                                    "there is a %s '%s' already, in line %llu", block->kind,
                                    block->id, (unsigned long long)b->blocks[i].line);
    HF_TRY(hf_i_grow(b->ctx, &b->blocks, &b->capacity, b->count + 1, sizeof *b->blocks,
                     HF_MAX_GUIDANCE_LINES, "blocks of a guidance file"));
    b->blocks[b->count++] = *block;
    return HF_OK;
}

/* One line without its blanks at the end. */
static hf_status on_line(hf_i_blocks *b, const char *line, size_t len, uint64_t number)
{
    size_t indent = 0;
    while (indent < len && blank(line[indent]))
        indent++;
    while (len > indent && blank(line[len - 1]))
        len--;
    if (indent == len || line[indent] == '#')
        return HF_OK;
    if (memchr(line, '\0', len) || !hf_i_utf8_valid(line, len))
        return hf_i_blocks_fail(b, number, "Save the file as UTF-8 text.", "this is no text");
    const char *word = line + indent, *end = line + len, *rest = word;
    while (rest < end && !blank(*rest))
        rest++;
    char *key = hf_i_arena_strndup(&b->arena, word, (size_t)(rest - word));
    while (rest < end && blank(*rest))
        rest++;
    char *value = hf_i_arena_strndup(&b->arena, rest, (size_t)(end - rest));
    if (!key || !value)
        return HF_E_NOMEM;
    if (!*value)
        return hf_i_blocks_fail(b, number, "Write a word and, after a space, what it is.",
                                "'%.60s' says nothing", key);
    if (indent == 0)
        return add_block(b, &(hf_i_block){key, value, number, b->line_count, 0});
    if (!b->count)
        return hf_i_blocks_fail(b, number,
                                "Lines of a block are indented; the line that opens it "
                                "is not.",
                                "'%.60s' stands before any block", key);
    HF_TRY(hf_i_grow(b->ctx, &b->lines, &b->line_capacity, b->line_count + 1, sizeof *b->lines,
                     HF_MAX_GUIDANCE_LINES, "lines of a guidance file"));
    b->lines[b->line_count++] = (hf_i_block_line){key, value, number};
    b->blocks[b->count - 1].count++;
    return HF_OK;
}

hf_status hf_i_blocks_parse(hf_i_blocks *b, hf_ctx *ctx, const char *file, const char *text,
                            size_t size)
{
    memset(b, 0, sizeof *b);
    b->ctx = ctx;
    hf_i_arena_init(&b->arena, ctx);
    b->file = hf_i_arena_strndup(&b->arena, file, strlen(file));
    if (!b->file)
        return HF_E_NOMEM;
    uint64_t number = 0;
    for (size_t at = 0; at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t len = end ? (size_t)(end - text) - at : size - at;
        HF_TRY(on_line(b, text + at, len, ++number));
        at += len + 1;
    }
    return HF_OK;
}

hf_status hf_i_blocks_read(hf_i_blocks *b, hf_ctx *ctx, const char *path, const char *built_in)
{
    hf_i_file file;
    size_t size = 0;
    memset(b, 0, sizeof *b);
    if (!path) {
        const char *text = hf_i_data_get(built_in, &size);
        if (!text)
            return hf_i_fail(ctx, HF_E_UNSUPPORTED, NULL, "%s is not in this build", built_in);
        return hf_i_blocks_parse(b, ctx, built_in, text, size);
    }
    HF_TRY(hf_i_file_open(&file, ctx, path));
    hf_status status = hf_i_blocks_parse(b, ctx, path, (const char *)file.data, (size_t)file.size);
    hf_i_file_close(&file);
    return status;
}

void hf_i_blocks_dispose(hf_i_blocks *b)
{
    if (!b->ctx)
        return;
    hf_i_free(b->ctx, b->blocks);
    hf_i_free(b->ctx, b->lines);
    hf_i_arena_dispose(&b->arena);
    memset(b, 0, sizeof *b);
}

const char *hf_i_block_get(const hf_i_blocks *b, const hf_i_block *block, const char *key)
{
    for (size_t i = 0; i < block->count; i++)
        if (strcmp(b->lines[block->first + i].key, key) == 0)
            return b->lines[block->first + i].value;
    return NULL;
}

int hf_i_word_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return (int)i;
    return -1;
}

bool hf_i_has_word(const char *list, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = list; at && (at = strstr(at, word)) != NULL; at += size)
        if ((at == list || at[-1] == ' ') && (at[size] == ' ' || !at[size]))
            return true;
    return false;
}
