/* SPDX-License-Identifier: MIT */
#include "text/csv_guess.h"

#include <stdbool.h>
#include <string.h>

enum { SAMPLE_BYTES = 64 * 1024, SAMPLE_ROWS = 50 };

/* One row from *at: the number of its cells. Moves *at to the next row. */
static size_t row_cells(const char *data, size_t size, size_t *at, char delimiter)
{
    size_t cells = 1;
    bool quoted = false, cell_start = true;
    size_t i = *at;
    for (; i < size; i++) {
        char c = data[i];
        if (c == '"' && (quoted || cell_start)) {
            quoted = !quoted;
            /* A doubled quote opens again at once: it may, as at the start of a cell. */
            cell_start = !quoted;
            continue;
        }
        if (!quoted && (c == '\n' || c == '\r'))
            break;
        if (!quoted && c == delimiter)
            cells++;
        cell_start = !quoted && c == delimiter;
    }
    while (i < size && (data[i] == '\n' || data[i] == '\r'))
        i++;
    *at = i;
    return cells;
}

/* How many of the first rows have as many cells as the first: 0 when that is one cell. */
static size_t agreement(const char *data, size_t size, char delimiter, size_t *first)
{
    size_t at = 0, rows = 0, same = 0;
    while (at < size && (data[at] == '\n' || data[at] == '\r'))
        at++;
    *first = 0;
    for (; at < size && rows < SAMPLE_ROWS; rows++) {
        size_t cells = row_cells(data, size, &at, delimiter);
        if (rows == 0)
            *first = cells;
        same += cells == *first;
    }
    return *first > 1 ? same : 0;
}

char hf_i_csv_guess_delimiter(const char *data, size_t size)
{
    static const char candidates[] = {',', ';', '\t', '|'};
    char best = ',';
    size_t most = 0, columns = 0;
    if (size > SAMPLE_BYTES)
        size = SAMPLE_BYTES;
    for (size_t i = 0; i < sizeof candidates; i++) {
        size_t first, same = agreement(data, size, candidates[i], &first);
        if (same > most || (same == most && same && first > columns)) {
            best = candidates[i];
            most = same;
            columns = first;
        }
    }
    return best;
}

/* [+-] digits mark digits, and nothing else. */
static bool is_decimal(const char *text, size_t size, char mark)
{
    size_t i = 0, digits = 0, marks = 0;
    if (size && (text[0] == '-' || text[0] == '+'))
        i++;
    for (; i < size; i++) {
        if (text[i] >= '0' && text[i] <= '9')
            digits++;
        else if (text[i] == mark && digits && !marks)
            marks++;
        else
            return false;
    }
    return marks && digits >= 2 && text[size - 1] != mark;
}

char hf_i_csv_guess_decimal(const char *data, size_t size, char delimiter)
{
    size_t commas = 0, start = 0;
    if (delimiter == ',')
        return '.';
    if (size > SAMPLE_BYTES)
        size = SAMPLE_BYTES;
    for (size_t i = 0; i <= size; i++) {
        if (i < size && !strchr("\"\r\n", data[i]) && data[i] != delimiter)
            continue;
        commas += is_decimal(data + start, i - start, ',');
        if (is_decimal(data + start, i - start, '.'))
            return '.';
        start = i + 1;
    }
    return commas ? ',' : '.';
}
