/* SPDX-License-Identifier: MIT */
/* labels: oracle */
#include "base/blake2b.h"
#include "support/test.h"

#include <sodium.h>

enum { MOST = 512 };

/* Texts of four lengths of so many blocks, the longest of size bytes, against libsodium. */
static void check(size_t size)
{
    static unsigned char bytes[4][MOST];
    size_t blocks = size ? (size + HF_I_BLAKE2B_BLOCK - 1) / HF_I_BLAKE2B_BLOCK : 1, sizes[4];
    size_t least = (blocks - 1) * HF_I_BLAKE2B_BLOCK + (blocks > 1);
    const unsigned char *text[4];
    uint64_t first[4];
    memset(bytes, 0, sizeof bytes);
    for (size_t k = 0; k < 4; k++) {
        sizes[k] = size > least + 5 * k ? size - 5 * k : size;
        text[k] = bytes[k];
        for (size_t i = 0; i < sizes[k]; i++)
            bytes[k][i] = (unsigned char)(i * i * 7 + k * 31 + size);
    }
    hf_i_blake2b_four(first, text, sizes, blocks);
    for (size_t k = 0; k < 4; k++) {
        unsigned char digest[64];
        uint64_t wanted = 0;
        crypto_generichash(digest, sizeof digest, bytes[k], sizes[k], NULL, 0);
        for (int i = 7; i >= 0; i--)
            wanted = wanted << 8 | digest[i];
        assert_true(first[k] == wanted);
    }
}

static void as_libsodium(void **state)
{
    (void)state;
    for (size_t size = 0; size <= MOST; size++)
        check(size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_libsodium)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
