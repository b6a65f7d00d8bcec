/* SPDX-License-Identifier: MIT */
/* Reading rules (doc/guidance.md, 'The language of rules'). */
#include "guidance/rules.h"

#include "text/number.h"

#include <string.h>

static const char *const step_names[] = {
#define STEP_NAME(name, text) text,
    HF_STEP_LIST(STEP_NAME)
#undef STEP_NAME
};

const char *const hf_i_episode_names[HF_I_EPISODE_COUNT] = {
#define EPISODE_NAME(name, text) text,
    HF_I_EPISODE_LIST(EPISODE_NAME)
#undef EPISODE_NAME
};

const char *hf_step_name(hf_step step)
{
    return (unsigned)step < HF_STEP_COUNT ? step_names[step] : "?";
}

/* ---- words of a condition ---------------------------------------------------------------------
 */

typedef struct {
    hf_rules *r;
    const hf_i_block_line *line;
    const char *at; /* what is left of the line */
    char word[160]; /* the current word; "" at the end */
    bool too_long;
} words;

static bool next(words *w)
{
    while (*w->at == ' ' || *w->at == '\t')
        w->at++;
    size_t n = strcspn(w->at, " \t");
    w->too_long = n >= sizeof w->word;
    size_t kept = w->too_long ? sizeof w->word - 1 : n;
    memcpy(w->word, w->at, kept);
    w->word[kept] = '\0';
    w->at += n;
    return n > 0;
}

static hf_status wrong(const words *w, const char *advice, const char *what)
{
    return hf_i_blocks_fail(&w->r->blocks, w->line->line, advice, "%s: '%.120s'", what,
                            w->too_long ? "a word that is too long" : w->word);
}

static const char *keep(const words *w, const char *text)
{
    return hf_i_arena_strndup(&w->r->blocks.arena, text, strlen(text));
}

/* ---- parts of a condition -----------------------------------------------------------------------
 */

static bool is_number_field(const char *name)
{
    static const char *const fields[] = {"estimate", "lo", "hi", "n", "base_rate"};
    return hf_i_word_of(name, fields, HF_COUNT_OF(fields)) >= 0 || strncmp(name, "value.", 6) == 0;
}

static bool is_text_field(const char *name)
{
    return strcmp(name, "text_key") == 0 || strncmp(name, "text.", 5) == 0;
}

/* FIELD OP VALUE; the field is the current word. */
static hf_status read_test(words *w, hf_i_condition *c)
{
    static const char *const ops[] = {"<", "<=", ">", ">=", "=", "!="};
    static const char advice[] = "A test is FIELD OP VALUE with a field estimate, lo, hi, n, "
                                 "base_rate, value.NAME, text_key or text.NAME.";
    if (c->test_count == HF_I_MAX_TESTS)
        return wrong(w, "Make two rules of it.", "more than six tests");
    hf_i_test *t = &c->tests[c->test_count++];
    t->texts = is_text_field(w->word);
    if (!t->texts && !is_number_field(w->word))
        return wrong(w, advice, "not a field of a finding");
    if (!(t->left = keep(w, w->word)))
        return HF_E_NOMEM;
    next(w);
    int op = hf_i_word_of(w->word, ops, HF_COUNT_OF(ops));
    if (op < 0 || (t->texts && op < HF_I_EQUAL))
        return wrong(w,
                     t->texts ? "Texts are compared with = or !=."
                              : "Compare with one of < <= > >= = !=.",
                     "not a comparison");
    t->op = (hf_i_op)op;
    if (!next(w))
        return wrong(w, advice, "the comparison has no right side");
    if (!t->texts && hf_i_number_parse(w->word, strlen(w->word), '.', &t->number))
        return HF_OK;
    if (!t->texts && !is_number_field(w->word))
        return wrong(w, advice, "neither a number nor a field");
    return (t->right = keep(w, w->word)) ? HF_OK : HF_E_NOMEM;
}

