/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("srt", "a.srt")
