/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/issue.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/objects.h>

#include "base/secret.h"
#include "crypto/ctx.h"
#include "crypto/der.h"

#define DER_BOOL 0x01
#define DER_ENUM 0x0a
#define DER_UTF8 0x0c
#define DER_PRINTABLE 0x13
#define DER_UTC 0x17
#define DER_TIME 0x18
#define DER_SET 0x31

/* content bytes of OIDs */
static const uint8_t oid_rsa_sha256[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b};
static const uint8_t oid_sm2_sm3[] = {0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x75};
static const struct bk_oid server_auth = {8, {0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01}};

enum bk_err bk_issue_serial(uint8_t serial[BK_SERIAL_BYTES])
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    uint64_t ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    for (int i = 0; i < 6; i++)
        serial[i] = (uint8_t)(ms >> 8 * (5 - i));
    if (!serial[0] || serial[0] > 0x7f) /* a clock that is far off */
        serial[0] = 1;
    return bk_random(serial + 6, BK_SERIAL_BYTES - 6);
}

/* --- names --- */

static enum bk_err put_rdn(struct bk_buf *out, uint8_t type, uint8_t tag, const char *text)
{
    const uint8_t oid[3] = {0x55, 0x04, type};
    struct bk_buf pair = BK_BUF_INIT, seq = BK_BUF_INIT;
    enum bk_err err = bk_der_put(&pair, BK_DER_OID, oid, sizeof oid);
    if (err == BK_OK)
        err = bk_der_put(&pair, tag, text, strlen(text));
    if (err == BK_OK)
        err = bk_der_wrap(&seq, BK_DER_SEQ, &pair);
    if (err == BK_OK)
        err = bk_der_wrap(out, DER_SET, &seq);
    bk_buf_free(&pair);
    bk_buf_free(&seq);
    return err;
}

enum bk_err bk_issue_name(const char *org, const char *cn, struct bk_buf *out)
{
    struct bk_buf rdns = BK_BUF_INIT;
    enum bk_err err = put_rdn(&rdns, 6, DER_PRINTABLE, "CN");
    if (err == BK_OK && org && *org)
        err = put_rdn(&rdns, 10, DER_UTF8, org);
    if (err == BK_OK)
        err = put_rdn(&rdns, 3, DER_UTF8, cn);
    if (err == BK_OK)
        err = bk_der_wrap(out, BK_DER_SEQ, &rdns);
    bk_buf_free(&rdns);
    return err;
}

/* --- extensions --- */

/* id-ce NUMBER; the value is taken from `value` and cleared. */
static enum bk_err put_extension(struct bk_buf *out, uint8_t number, bool critical,
                                 struct bk_buf *value)
{
    const uint8_t oid[3] = {0x55, 0x1d, number}, yes = 0xff;
    struct bk_buf ext = BK_BUF_INIT;
    enum bk_err err = bk_der_put(&ext, BK_DER_OID, oid, sizeof oid);
    if (err == BK_OK && critical)
        err = bk_der_put(&ext, DER_BOOL, &yes, 1);
    if (err == BK_OK)
        err = bk_der_wrap(&ext, BK_DER_OCTETS, value);
    if (err == BK_OK)
        err = bk_der_wrap(out, BK_DER_SEQ, &ext);
    bk_buf_free(&ext);
    return err;
}

static enum bk_err put_constraints(struct bk_buf *exts, enum bk_profile profile)
{
    const uint8_t yes = 0xff, zero = 0;
    struct bk_buf in = BK_BUF_INIT, value = BK_BUF_INIT;
    enum bk_err err = BK_OK;
    if (profile == BK_PROFILE_ROOT || profile == BK_PROFILE_ISSUING)
        err = bk_der_put(&in, DER_BOOL, &yes, 1);
    if (err == BK_OK && profile == BK_PROFILE_ISSUING)
        err = bk_der_put(&in, BK_DER_INTEGER, &zero, 1);
    if (err == BK_OK)
        err = bk_der_wrap(&value, BK_DER_SEQ, &in);
    if (err == BK_OK)
        err = put_extension(exts, 19, true, &value);
    bk_buf_free(&in);
    bk_buf_free(&value);
    return err;
}

