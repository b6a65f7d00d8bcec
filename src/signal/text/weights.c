/* SPDX-License-Identifier: MIT */
/* Opening a file of weights: mapped, checked, the small matrices widened to 16 bits. */
#include "signal/text/weights.h"

#include "signal/text/acts.h"

#include <holdfast/text_model.h>

#include "hf_config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Four lanes of multiply and rotate: finds damage at the speed of memory; no defence against
 * intent (who can change the weights can change the program). */
uint64_t hf_i_weights_checksum(const unsigned char *bytes, size_t n)
{
    uint64_t lane[4] = {n, ~(uint64_t)n, n * 3, n * 5}, word[4] = {0};
    const uint64_t k = UINT64_C(0x9e3779b97f4a7c15);
    for (; n; n -= n < 32 ? n : 32, bytes += 32) {
        if (n < 32)
            memset(word, 0, sizeof word);
        memcpy(word, bytes, n < 32 ? n : 32);
        for (int j = 0; j < 4; j++) {
            uint64_t x = (lane[j] ^ word[j]) * k;
            lane[j] = x << 29 | x >> 35;
        }
    }
    uint64_t h = lane[0];
    for (int j = 1; j < 4; j++)
        h = (h ^ lane[j]) * k ^ h >> 31;
    return h ^ h >> 33;
}

static hf_status damaged(const hf_i_text_model *m, const char *what)
{
    hf_i_place place = {.file = m->file.path};
    return hf_i_fail_at(m->ctx, HF_E_FORMAT, &place,
                        "Take the file of weights that belongs to this version of Holdfast.",
                        "no usable text model: %s", what);
}

static const void *section(const hf_i_text_model *m, int id, uint64_t bytes)
{
    uint64_t offset = m->header->section[id].offset;
    if (m->header->section[id].bytes != bytes || offset % 64 || offset > m->file.size ||
        bytes > m->file.size - offset)
        return NULL;
    return m->file.data + offset;
}

static int16_t *widen(const hf_i_text_model *m, const int8_t *from, size_t n)
{
    int16_t *to = from ? hf_i_alloc(m->ctx, n * sizeof *to) : NULL;
    for (size_t i = 0; to && i < n; i++)
        to[i] = from[i];
    return to;
}

/* [filters, 3, dim] to [3, filters, dim]: products come out in the order in which they are added.
 */
static void by_place(int16_t *to, const int8_t *from, uint32_t filters, uint32_t dim)
{
    for (size_t f = 0; f < filters; f++)
        for (size_t j = 0; j < 3; j++)
            for (size_t d = 0; d < dim; d++)
                to[(j * filters + f) * dim + d] = from[(f * 3 + j) * dim + d];
}

static bool good_dims(uint32_t dim, uint32_t filters, uint32_t hidden)
{
    return dim && filters && hidden && dim % 16 == 0 && filters % 16 == 0 && hidden % 16 == 0 &&
           dim <= 256 && filters <= 512 && hidden <= 512;
}

