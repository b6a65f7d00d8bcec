/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("elan", "a.eaf")