/* The bits of KeyUsage from the left, in one byte: bit 0 is 80. */
static uint8_t usage_of(const struct bk_issue *issue)
{
    if (issue->more && issue->more->usage)
        return issue->more->usage;
    switch (issue->profile) {
    case BK_PROFILE_ROOT:
    case BK_PROFILE_ISSUING:
        return 0x04 | 0x02; /* keyCertSign, cRLSign */
    case BK_PROFILE_SIGN:
        return 0x80 | 0x40;
    case BK_PROFILE_ENC:
        return 0x20 | 0x10 | (issue->key->alg == BK_ALG_SM2 ? 0x08 : 0);
    case BK_PROFILE_TLS_SERVER:
        return 0x80 | 0x20;
    }
    return 0;
}

static enum bk_err put_usage(struct bk_buf *exts, const struct bk_issue *issue)
{
    uint8_t bits = usage_of(issue), unused = 0;
    while (unused < 7 && !(bits & (1u << unused)))
        unused++; /* DER: no trailing zero bits */
    const uint8_t content[2] = {unused, bits};
    struct bk_buf value = BK_BUF_INIT;
    enum bk_err err = bk_der_put(&value, BK_DER_BITS, content, sizeof content);
    if (err == BK_OK)
        err = put_extension(exts, 15, true, &value);
    bk_buf_free(&value);
    return err;
}

static enum bk_err put_subject_id(struct bk_buf *exts, const struct bk_pubkey *key)
{
    uint8_t id[BK_KEY_ID];
    struct bk_buf value = BK_BUF_INIT;
    enum bk_err err = bk_pubkey_id_sha1(key, id);
    if (err == BK_OK)
        err = bk_der_put(&value, BK_DER_OCTETS, id, sizeof id);
    if (err == BK_OK)
        err = put_extension(exts, 14, false, &value);
    bk_buf_free(&value);
    return err;
}

static enum bk_err put_issuer_id(struct bk_buf *exts, const struct bk_pubkey *key)
{
    uint8_t id[BK_KEY_ID];
    struct bk_buf in = BK_BUF_INIT, value = BK_BUF_INIT;
    enum bk_err err = bk_pubkey_id_sha1(key, id);
    if (err == BK_OK)
        err = bk_der_put(&in, 0x80, id, sizeof id);
    if (err == BK_OK)
        err = bk_der_wrap(&value, BK_DER_SEQ, &in);
    if (err == BK_OK)
        err = put_extension(exts, 35, false, &value);
    bk_buf_free(&in);
    bk_buf_free(&value);
    return err;
}

static enum bk_err put_alt_names(struct bk_buf *exts, const char *const *names)
{
    struct bk_buf in = BK_BUF_INIT, value = BK_BUF_INIT;
    enum bk_err err = BK_OK;
    for (; err == BK_OK && *names; names++) {
        uint8_t ip[16];
        if (inet_pton(AF_INET, *names, ip) == 1)
            err = bk_der_put(&in, 0x87, ip, 4);
        else if (inet_pton(AF_INET6, *names, ip) == 1)
            err = bk_der_put(&in, 0x87, ip, 16);
        else
            err = bk_der_put(&in, 0x82, *names, strlen(*names));
    }
    if (err == BK_OK)
        err = bk_der_wrap(&value, BK_DER_SEQ, &in);
    if (err == BK_OK)
        err = put_extension(exts, 17, false, &value);
    bk_buf_free(&in);
    bk_buf_free(&value);
    return err;
}

static enum bk_err put_ekus(struct bk_buf *exts, const struct bk_oid *ekus, size_t count)
{
    struct bk_buf in = BK_BUF_INIT, value = BK_BUF_INIT;
    enum bk_err err = BK_OK;
    for (size_t i = 0; err == BK_OK && i < count; i++)
        err = bk_der_put(&in, BK_DER_OID, ekus[i].bytes, ekus[i].len);
    if (err == BK_OK)
        err = bk_der_wrap(&value, BK_DER_SEQ, &in);
    if (err == BK_OK)
        err = put_extension(exts, 37, false, &value);
    bk_buf_free(&in);
    bk_buf_free(&value);
    return err;
}

/* Each a PolicyInformation without qualifiers. */
static enum bk_err put_policies(struct bk_buf *exts, const struct bk_oid *policies, size_t count)
{
    struct bk_buf in = BK_BUF_INIT, one = BK_BUF_INIT, value = BK_BUF_INIT;
    enum bk_err err = BK_OK;
    for (size_t i = 0; err == BK_OK && i < count; i++) {
        err = bk_der_put(&one, BK_DER_OID, policies[i].bytes, policies[i].len);
        if (err == BK_OK)
            err = bk_der_wrap(&in, BK_DER_SEQ, &one);
    }
    if (err == BK_OK)
        err = bk_der_wrap(&value, BK_DER_SEQ, &in);
    if (err == BK_OK)
        err = put_extension(exts, 32, false, &value);
    bk_buf_free(&in);
    bk_buf_free(&one);
    bk_buf_free(&value);
    return err;
}

