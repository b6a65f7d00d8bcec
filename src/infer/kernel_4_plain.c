/* SPDX-License-Identifier: MIT */
#define DIRECTIONS 4
#define KERNEL     hf_i_kernel_4_plain
#include "infer/kernel/kernels.inc"
