/* SPDX-License-Identifier: Apache-2.0 */
#include "keyhost.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "crypto/ctx.h"
#include "crypto/envelope.h"
#include "crypto/sm4.h"
#include "hexbytes.h"

char *keyhost_path(void)
{
    const char *base = getenv("TMPDIR");
    char *path = calloc(1, 4096);
    ck_assert_ptr_nonnull(path);
    int n = snprintf(path, 4000, "%s/vkey.XXXXXX", base ? base : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(path));
    memcpy(path + n, "/key", 5);
    return path;
}

void keyhost_forget(char **path)
{
    static const char *const ends[] = {"", ".lock", ".new", ".copy"};
    char name[4096];
    for (size_t i = 0; i < 4; i++) {
        (void)snprintf(name, sizeof name, "%s%s", *path, ends[i]);
        (void)unlink(name);
    }
    *strrchr(*path, '/') = 0;
    (void)rmdir(*path);
    free(*path);
    *path = NULL;
}

uint16_t keyhost_raw(struct keyhost *host, const void *cmd, size_t len)
{
    ck_assert_int_eq(bk_vkey_transmit(host->key, cmd, len, &host->resp), BK_OK);
    ck_assert_uint_ge(host->resp.len, 2);
    host->resp.len -= 2;
    const uint8_t *sw = host->resp.data + host->resp.len;
    uint16_t word = (uint16_t)(sw[0] << 8 | sw[1]);
    if (word != 0x9000)
        ck_assert_uint_eq(host->resp.len, 0);
    return word;
}

uint16_t keyhost_hex(struct keyhost *host, const char *hex)
{
    uint8_t cmd[4096];
    return keyhost_raw(host, cmd, hexbytes(hex, cmd, sizeof cmd));
}

uint16_t keyhost_cmd(struct keyhost *host, uint8_t cla, uint8_t ins, uint8_t p1, uint8_t p2,
                     const void *data, size_t len, int le)
{
    const uint8_t head[5] = {cla, ins, p1, p2, 0};
    struct bk_buf cmd = BK_BUF_INIT;
    ck_assert_int_eq(bk_buf_put(&cmd, head, len || le != NO_LE ? 5 : 4), BK_OK);
    if (len) {
        ck_assert_int_eq(bk_buf_put_u16be(&cmd, (uint16_t)len), BK_OK);
        ck_assert_int_eq(bk_buf_put(&cmd, data, len), BK_OK);
    }
    if (le != NO_LE)
        ck_assert_int_eq(bk_buf_put_u16be(&cmd, (uint16_t)le), BK_OK);
    uint16_t sw = keyhost_raw(host, cmd.data, cmd.len);
    bk_buf_free(&cmd);
    return sw;
}

static uint16_t with_ids(struct keyhost *host, uint8_t ins, uint8_t p1, uint8_t p2, bool box,
                         const void *data, size_t len)
{
    struct bk_buf all = BK_BUF_INIT;
    ck_assert_int_eq(bk_buf_put(&all, host->app, 2), BK_OK);
    if (box)
        ck_assert_int_eq(bk_buf_put(&all, host->box, 2), BK_OK);
    ck_assert_int_eq(bk_buf_put(&all, data, len), BK_OK);
    uint16_t sw = keyhost_cmd(host, 0x80, ins, p1, p2, all.data, all.len, 0);
    bk_buf_free(&all);
    return sw;
}

uint16_t keyhost_app_cmd(struct keyhost *host, uint8_t ins, uint8_t p1, uint8_t p2,
                         const void *data, size_t len)
{
    return with_ids(host, ins, p1, p2, false, data, len);
}

uint16_t keyhost_box_cmd(struct keyhost *host, uint8_t ins, uint8_t p1, uint8_t p2,
                         const void *data, size_t len)
{
    return with_ids(host, ins, p1, p2, true, data, len);
}

void keyhost_put16(const struct keyhost *host, struct bk_buf *buf, uint16_t v)
{
    ck_assert_int_eq(host->dialect == BK_VKEY_LONGMAI ? bk_buf_put_u16be(buf, v)
                                                      : bk_buf_put_u16le(buf, v),
                     BK_OK);
}

void keyhost_put32(const struct keyhost *host, struct bk_buf *buf, uint32_t v)
{
    ck_assert_int_eq(host->dialect == BK_VKEY_LONGMAI ? bk_buf_put_u32be(buf, v)
                                                      : bk_buf_put_u32le(buf, v),
                     BK_OK);
}

