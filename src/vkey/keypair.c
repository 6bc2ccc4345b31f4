/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A container's key pairs: instructions 54 to 58, 70 to 76, 88 and the extensions C6 and C8
 * (docs/formats.md clause 2). Public RSA keys leave as bits2 ‖ e4 (big-endian bytes) ‖ n.
 */
#include <string.h>

#include "base/secret.h"
#include "crypto/envelope.h"
#include "vkey/command.h"

#define RSA_BITS 2048u
#define RSA_SIZE 256u
#define RSA_ROOM 1216u /* what a 2048-bit RSAPrivateKey takes at most */
#define ALG_SM4_ECB 0x401u

static enum bk_err put_rsa(const struct bk_vkey *vkey, const struct bk_pubkey *pub,
                           struct bk_buf *out)
{
    enum bk_err err = vk_put16(vkey, out, (uint16_t)(8 * pub->n_len));
    if (err == BK_OK && pub->e_len > 4)
        err = BK_EFORMAT;
    if (err == BK_OK)
        err = bk_buf_put_zero(out, 4 - pub->e_len);
    if (err == BK_OK)
        err = bk_buf_put(out, pub->e, pub->e_len);
    return err == BK_OK ? bk_buf_put(out, pub->n, pub->n_len) : err;
}

static enum bk_err put_point(const struct bk_pubkey *pub, struct bk_buf *out)
{
    enum bk_err err = bk_buf_put(out, pub->x, 32);
    return err == BK_OK ? bk_buf_put(out, pub->y, 32) : err;
}

/* The pair becomes this key: its certificate was another key's and goes. Takes priv over. */
static void replace_key(struct bk_vkey *vkey, struct vk_command *cmd, int which, int alg,
                        struct bk_buf *priv)
{
    struct vk_pair *pair = &cmd->box->pair[which];
    vk_pair_free(pair);
    pair->priv = *priv;
    *priv = (struct bk_buf)BK_BUF_INIT;
    cmd->box->alg = alg;
    vkey->dirty = true;
}

uint16_t vk_gen_rsa(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    uint16_t bits = 0;
    struct bk_rsa_key *key = NULL;
    struct bk_buf der = BK_BUF_INIT;
    if (vk_get16(vkey, &cmd->rd, &bits) != BK_OK || bits != RSA_BITS)
        return BK_SW_DATA;
    if (cmd->box->alg && cmd->box->alg != BK_ALG_RSA)
        return BK_SW_CONDITIONS;
    if (vk_space_left(&vkey->state) < RSA_ROOM)
        return BK_SW_NO_SPACE;
    enum bk_err err = bk_rsa_generate(bits, &key);
    if (err == BK_OK)
        err = bk_rsa_to_der(key, &der);
    if (err == BK_OK)
        err = put_rsa(vkey, bk_rsa_pubkey(key), out);
    if (err == BK_OK) {
        replace_key(vkey, cmd, VK_SIGN, BK_ALG_RSA, &der);
        cmd->box->pair[VK_SIGN].rsa = key;
        key = NULL;
    }
    bk_rsa_free(&key);
    bk_buf_free(&der);
    return vk_sw_of(err, BK_SW_KEYGEN_FAILED);
}

uint16_t vk_gen_ecc(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    uint32_t bits = 0;
    struct bk_sm2_key *key = NULL;
    struct bk_buf priv = BK_BUF_INIT;
    if (vk_get32(vkey, &cmd->rd, &bits) != BK_OK || bits != 256)
        return BK_SW_DATA;
    if (cmd->box->alg && cmd->box->alg != BK_ALG_SM2)
        return BK_SW_CONDITIONS;
    if (vk_space_left(&vkey->state) < 32)
        return BK_SW_NO_SPACE;
    enum bk_err err = bk_sm2_generate(&key);
    if (err == BK_OK)
        err = bk_buf_put_zero(&priv, 32);
    if (err == BK_OK)
        err = bk_sm2_to_bytes(key, priv.data);
    if (err == BK_OK)
        err = put_point(bk_sm2_pubkey(key), out);
    if (err == BK_OK) {
        replace_key(vkey, cmd, VK_SIGN, BK_ALG_SM2, &priv);
        cmd->box->pair[VK_SIGN].sm2 = key;
        key = NULL;
    }
    bk_sm2_free(&key);
    bk_buf_free(&priv);
    return vk_sw_of(err, BK_SW_KEYGEN_FAILED);
}

