/* SPDX-License-Identifier: Apache-2.0 */
#include "token/identity.h"

#include <stdio.h>
#include <string.h>

enum bk_err bk_identity_id(const char *serial, const char *name, enum bk_key_use use,
                           bool history, unsigned generation, uint8_t id[BK_ID_LEN])
{
    struct bk_buf text = BK_BUF_INIT;
    uint8_t digest[32];
    enum bk_err err = bk_buf_printf(&text, "BJCA-ID/1\n%s\n%s\n%s\n", serial, name,
                                    use == BK_KEY_SIGNING ? "S" : "E");
    if (!err && history)
        err = bk_buf_printf(&text, "%u\n", generation);
    if (!err)
        err = bk_digest(BK_HASH_SHA256, text.data, text.len, digest);
    if (!err)
        memcpy(id, digest, BK_ID_LEN);
    bk_buf_free(&text);
    return err;
}

void bk_identity_label(const char *name, enum bk_key_use use, bool history, unsigned generation,
                       char label[BK_LABEL_MAX])
{
    const char *enc = use == BK_KEY_ENCRYPTION ? "encryption" : "";
    if (history)
        (void)snprintf(label, BK_LABEL_MAX, "%s (%s%shistory %u)", name, enc, *enc ? ", " : "",
                       generation);
    else
        (void)snprintf(label, BK_LABEL_MAX, *enc ? "%s (%s)" : "%s%s", name, enc);
    for (char *at = label; *at; at++)
        if (*at == ':')
            *at = '.';
}
