/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("holdfast", "a.csv")
