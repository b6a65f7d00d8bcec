/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("telegram", "result.json")
