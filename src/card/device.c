/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/log.h"
#include "card/exchange.h"

#define DEVINFO_LEN 288
#define OPEN_TRIES 4

enum bk_err bk_card_begin(struct bk_card *card)
{
    enum bk_err err = card->depth ? BK_OK : card->t->ops->begin(card->t);
    if (!err)
        card->depth++;
    return err;
}

enum bk_err bk_card_resume(struct bk_card *card)
{
    return card->depth ? card->t->ops->begin(card->t) : BK_OK;
}

void bk_card_end(struct bk_card *card)
{
    if (card->depth && --card->depth == 0)
        card->t->ops->end(card->t);
}

void bk_card_reset(struct bk_card *card)
{
    card->depth = 0;
    enum bk_err err = card->t->ops->reset(card->t);
    if (err)
        bk_log(BK_LOG_INFO, "card: reset: %s", bk_err_name(err));
}

/* --- DevInfo
 * ------------------------------------------------------------------------------------*/

/* A fixed field: up to the first NUL, spaces at the end dropped, unprintable bytes replaced. */
static enum bk_err take_text(struct bk_rd *rd, size_t size, char *text)
{
    enum bk_err err = bk_rd_copy(rd, text, size);
    if (err)
        return err;
    text[size] = 0;
    size_t len = strlen(text);
    while (len && text[len - 1] == ' ')
        text[--len] = 0;
    bk_text_make_plain(text);
    return BK_OK;
}

static enum bk_err take_numbers(const struct bk_card *card, struct bk_rd *rd,
                                struct bk_devinfo *info)
{
    uint32_t auth = 0;
    uint16_t skip = 0, files = 0;
    uint8_t containers = 0, certs = 0;
    uint32_t *const words[] = {&info->sym_caps, &info->asym_caps,   &info->hash_caps,
                               &auth,           &info->total_space, &info->free_space};
    enum bk_err err = BK_OK;
    for (size_t i = 0; !err && i < sizeof words / sizeof *words; i++)
        err = bk_card_rd_u32(card, rd, words[i]);
    /* MaxApduDataLen, UserAuthMethod, DeviceType */
    for (unsigned i = 0; !err && i < 3; i++)
        err = bk_card_rd_u16(card, rd, &skip);
    if (!err)
        err = bk_rd_u8(rd, &containers);
    if (!err)
        err = bk_rd_u8(rd, &certs);
    if (!err)
        err = bk_card_rd_u16(card, rd, &files);
    info->max_containers = containers;
    info->max_certs = certs;
    info->max_files = files;
    return err;
}

static enum bk_err take_strings(struct bk_rd *rd, struct bk_devinfo *info)
{
    uint8_t versions[4];
    enum bk_err err = bk_rd_copy(rd, versions, sizeof versions);
    if (!err)
        err = take_text(rd, 64, info->manufacturer);
    if (!err)
        err = take_text(rd, 64, info->issuer);
    if (!err)
        err = take_text(rd, 32, info->label);
    if (!err)
        err = take_text(rd, 32, info->serial);
    if (!err)
        err = bk_rd_copy(rd, info->hardware, 2);
    if (!err)
        err = bk_rd_copy(rd, info->firmware, 2);
    return err;
}

/* The maker's name decides the byte order in which the numbers behind it are read. */
static enum bk_err choose_dialect(struct bk_card *card, const char *manufacturer, const char *want)
{
    card->maker = bk_maker_find(manufacturer);
    if (want && strcmp(want, "auto") != 0)
        card->dialect = bk_dialect_find(want);
    else
        card->dialect = card->maker ? card->maker->dialect : NULL;
    return card->dialect ? BK_OK : BK_EUNKNOWN_KEY;
}

static enum bk_err get_dev_info(struct bk_card *card, const char *want)
{
    struct bk_devinfo info = {0};
    struct bk_apdu a = BK_APDU_INIT(0x04);
    a.le = BK_LE_ANY;
    enum bk_err err = bk_card_exchange(card, &a);
    if (err)
        return err;
    if (card->answer.len != DEVINFO_LEN)
        return BK_EFORMAT;
    struct bk_rd rd = bk_rd(card->answer.data, card->answer.len);
    err = take_strings(&rd, &info);
    if (!err && !card->dialect)
        err = choose_dialect(card, info.manufacturer, want);
    if (!err)
        err = take_numbers(card, &rd, &info);
    if (!err && !info.serial[0])
        err = BK_EFORMAT;
    if (!err)
        card->info = info;
    return err;
}

