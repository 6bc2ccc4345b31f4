/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "card/exchange.h"

/* These four carry the application id in P1 ‖ P2, high byte first, whatever the order in data. */
static struct bk_apdu file_command(const struct bk_card *card, uint8_t ins)
{
    struct bk_apdu a = BK_APDU_INIT(ins);
    bool big = card->dialect->big_endian;
    a.p1 = card->app.id[big ? 0 : 1];
    a.p2 = card->app.id[big ? 1 : 0];
    return a;
}

static enum bk_err check_name(const struct bk_card *card, const char *name)
{
    size_t len = strlen(name);
    return len >= 1 && len <= card->dialect->file_name_size ? BK_OK : BK_EINVAL;
}

enum bk_err bk_card_create_file(struct bk_card *card, const char *name, uint32_t size,
                                uint32_t read_rights, uint32_t write_rights)
{
    struct bk_apdu a = file_command(card, 0x30);
    enum bk_err err = check_name(card, name);
    if (!err)
        err = bk_buf_put_str(&a.data, name);
    if (!err)
        err = bk_buf_put_zero(&a.data, card->dialect->file_name_size - strlen(name));
    if (!err)
        err = bk_card_put_u32(card, &a.data, size);
    if (!err)
        err = bk_card_put_u32(card, &a.data, read_rights);
    if (!err)
        err = bk_card_put_u32(card, &a.data, write_rights);
    if (!err)
        err = bk_card_exchange(card, &a);
    bk_apdu_free(&a);
    return err;
}

enum bk_err bk_card_delete_file(struct bk_card *card, const char *name)
{
    struct bk_apdu a = file_command(card, 0x32);
    enum bk_err err = check_name(card, name);
    if (!err)
        err = bk_buf_put_str(&a.data, name);
    if (!err)
        err = bk_card_exchange(card, &a);
    bk_apdu_free(&a);
    return err;
}

enum bk_err bk_card_enum_files(struct bk_card *card, struct bk_names *names)
{
    struct bk_apdu a = file_command(card, 0x34);
    a.le = BK_LE_ANY;
    enum bk_err err = bk_card_exchange(card, &a);
    return err ? err : bk_card_take_names(card, names);
}

enum bk_err bk_card_get_file_info(struct bk_card *card, const char *name, uint32_t *size,
                                  uint32_t *read_rights, uint32_t *write_rights)
{
    struct bk_apdu a = file_command(card, 0x36);
    a.le = 12;
    enum bk_err err = check_name(card, name);
    if (!err)
        err = bk_buf_put_str(&a.data, name);
    if (!err)
        err = bk_card_exchange(card, &a);
    bk_apdu_free(&a);
    if (err)
        return err;
    struct bk_rd rd = bk_rd(card->answer.data, card->answer.len);
    err = bk_card_rd_u32(card, &rd, size);
    if (!err)
        err = bk_card_rd_u32(card, &rd, read_rights);
    if (!err)
        err = bk_card_rd_u32(card, &rd, write_rights);
    return err ? err : bk_rd_end(&rd);
}

/* application ‖ offset2 ‖ nameLen2 ‖ name */
static enum bk_err put_place(const struct bk_card *card, struct bk_apdu *a, const char *name,
                             size_t offset)
{
    enum bk_err err = check_name(card, name);
    if (!err && offset > BK_CARD_FILE_MAX)
        err = BK_ELIMIT;
    if (!err)
        err = bk_card_put_ids(card, a, NULL);
    if (!err)
        err = bk_card_put_u16(card, &a->data, (uint32_t)offset);
    if (!err)
        err = bk_card_put_u16(card, &a->data, (uint32_t)strlen(name));
    if (!err)
        err = bk_buf_put_str(&a->data, name);
    return err;
}

enum bk_err bk_card_read_file(struct bk_card *card, const char *name, unsigned offset, unsigned len,
                              bool secret, struct bk_buf *out)
{
    enum bk_err err = BK_OK;
    bk_buf_clear(out);
    while (!err && out->len < len) {
        struct bk_apdu a = BK_APDU_INIT(0x38);
        size_t want = len - out->len;
        a.le = (uint32_t)(want < card->dialect->chunk ? want : card->dialect->chunk);
        want = a.le;
        a.sensitive = secret;
        err = put_place(card, &a, name, offset + out->len);
        if (!err)
            err = bk_card_exchange(card, &a);
        bk_apdu_free(&a);
        if (!err && card->answer.len == 0)
            break;
        if (!err)
            err = bk_buf_put(out, card->answer.data, card->answer.len);
        if (!err && card->answer.len < want)
            break; /* the end of the file */
    }
    if (secret)
        bk_buf_clear(&card->answer);
    return err;
}

enum bk_err bk_card_write_file(struct bk_card *card, const char *name, unsigned offset,
                               const void *data, size_t len, bool secret)
{
    const uint8_t *bytes = data;
    enum bk_err err = BK_OK;
    for (size_t done = 0; !err && done < len;) {
        struct bk_apdu a = BK_APDU_INIT(0x3A);
        a.sensitive = secret;
        size_t part = len - done < card->dialect->chunk ? len - done : card->dialect->chunk;
        err = put_place(card, &a, name, offset + done);
        if (!err)
            err = bk_card_put_u16(card, &a.data, (uint32_t)part);
        if (!err)
            err = bk_buf_put(&a.data, bytes + done, part);
        if (!err)
            err = bk_card_exchange(card, &a);
        bk_apdu_free(&a);
        done += part;
    }
    return err;
}
