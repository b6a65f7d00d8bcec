/* SPDX-License-Identifier: MIT */
/* Synthetic turns with their truth: a state-dependent, self- and mutually exciting point process
 * over a noisy path of the theory (doc/contracts.md 7). This is the ground truth for whatever
 * reads acts and phases back. */
#ifndef HF_SIMULATE_SYNTHETIC_H
#define HF_SIMULATE_SYNTHETIC_H

#include <holdfast/simulate.h>

#include "base/base.h"
#include "model/nepd/nepd.h"

/* Acts in the order of data/nepd/acts.tsv; X(identifier). */
#define HF_SYNTHETIC_ACTS(X)                                                                       \
    X(none)                                                                                        \
    X(logistics)                                                                                   \
    X(question)                                                                                    \
    X(need)                                                                                        \
    X(disclosure)                                                                                  \
    X(support) X(acknowledge) X(reassurance) X(hard_emotion) X(blame) X(contempt) X(defence)       \
        X(disengage) X(space) X(boundary) X(repair)
enum {
#define HF_SYNTHETIC_ENUM(name) HF_SYN_##name,
    HF_SYNTHETIC_ACTS(HF_SYNTHETIC_ENUM)
#undef HF_SYNTHETIC_ENUM
        HF_SYN_ACTS
};
const char *hf_i_synthetic_act_name(int act);

/* doc/contracts.md 5 */
enum {
    HF_PHASE_I_CONNECTION,
    HF_PHASE_I_NEED,
    HF_PHASE_I_EMOTION,
    HF_PHASE_I_PROTECTION,
    HF_PHASE_I_DISTANCE,
    HF_PHASE_I_REPAIR,
    HF_PHASE_I_COUNT
};
const char *hf_i_synthetic_phase_name(int phase);

typedef struct hf_i_synthetic_turn {
    int64_t t_ms; /* local time, start + t */
    double t_h;   /* hours since the start */
    int sender;   /* 0, 1 */
    int act;      /* true */
    int noisy;    /* as a text model with the given confusion would read it */
    int phase;
    int32_t episode; /* index, -1 outside */
    double state[HF_STATE_COUNT];
    double answer[2]; /* R_a, R_b */
} hf_i_synthetic_turn;

/* Roles are bit masks: 1 = a, 2 = b. */
typedef struct hf_i_synthetic_episode {
    size_t onset, last; /* turns */
    bool returned;      /* to connection before the end of the record */
    unsigned raised_need, pursues, withdraws, repairs;
} hf_i_synthetic_episode;

typedef struct hf_i_synthetic {
    hf_ctx *ctx;
    hf_i_synthetic_turn *turns;
    size_t count, capacity;
    hf_i_synthetic_episode *episodes;
    size_t episode_count, episode_capacity;
} hf_i_synthetic;

typedef struct hf_i_synthetic_options {
    hf_pair pair;
    double hours;
    int64_t start_ms; /* local time of hour 0; 0: 2025-01-06T00:00 */
    uint64_t seed, replicate;
    double closeness;
    const hf_change *changes;
    size_t change_count;
    const char *constants; /* file, or NULL */
    /* confusion[true][read], rows summing to 1; NULL: acts are read as they are */
    const double (*confusion)[HF_SYN_ACTS];
} hf_i_synthetic_options;

/* Same options, same bits. HF_E_LIMIT above 5 million turns. */
hf_status hf_i_synthetic_make(hf_i_synthetic *out, hf_ctx *ctx,
                              const hf_i_synthetic_options *options);
/* The same, and the path it stands on (every 0.125 h); the caller frees it. */
hf_status hf_i_synthetic_make_with_path(hf_i_synthetic *out, hf_ctx *ctx,
                                        const hf_i_synthetic_options *options, hf_paths **path);
void hf_i_synthetic_dispose(hf_i_synthetic *s);

/* The phase of a state (doc/contracts.md 7): thresholds in data/nepd/phases.tsv. rising: closeness
 * rises; after: an episode is open. */
typedef struct hf_i_phase_rule {
    double protection, distance_close, distance_express, need_silence, repair, need;
} hf_i_phase_rule;
hf_status hf_i_phase_rule_read(hf_i_phase_rule *out, hf_ctx *ctx);
int hf_i_phase_of(const hf_i_phase_rule *rule, const double state[HF_STATE_COUNT],
                  const double threshold[2], const double answer[2], bool rising, bool after,
                  bool long_gap);

/* R_i of a state, as the kernel has it, without softening or a break: for marks and phases.
 * respond: partner i's gain. */
double hf_i_pair_answer(const hf_i_nepd_constants *k, double respond, const double *s, int i);

#endif
