/* SPDX-License-Identifier: Apache-2.0 */
#include "token/identity.h"

#include <stdio.h>
#include <string.h>

#include "base/codec.h"
#include "token/record.h"

#define HEX_MAX 8 /* bytes of an id in a NAME; a longer one is in base64 */

static enum bk_err put_id(const void *id, size_t len, struct bk_buf *text)
{
    if (len <= HEX_MAX)
        return bk_hex_encode(id, len, text);
    enum bk_err err = bk_buf_put(text, "=", 1);
    if (!err)
        err = bk_base64_encode(id, len, text);
    while (!err && text->data[text->len - 1] == '=')
        text->len--;
    return err;
}

enum bk_err bk_identity_name(const char *label, const void *id, size_t id_len,
                             char name[BK_CARD_NAME_MAX + 1])
{
    struct bk_buf text = BK_BUF_INIT;
    enum bk_err err = id_len <= BK_ID_LEN ? bk_buf_put(&text, label, strlen(label)) : BK_ELIMIT;
    if (!err && id_len)
        err = bk_buf_put(&text, " [", 2);
    if (!err && id_len)
        err = put_id(id, id_len, &text);
    if (!err && id_len)
        err = bk_buf_put(&text, "]", 1);
    if (!err && text.len > BK_RECORD_NAME_MAX)
        err = BK_ELIMIT;
    if (!err) {
        memcpy(name, text.data, text.len);
        name[text.len] = 0;
    }
    bk_buf_free(&text);
    return err;
}

static enum bk_err get_id(const char *text, size_t len, struct bk_buf *id)
{
    struct bk_buf padded = BK_BUF_INIT;
    if (text[0] != '=')
        return bk_hex_decode(text, len, id);
    enum bk_err err = bk_buf_put(&padded, text + 1, len - 1);
    while (!err && padded.len % 4)
        err = bk_buf_put(&padded, "=", 1);
    if (!err)
        err = bk_base64_decode((const char *)padded.data, padded.len, id);
    bk_buf_free(&padded);
    return err;
}

/* Takes NAME apart: the length of its label, and its id, of no length where it carries none. Only
 * what bk_identity_name would write is one. */
static enum bk_err split(const char *name, size_t *label_len, struct bk_buf *id)
{
    char label[BK_CARD_NAME_MAX + 1], again[BK_CARD_NAME_MAX + 1];
    size_t len = strlen(name), at = len;
    *label_len = len;
    if (len < 5 || len > BK_CARD_NAME_MAX || name[len - 1] != ']')
        return BK_OK;
    while (at > 0 && name[at - 1] != '[')
        at--;
    if (at < 3 || name[at - 2] != ' ' || at == len - 1)
        return BK_OK;
    enum bk_err err = get_id(name + at, len - 1 - at, id);
    memcpy(label, name, at - 2);
    label[at - 2] = 0;
    if (!err)
        err = bk_identity_name(label, id->data, id->len, again);
    if (!err && id->len && strcmp(again, name) == 0)
        *label_len = at - 2;
    else
        bk_buf_clear(id);
    return err == BK_ENOMEM ? err : BK_OK;
}

static enum bk_err derive(const char *serial, const char *name, enum bk_key_use use, bool history,
                          unsigned generation, uint8_t id[BK_ID_LEN])
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

enum bk_err bk_identity_id(const char *serial, const char *name, enum bk_key_use use, bool history,
                           unsigned generation, uint8_t id[BK_ID_LEN], size_t *len)
{
    struct bk_buf given = BK_BUF_INIT;
    size_t label_len = 0;
    enum bk_err err = BK_OK;
    if (use == BK_KEY_SIGNING && !history)
        err = split(name, &label_len, &given);
    if (!err && given.len)
        memcpy(id, given.data, given.len);
    else if (!err)
        err = derive(serial, name, use, history, generation, id);
    *len = given.len ? given.len : BK_ID_LEN;
    bk_buf_free(&given);
    return err;
}

void bk_identity_label(const char *name, enum bk_key_use use, bool history, unsigned generation,
                       char label[BK_LABEL_MAX])
{
    const char *enc = use == BK_KEY_ENCRYPTION ? "encryption" : "";
    struct bk_buf id = BK_BUF_INIT;
    size_t n = 0;
    /* without memory for its id a NAME is shown whole */
    int len = split(name, &n, &id) ? (int)strlen(name) : (int)n;
    bk_buf_free(&id);
    if (history)
        (void)snprintf(label, BK_LABEL_MAX, "%.*s (%s%shistory %u)", len, name, enc,
                       *enc ? ", " : "", generation);
    else
        (void)snprintf(label, BK_LABEL_MAX, *enc ? "%.*s (%s)" : "%.*s%s", len, name, enc);
    for (char *at = label; *at; at++)
        if (*at == ':')
            *at = '.';
}