static enum bk_err put_identity(struct bk_buf *exts, const struct bk_oid *oid, const char *before,
                                const char *identity)
{
    struct bk_buf text = BK_BUF_INIT, value = BK_BUF_INIT, ext = BK_BUF_INIT;
    enum bk_err err = bk_buf_printf(&text, "%s%s", before, identity);
    if (err == BK_OK)
        err = bk_der_wrap(&value, DER_UTF8, &text);
    if (err == BK_OK)
        err = bk_der_put(&ext, BK_DER_OID, oid->bytes, oid->len);
    if (err == BK_OK)
        err = bk_der_wrap(&ext, BK_DER_OCTETS, &value);
    if (err == BK_OK)
        err = bk_der_wrap(exts, BK_DER_SEQ, &ext);
    bk_buf_free(&text);
    bk_buf_free(&value);
    bk_buf_free(&ext);
    return err;
}

static enum bk_err put_more(struct bk_buf *exts, const struct bk_issue *issue)
{
    const struct bk_issue_more *m = issue->more;
    enum bk_err err = BK_OK;
    if (m->eku_count)
        err = put_ekus(exts, m->ekus, m->eku_count);
    if (err == BK_OK && m->policy_count)
        err = put_policies(exts, m->policies, m->policy_count);
    for (size_t i = 0; err == BK_OK && issue->identity && i < m->identity_count; i++)
        err = put_identity(exts, &m->identities[i].oid, m->identities[i].before, issue->identity);
    return err;
}

enum bk_err bk_oid_parse(const char *text, struct bk_oid *oid)
{
    bk_crypto_errors_mark();
    ASN1_OBJECT *object = strspn(text, "0123456789.") == strlen(text) ? OBJ_txt2obj(text, 1) : NULL;
    size_t len = object ? OBJ_length(object) : 0;
    bool fits = len && len <= sizeof oid->bytes;
    if (fits) {
        memcpy(oid->bytes, OBJ_get0_data(object), len);
        oid->len = (uint8_t)len;
    }
    ASN1_OBJECT_free(object);
    bk_crypto_errors_restore();
    return fits ? BK_OK : BK_EFORMAT;
}

/* CRLDistributionPoints with one URL: SEQ { SEQ { [0] { [0] { [6] url } } } } */
static enum bk_err put_crl_url(struct bk_buf *exts, const char *url)
{
    static const uint8_t tags[] = {0xa0, 0xa0, BK_DER_SEQ, BK_DER_SEQ};
    struct bk_buf in = BK_BUF_INIT, value = BK_BUF_INIT;
    enum bk_err err = bk_der_put(&value, 0x86, url, strlen(url));
    for (size_t i = 0; err == BK_OK && i < sizeof tags; i++) {
        bk_buf_clear(&in);
        err = bk_buf_put(&in, value.data, value.len);
        bk_buf_clear(&value);
        if (err == BK_OK)
            err = bk_der_wrap(&value, tags[i], &in);
    }
    if (err == BK_OK)
        err = put_extension(exts, 31, false, &value);
    bk_buf_free(&in);
    bk_buf_free(&value);
    return err;
}

/* AuthorityInfoAccess with the address of the OCSP responder, RFC 5280 clause 4.2.2.1. */
static enum bk_err put_ocsp_url(struct bk_buf *exts, const char *url)
{
    static const uint8_t oid_aia[] = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x01};
    static const uint8_t oid_ocsp[] = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01};
    struct bk_buf in = BK_BUF_INIT, value = BK_BUF_INIT, ext = BK_BUF_INIT;
    enum bk_err err = bk_der_put(&in, BK_DER_OID, oid_ocsp, sizeof oid_ocsp);
    if (err == BK_OK)
        err = bk_der_put(&in, 0x86, url, strlen(url));
    if (err == BK_OK)
        err = bk_der_wrap(&value, BK_DER_SEQ, &in);
    if (err == BK_OK)
        err = bk_der_wrap(&in, BK_DER_SEQ, &value);
    if (err == BK_OK)
        err = bk_der_put(&ext, BK_DER_OID, oid_aia, sizeof oid_aia);
    if (err == BK_OK)
        err = bk_der_wrap(&ext, BK_DER_OCTETS, &in);
    if (err == BK_OK)
        err = bk_der_wrap(exts, BK_DER_SEQ, &ext);
    bk_buf_free(&in);
    bk_buf_free(&value);
    bk_buf_free(&ext);
    return err;
}

