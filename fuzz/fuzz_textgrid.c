/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("textgrid", "a.TextGrid")