static hf_status open_net(hf_i_text_model *m, uint32_t k)
{
    hf_i_net_weights *w = &m->net[k];
    const hf_i_weights_info *info = m->info;
    int base = HF_SECTION_NET + (int)k * 8;
    w->dim = info->dim[k];
    w->filters = info->filters[k];
    w->hidden = info->hidden[k];
    w->pooled = w->filters + w->dim;
    if (!good_dims(w->dim, w->filters, w->hidden))
        return damaged(m, "a network of impossible size");
    size_t conv = (size_t)w->filters * 3 * w->dim, h = (size_t)w->hidden * w->pooled;
    size_t out = (size_t)HF_WEIGHTS_OUT * w->hidden;
    const float *conv_f = section(m, base + HF_NET_CONV_F, 2 * w->filters * sizeof(float));
    const float *hidden_f = section(m, base + HF_NET_HIDDEN_F, 2 * w->hidden * sizeof(float));
    const float *out_f = section(m, base + HF_NET_OUT_F, (2 * HF_WEIGHTS_OUT + 2) * sizeof(float));
    w->words = section(m, base + HF_NET_WORDS, (uint64_t)info->words * w->dim);
    w->subs = section(m, base + HF_NET_SUBS, ((uint64_t)w->dim) << info->sub_bits);
    const int8_t *conv8 = section(m, base + HF_NET_CONV, conv);
    const int8_t *h8 = section(m, base + HF_NET_HIDDEN, h);
    const int8_t *out8 = section(m, base + HF_NET_OUT, out);
    if (!conv_f || !hidden_f || !out_f || !w->words || !w->subs || !conv8 || !h8 || !out8)
        return damaged(m, "a part of a network is missing");
    w->conv_factor = conv_f;
    w->hidden_scale = hidden_f;
    w->hidden_bias = hidden_f + w->hidden;
    w->out_scale = out_f;
    w->out_bias = out_f + HF_WEIGHTS_OUT;
    w->mean_factor = out_f[2 * HF_WEIGHTS_OUT];
    w->hidden_factor = out_f[2 * HF_WEIGHTS_OUT + 1];
    w->conv = hf_i_alloc(m->ctx, conv * sizeof *w->conv);
    w->h = widen(m, h8, h);
    w->out = widen(m, out8, out);
    w->conv_bias = hf_i_alloc(m->ctx, w->filters * sizeof *w->conv_bias);
    if (!w->conv || !w->h || !w->out || !w->conv_bias)
        return HF_E_NOMEM;
    by_place(w->conv, conv8, w->filters, w->dim);
    for (uint32_t f = 0; f < w->filters; f++) {
        float b = conv_f[w->filters + f];
        w->conv_bias[f] = (int16_t)(b > 0 ? b + 0.5f : b - 0.5f);
    }
    return HF_OK;
}

static hf_status check_header(hf_i_text_model *m)
{
    const hf_i_weights_header *h = (const void *)m->file.data;
    if (m->file.size < sizeof *h || memcmp(h->magic, "HFTEXT\0", 8) != 0)
        return damaged(m, "not a file of weights");
    if (h->version != HF_WEIGHTS_VERSION || h->header_bytes != sizeof *h)
        return damaged(m, "weights of another version");
    if (h->file_bytes != m->file.size ||
        h->checksum != hf_i_weights_checksum(m->file.data + sizeof *h, m->file.size - sizeof *h))
        return damaged(m, "the file is cut or damaged");
    m->header = h;
    return HF_OK;
}

static hf_status check_labels(hf_i_text_model *m)
{
    const hf_i_weights_info *info = m->info;
    for (uint32_t i = 0; i < info->labels; i++)
        if (m->labels[i].head >= info->heads || m->labels[i].name[HF_WEIGHTS_NAME - 1] ||
            !m->labels[i].name[0])
            return damaged(m, "a label without a head");
    for (uint32_t i = 0; i < info->slots; i++)
        if (m->vocabulary[2 * i + 1] >= info->words)
            return damaged(m, "a word without a row");
    return HF_OK;
}

