/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/ocsp.h"

#include <string.h>
#include <time.h>

#include "crypto/der.h"

#define DER_ENUM 0x0a
#define DER_TIME 0x18

/* content bytes of OIDs */
static const uint8_t oid_basic[] = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01};
static const uint8_t oid_nonce[] = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02};

static const struct {
    enum bk_hash hash;
    uint8_t len, oid[9];
} hashes[] = {{BK_HASH_SHA1, 5, {0x2b, 0x0e, 0x03, 0x02, 0x1a}},
              {BK_HASH_SHA256, 9, {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01}},
              {BK_HASH_SM3, 8, {0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x11}}};

/* --- requests --- */

static enum bk_err take_hash(struct bk_rd *rd, enum bk_hash *hash)
{
    struct bk_rd in, oid = {0};
    enum bk_err err = bk_der_take(rd, BK_DER_SEQ, &in);
    if (err == BK_OK)
        err = bk_der_take(&in, BK_DER_OID, &oid);
    if (err == BK_OK && bk_der_peek(&in) == BK_DER_NULL)
        err = bk_der_take(&in, BK_DER_NULL, NULL);
    if (err == BK_OK)
        err = bk_rd_end(&in);
    *hash = BK_HASH_NONE;
    for (size_t i = 0; err == BK_OK && i < sizeof hashes / sizeof *hashes; i++)
        if (oid.left == hashes[i].len && memcmp(oid.at, hashes[i].oid, oid.left) == 0)
            *hash = hashes[i].hash;
    return err;
}

static enum bk_err take_id(struct bk_rd *rd, struct bk_ocsp_id *id)
{
    struct bk_rd in, name, key;
    memset(id, 0, sizeof *id);
    id->der = rd->at;
    enum bk_err err = bk_der_take(rd, BK_DER_SEQ, &in);
    if (err != BK_OK)
        return err;
    id->der_len = (size_t)(rd->at - id->der);
    err = take_hash(&in, &id->hash);
    if (err == BK_OK)
        err = bk_der_take(&in, BK_DER_OCTETS, &name);
    if (err == BK_OK)
        err = bk_der_take(&in, BK_DER_OCTETS, &key);
    if (err == BK_OK)
        err = bk_der_uint(&in, &id->serial, &id->serial_len);
    if (err == BK_OK)
        err = bk_rd_end(&in);
    if (err != BK_OK)
        return err;
    id->name_hash = name.at;
    id->name_hash_len = name.left;
    id->key_hash = key.at;
    id->key_hash_len = key.left;
    return BK_OK;
}

enum bk_err bk_ocsp_read_id(const void *der, size_t len, struct bk_ocsp_id *id)
{
    struct bk_rd rd = bk_rd(der, len);
    enum bk_err err = take_id(&rd, id);
    return err == BK_OK ? bk_rd_end(&rd) : err;
}

static enum bk_err take_list(struct bk_rd *rd, struct bk_ocsp_request *request)
{
    struct bk_rd list = {0}, one;
    enum bk_err err = bk_der_take(rd, BK_DER_SEQ, &list);
    while (err == BK_OK && list.left) {
        if (request->count == BK_OCSP_CERTS)
            return BK_ELIMIT;
        err = bk_der_take(&list, BK_DER_SEQ, &one);
        if (err == BK_OK)
            err = take_id(&one, &request->ids[request->count++]);
        if (err == BK_OK && bk_der_peek(&one) == 0xa0)
            err = bk_der_take(&one, 0xa0, NULL);
        if (err == BK_OK)
            err = bk_rd_end(&one);
    }
    return err == BK_OK && !request->count ? BK_EFORMAT : err;
}

/* RFC 8954: an OCTET STRING of 1 to 32 bytes inside the extension's own. */
static enum bk_err take_nonce(struct bk_rd *value, struct bk_ocsp_request *request)
{
    struct bk_rd nonce;
    enum bk_err err = bk_der_take(value, BK_DER_OCTETS, &nonce);
    if (err == BK_OK)
        err = bk_rd_end(value);
    if (err == BK_OK && (!nonce.left || nonce.left > BK_OCSP_NONCE || request->nonce))
        err = BK_EFORMAT;
    if (err == BK_OK) {
        request->nonce = nonce.at;
        request->nonce_len = nonce.left;
    }
    return err;
}

static enum bk_err take_extension(struct bk_rd *list, struct bk_ocsp_request *request)
{
    struct bk_rd one, oid = {0}, value = {0};
    enum bk_err err = bk_der_take(list, BK_DER_SEQ, &one);
    if (err == BK_OK)
        err = bk_der_take(&one, BK_DER_OID, &oid);
    if (err == BK_OK && bk_der_peek(&one) == 0x01)
        err = bk_der_take(&one, 0x01, NULL);
    if (err == BK_OK)
        err = bk_der_take(&one, BK_DER_OCTETS, &value);
    if (err == BK_OK)
        err = bk_rd_end(&one);
    if (err == BK_OK && oid.left == sizeof oid_nonce &&
        memcmp(oid.at, oid_nonce, sizeof oid_nonce) == 0)
        err = take_nonce(&value, request);
    return err;
}

