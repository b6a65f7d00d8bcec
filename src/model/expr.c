/* SPDX-License-Identifier: MIT */
#include "model/expr.h"

#include "num/elementary.h"
#include "text/number.h"

#include <math.h>

/* A formula of more nodes is refused: no model of two people needs it. */
#define MAX_NODES 400000u

static const uint8_t operands[] = {
#define HF_OP_ARITY(name, count) count,
    HF_OP_LIST(HF_OP_ARITY)
#undef HF_OP_ARITY
};

static size_t hash_node(const hf_i_node *n)
{
    uint64_t bits, h;
    memcpy(&bits, &n->value, sizeof bits);
    h = bits ^ ((uint64_t)n->op << 56) ^ ((uint64_t)(uint32_t)n->a << 24) ^
        (uint64_t)(uint32_t)n->b;
    h ^= h >> 31;
    h *= UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(h ^ (h >> 29));
}

static bool same_node(const hf_i_node *x, const hf_i_node *y)
{
    return x->op == y->op && x->a == y->a && x->b == y->b &&
           memcmp(&x->value, &y->value, sizeof x->value) == 0;
}

static void insert(hf_i_graph *g, int32_t id)
{
    size_t i = hash_node(&g->nodes[id]) & (g->table_size - 1);
    while (g->table[i] >= 0)
        i = (i + 1) & (g->table_size - 1);
    g->table[i] = id;
}

static hf_status grow_table(hf_i_graph *g)
{
    size_t size = g->table_size ? 2 * g->table_size : 256;
    int32_t *table = hf_i_alloc(g->ctx, size * sizeof *table);
    if (!table)
        return HF_E_NOMEM;
    hf_i_free(g->ctx, g->table);
    g->table = table;
    g->table_size = size;
    for (size_t i = 0; i < size; i++)
        table[i] = -1;
    for (size_t i = 0; i < g->count; i++)
        insert(g, (int32_t)i);
    return HF_OK;
}

static hf_i_x find_node(const hf_i_graph *g, const hf_i_node *n)
{
    if (!g->table_size)
        return HF_X_NONE;
    for (size_t i = hash_node(n) & (g->table_size - 1); g->table[i] >= 0;
         i = (i + 1) & (g->table_size - 1))
        if (same_node(&g->nodes[g->table[i]], n))
            return g->table[i];
    return HF_X_NONE;
}

static hf_i_x add_node(hf_i_graph *g, hf_i_node n)
{
    if (g->status != HF_OK)
        return HF_X_ZERO;
    hf_i_x known = find_node(g, &n);
    if (known != HF_X_NONE)
        return known;
    if (2 * (g->count + 1) > g->table_size && (g->status = grow_table(g)) != HF_OK)
        return HF_X_ZERO;
    g->status = hf_i_grow(g->ctx, &g->nodes, &g->cap, g->count + 1, sizeof *g->nodes, MAX_NODES,
                          "formula nodes");
    if (g->status != HF_OK)
        return HF_X_ZERO;
    g->nodes[g->count] = n;
    insert(g, (int32_t)g->count);
    return (hf_i_x)g->count++;
}

hf_status hf_i_graph_init(hf_i_graph *g, hf_ctx *ctx)
{
    memset(g, 0, sizeof *g);
    g->ctx = ctx;
    hf_i_x_const(g, 0.0);
    hf_i_x_const(g, 1.0);
    return g->status;
}

void hf_i_graph_dispose(hf_i_graph *g)
{
    hf_i_free(g->ctx, g->nodes);
    hf_i_free(g->ctx, g->table);
    memset(g, 0, sizeof *g);
}

hf_i_x hf_i_x_const(hf_i_graph *g, double value)
{
    if (value == 0.0)
        value = 0.0; /* one zero, not two */
    return add_node(g, (hf_i_node){.op = HF_OP_CONST, .a = -1, .b = -1, .value = value});
}

