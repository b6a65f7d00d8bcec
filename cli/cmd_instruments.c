/* SPDX-License-Identifier: MIT */
/* holdfast instruments [NAME]: the forms and what their files say. */
#include "form.h"

#include <math.h>
#include <string.h>

static void json_text(const char *text)
{
    putchar('"');
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p == '"' || *p == '\\')
            printf("\\%c", *p);
        else if (*p < 0x20)
            printf("\\u%04x", *p);
        else
            putchar(*p);
    }
    putchar('"');
}

static void json_pair(const char *key, const char *text)
{
    printf("\"%s\":", key);
    json_text(text);
}

static void json_number(const char *key, double x)
{
    if (isnan(x))
        printf(",\"%s\":null", key);
    else
        printf(",\"%s\":%.10g", key, x);
}

static void json_orders(const hf_instrument *in)
{
    fputs(",\"orders\":[", stdout);
    for (size_t o = 0; o < in->order_count; o++) {
        const hf_order *order = &in->orders[o];
        printf("%s{", o ? "," : "");
        json_pair("id", order->id);
        putchar(',');
        json_pair("title", order->title);
        putchar(',');
        json_pair("status", hf_key_status_name(order->status));
        printf(",\"sheet\":%u,", order->sheet);
        json_pair("refused_because", order->refuse);
        fputs(",\"keys\":{", stdout);
        for (size_t s = 0; s < in->scale_count; s++) {
            printf("%s", s ? "," : "");
            json_text(in->scales[s].id);
            fputs(":[", stdout);
            for (size_t i = 0; i < order->keys[s].count; i++)
                printf("%s%d", i ? "," : "",
                       order->keys[s].items[i].sign * (int)order->keys[s].items[i].column);
            putchar(']');
        }
        fputs("}}", stdout);
    }
    putchar(']');
}

static void json_norms(const hf_instrument *in)
{
    fputs(",\"norms\":[", stdout);
    for (size_t i = 0; i < in->norm_count; i++) {
        const hf_norm *n = &in->norms[i];
        printf("%s{", i ? "," : "");
        json_pair("id", n->id);
        putchar(',');
        json_pair("title", n->title);
        putchar(',');
        json_pair("status", hf_key_status_name(n->status));
        printf(",\"n\":%llu,\"range\":[%d,%d],\"scales\":{", (unsigned long long)n->n, n->min,
               n->max);
        for (size_t s = 0; s < in->scale_count; s++) {
            printf("%s", s ? "," : "");
            json_text(in->scales[s].id);
            fputs(":{\"points\":", stdout);
            printf("%zu", n->scales[s].points);
            json_number("mean", n->scales[s].mean);
            json_number("sd", n->scales[s].sd);
            json_number("alpha", n->scales[s].alpha);
            json_number("retest", n->scales[s].retest);
            putchar('}');
        }
        fputs("}}", stdout);
    }
    putchar(']');
}

static void json_form(const hf_instrument *in)
{
    putchar('{');
    json_pair("id", in->id);
    putchar(',');
    json_pair("title", in->title);
    putchar(',');
    json_pair("measures", in->measures);
    putchar(',');
    json_pair("citation", in->citation);
    putchar(',');
    json_pair("status", hf_key_status_name(in->status));
    putchar(',');
    json_pair("permission", in->permission);
    putchar(',');
    json_pair("permission_note", in->permission_note);
    putchar(',');
    json_pair("note", in->note);
    printf(",\"items\":%u,\"range\":[%d,%d],\"scales\":[", in->items, in->min, in->max);
    for (size_t s = 0; s < in->scale_count; s++) {
        static const char *const kinds[] = {"mean", "sum", "contrast"};
        const hf_scale *scale = &in->scales[s];
        printf("%s{", s ? "," : "");
        json_pair("id", scale->id);
        putchar(',');
        json_pair("title", scale->title);
        putchar(',');
        json_pair("score", kinds[scale->kind]);
        printf(",\"needs\":%u,\"reversed\":%u}", scale->needs, scale->reversed);
    }
    putchar(']');
    json_orders(in);
    json_norms(in);
    putchar('}');
}

static void print_key(const hf_key *key, bool contrast)
{
    for (size_t i = 0; i < key->count; i++) {
        const hf_key_item *k = &key->items[i];
        printf(" %s%u%s", contrast && k->sign < 0 ? "-" : "", k->column,
               !contrast && k->sign < 0 ? "R" : "");
    }
    putchar('\n');
}

static void print_orders(const hf_instrument *in)
{
    for (size_t o = 0; o < in->order_count; o++) {
        const hf_order *order = &in->orders[o];
        printf("\norder %s: %s [%s]\n", order->id, order->title, hf_key_status_name(order->status));
        if (order->status == HF_KEY_REFUSED) {
            printf("  not scored: %s\n", order->refuse);
            continue;
        }
        if (order->sheet != in->items)
            printf("  columns of a sheet of %u\n", order->sheet);
        for (size_t s = 0; s < in->scale_count; s++) {
            printf("  %-16s", in->scales[s].id);
            print_key(&order->keys[s], in->scales[s].kind == HF_SCALE_CONTRAST);
        }
    }
}

