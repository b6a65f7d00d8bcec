/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("cha", "a.cha")
