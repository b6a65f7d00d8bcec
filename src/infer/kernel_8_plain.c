/* SPDX-License-Identifier: MIT */
#define DIRECTIONS 8
#define KERNEL     hf_i_kernel_8_plain
#include "infer/kernel/kernels.inc"
