/* SPDX-License-Identifier: Apache-2.0 */
/* SignedData, GM/T 0010 clause 8. */
#include <string.h>

#include "base/secret.h"
#include "crypto/cms.h"
#include "crypto/cms_form.h"
#include "crypto/digest.h"

/* ContentInfo of type data; empty when detached. */
static enum bk_err put_content(struct bk_buf *out, const void *content, size_t len, bool detached)
{
    struct bk_buf octets = BK_BUF_INIT, info = BK_BUF_INIT;
    enum bk_err err = BK_OK;
    if (!detached) {
        err = bk_der_put(&octets, BK_DER_OCTETS, content, len);
        if (err == BK_OK)
            err = bk_cms_put_info(out, BK_CMS_DATA, &octets);
    } else {
        err = bk_cms_put_oid(&info, BK_CMS_DATA);
        if (err == BK_OK)
            err = bk_der_put(out, BK_DER_SEQ, info.data, info.len);
    }
    bk_buf_free(&octets);
    bk_buf_free(&info);
    return err;
}

static enum bk_err put_certs(struct bk_buf *out, const struct bk_x509 *cert,
                             const struct bk_chain *chain)
{
    struct bk_buf certs = BK_BUF_INIT;
    enum bk_err err = bk_buf_put(&certs, cert->der.data, cert->der.len);
    for (size_t i = 0; err == BK_OK && chain && i < chain->count; i++)
        err = bk_buf_put(&certs, chain->certs[i]->der.data, chain->certs[i]->der.len);
    if (err == BK_OK)
        err = bk_der_put(out, BK_DER_CTX0, certs.data, certs.len);
    bk_buf_free(&certs);
    return err;
}

static enum bk_err put_signer(struct bk_buf *out, const void *content, size_t len,
                              const struct bk_x509 *cert, bk_cms_signer signer, void *context)
{
    struct bk_buf info = BK_BUF_INIT, set = BK_BUF_INIT, signature = BK_BUF_INIT;
    enum bk_err err = bk_cms_put_version(&info);
    if (err == BK_OK)
        err = bk_cms_put_issuer(&info, cert);
    if (err == BK_OK)
        err = bk_cms_put_alg(&info, BK_CMS_SM3, NULL);
    if (err == BK_OK)
        err = bk_cms_put_alg(&info, BK_CMS_SM2_SIGN, NULL);
    if (err == BK_OK)
        err = signer(context, content, len, &signature);
    if (err == BK_OK)
        err = bk_der_put(&info, BK_DER_OCTETS, signature.data, signature.len);
    if (err == BK_OK)
        err = bk_der_put(&set, BK_DER_SEQ, info.data, info.len);
    if (err == BK_OK)
        err = bk_der_put(out, BK_DER_SET, set.data, set.len);
    bk_buf_free(&info);
    bk_buf_free(&set);
    bk_buf_free(&signature);
    return err;
}

enum bk_err bk_cms_sign(const void *content, size_t len, bool detached, const struct bk_x509 *cert,
                        const struct bk_chain *chain, bk_cms_signer signer, void *context,
                        struct bk_buf *out)
{
    struct bk_buf data = BK_BUF_INIT, algs = BK_BUF_INIT, seq = BK_BUF_INIT;
    enum bk_err err = cert->key.alg == BK_ALG_SM2 ? bk_cms_put_version(&data) : BK_EUNSUPPORTED;
    if (err == BK_OK)
        err = bk_cms_put_alg(&algs, BK_CMS_SM3, NULL);
    if (err == BK_OK)
        err = bk_der_put(&data, BK_DER_SET, algs.data, algs.len);
    if (err == BK_OK)
        err = put_content(&data, content, len, detached);
    if (err == BK_OK)
        err = put_certs(&data, cert, chain);
    if (err == BK_OK)
        err = put_signer(&data, content, len, cert, signer, context);
    if (err == BK_OK)
        err = bk_der_put(&seq, BK_DER_SEQ, data.data, data.len);
    if (err == BK_OK)
        err = bk_cms_put_info(out, BK_CMS_SIGNED, &seq);
    bk_buf_free(&data);
    bk_buf_free(&algs);
    bk_buf_free(&seq);
    return err;
}

/* What a message holds, still in its bytes. */
struct parts {
    bool has_content;
    struct bk_rd content;
    struct bk_rd certs;
    struct bk_rd signer; /* the one SignerInfo */
};

static enum bk_err take_content(struct bk_rd *rd, struct parts *parts)
{
    struct bk_rd info, outer;
    enum bk_err err = bk_der_take(rd, BK_DER_SEQ, &info);
    if (err == BK_OK)
        err = bk_cms_take_oid(&info, BK_CMS_DATA) == BK_OK ? BK_OK : BK_EUNSUPPORTED;
    if (err != BK_OK || !info.left)
        return err;
    err = bk_der_take(&info, BK_DER_CTX0, &outer);
    if (err == BK_OK)
        err = bk_rd_end(&info);
    if (err == BK_OK)
        err = bk_der_take(&outer, BK_DER_OCTETS, &parts->content);
    if (err == BK_OK)
        err = bk_rd_end(&outer);
    parts->has_content = err == BK_OK;
    return err;
}

