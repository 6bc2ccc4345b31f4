/* SPDX-License-Identifier: Apache-2.0 */
/* A phone number as somebody typed it: what is taken has the one form, and reads as itself. */
#include <stdlib.h>
#include <string.h>

#include <stdint.h>

#include "server/phone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char phone[BK_PHONE + 1];
    char *text = strndup((const char *)data, size);
    if (text && bk_phone_read(text, phone) &&
        (strlen(phone) != BK_PHONE || phone[0] != '1' || !bk_phone_valid(phone)))
        abort();
    free(text);
    return 0;
}
