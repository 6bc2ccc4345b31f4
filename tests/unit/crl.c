/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates and revocation lists, with SM2 and with RSA: what is read of them; who is on a list,
 * whose it is, until when. */
#include <check.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "crypto/issue.h"
#include "crypto/x509.h"
#include "runner.h"

#define NOW ((int64_t)1800000000)
#define DAY ((int64_t)86400)

struct ca {
    struct bk_rsa_key *rsa;
    struct bk_sm2_key *sm2;
    struct bk_signer signer;
    struct bk_buf name;
    struct bk_x509 *cert, *leaf;
};

static void make_cert(struct ca *ca, enum bk_profile profile, const char *text,
                      struct bk_x509 **out)
{
    struct bk_buf name = BK_BUF_INIT, der = BK_BUF_INIT;
    ck_assert_int_eq(bk_issue_name("示例科技有限公司", text, &name), BK_OK);
    struct bk_issue issue = {.profile = profile,
                             .issuer = ca->name.data,
                             .issuer_len = ca->name.len,
                             .subject = profile == BK_PROFILE_ROOT ? ca->name.data : name.data,
                             .subject_len = profile == BK_PROFILE_ROOT ? ca->name.len : name.len,
                             .key = bk_signer_pubkey(&ca->signer),
                             .not_before = NOW - DAY,
                             .not_after = NOW + 365 * DAY};
    ck_assert_int_eq(bk_issue_serial(issue.serial), BK_OK);
    ck_assert_int_eq(bk_issue_cert(&ca->signer, &issue, &der), BK_OK);
    ck_assert_int_eq(bk_x509_parse(der.data, der.len, out), BK_OK);
    bk_buf_free(&name);
    bk_buf_free(&der);
}

static void make_ca(struct ca *ca, bool sm2, const char *text)
{
    memset(ca, 0, sizeof *ca);
    ca->signer.alg = sm2 ? BK_ALG_SM2 : BK_ALG_RSA;
    if (sm2)
        ck_assert_int_eq(bk_sm2_generate(&ca->sm2), BK_OK);
    else
        ck_assert_int_eq(bk_rsa_generate(2048, &ca->rsa), BK_OK);
    ca->signer.rsa = ca->rsa;
    ca->signer.sm2 = ca->sm2;
    ck_assert_int_eq(bk_issue_name("示例科技有限公司", text, &ca->name), BK_OK);
    make_cert(ca, BK_PROFILE_ROOT, text, &ca->cert);
    make_cert(ca, BK_PROFILE_SIGN, "测试用户甲", &ca->leaf);
}

static const char *accepted_id; /* of SM2 signatures of a CA */

static void forget_ca(struct ca *ca)
{
    bk_x509_free(&ca->cert);
    bk_x509_free(&ca->leaf);
    bk_buf_free(&ca->name);
    bk_rsa_free(&ca->rsa);
    bk_sm2_free(&ca->sm2);
}

/* A list of this CA with its leaf on it, or empty. */
static void make_list(const struct ca *ca, bool with_leaf, struct bk_buf *out)
{
    struct bk_revoked revoked = {.at = NOW - 3600, .reason = 4};
    const struct bk_buf *serial = &ca->leaf->serial; /* tag and length before the 20 bytes */
    ck_assert_uint_eq(serial->len, 2 + BK_SERIAL_BYTES);
    memcpy(revoked.serial, serial->data + 2, BK_SERIAL_BYTES);
    struct bk_buf entries = BK_BUF_INIT, tail = BK_BUF_INIT;
    struct bk_crl_signing *signing = NULL;
    if (with_leaf)
        ck_assert_int_eq(bk_issue_crl_entry(&revoked, &entries), BK_OK);
    struct bk_issue_crl list = {.issuer = ca->name.data,
                                .issuer_len = ca->name.len,
                                .number = 7,
                                .this_update = NOW - 60,
                                .next_update = NOW + DAY,
                                .list_len = entries.len};
    bk_buf_clear(out);
    ck_assert_int_eq(bk_issue_crl_begin(&ca->signer, &list, &signing), BK_OK);
    if (with_leaf)
        ck_assert_int_eq(bk_issue_crl_add(signing, &revoked), BK_OK);
    ck_assert_int_eq(bk_issue_crl_end(signing, out, &tail), BK_OK);
    ck_assert_int_eq(bk_buf_put(out, entries.data, entries.len), BK_OK);
    ck_assert_int_eq(bk_buf_put(out, tail.data, tail.len), BK_OK);
    bk_issue_crl_free(&signing);
    bk_buf_free(&entries);
    bk_buf_free(&tail);
}

