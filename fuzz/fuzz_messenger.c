/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("messenger", "message_1.json")
