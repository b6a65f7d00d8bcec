/* SPDX-License-Identifier: MIT */
#define DIRECTIONS 0
#define KERNEL     hf_i_kernel_0_plain
#include "infer/kernel/kernels.inc"
