/* SPDX-License-Identifier: Apache-2.0 */
#include "token/key.h"

#include <string.h>

#include "apdu/sw.h"
#include "base/clock.h"
#include "base/codec.h"
#include "base/log.h"
#include "crypto/rsa_pad.h"
#include "token/identity.h"

/* Log-in where each use has its own, and the container's handle. */
static enum bk_err ready(struct bk_token *t, struct bk_container *c)
{
    if (!t->logged_in)
        return BK_ELOGIN;
    enum bk_err err = bk_token_use_begin(t);
    if (err)
        return err;
    err = bk_container_open(t, c);
    if (err)
        bk_token_use_end(t);
    return err;
}

/* What to do once the container is ready; it may be done again after a reset. `proves` (may be
 * NULL): whether the answer is of the key that the container had when it was read. */
struct use {
    enum bk_err (*act)(struct bk_card *card, const uint8_t id[2], const struct use *use);
    enum bk_err (*proves)(struct bk_container *c, const struct use *use);
    const void *in; /* bytes, or what SM2 encrypted */
    size_t len;     /* or bits */
    enum bk_key_use which;
    struct bk_buf *out;
    uint8_t *signature;
};

/*
 * Checking a signature takes this machine a part of a millisecond: nothing to a key, much to one
 * that is made of software. What was proved just now holds for so many milliseconds, in which
 * no key signs, makes a pair in the container or another one, and signs again. One of software
 * does: in process it closes what others made anew (vkey/store.c). But not while a reset that we
 * have heard of may still come.
 */
#define PROVED_MS 20

static bool signs(const struct use *use)
{
    return use->which == BK_KEY_SIGNING;
}

static bool to_be_proved(const struct bk_token *t, const struct bk_container *c,
                         const struct use *use)
{
    int64_t now = bk_clock_ms();
    bool settled = now - t->disturbed_ms >= t->options.reset_late_ms;
    bool lately = c->proved_ms && now - c->proved_ms < PROVED_MS;
    return use->proves && c->has_key[use->which] && !(signs(use) && settled && lately);
}

static enum bk_err attempt(struct bk_token *t, struct bk_container *c, const struct use *use)
{
    enum bk_err err = BK_OK;
    unsigned round = 0;
    int64_t began = 0;
    do {
        began = bk_clock_ms();
        err = ready(t, c);
        if (err)
            continue;
        err = use->act(t->card, c->id, use);
        bk_token_use_end(t);
    } while (bk_token_again(t, &err, &round));
    if (err || !to_be_proved(t, c, use))
        return err;
    err = use->proves(c, use);
    /* what came after the key had made it isn't proved, however long that took to come and prove */
    if (err || signs(use))
        c->proved_ms = err ? 0 : began;
    return err;
}

/* No such key there, or another: a key has one word or the other for it. */
static bool may_be_other(const struct bk_token *t, enum bk_err err)
{
    bool refused = t->card->sw != 0 && t->card->sw != BK_SW_OK;
    return err == BK_EVERIFY || (refused && err != BK_OK && err != BK_ELOGIN);
}

/*
 * The number that a container was opened by may be another's: of a reset that its cause tells
 * nobody of we know nothing, when another program has opened what it needs before us. It is asked
 * for anew. Is it another's still, then another program has made the container's keys anew, or
 * deleted it, since it was read: nobody gets what another key made, and who looks at the key next
 * reads it again.
 */
static enum bk_err run(struct bk_token *t, struct bk_container *c, const struct use *use)
{
    bool known = c->open;
    enum bk_err err = attempt(t, c, use);
    if (known && may_be_other(t, err)) {
        c->open = false;
        if (use->out)
            bk_buf_clear(use->out);
        err = attempt(t, c, use);
    }
    if (err != BK_ENOTFOUND && !(err == BK_EVERIFY && use->proves))
        return err;
    bk_log(BK_LOG_WARN, "token: another program has changed container %s meanwhile", c->name);
    if (use->out)
        bk_buf_clear(use->out);
    c->open = false; /* c lives until the next refresh */
    bk_token_forget(t);
    return err;
}

static enum bk_err rsa_gives(struct bk_container *c, const struct use *use, const uint8_t *block)
{
    struct bk_rsa_public **check = &c->check[use->which];
    enum bk_err err = *check ? BK_OK : bk_rsa_public_new(&c->key[use->which], check);
    return err ? err : bk_rsa_public_gives(*check, use->out->data, use->out->len, block);
}

