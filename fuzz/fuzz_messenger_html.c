/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("messenger_html", "message_1.html")
