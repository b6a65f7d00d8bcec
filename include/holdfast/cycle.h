/* SPDX-License-Identifier: MIT */
/* Where it turned: phases of two people turn by turn, episodes out of connection and back, who
 * pursued, stepped back and mended in each, never a trait of a person.
 *
 * The model is a hidden Markov model over turns and the silences between them: the chain moves
 * with the clock (continuous time) and with what is said (a step a turn), and what is seen is acts,
 * tone, timing and uptake, each against the writer's own usual (doc/cycle.md has the equations, the
 * priors and how well it does). Fitted to each dyad by MAP-EM from documented priors, so that a
 * short record leans on them, and says how much. Not validated on coded couples.
 *
 * Times in hours, probabilities in 0..1, missing numbers NaN. The same input gives the same bits
 * for any number of threads. Sources: Rabiner 1989 (Proc. IEEE 77:257), Bureau, Shiboski & Hughes
 * 2003 (Stat. Med. 22:441; continuous time), Dempster, Laird & Rubin 1977 (EM). */
#ifndef HOLDFAST_CYCLE_H
#define HOLDFAST_CYCLE_H

#include <holdfast/attachment.h>
#include <holdfast/signal.h>
#include <holdfast/text_model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* doc/contracts.md 5 */
#define HF_PHASE_LIST(X)                                                                           \
    X(CONNECTION, "connection")                                                                    \
    X(NEED, "need")                                                                                \
    X(EMOTION, "emotion")                                                                          \
    X(PROTECTION, "protection")                                                                    \
    X(DISTANCE, "distance")                                                                        \
    X(REPAIR, "repair")
typedef enum hf_phase {
#define HF_PHASE_ENUM(name, text) HF_PHASE_##name,
    HF_PHASE_LIST(HF_PHASE_ENUM)
#undef HF_PHASE_ENUM
        HF_PHASE_COUNT
} hf_phase;
/* Static storage; hf_phase_find gives HF_PHASE_COUNT for an unknown name. */
HF_API const char *hf_phase_name(hf_phase phase);
HF_API hf_phase hf_phase_find(const char *name);

/* What a partner does in an episode. */
#define HF_ROLE_LIST(X)                                                                            \
    X(RAISED_NEED, "raised_need")                                                                  \
    X(PURSUES, "pursues")                                                                          \
    X(WITHDRAWS, "withdraws")                                                                      \
    X(REPAIRS, "repairs")
typedef enum hf_role {
#define HF_ROLE_ENUM(name, text) HF_ROLE_##name,
    HF_ROLE_LIST(HF_ROLE_ENUM)
#undef HF_ROLE_ENUM
        HF_ROLE_COUNT
} hf_role;
HF_API const char *hf_role_name(hf_role role);
HF_API hf_role hf_role_find(const char *name);

/* Who: bit masks, so that both = a | b. */
enum { HF_WHO_NONE = 0, HF_WHO_A = 1, HF_WHO_B = 2, HF_WHO_BOTH = 3 };
HF_API const char *hf_who_name(unsigned who); /* "none", "a", "b", "both" */

/* ---- what is seen ----------------------------------------------------------------------------
 */

/* One turn. A turn that is not coded, and each number that is NaN, says nothing and is passed over;
 * a masked one (its exchange is left out for safety) neither says nor gets anything. */
typedef struct hf_cycle_turn {
    double t_h, end_h;   /* first and last message, hours from any start; NaN: no times */
    double silence_h;    /* since the end of the turn before, without the quiet hours of the one
                            who wrote this; NaN: first turn, no times */
    uint32_t exchange;   /* from 0, ascending */
    uint8_t partner;     /* 0: a, 1: b */
    bool coded;          /* acts hold probabilities */
    bool masked;         /* left out for safety */
    bool unanswered;     /* no answer of the other was seen to it in time, where one was due */
    uint8_t fixed_phase; /* said by the pair (hf_phase); HF_PHASE_COUNT: not said */
    uint8_t need;        /* hf_need its words point to; HF_NEED_COUNT: none */
    uint8_t problem;     /* hf_problem its words name; HF_PROBLEM_NONE: none */
    float acts[HF_ACT_COUNT]; /* calibrated probabilities of the text model, or 0 and 1 as tagged */
    float warmth;             /* of the words, in the writer's own standard deviations */
    float wait;   /* log time this turn took to answer, likewise; > 0 slower than usual */
    float length; /* log words, likewise */
    float uptake; /* words shared with the turn answered, likewise */
} hf_cycle_turn;
/* Everything missing, nothing coded. */
HF_API void hf_cycle_turn_init(hf_cycle_turn *turn);

