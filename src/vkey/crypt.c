/* SPDX-License-Identifier: Apache-2.0 */
#include "vkey/crypt.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "crypto/sm4.h"
#include "vkey/command.h"

#define ALG_ECB 0x401u
#define ALG_CBC 0x402u
#define ALG_MAC 0x410u

enum use { ENCRYPT, DECRYPT, MAC };

struct vk_cipher_run {
    bool cbc, padded;
    uint8_t iv[BK_SM4_BLOCK];
    struct bk_buf pending; /* not yet processed: less than a block, or the last one */
};

void vk_cipher_run_free(struct vk_cipher_run **run)
{
    if (!*run)
        return;
    bk_buf_free(&(*run)->pending);
    bk_wipe((*run)->iv, sizeof(*run)->iv);
    free(*run);
    *run = NULL;
}

static struct vk_session_key *find_key(struct bk_vkey *vkey, struct vk_command *cmd)
{
    uint16_t id = 0;
    if (vk_get16(vkey, &cmd->rd, &id) != BK_OK || !id)
        return NULL;
    for (size_t i = 0; i < VK_SESSION_KEYS; i++) {
        struct vk_session_key *key = &vkey->session.keys[i];
        if (key->id == id && key->app == cmd->app_id && key->container == cmd->box_id)
            return key;
    }
    return NULL;
}

static bool get_counted(const struct bk_vkey *vkey, struct bk_rd *rd, const uint8_t **data,
                        size_t *len)
{
    uint32_t n = 0;
    if (vk_get32(vkey, rd, &n) != BK_OK || bk_rd_take(rd, n, data) != BK_OK)
        return false;
    *len = n;
    return true;
}

static enum bk_err unwrap(const struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *plain)
{
    struct vk_pair *pair = &cmd->box->pair[VK_ENC];
    const uint8_t *data = NULL;
    size_t len = 0;
    if (cmd->box->alg == BK_ALG_RSA) {
        if (!get_counted(vkey, &cmd->rd, &data, &len) || bk_rd_end(&cmd->rd) != BK_OK)
            return BK_EINVAL;
        return bk_rsa_decrypt(pair->rsa, data, len, plain);
    }
    struct bk_sm2_cipher cipher = {0};
    enum bk_err err = BK_EINVAL;
    if (bk_rd_copy(&cmd->rd, cipher.x, 32) == BK_OK &&
        bk_rd_copy(&cmd->rd, cipher.y, 32) == BK_OK &&
        bk_rd_copy(&cmd->rd, cipher.hash, 32) == BK_OK &&
        get_counted(vkey, &cmd->rd, &data, &len) && bk_rd_end(&cmd->rd) == BK_OK) {
        err = bk_buf_put(&cipher.cipher, data, len);
        if (err == BK_OK)
            err = bk_sm2_decrypt(pair->sm2, &cipher, plain);
    }
    bk_sm2_cipher_free(&cipher);
    return err;
}

static struct vk_session_key *free_key(struct vk_session *session)
{
    for (size_t i = 0; i < VK_SESSION_KEYS; i++)
        if (!session->keys[i].id)
            return &session->keys[i];
    return NULL;
}

uint16_t vk_import_session_key(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    uint32_t alg = 0;
    struct bk_buf plain = BK_BUF_INIT;
    struct vk_session_key *key = free_key(&vkey->session);
    if (vk_get32(vkey, &cmd->rd, &alg) != BK_OK)
        return BK_SW_DATA;
    if (alg != ALG_ECB && alg != ALG_CBC && alg != ALG_MAC)
        return BK_SW_SESSION_ALG;
    if (vk_pair_load(&cmd->box->pair[VK_ENC], cmd->box->alg) != BK_OK)
        return BK_SW_NO_KEY_PAIR;
    if (!key)
        return BK_SW_NO_SPACE;
    enum bk_err err = unwrap(vkey, cmd, &plain);
    uint16_t sw = vk_sw_of(err, err == BK_EINVAL ? BK_SW_DATA : BK_SW_DECRYPT_FAILED);
    if (sw == BK_SW_OK && plain.len != VK_KEY)
        sw = BK_SW_DECRYPT_FAILED;
    if (sw == BK_SW_OK) {
        *key = (struct vk_session_key){
            .id = vkey->session.next_key++, .app = cmd->app_id, .container = cmd->box_id};
        memcpy(key->key, plain.data, VK_KEY);
        sw = vk_sw_of(vk_put16(vkey, out, key->id), BK_SW_CONDITIONS);
    }
    bk_buf_free(&plain);
    return sw;
}

uint16_t vk_destroy_session_key(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    struct vk_session_key *key = find_key(vkey, cmd);
    if (!key)
        return BK_SW_NO_SESSION_KEY;
    vk_session_key_free(key);
    return BK_SW_OK;
}