static hf_status open_sections(hf_i_text_model *m)
{
    const hf_i_weights_info *info = m->info =
        section(m, HF_SECTION_INFO, sizeof(hf_i_weights_info));
    if (!info || info->bits < 8 || info->bits > 22 || info->sub_bits > info->bits ||
        info->sub_bits < 4 || info->slots < 2 || (info->slots & (info->slots - 1)) ||
        info->nets > HF_WEIGHTS_NETS || info->heads > HF_WEIGHTS_HEADS ||
        info->labels > HF_WEIGHTS_LABELS || info->acts > HF_WEIGHTS_ACTS ||
        info->bits < HF_WEIGHTS_ACT_BITS || info->stack_inputs > 2 * HF_WEIGHTS_HEADS ||
        info->words < 3 || info->first_emotion + info->emotions > info->labels)
        return damaged(m, "its description makes no sense");
    uint64_t n = UINT64_C(1) << info->bits;
    m->labels = section(m, HF_SECTION_LABELS, info->labels * sizeof *m->labels);
    m->idf = section(m, HF_SECTION_IDF, n);
    m->rows = section(m, HF_SECTION_ROWS, n * HF_WEIGHTS_HEADS);
    m->rows_scale = section(m, HF_SECTION_ROWS_SCALE, 2 * HF_WEIGHTS_HEADS * sizeof(float));
    m->vocabulary = section(m, HF_SECTION_VOCABULARY, (uint64_t)info->slots * 8);
    m->stack = section(m, HF_SECTION_STACK,
                       ((uint64_t)info->stack_inputs + 1) * info->heads * sizeof(float));
    m->acts = section(m, HF_SECTION_ACTS,
                      ((uint64_t)info->act_inputs + 1) * HF_WEIGHTS_ACTS * sizeof(float));
    m->act_rows =
        section(m, HF_SECTION_ACT_ROWS, (UINT64_C(1) << HF_WEIGHTS_ACT_BITS) * HF_WEIGHTS_ACTS);
    m->act_scale = section(m, HF_SECTION_ACT_SCALE, 3 * HF_WEIGHTS_ACTS * sizeof(float));
    m->notes = section(m, HF_SECTION_NOTES, m->header->section[HF_SECTION_NOTES].bytes);
    if (!m->labels || !m->idf || !m->rows || !m->rows_scale || !m->vocabulary || !m->stack ||
        !m->acts || !m->act_rows || !m->act_scale || !m->notes)
        return damaged(m, "a part is missing");
    m->notes_len = m->header->section[HF_SECTION_NOTES].bytes;
    m->rows_bias = m->rows_scale + HF_WEIGHTS_HEADS;
    m->stack_bias = m->stack + (size_t)info->stack_inputs * info->heads;
    m->acts_bias = m->acts + (size_t)info->act_inputs * HF_WEIGHTS_ACTS;
    m->act_bias = m->act_scale + HF_WEIGHTS_ACTS;
    m->act_threshold = m->act_bias + HF_WEIGHTS_ACTS;
    if (info->acts &&
        (info->acts != HF_WEIGHTS_ACT_LABELS || info->act_inputs != hf_i_act_inputs(info->heads)))
        return damaged(m, "acts of another version");
    return check_labels(m);
}

uint32_t hf_i_weights_word(const hf_i_text_model *m, uint64_t hash)
{
    uint32_t tag = (uint32_t)(hash >> 32), mask = m->info->slots - 1;
    for (uint32_t i = (uint32_t)hash & mask, steps = 0; steps < 64; i = (i + 1) & mask, steps++) {
        if (m->vocabulary[2 * i + 1] == 0)
            return 0;
        if (m->vocabulary[2 * i] == tag)
            return m->vocabulary[2 * i + 1];
    }
    return 0;
}

static bool looks_at_own_only(const hf_i_text_model *m)
{
    uint32_t heads = m->info->heads;
    for (uint32_t i = 0; i < m->info->stack_inputs; i++)
        for (uint32_t h = 0; h < heads; h++)
            if (i % heads != h && m->stack[(size_t)i * heads + h] != 0)
                return false;
    return true;
}

static void find_warmth(hf_i_text_model *m)
{
    static const char *const names[HF_WARM_LABELS + HF_COLD_LABELS] = {
        "love",  "gratitude", "caring",      "admiration", "joy",    "emo_support",
        "anger", "annoyance", "disapproval", "disgust",    "abusive"};
    for (size_t i = 0; i < HF_COUNT_OF(names); i++) {
        size_t at = hf_text_model_find(m, names[i]);
        m->warmth_label[i] = at == SIZE_MAX ? UINT32_MAX : (uint32_t)at;
    }
}

static hf_status open_at(hf_i_text_model *m, const char *path)
{
    HF_TRY(hf_i_file_open(&m->file, m->ctx, path));
    HF_TRY(check_header(m));
    HF_TRY(open_sections(m));
    for (uint32_t k = 0; k < m->info->nets; k++)
        HF_TRY(open_net(m, k));
    m->stack_own = looks_at_own_only(m);
    find_warmth(m);
    HF_TRY(hf_i_cues_read(&m->cues, m->ctx, "acts/cues_en.txt"));
    return hf_i_lexicon_init(&m->lexicon, m->ctx);
}

/* ---- finding and opening
 * -------------------------------------------------------------------------- */

static bool readable(hf_i_buf *path, const char *dir, size_t dir_len, const char *name)
{
    hf_i_buf_clear(path);
    return hf_i_buf_add(path, dir, dir_len) == HF_OK && hf_i_buf_add_str(path, name) == HF_OK &&
           access(path->data, R_OK) == 0;
}

#define FILE_NAME "/models/turns_en.bin"