/* A concrete problem that two people may have, kept apart from the cycle
 * (data/cycle/problems_en.txt).
 */
#define HF_PROBLEM_LIST(X)                                                                         \
    X(NONE, "none")                                                                                \
    X(MONEY, "money")                                                                              \
    X(CARE, "care")                                                                                \
    X(WORK, "work")                                                                                \
    X(HOUSEHOLD, "household")                                                                      \
    X(TRUST, "trust")
typedef enum hf_problem {
#define HF_PROBLEM_ENUM(name, text) HF_PROBLEM_##name,
    HF_PROBLEM_LIST(HF_PROBLEM_ENUM)
#undef HF_PROBLEM_ENUM
        HF_PROBLEM_COUNT
} hf_problem;
HF_API const char *hf_problem_name(hf_problem problem);

/* ---- decoding --------------------------------------------------------------------------------
 */

typedef struct hf_cycle_options {
    size_t size;
    const char *priors; /* path of a priors file, or NULL: data/cycle/priors.tsv */
    int iterations;     /* of MAP-EM at most; 0: priors as they are */
    size_t least_turns; /* below it the record is too short to show a cycle */
    int hide;           /* 0 or 1: this partner's acts, tone and uptake are not looked at (solo);
                           -1: none */
} hf_cycle_options;
#define HF_CYCLE_OPTIONS_INIT                                                                      \
    {                                                                                              \
        sizeof(hf_cycle_options), NULL, 12, 40, -1                                                 \
    }

/* Why nothing, or less, is said. */
#define HF_CYCLE_STATE_LIST(X)                                                                     \
    X(ENOUGH, "enough")                                                                            \
    X(TOO_SHORT, "fewer turns than can show a cycle")                                              \
    X(NO_TEXT,                                                                                     \
      "too few turns whose words could be read or were tagged: timing alone is not enough")        \
    X(ONE_SIDED, "nearly all turns are of one partner")                                            \
    X(NO_TIME, "all turns carry the same time or none: silences cannot be seen")
typedef enum hf_cycle_state {
#define HF_CYCLE_STATE_ENUM(name, text) HF_CYCLE_##name,
    HF_CYCLE_STATE_LIST(HF_CYCLE_STATE_ENUM)
#undef HF_CYCLE_STATE_ENUM
        HF_CYCLE_STATE_COUNT
} hf_cycle_state;
HF_API const char *hf_cycle_state_text(hf_cycle_state state);

typedef struct hf_cycle hf_cycle;

/* Copies the turns (in order of time). Without enough to go by it still gives a cycle, whose state
 * says why; episodes are then none (state NO_TIME: only silences are not used). Cost: linear in
 * count. Errors: HF_E_NOMEM, HF_E_PARSE (priors file, with its line), HF_E_USAGE, HF_E_CANCELLED.
 */
HF_API hf_status hf_cycle_decode(hf_cycle **out, hf_ctx *ctx, const hf_cycle_turn *turns,
                                 size_t count, const hf_cycle_options *options);
/* From the turns of an analysis, as its consent level allows: in solo the other's turns are seen as
 * 'wrote' or 'did not write', nothing more. Its corrections of act, phase and role hold. The
 * analysis must outlive the cycle. */
HF_API hf_status hf_cycle_of_analysis(hf_cycle **out, hf_ctx *ctx, const hf_analysis *analysis,
                                      const hf_cycle_options *options);
HF_API void hf_cycle_free(hf_cycle *cycle);

