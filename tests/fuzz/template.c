/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Templates and mechanism parameters: what makes, copies, changes, finds and reads objects, and
 * what begins an operation. The key may lie as under fuzz_entry; seeds leave it truthful.
 */
#include <string.h>

#include "calls.h"

#define CALLS 40 /* of a run */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {
    "C_CreateObject",
    "C_CopyObject",
    "C_DestroyObject",
    "C_GetAttributeValue",
    "C_SetAttributeValue",
    "C_FindObjectsInit",
    "C_FindObjects",
    "C_FindObjectsFinal",
    "C_GenerateKey",
    "C_GenerateKeyPair",
    "C_WrapKey",
    "C_UnwrapKey",
    "C_EncryptInit",
    "C_DecryptInit",
    "C_SignInit",
    "C_VerifyInit",
    "C_DigestInit",
    "C_Encrypt",
    "C_Decrypt",
    "C_Sign",
    "C_Verify",
    "C_GetObjectSize",
    "C_DigestKey",
    "C_GetMechanismInfo",
    "C_DeriveKey",
};
#define NAMES (sizeof names / sizeof *names)

static size_t number_of(const char *name)
{
    size_t i = 0;
    while (i < fz_call_count && strcmp(fz_calls[i].name, name) != 0)
        i++;
    FZ_CHECK(i < fz_call_count);
    return i;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!fz_begin(data, size))
        return 0;
    for (int i = 0; i < CALLS && fz_left(); i++)
        fz_call_one(number_of(names[fz_u8() % NAMES]));
    fz_end();
    return 0;
}
