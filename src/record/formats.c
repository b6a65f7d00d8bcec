/* SPDX-License-Identifier: MIT */
#include "record/format.h"

#include <string.h>

/* Where two claim a file with the same weight, the earlier row wins. */
const hf_i_format *const hf_i_formats[] = {
    &hf_i_format_whatsapp,
    &hf_i_format_telegram,
    &hf_i_format_imessage,
    &hf_i_format_sms,
    &hf_i_format_messenger,
    &hf_i_format_messenger_html,
    &hf_i_format_signal,
    &hf_i_format_signal_export,
    &hf_i_format_discord,
    &hf_i_format_slack,
    &hf_i_format_google_chat,
    &hf_i_format_hangouts,
    &hf_i_format_element,
    &hf_i_format_element_text,
    &hf_i_format_weflow,
    &hf_i_format_chatlab,
    &hf_i_format_line,
    &hf_i_format_kakaotalk,
    &hf_i_format_telegram_html,
    &hf_i_format_imessage_text,
    /* Sessions. */
    &hf_i_format_webvtt,
    &hf_i_format_srt,
    &hf_i_format_cha,
    &hf_i_format_textgrid,
    &hf_i_format_elan,
    &hf_i_format_transcript,
    &hf_i_format_boris,
    &hf_i_format_mail,
    &hf_i_format_csv,
    &hf_i_format_diary,
    &hf_i_format_sav,
    &hf_i_format_native,
    NULL,
};

enum { FORMATS = HF_COUNT_OF(hf_i_formats) - 1 };

const hf_i_format *hf_i_format_find(const char *id)
{
    for (size_t i = 0; hf_i_formats[i]; i++)
        if (strcmp(hf_i_formats[i]->info.id, id) == 0)
            return hf_i_formats[i];
    return NULL;
}

size_t hf_formats_count(void)
{
    return FORMATS;
}

const hf_format *hf_formats_get(size_t index)
{
    return index < FORMATS ? &hf_i_formats[index]->info : NULL;
}