uint32_t keyhost_get32(const struct keyhost *host, size_t at)
{
    uint32_t v = 0;
    ck_assert_uint_ge(host->resp.len, at + 4);
    struct bk_rd rd = bk_rd(host->resp.data + at, 4);
    ck_assert_int_eq(host->dialect == BK_VKEY_LONGMAI ? bk_rd_u32be(&rd, &v) : bk_rd_u32le(&rd, &v),
                     BK_OK);
    return v;
}

uint16_t keyhost_open_app(struct keyhost *host, const char *name)
{
    uint16_t sw = keyhost_cmd(host, 0x80, 0x26, 0, 0, name, strlen(name), 10);
    if (sw == 0x9000) {
        ck_assert_uint_eq(host->resp.len, 10);
        memcpy(host->app, host->resp.data + 8, 2);
    }
    return sw;
}

uint16_t keyhost_open_box(struct keyhost *host, const char *name, bool create)
{
    uint16_t sw = keyhost_app_cmd(host, create ? 0x40 : 0x42, 0, 0, name, strlen(name));
    if (sw == 0x9000) {
        ck_assert_uint_eq(host->resp.len, 2);
        memcpy(host->box, host->resp.data, 2);
    }
    return sw;
}

void keyhost_open(struct keyhost *host, const char *path)
{
    struct bk_vkey_info info;
    *host = (struct keyhost){0};
    ck_assert_int_eq(bk_vkey_open(path, &host->key), BK_OK);
    ck_assert_int_eq(bk_vkey_info(host->key, &info), BK_OK);
    host->dialect = info.dialect;
    ck_assert_uint_eq(keyhost_open_app(host, info.apps[0].name), 0x9000);
}

void keyhost_close(struct keyhost *host)
{
    bk_vkey_close(&host->key);
    bk_buf_free(&host->resp);
}

static void draw(struct keyhost *host, uint8_t iv[16])
{
    memset(iv, 0, 16);
    ck_assert_uint_eq(keyhost_cmd(host, 0x80, 0x50, 0, 0, NULL, 0, 8), 0x9000);
    ck_assert_uint_eq(host->resp.len, 8);
    memcpy(iv, host->resp.data, 8);
}

static void pin_key(const char *pin, uint8_t key[16])
{
    uint8_t padded[16] = {0}, digest[20];
    ck_assert_uint_le(strlen(pin), 16);
    memcpy(padded, pin, strlen(pin));
    ck_assert_int_eq(bk_digest(BK_HASH_SHA1, padded, 16, digest), BK_OK);
    memcpy(key, digest, 16);
}

uint16_t keyhost_verify(struct keyhost *host, int type, const char *pin)
{
    uint8_t iv[16], key[16], data[18] = {host->app[0], host->app[1]};
    draw(host, iv);
    pin_key(pin, key);
    if (host->dialect == BK_VKEY_LONGMAI) {
        data[2] = 8;
        memcpy(data + 4, iv, 8);
        data[12] = 0x80;
    } else {
        memcpy(data + 2, iv, 8);
    }
    ck_assert_int_eq(bk_sm4_ecb(key, true, data + 2, 16, data + 2), BK_OK);
    return keyhost_cmd(host, 0x80, 0x18, 0, (uint8_t)type, data, sizeof data, NO_LE);
}

static uint16_t set_pin(struct keyhost *host, uint8_t ins, uint8_t p2, const char *proof,
                        const char *pin)
{
    uint8_t iv[16], key[16], mac[4], block[48] = {0};
    size_t n = strlen(pin), size = 16;
    struct bk_buf data = BK_BUF_INIT, in = BK_BUF_INIT;
    bool longmai = host->dialect == BK_VKEY_LONGMAI;
    draw(host, iv);
    pin_key(proof, key);
    if (longmai) {
        block[0] = (uint8_t)n;
        memcpy(block + 2, pin, n);
        block[2 + n] = 0x80;
        size = (n + 3 + 15) / 16 * 16;
    } else {
        memcpy(block, pin, n);
    }
    ck_assert_int_eq(bk_sm4_ecb(key, true, block, size, block), BK_OK);
    ck_assert_int_eq(bk_buf_put(&data, host->app, 2), BK_OK);
    ck_assert_int_eq(bk_buf_put(&data, block, size), BK_OK);
    const uint8_t head[8] = {0x84, ins, 0, p2, 0, (uint8_t)data.len};
    ck_assert_int_eq(longmai ? bk_buf_put(&in, pin, n) : bk_buf_put(&in, head, 8), BK_OK);
    if (!longmai)
        ck_assert_int_eq(bk_buf_put(&in, data.data, data.len), BK_OK);
    ck_assert_int_eq(bk_sm4_mac(key, iv, in.data, in.len, mac), BK_OK);
    ck_assert_int_eq(bk_buf_put(&data, mac, 4), BK_OK);
    uint16_t sw = keyhost_cmd(host, 0x84, ins, 0, p2, data.data, data.len, NO_LE);
    bk_buf_free(&data);
    bk_buf_free(&in);
    return sw;
}

