/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/x509.h"

#include <openssl/asn1t.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/codec.h"
#include "crypto/ctx.h"
#include "crypto/sm2.h"

/*
 * A certificate as RFC 5280 clause 4.1 has it, but with the public key as bytes: OpenSSL's own type
 * makes a key of it at once, with a search through all decoders that takes ten times as long as the
 * rest, for each certificate on a key that a program looks at.
 */
struct tbs {
    ASN1_INTEGER *version, *serial;
    X509_ALGOR *algorithm;
    X509_NAME *issuer, *subject;
    X509_VAL *validity;
    ASN1_STRING *key;
    ASN1_BIT_STRING *issuer_uid, *subject_uid;
    STACK_OF(X509_EXTENSION) * extensions;
};

struct certificate {
    struct tbs *tbs;
    X509_ALGOR *algorithm;
    ASN1_BIT_STRING *signature;
};

/* clang-format off */
typedef struct tbs BK_TBS;
typedef struct certificate BK_CERTIFICATE;

ASN1_SEQUENCE(BK_TBS) = {
    ASN1_EXP_OPT(BK_TBS, version, ASN1_INTEGER, 0),
    ASN1_SIMPLE(BK_TBS, serial, ASN1_INTEGER),
    ASN1_SIMPLE(BK_TBS, algorithm, X509_ALGOR),
    ASN1_SIMPLE(BK_TBS, issuer, X509_NAME),
    ASN1_SIMPLE(BK_TBS, validity, X509_VAL),
    ASN1_SIMPLE(BK_TBS, subject, X509_NAME),
    ASN1_SIMPLE(BK_TBS, key, ASN1_SEQUENCE),
    ASN1_IMP_OPT(BK_TBS, issuer_uid, ASN1_BIT_STRING, 1),
    ASN1_IMP_OPT(BK_TBS, subject_uid, ASN1_BIT_STRING, 2),
    ASN1_EXP_SEQUENCE_OF_OPT(BK_TBS, extensions, X509_EXTENSION, 3)
/* lint unknownMacro: of OpenSSL's asn1t.h, which cppcheck doesn't read */
} static_ASN1_SEQUENCE_END(BK_TBS)

ASN1_SEQUENCE(BK_CERTIFICATE) = {
    ASN1_SIMPLE(BK_CERTIFICATE, tbs, BK_TBS),
    ASN1_SIMPLE(BK_CERTIFICATE, algorithm, X509_ALGOR),
    ASN1_SIMPLE(BK_CERTIFICATE, signature, ASN1_BIT_STRING)
} static_ASN1_SEQUENCE_END(BK_CERTIFICATE)
/* clang-format on */

/* --- fields
 * -------------------------------------------------------------------------------------*/

static enum bk_err name_der(const X509_NAME *name, struct bk_buf *out)
{
    const unsigned char *der = NULL;
    size_t len = 0;
    if (!X509_NAME_get0_der(name, &der, &len))
        return BK_EFORMAT;
    return bk_buf_put(out, der, len);
}

/* Whether OpenSSL has said no to a part, which is read again then: crypto/ctx.h says why. */
struct doubt {
    bool any;
};

static void name_text(const X509_NAME *name, int nid, char *out, size_t size, struct doubt *doubt)
{
    out[0] = 0;
    int at = X509_NAME_get_index_by_NID(name, nid, -1);
    if (at < 0)
        return;
    unsigned char *text = NULL;
    int len = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (len < 0) {
        doubt->any = true;
        return;
    }
    /* A NUL or bad UTF-8 in a name is shown as nothing rather than as something else. */
    if (bk_utf8_valid(text, (size_t)len)) {
        size_t n = bk_utf8_cut(text, (size_t)len, size - 1);
        memcpy(out, text, n);
        out[n] = 0;
        bk_text_make_plain(out);
    }
    OPENSSL_free(text);
}

static enum bk_err take_serial(const ASN1_INTEGER *serial, struct bk_x509 *c)
{
    unsigned char *der = NULL;
    int len = i2d_ASN1_INTEGER(serial, &der);
    if (len <= 0)
        return BK_EFORMAT;
    enum bk_err err = bk_buf_put(&c->serial, der, (size_t)len);
    OPENSSL_free(der);
    BIGNUM *bn = ASN1_INTEGER_to_BN(serial, NULL);
    char *hex = bn ? BN_bn2hex(bn) : NULL;
    const char *digits = hex;
    while (digits && *digits == '0' && digits[1])
        digits++;
    size_t n = digits ? strlen(digits) : 0;
    if (!err && (n == 0 || n >= sizeof c->serial_hex))
        err = BK_EFORMAT;
    for (size_t i = 0; !err && digits && i <= n; i++)
        c->serial_hex[i] =
            (char)(digits[i] >= 'A' && digits[i] <= 'F' ? digits[i] - 'A' + 'a' : digits[i]);
    OPENSSL_free(hex);
    BN_free(bn);
    return err;
}

