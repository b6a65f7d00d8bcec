/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("chatlab", "chat.json")