uint16_t keyhost_change(struct keyhost *host, int type, const char *old, const char *pin)
{
    return set_pin(host, 0x16, (uint8_t)type, old, pin);
}

uint16_t keyhost_unblock(struct keyhost *host, const char *admin, const char *pin)
{
    return set_pin(host, 0x1a, 0, admin, pin);
}

unsigned keyhost_tries(struct keyhost *host, int type)
{
    ck_assert_uint_eq(keyhost_app_cmd(host, 0x14, 0, (uint8_t)type, NULL, 0), 0x9000);
    ck_assert_uint_eq(host->resp.len, 3);
    return host->resp.data[1];
}

bool keyhost_is_default(struct keyhost *host, int type)
{
    (void)keyhost_tries(host, type);
    return host->resp.data[2] == 1;
}

void keyhost_pubkey(struct keyhost *host, int which, enum bk_alg alg, struct bk_pubkey *pub)
{
    ck_assert_uint_eq(keyhost_box_cmd(host, 0x88, (uint8_t)which, 0, NULL, 0), 0x9000);
    const uint8_t *d = host->resp.data;
    if (alg == BK_ALG_RSA) {
        ck_assert_uint_eq(host->resp.len, 2 + 4 + 256);
        ck_assert_int_eq(bk_pubkey_rsa(d + 6, 256, d + 2, 4, pub), BK_OK);
    } else {
        ck_assert_uint_eq(host->resp.len, 4 + 64);
        ck_assert_uint_eq(keyhost_get32(host, 0), 256);
        ck_assert_int_eq(bk_pubkey_sm2(d + 4, d + 36, pub), BK_OK);
    }
}

void keyhost_cert(const struct bk_pubkey *pub, size_t pad, struct bk_buf *der)
{
    static struct bk_rsa_key *signer;
    EVP_PKEY *pkey = NULL;
    X509 *cert = X509_new_ex(bk_crypto_ctx(), NULL);
    if (!signer)
        ck_assert_int_eq(bk_rsa_generate(2048, &signer), BK_OK);
    ck_assert_int_eq(bk_pubkey_evp(pub, &pkey), BK_OK);
    ck_assert_int_eq(X509_set_version(cert, 2), 1);
    ck_assert_int_eq(ASN1_INTEGER_set(X509_get_serialNumber(cert), 4711), 1);
    ck_assert_ptr_nonnull(X509_gmtime_adj(X509_getm_notBefore(cert), 0));
    ck_assert_ptr_nonnull(X509_gmtime_adj(X509_getm_notAfter(cert), 86400));
    X509_NAME *name = X509_get_subject_name(cert);
    ck_assert_int_eq(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                                (const unsigned char *)"测试用户甲", -1, -1, 0),
                     1);
    ck_assert_int_eq(X509_set_issuer_name(cert, name), 1);
    ck_assert_int_eq(X509_set_pubkey(cert, pkey), 1);
    if (pad) {
        ASN1_OCTET_STRING *blob = ASN1_OCTET_STRING_new();
        unsigned char *zeros = calloc(1, pad);
        ck_assert_int_eq(ASN1_OCTET_STRING_set(blob, zeros, (int)pad), 1);
        X509_EXTENSION *ext = X509_EXTENSION_create_by_NID(NULL, NID_netscape_comment, 0, blob);
        ck_assert_int_eq(X509_add_ext(cert, ext, -1), 1);
        X509_EXTENSION_free(ext);
        ASN1_OCTET_STRING_free(blob);
        free(zeros);
    }
    ck_assert_int_gt(X509_sign(cert, bk_rsa_evp(signer), EVP_sha256()), 0);
    unsigned char *bytes = NULL;
    int len = i2d_X509(cert, &bytes);
    ck_assert_int_gt(len, 0);
    bk_buf_clear(der);
    ck_assert_int_eq(bk_buf_put(der, bytes, (size_t)len), BK_OK);
    OPENSSL_free(bytes);
    EVP_PKEY_free(pkey);
    X509_free(cert);
}

