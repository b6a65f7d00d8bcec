/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("csv", "messages.csv")
