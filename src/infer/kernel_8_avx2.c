/* SPDX-License-Identifier: MIT */
#define DIRECTIONS 8
#define KERNEL     hf_i_kernel_8_avx2
#include "infer/kernel/kernels.inc"
