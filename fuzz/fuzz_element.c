/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("element", "export.json")