/* A length and that many bytes. */
static bool get_counted(const struct bk_vkey *vkey, struct bk_rd *rd, const uint8_t **data,
                        size_t *len)
{
    uint32_t n = 0;
    if (vk_get32(vkey, rd, &n) != BK_OK || bk_rd_take(rd, n, data) != BK_OK)
        return false;
    *len = n;
    return true;
}

static uint16_t open_failed(enum bk_err err)
{
    if (err == BK_OK || err == BK_ENOMEM)
        return vk_sw_of(err, BK_SW_OK);
    return BK_SW_DECRYPT_FAILED;
}

/* symmetric algorithm4 ‖ L4 ‖ wrapped key ‖ bits4 ‖ L4 ‖ encrypted private key */
uint16_t vk_import_rsa(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    uint32_t alg = 0, bits = 0;
    struct bk_envelope_rsa env = {0};
    struct vk_pair *sign = &cmd->box->pair[VK_SIGN];
    if (vk_get32(vkey, &cmd->rd, &alg) != BK_OK ||
        !get_counted(vkey, &cmd->rd, &env.key, &env.key_len) ||
        vk_get32(vkey, &cmd->rd, &bits) != BK_OK ||
        !get_counted(vkey, &cmd->rd, &env.priv, &env.priv_len) || bk_rd_end(&cmd->rd) != BK_OK ||
        bits != RSA_BITS)
        return BK_SW_DATA;
    if (alg != ALG_SM4_ECB)
        return BK_SW_SESSION_ALG;
    if (cmd->box->alg != BK_ALG_RSA || vk_pair_load(sign, BK_ALG_RSA) != BK_OK)
        return BK_SW_NO_KEY_PAIR;
    if (vk_space_left(&vkey->state) < RSA_ROOM)
        return BK_SW_NO_SPACE;
    struct bk_rsa_key *key = NULL;
    struct bk_buf der = BK_BUF_INIT;
    uint16_t sw = open_failed(bk_envelope_rsa_open(sign->rsa, &env, &key));
    if (sw == BK_SW_OK && bk_rsa_pubkey(key)->n_len != RSA_SIZE)
        sw = BK_SW_DATA;
    if (sw == BK_SW_OK)
        sw = vk_sw_of(bk_rsa_to_der(key, &der), BK_SW_CONDITIONS);
    if (sw == BK_SW_OK) {
        replace_key(vkey, cmd, VK_ENC, BK_ALG_RSA, &der);
        cmd->box->pair[VK_ENC].rsa = key;
        key = NULL;
    }
    bk_rsa_free(&key);
    bk_buf_free(&der);
    return sw;
}

/* X32 ‖ Y32 ‖ HASH32 ‖ L4 ‖ cipher */
static bool get_cipher(const struct bk_vkey *vkey, struct bk_rd *rd, struct bk_sm2_cipher *cipher)
{
    const uint8_t *data = NULL;
    size_t len = 0;
    return bk_rd_copy(rd, cipher->x, 32) == BK_OK && bk_rd_copy(rd, cipher->y, 32) == BK_OK &&
           bk_rd_copy(rd, cipher->hash, 32) == BK_OK && get_counted(vkey, rd, &data, &len) && len &&
           bk_buf_put(&cipher->cipher, data, len) == BK_OK;
}

/* bits4 ‖ the sealed SM4 key ‖ bits4 ‖ X32 ‖ Y32 ‖ L4 ‖ encrypted private key */
static bool get_envelope(const struct bk_vkey *vkey, struct bk_rd *rd, struct bk_envelope_sm2 *env)
{
    uint32_t key_bits = 0, bits = 0;
    uint8_t x[32], y[32];
    const uint8_t *priv = NULL;
    bool good = vk_get32(vkey, rd, &key_bits) == BK_OK && key_bits == 256 &&
                get_cipher(vkey, rd, &env->key) && vk_get32(vkey, rd, &bits) == BK_OK &&
                bits == 256 && bk_rd_copy(rd, x, 32) == BK_OK && bk_rd_copy(rd, y, 32) == BK_OK &&
                get_counted(vkey, rd, &priv, &env->priv_len) && bk_rd_end(rd) == BK_OK &&
                (env->priv_len == 32 || env->priv_len == 64) &&
                bk_pubkey_sm2(x, y, &env->pub) == BK_OK;
    if (good)
        memcpy(env->priv, priv, env->priv_len);
    return good;
}