static enum bk_err take_time(const ASN1_TIME *t, int64_t *out)
{
    struct tm tm;
    memset(&tm, 0, sizeof tm);
    if (!t || !ASN1_TIME_to_tm(t, &tm))
        return BK_EFORMAT;
    *out = timegm(&tm);
    return BK_OK;
}

static enum bk_err take_key(const ASN1_STRING *spki, struct bk_x509 *c)
{
    enum bk_err err =
        bk_pubkey_from_spki(ASN1_STRING_get0_data(spki), (size_t)ASN1_STRING_length(spki), &c->key);
    if (err == BK_EUNSUPPORTED) {
        memset(&c->key, 0, sizeof c->key);
        err = BK_OK;
    }
    return err;
}

/* One that can't be read, or is there twice, allows nothing. */
static void take_usage(const STACK_OF(X509_EXTENSION) * extensions, struct bk_x509 *c,
                       struct doubt *doubt)
{
    int critical = -1;
    ASN1_BIT_STRING *bits = X509V3_get_d2i(extensions, NID_key_usage, &critical, NULL);
    c->has_usage = bits || critical != -1;
    doubt->any |= !bits && c->has_usage;
    for (int i = 0; bits && i < 7; i++) /* BK_USAGE_ has the bits in their order */
        c->usage |= ASN1_BIT_STRING_get_bit(bits, i) ? 1u << i : 0;
    ASN1_BIT_STRING_free(bits);
    BASIC_CONSTRAINTS *basic = X509V3_get_d2i(extensions, NID_basic_constraints, &critical, NULL);
    doubt->any |= !basic && critical != -1;
    c->is_ca = basic && basic->ca;
    BASIC_CONSTRAINTS_free(basic);
}

static enum bk_err take_fields(const struct tbs *tbs, struct bk_x509 *c, struct doubt *doubt)
{
    enum bk_err err = name_der(tbs->subject, &c->subject);
    if (!err)
        err = name_der(tbs->issuer, &c->issuer);
    if (!err)
        err = take_serial(tbs->serial, c);
    if (!err)
        err = take_time(tbs->validity->notBefore, &c->not_before);
    if (!err)
        err = take_time(tbs->validity->notAfter, &c->not_after);
    if (!err)
        err = take_key(tbs->key, c);
    if (err)
        return err;
    name_text(tbs->subject, NID_commonName, c->common_name, sizeof c->common_name, doubt);
    name_text(tbs->subject, NID_organizationName, c->organisation, sizeof c->organisation, doubt);
    take_usage(tbs->extensions, c, doubt);
    c->self_issued = c->subject.len == c->issuer.len &&
                     memcmp(c->subject.data, c->issuer.data, c->issuer.len) == 0;
    return BK_OK;
}

static enum bk_err decode(const void *der, size_t len, struct bk_x509 *c, struct doubt *doubt)
{
    const unsigned char *at = der;
    enum bk_err err = BK_EFORMAT;
    bk_crypto_errors_mark();
    struct certificate *x =
        (struct certificate *)ASN1_item_d2i(NULL, &at, (long)len, ASN1_ITEM_rptr(BK_CERTIFICATE));
    if (x && (size_t)(at - (const unsigned char *)der) == len)
        err = take_fields(x->tbs, c, doubt);
    ASN1_item_free((ASN1_VALUE *)x, ASN1_ITEM_rptr(BK_CERTIFICATE));
    bk_crypto_errors_restore();
    return err;
}

static enum bk_err read_it(const void *der, size_t len, const char *sm2_id, struct bk_x509 **cert,
                           struct doubt *doubt)
{
    struct bk_x509 *c = calloc(1, sizeof *c);
    struct bk_x509_openssl *made = calloc(1, sizeof *made);
    if (!c || !made) {
        free(c);
        free(made);
        return BK_ENOMEM;
    }
    made->sm2_id = sm2_id;
    c->made = made;
    enum bk_err err = bk_buf_put(&c->der, der, len);
    if (!err)
        err = decode(der, len, c, doubt);
    if (err)
        bk_x509_free(&c);
    else
        *cert = c;
    return err;
}

static enum bk_err parse(const void *der, size_t len, const char *sm2_id, struct bk_x509 **cert)
{
    struct bk_x509 *c = NULL;
    struct doubt doubt = {false};
    if (len == 0)
        return BK_EFORMAT;
    if (len > BK_CERT_MAX)
        return BK_ELIMIT;
    enum bk_err err = read_it(der, len, sm2_id, &c, &doubt);
    if (err == BK_EFORMAT || doubt.any) {
        bk_x509_free(&c);
        err = bk_crypto_has_memory() ? read_it(der, len, sm2_id, &c, &doubt) : BK_ENOMEM;
    }
    if (!err)
        *cert = c;
    return err;
}

