/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("google_chat", "messages.json")