static void print_norms(const hf_instrument *in)
{
    for (size_t i = 0; i < in->norm_count; i++) {
        const hf_norm *n = &in->norms[i];
        printf("\nnorm %s: %s [%s]\n  answers %d to %d", n->id, n->title,
               hf_key_status_name(n->status), n->min, n->max);
        if (n->n)
            printf(", n = %llu", (unsigned long long)n->n);
        putchar('\n');
        for (size_t s = 0; s < in->scale_count; s++) {
            const hf_norm_scale *x = &n->scales[s];
            if (isnan(x->mean) && isnan(x->alpha))
                continue;
            printf("  %-16s", in->scales[s].id);
            if (!isnan(x->mean))
                printf(" M %.2f, SD %.2f", x->mean, x->sd);
            if (!isnan(x->alpha))
                printf("%s alpha %.3f", isnan(x->mean) ? "" : ",", x->alpha);
            putchar('\n');
        }
    }
}

static void print_form(const hf_instrument *in)
{
    static const char *const kinds[] = {"mean", "sum", "contrast"};
    printf("%s\n%s: %s\n\n%s\n", in->title, in->id, in->measures, in->citation);
    printf("permission: %s. %s\nstatus: %s\n", in->permission, in->permission_note,
           hf_key_status_name(in->status));
    if (in->note[0])
        printf("%s\n", in->note);
    printf("\n%u items, answers %d to %d", in->items, in->min, in->max);
    for (size_t i = 0; i < in->other_range_count; i++)
        printf(" (also in use: %d to %d)", in->other_ranges[i][0], in->other_ranges[i][1]);
    for (size_t i = 0; i < in->range_count; i++)
        printf("; item %u: %d to %d", in->ranges[i].column, in->ranges[i].min, in->ranges[i].max);
    putchar('\n');
    for (size_t s = 0; s < in->scale_count; s++) {
        const hf_scale *x = &in->scales[s];
        printf("scale %s: %s; %s, needs %u answers, %u reversed\n", x->id, x->title, kinds[x->kind],
               x->needs, x->reversed);
    }
    print_orders(in);
    print_norms(in);
    if (in->texts && in->low[0])
        printf("\n%d = %s, %d = %s\n", in->min, in->low, in->max, in->high);
    for (unsigned k = 0; in->texts && k < in->items; k++)
        if (in->texts[k])
            printf("%3u  %s\n", k + 1, in->texts[k]);
}

static int list(cli_env *env)
{
    char id[64];
    if (env->json)
        putchar('[');
    for (size_t k = 0; hf_instrument_name(k, id); k++) {
        hf_instrument *in;
        hf_status s = hf_instrument_get(&in, env->ctx, id);
        if (s != HF_OK)
            return cli_fail(env, s);
        if (env->json) {
            printf("%s", k ? "," : "");
            json_form(in);
        } else {
            char orders[160] = "";
            size_t used = 0;
            for (size_t o = 0; o < in->order_count; o++) {
                int n = snprintf(orders + used, sizeof orders - used, "%s%s%s", o ? ", " : "",
                                 in->orders[o].id,
                                 in->orders[o].status == HF_KEY_REFUSED ? " (not scored)" : "");
                used += n > 0 && (size_t)n < sizeof orders - used ? (size_t)n : 0;
            }
            printf("%-11s %2u items  %-10s %-9s %s\n            orders: %s\n", in->id, in->items,
                   hf_key_status_name(in->status), in->permission, in->title, orders);
        }
        hf_instrument_free(in);
    }
    puts(env->json ? "]"
                   : "\nOne form in full: holdfast instruments NAME. The questions "
                     "themselves are not part of Holdfast.");
    return cli_done(env);
}

static int run(cli_env *env)
{
    hf_instrument *in;
    const hf_order *order;
    if (env->argc == 0)
        return list(env);
    hf_status s = form_open(&in, env->ctx, env->argv[0]);
    if (s != HF_OK)
        return cli_fail(env, s);
    if (cli_given(env, "items")) {
        s = hf_instrument_order(&order, env->ctx, in, cli_text(env, "order"));
        if (s == HF_OK)
            s = hf_instrument_read_texts(in, env->ctx, order, cli_text(env, "items"));
    }
    if (s == HF_OK && env->json) {
        json_form(in); /* never with texts */
        putchar('\n');
    } else if (s == HF_OK) {
        print_form(in);
    }
    hf_instrument_free(in);
    return s == HF_OK ? cli_done(env) : cli_fail(env, s);
}

static const cli_option options[] = {
    {"items", CLI_TEXT, "FILE", "your own item texts (CSV: item, text) to show here", NULL, NULL, 0,
     0, false},
    {"order", CLI_TEXT, "ID", "the order that the item texts belong to", NULL, NULL, 0, 0, false},
    {NULL, CLI_FLAG, NULL, NULL, NULL, NULL, 0, 0, false}};

const cli_command cli_cmd_instruments = {
    "instruments", run,      "questionnaires: keys, orders, norms, permissions",
    "measure",     "[NAME]", options,
    NULL,          0,        1,
    false};