hf_i_x hf_i_x_input(hf_i_graph *g, hf_i_op op, int32_t index)
{
    uint8_t deps = op == HF_OP_PARAM   ? HF_DEP_PARAM
                   : op == HF_OP_STATE ? HF_DEP_STATE
                   : op == HF_OP_TIME  ? HF_DEP_ROW | HF_DEP_TIME
                                       : HF_DEP_ROW;
    return add_node(g, (hf_i_node){.op = (uint8_t)op, .deps = deps, .a = index, .b = -1});
}

bool hf_i_x_is_const(const hf_i_graph *g, hf_i_x e, double *value)
{
    if (e < 0 || g->nodes[e].op != HF_OP_CONST)
        return false;
    *value = g->nodes[e].value;
    return true;
}

static double fold_unary(hf_i_op op, double x)
{
    switch (op) {
    case HF_OP_NEG:
        return -x;
    case HF_OP_EXP:
        return hf_i_real_exp(x);
    case HF_OP_LOG:
        return hf_i_real_log(x);
    case HF_OP_SQRT:
        return sqrt(x);
    case HF_OP_TANH:
        return hf_i_real_tanh(x);
    case HF_OP_SIGMOID:
        return hf_i_real_sigmoid(x);
    case HF_OP_ABS:
        return fabs(x);
    case HF_OP_STEP:
        return x > 0 ? 1.0 : 0.0;
    case HF_OP_SIN:
        return sin(x);
    case HF_OP_COS:
        return cos(x);
    default:
        return NAN;
    }
}

hf_i_x hf_i_x_unary(hf_i_graph *g, hf_i_op op, hf_i_x a)
{
    double x;
    if (g->status != HF_OK)
        return HF_X_ZERO;
    if (hf_i_x_is_const(g, a, &x) && isfinite(fold_unary(op, x)))
        return hf_i_x_const(g, fold_unary(op, x));
    if (op == HF_OP_NEG && g->nodes[a].op == HF_OP_NEG)
        return g->nodes[a].a;
    return add_node(g, (hf_i_node){.op = (uint8_t)op, .deps = g->nodes[a].deps, .a = a, .b = -1});
}

static double fold_binary(hf_i_op op, double x, double y)
{
    switch (op) {
    case HF_OP_ADD:
        return x + y;
    case HF_OP_SUB:
        return x - y;
    case HF_OP_MUL:
        return x * y;
    case HF_OP_DIV:
        return x / y;
    case HF_OP_MIN:
        return x < y ? x : y;
    case HF_OP_MAX:
        return x > y ? x : y;
    default:
        return NAN;
    }
}

/* Rules that need no constant on both sides; HF_X_NONE when none applies. */
static hf_i_x simplify(hf_i_graph *g, hf_i_op op, hf_i_x a, hf_i_x b)
{
    double x;
    switch (op) {
    case HF_OP_ADD:
        if (a == HF_X_ZERO)
            return b;
        if (b == HF_X_ZERO)
            return a;
        if (g->nodes[b].op == HF_OP_NEG)
            return hf_i_x_binary(g, HF_OP_SUB, a, g->nodes[b].a);
        break;
    case HF_OP_SUB:
        if (b == HF_X_ZERO)
            return a;
        if (a == HF_X_ZERO)
            return hf_i_x_unary(g, HF_OP_NEG, b);
        if (a == b)
            return HF_X_ZERO;
        break;
    case HF_OP_MUL:
        if (a == HF_X_ZERO || b == HF_X_ZERO)
            return HF_X_ZERO;
        if (a == HF_X_ONE)
            return b;
        if (b == HF_X_ONE)
            return a;
        if (hf_i_x_is_const(g, a, &x) && x == -1.0)
            return hf_i_x_unary(g, HF_OP_NEG, b);
        break;
    case HF_OP_DIV:
        if (a == HF_X_ZERO)
            return HF_X_ZERO;
        if (b == HF_X_ONE)
            return a;
        break;
    case HF_OP_MIN:
    case HF_OP_MAX:
        if (a == b)
            return a;
        break;
    default:
        break;
    }
    return HF_X_NONE;
}

