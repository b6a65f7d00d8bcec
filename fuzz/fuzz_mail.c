/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("mail", "a.mbox")