static enum bk_err check(const struct bk_buf *list, const struct bk_x509 *issuer,
                         const struct bk_x509 *cert, int64_t now, bool *revoked)
{
    int reason = -1;
    enum bk_err err =
        bk_crl_check(list->data, list->len, issuer, accepted_id, cert, now, revoked, &reason);
    ck_assert_int_eq(reason, *revoked ? 4 : 0);
    return err;
}

START_TEST(a_list_tells_who_is_on_it)
{
    struct ca ca;
    struct bk_buf list = BK_BUF_INIT;
    bool revoked = false;
    make_ca(&ca, _i, "Root A");
    make_list(&ca, true, &list);
    ck_assert_int_eq(check(&list, ca.cert, ca.leaf, NOW, &revoked), BK_OK);
    ck_assert(revoked);
    ck_assert_int_eq(check(&list, ca.cert, ca.cert, NOW, &revoked), BK_OK);
    ck_assert(!revoked);
    make_list(&ca, false, &list);
    ck_assert_int_eq(check(&list, ca.cert, ca.leaf, NOW, &revoked), BK_OK);
    ck_assert(!revoked);
    bk_buf_free(&list);
    forget_ca(&ca);
}
END_TEST

START_TEST(a_list_that_does_not_hold_says_nothing)
{
    struct ca ca, namesake, other;
    struct bk_buf list = BK_BUF_INIT;
    bool revoked = true;
    make_ca(&ca, _i, "Root A");
    make_ca(&namesake, _i, "Root A");
    make_ca(&other, _i, "Root B");
    make_list(&ca, true, &list);
    ck_assert_int_eq(check(&list, ca.cert, ca.leaf, NOW - 3600, &revoked), BK_EVERIFY);
    ck_assert_int_eq(check(&list, ca.cert, ca.leaf, NOW + 2 * DAY, &revoked), BK_EVERIFY);
    ck_assert_int_eq(check(&list, namesake.cert, ca.leaf, NOW, &revoked), BK_EVERIFY);
    ck_assert_int_eq(check(&list, other.cert, ca.leaf, NOW, &revoked), BK_EVERIFY);
    ck_assert_int_eq(check(&list, ca.cert, other.leaf, NOW, &revoked), BK_EVERIFY);
    ck_assert_int_eq(check(&list, ca.leaf, ca.leaf, NOW, &revoked), BK_EVERIFY);
    list.data[list.len - 1] ^= 1;
    ck_assert_int_ne(check(&list, ca.cert, ca.leaf, NOW, &revoked), BK_OK);
    ck_assert(!revoked);
    list.data[list.len - 1] ^= 1;
    ck_assert_int_eq(bk_buf_put_u8(&list, 0), BK_OK);
    ck_assert_int_eq(check(&list, ca.cert, ca.leaf, NOW, &revoked), BK_EFORMAT);
    bk_buf_free(&list);
    forget_ca(&ca);
    forget_ca(&namesake);
    forget_ca(&other);
}
END_TEST

/* Whatever a list is like, OpenSSL's queue stays as the host had it, and so does a mark of its own.
 */
