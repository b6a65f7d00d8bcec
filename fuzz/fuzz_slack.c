/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("slack", "2023-04-13.json")
