/* SPDX-License-Identifier: MIT */
/* All of Holdfast's public headers. */
#ifndef HOLDFAST_HOLDFAST_H
#define HOLDFAST_HOLDFAST_H

#include <holdfast/attachment.h>
#include <holdfast/base.h>
#include <holdfast/consent.h>
#include <holdfast/cycle.h>
#include <holdfast/finding.h>
#include <holdfast/guidance.h>
#include <holdfast/record.h>
#include <holdfast/report.h>
#include <holdfast/safety.h>
#include <holdfast/sequence.h>
#include <holdfast/series.h>
#include <holdfast/text_model.h>
#include <holdfast/signal.h>
#include <holdfast/simulate.h>

#endif
