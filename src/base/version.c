/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "hf_config.h"

static const hf_feature features[] = {HF_FEATURE_ROWS{NULL, NULL, false, NULL}};

const char *hf_version(void)
{
    return HF_VERSION;
}

const hf_feature *hf_features(void)
{
    return features;
}