/* asymmetric algorithm4 ‖ symmetric algorithm4 ‖ envelope */
uint16_t vk_import_ecc(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    uint32_t alg = 0, sym = 0;
    struct bk_envelope_sm2 env = {0};
    struct bk_sm2_key *key = NULL;
    struct bk_buf priv = BK_BUF_INIT;
    struct vk_pair *sign = &cmd->box->pair[VK_SIGN];
    uint16_t sw = BK_SW_DATA;
    /* 0x00020100 to 0x00020800: sources number SM2's uses differently */
    if (vk_get32(vkey, &cmd->rd, &alg) != BK_OK || alg >> 16 != 2 ||
        vk_get32(vkey, &cmd->rd, &sym) != BK_OK || !get_envelope(vkey, &cmd->rd, &env))
        goto out;
    sw = BK_SW_SESSION_ALG;
    if (sym != ALG_SM4_ECB)
        goto out;
    sw = BK_SW_NO_KEY_PAIR;
    if (cmd->box->alg != BK_ALG_SM2 || vk_pair_load(sign, BK_ALG_SM2) != BK_OK)
        goto out;
    sw = BK_SW_NO_SPACE;
    if (vk_space_left(&vkey->state) < 32)
        goto out;
    sw = open_failed(bk_envelope_sm2_open(sign->sm2, &env, &key));
    if (sw == BK_SW_OK)
        sw = vk_sw_of(bk_buf_put_zero(&priv, 32), BK_SW_CONDITIONS);
    if (sw == BK_SW_OK)
        sw = vk_sw_of(bk_sm2_to_bytes(key, priv.data), BK_SW_CONDITIONS);
    if (sw == BK_SW_OK) {
        replace_key(vkey, cmd, VK_ENC, BK_ALG_SM2, &priv);
        cmd->box->pair[VK_ENC].sm2 = key;
        key = NULL;
    }
out:
    bk_sm2_free(&key);
    bk_buf_free(&priv);
    bk_envelope_sm2_free(&env);
    return sw;
}

/* The pair's key of this algorithm is ready for use. */
static bool ready(struct vk_command *cmd, int which, int alg)
{
    return cmd->box->alg == alg && vk_pair_load(&cmd->box->pair[which], alg) == BK_OK;
}

uint16_t vk_rsa_sign(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)vkey;
    if (!ready(cmd, VK_SIGN, BK_ALG_RSA))
        return BK_SW_NO_KEY_PAIR;
    if (cmd->rd.left > RSA_SIZE - 11)
        return BK_SW_DATA;
    return vk_sw_of(bk_rsa_sign(cmd->box->pair[VK_SIGN].rsa, cmd->rd.at, cmd->rd.left, out),
                    BK_SW_SIGN_FAILED);
}

/* What is signed: P1 2 the digest as it comes, P1 1 idLen4 ‖ id ‖ message. */
static uint16_t digest_to_sign(const struct bk_vkey *vkey, struct vk_command *cmd, uint8_t e[32])
{
    const uint8_t *id = NULL;
    size_t id_len = 0;
    if (cmd->p1 == 2)
        return bk_rd_copy(&cmd->rd, e, 32) == BK_OK && bk_rd_end(&cmd->rd) == BK_OK ? BK_SW_OK
                                                                                    : BK_SW_LENGTH;
    if (!get_counted(vkey, &cmd->rd, &id, &id_len) || id_len > 8191)
        return BK_SW_DATA;
    const struct bk_pubkey *pub = bk_sm2_pubkey(cmd->box->pair[VK_SIGN].sm2);
    return vk_sw_of(bk_sm2_e(pub, id, id_len, cmd->rd.at, cmd->rd.left, e), BK_SW_SIGN_FAILED);
}

