/* SPDX-License-Identifier: Apache-2.0 */
/* Which return values the standard (PKCS#11 3.0 clause 5, the vendor header for BJCA_ functions)
 * has for which entry point. */
#ifndef TEST_CODES_H
#define TEST_CODES_H

#include <stdbool.h>
#include <stddef.h>

#include "pkcs11/p11.h"

/* "C_Sign", "BJCA_UnlockBegin"; a name that isn't known allows nothing. */
bool codes_allow(const char *function, CK_RV rv);
/* All names, from 0; NULL behind the last. Of the C_Message functions none: they refuse unlooked. */
const char *codes_function(size_t i);

#endif
