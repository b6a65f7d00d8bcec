/* SPDX-License-Identifier: MIT */
/* Every declared maximum of the library, in one place. A reader that meets more refuses the file
 * with HF_E_LIMIT and says which limit it was. */
#ifndef HF_BASE_LIMITS_H
#define HF_BASE_LIMITS_H

#define HF_MAX_FILE_BYTES      (UINT64_C(64) << 30) /* one input file */
#define HF_MAX_LINE_BYTES      (UINT64_C(64) << 20) /* one line of a text source */
#define HF_MAX_MESSAGE_BYTES   (UINT64_C(16) << 20) /* one message body */
#define HF_MAX_NAME_BYTES      1024u                /* one person's name */
#define HF_MAX_SENDERS         4096u                /* people in one record */
#define HF_MAX_ROWS            (UINT64_C(1) << 31)  /* rows of one record */
#define HF_MAX_ARCHIVE_BYTES   (UINT64_C(16) << 30) /* what an archive may unpack to */
#define HF_MAX_ARCHIVE_RATIO   200u                 /* unpacked : packed, of one entry over 1 MiB */
#define HF_MAX_ARCHIVE_ENTRIES 200000u              /* entries of one archive */
#define HF_MAX_JSON_DEPTH      128u                 /* nesting of JSON and XML */
#define HF_MAX_CSV_COLUMNS     4096u                /* columns of one table */
#define HF_MAX_CSV_CELL_BYTES  (UINT64_C(16) << 20) /* one cell */
#define HF_MAX_WARNINGS        1000u                /* kept with place; the rest is counted */
#define HF_MAX_FINDINGS        100000u              /* in one document; figures, limits the same */
#define HF_MAX_THREADS         256
#define HF_MAX_GUIDANCE_LINES  20000u               /* of one rules, practices or words file */
#define HF_MAX_COACH_BYTES     2000u                /* one sentence for the request coach */

#endif