HF_API hf_cycle_state hf_cycle_get_state(const hf_cycle *cycle);
HF_API size_t hf_cycle_count_turns(const hf_cycle *cycle);
HF_API const hf_cycle_turn *hf_cycle_get_turn(const hf_cycle *cycle, size_t index);
/* [HF_PHASE_COUNT] posterior probabilities given the whole record, borrowed; of a masked turn NaN.
 */
HF_API const float *hf_cycle_get_posterior(const hf_cycle *cycle, size_t index);
/* The phase that counts at a turn: protection where its posterior reaches the priors'
 * protection_from, else the most probable other one. Episodes are read off these. HF_PHASE_COUNT
 * for a masked turn. */
HF_API hf_phase hf_cycle_get_phase(const hf_cycle *cycle, size_t index);
/* On the one most probable path of the whole record (Viterbi). */
HF_API hf_phase hf_cycle_get_path(const hf_cycle *cycle, size_t index);
/* Posterior that partner (0, 1) pursues or withdraws at this turn, within protection. */
HF_API double hf_cycle_get_position(const hf_cycle *cycle, size_t index, hf_role role, int partner);

typedef enum hf_episode_end {
    HF_EPISODE_RETURNED, /* to connection */
    HF_EPISODE_FADED,    /* a day or more without protection, emotion or distance */
    HF_EPISODE_OPEN      /* the record ends, or a stretch left out for safety begins */
} hf_episode_end;
HF_API const char *hf_episode_end_name(hf_episode_end end); /* "returned", "faded", "open" */

typedef struct hf_episode {
    size_t onset, last;          /* first and last turn */
    size_t need_turn;            /* that opened it; SIZE_MAX: none was read */
    uint8_t need;                /* hf_need of that turn; HF_NEED_COUNT: not pointed to */
    double probability;          /* that the pair was in protection at some turn of it */
    unsigned who[HF_ROLE_COUNT]; /* HF_WHO_... */
    double who_probability[HF_ROLE_COUNT][2]; /* for a and for b */
    bool who_corrected[HF_ROLE_COUNT];
    size_t turns, protective; /* turns, and those in protection on the path */
    double escalation; /* hard acts in the second half of its protective turns less those in the
                          first, as shares; NaN: fewer than four */
    size_t repair_attempts, repair_landed;
    size_t first_repair; /* turn; SIZE_MAX: none */
    double
        repair_h;     /* from the first protective turn to the return, hours without quiet hours
                         taken out; censored: until the record's (or exchange's) end. NaN: no times */
    bool repair_seen; /* false: censored */
    hf_episode_end end;
    hf_problem problem; /* named in a quarter of its turns or more; kept apart */
} hf_episode;
HF_API size_t hf_cycle_count_episodes(const hf_cycle *cycle);
HF_API const hf_episode *hf_cycle_get_episode(const hf_cycle *cycle, size_t index);
/* The episode of a turn, SIZE_MAX outside. */
HF_API size_t hf_cycle_episode_of(const hf_cycle *cycle, size_t turn);

/* A fitted number: its prior, and how much of it is the prior's (1: all). */
typedef struct hf_cycle_parameter {
    const char *name; /* "leave.protection", "act.blame.protection" ... */
    double prior, value, lean;
} hf_cycle_parameter;
HF_API size_t hf_cycle_count_parameters(const hf_cycle *cycle);
HF_API const hf_cycle_parameter *hf_cycle_get_parameter(const hf_cycle *cycle, size_t index);
/* Mean lean of all parameters: 1 for an empty record, towards 0 with its length. */
HF_API double hf_cycle_get_lean(const hf_cycle *cycle);
HF_API double hf_cycle_get_log_likelihood(const hf_cycle *cycle);
HF_API int hf_cycle_get_iterations(const hf_cycle *cycle, bool *converged);

/* How often each partner [2] pursued or stepped back, by episode: stands next to a profile
 * (hf_profile_options), is never part of it. */
HF_API void hf_cycle_get_behaviour(const hf_cycle *cycle, hf_behaviour out[2]);

/* Adds findings and figures of the cycle to those of the analysis it was made from: once. */
HF_API hf_status hf_cycle_report(const hf_cycle *cycle, hf_analysis *analysis);

#ifdef __cplusplus
}
#endif
#endif
