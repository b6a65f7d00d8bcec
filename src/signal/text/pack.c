/* SPDX-License-Identifier: MIT */
#include "signal/text/pack.h"

#include <math.h>
#include <string.h>

typedef struct {
    hf_ctx *ctx;
    const hf_i_pack *k;
    hf_i_buf out;
    hf_i_weights_header header;
} packer;

/* Room for a section, zeroed. The pointer lives until the next section. */
static void *add_section(packer *p, int id, size_t bytes)
{
    static const char zeros[64] = {0};
    size_t pad = (64 - p->out.len % 64) % 64;
    if (hf_i_buf_add(&p->out, zeros, pad) != HF_OK || hf_i_buf_reserve(&p->out, bytes) != HF_OK)
        return NULL;
    void *at = p->out.data + p->out.len;
    memset(at, 0, bytes);
    p->header.section[id].offset = p->out.len;
    p->header.section[id].bytes = bytes;
    p->out.len += bytes;
    return at;
}

static int8_t quantise(double x)
{
    x = x < 0 ? ceil(x - 0.5) : floor(x + 0.5);
    return (int8_t)(x > 127 ? 127 : x < -127 ? -127 : x);
}

static double largest(const float *x, size_t n)
{
    double most = 1e-12;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, fabs((double)x[i]));
    return most;
}

/* ---- the linear part
 * -------------------------------------------------------------------------------- */

/* One column: weight x idf, the largest thousandth of the entries clipped. */
static double column_scale(const hf_i_linear_part *part, size_t h, const uint8_t *idf, size_t rows)
{
    double most = 0, square = 0, seen = 0;
    for (size_t i = 0; i < rows; i++) {
        double w = (double)part->weights[i * part->heads + h] * idf[i] / HF_WEIGHTS_IDF_ONE;
        most = fmax(most, fabs(w));
        square += w * w;
        seen += w != 0;
    }
    double spread = seen > 0 ? sqrt(square / seen) : 0;
    return fmax(fmin(most, 16 * spread), 1e-9) / 127;
}

static hf_status pack_linear(packer *p)
{
    const hf_i_prepared *in = p->k->p;
    size_t rows = in->x.columns;
    uint8_t *idf = add_section(p, HF_SECTION_IDF, rows);
    if (!idf)
        return HF_E_NOMEM;
    memcpy(idf, in->idf, rows);
    int8_t *table = add_section(p, HF_SECTION_ROWS, rows * HF_WEIGHTS_HEADS);
    if (!table)
        return HF_E_NOMEM;
    float scale[2 * HF_WEIGHTS_HEADS] = {0};
    for (size_t set = 0; set < HF_SET_ACTS; set++) {
        const hf_i_linear_part *part = &p->k->linear[set];
        for (size_t h = 0; h < part->labels; h++) {
            size_t to = (size_t)part->label[h];
            if (to >= p->k->heads)
                continue;
            double s = column_scale(part, h, in->idf, rows);
            for (size_t i = 0; i < rows; i++)
                table[i * HF_WEIGHTS_HEADS + to] =
                    quantise((double)part->weights[i * part->heads + h] * in->idf[i] /
                             HF_WEIGHTS_IDF_ONE / s);
            scale[to] = (float)s;
            scale[HF_WEIGHTS_HEADS + to] = part->bias[h];
        }
    }
    void *at = add_section(p, HF_SECTION_ROWS_SCALE, sizeof scale);
    if (!at)
        return HF_E_NOMEM;
    memcpy(at, scale, sizeof scale);
    return HF_OK;
}

