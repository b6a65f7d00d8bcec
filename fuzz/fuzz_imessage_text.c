/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("imessage_text", "chat.txt")
