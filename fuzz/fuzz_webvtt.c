/* SPDX-License-Identifier: MIT */
#include "record.h"

FUZZ_READER("webvtt", "a.webvtt")
