/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("line", "line.txt")