/* The ID that a CA signs with is its policy; whoever checks has to be told. */
static enum bk_err check_chain(const struct ca *ca, const struct bk_x509 *leaf)
{
    struct bk_chain chain;
    ck_assert_int_eq(bk_chain_parse(ca->cert->der.data, ca->cert->der.len, &chain), BK_OK);
    chain.sm2_id = accepted_id;
    enum bk_err err = bk_chain_verify(leaf, &chain, NOW);
    bk_chain_free(&chain);
    return err;
}

START_TEST(a_ca_signs_with_an_id_of_its_own)
{
    struct ca ca;
    struct bk_buf list = BK_BUF_INIT;
    struct bk_x509 *leaf = NULL;
    bool revoked = false;
    make_ca(&ca, true, "Root A");
    ca.signer.sm2_id = "company@example";
    make_cert(&ca, BK_PROFILE_SIGN, "测试用户乙", &leaf);
    make_list(&ca, true, &list);
    static const char *const others[] = {NULL, BK_SM2_ID, "another@example"};
    for (int i = 0; i < 3; i++) {
        accepted_id = others[i];
        ck_assert_int_eq(check_chain(&ca, ca.leaf), BK_OK); /* by the default one */
        ck_assert_int_eq(check_chain(&ca, leaf), BK_EVERIFY);
        ck_assert_int_eq(check(&list, ca.cert, ca.leaf, NOW, &revoked), BK_EVERIFY);
    }
    /* the root was signed with the default one: each certificate by itself */
    accepted_id = "company@example";
    ck_assert_int_eq(check_chain(&ca, leaf), BK_OK);
    ck_assert_int_eq(check_chain(&ca, ca.leaf), BK_OK);
    ck_assert_int_eq(check(&list, ca.cert, ca.leaf, NOW, &revoked), BK_OK);
    ck_assert(revoked);
    list.data[list.len - 1] ^= 1;
    ck_assert_int_eq(check(&list, ca.cert, ca.leaf, NOW, &revoked), BK_EVERIFY);
    bk_x509_free(&ca.cert);
    make_cert(&ca, BK_PROFILE_ROOT, "Root A", &ca.cert); /* the root, too */
    ck_assert_int_eq(check_chain(&ca, leaf), BK_OK);
    accepted_id = NULL;
    ck_assert_int_eq(check_chain(&ca, leaf), BK_EVERIFY);
    bk_x509_free(&leaf);
    bk_buf_free(&list);
    forget_ca(&ca);
}
END_TEST

START_TEST(the_queue_of_errors_stays)
{
    struct ca ca;
    struct bk_buf list = BK_BUF_INIT;
    bool revoked = false;
    make_ca(&ca, _i, "Root A");
    make_list(&ca, true, &list);
    ERR_clear_error();
    for (int kind = 0; kind < 3; kind++) {
        if (kind == 1)
            list.data[list.len - 1] ^= 1; /* a signature that isn't one */
        if (kind == 2)
            list.data[4] ^= 0x10; /* not even a list */
        (void)check(&list, ca.cert, ca.leaf, NOW, &revoked);
        ck_assert_uint_eq(ERR_peek_error(), 0);
        ERR_raise_data(ERR_LIB_USER, 7, "before the mark");
        (void)ERR_set_mark();
        ERR_raise_data(ERR_LIB_USER, 8, "behind the mark");
        (void)check(&list, ca.cert, ca.leaf, NOW, &revoked);
        ck_assert_int_eq(ERR_GET_REASON(ERR_peek_last_error()), 8);
        ck_assert_int_eq(ERR_pop_to_mark(), 1);
        ck_assert_int_eq(ERR_GET_REASON(ERR_peek_last_error()), 7);
        ERR_clear_error();
    }
    bk_buf_free(&list);
    forget_ca(&ca);
}
END_TEST