/* The acts' table was trained on folded columns without idf: it is stored as it is. */
static hf_status pack_acts(packer *p)
{
    const hf_i_linear_part *part = &p->k->linear[HF_SET_ACTS];
    size_t rows = (size_t)1 << HF_WEIGHTS_ACT_BITS;
    float scale[3 * HF_WEIGHTS_ACTS] = {0};
    int8_t *table = add_section(p, HF_SECTION_ACT_ROWS, rows * HF_WEIGHTS_ACTS);
    if (!table)
        return HF_E_NOMEM;
    for (size_t h = 0; part->weights && h < p->k->acts; h++) {
        double most = 1e-9;
        for (size_t i = 0; i < rows; i++)
            most = fmax(most, fabs((double)part->weights[i * part->heads + h]));
        for (size_t i = 0; i < rows; i++)
            table[i * HF_WEIGHTS_ACTS + h] =
                quantise((double)part->weights[i * part->heads + h] / most * 127);
        scale[h] = (float)(most / 127);
        scale[HF_WEIGHTS_ACTS + h] = part->bias[h];
        scale[2 * HF_WEIGHTS_ACTS + h] = (float)p->k->act_threshold[h];
    }
    void *at = add_section(p, HF_SECTION_ACT_SCALE, sizeof scale);
    if (!at)
        return HF_E_NOMEM;
    memcpy(at, scale, sizeof scale);
    size_t bytes = (p->k->act_inputs + 1) * HF_WEIGHTS_ACTS * sizeof(float);
    float *stack = add_section(p, HF_SECTION_ACTS, bytes);
    if (!stack)
        return HF_E_NOMEM;
    if (p->k->act_stack)
        memcpy(stack, p->k->act_stack, bytes);
    return HF_OK;
}

/* ---- the networks
 * ------------------------------------------------------------------------------------- */

/* row [dim]: what the network sees of a word: its own row and the mean of its sub-words. */
static void word_row(const packer *p, const hf_i_net *net, uint32_t word, float *row)
{
    size_t dim = net->dim;
    memcpy(row, net->word + word * dim, dim * sizeof *row);
    if (word < HF_NET_WORD_FIRST)
        return;
    const hf_i_vocabulary *v = &p->k->p->vocabulary;
    const hf_i_net_input *in = &p->k->p->in[v->at_row[word]];
    uint32_t t = v->at_token[word], n = in->begin[t + 1] - in->begin[t];
    for (uint32_t k = in->begin[t]; k < in->begin[t + 1]; k++)
        for (size_t d = 0; d < dim; d++)
            row[d] += net->sub[in->sub[k] * dim + d] / (float)n;
}

/* The root mean square times six: a few large values are clipped, the many keep their digits. */
static double table_scale(const packer *p, const hf_i_net *net)
{
    double square = 0, most = 0;
    float row[512];
    uint32_t words = p->k->p->vocabulary.words;
    for (uint32_t w = HF_NET_WORD_FIRST; w < words; w++) {
        word_row(p, net, w, row);
        for (size_t d = 0; d < net->dim; d++) {
            square += (double)(row[d] * row[d]);
            most = fmax(most, fabs((double)row[d]));
        }
    }
    double rms = sqrt(square / ((double)words * (double)net->dim));
    return fmin(most, 6 * rms) / 127;
}

static hf_status pack_tables(packer *p, const hf_i_net *net, int base, double scale)
{
    uint32_t words = p->k->p->vocabulary.words;
    float row[512];
    int8_t *to = add_section(p, base + HF_NET_WORDS, words * net->dim);
    if (!to)
        return HF_E_NOMEM;
    for (uint32_t w = 0; w < words; w++) {
        word_row(p, net, w, row);
        for (size_t d = 0; d < net->dim; d++)
            *to++ = quantise((double)row[d] / scale);
    }
    to = add_section(p, base + HF_NET_SUBS, net->subs * net->dim);
    if (!to)
        return HF_E_NOMEM;
    for (size_t i = 0; i < net->subs * net->dim; i++)
        to[i] = quantise((double)net->sub[i] / scale);
    return HF_OK;
}

/* The largest product of any word with any filter: 16 bits are shared out by it. */
static double largest_product(const packer *p, const hf_i_net *net)
{
    double most = 1e-6;
    float row[512];
    size_t dim = net->dim;
    for (uint32_t w = HF_NET_WORD_FIRST; w < p->k->p->vocabulary.words; w += 3) {
        word_row(p, net, w, row);
        for (size_t f = 0; f < 3 * net->filters; f++) {
            float s = 0;
            for (size_t d = 0; d < dim; d++)
                s += row[d] * net->conv[f * dim + d];
            most = fmax(most, fabs((double)s));
        }
    }
    return most;
}

