/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/rsa_pad.h"

#include <string.h>

#include "base/secret.h"
#include "crypto/ctx.h"
#include "crypto/der.h"
#include "crypto/pubkey.h"

/* OIDs of the hashes: 1.3.14.3.2.26, 2.16.840.1.101.3.4.2.x, 1.2.156.10197.1.401 */
static const struct {
    uint8_t len, oid[9];
} hash_oid[BK_HASH_COUNT] = {
    [BK_HASH_SHA1] = {5, {0x2b, 0x0e, 0x03, 0x02, 0x1a}},
    [BK_HASH_SHA224] = {9, {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x04}},
    [BK_HASH_SHA256] = {9, {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01}},
    [BK_HASH_SHA384] = {9, {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02}},
    [BK_HASH_SHA512] = {9, {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03}},
    [BK_HASH_SM3] = {8, {0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x11}},
};

enum bk_err bk_rsa_digest_info(enum bk_hash hash, const void *digest, size_t len,
                               struct bk_buf *out)
{
    if (!bk_hash_len(hash) || len != bk_hash_len(hash))
        return BK_EINVAL;
    struct bk_buf alg = BK_BUF_INIT, seq = BK_BUF_INIT;
    enum bk_err err = bk_der_put(&alg, BK_DER_OID, hash_oid[hash].oid, hash_oid[hash].len);
    if (err == BK_OK)
        err = bk_der_put(&alg, BK_DER_NULL, NULL, 0);
    if (err == BK_OK)
        err = bk_der_put(&seq, BK_DER_SEQ, alg.data, alg.len);
    if (err == BK_OK)
        err = bk_der_put(&seq, BK_DER_OCTETS, digest, len);
    if (err == BK_OK)
        err = bk_der_put(out, BK_DER_SEQ, seq.data, seq.len);
    bk_buf_free(&alg);
    bk_buf_free(&seq);
    return err;
}

enum bk_err bk_rsa_pad_sign(const void *data, size_t len, uint8_t *out, size_t size)
{
    if (size < 11 || len > size - 11)
        return BK_ELIMIT;
    memset(out, 0xff, size);
    out[0] = 0;
    out[1] = 1;
    out[size - len - 1] = 0;
    if (len)
        memcpy(out + size - len, data, len);
    return BK_OK;
}

/* MGF1 (appendix B.2.1) of seed, xored onto data. */
static enum bk_err mgf1_xor(enum bk_hash hash, const uint8_t *seed, size_t seed_len, uint8_t *data,
                            size_t len)
{
    uint8_t in[BK_RSA_MAX + 4], mask[BK_HASH_MAX];
    size_t size = bk_hash_len(hash), done = 0;
    enum bk_err err = seed_len > BK_RSA_MAX ? BK_EINVAL : BK_OK;
    if (err == BK_OK)
        memcpy(in, seed, seed_len);
    for (uint32_t i = 0; err == BK_OK && done < len; i++) {
        for (unsigned k = 0; k < 4; k++)
            in[seed_len + k] = (uint8_t)(i >> (24 - 8 * k));
        err = bk_digest(hash, in, seed_len + 4, mask);
        for (size_t k = 0; err == BK_OK && k < size && done < len; k++)
            data[done++] ^= mask[k];
    }
    bk_wipe(in, sizeof in);
    bk_wipe(mask, sizeof mask);
    return err;
}

enum bk_err bk_rsa_pad_pss(enum bk_hash hash, enum bk_hash mgf, size_t salt_len, const void *digest,
                           size_t digest_len, unsigned bits, uint8_t *out)
{
    size_t h = bk_hash_len(hash), size = (bits + 7) / 8, em = (bits + 6) / 8;
    uint8_t m[8 + BK_HASH_MAX + BK_RSA_MAX] = {0};
    if (!h || !bk_hash_len(mgf) || digest_len != h || size > BK_RSA_MAX)
        return BK_EINVAL;
    if (em < h + 2 || salt_len > em - h - 2)
        return BK_ELIMIT;
    /* one byte more than the encoded message when bits - 1 is a multiple of 8 */
    memset(out, 0, size);
    uint8_t *db = out + size - em, *hashed = out + size - 1 - h;
    size_t db_len = em - h - 1;
    memcpy(m + 8, digest, h);
    enum bk_err err = salt_len ? bk_random(m + 8 + h, salt_len) : BK_OK;
    if (err == BK_OK)
        err = bk_digest(hash, m, 8 + h + salt_len, hashed);
    if (err == BK_OK) {
        db[db_len - salt_len - 1] = 1;
        memcpy(db + db_len - salt_len, m + 8 + h, salt_len);
        err = mgf1_xor(mgf, hashed, h, db, db_len);
    }
    if (err == BK_OK) {
        db[0] &= (uint8_t)(0xff >> (8 * em - (bits - 1)));
        out[size - 1] = 0xbc;
    }
    bk_wipe(m, sizeof m);
    return err;
}

