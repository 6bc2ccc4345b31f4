/* SPDX-License-Identifier: Apache-2.0 */
/* Every entry point of the module, called with what a run's input says. The C_Message functions
 * aren't among them: they refuse unlooked. */
#ifndef FUZZ_CALLS_H
#define FUZZ_CALLS_H

#include "draw.h"

struct fz_call {
    const char *name;
    CK_RV (*run)(void);
};
extern const struct fz_call fz_calls[], fz_vendor_calls[];
extern const size_t fz_call_count, fz_vendor_call_count;

/* The call by this number, counted over both lists. What it says must be what the standard has for
 * it. */
void fz_call_one(size_t which);
/* An unlock or renewal that an earlier run began is none of this one's. */
void fz_vendor_begin(void);
void fz_vendor_end(void);

#endif