static uint16_t begin(struct bk_vkey *vkey, struct vk_command *cmd, enum use use)
{
    uint32_t alg = 0, padding = 0;
    const uint8_t *iv = NULL;
    size_t iv_len = 0;
    struct vk_session_key *key = find_key(vkey, cmd);
    if (!key)
        return BK_SW_NO_SESSION_KEY;
    if (vk_get32(vkey, &cmd->rd, &alg) != BK_OK || !get_counted(vkey, &cmd->rd, &iv, &iv_len) ||
        (cmd->rd.left && vk_get32(vkey, &cmd->rd, &padding) != BK_OK) ||
        bk_rd_end(&cmd->rd) != BK_OK || padding > 1)
        return BK_SW_DATA;
    bool cbc = alg != ALG_ECB;
    if (use == MAC ? alg != ALG_MAC || padding : alg != ALG_ECB && alg != ALG_CBC)
        return BK_SW_SESSION_ALG;
    if (iv_len != (cbc ? BK_SM4_BLOCK : 0))
        return BK_SW_DATA;
    vk_cipher_run_free(&key->run[use]);
    struct vk_cipher_run *run = calloc(1, sizeof *run);
    if (!run)
        return BK_SW_NO_SPACE;
    run->cbc = cbc;
    run->padded = padding;
    if (iv_len)
        memcpy(run->iv, iv, iv_len);
    key->run[use] = run;
    return BK_SW_OK;
}

/* Processes the first len bytes of what is pending, whole blocks; the result goes to out. */
static enum bk_err process(struct vk_session_key *key, enum use use, size_t len, struct bk_buf *out)
{
    struct vk_cipher_run *run = key->run[use];
    size_t start = out->len;
    bool encrypt = use != DECRYPT;
    const uint8_t *in = run->pending.data;
    if (!len)
        return BK_OK;
    enum bk_err err = bk_buf_put_zero(out, len);
    if (err != BK_OK)
        return err;
    uint8_t *to = out->data + start;
    err = run->cbc ? bk_sm4_cbc(key->key, run->iv, encrypt, in, len, to)
                   : bk_sm4_ecb(key->key, encrypt, in, len, to);
    if (err == BK_OK)
        memcpy(run->iv, (encrypt ? to : in) + len - BK_SM4_BLOCK, BK_SM4_BLOCK);
    run->pending.len -= len;
    memmove(run->pending.data, run->pending.data + len, run->pending.len);
    return err;
}

static uint16_t update(struct bk_vkey *vkey, struct vk_command *cmd, enum use use,
                       struct bk_buf *out, struct vk_session_key **found)
{
    struct vk_session_key *key = find_key(vkey, cmd);
    if (!key)
        return BK_SW_NO_SESSION_KEY;
    *found = key;
    struct vk_cipher_run *run = key->run[use];
    if (!run)
        return BK_SW_CONDITIONS;
    if (bk_buf_put(&run->pending, cmd->rd.at, cmd->rd.left) != BK_OK)
        return BK_SW_NO_SPACE;
    size_t len = run->pending.len / BK_SM4_BLOCK * BK_SM4_BLOCK;
    /* when decrypting, the last block waits: it may be the padding */
    if (use == DECRYPT && run->padded && len && len == run->pending.len)
        len -= BK_SM4_BLOCK;
    return vk_sw_of(process(key, use, len, out), BK_SW_CONDITIONS);
}

static uint16_t pad_end(struct vk_session_key *key, enum use use, struct bk_buf *out)
{
    struct vk_cipher_run *run = key->run[use];
    if (use == ENCRYPT && run->padded) {
        size_t pad = BK_SM4_BLOCK - run->pending.len % BK_SM4_BLOCK;
        for (size_t i = 0; i < pad; i++)
            if (bk_buf_put_u8(&run->pending, (uint8_t)pad) != BK_OK)
                return BK_SW_NO_SPACE;
    }
    if (run->pending.len % BK_SM4_BLOCK)
        return BK_SW_DATA;
    size_t start = out->len;
    if (process(key, use, run->pending.len, out) != BK_OK)
        return BK_SW_CONDITIONS;
    if (use != DECRYPT || !run->padded)
        return BK_SW_OK;
    size_t pad = out->len > start ? out->data[out->len - 1] : 0;
    if (!pad || pad > BK_SM4_BLOCK)
        return BK_SW_DECRYPT_FAILED;
    for (size_t i = 1; i <= pad; i++)
        if (out->data[out->len - i] != pad)
            return BK_SW_DECRYPT_FAILED;
    out->len -= pad;
    return BK_SW_OK;
}

