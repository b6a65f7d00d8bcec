/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("telegram_html", "messages.html")
