/* SPDX-License-Identifier: MIT */
#include "signal/text/suite.h"

#include "signal/text/features.h"

#include <string.h>

const char *const hf_i_set_names[HF_SET_COUNT] = {
    "goemotions",        "offmychest",         "casino", "convabuse", "xed",
    "persuasionforgood", "empathic_reactions", "acts"};

/* In the order of the source's emotions.txt. */
const char *const hf_i_goemotions[28] = {
    "admiration",    "amusement",   "anger",    "annoyance",      "approval",    "caring",
    "confusion",     "curiosity",   "desire",   "disappointment", "disapproval", "disgust",
    "embarrassment", "excitement",  "fear",     "gratitude",      "grief",       "joy",
    "love",          "nervousness", "optimism", "pride",          "realization", "relief",
    "remorse",       "sadness",     "surprise", "neutral"};

/* Groups of emotions by their numbers. Those that equal one emotion or another group (disgust,
 * neutral, positive = joy, ambiguous = surprise) are learnt once. */
static const struct {
    const char *name;
    uint32_t members;
} groups[] = {
    {"ekman_anger", 1u << 2 | 1u << 3 | 1u << 10},
    {"ekman_fear", 1u << 14 | 1u << 19},
    {"ekman_joy", 1u << 0 | 1u << 1 | 1u << 4 | 1u << 5 | 1u << 8 | 1u << 13 | 1u << 15 | 1u << 17 |
                      1u << 18 | 1u << 20 | 1u << 21 | 1u << 23},
    {"ekman_sadness", 1u << 25 | 1u << 9 | 1u << 12 | 1u << 16 | 1u << 24},
    {"ekman_surprise", 1u << 6 | 1u << 7 | 1u << 22 | 1u << 26},
    {"sentiment_negative", 1u << 2 | 1u << 3 | 1u << 9 | 1u << 10 | 1u << 11 | 1u << 12 | 1u << 14 |
                               1u << 16 | 1u << 19 | 1u << 24 | 1u << 25},
    {"sentiment_other", 1u << 6 | 1u << 7 | 1u << 22 | 1u << 26 | 1u << 27},
};

static const char *const offmychest_labels[] = {"emotional_disclosure",
                                                "information_disclosure",
                                                "support",
                                                "general_support",
                                                "info_support",
                                                "emo_support",
                                                NULL};
static const char *const casino_labels[] = {
    "self_need", "other_need",           "showing_empathy", "uv_part",    "vouch_fair",
    "no_need",   "promote_coordination", "elicit_pref",     "small_talk", "non_strategic",
    NULL};
static const char *const convabuse_labels[] = {"abusive",
                                               "n_intellectual=aux_insult",
                                               "n_sexist=aux_sexist",
                                               "n_explicit=aux_explicit",
                                               "n_sex_harassment=aux_sexual",
                                               "n_target_system=aux_target",
                                               "n_strong=aux_strong",
                                               "n_mild=aux_mild",
                                               NULL};
static const char *const xed_labels[] = {"neutral=xed_neutral",
                                         "anger=xed_anger",
                                         "anticipation=xed_anticipation",
                                         "disgust=xed_disgust",
                                         "fear=xed_fear",
                                         "joy=xed_joy",
                                         "sadness=xed_sadness",
                                         "surprise=xed_surprise",
                                         "trust=xed_trust",
                                         NULL};
static const char *const persuasion_labels[] = {"personal_story=p4g_story",
                                                "emotion_appeal=p4g_emotion",
                                                "self_modeling=p4g_modeling",
                                                "praise_user=p4g_praise",
                                                "credibility_appeal=p4g_cred",
                                                "logical_appeal=p4g_logic",
                                                "personal_related_inquiry=p4g_inquiry",
                                                "acknowledgement=p4g_ack",
                                                "thank=p4g_thank",
                                                "positive_reaction_to_donation=p4g_yes",
                                                "negative_reaction_to_donation=p4g_no",
                                                NULL};
static const char *const empathic_labels[] = {"empathy_bin=emp_empathy",
                                              "distress_bin=emp_distress", NULL};

