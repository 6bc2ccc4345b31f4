/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "crypto/ctx.h"
#include "crypto/sm2.h"
#include "crypto/x509.h"

/* OpenSSL 3.0 has no place for an SM2 ID on a list: the signature is checked here. */
static enum bk_err verify_sm2(X509_CRL *crl, const struct bk_pubkey *key, const char *id)
{
    const ASN1_BIT_STRING *bits = NULL;
    unsigned char *tbs = NULL;
    struct bk_sm2_sig sig;
    uint8_t e[32];
    X509_CRL_get0_signature(crl, &bits, NULL);
    int len = i2d_re_X509_CRL_tbs(crl, &tbs);
    if (len <= 0 || !bits)
        return BK_EFORMAT;
    enum bk_err err =
        bk_sm2_sig_from_der(ASN1_STRING_get0_data(bits), (size_t)ASN1_STRING_length(bits), &sig);
    if (!err)
        err = bk_sm2_e(key, id, id ? strlen(id) : 0, tbs, (size_t)len, e);
    if (!err)
        err = bk_sm2_verify(key, e, &sig);
    OPENSSL_free(tbs);
    return err == BK_ENOMEM ? err : err ? BK_EVERIFY : BK_OK;
}

static enum bk_err check_list(X509_CRL *crl, const struct bk_x509 *issuer, const char *sm2_id,
                              int64_t now)
{
    X509 *by = bk_x509_openssl(issuer);
    if (!by || X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(by)) != 0)
        return BK_EVERIFY;
    if (issuer->has_usage && !(issuer->usage & BK_USAGE_CRL_SIGN))
        return BK_EVERIFY;
    time_t at = (time_t)now;
    const ASN1_TIME *last = X509_CRL_get0_lastUpdate(crl);
    const ASN1_TIME *next = X509_CRL_get0_nextUpdate(crl);
    if (!last || !next || X509_cmp_time(last, &at) > 0 || X509_cmp_time(next, &at) < 0)
        return BK_EVERIFY;
    if (issuer->key.alg == BK_ALG_SM2) {
        enum bk_err err = verify_sm2(crl, &issuer->key, NULL);
        return err == BK_EVERIFY && sm2_id ? verify_sm2(crl, &issuer->key, sm2_id) : err;
    }
    EVP_PKEY *key = X509_get0_pubkey(by);
    return key && X509_CRL_verify(crl, key) == 1 ? BK_OK : BK_EVERIFY;
}

static int reason_of(X509_REVOKED *entry)
{
    int critical = 0;
    ASN1_ENUMERATED *value = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, &critical, NULL);
    long reason = value ? ASN1_ENUMERATED_get(value) : 0;
    ASN1_ENUMERATED_free(value);
    return reason >= 0 && reason <= 10 ? (int)reason : 0;
}

enum bk_err bk_crl_check(const void *crl_der, size_t len, const struct bk_x509 *issuer,
                         const char *sm2_id, const struct bk_x509 *cert, int64_t now, bool *revoked,
                         int *reason)
{
    const unsigned char *at = crl_der;
    X509_CRL *crl = X509_CRL_new_ex(bk_crypto_ctx(), NULL);
    if (!crl)
        return BK_ENOMEM;
    enum bk_err err = BK_OK;
    bk_crypto_errors_mark();
    if (len > (size_t)64 * 1024 * 1024 || !d2i_X509_CRL(&crl, &at, (long)len) ||
        (size_t)(at - (const unsigned char *)crl_der) != len)
        err = BK_EFORMAT;
    if (!err)
        err = check_list(crl, issuer, sm2_id, now);
    if (!err && (cert->issuer.len != issuer->subject.len ||
                 memcmp(cert->issuer.data, issuer->subject.data, cert->issuer.len) != 0))
        err = BK_EVERIFY;
    *revoked = false;
    *reason = 0;
    X509 *x = err ? NULL : bk_x509_openssl(cert);
    X509_REVOKED *entry = NULL;
    if (!err && !x)
        err = BK_EVERIFY;
    if (!err && X509_CRL_get0_by_serial(crl, &entry, X509_get_serialNumber(x)) == 1) {
        *revoked = true;
        *reason = reason_of(entry);
    }
    X509_CRL_free(crl);
    bk_crypto_errors_restore();
    return err;
}
