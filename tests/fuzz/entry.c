/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every entry point of the module, in an order that the input says, over a key whose answers the
 * input changes (host.h). Whatever comes: a function says what the standard has for it, and nothing
 * is written behind the room there was.
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
        fz_call_one(fz_u8());
    fz_vendor_end();
    fz_end();
    return 0;
}
