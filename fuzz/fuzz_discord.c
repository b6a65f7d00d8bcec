/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("discord", "dm.json")
