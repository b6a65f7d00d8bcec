/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("whatsapp", "_chat.txt")