static enum bk_err put_extensions(const struct bk_signer *signer, const struct bk_issue *issue,
                                  struct bk_buf *tbs)
{
    struct bk_buf exts = BK_BUF_INIT, seq = BK_BUF_INIT;
    enum bk_err err = put_constraints(&exts, issue->profile);
    if (err == BK_OK)
        err = put_usage(&exts, issue);
    if (err == BK_OK)
        err = put_subject_id(&exts, issue->key);
    if (err == BK_OK)
        err = put_issuer_id(&exts, bk_signer_pubkey(signer));
    if (err == BK_OK && issue->profile == BK_PROFILE_TLS_SERVER)
        err = put_ekus(&exts, &server_auth, 1);
    if (err == BK_OK && issue->more)
        err = put_more(&exts, issue);
    if (err == BK_OK && issue->alt_names)
        err = put_alt_names(&exts, issue->alt_names);
    if (err == BK_OK && issue->crl_url)
        err = put_crl_url(&exts, issue->crl_url);
    if (err == BK_OK && issue->ocsp_url)
        err = put_ocsp_url(&exts, issue->ocsp_url);
    if (err == BK_OK)
        err = bk_der_wrap(&seq, BK_DER_SEQ, &exts);
    if (err == BK_OK)
        err = bk_der_wrap(tbs, 0xa3, &seq);
    bk_buf_free(&exts);
    bk_buf_free(&seq);
    return err;
}

/* --- certificates --- */

/* UTCTime to the end of 2049, then GeneralizedTime (RFC 5280 clause 4.1.2.5). */
static enum bk_err put_time(struct bk_buf *out, int64_t at)
{
    char text[32];
    struct tm tm;
    time_t t = (time_t)at;
    if (!gmtime_r(&t, &tm))
        return BK_EINVAL;
    bool utc = tm.tm_year < 150;
    size_t n = strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &tm);
    size_t skip = utc ? 2 : 0; /* the century */
    return bk_der_put(out, utc ? DER_UTC : DER_TIME, text + skip, n - skip);
}

static enum bk_err put_validity(struct bk_buf *tbs, const struct bk_issue *issue)
{
    struct bk_buf in = BK_BUF_INIT;
    enum bk_err err = put_time(&in, issue->not_before);
    if (err == BK_OK)
        err = put_time(&in, issue->not_after);
    if (err == BK_OK)
        err = bk_der_wrap(tbs, BK_DER_SEQ, &in);
    bk_buf_free(&in);
    return err;
}

enum bk_err bk_issue_cert(const struct bk_signer *signer, const struct bk_issue *issue,
                          struct bk_buf *out)
{
    static const uint8_t version3[] = {0xa0, 0x03, 0x02, 0x01, 0x02};
    struct bk_buf in = BK_BUF_INIT, tbs = BK_BUF_INIT;
    enum bk_err err = bk_buf_put(&in, version3, sizeof version3);
    if (err == BK_OK)
        err = bk_der_put_uint(&in, issue->serial, sizeof issue->serial);
    if (err == BK_OK)
        err = bk_signer_put_algorithm(signer, &in);
    if (err == BK_OK)
        err = bk_buf_put(&in, issue->issuer, issue->issuer_len);
    if (err == BK_OK)
        err = put_validity(&in, issue);
    if (err == BK_OK)
        err = bk_buf_put(&in, issue->subject, issue->subject_len);
    if (err == BK_OK)
        err = bk_pubkey_to_spki(issue->key, &in);
    if (err == BK_OK)
        err = put_extensions(signer, issue, &in);
    if (err == BK_OK)
        err = bk_der_wrap(&tbs, BK_DER_SEQ, &in);
    if (err == BK_OK)
        err = bk_signer_seal(signer, &tbs, out);
    bk_buf_free(&in);
    bk_buf_free(&tbs);
    return err;
}

/* --- revocation lists --- */

