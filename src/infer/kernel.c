/* SPDX-License-Identifier: MIT */
#include "infer/kernel.h"

extern const hf_i_kernel hf_i_kernel_0_plain, hf_i_kernel_4_plain, hf_i_kernel_8_plain,
    hf_i_kernel_12_plain;
#if defined(__x86_64__)
extern const hf_i_kernel hf_i_kernel_0_avx2, hf_i_kernel_4_avx2, hf_i_kernel_8_avx2,
    hf_i_kernel_12_avx2;
#endif

const hf_i_kernel *hf_i_kernel_get(int directions, bool plain)
{
    static const hf_i_kernel *const plains[] = {&hf_i_kernel_0_plain, &hf_i_kernel_4_plain,
                                                &hf_i_kernel_8_plain, &hf_i_kernel_12_plain};
#if defined(__x86_64__)
    static const hf_i_kernel *const avx2[] = {&hf_i_kernel_0_avx2, &hf_i_kernel_4_avx2,
                                              &hf_i_kernel_8_avx2, &hf_i_kernel_12_avx2};
    if (!plain && __builtin_cpu_supports("avx2"))
        return avx2[directions / 4];
#endif
    (void)plain;
    return plains[directions / 4];
}
