/* SPDX-License-Identifier: MIT */
#define DIRECTIONS 12
#define KERNEL     hf_i_kernel_12_avx2
#include "infer/kernel/kernels.inc"