enum bk_err bk_x509_parse(const void *der, size_t len, struct bk_x509 **cert)
{
    return parse(der, len, BK_SM2_ID, cert);
}

void bk_x509_free(struct bk_x509 **cert)
{
    struct bk_x509 *c = *cert;
    if (!c)
        return;
    X509_free(c->made->x);
    free(c->made);
    bk_buf_free(&c->der);
    bk_buf_free(&c->subject);
    bk_buf_free(&c->issuer);
    bk_buf_free(&c->serial);
    free(c);
    *cert = NULL;
}

enum bk_err bk_x509_first_len(const void *der, size_t len, size_t *first)
{
    struct bk_rd rd = bk_rd(der, len);
    uint8_t tag = 0, l = 0, more = 0;
    size_t n = 0;
    if (bk_rd_u8(&rd, &tag) || bk_rd_u8(&rd, &l) || tag != 0x30)
        return BK_EFORMAT;
    if (l < 0x80) {
        n = l;
    } else if (l <= 0x83 && l > 0x80) {
        for (unsigned i = l & 0x7fu; i; i--) {
            if (bk_rd_u8(&rd, &more))
                return BK_EFORMAT;
            n = n << 8 | more;
        }
    } else {
        return BK_EFORMAT;
    }
    if (n > rd.left)
        return BK_EFORMAT;
    *first = len - rd.left + n;
    return BK_OK;
}

/* --- as OpenSSL has it
 * ------------------------------------------------------------------------------*/

/* OpenSSL 3.0 takes the SM2 ID of a signature from the certificate it stands in, and fails on one
 * whose signature has no use for it. */
static enum bk_err set_sm2_id(X509 *x, const char *text)
{
    if (X509_get_signature_nid(x) != NID_SM2_with_SM3)
        return BK_OK;
    ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
    if (!id || !ASN1_OCTET_STRING_set(id, (const unsigned char *)text, (int)strlen(text))) {
        ASN1_OCTET_STRING_free(id);
        return BK_ENOMEM;
    }
    X509_set0_distinguishing_id(x, id);
    return BK_OK;
}

X509 *bk_x509_openssl(const struct bk_x509 *cert)
{
    X509 *x = atomic_load(&cert->made->x), *other = NULL;
    const unsigned char *at = cert->der.data;
    if (x)
        return x;
    x = X509_new_ex(bk_crypto_ctx(), NULL);
    if (!x || !d2i_X509(&x, &at, (long)cert->der.len) || set_sm2_id(x, cert->made->sm2_id)) {
        X509_free(x);
        return NULL;
    }
    if (atomic_compare_exchange_strong(&cert->made->x, &other, x))
        return x;
    X509_free(x); /* another thread was faster */
    return other;
}

/* --- chains
 * -------------------------------------------------------------------------------------*/

enum bk_err bk_chain_parse(const void *der, size_t len, struct bk_chain *chain)
{
    const uint8_t *at = der;
    enum bk_err err = BK_OK;
    memset(chain, 0, sizeof *chain);
    while (!err && len) {
        size_t n = 0;
        err = chain->count < BK_CHAIN_MAX ? bk_x509_first_len(at, len, &n) : BK_ELIMIT;
        if (!err)
            err = bk_x509_parse(at, n, &chain->certs[chain->count]);
        if (!err) {
            chain->count++;
            at += n;
            len -= n;
        }
    }
    if (err)
        bk_chain_free(chain);
    return err;
}

void bk_chain_free(struct bk_chain *chain)
{
    for (size_t i = 0; i < chain->count; i++)
        bk_x509_free(&chain->certs[i]);
    chain->count = 0;
}

static enum bk_err signed_by(const struct bk_x509 *cert, const struct bk_x509 *issuer)
{
    X509 *x = bk_x509_openssl(cert), *by = bk_x509_openssl(issuer);
    EVP_PKEY *key = x && by ? X509_get0_pubkey(by) : NULL;
    return key && X509_verify(x, key) == 1 ? BK_OK : BK_EVERIFY;
}

/* OpenSSL keeps with a certificate what it found out about it, and so that it had no memory to. */
static enum bk_err copies_signed_by(const struct bk_x509 *cert, const struct bk_x509 *issuer)
{
    struct bk_x509 *copy = NULL, *by = NULL;
    enum bk_err err = parse(cert->der.data, cert->der.len, cert->made->sm2_id, &copy);
    if (!err)
        err = parse(issuer->der.data, issuer->der.len, issuer->made->sm2_id, &by);
    if (!err)
        err = signed_by(copy, by);
    bk_x509_free(&copy);
    bk_x509_free(&by);
    return err;
}