/* rows [n, width] of 8 bits with one scale a row, times unit where the input counts in units. */
static hf_status pack_rows(packer *p, int id, int scale_id, const float *x, const float *bias,
                           size_t n, size_t width, double unit, const int *from, size_t extra,
                           float **extra_at)
{
    int8_t *to = add_section(p, id, n * width);
    float *scale = hf_i_calloc(p->ctx, 2 * n + extra, sizeof *scale);
    if (!to || !scale) {
        hf_i_free(p->ctx, scale);
        return HF_E_NOMEM;
    }
    for (size_t r = 0; r < n; r++) {
        int source = from ? from[r] : (int)r;
        if (source < 0)
            continue;
        const float *row = x + (size_t)source * width;
        double s = largest(row, width) / 127;
        for (size_t i = 0; i < width; i++)
            to[r * width + i] = quantise((double)row[i] / s);
        scale[r] = (float)(s * unit);
        scale[n + r] = bias[source];
    }
    float *at = add_section(p, scale_id, (2 * n + extra) * sizeof *at);
    if (at)
        memcpy(at, scale, (2 * n + extra) * sizeof *at);
    if (extra_at)
        *extra_at = at ? at + 2 * n : NULL;
    hf_i_free(p->ctx, scale);
    return at ? HF_OK : HF_E_NOMEM;
}

/* Twice the largest state over some turns of the corpus. */
static hf_status state_range(const packer *p, const hf_i_net *net, double *out)
{
    hf_i_net_work w;
    const hf_i_corpus *c = p->k->p->corpus;
    HF_TRY(hf_i_net_work_init(&w, net, false));
    *out = 1e-6;
    for (size_t i = 0; i < c->count; i += 1 + c->count / 4000) {
        hf_i_net_forward(net, &w, &p->k->p->in[i]);
        *out = fmax(*out, 2 * largest(w.hidden, net->hidden));
    }
    hf_i_net_work_dispose(&w, net);
    return HF_OK;
}

static hf_status pack_conv(packer *p, const hf_i_net *net, int base, double scale, double unit)
{
    size_t width = 3 * net->dim;
    int8_t *to = add_section(p, base + HF_NET_CONV, net->filters * width);
    float *factor = hf_i_calloc(p->ctx, 2 * net->filters, sizeof *factor);
    if (!to || !factor) {
        hf_i_free(p->ctx, factor);
        return HF_E_NOMEM;
    }
    for (size_t f = 0; f < net->filters; f++) {
        const float *row = net->conv + f * width;
        double s = largest(row, width) / 127;
        for (size_t i = 0; i < width; i++)
            to[f * width + i] = quantise((double)row[i] / s);
        factor[f] = (float)(s * scale / unit);
        factor[net->filters + f] = (float)fmax(-2700, fmin(2700, (double)net->conv_bias[f] / unit));
    }
    void *at = add_section(p, base + HF_NET_CONV_F, 2 * net->filters * sizeof *factor);
    if (at)
        memcpy(at, factor, 2 * net->filters * sizeof *factor);
    hf_i_free(p->ctx, factor);
    return at ? HF_OK : HF_E_NOMEM;
}

static hf_status pack_net(packer *p, size_t number)
{
    const hf_i_net *net = &p->k->nets[number];
    int base = HF_SECTION_NET + (int)number * 8, from[HF_WEIGHTS_OUT];
    double scale = table_scale(p, net), unit = largest_product(p, net) / 9000, range;
    HF_TRY(state_range(p, net, &range));
    HF_TRY(pack_tables(p, net, base, scale));
    HF_TRY(pack_conv(p, net, base, scale, unit));
    HF_TRY(pack_rows(p, base + HF_NET_HIDDEN, base + HF_NET_HIDDEN_F, net->h, net->h_bias,
                     net->hidden, net->pooled, unit, NULL, 0, NULL));
    for (size_t r = 0; r < HF_WEIGHTS_OUT; r++) {
        from[r] = r < p->k->heads ? (int)r : -1;
        if (r >= HF_WEIGHTS_HEADS && r - HF_WEIGHTS_HEADS < p->k->acts)
            from[r] = p->k->act_label[r - HF_WEIGHTS_HEADS];
    }
    float *extra;
    HF_TRY(pack_rows(p, base + HF_NET_OUT, base + HF_NET_OUT_F, net->out, net->out_bias,
                     HF_WEIGHTS_OUT, net->hidden, range / 32767, from, 2, &extra));
    extra[0] = (float)(scale / unit);
    extra[1] = (float)(32767 / range);
    return HF_OK;
}

/* ---- the rest
 * -------------------------------------------------------------------------------------------- */

