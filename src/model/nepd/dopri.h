/* SPDX-License-Identifier: MIT */
/* Error-controlled integration: Dormand & Prince 5(4) (1980, J. Comp. Appl. Math. 6:19). */
#ifndef HF_MODEL_NEPD_DOPRI_H
#define HF_MODEL_NEPD_DOPRI_H

#include "model/nepd/nepd.h"

/* From t to t + length with constant inputs. The step is that of the worst lane, so lanes must
 * hold the same pair where results may not depend on their neighbours. *h carries the step from
 * call to call (0 at first). */
void hf_i_nepd_dopri5(const hf_i_nepd *model, const hf_i_nepd_input *in, hf_v4 x[HF_NEPD_STATES],
                      double length, double tolerance, double *h);

#endif