hf_i_x hf_i_x_binary(hf_i_graph *g, hf_i_op op, hf_i_x a, hf_i_x b)
{
    double x, y;
    if (g->status != HF_OK)
        return HF_X_ZERO;
    if (hf_i_x_is_const(g, a, &x) && hf_i_x_is_const(g, b, &y) && isfinite(fold_binary(op, x, y)))
        return hf_i_x_const(g, fold_binary(op, x, y));
    hf_i_x simple = simplify(g, op, a, b);
    if (simple != HF_X_NONE)
        return simple;
    hf_i_node n = {
        .op = (uint8_t)op, .deps = (uint8_t)(g->nodes[a].deps | g->nodes[b].deps), .a = a, .b = b};
    hf_i_node swapped = n;
    swapped.a = b;
    swapped.b = a;
    if ((op == HF_OP_ADD || op == HF_OP_MUL) && find_node(g, &swapped) != HF_X_NONE)
        return find_node(g, &swapped); /* one node for both orders */
    return add_node(g, n);
}

hf_i_x hf_i_x_pow(hf_i_graph *g, hf_i_x a, double power)
{
    double x;
    if (g->status != HF_OK)
        return HF_X_ZERO;
    if (power == 0.0)
        return HF_X_ONE;
    if (power == 1.0)
        return a;
    if (power == 2.0)
        return hf_i_x_binary(g, HF_OP_MUL, a, a);
    if (power == 3.0)
        return hf_i_x_binary(g, HF_OP_MUL, a, hf_i_x_binary(g, HF_OP_MUL, a, a));
    if (power == 0.5)
        return hf_i_x_unary(g, HF_OP_SQRT, a);
    if (power == -1.0)
        return hf_i_x_binary(g, HF_OP_DIV, HF_X_ONE, a);
    if (hf_i_x_is_const(g, a, &x) && isfinite(pow(x, power)))
        return hf_i_x_const(g, pow(x, power));
    return add_node(
        g, (hf_i_node){.op = HF_OP_POW, .deps = g->nodes[a].deps, .a = a, .b = -1, .value = power});
}

/* ---- derivatives ------------------------------------------------------------------------- */

/* The factor of the inner derivative of a function of one argument. */
static hf_i_x outer(hf_i_graph *g, hf_i_x e, const hf_i_node *n)
{
    hf_i_x a = n->a;
    switch ((hf_i_op)n->op) {
    case HF_OP_NEG:
        return hf_i_x_const(g, -1.0);
    case HF_OP_POW:
        return hf_i_x_binary(g, HF_OP_MUL, hf_i_x_const(g, n->value),
                             hf_i_x_pow(g, a, n->value - 1.0));
    case HF_OP_EXP:
        return e;
    case HF_OP_LOG:
        return hf_i_x_binary(g, HF_OP_DIV, HF_X_ONE, a);
    case HF_OP_SQRT:
        return hf_i_x_binary(g, HF_OP_DIV, hf_i_x_const(g, 0.5), e);
    case HF_OP_TANH:
        return hf_i_x_binary(g, HF_OP_SUB, HF_X_ONE, hf_i_x_binary(g, HF_OP_MUL, e, e));
    case HF_OP_SIGMOID:
        return hf_i_x_binary(g, HF_OP_MUL, e, hf_i_x_binary(g, HF_OP_SUB, HF_X_ONE, e));
    case HF_OP_ABS: {
        hf_i_x two = hf_i_x_const(g, 2.0);
        hf_i_x step = hf_i_x_unary(g, HF_OP_STEP, a);
        return hf_i_x_binary(g, HF_OP_SUB, hf_i_x_binary(g, HF_OP_MUL, two, step), HF_X_ONE);
    }
    case HF_OP_SIN:
        return hf_i_x_unary(g, HF_OP_COS, a);
    case HF_OP_COS:
        return hf_i_x_unary(g, HF_OP_NEG, hf_i_x_unary(g, HF_OP_SIN, a));
    default:
        return HF_X_ZERO; /* STEP */
    }
}