static hf_status pack_vocabulary(packer *p, hf_i_weights_info *info)
{
    const hf_i_vocabulary *v = &p->k->p->vocabulary;
    uint32_t slots = 2;
    while (slots < 2 * v->words)
        slots *= 2;
    uint32_t *to = add_section(p, HF_SECTION_VOCABULARY, (size_t)slots * 8);
    if (!to)
        return HF_E_NOMEM;
    /* In the order of the rows, so that the file does not depend on the trainer's hash table. */
    uint64_t *hash = hf_i_calloc(p->ctx, v->words, sizeof *hash);
    if (!hash)
        return HF_E_NOMEM;
    for (size_t i = 0; i < v->slots; i++)
        if (v->word[i])
            hash[v->word[i]] = v->hash[i];
    for (uint32_t w = HF_NET_WORD_FIRST; w < v->words; w++) {
        uint32_t i = (uint32_t)hash[w] & (slots - 1);
        while (to[2 * i + 1])
            i = (i + 1) & (slots - 1);
        to[2 * i] = (uint32_t)(hash[w] >> 32);
        to[2 * i + 1] = w;
    }
    hf_i_free(p->ctx, hash);
    info->slots = slots;
    info->words = v->words;
    return HF_OK;
}

static hf_status pack_all(packer *p)
{
    const hf_i_pack *k = p->k;
    size_t stack = (2 * k->heads + 1) * k->heads * sizeof(float);
    hf_i_weights_info info = {.bits = k->p->bits, .sub_bits = k->p->sub_bits};
    HF_TRY(hf_i_buf_add(&p->out, &p->header, sizeof p->header));
    HF_TRY(pack_linear(p));
    HF_TRY(pack_acts(p));
    HF_TRY(pack_vocabulary(p, &info));
    for (size_t i = 0; i < k->net_count; i++) {
        HF_TRY(pack_net(p, i));
        info.dim[i] = (uint32_t)k->nets[i].dim;
        info.filters[i] = (uint32_t)k->nets[i].filters;
        info.hidden[i] = (uint32_t)k->nets[i].hidden;
    }
    info.nets = (uint32_t)k->net_count;
    info.heads = (uint32_t)k->heads;
    info.labels = (uint32_t)k->label_count;
    info.stack_inputs = (uint32_t)(2 * k->heads);
    info.acts = (uint32_t)k->acts;
    info.act_inputs = (uint32_t)k->act_inputs;
    info.first_emotion = (uint32_t)k->first_emotion;
    info.emotions = (uint32_t)k->emotions;
    const struct {
        int id;
        const void *data;
        size_t bytes;
    } rest[] = {{HF_SECTION_INFO, &info, sizeof info},
                {HF_SECTION_LABELS, k->labels, k->label_count * sizeof *k->labels},
                {HF_SECTION_STACK, k->stack, stack},
                {HF_SECTION_NOTES, k->notes, strlen(k->notes)}};
    for (size_t i = 0; i < HF_COUNT_OF(rest); i++) {
        void *at = add_section(p, rest[i].id, rest[i].bytes);
        if (!at)
            return HF_E_NOMEM;
        memcpy(at, rest[i].data, rest[i].bytes);
    }
    memcpy(p->header.magic, "HFTEXT\0", 8);
    p->header.version = HF_WEIGHTS_VERSION;
    p->header.header_bytes = sizeof p->header;
    p->header.file_bytes = p->out.len;
    p->header.checksum = hf_i_weights_checksum((unsigned char *)p->out.data + sizeof p->header,
                                               p->out.len - sizeof p->header);
    memcpy(p->out.data, &p->header, sizeof p->header);
    return HF_OK;
}

hf_status hf_i_pack_write(hf_ctx *ctx, const hf_i_pack *pack, const char *path)
{
    packer p = {.ctx = ctx, .k = pack};
    hf_outfile *file = NULL;
    hf_i_buf_init(&p.out, ctx, UINT64_C(1) << 30, "the file of weights");
    hf_status s = pack_all(&p);
    if (s == HF_OK)
        s = hf_outfile_new(&file, ctx, path);
    if (s == HF_OK)
        s = hf_outfile_write(file, p.out.data, p.out.len);
    if (s == HF_OK)
        s = hf_outfile_commit(file);
    hf_outfile_free(file);
    hf_i_buf_dispose(&p.out);
    return s;
}
