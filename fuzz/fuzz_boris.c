/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("boris", "a.csv")
