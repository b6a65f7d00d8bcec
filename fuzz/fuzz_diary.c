/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("diary", "a.csv")