static bool beside_program(hf_i_buf *path)
{
    static const char *const places[] = {FILE_NAME, "/../share/holdfast" FILE_NAME,
                                         "/../data" FILE_NAME, "/../../data" FILE_NAME,
                                         "/../../../data" FILE_NAME};
    char program[4096];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program);
    if (n <= 0 || (size_t)n >= sizeof program)
        return false;
    while (n > 0 && program[n - 1] != '/')
        n--;
    for (size_t i = 0; n > 0 && i < HF_COUNT_OF(places); i++)
        if (readable(path, program, (size_t)n - 1, places[i]))
            return true;
    return false;
}

static hf_status find_file(hf_i_buf *path, hf_ctx *ctx)
{
    const char *dir = getenv("HOLDFAST_DATA");
    if (dir && *dir)
        return readable(path, dir, strlen(dir), FILE_NAME)
                   ? HF_OK
                   : hf_i_fail(ctx, HF_E_NOT_FOUND, "HOLDFAST_DATA names the folder of data files.",
                               "no text model at %s", path->data ? path->data : dir);
    if (beside_program(path) ||
        readable(path, HF_DATA_INSTALL_DIR, strlen(HF_DATA_INSTALL_DIR), FILE_NAME))
        return HF_OK;
    return hf_i_fail(ctx, HF_E_NOT_FOUND,
                     "Set HOLDFAST_DATA to the folder that holds models/turns_en.bin.",
                     "the weights of the text model are not there");
}

hf_status hf_text_model_open(hf_text_model **out, hf_ctx *ctx, const char *path)
{
    *out = NULL;
    hf_i_buf found;
    hf_i_buf_init(&found, ctx, 8192, "the path of the text model");
    hf_i_text_model *m = hf_i_calloc(ctx, 1, sizeof *m);
    hf_status s = m ? HF_OK : HF_E_NOMEM;
    if (m)
        m->ctx = ctx;
    if (s == HF_OK && !path)
        s = find_file(&found, ctx);
    if (s == HF_OK)
        s = open_at(m, path ? path : found.data);
    hf_i_buf_dispose(&found);
    if (s != HF_OK) {
        hf_text_model_free(m);
        return s;
    }
    *out = m;
    return HF_OK;
}

void hf_text_model_free(hf_text_model *m)
{
    if (!m)
        return;
    for (size_t k = 0; k < HF_WEIGHTS_NETS; k++) {
        hf_i_free(m->ctx, m->net[k].conv);
        hf_i_free(m->ctx, m->net[k].conv_bias);
        hf_i_free(m->ctx, m->net[k].h);
        hf_i_free(m->ctx, m->net[k].out);
    }
    hf_i_cues_dispose(&m->cues);
    if (m->lexicon.ctx)
        hf_i_lexicon_dispose(&m->lexicon);
    hf_i_file_close(&m->file);
    hf_i_free(m->ctx, m);
}

size_t hf_text_model_labels(const hf_text_model *m)
{
    return m->info->labels;
}

const char *hf_text_model_label(const hf_text_model *m, size_t index)
{
    return index < m->info->labels ? m->labels[index].name : NULL;
}

double hf_text_model_threshold(const hf_text_model *m, size_t index)
{
    return index < m->info->labels ? (double)m->labels[index].threshold : 1;
}

double hf_text_model_act_threshold(const hf_text_model *m, hf_act act)
{
    return (unsigned)act < m->info->acts ? (double)m->act_threshold[act] : 1;
}

double hf_text_model_need_threshold(const hf_text_model *m, hf_need need)
{
    return (unsigned)need + HF_ACT_COUNT < m->info->acts
               ? (double)m->act_threshold[HF_ACT_COUNT + need]
               : 1;
}

size_t hf_text_model_find(const hf_text_model *m, const char *name)
{
    for (size_t i = 0; i < m->info->labels; i++)
        if (strcmp(m->labels[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

hf_text hf_text_model_notes(const hf_text_model *m)
{
    return (hf_text){m->notes, m->notes_len};
}

void hf_text_model_id(const hf_text_model *m, char out[17])
{
    for (int i = 0; i < 16; i++)
        out[i] = "0123456789abcdef"[m->header->checksum >> (60 - 4 * i) & 15];
    out[16] = '\0';
}
