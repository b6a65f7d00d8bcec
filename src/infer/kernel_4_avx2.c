/* SPDX-License-Identifier: MIT */
#define DIRECTIONS 4
#define KERNEL     hf_i_kernel_4_avx2
#include "infer/kernel/kernels.inc"