/* w * da + (1 - w) * db, where w is 1 when the first operand of min or max is taken. */
static hf_i_x diff_choice(hf_i_graph *g, const hf_i_node *n, hf_i_x da, hf_i_x db)
{
    bool max = n->op == HF_OP_MAX;
    hf_i_x gap = hf_i_x_binary(g, HF_OP_SUB, max ? n->a : n->b, max ? n->b : n->a);
    hf_i_x w = hf_i_x_unary(g, HF_OP_STEP, gap);
    hf_i_x rest = hf_i_x_binary(g, HF_OP_SUB, HF_X_ONE, w);
    return hf_i_x_binary(g, HF_OP_ADD, hf_i_x_binary(g, HF_OP_MUL, w, da),
                         hf_i_x_binary(g, HF_OP_MUL, rest, db));
}

static hf_i_x diff_node(hf_i_graph *g, hf_i_x e, const hf_i_x *d)
{
    hf_i_node n = g->nodes[e]; /* a copy: the array may move */
    hf_i_x da = n.a >= 0 && operands[n.op] > 0 ? d[n.a] : HF_X_ZERO;
    hf_i_x db = n.b >= 0 && operands[n.op] > 1 ? d[n.b] : HF_X_ZERO;
    if (da == HF_X_ZERO && db == HF_X_ZERO)
        return HF_X_ZERO;
    switch ((hf_i_op)n.op) {
    case HF_OP_ADD:
    case HF_OP_SUB:
        return hf_i_x_binary(g, (hf_i_op)n.op, da, db);
    case HF_OP_MUL:
        return hf_i_x_binary(g, HF_OP_ADD, hf_i_x_binary(g, HF_OP_MUL, da, n.b),
                             hf_i_x_binary(g, HF_OP_MUL, n.a, db));
    case HF_OP_DIV: /* (da - e db) / b */
        return hf_i_x_binary(
            g, HF_OP_DIV, hf_i_x_binary(g, HF_OP_SUB, da, hf_i_x_binary(g, HF_OP_MUL, e, db)), n.b);
    case HF_OP_MIN:
    case HF_OP_MAX:
        return diff_choice(g, &n, da, db);
    default:
        return hf_i_x_binary(g, HF_OP_MUL, outer(g, e, &n), da);
    }
}

hf_i_x hf_i_x_diff(hf_i_graph *g, hf_i_x e, hf_i_op input, int32_t index)
{
    if (g->status != HF_OK || e < 0)
        return HF_X_ZERO;
    hf_i_x *d = hf_i_alloc(g->ctx, ((size_t)e + 1) * sizeof *d);
    if (!d) {
        g->status = HF_E_NOMEM;
        return HF_X_ZERO;
    }
    for (hf_i_x i = 0; i <= e; i++) {
        if (g->nodes[i].op == input && g->nodes[i].a == index)
            d[i] = HF_X_ONE;
        else
            d[i] = diff_node(g, i, d);
    }
    hf_i_x result = d[e];
    hf_i_free(g->ctx, d);
    return result;
}

static hf_i_x rebuild(hf_i_graph *g, hf_i_x e, const hf_i_x *map)
{
    hf_i_node n = g->nodes[e];
    if (n.op == HF_OP_STATE)
        return HF_X_ZERO;
    if (operands[n.op] == 0 || !(n.deps & HF_DEP_STATE))
        return e;
    if (n.op == HF_OP_POW)
        return hf_i_x_pow(g, map[n.a], n.value);
    if (operands[n.op] == 1)
        return hf_i_x_unary(g, (hf_i_op)n.op, map[n.a]);
    return hf_i_x_binary(g, (hf_i_op)n.op, map[n.a], map[n.b]);
}

hf_i_x hf_i_x_at_zero_state(hf_i_graph *g, hf_i_x e)
{
    if (g->status != HF_OK || e < 0)
        return HF_X_ZERO;
    hf_i_x *map = hf_i_alloc(g->ctx, ((size_t)e + 1) * sizeof *map);
    if (!map) {
        g->status = HF_E_NOMEM;
        return HF_X_ZERO;
    }
    for (hf_i_x i = 0; i <= e; i++)
        map[i] = rebuild(g, i, map);
    hf_i_x result = map[e];
    hf_i_free(g->ctx, map);
    return result;
}