static enum bk_err rsa_block_proves(struct bk_container *c, const struct use *use)
{
    return use->len == c->key[use->which].n_len ? rsa_gives(c, use, use->in) : BK_EVERIFY;
}

static enum bk_err rsa_signature_proves(struct bk_container *c, const struct use *use)
{
    uint8_t block[BK_RSA_MAX];
    enum bk_err err = bk_rsa_pad_sign(use->in, use->len, block, c->key[use->which].n_len);
    return err ? err : rsa_gives(c, use, block);
}

static enum bk_err sm2_signature_proves(struct bk_container *c, const struct use *use)
{
    struct bk_sm2_sig sig;
    memcpy(sig.r, use->signature, 32);
    memcpy(sig.s, use->signature + 32, 32);
    return bk_sm2_verify(&c->key[use->which], use->in, &sig);
}

static enum bk_err rsa_sign(struct bk_card *card, const uint8_t id[2], const struct use *use)
{
    return bk_card_rsa_sign_data(card, id, use->in, use->len, use->out);
}

static enum bk_err rsa_private(struct bk_card *card, const uint8_t id[2], const struct use *use)
{
    return bk_card_rsa_private(card, id, use->which, use->in, use->len, use->out);
}

static enum bk_err sm2_sign(struct bk_card *card, const uint8_t id[2], const struct use *use)
{
    return bk_card_ecc_sign_data(card, id, use->in, use->signature);
}

static enum bk_err sm2_decrypt(struct bk_card *card, const uint8_t id[2], const struct use *use)
{
    return bk_card_ecc_decrypt(card, id, use->in, use->out);
}

static enum bk_err generate_rsa(struct bk_card *card, const uint8_t id[2], const struct use *use)
{
    return bk_card_gen_rsa_key_pair(card, id, (unsigned)use->len);
}

static enum bk_err generate_sm2(struct bk_card *card, const uint8_t id[2], const struct use *use)
{
    (void)use;
    return bk_card_gen_ecc_key_pair(card, id);
}

enum bk_err bk_token_rsa_sign(struct bk_token *t, struct bk_container *c, const void *data,
                              size_t len, struct bk_buf *signature)
{
    return run(t, c,
               &(struct use){.act = rsa_sign,
                             .proves = rsa_signature_proves,
                             .in = data,
                             .len = len,
                             .which = BK_KEY_SIGNING,
                             .out = signature});
}

enum bk_err bk_token_rsa_private(struct bk_token *t, struct bk_container *c, enum bk_key_use use,
                                 const void *block, size_t len, struct bk_buf *out)
{
    if (!bk_card_has_rsa_raw(t->card))
        return BK_EUNSUPPORTED;
    return run(t, c,
               &(struct use){.act = rsa_private,
                             .proves = rsa_block_proves,
                             .in = block,
                             .len = len,
                             .which = use,
                             .out = out});
}

enum bk_err bk_token_sm2_sign(struct bk_token *t, struct bk_container *c, const uint8_t digest[32],
                              uint8_t signature[64])
{
    return run(t, c,
               &(struct use){.act = sm2_sign,
                             .proves = sm2_signature_proves,
                             .in = digest,
                             .which = BK_KEY_SIGNING,
                             .signature = signature});
}

enum bk_err bk_token_sm2_decrypt(struct bk_token *t, struct bk_container *c,
                                 const struct bk_sm2_cipher *in, struct bk_buf *plain)
{
    if (!bk_card_has_sm2_decrypt(t->card))
        return BK_EUNSUPPORTED;
    return run(t, c, &(struct use){.act = sm2_decrypt, .in = in, .out = plain});
}

static enum bk_err sign_sm2_message(struct bk_token *t, struct bk_container *c,
                                    const struct bk_pubkey *key, const void *message, size_t len,
                                    struct bk_buf *signature)
{
    uint8_t e[32], raw[64];
    struct bk_sm2_sig sig;
    enum bk_err err = bk_sm2_e(key, NULL, 0, message, len, e);
    if (!err)
        err = bk_token_sm2_sign(t, c, e, raw);
    if (err)
        return err;
    memcpy(sig.r, raw, 32);
    memcpy(sig.s, raw + 32, 32);
    return bk_sm2_sig_to_der(&sig, signature);
}