/* Masks, all ones for true, without a branch: MSB spreads the sign bit over the word. */
static size_t msb(size_t a)
{
    return 0 - (a >> (sizeof a * 8 - 1));
}

static size_t is_zero(size_t a)
{
    return msb(~a & (a - 1));
}

static size_t is_less(size_t a, size_t b)
{
    return msb(a ^ ((a ^ b) | ((a - b) ^ b)));
}

/*
 * block[at…size) becomes block[least…), `least` being the smallest `at` there can be: by steps of
 * 1, 2, 4 bytes that are each done or not by a mask, so that no address depends on `at`.
 */
static void shift_left(uint8_t *block, size_t size, size_t least, size_t at)
{
    size_t by = at - least;
    for (size_t step = 1; step < size; step <<= 1) {
        uint8_t take = (uint8_t)~is_zero(by & step);
        for (size_t i = least; i < size; i++) {
            uint8_t from = i + step < size ? block[i + step] : 0;
            block[i] = (uint8_t)((take & from) | (~take & block[i]));
        }
    }
}

/* Gives out the message behind the byte at `zero`, or nothing when good isn't all ones. */
static enum bk_err give(uint8_t *block, size_t size, size_t least, size_t at, size_t good,
                        struct bk_buf *out)
{
    enum bk_err err = bk_buf_reserve(out, size);
    if (err != BK_OK)
        return err;
    at = (good & at) | (~good & least);
    shift_left(block, size, least, at);
    memcpy(out->data + out->len, block + least, size - least);
    if (!good) {
        bk_wipe(out->data + out->len, size - least);
        return BK_EFORMAT;
    }
    out->len += size - at;
    return BK_OK;
}

enum bk_err bk_rsa_unpad(uint8_t *block, size_t size, struct bk_buf *out)
{
    if (size < 11 || size > BK_RSA_MAX)
        return BK_EINVAL;
    size_t good = is_zero(block[0]) & is_zero((size_t)block[1] ^ 2), found = 0, zero = 0;
    for (size_t i = 2; i < size; i++) {
        size_t here = is_zero(block[i]) & ~found;
        zero = (here & i) | (~here & zero);
        found |= here;
    }
    /* at least eight bytes of padding */
    good &= found & ~is_less(zero, 10);
    return give(block, size, 11, zero + 1, good, out);
}

enum bk_err bk_rsa_unpad_oaep(enum bk_hash hash, enum bk_hash mgf, const void *label,
                              size_t label_len, uint8_t *block, size_t size, struct bk_buf *out)
{
    size_t h = bk_hash_len(hash);
    uint8_t want[BK_HASH_MAX];
    if (!h || !bk_hash_len(mgf) || size > BK_RSA_MAX || size < 2 * h + 2)
        return BK_EINVAL;
    uint8_t *seed = block + 1, *db = block + 1 + h;
    size_t db_len = size - 1 - h;
    enum bk_err err = bk_digest(hash, label, label_len, want);
    if (err == BK_OK)
        err = mgf1_xor(mgf, db, db_len, seed, h);
    if (err == BK_OK)
        err = mgf1_xor(mgf, seed, h, db, db_len);
    if (err != BK_OK)
        return err;
    size_t wrong = block[0], found = 0, one = 0;
    for (size_t i = 0; i < h; i++)
        wrong |= (size_t)(want[i] ^ db[i]);
    for (size_t i = h; i < db_len; i++) {
        size_t is_one = is_zero((size_t)db[i] ^ 1) & ~found;
        wrong |= ~found & ~is_one & db[i]; /* only zeros before the 1 */
        one = (is_one & i) | (~is_one & one);
        found |= is_one;
    }
    return give(db, db_len, h + 1, one + 1, is_zero(wrong) & found, out);
}