enum bk_err bk_issue_crl_entry(const struct bk_revoked *r, struct bk_buf *out)
{
    const uint8_t reason = (uint8_t)r->reason;
    struct bk_buf in = BK_BUF_INIT, value = BK_BUF_INIT, exts = BK_BUF_INIT;
    enum bk_err err = bk_der_put_uint(&in, r->serial, sizeof r->serial);
    if (err == BK_OK)
        err = put_time(&in, r->at);
    if (err == BK_OK && reason) {
        err = bk_der_put(&value, DER_ENUM, &reason, 1);
        if (err == BK_OK)
            err = put_extension(&exts, 21, false, &value);
        if (err == BK_OK)
            err = bk_der_wrap(&in, BK_DER_SEQ, &exts);
    }
    if (err == BK_OK)
        err = bk_der_wrap(out, BK_DER_SEQ, &in);
    bk_buf_free(&in);
    bk_buf_free(&value);
    bk_buf_free(&exts);
    return err;
}

static enum bk_err put_crl_extensions(const struct bk_signer *signer, uint64_t number,
                                      struct bk_buf *tbs)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(number >> (56 - 8 * i));
    struct bk_buf value = BK_BUF_INIT, exts = BK_BUF_INIT, seq = BK_BUF_INIT;
    enum bk_err err = put_issuer_id(&exts, bk_signer_pubkey(signer));
    if (err == BK_OK)
        err = bk_der_put_uint(&value, bytes, sizeof bytes);
    if (err == BK_OK)
        err = put_extension(&exts, 20, false, &value);
    if (err == BK_OK)
        err = bk_der_wrap(&seq, BK_DER_SEQ, &exts);
    if (err == BK_OK)
        err = bk_der_wrap(tbs, 0xa0, &seq);
    bk_buf_free(&value);
    bk_buf_free(&exts);
    bk_buf_free(&seq);
    return err;
}

#define LIST_MAX ((uint64_t)1024 * 1024 * 1024)

struct bk_crl_signing {
    const struct bk_signer *signer;
    struct bk_digester *digester;
    struct bk_buf head, tail, entry; /* of the TBSCertList, whole elements but for its own length */
    uint64_t list_len, left;
};

/* What stands before the entries. */
static enum bk_err put_crl_head(const struct bk_signer *signer, const struct bk_issue_crl *crl,
                                struct bk_buf *out)
{
    const uint8_t version2 = 1;
    enum bk_err err = bk_der_put(out, BK_DER_INTEGER, &version2, 1);
    if (err == BK_OK)
        err = bk_signer_put_algorithm(signer, out);
    if (err == BK_OK)
        err = bk_buf_put(out, crl->issuer, crl->issuer_len);
    if (err == BK_OK)
        err = put_time(out, crl->this_update);
    if (err == BK_OK)
        err = put_time(out, crl->next_update);
    /* RFC 5280 clause 5.1.2.6: absent when nothing is revoked */
    if (err == BK_OK && crl->list_len)
        err = bk_der_put_head(out, BK_DER_SEQ, (size_t)crl->list_len);
    return err;
}

enum bk_err bk_issue_crl_begin(const struct bk_signer *signer, const struct bk_issue_crl *crl,
                               struct bk_crl_signing **signing)
{
    struct bk_buf in = BK_BUF_INIT;
    struct bk_crl_signing *s = *signing = calloc(1, sizeof *s);
    if (!s)
        return BK_ENOMEM;
    s->signer = signer;
    s->list_len = s->left = crl->list_len;
    enum bk_err err = crl->list_len > LIST_MAX ? BK_ELIMIT : put_crl_head(signer, crl, &in);
    if (err == BK_OK)
        err = put_crl_extensions(signer, crl->number, &s->tail);
    if (err == BK_OK)
        err = bk_der_put_head(&s->head, BK_DER_SEQ, in.len + (size_t)s->list_len + s->tail.len);
    if (err == BK_OK)
        err = bk_buf_put(&s->head, in.data, in.len);
    if (err == BK_OK)
        err = bk_signer_begin(signer, &s->digester);
    if (err == BK_OK)
        err = bk_digester_add(s->digester, s->head.data, s->head.len);
    bk_buf_free(&in);
    if (err != BK_OK)
        bk_issue_crl_free(signing);
    return err;
}

enum bk_err bk_issue_crl_add(struct bk_crl_signing *s, const struct bk_revoked *revoked)
{
    bk_buf_clear(&s->entry);
    enum bk_err err = bk_issue_crl_entry(revoked, &s->entry);
    if (err == BK_OK && s->entry.len > s->left)
        err = BK_EFORMAT;
    if (err == BK_OK)
        s->left -= s->entry.len;
    return err == BK_OK ? bk_digester_add(s->digester, s->entry.data, s->entry.len) : err;
}