enum bk_err bk_card_get_dev_info(struct bk_card *card)
{
    return get_dev_info(card, NULL);
}

enum bk_err bk_card_open(struct bk_transport **t, const char *dialect, struct bk_card **card)
{
    if (!bk_atr_may_be_key((*t)->atr, (*t)->atr_len))
        return BK_EUNKNOWN_KEY;
    struct bk_card *c = calloc(1, sizeof *c);
    if (!c)
        return BK_ENOMEM;
    c->t = *t;
    c->tries = -1;
    enum bk_err err = get_dev_info(c, dialect);
    /* somebody else's resets, just before our first command */
    for (unsigned i = 1; err == BK_ERESET && i < OPEN_TRIES; i++)
        err = get_dev_info(c, dialect);
    if (err) {
        c->t = NULL;
        bk_card_free(&c);
        bool gone = err == BK_EREMOVED || err == BK_ENOMEM || err == BK_EBUSY || err == BK_EIO ||
                    err == BK_ETIMEOUT || err == BK_ERESET;
        return gone ? err : BK_EUNKNOWN_KEY;
    }
    *t = NULL;
    *card = c;
    return BK_OK;
}

void bk_card_free(struct bk_card **card)
{
    if (!*card)
        return;
    bk_transport_close(&(*card)->t);
    bk_buf_free(&(*card)->wire);
    bk_buf_free(&(*card)->answer);
    free(*card);
    *card = NULL;
}

bool bk_card_has_rsa_raw(const struct bk_card *card)
{
    return card->maker && card->maker->rsa_raw;
}

bool bk_card_has_sm2_decrypt(const struct bk_card *card)
{
    return card->maker && card->maker->sm2_decrypt;
}

/* --- random and applications
 * --------------------------------------------------------------------*/

enum bk_err bk_card_gen_random(struct bk_card *card, unsigned len, struct bk_buf *out)
{
    if (len < 1 || len > 256)
        return BK_EINVAL;
    struct bk_apdu a = BK_APDU_INIT(0x50);
    a.le = len;
    enum bk_err err = bk_card_exchange(card, &a);
    if (!err && card->answer.len != len)
        err = BK_EFORMAT;
    bk_buf_clear(out);
    return err ? err : bk_buf_put(out, card->answer.data, len);
}

enum bk_err bk_card_enum_application(struct bk_card *card, struct bk_names *names)
{
    struct bk_apdu a = BK_APDU_INIT(0x22);
    a.le = BK_LE_ANY;
    enum bk_err err = bk_card_exchange(card, &a);
    return err ? err : bk_card_take_names(card, names);
}

enum bk_err bk_card_open_application(struct bk_card *card, const char *name)
{
    struct bk_app_info app = {0};
    size_t len = strlen(name);
    if (len < 1 || len >= sizeof app.name)
        return BK_EINVAL;
    struct bk_apdu a = BK_APDU_INIT(0x26);
    a.le = 10;
    enum bk_err err = bk_buf_put(&a.data, name, len);
    if (!err)
        err = bk_card_exchange(card, &a);
    if (err) {
        bk_apdu_free(&a);
        return err;
    }
    struct bk_rd rd = bk_rd(card->answer.data, card->answer.len);
    uint8_t containers = 0, certs = 0;
    uint16_t files = 0;
    err = bk_card_rd_u32(card, &rd, &app.create_rights);
    if (!err)
        err = bk_rd_u8(&rd, &containers);
    if (!err)
        err = bk_rd_u8(&rd, &certs);
    if (!err)
        err = bk_card_rd_u16(card, &rd, &files);
    if (!err)
        err = bk_rd_copy(&rd, app.id, 2);
    if (!err)
        err = bk_rd_end(&rd);
    if (err)
        return err;
    memcpy(app.name, name, len);
    app.max_containers = containers;
    app.max_certs = certs;
    app.max_files = files;
    card->app = app;
    return BK_OK;
}