/* Answer: bits4 ‖ r32 ‖ s32. */
uint16_t vk_ecc_sign(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    uint8_t e[32];
    struct bk_sm2_sig sig;
    if (cmd->p1 != 1 && cmd->p1 != 2)
        return BK_SW_P1P2;
    if (!ready(cmd, VK_SIGN, BK_ALG_SM2))
        return BK_SW_NO_KEY_PAIR;
    uint16_t sw = digest_to_sign(vkey, cmd, e);
    if (sw != BK_SW_OK)
        return sw;
    enum bk_err err = bk_sm2_sign(cmd->box->pair[VK_SIGN].sm2, e, &sig);
    if (err == BK_OK)
        err = vk_put32(vkey, out, 256);
    if (err == BK_OK)
        err = bk_buf_put(out, sig.r, 32);
    if (err == BK_OK)
        err = bk_buf_put(out, sig.s, 32);
    return vk_sw_of(err, BK_SW_SIGN_FAILED);
}

/* bits4 ‖ X32 ‖ Y32 ‖ L4 ‖ digest32 ‖ r32 ‖ s32: a key from outside, nothing of this one's. */
uint16_t vk_ecc_verify(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)out;
    uint32_t bits = 0, len = 0;
    uint8_t x[32], y[32], e[32];
    struct bk_pubkey pub;
    struct bk_sm2_sig sig;
    if (vk_get32(vkey, &cmd->rd, &bits) != BK_OK || bits != 256 ||
        bk_rd_copy(&cmd->rd, x, 32) != BK_OK || bk_rd_copy(&cmd->rd, y, 32) != BK_OK ||
        vk_get32(vkey, &cmd->rd, &len) != BK_OK || len != 32 ||
        bk_rd_copy(&cmd->rd, e, 32) != BK_OK || bk_rd_copy(&cmd->rd, sig.r, 32) != BK_OK ||
        bk_rd_copy(&cmd->rd, sig.s, 32) != BK_OK || bk_rd_end(&cmd->rd) != BK_OK ||
        bk_pubkey_sm2(x, y, &pub) != BK_OK)
        return BK_SW_DATA;
    return vk_sw_of(bk_sm2_verify(&pub, e, &sig), BK_SW_VERIFY_FAILED);
}

uint16_t vk_export_public_key(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    if (cmd->p1 > VK_SIGN)
        return BK_SW_P1P2;
    const struct bk_pubkey *pub = vk_pair_pubkey(&cmd->box->pair[cmd->p1], cmd->box->alg);
    if (!pub)
        return BK_SW_NO_KEY_PAIR;
    if (cmd->box->alg == BK_ALG_RSA)
        return vk_sw_of(put_rsa(vkey, pub, out), BK_SW_CONDITIONS);
    enum bk_err err = vk_put32(vkey, out, 256);
    if (err == BK_OK)
        err = put_point(pub, out);
    return vk_sw_of(err, BK_SW_CONDITIONS);
}

uint16_t vk_rsa_private(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    (void)vkey;
    if (cmd->p1 > VK_SIGN)
        return BK_SW_P1P2;
    if (!ready(cmd, cmd->p1, BK_ALG_RSA))
        return BK_SW_NO_KEY_PAIR;
    if (cmd->rd.left != RSA_SIZE)
        return BK_SW_LENGTH;
    enum bk_err err = bk_buf_put_zero(out, RSA_SIZE);
    if (err == BK_OK)
        err = bk_rsa_private(cmd->box->pair[cmd->p1].rsa, cmd->rd.at, RSA_SIZE, out->data);
    return vk_sw_of(err, err == BK_EFORMAT ? BK_SW_DATA : BK_SW_CONDITIONS);
}

uint16_t vk_sm2_decrypt(struct bk_vkey *vkey, struct vk_command *cmd, struct bk_buf *out)
{
    struct bk_sm2_cipher cipher = {0};
    if (cmd->p1 != VK_ENC)
        return BK_SW_P1P2;
    if (!ready(cmd, VK_ENC, BK_ALG_SM2))
        return BK_SW_NO_KEY_PAIR;
    uint16_t sw = BK_SW_DATA;
    if (get_cipher(vkey, &cmd->rd, &cipher) && bk_rd_end(&cmd->rd) == BK_OK) {
        enum bk_err err = bk_sm2_decrypt(cmd->box->pair[VK_ENC].sm2, &cipher, out);
        sw = vk_sw_of(err, err == BK_EFORMAT ? BK_SW_DATA : BK_SW_DECRYPT_FAILED);
    }
    bk_sm2_cipher_free(&cipher);
    return sw;
}
