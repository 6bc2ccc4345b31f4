/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The vendor interface: what a platform answers to an unlock, certificates and envelopes of a
 * renewal, parameters. They are right ones that the input changes, or the input's own.
 */
#include "calls.h"

#define CALLS 40 /* of a run */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!fz_begin(data, size))
        return 0;
    fz_vendor_begin();
    for (int i = 0; i < CALLS && fz_left(); i++)
        fz_call_one(fz_call_count + fz_u8() % fz_vendor_call_count);
    fz_vendor_end();
    fz_end();
    return 0;
}