static hf_status read_count(words *w, const char *what, int64_t *out)
{
    if (!next(w) || !hf_i_number_parse_int(w->word, strlen(w->word), out) || *out < 1 ||
        *out > 100000)
        return wrong(w, "Write a whole number from 1 on.", what);
    return HF_OK;
}

/* 'within N days'; 'within' is the current word. */
static hf_status read_within(words *w, hf_i_condition *c)
{
    HF_TRY(read_count(w, "'within' needs a number of days", &c->within_days));
    if (!next(w) || strncmp(w->word, "day", 3) != 0)
        return wrong(w, "Write 'within 60 days'.", "only days are counted here");
    return HF_OK;
}

static hf_status read_pattern(words *w, hf_i_condition *c)
{
    if (!next(w) || !strchr(w->word, '.'))
        return wrong(w, "Write the id with whom it is about: answered.{me}, exchanges.ab.",
                     "an id like answered.{me} is needed");
    for (const char *p = strchr(w->word, '{'); p; p = strchr(p + 1, '{'))
        if (strncmp(p, "{me}", 4) != 0 && strncmp(p, "{other}", 7) != 0)
            return wrong(w, "There are {me} and {other}.", "not a place for a person");
    return (c->pattern = keep(w, w->word)) ? HF_OK : HF_E_NOMEM;
}

static hf_status read_finding(words *w, hf_i_condition *c, bool *more)
{
    HF_TRY(read_pattern(w, c));
    c->status = -1;
    while ((*more = next(w)) && strcmp(w->word, "or") != 0) {
        int status = 0;
        while (status <= HF_FINDING_NOT_SHOWN &&
               strcmp(w->word, hf_finding_status_name((hf_finding_status)status)) != 0)
            status++;
        if (status <= HF_FINDING_NOT_SHOWN)
            c->status = status;
        else if (strcmp(w->word, "within") == 0)
            HF_TRY(read_within(w, c));
        else if (strcmp(w->word, "and") != 0)
            HF_TRY(read_test(w, c));
    }
    return HF_OK;
}

static hf_status read_series(words *w, hf_i_condition *c, bool *more)
{
    HF_TRY(read_pattern(w, c));
    next(w);
    c->above = strcmp(w->word, "above") == 0;
    if (!c->above && strcmp(w->word, "below") != 0)
        return wrong(w, "Write 'series answered.{me} below usual 2'.", "neither above nor below");
    if (!next(w) || strcmp(w->word, "usual") != 0)
        return wrong(w, "Write 'series answered.{me} below usual 2'.", "'usual' is expected");
    HF_TRY(read_count(w, "how many periods running", &c->periods));
    *more = next(w);
    if (*more && strcmp(w->word, "within") == 0) {
        HF_TRY(read_within(w, c));
        *more = next(w);
    }
    return HF_OK;
}

static hf_status read_episodes(words *w, hf_i_condition *c, bool *more)
{
    static const char *const who[] = {"{me}", "{other}", "any"};
    static const char advice[] = "Write 'episodes {me} pursues 1 within 120 days', with {me}, "
                                 "{other} or any, and raised_need, pursues, withdraws, repairs, "
                                 "tried, open, returned or problem.";
    if (!next(w) || hf_i_word_of(w->word, who, HF_COUNT_OF(who)) < 0)
        return wrong(w, advice, "whose episodes?");
    if (!(c->pattern = keep(w, w->word)))
        return HF_E_NOMEM;
    next(w);
    int role = hf_i_word_of(w->word, hf_i_episode_names, HF_I_EPISODE_COUNT);
    if (role < 0)
        return wrong(w, advice, "not something that an episode shows");
    c->role = (hf_i_episode_role)role;
    HF_TRY(read_count(w, "how many episodes", &c->periods));
    *more = next(w);
    if (*more && strcmp(w->word, "within") == 0) {
        HF_TRY(read_within(w, c));
        *more = next(w);
    }
    return HF_OK;
}