enum bk_err bk_issue_crl_end(struct bk_crl_signing *s, struct bk_buf *head, struct bk_buf *tail)
{
    size_t before = tail->len;
    enum bk_err err = s->left ? BK_EFORMAT : BK_OK;
    if (err == BK_OK)
        err = bk_digester_add(s->digester, s->tail.data, s->tail.len);
    if (err == BK_OK)
        err = bk_buf_put(tail, s->tail.data, s->tail.len);
    if (err == BK_OK)
        err = bk_signer_end(s->signer, s->digester, tail);
    if (err == BK_OK)
        err = bk_der_put_head(head, BK_DER_SEQ,
                              s->head.len + (size_t)s->list_len + tail->len - before);
    return err == BK_OK ? bk_buf_put(head, s->head.data, s->head.len) : err;
}

void bk_issue_crl_free(struct bk_crl_signing **signing)
{
    struct bk_crl_signing *s = *signing;
    if (!s)
        return;
    bk_digester_free(&s->digester);
    bk_buf_free(&s->head);
    bk_buf_free(&s->tail);
    bk_buf_free(&s->entry);
    free(s);
    *signing = NULL;
}

/* --- PKCS#10 --- */

static enum bk_err check_algorithm(struct bk_rd *rd, enum bk_alg alg)
{
    struct bk_rd in;
    enum bk_err err = bk_der_take(rd, BK_DER_SEQ, &in);
    if (err != BK_OK)
        return err;
    err = alg == BK_ALG_SM2 ? bk_der_oid(&in, oid_sm2_sm3, sizeof oid_sm2_sm3)
                            : bk_der_oid(&in, oid_rsa_sha256, sizeof oid_rsa_sha256);
    if (err == BK_OK && bk_der_peek(&in) == BK_DER_NULL)
        err = bk_der_take(&in, BK_DER_NULL, NULL);
    return err == BK_OK ? bk_rd_end(&in) : err;
}

static enum bk_err read_info(struct bk_rd in, struct bk_pkcs10 *request)
{
    uint8_t version = 1;
    enum bk_err err = bk_der_uint_fixed(&in, &version, 1);
    if (err == BK_OK && version != 0)
        err = BK_EFORMAT;
    request->subject = in.at;
    if (err == BK_OK)
        err = bk_der_take(&in, BK_DER_SEQ, NULL);
    request->subject_len = (size_t)(in.at - request->subject);
    const uint8_t *spki = in.at;
    if (err == BK_OK)
        err = bk_der_take(&in, BK_DER_SEQ, NULL);
    if (err == BK_OK)
        err = bk_pubkey_from_spki(spki, (size_t)(in.at - spki), &request->key);
    if (err == BK_OK)
        err = bk_der_take(&in, 0xa0, NULL); /* attributes: policy is the CA's, not the asker's */
    return err == BK_OK ? bk_rd_end(&in) : err;
}

static enum bk_err read_parts(const void *der, size_t len, struct bk_pkcs10 *request,
                              struct bk_rd *signed_part, struct bk_rd *sig)
{
    struct bk_rd rd = bk_rd(der, len), in, info;
    memset(request, 0, sizeof *request);
    enum bk_err err = bk_der_take(&rd, BK_DER_SEQ, &in);
    if (err == BK_OK)
        err = bk_rd_end(&rd);
    const uint8_t *begin = err == BK_OK ? in.at : NULL;
    if (err == BK_OK)
        err = bk_der_take(&in, BK_DER_SEQ, &info);
    *signed_part = bk_rd(begin, err == BK_OK ? (size_t)(in.at - begin) : 0);
    if (err == BK_OK)
        err = read_info(info, request);
    if (err == BK_OK)
        err = check_algorithm(&in, request->key.alg);
    if (err == BK_OK)
        err = bk_der_bits(&in, sig);
    return err == BK_OK ? bk_rd_end(&in) : err;
}

enum bk_err bk_pkcs10_parse(const void *der, size_t len, struct bk_pkcs10 *request)
{
    struct bk_rd signed_part, sig;
    return read_parts(der, len, request, &signed_part, &sig);
}

enum bk_err bk_pkcs10_read(const void *der, size_t len, struct bk_pkcs10 *request)
{
    struct bk_rd signed_part, sig;
    enum bk_err err = read_parts(der, len, request, &signed_part, &sig);
    if (err != BK_OK)
        return err;
    err =
        bk_pubkey_verify_message(&request->key, signed_part.at, signed_part.left, sig.at, sig.left);
    return err == BK_EFORMAT ? BK_EVERIFY : err;
}