/* The fields that we read against OpenSSL's own reading of the same bytes. */
static void agree(const struct bk_x509 *c)
{
    static const uint32_t usage[] = {KU_DIGITAL_SIGNATURE, KU_NON_REPUDIATION, KU_KEY_ENCIPHERMENT,
                                     KU_DATA_ENCIPHERMENT, KU_KEY_AGREEMENT,   KU_KEY_CERT_SIGN,
                                     KU_CRL_SIGN};
    X509 *x = bk_x509_openssl(c);
    ck_assert_ptr_nonnull(x);
    ck_assert_ptr_eq(bk_x509_openssl(c), x);
    unsigned char *der = NULL;
    int len = i2d_X509_NAME(X509_get_subject_name(x), &der);
    ck_assert_uint_eq(c->subject.len, (size_t)len);
    ck_assert_mem_eq(c->subject.data, der, c->subject.len);
    OPENSSL_free(der);
    der = NULL;
    len = i2d_ASN1_INTEGER(X509_get_serialNumber(x), &der);
    ck_assert_uint_eq(c->serial.len, (size_t)len);
    ck_assert_mem_eq(c->serial.data, der, c->serial.len);
    OPENSSL_free(der);
    time_t from = (time_t)c->not_before, to = (time_t)c->not_after;
    ck_assert_int_eq(ASN1_TIME_cmp_time_t(X509_get0_notBefore(x), from), 0);
    ck_assert_int_eq(ASN1_TIME_cmp_time_t(X509_get0_notAfter(x), to), 0);
    ck_assert(c->has_usage);
    for (unsigned i = 0; i < 7; i++)
        ck_assert_int_eq((c->usage >> i & 1) != 0, (X509_get_key_usage(x) & usage[i]) != 0);
    ck_assert_int_eq(c->is_ca, (X509_get_extension_flags(x) & EXFLAG_CA) != 0);
}

START_TEST(a_certificate_is_read_as_openssl_reads_it)
{
    struct ca ca;
    make_ca(&ca, _i, "测试根");
    agree(ca.cert);
    agree(ca.leaf);
    ck_assert(ca.cert->is_ca && ca.cert->self_issued && !ca.leaf->is_ca && !ca.leaf->self_issued);
    ck_assert_str_eq(ca.leaf->common_name, "测试用户甲");
    ck_assert_str_eq(ca.leaf->organisation, "示例科技有限公司");
    forget_ca(&ca);
}
END_TEST

/* Nothing is allowed by what nobody can read. */
START_TEST(a_usage_that_is_damaged_allows_nothing)
{
    static const uint8_t oid[] = {0x06, 0x03, 0x55, 0x1d, 0x0f};
    struct ca ca;
    struct bk_buf der = BK_BUF_INIT;
    struct bk_x509 *odd = NULL;
    make_ca(&ca, true, "测试根");
    ck_assert_uint_ne(ca.leaf->usage, 0);
    ck_assert_int_eq(bk_buf_put(&der, ca.leaf->der.data, ca.leaf->der.len), BK_OK);
    uint8_t *at = memmem(der.data, der.len, oid, sizeof oid);
    ck_assert_ptr_nonnull(at);
    at += sizeof oid;
    at += *at == 0x01 ? 3 : 0; /* critical */
    ck_assert_uint_eq(at[0], 0x04);
    ck_assert_uint_eq(at[2], 0x03);
    at[2] = 0x05; /* no BIT STRING */
    ck_assert_int_eq(bk_x509_parse(der.data, der.len, &odd), BK_OK);
    ck_assert(odd->has_usage);
    ck_assert_uint_eq(odd->usage, 0);
    bk_x509_free(&odd);
    bk_buf_free(&der);
    forget_ca(&ca);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("crl");
    TCase *t = tcase_create("crl");
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, a_certificate_is_read_as_openssl_reads_it, 0, 2);
    tcase_add_test(t, a_usage_that_is_damaged_allows_nothing);
    tcase_add_loop_test(t, a_list_tells_who_is_on_it, 0, 2);
    tcase_add_loop_test(t, a_list_that_does_not_hold_says_nothing, 0, 2);
    tcase_add_loop_test(t, the_queue_of_errors_stays, 0, 2);
    tcase_add_test(t, a_ca_signs_with_an_id_of_its_own);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