static hf_status read_consent(words *w, hf_i_condition *c, bool *more)
{
    next(w);
    c->consent = strcmp(w->word, "both") == 0 ? HF_CONSENT_BOTH : HF_CONSENT_SOLO;
    if (strcmp(w->word, "both") != 0 && strcmp(w->word, "solo") != 0)
        return wrong(w, "Write 'consent solo' or 'consent both'.", "not a level of consent");
    *more = next(w);
    return HF_OK;
}

static hf_status read_me(words *w, bool *more)
{
    if (!next(w) || strcmp(w->word, "known") != 0)
        return wrong(w, "Write 'me known'.", "'known' is expected");
    *more = next(w);
    return HF_OK;
}

static hf_status read_condition(words *w, hf_i_condition *c, bool *more)
{
    static const char *const kinds[] = {"consent", "me", "finding", "series", "episodes"};
    next(w);
    int kind = hf_i_word_of(w->word, kinds, HF_COUNT_OF(kinds));
    if (kind < 0)
        return wrong(w, "A condition begins with finding, series, episodes, consent or me.",
                     "not a condition");
    c->kind = (hf_i_condition_kind)kind;
    switch (c->kind) {
    case HF_I_WHEN_CONSENT:
        return read_consent(w, c, more);
    case HF_I_WHEN_ME:
        return read_me(w, more);
    case HF_I_WHEN_FINDING:
        return read_finding(w, c, more);
    case HF_I_WHEN_EPISODES:
        return read_episodes(w, c, more);
    default:
        return read_series(w, c, more);
    }
}

/* 'when A or B': each is a condition of its own. */
static hf_status read_when(hf_rules *r, hf_i_rule *rule, const hf_i_block_line *line)
{
    words w = {r, line, line->value, "", false};
    for (bool more = true, first = true; more; first = false) {
        hf_i_condition c = {.line = line->line, .status = -1, .or_before = !first};
        c.unless = strcmp(line->key, "unless") == 0;
        HF_TRY(read_condition(&w, &c, &more));
        if (more && strcmp(w.word, "or") != 0)
            return wrong(&w, "Put 'or' between two conditions, or begin a new 'when' line.",
                         "more than one condition");
        HF_TRY(hf_i_grow(r->ctx, &r->conditions, &r->condition_capacity, r->condition_count + 1,
                         sizeof *r->conditions, HF_MAX_GUIDANCE_LINES, "conditions"));
        r->conditions[r->condition_count++] = c;
        rule->count++;
    }
    return HF_OK;
}

/* ---- a rule
 * --------------------------------------------------------------------------------------
 */

static hf_status read_weight(hf_rules *r, hf_i_rule *rule, const hf_i_block_line *line)
{
    int64_t weight;
    if (!hf_i_number_parse_int(line->value, strlen(line->value), &weight) || weight < 0 ||
        weight > 1000)
        return hf_i_blocks_fail(&r->blocks, line->line, "Write a whole number from 0 to 1000.",
                                "the weight '%.40s' is none", line->value);
    rule->pub.weight = (int)weight;
    return HF_OK;
}

static hf_status read_step(hf_rules *r, hf_i_rule *rule, const hf_i_block_line *line)
{
    int step = hf_i_word_of(line->value, step_names, HF_STEP_COUNT);
    if (step < 0)
        return hf_i_blocks_fail(&r->blocks, line->line,
                                "Steps are flooding, listen, need, problem, keep; safety is not "
                                "left to a file.",
                                "there is no step '%.40s'", line->value);
    rule->pub.step = (hf_step)step;
    return HF_OK;
}