/* ---- text -------------------------------------------------------------------------------- */

static const char *function_name(hf_i_op op)
{
    static const char *const names[HF_OP_COUNT] = {
        [HF_OP_EXP] = "exp",   [HF_OP_LOG] = "log", [HF_OP_SQRT] = "sqrt",
        [HF_OP_TANH] = "tanh", [HF_OP_ABS] = "abs", [HF_OP_SIGMOID] = "sigmoid",
        [HF_OP_MIN] = "min",   [HF_OP_MAX] = "max", [HF_OP_STEP] = "step",
        [HF_OP_SIN] = "sin",   [HF_OP_COS] = "cos"};
    return names[op];
}

typedef struct {
    const hf_i_graph *g;
    hf_i_x_name_fn name;
    void *user;
    hf_i_buf *out;
} printer;

static hf_status print(const printer *p, hf_i_x e, int outer_rank);

static hf_status print_infix(const printer *p, const hf_i_node *n, int outer_rank)
{
    int rank = n->op == HF_OP_ADD || n->op == HF_OP_SUB ? 1 : n->op == HF_OP_NEG ? 2 : 3;
    bool wrap = rank < outer_rank;
    const char *sign = n->op == HF_OP_ADD   ? " + "
                       : n->op == HF_OP_SUB ? " - "
                       : n->op == HF_OP_MUL ? "*"
                                            : "/";
    if (wrap)
        HF_TRY(hf_i_buf_add_char(p->out, '('));
    if (n->op == HF_OP_NEG) {
        HF_TRY(hf_i_buf_add_char(p->out, '-'));
        HF_TRY(print(p, n->a, 3));
    } else {
        HF_TRY(print(p, n->a, rank));
        HF_TRY(hf_i_buf_add_str(p->out, sign));
        HF_TRY(print(p, n->b, n->op == HF_OP_ADD || n->op == HF_OP_MUL ? rank : rank + 1));
    }
    return wrap ? hf_i_buf_add_char(p->out, ')') : HF_OK;
}

static hf_status print_number(const printer *p, double x, bool wrap)
{
    char text[HF_I_NUMBER_SIZE];
    hf_i_number_format(text, x);
    return hf_i_buf_printf(p->out, wrap ? "(%s)" : "%s", text);
}

static hf_status print(const printer *p, hf_i_x e, int outer_rank)
{
    const hf_i_node *n = &p->g->nodes[e];
    if (n->op == HF_OP_CONST)
        return print_number(p, n->value, outer_rank > 1 && n->value < 0);
    if (n->op == HF_OP_TIME)
        return hf_i_buf_add_str(p->out, "time");
    if (operands[n->op] == 0)
        return hf_i_buf_add_str(p->out, p->name(p->user, (hf_i_op)n->op, n->a));
    if (n->op == HF_OP_POW) {
        HF_TRY(print(p, n->a, 4));
        HF_TRY(hf_i_buf_add_char(p->out, '^'));
        return print_number(p, n->value, n->value < 0);
    }
    const char *name = function_name((hf_i_op)n->op);
    if (!name)
        return print_infix(p, n, outer_rank);
    HF_TRY(hf_i_buf_printf(p->out, "%s(", name));
    HF_TRY(print(p, n->a, 0));
    if (operands[n->op] == 2) {
        HF_TRY(hf_i_buf_add_str(p->out, ", "));
        HF_TRY(print(p, n->b, 0));
    }
    return hf_i_buf_add_char(p->out, ')');
}

hf_status hf_i_x_print(const hf_i_graph *g, hf_i_x e, hf_i_x_name_fn name, void *user,
                       hf_i_buf *out)
{
    const printer p = {g, name, user, out};
    return print(&p, e, 0);
}
