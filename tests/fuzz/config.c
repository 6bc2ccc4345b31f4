/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a configuration file. */
#include <stdlib.h>

#include "base/config.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bk_config *config = NULL;
    unsigned line = 0;
    unsigned long n = 0;
    bool b = false;
    if (bk_config_new(&config) != BK_OK)
        return 0;
    if (bk_config_parse(config, (const char *)data, size, &line) != BK_OK && !line)
        abort();
    (void)bk_config_get(config, "key", "virtual-key", "");
    (void)!bk_config_bool(config, "key", "pcsc", true, &b);
    if (bk_config_uint(config, "key", "n", 3, 7, 5, &n) == BK_OK && (n < 3 || n > 7))
        abort();
    bk_config_free(&config);
    return 0;
}
