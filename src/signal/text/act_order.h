/* SPDX-License-Identifier: MIT */
#ifndef HF_SIGNAL_TEXT_ACT_ORDER_H
#define HF_SIGNAL_TEXT_ACT_ORDER_H

/* The acts one turn can do, in the order of doc/contracts.md 7, which the simulator keeps too (its
 * room stands lower and has its own names); -1 is none. */
enum { HF_I_ACT_ORDER = 16 };
extern const int hf_i_act_order[HF_I_ACT_ORDER];

#endif
