/* SPDX-License-Identifier: Apache-2.0 */
/* A file that somebody uploads: whatever it is taken for, it begins as that does. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/filetype.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const magic[] = {"", "\xff\xd8\xff", "\x89PNG", "%PDF-"};
    const char *begin = magic[bk_filetype_of(data, size)];
    if (size < strlen(begin) || memcmp(data, begin, strlen(begin)) != 0)
        abort();
    return 0;
}