static const struct {
    const char *file;
    hf_i_set set;
    bool optional;
    hf_i_table_spec spec;
} tables[] = {
    {"offmychest/train.tsv",
     HF_SET_OFFMYCHEST,
     false,
     {.text = "text", .group = "post", .labels = offmychest_labels}},
    {"casino/train.tsv",
     HF_SET_CASINO,
     false,
     {.text = "text",
      .group = "dialogue",
      .prev_from_rows = true,
      .only = "annotated",
      .labels = casino_labels}},
    {"casino/valid.tsv",
     HF_SET_CASINO,
     false,
     {.text = "text",
      .group = "dialogue",
      .prev_from_rows = true,
      .only = "annotated",
      .labels = casino_labels}},
    {"convabuse/train.tsv",
     HF_SET_CONVABUSE,
     false,
     {.text = "text",
      .group = "conversation",
      .prev = {"system", "prev_user", "prev_system"},
      .labels = convabuse_labels}},
    {"convabuse/valid.tsv",
     HF_SET_CONVABUSE,
     false,
     {.text = "text",
      .group = "conversation",
      .prev = {"system", "prev_user", "prev_system"},
      .labels = convabuse_labels}},
    {"xed/train.tsv", HF_SET_XED, true, {.text = "text", .labels = xed_labels}},
    {"persuasionforgood/units.tsv",
     HF_SET_PERSUASION,
     true,
     {.text = "text", .group = "dialogue", .labels = persuasion_labels}},
    {"empathic_reactions/train.tsv",
     HF_SET_EMPATHIC,
     true,
     {.text = "text", .group = "writer", .labels = empathic_labels}},
};

static hf_status emotion_row(hf_i_corpus *c, const char *path, uint64_t line, const char *p,
                             const char *end, const int *label, const int *group)
{
    const char *tab = memchr(p, '\t', (size_t)(end - p));
    const char *tab2 = tab ? memchr(tab + 1, '\t', (size_t)(end - tab - 1)) : NULL;
    hf_i_place place = {.file = path, .line = line};
    if (!tab2)
        return hf_i_fail_at(c->ctx, HF_E_PARSE, &place, NULL, "not text, labels, id");
    hf_i_corpus_row row = {.text = p, .len = (uint32_t)(tab - p), .set = HF_SET_GOEMOTIONS};
    row.group = hf_i_text_hash(tab2 + 1, (size_t)(end - tab2 - 1), 1);
    HF_TRY(hf_i_corpus_add(c, &row));
    int8_t *labels = hf_i_corpus_labels(c, c->count - 1);
    uint32_t mask = 0;
    for (const char *q = tab + 1; q < tab2;) {
        unsigned number = 0;
        for (; q < tab2 && *q >= '0' && *q <= '9' && number < 100; q++)
            number = number * 10 + (unsigned)(*q - '0');
        if (number > 27 || (q < tab2 && *q != ','))
            return hf_i_fail_at(c->ctx, HF_E_PARSE, &place, NULL, "labels are numbers 0 to 27");
        mask |= 1u << number;
        q++;
    }
    for (unsigned i = 0; i < 28; i++)
        labels[label[i]] = (mask >> i & 1u) != 0;
    for (size_t i = 0; i < HF_COUNT_OF(groups); i++)
        labels[group[i]] = (mask & groups[i].members) != 0;
    return HF_OK;
}

static hf_status read_goemotions(hf_i_corpus *c, const char *path)
{
    int label[28], group[HF_COUNT_OF(groups)];
    for (size_t i = 0; i < 28; i++)
        if ((label[i] = hf_i_corpus_label(c, hf_i_goemotions[i], HF_SET_GOEMOTIONS)) < 0)
            return HF_E_LIMIT;
    for (size_t i = 0; i < HF_COUNT_OF(groups); i++)
        if ((group[i] = hf_i_corpus_label(c, groups[i].name, HF_SET_GOEMOTIONS)) < 0)
            return HF_E_LIMIT;
    const hf_i_file *file;
    HF_TRY(hf_i_corpus_open(c, path, &file));
    const char *p = (const char *)file->data, *end = p + file->size;
    for (uint64_t line = 1; p < end; line++) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        stop = stop ? stop : end;
        const char *last = stop > p && stop[-1] == '\r' ? stop - 1 : stop;
        if (last > p)
            HF_TRY(emotion_row(c, path, line, p, last, label, group));
        p = stop + 1;
    }
    return HF_OK;
}

static hf_status join(hf_i_buf *path, const char *dir, const char *file)
{
    hf_i_buf_clear(path);
    HF_TRY(hf_i_buf_add_str(path, dir));
    HF_TRY(hf_i_buf_add_char(path, '/'));
    return hf_i_buf_add_str(path, file);
}

static bool exists(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (f)
        fclose(f);
    return f != NULL;
}

hf_status hf_i_suite_read(hf_i_corpus *c, const char *dir)
{
    hf_i_buf path;
    hf_i_buf_init(&path, c->ctx, 4096, "the path");
    hf_status s = join(&path, dir, "goemotions/train.tsv");
    if (s == HF_OK)
        s = read_goemotions(c, path.data);
    if (s == HF_OK)
        s = join(&path, dir, "goemotions/dev.tsv");
    if (s == HF_OK)
        s = read_goemotions(c, path.data);
    for (size_t i = 0; s == HF_OK && i < HF_COUNT_OF(tables); i++) {
        s = join(&path, dir, tables[i].file);
        if (s == HF_OK && (!tables[i].optional || exists(path.data)))
            s = hf_i_corpus_read_table(c, path.data, &tables[i].spec, tables[i].set);
    }
    hf_i_buf_dispose(&path);
    return s;
}