static enum bk_err take_extensions(struct bk_rd *tbs, struct bk_ocsp_request *request)
{
    struct bk_rd outer, list = {0};
    enum bk_err err = bk_der_take(tbs, 0xa2, &outer);
    if (err == BK_OK)
        err = bk_der_take(&outer, BK_DER_SEQ, &list);
    if (err == BK_OK)
        err = bk_rd_end(&outer);
    while (err == BK_OK && list.left)
        err = take_extension(&list, request);
    return err;
}

static enum bk_err take_version(struct bk_rd *tbs)
{
    struct bk_rd in;
    uint8_t version = 1;
    enum bk_err err = bk_der_take(tbs, 0xa0, &in);
    if (err == BK_OK)
        err = bk_der_uint_fixed(&in, &version, 1);
    if (err == BK_OK)
        err = bk_rd_end(&in);
    return err == BK_OK && version != 0 ? BK_EFORMAT : err;
}

enum bk_err bk_ocsp_read(const void *der, size_t len, struct bk_ocsp_request *request)
{
    struct bk_rd rd = bk_rd(der, len), in, tbs = {0};
    memset(request, 0, sizeof *request);
    enum bk_err err = len <= BK_OCSP_REQUEST_MAX ? bk_der_take(&rd, BK_DER_SEQ, &in) : BK_ELIMIT;
    if (err == BK_OK)
        err = bk_rd_end(&rd);
    if (err == BK_OK)
        err = bk_der_take(&in, BK_DER_SEQ, &tbs);
    if (err == BK_OK && bk_der_peek(&tbs) == 0xa0)
        err = take_version(&tbs);
    if (err == BK_OK && bk_der_peek(&tbs) == 0xa1)
        err = bk_der_take(&tbs, 0xa1, NULL); /* requestorName */
    if (err == BK_OK)
        err = take_list(&tbs, request);
    if (err == BK_OK && bk_der_peek(&tbs) == 0xa2)
        err = take_extensions(&tbs, request);
    if (err == BK_OK)
        err = bk_rd_end(&tbs);
    if (err == BK_OK && bk_der_peek(&in) == 0xa0)
        err = bk_der_take(&in, 0xa0, NULL); /* signature: anybody may ask */
    return err == BK_OK ? bk_rd_end(&in) : err;
}

/* The hash is of the BIT STRING's content: the key without algorithm and unused bits. */
static enum bk_err hash_key(enum bk_hash hash, const struct bk_pubkey *key,
                            uint8_t out[BK_HASH_MAX])
{
    struct bk_buf spki = BK_BUF_INIT;
    struct bk_rd rd, in, bits;
    enum bk_err err = bk_pubkey_to_spki(key, &spki);
    rd = bk_rd(spki.data, spki.len);
    if (err == BK_OK)
        err = bk_der_take(&rd, BK_DER_SEQ, &in);
    if (err == BK_OK)
        err = bk_der_take(&in, BK_DER_SEQ, NULL);
    if (err == BK_OK)
        err = bk_der_bits(&in, &bits);
    if (err == BK_OK)
        err = bk_digest(hash, bits.at, bits.left, out);
    bk_buf_free(&spki);
    return err;
}

enum bk_err bk_ocsp_is_of(const struct bk_ocsp_id *id, const void *name, size_t name_len,
                          const struct bk_pubkey *key, bool *is)
{
    uint8_t hash[BK_HASH_MAX];
    size_t len = bk_hash_len(id->hash);
    *is = false;
    if (!len || id->name_hash_len != len || id->key_hash_len != len)
        return BK_OK;
    enum bk_err err = bk_digest(id->hash, name, name_len, hash);
    if (err != BK_OK || memcmp(hash, id->name_hash, len) != 0)
        return err;
    err = hash_key(id->hash, key, hash);
    *is = err == BK_OK && memcmp(hash, id->key_hash, len) == 0;
    return err;
}

/* --- responses --- */

static enum bk_err put_time(struct bk_buf *out, int64_t at)
{
    char text[32];
    struct tm tm;
    time_t t = (time_t)at;
    if (!gmtime_r(&t, &tm))
        return BK_EINVAL;
    return bk_der_put(out, DER_TIME, text, strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &tm));
}

static enum bk_err put_revoked(struct bk_buf *out, const struct bk_ocsp_single *s)
{
    const uint8_t reason = (uint8_t)s->reason;
    struct bk_buf in = BK_BUF_INIT, value = BK_BUF_INIT;
    enum bk_err err = put_time(&in, s->revoked_at);
    if (err == BK_OK && reason) {
        err = bk_der_put(&value, DER_ENUM, &reason, 1);
        if (err == BK_OK)
            err = bk_der_wrap(&in, 0xa0, &value);
    }
    if (err == BK_OK)
        err = bk_der_wrap(out, 0xa1, &in);
    bk_buf_free(&in);
    bk_buf_free(&value);
    return err;
}

