/* SPDX-License-Identifier: MIT */
/* What the caption formats (WebVTT, SRT, SBV) share: cues in, utterances with speakers out. */
#ifndef HF_RECORD_FORMATS_CAPTIONS_H
#define HF_RECORD_FORMATS_CAPTIONS_H

#include "record/formats/lines.h"

typedef struct hf_i_cue {
    int64_t start, end; /* ms of the recording */
    hf_text text;       /* as it stands, lines and marks included; lies in the input */
    hf_text speaker;    /* said outside of the cue ("NOTE Speaker 1"); size 0: not */
    hf_text id;
    uint64_t byte, line;
    uint32_t next_part; /* of the same utterance; 0: none */
    bool is_part;       /* belongs to an earlier cue */
    bool is_note;       /* what is no cue: kept as a note without time */
} hf_i_cue;

typedef struct hf_i_cues {
    hf_i_blob blob;
    hf_i_cue *cues;
    size_t count, capacity, at;
    struct hf_i_cue_names *names; /* of the speakers found */
    bool entities;                /* &amp; and so on stand for characters */
    bool by_line;                 /* most cues name their speaker: every name counts */
    bool rolling;                 /* each cue repeats what the one before it showed */
    hf_i_buf text;                /* of one utterance */
    hf_i_buf shown, before;       /* lines of this cue and of the one before it */
} hf_i_cues;

/* "[hh:]mm:ss[.,]mmm" at text[*at], moves *at behind it. */
bool hf_i_cue_time(const char *text, size_t size, size_t *at, int64_t *ms);
hf_status hf_i_cues_add(hf_i_reader *r, hf_i_cues *c, const hf_i_cue *cue);
/* Keeps lines that belong to no cue as a note, with a warning. */
hf_status hf_i_cues_note(hf_i_reader *r, hf_i_cues *c, const char *from, const char *to,
                         uint64_t line);
/* Once all cues are there: finds the speakers, then next gives rows. */
hf_status hf_i_cues_start(hf_i_reader *r, hf_i_cues *c);
hf_status hf_i_cues_next(hf_i_reader *r, bool *more); /* r->state is a hf_i_cues */
void hf_i_cues_close(hf_i_reader *r);
/* Opens the only entry; makes r->state. */
hf_status hf_i_cues_open(hf_i_reader *r, hf_i_cues **out);

/* captions_text.c */
/* The text of a cue without its marks; entities decoded where they count. */
hf_status hf_i_cue_plain(hf_i_buf *out, hf_text cue, bool entities);
/* How many bytes of a line are "Name: " (with what stands before the name), and the name; 0 when
 * it does not look like one. */
size_t hf_i_cue_speaker(hf_text line, hf_text *name);
/* The next "<v Name>" at or after from; the name as it stands. False: none. */
bool hf_i_cue_voice(hf_text cue, size_t from, size_t *start, size_t *end, hf_text *name);
bool hf_i_cue_has_times(hf_text cue); /* "<00:00:01.000>" inside */

#endif
