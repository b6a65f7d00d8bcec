/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("sms", "sms.xml")