static hf_status read_line(hf_rules *r, hf_i_rule *rule, const hf_i_block_line *line)
{
    static const char *const texts[] = {"practice", "mechanism", "source",
                                        "title",    "text",      "change"};
    const char **into[] = {&rule->pub.practice, &rule->pub.mechanism, &rule->pub.source,
                           &rule->title,        &rule->text,          &rule->change};
    int which = hf_i_word_of(line->key, texts, HF_COUNT_OF(texts));
    if (which >= 0) {
        *into[which] = line->value;
        return HF_OK;
    }
    if (strcmp(line->key, "step") == 0)
        return read_step(r, rule, line);
    if (strcmp(line->key, "weight") == 0)
        return read_weight(r, rule, line);
    if (strcmp(line->key, "when") == 0 || strcmp(line->key, "unless") == 0)
        return read_when(r, rule, line);
    if (strcmp(line->key, "grade") == 0) {
        rule->pub.grade = line->value[0];
        if (strchr("ABC", line->value[0]) && !line->value[1])
            return HF_OK;
        return hf_i_blocks_fail(&r->blocks, line->line, "Grades are A, B and C.",
                                "there is no grade '%.40s'", line->value);
    }
    return hf_i_blocks_fail(&r->blocks, line->line,
                            "A rule has step, weight, grade, practice, mechanism, source, title, "
                            "text, change, when and unless.",
                            "a rule has no '%.40s'", line->key);
}

static hf_status read_rule(hf_rules *r, const hf_i_block *block)
{
    hf_i_rule rule = {.pub = {.id = block->id,
                              .mechanism = "",
                              .source = "",
                              .step = HF_STEP_COUNT,
                              .weight = 10,
                              .line = block->line},
                      .first = r->condition_count};
    if (strcmp(block->kind, "rule") != 0)
        return hf_i_blocks_fail(&r->blocks, block->line, "Begin a rule with 'rule NAME'.",
                                "there is no '%.40s' in a rules file", block->kind);
    for (size_t i = 0; i < block->count; i++)
        HF_TRY(read_line(r, &rule, &r->blocks.lines[block->first + i]));
    if (rule.pub.step == HF_STEP_COUNT || !rule.pub.grade || !rule.count)
        return hf_i_blocks_fail(&r->blocks, block->line, "Add what is missing.",
                                "the rule '%.40s' has no %s", rule.pub.id,
                                !rule.count       ? "'when'"
                                : !rule.pub.grade ? "'grade'"
                                                  : "'step'");
    HF_TRY(hf_i_grow(r->ctx, &r->rules, &r->capacity, r->count + 1, sizeof *r->rules,
                     HF_MAX_GUIDANCE_LINES, "rules"));
    r->rules[r->count++] = rule;
    return HF_OK;
}

static hf_status read_rules(hf_rules *r, const char *path)
{
    HF_TRY(hf_i_blocks_read(&r->blocks, r->ctx, path, "guidance/rules.txt"));
    for (size_t i = 0; i < r->blocks.count; i++)
        HF_TRY(read_rule(r, &r->blocks.blocks[i]));
    return HF_OK;
}

hf_status hf_rules_read(hf_rules **out, hf_ctx *ctx, const char *path)
{
    *out = NULL;
    hf_rules *r = hf_i_calloc(ctx, 1, sizeof *r);
    if (!r)
        return HF_E_NOMEM;
    r->ctx = ctx;
    hf_status status = read_rules(r, path);
    if (status == HF_OK)
        *out = r;
    else
        hf_rules_free(r);
    return status;
}

void hf_rules_free(hf_rules *r)
{
    if (!r)
        return;
    hf_i_free(r->ctx, r->rules);
    hf_i_free(r->ctx, r->conditions);
    hf_i_blocks_dispose(&r->blocks);
    hf_i_free(r->ctx, r);
}

size_t hf_rules_count(const hf_rules *r)
{
    return r->count;
}

const hf_rule *hf_rules_get(const hf_rules *r, size_t index)
{
    return index < r->count ? &r->rules[index].pub : NULL;
}
