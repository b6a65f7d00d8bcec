/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("transcript", "a.txt")
