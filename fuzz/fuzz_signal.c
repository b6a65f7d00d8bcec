/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("signal", "main.jsonl")
