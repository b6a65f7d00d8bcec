/* SPDX-License-Identifier: MIT */
/* What the pair says of phases and roles, and what the words of an episode name. */
#ifndef HF_CYCLE_CORRECTED_H
#define HF_CYCLE_CORRECTED_H

#include "cycle/cycle.h"

/* Phases of the corrections file, into fixed_phase. HF_E_PARSE with the line for an unknown one. */
hf_status hf_i_phases_correct(hf_cycle_turn *turns, const hf_analysis *analysis);
/* Roles of the corrections file, {"target": id of any turn of the episode, "field": "role",
 * "value": "pursues=a,repairs=both"}; of a cycle made from an analysis. Targets outside of any
 * episode hold nothing. */
hf_status hf_i_roles_correct(hf_cycle *cycle);

/* problems.c: the problems that the words of the episodes name (data/cycle/problems_en.txt). */
hf_status hf_i_problems_find(hf_cycle *cycle);
/* The one that a quarter of an episode's turns (two at least) name, or none. */
hf_problem hf_i_problem_of(const hf_cycle *cycle, const hf_episode *episode);

#endif