uint16_t keyhost_import_cert(struct keyhost *host, int which, const struct bk_buf *der)
{
    struct bk_buf data = BK_BUF_INIT;
    ck_assert_int_eq(bk_buf_put_u8(&data, (uint8_t)which), BK_OK);
    keyhost_put32(host, &data, (uint32_t)der->len);
    ck_assert_int_eq(bk_buf_put(&data, der->data, der->len), BK_OK);
    uint16_t sw = keyhost_box_cmd(host, 0x4c, 0, 0, data.data, data.len);
    bk_buf_free(&data);
    return sw;
}

static void put_rsa_pair(struct keyhost *host, const struct bk_pubkey *sign, struct bk_buf *data)
{
    struct bk_rsa_key *enc = NULL;
    struct bk_buf der = BK_BUF_INIT;
    struct bk_envelope_rsa env;
    ck_assert_int_eq(bk_rsa_generate(2048, &enc), BK_OK);
    ck_assert_int_eq(bk_envelope_rsa_seal(sign, enc, &der), BK_OK);
    ck_assert_int_eq(bk_envelope_rsa_parse(der.data, der.len, &env), BK_OK);
    keyhost_put32(host, data, 0x401);
    keyhost_put32(host, data, (uint32_t)env.key_len);
    ck_assert_int_eq(bk_buf_put(data, env.key, env.key_len), BK_OK);
    keyhost_put32(host, data, 2048);
    keyhost_put32(host, data, (uint32_t)env.priv_len);
    ck_assert_int_eq(bk_buf_put(data, env.priv, env.priv_len), BK_OK);
    bk_buf_free(&der);
    bk_rsa_free(&enc);
}

static void put_sm2_pair(struct keyhost *host, const struct bk_pubkey *sign, struct bk_buf *data)
{
    struct bk_sm2_key *enc = NULL;
    struct bk_buf der = BK_BUF_INIT;
    struct bk_envelope_sm2 env = {0};
    ck_assert_int_eq(bk_sm2_generate(&enc), BK_OK);
    ck_assert_int_eq(bk_envelope_sm2_seal(sign, enc, &der), BK_OK);
    ck_assert_int_eq(bk_envelope_sm2_parse(der.data, der.len, &env), BK_OK);
    keyhost_put32(host, data, 0x20100);
    keyhost_put32(host, data, 0x401);
    keyhost_put32(host, data, 256);
    ck_assert_int_eq(bk_buf_put(data, env.key.x, 32), BK_OK);
    ck_assert_int_eq(bk_buf_put(data, env.key.y, 32), BK_OK);
    ck_assert_int_eq(bk_buf_put(data, env.key.hash, 32), BK_OK);
    keyhost_put32(host, data, (uint32_t)env.key.cipher.len);
    ck_assert_int_eq(bk_buf_put(data, env.key.cipher.data, env.key.cipher.len), BK_OK);
    keyhost_put32(host, data, 256);
    ck_assert_int_eq(bk_buf_put(data, env.pub.x, 32), BK_OK);
    ck_assert_int_eq(bk_buf_put(data, env.pub.y, 32), BK_OK);
    keyhost_put32(host, data, (uint32_t)env.priv_len);
    ck_assert_int_eq(bk_buf_put(data, env.priv, env.priv_len), BK_OK);
    bk_envelope_sm2_free(&env);
    bk_buf_free(&der);
    bk_sm2_free(&enc);
}

uint16_t keyhost_import_pair(struct keyhost *host, enum bk_alg alg)
{
    struct bk_pubkey sign;
    struct bk_buf data = BK_BUF_INIT;
    keyhost_pubkey(host, 1, alg, &sign);
    if (alg == BK_ALG_RSA)
        put_rsa_pair(host, &sign, &data);
    else
        put_sm2_pair(host, &sign, &data);
    uint16_t sw = keyhost_box_cmd(host, alg == BK_ALG_RSA ? 0x56 : 0x72, 0, 0, data.data, data.len);
    bk_buf_free(&data);
    return sw;
}