/* One step, or the last: then the run is over whatever comes out. */
static uint16_t step(struct bk_vkey *vkey, struct vk_command *cmd, enum use use, bool last,
                     struct bk_buf *out)
{
    struct vk_session_key *key = NULL;
    uint16_t sw = update(vkey, cmd, use, out, &key);
    if (sw == BK_SW_OK && last)
        sw = pad_end(key, use, out);
    /* of a MAC only the last block leaves, and only at the end */
    if (sw == BK_SW_OK && use == MAC) {
        bk_buf_clear(out);
        if (last)
            sw = vk_sw_of(bk_buf_put(out, key->run[MAC]->iv, BK_SM4_BLOCK), BK_SW_CONDITIONS);
    }
    if (key && (last || sw != BK_SW_OK))
        vk_cipher_run_free(&key->run[use]);
    return sw;
}

uint16_t vk_encrypt_init(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    /* lint -Wanalyzer-malloc-leak: the session key holds it */
    return begin(vkey, cmd, ENCRYPT);
}

uint16_t vk_encrypt(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    return step(vkey, cmd, ENCRYPT, true, out);
}

uint16_t vk_encrypt_update(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    return step(vkey, cmd, ENCRYPT, false, out);
}

uint16_t vk_encrypt_final(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    return step(vkey, cmd, ENCRYPT, true, out);
}

uint16_t vk_decrypt_init(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    /* lint -Wanalyzer-malloc-leak: the session key holds it */
    return begin(vkey, cmd, DECRYPT);
}

uint16_t vk_decrypt(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    return step(vkey, cmd, DECRYPT, true, out);
}

uint16_t vk_decrypt_update(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    return step(vkey, cmd, DECRYPT, false, out);
}

uint16_t vk_decrypt_final(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    return step(vkey, cmd, DECRYPT, true, out);
}

uint16_t vk_mac_init(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    /* lint -Wanalyzer-malloc-leak: the session key holds it */
    return begin(vkey, cmd, MAC);
}

uint16_t vk_mac(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    return step(vkey, cmd, MAC, true, out);
}

uint16_t vk_mac_update(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    return step(vkey, cmd, MAC, false, out);
}

uint16_t vk_mac_final(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    return step(vkey, cmd, MAC, true, out);
}

/* Z of the public key and id in the data, into the digest that begins. */
static uint16_t add_z(struct bk_vkey *vkey, struct vk_command *cmd)
{
    uint32_t bits = 0;
    uint8_t x[32], y[32], z[32];
    const uint8_t *id = NULL;
    size_t id_len = 0;
    struct bk_pubkey pub;
    if (vk_get32(vkey, &cmd->rd, &bits) != BK_OK || bits != 256 ||
        bk_rd_copy(&cmd->rd, x, 32) != BK_OK || bk_rd_copy(&cmd->rd, y, 32) != BK_OK ||
        !get_counted(vkey, &cmd->rd, &id, &id_len) || bk_rd_end(&cmd->rd) != BK_OK ||
        bk_pubkey_sm2(x, y, &pub) != BK_OK || bk_sm2_z(&pub, id, id_len, z) != BK_OK)
        return BK_SW_DATA;
    return vk_sw_of(bk_digester_add(vkey->session.digest, z, sizeof z), BK_SW_CONDITIONS);
}

uint16_t vk_digest_init(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    static const enum bk_hash hashes[] = {BK_HASH_NONE, BK_HASH_SM3, BK_HASH_SHA1, BK_HASH_SHA256,
                                          BK_HASH_SHA256};
    enum bk_hash hash = cmd->p2 < sizeof hashes / sizeof *hashes ? hashes[cmd->p2] : BK_HASH_NONE;
    struct vk_session *session = &vkey->session;
    if (hash == BK_HASH_NONE)
        return BK_SW_HASH_ALG;
    if (cmd->len && hash != BK_HASH_SM3)
        return BK_SW_DATA;
    bk_digester_free(&session->digest);
    if (bk_digester_new(hash, &session->digest) != BK_OK)
        return BK_SW_CONDITIONS;
    session->digest_len = bk_hash_len(hash);
    uint16_t sw = cmd->len ? add_z(vkey, cmd) : BK_SW_OK;
    if (sw != BK_SW_OK)
        bk_digester_free(&session->digest);
    return sw;
}

uint16_t vk_digest_update(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    if (!vkey->session.digest)
        return BK_SW_CONDITIONS;
    return vk_sw_of(bk_digester_add(vkey->session.digest, cmd->rd.at, cmd->rd.left),
                    BK_SW_CONDITIONS);
}

uint16_t vk_digest_final(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    uint8_t digest[BK_HASH_MAX];
    size_t len = vkey->session.digest_len;
    uint16_t sw = vk_digest_update(vkey, cmd, out);
    if (sw != BK_SW_OK)
        return sw;
    enum bk_err err = bk_digester_end(vkey->session.digest, digest);
    if (err == BK_OK)
        err = vk_put32(vkey, out, (uint32_t)len);
    if (err == BK_OK)
        err = bk_buf_put(out, digest, len);
    bk_digester_free(&vkey->session.digest);
    return vk_sw_of(err, BK_SW_CONDITIONS);
}

uint16_t vk_digest(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    return vk_digest_final(vkey, cmd, out);
}
