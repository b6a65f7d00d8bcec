/* SPDX-License-Identifier: MIT */
/* Pages of HTML as exports write them: tags and the text between, no more. */
#ifndef HF_RECORD_FORMATS_HTML_H
#define HF_RECORD_FORMATS_HTML_H

#include "record/format.h"

typedef struct hf_i_html {
    const char *data, *p, *end;
    /* Places, asked for in order. */
    const char *counted;
    uint64_t line;
    bool cut; /* the page ends inside a tag, at p */
} hf_i_html;

void hf_i_html_open(hf_i_html *h, const char *data, size_t size);
/* The next tag ('<div class="a">') and the text before it; false at the end, when text is what is
 * left. Comments and the like are tags too. */
bool hf_i_html_next(hf_i_html *h, hf_text *text, hf_text *tag);
/* Byte and line of a place in the page. */
hf_source hf_i_html_place(hf_i_html *h, const char *at);

/* '<div', '</div': the start of a tag, whole words only. */
bool hf_i_html_is(hf_text tag, const char *start);
/* Whether a tag is one that has no end ('<br>', '<img ...>', '<a .../>', comments). */
bool hf_i_html_is_void(hf_text tag);
/* The value of an attribute; empty when it is not there. */
hf_text hf_i_html_attribute(hf_text tag, const char *name);
/* Whether a class is among those of the attribute. */
bool hf_i_html_has_class(hf_text classes, const char *name);
/* Adds text with its references ('&amp;', '&#39;') as characters. */
hf_status hf_i_html_add_text(hf_i_buf *to, hf_text text);

#endif