static enum bk_err put_single(struct bk_buf *out, const struct bk_ocsp_single *s,
                              const struct bk_ocsp_answer *answer)
{
    struct bk_buf in = BK_BUF_INIT, next = BK_BUF_INIT;
    enum bk_err err = bk_buf_put(&in, s->id, s->id_len);
    if (err == BK_OK)
        err = s->state == BK_OCSP_REVOKED ? put_revoked(&in, s)
                                          : bk_der_put(&in, (uint8_t)(0x80 | s->state), NULL, 0);
    if (err == BK_OK)
        err = put_time(&in, answer->this_update);
    if (err == BK_OK)
        err = put_time(&next, answer->next_update);
    if (err == BK_OK)
        err = bk_der_wrap(&in, 0xa0, &next);
    if (err == BK_OK)
        err = bk_der_wrap(out, BK_DER_SEQ, &in);
    bk_buf_free(&in);
    bk_buf_free(&next);
    return err;
}

static enum bk_err put_nonce(struct bk_buf *out, const struct bk_ocsp_answer *answer)
{
    struct bk_buf in = BK_BUF_INIT, value = BK_BUF_INIT;
    enum bk_err err = bk_der_put(&value, BK_DER_OCTETS, answer->nonce, answer->nonce_len);
    if (err == BK_OK)
        err = bk_der_put(&in, BK_DER_OID, oid_nonce, sizeof oid_nonce);
    if (err == BK_OK)
        err = bk_der_wrap(&in, BK_DER_OCTETS, &value);
    if (err == BK_OK)
        err = bk_der_wrap(&value, BK_DER_SEQ, &in);
    if (err == BK_OK)
        err = bk_der_wrap(&in, BK_DER_SEQ, &value);
    if (err == BK_OK)
        err = bk_der_wrap(out, 0xa1, &in);
    bk_buf_free(&in);
    bk_buf_free(&value);
    return err;
}

/* ResponseData: the responder by its key, and one answer a certificate. */
static enum bk_err put_data(const struct bk_signer *signer, const struct bk_ocsp_answer *answer,
                            struct bk_buf *out)
{
    uint8_t id[BK_KEY_ID];
    struct bk_buf in = BK_BUF_INIT, part = BK_BUF_INIT;
    enum bk_err err = bk_pubkey_id_sha1(bk_signer_pubkey(signer), id);
    if (err == BK_OK)
        err = bk_der_put(&part, BK_DER_OCTETS, id, sizeof id);
    if (err == BK_OK)
        err = bk_der_wrap(&in, 0xa2, &part);
    if (err == BK_OK)
        err = put_time(&in, answer->this_update);
    for (size_t i = 0; err == BK_OK && i < answer->count; i++)
        err = put_single(&part, &answer->singles[i], answer);
    if (err == BK_OK)
        err = bk_der_wrap(&in, BK_DER_SEQ, &part);
    if (err == BK_OK && answer->nonce)
        err = put_nonce(&in, answer);
    if (err == BK_OK)
        err = bk_der_wrap(out, BK_DER_SEQ, &in);
    bk_buf_free(&in);
    bk_buf_free(&part);
    return err;
}

static enum bk_err put_status(struct bk_buf *out, uint8_t status)
{
    return bk_der_put(out, DER_ENUM, &status, 1);
}

enum bk_err bk_ocsp_answer(const struct bk_signer *signer, const struct bk_ocsp_answer *answer,
                           struct bk_buf *out)
{
    struct bk_buf basic = BK_BUF_INIT, in = BK_BUF_INIT, bytes = BK_BUF_INIT;
    enum bk_err err = put_data(signer, answer, &in);
    if (err == BK_OK)
        err = bk_signer_seal(signer, &in, &basic);
    if (err == BK_OK)
        err = bk_der_put(&bytes, BK_DER_OID, oid_basic, sizeof oid_basic);
    if (err == BK_OK)
        err = bk_der_wrap(&bytes, BK_DER_OCTETS, &basic);
    if (err == BK_OK)
        err = bk_der_wrap(&basic, BK_DER_SEQ, &bytes);
    bk_buf_clear(&in);
    if (err == BK_OK)
        err = put_status(&in, 0);
    if (err == BK_OK)
        err = bk_der_wrap(&in, 0xa0, &basic);
    if (err == BK_OK)
        err = bk_der_wrap(out, BK_DER_SEQ, &in);
    bk_buf_free(&basic);
    bk_buf_free(&in);
    bk_buf_free(&bytes);
    return err;
}

enum bk_err bk_ocsp_refuse(enum bk_ocsp_failure failure, struct bk_buf *out)
{
    struct bk_buf in = BK_BUF_INIT;
    enum bk_err err = put_status(&in, (uint8_t)failure);
    if (err == BK_OK)
        err = bk_der_wrap(out, BK_DER_SEQ, &in);
    bk_buf_free(&in);
    return err;
}
