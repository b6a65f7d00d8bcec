/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("kakaotalk", "kakao.txt")
