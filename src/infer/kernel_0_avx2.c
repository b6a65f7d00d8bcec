/* SPDX-License-Identifier: MIT */
#define DIRECTIONS 0
#define KERNEL     hf_i_kernel_0_avx2
#include "infer/kernel/kernels.inc"