enum bk_err bk_token_sign_message(struct bk_token *t, struct bk_container *c,
                                  const struct bk_pubkey *key, const void *message, size_t len,
                                  struct bk_buf *signature)
{
    if (key->alg == BK_ALG_SM2)
        return sign_sm2_message(t, c, key, message, len, signature);
    uint8_t digest[32];
    struct bk_buf info = BK_BUF_INIT, raw = BK_BUF_INIT;
    enum bk_err err = bk_digest(BK_HASH_SHA256, message, len, digest);
    if (!err)
        err = bk_rsa_digest_info(BK_HASH_SHA256, digest, sizeof digest, &info);
    if (!err)
        err = bk_token_rsa_sign(t, c, info.data, info.len, &raw);
    if (!err)
        err = bk_buf_put(signature, raw.data, raw.len);
    bk_buf_free(&info);
    bk_buf_free(&raw);
    return err;
}

enum bk_err bk_token_generate(struct bk_token *t, struct bk_container *c, enum bk_alg alg,
                              unsigned bits)
{
    return run(t, c,
               &(struct use){.act = alg == BK_ALG_SM2 ? generate_sm2 : generate_rsa, .len = bits});
}

/* --- ids
 * ----------------------------------------------------------------------------------------*/

struct ids {
    uint8_t id[2][BK_ID_LEN]; /* by enum bk_key_use; of what may come, too */
    size_t len[2];
};

enum bk_err bk_token_id(const struct bk_token *t, const char *name, enum bk_key_use use,
                        bool history, unsigned generation, uint8_t id[BK_ID_LEN], size_t *len)
{
    struct bk_buf given = BK_BUF_INIT;
    const char *hex = history ? NULL : bk_record_label(&t->records.rules, name, use, BK_LABEL_ID);
    if (!hex)
        return bk_identity_id(t->card->info.serial, name, use, history, generation, id, len);
    enum bk_err err = bk_hex_decode(hex, strlen(hex), &given);
    if (!err)
        memcpy(id, given.data, given.len);
    *len = given.len;
    bk_buf_free(&given);
    return err;
}

static enum bk_err ids_of(const struct bk_token *t, const char *name, bool history,
                          unsigned generation, struct ids *out)
{
    enum bk_err err = BK_OK;
    memset(out, 0, sizeof *out);
    for (int use = 0; !err && use < 2; use++)
        err = bk_token_id(t, name, (enum bk_key_use)use, history, generation, out->id[use],
                          &out->len[use]);
    return err;
}

static bool ids_meet(const struct ids *a, const struct ids *b)
{
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 2; k++)
            if (a->len[i] == b->len[k] && memcmp(a->id[i], b->id[k], a->len[i]) == 0)
                return true;
    return false;
}

/* Against all others in the slot. */
static enum bk_err ids_free(const struct bk_token *t, const struct ids *own, const char *name,
                            enum bk_alg alg)
{
    struct ids other;
    enum bk_err err = BK_OK;
    for (size_t i = 0; !err && i < t->count; i++) {
        const struct bk_container *c = t->containers[i];
        bool history = c->role == BK_ROLE_HISTORY;
        /* what is staged takes the place of the current one */
        if (bk_container_alg(c) != alg || c->role == BK_ROLE_STAGED ||
            (!history && strcmp(c->name, name) == 0))
            continue;
        err = ids_of(t, c->name, history, c->generation, &other);
        if (!err && ids_meet(own, &other))
            err = BK_EEXISTS;
    }
    return err;
}

enum bk_err bk_token_id_free(const struct bk_token *t, const char *name, enum bk_alg alg)
{
    struct ids own;
    enum bk_err err = ids_of(t, name, false, 0, &own);
    return err ? err : ids_free(t, &own, name, alg);
}

enum bk_err bk_token_id_fits(const struct bk_token *t, const char *name, enum bk_alg alg,
                             const void *id, size_t len)
{
    struct ids own;
    enum bk_err err = ids_of(t, name, false, 0, &own);
    if (err)
        return err;
    const uint8_t *enc = own.id[BK_KEY_ENCRYPTION];
    if (len < 1 || len > BK_ID_LEN)
        return BK_EINVAL;
    if (len == own.len[BK_KEY_ENCRYPTION] && memcmp(id, enc, len) == 0)
        return BK_EEXISTS; /* of the encryption pair that may come */
    memcpy(own.id[BK_KEY_SIGNING], id, len);
    own.len[BK_KEY_SIGNING] = len;
    return ids_free(t, &own, name, alg);
}
