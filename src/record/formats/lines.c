/* SPDX-License-Identifier: MIT */
#include "record/formats/lines.h"

#include <string.h>

void hf_i_lines_init(hf_i_lines *l, const char *data, size_t size)
{
    *l = (hf_i_lines){.data = data, .total = size, .end = '\n'};
    if (size >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0)
        l->at = 3;
    if (size && !memchr(data, '\n', size) && memchr(data, '\r', size))
        l->end = '\r';
}

bool hf_i_lines_next(hf_i_lines *l)
{
    if (l->at >= l->total)
        return false;
    l->text = l->data + l->at;
    l->byte = l->at;
    l->line++;
    const char *nl = memchr(l->text, l->end, l->total - l->at);
    l->size = nl ? (size_t)(nl - l->text) : l->total - l->at;
    l->at += l->size + (nl ? 1 : 0);
    if (l->size && l->text[l->size - 1] == '\r')
        l->size--;
    return true;
}

hf_text hf_i_trimmed(hf_text t)
{
    while (t.size && memchr(" \t\r\n", t.data[0], 4))
        t = (hf_text){t.data + 1, t.size - 1};
    while (t.size && memchr(" \t\r\n", t.data[t.size - 1], 4))
        t.size--;
    return t;
}

bool hf_i_text_is(hf_text t, const char *word)
{
    return t.size == strlen(word) && memcmp(t.data, word, t.size) == 0;
}

bool hf_i_starts_with(const char *text, size_t size, const char *prefix)
{
    size_t n = strlen(prefix);
    return size >= n && memcmp(text, prefix, n) == 0;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool hf_i_text_is_nocase(hf_text t, const char *word)
{
    if (t.size != strlen(word))
        return false;
    for (size_t i = 0; i < t.size; i++)
        if (lower(t.data[i]) != lower(word[i]))
            return false;
    return true;
}

bool hf_i_read_digits(const char *text, size_t size, size_t *at, int max, int64_t *out)
{
    int n = 0;
    int64_t v = 0;
    while (*at < size && n < max && text[*at] >= '0' && text[*at] <= '9') {
        v = v * 10 + (text[(*at)++] - '0');
        n++;
    }
    *out = v;
    return n > 0;
}