enum bk_err bk_x509_signed_by(const struct bk_x509 *cert, const struct bk_x509 *issuer)
{
    bool asked = false;
    if (cert->issuer.len != issuer->subject.len ||
        memcmp(cert->issuer.data, issuer->subject.data, issuer->subject.len) != 0)
        return BK_EVERIFY;
    bk_crypto_errors_mark();
    enum bk_err err = signed_by(cert, issuer);
    if (bk_crypto_ask_again(&err, BK_EVERIFY, &asked))
        err = copies_signed_by(cert, issuer);
    if (err == BK_EVERIFY && !bk_crypto_has_memory())
        err = BK_ENOMEM;
    bk_crypto_errors_restore();
    return err;
}

static enum bk_err verify_path(X509_STORE_CTX *ctx, X509_STORE *store, STACK_OF(X509) * between,
                               const struct bk_x509 *cert, int64_t now)
{
    X509 *x = bk_x509_openssl(cert);
    if (!x)
        return BK_EVERIFY;
    if (!X509_STORE_CTX_init(ctx, store, x, between))
        return BK_ENOMEM;
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
    X509_VERIFY_PARAM_set_time(param, (time_t)now);
    X509_VERIFY_PARAM_set_depth(param, BK_CHAIN_MAX);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_CHECK_SS_SIGNATURE);
    return X509_verify_cert(ctx) == 1 ? BK_OK : BK_EVERIFY;
}

static enum bk_err take_chain(const struct bk_chain *chain, X509_STORE *store,
                              STACK_OF(X509) * between)
{
    for (size_t i = 0; i < chain->count; i++) {
        X509 *x = bk_x509_openssl(chain->certs[i]);
        if (!x)
            return BK_EVERIFY;
        if (i + 1 < chain->count ? !sk_X509_push(between, x) : !X509_STORE_add_cert(store, x))
            return BK_ENOMEM;
    }
    return BK_OK;
}

static enum bk_err verify_with_ids(const struct bk_x509 *cert, const struct bk_chain *chain,
                                   int64_t now)
{
    bk_crypto_errors_mark();
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new_ex(bk_crypto_ctx(), NULL);
    STACK_OF(X509) *between = sk_X509_new_null();
    enum bk_err err = store && ctx && between ? take_chain(chain, store, between) : BK_ENOMEM;
    if (!err)
        err = verify_path(ctx, store, between, cert, now);
    X509_STORE_CTX_free(ctx);
    sk_X509_free(between);
    X509_STORE_free(store);
    bk_crypto_errors_restore();
    return err;
}

/* With the ID it was signed with: the default one, or else the chain's. */
static enum bk_err copy_with_id(const struct bk_x509 *cert, const struct bk_chain *chain,
                                struct bk_x509 **copy)
{
    const char *id = chain->sm2_id ? chain->sm2_id : cert->made->sm2_id;
    for (size_t i = 0; chain->sm2_id && i < chain->count; i++) {
        enum bk_err err = bk_x509_signed_by(cert, chain->certs[i]);
        if (err == BK_OK)
            id = BK_SM2_ID;
        else if (err != BK_EVERIFY)
            return err;
    }
    return parse(cert->der.data, cert->der.len, id, copy);
}

/* The same of copies, as above. */
static enum bk_err verify_copies(const struct bk_x509 *cert, const struct bk_chain *chain,
                                 int64_t now)
{
    struct bk_x509 *leaf = NULL;
    struct bk_chain copy = {.count = 0};
    enum bk_err err = copy_with_id(cert, chain, &leaf);
    while (err == BK_OK && copy.count < chain->count) {
        err = copy_with_id(chain->certs[copy.count], chain, &copy.certs[copy.count]);
        copy.count += err == BK_OK;
    }
    if (err == BK_OK)
        err = verify_with_ids(leaf, &copy, now);
    bk_x509_free(&leaf);
    bk_chain_free(&copy);
    return err;
}

enum bk_err bk_chain_verify(const struct bk_x509 *cert, const struct bk_chain *chain, int64_t now)
{
    bool asked = false;
    if (chain->count == 0 || !chain->certs[chain->count - 1]->self_issued)
        return BK_EVERIFY;
    enum bk_err err = verify_with_ids(cert, chain, now);
    if (!bk_crypto_ask_again(&err, BK_EVERIFY, &asked))
        return err;
    asked = !chain->sm2_id; /* with another ID it is another question */
    do
        err = verify_copies(cert, chain, now);
    while (bk_crypto_ask_again(&err, BK_EVERIFY, &asked));
    return err;
}
