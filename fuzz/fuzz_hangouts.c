/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("hangouts", "hangouts.json")
