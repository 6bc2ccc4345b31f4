/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "token/pending.h"

#define FILE_NAME "BJCAP11S"
#define FILE_MAX 16384
#define CHECK 8

static const char magic[4] = {'B', 'J', 'S', '1'};

void bk_pending_free(struct bk_pending **pending)
{
    if (!*pending)
        return;
    for (int i = 0; i < 2; i++) {
        bk_buf_free(&(*pending)->new_cert[i]);
        bk_buf_free(&(*pending)->old_cert[i]);
    }
    free(*pending);
    *pending = NULL;
}

/* new signing, new encryption, old signing, old encryption */
static struct bk_buf *part(struct bk_pending *p, unsigned i)
{
    enum bk_key_use use = i % 2 == 0 ? BK_KEY_SIGNING : BK_KEY_ENCRYPTION;
    return i < 2 ? &p->new_cert[use] : &p->old_cert[use];
}

enum bk_err bk_pending_encode(const struct bk_pending *pending, struct bk_buf *out)
{
    struct bk_pending view = *pending;
    struct bk_buf body = BK_BUF_INIT;
    uint8_t sum[32];
    enum bk_err err = bk_buf_put_u8(&body, (uint8_t)strlen(view.name));
    if (!err)
        err = bk_buf_put_str(&body, view.name);
    if (!err)
        err = bk_buf_put_u16be(&body, (uint16_t)view.generation);
    for (unsigned i = 0; !err && i < 4; i++) {
        const struct bk_buf *cert = part(&view, i);
        err = cert->len <= BK_CARD_CERT_MAX ? bk_buf_put_u16be(&body, (uint16_t)cert->len)
                                            : BK_ELIMIT;
        if (!err && cert->len)
            err = bk_buf_put(&body, cert->data, cert->len);
    }
    size_t from = out->len;
    if (!err)
        err = bk_buf_put(out, magic, sizeof magic);
    if (!err)
        err = bk_buf_put_u16be(out, (uint16_t)(sizeof magic + 2 + body.len + CHECK));
    if (!err)
        err = bk_buf_put(out, body.data, body.len);
    if (!err)
        err = bk_digest(BK_HASH_SM3, out->data + from, out->len - from, sum);
    if (!err)
        err = bk_buf_put(out, sum, CHECK);
    bk_buf_free(&body);
    return err;
}

static enum bk_err take_parts(struct bk_rd *rd, struct bk_pending *p)
{
    uint8_t len = 0;
    uint16_t generation = 0;
    enum bk_err err = bk_rd_u8(rd, &len);
    if (!err && (len < 1 || len > BK_CARD_NAME_MAX))
        err = BK_ECORRUPT;
    if (!err)
        err = bk_rd_copy(rd, p->name, len);
    if (!err)
        err = bk_rd_u16be(rd, &generation);
    p->generation = generation;
    for (unsigned i = 0; !err && i < 4; i++) {
        uint16_t n = 0;
        const uint8_t *der = NULL;
        err = bk_rd_u16be(rd, &n);
        if (!err)
            err = bk_rd_take(rd, n, &der);
        if (!err && n)
            err = bk_buf_put(part(p, i), der, n);
    }
    return err ? err : bk_rd_end(rd);
}

enum bk_err bk_pending_decode(const void *data, size_t len, struct bk_pending **out)
{
    struct bk_rd rd = bk_rd(data, len);
    char mark[4];
    uint16_t size = 0;
    uint8_t sum[32];
    if (bk_rd_copy(&rd, mark, sizeof mark) || memcmp(mark, magic, sizeof mark) != 0 ||
        bk_rd_u16be(&rd, &size) || size > len || size < sizeof mark + 2 + CHECK)
        return BK_ECORRUPT;
    enum bk_err err = bk_digest(BK_HASH_SM3, data, (size_t)size - CHECK, sum);
    if (err)
        return err;
    if (memcmp(sum, (const uint8_t *)data + size - CHECK, CHECK) != 0)
        return BK_ECORRUPT;
    struct bk_pending *p = calloc(1, sizeof *p);
    if (!p)
        return BK_ENOMEM;
    rd = bk_rd((const uint8_t *)data + 6, (size_t)size - 6 - CHECK);
    err = take_parts(&rd, p);
    if (err) {
        bk_pending_free(&p);
        return err == BK_ENOMEM ? err : BK_ECORRUPT;
    }
    *out = p;
    return BK_OK;
}

static enum bk_err copy_pending(const struct bk_pending *from, struct bk_pending **out)
{
    struct bk_buf bytes = BK_BUF_INIT;
    enum bk_err err = bk_pending_encode(from, &bytes);
    if (!err)
        err = bk_pending_decode(bytes.data, bytes.len, out);
    bk_buf_free(&bytes);
    return err;
}

