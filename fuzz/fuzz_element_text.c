/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("element_text", "element.txt")
