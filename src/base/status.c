/* SPDX-License-Identifier: MIT */
#include "base/base.h"

static const struct {
    const char *name, *text;
    int exit_code;
} statuses[] = {
#define HF_STATUS_ROW(name, exit_code, text) {"HF_" #name, text, exit_code},
    HF_STATUS_LIST(HF_STATUS_ROW)
#undef HF_STATUS_ROW
};

static size_t row_of(hf_status status)
{
    return (unsigned)status < HF_COUNT_OF(statuses) ? (size_t)status : (size_t)HF_E_INTERNAL;
}

const char *hf_status_name(hf_status status)
{
    return statuses[row_of(status)].name;
}

const char *hf_status_text(hf_status status)
{
    return statuses[row_of(status)].text;
}

int hf_status_exit_code(hf_status status)
{
    return statuses[row_of(status)].exit_code;
}
