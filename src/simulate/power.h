/* SPDX-License-Identifier: MIT */
/* Finished replicates of a power study, in memory and in a checkpoint file. */
#ifndef HF_SIMULATE_POWER_H
#define HF_SIMULATE_POWER_H

#include <holdfast/simulate.h>

enum { HF_POWER_EFFECTS = 3 };

typedef struct hf_i_power_row {
    double estimate[HF_POWER_EFFECTS], se[HF_POWER_EFFECTS];
    bool done, converged;
} hf_i_power_row;

typedef struct hf_i_power_file hf_i_power_file;

/* Reads what the file holds into rows (by replicate number) and opens it for more. A file of
 * another design is refused (HF_E_USAGE); a last line cut short by a kill is dropped. */
hf_status hf_i_power_file_open(hf_i_power_file **out, hf_ctx *ctx, const hf_power_options *options,
                               hf_i_power_row *rows, size_t *resumed);
hf_status hf_i_power_file_add(hf_i_power_file *file, hf_ctx *ctx, const hf_i_power_row *rows,
                              const size_t *replicates, size_t count);
void hf_i_power_file_close(hf_i_power_file *file);

#endif
