/* SPDX-License-Identifier: MIT */
/* BLAKE2b of four short texts side by side. libsodium hashes one text at a time; a chat has a
 * million of them, each of a block or two. */
#ifndef HF_BASE_BLAKE2B_H
#define HF_BASE_BLAKE2B_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HF_I_BLAKE2B_BLOCK = 128 };

/* The first eight bytes of each text's digest, as a little-endian number. Unkeyed, 64 bytes of
 * digest. text[k] holds size[k] bytes and zeros up to blocks * 128 bytes; every size needs exactly
 * so many blocks (1 for an empty text). Source: RFC 7693. Cost: about 60 ns a text and block. */
void hf_i_blake2b_four(uint64_t out[4], const unsigned char *const text[4], const size_t size[4],
                       size_t blocks);

#endif
