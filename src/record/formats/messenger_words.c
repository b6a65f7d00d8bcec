/* SPDX-License-Identifier: MIT */
#include "record/formats/messenger.h"

#include <string.h>

hf_message_kind hf_i_messenger_sentence(hf_text t)
{
    static const struct {
        const char *text;
        hf_message_kind kind;
        bool end; /* at the end, else anywhere */
    } sentences[] = {
        {" to your message", HF_KIND_SYSTEM, true},
        {" to your message ", HF_KIND_SYSTEM, true},
        {"Liked a message", HF_KIND_SYSTEM, true},
        {"sent an attachment.", HF_KIND_MEDIA, true},
        {"You missed a call from ", HF_KIND_CALL, false},
        {"You missed a video chat with ", HF_KIND_CALL, false},
        {" missed your call.", HF_KIND_CALL, true},
        {" missed a call from you.", HF_KIND_CALL, true},
        {" called you.", HF_KIND_CALL, true},
        {"The video chat ended.", HF_KIND_CALL, true},
        {"You are now connected on Messenger", HF_KIND_SYSTEM, false},
        {"You can now message and call each other", HF_KIND_SYSTEM, false},
        {" named the group ", HF_KIND_SYSTEM, false},
        {" set the nickname for ", HF_KIND_SYSTEM, false},
        {" set your nickname to ", HF_KIND_SYSTEM, false},
        {" set his own nickname to ", HF_KIND_SYSTEM, false},
        {" set her own nickname to ", HF_KIND_SYSTEM, false},
        {" changed the theme to ", HF_KIND_SYSTEM, false},
        {" changed the chat theme", HF_KIND_SYSTEM, false},
        {" set the emoji to ", HF_KIND_SYSTEM, false},
        {" set the quick reaction to ", HF_KIND_SYSTEM, false},
        {" auf deine Nachricht reagiert", HF_KIND_SYSTEM, true},
        {" a réagi ", HF_KIND_SYSTEM, false},
        {" reaccionó con ", HF_KIND_SYSTEM, false},
        {"hat einen Anhang gesendet.", HF_KIND_MEDIA, true},
        {" a envoyé une pièce jointe.", HF_KIND_MEDIA, true},
        {" envió un archivo adjunto.", HF_KIND_MEDIA, true},
    };
    for (size_t i = 0; t.size < 300 && i < HF_COUNT_OF(sentences); i++) {
        size_t n = strlen(sentences[i].text);
        const char *at = memmem(t.data, t.size, sentences[i].text, n);
        bool reacted = !strstr(sentences[i].text, "your message") ||
                       memmem(t.data, t.size, "eacted ", 7) != NULL;
        if (at && reacted && (!sentences[i].end || (size_t)(at - t.data) + n == t.size))
            return sentences[i].kind;
    }
    return HF_KIND_TEXT;
}
