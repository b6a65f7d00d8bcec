/* SPDX-License-Identifier: MIT */
#ifndef HF_REPORT_REPORT_H
#define HF_REPORT_REPORT_H

#include <holdfast/report.h>

#include "text/sink.h"

hf_status hf_i_report_document(const hf_findings *findings, hf_i_sink sink);

#endif