static enum bk_err split(const void *cms, size_t len, struct parts *parts)
{
    struct bk_rd outer, rd, algs, params, signers;
    *parts = (struct parts){0};
    enum bk_err err = bk_cms_take_info(cms, len, BK_CMS_SIGNED, &outer);
    if (err == BK_OK)
        err = bk_der_take(&outer, BK_DER_SEQ, &rd);
    if (err == BK_OK)
        err = bk_rd_end(&outer);
    if (err == BK_OK)
        err = bk_cms_take_version(&rd);
    if (err == BK_OK)
        err = bk_der_take(&rd, BK_DER_SET, &algs);
    if (err == BK_OK)
        err = bk_cms_take_alg(&algs, BK_CMS_SM3, &params);
    if (err == BK_OK)
        err = take_content(&rd, parts);
    if (err == BK_OK)
        err = bk_der_take(&rd, BK_DER_CTX0, &parts->certs);
    if (err == BK_OK && bk_der_peek(&rd) == 0xa1) /* [1]: revocation lists, not used here */
        err = bk_der_take(&rd, 0xa1, &params);
    if (err == BK_OK)
        err = bk_der_take(&rd, BK_DER_SET, &signers);
    if (err == BK_OK)
        err = bk_rd_end(&rd);
    if (err == BK_OK)
        err = bk_der_take(&signers, BK_DER_SEQ, &parts->signer);
    return err == BK_OK && signers.left ? BK_EUNSUPPORTED : err;
}

/* The certificate among those in the message that the signer names. */
static enum bk_err find_cert(struct bk_rd certs, const struct bk_rd *issuer_at,
                             struct bk_x509 **cert)
{
    size_t len = 0;
    while (certs.left) {
        const uint8_t *der = NULL;
        struct bk_rd issuer = *issuer_at;
        struct bk_x509 *one = NULL;
        bool mine = false;
        enum bk_err err = bk_x509_first_len(certs.at, certs.left, &len);
        if (err == BK_OK)
            err = bk_rd_take(&certs, len, &der);
        if (err == BK_OK)
            err = bk_x509_parse(der, len, &one);
        if (err == BK_OK)
            err = bk_cms_take_issuer(&issuer, one, &mine);
        if (err == BK_OK && mine) {
            *cert = one;
            return BK_OK;
        }
        bk_x509_free(&one);
        if (err != BK_OK)
            return err;
    }
    return BK_EVERIFY;
}

/* Whether the messageDigest attribute among these is the content's. */
static enum bk_err check_digest(struct bk_rd attrs, const struct bk_rd *content)
{
    uint8_t digest[BK_HASH_MAX];
    enum bk_err err = bk_digest(BK_HASH_SM3, content->at, content->left, digest);
    while (err == BK_OK && attrs.left) {
        struct bk_rd attr, values, value;
        err = bk_der_take(&attrs, BK_DER_SEQ, &attr);
        if (err != BK_OK || bk_cms_take_oid(&attr, BK_CMS_ATTR_DIGEST) != BK_OK)
            continue;
        err = bk_der_take(&attr, BK_DER_SET, &values);
        if (err == BK_OK)
            err = bk_der_take(&values, BK_DER_OCTETS, &value);
        if (err == BK_OK)
            return bk_secret_equal(value.at, value.left, digest, bk_hash_len(BK_HASH_SM3))
                       ? BK_OK
                       : BK_EVERIFY;
    }
    return err == BK_OK ? BK_EVERIFY : err;
}

/* Checks the signature over the content, or over the attributes that vouch for it. */
static enum bk_err check_signature(struct bk_rd *signer, const struct bk_rd *content,
                                   const struct bk_x509 *cert)
{
    struct bk_rd params, attrs, signature;
    struct bk_buf set = BK_BUF_INIT;
    const void *msg = content->at;
    size_t len = content->left;
    enum bk_err err = bk_cms_take_alg(signer, BK_CMS_SM3, &params);
    if (err == BK_OK && bk_der_peek(signer) == BK_DER_CTX0) {
        err = bk_der_take(signer, BK_DER_CTX0, &attrs);
        if (err == BK_OK)
            err = check_digest(attrs, content);
        /* signed as a SET OF, RFC 5652 clause 5.4 */
        if (err == BK_OK)
            err = bk_der_put(&set, BK_DER_SET, attrs.at, attrs.left);
        msg = set.data;
        len = set.len;
    }
    if (err == BK_OK)
        err = bk_cms_take_alg(signer, BK_CMS_SM2_SIGN, &params);
    if (err == BK_OK)
        err = bk_der_take(signer, BK_DER_OCTETS, &signature);
    if (err == BK_OK && cert->key.alg != BK_ALG_SM2)
        err = BK_EUNSUPPORTED;
    if (err == BK_OK)
        err = bk_pubkey_verify_message(&cert->key, msg, len, signature.at, signature.left);
    bk_buf_free(&set);
    return err;
}

enum bk_err bk_cms_verify(const void *cms, size_t len, const void *detached, size_t detached_len,
                          struct bk_x509 **cert, struct bk_buf *content)
{
    struct parts parts;
    struct bk_rd signer, issuer;
    *cert = NULL;
    enum bk_err err = split(cms, len, &parts);
    if (err == BK_OK && parts.has_content == (detached != NULL))
        err = BK_EINVAL;
    if (err != BK_OK)
        return err;
    struct bk_rd what = detached ? bk_rd(detached, detached_len) : parts.content;
    signer = parts.signer;
    err = bk_cms_take_version(&signer);
    issuer = signer;
    if (err == BK_OK)
        err = bk_der_take(&signer, BK_DER_SEQ, NULL);
    if (err == BK_OK)
        err = find_cert(parts.certs, &issuer, cert);
    if (err == BK_OK)
        err = check_signature(&signer, &what, *cert);
    if (err == BK_OK && content)
        err = bk_buf_put(content, what.at, what.left);
    if (err != BK_OK)
        bk_x509_free(cert);
    return err;
}