enum bk_err bk_pending_any(struct bk_token *t, struct bk_pending **out)
{
    struct bk_buf data = BK_BUF_INIT;
    *out = NULL;
    if (!t->has_files)
        return t->pending ? copy_pending(t->pending, out) : BK_OK;
    enum bk_err err = bk_card_read_file(t->card, FILE_NAME, 0, FILE_MAX, false, &data);
    if (!err)
        err = bk_pending_decode(data.data, data.len, out);
    bk_buf_free(&data);
    return err == BK_ENOTFOUND || err == BK_ECORRUPT ? BK_OK : err;
}

enum bk_err bk_pending_is_of(const struct bk_pending *p, const struct bk_container *c, bool *is)
{
    const struct bk_buf *der = &p->new_cert[BK_KEY_SIGNING];
    struct bk_x509 *x = NULL;
    *is = strcmp(p->name, c->name) == 0 && p->generation == c->generation && c->info.sign_bits;
    if (!*is || !c->has_key[BK_KEY_SIGNING] || !der->len)
        return BK_OK;
    enum bk_err err = bk_x509_parse(der->data, der->len, &x);
    *is = err || bk_pubkey_equal(&x->key, &c->key[BK_KEY_SIGNING]);
    bk_x509_free(&x);
    return err == BK_EFORMAT ? BK_OK : err;
}

enum bk_err bk_pending_find(struct bk_token *t, const struct bk_container *c,
                            struct bk_pending **out)
{
    bool is = false;
    enum bk_err err = bk_pending_any(t, out);
    if (!err && *out)
        err = bk_pending_is_of(*out, c, &is);
    if (err || !is)
        bk_pending_free(out);
    return err;
}

enum bk_err bk_pending_save(struct bk_token *t, const struct bk_pending *p)
{
    struct bk_buf bytes = BK_BUF_INIT, back = BK_BUF_INIT;
    enum bk_err err = t->has_files ? bk_pending_encode(p, &bytes) : BK_EFULL;
    if (!err) {
        err = bk_card_delete_file(t->card, FILE_NAME);
        err = err == BK_ENOTFOUND ? BK_OK : err;
    }
    if (!err)
        err = bk_card_create_file(t->card, FILE_NAME, (uint32_t)bytes.len, BK_RIGHT_ANYONE,
                                  BK_RIGHT_USER);
    if (!err)
        err = bk_card_write_file(t->card, FILE_NAME, 0, bytes.data, bytes.len, false);
    if (!err)
        err = bk_card_read_file(t->card, FILE_NAME, 0, (unsigned)bytes.len, false, &back);
    if (!err && (back.len != bytes.len || memcmp(back.data, bytes.data, bytes.len) != 0))
        err = BK_EVERIFY;
    bk_buf_free(&bytes);
    bk_buf_free(&back);
    return err == BK_EDENIED || err == BK_EUNSUPPORTED ? BK_EFULL : err;
}

void bk_pending_hold(struct bk_token *t, struct bk_pending **pending)
{
    bk_pending_free(&t->pending);
    t->pending = *pending;
    *pending = NULL;
}

enum bk_err bk_pending_delete(struct bk_token *t)
{
    bk_pending_free(&t->pending);
    enum bk_err err = t->has_files ? bk_card_delete_file(t->card, FILE_NAME) : BK_OK;
    return err == BK_ENOTFOUND ? BK_OK : err;
}

static bool lacks(const struct bk_container *c, enum bk_key_use use)
{
    unsigned bits = use == BK_KEY_SIGNING ? c->info.sign_bits : c->info.enc_bits;
    return c->read && c->role == BK_ROLE_CURRENT && bits && !c->cert[use];
}

enum bk_err bk_pending_overlay(struct bk_token *t)
{
    enum bk_err err = BK_OK;
    for (size_t i = 0; !err && i < t->count; i++) {
        struct bk_container *c = t->containers[i];
        struct bk_pending *p = NULL;
        if (!lacks(c, BK_KEY_SIGNING) && !lacks(c, BK_KEY_ENCRYPTION))
            continue;
        err = bk_pending_find(t, c, &p);
        for (int use = 0; !err && p && use < 2; use++) {
            if (!lacks(c, (enum bk_key_use)use) || !p->new_cert[use].len)
                continue;
            err = bk_x509_parse(p->new_cert[use].data, p->new_cert[use].len, &c->cert[use]);
            if (!err && c->has_key[use] && !bk_pubkey_equal(&c->cert[use]->key, &c->key[use]))
                bk_x509_free(&c->cert[use]);
            if (err == BK_EFORMAT)
                err = BK_OK;
        }
        bk_pending_free(&p);
    }
    return err;
}
