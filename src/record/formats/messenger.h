/* SPDX-License-Identifier: MIT */
/* What the readers of Messenger's JSON and HTML share. */
#ifndef HF_RECORD_FORMATS_MESSENGER_H
#define HF_RECORD_FORMATS_MESSENGER_H

#include "record/format.h"

/* What a text is: the app writes sentences of its own under a person's name. */
hf_message_kind hf_i_messenger_sentence(hf_text t);

#endif
