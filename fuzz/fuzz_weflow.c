/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("weflow", "chat.json")
