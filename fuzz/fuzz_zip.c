/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER(NULL, "chat.zip")
