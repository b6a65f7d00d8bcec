/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("imessage", "chat.db")
