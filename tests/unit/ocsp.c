/* SPDX-License-Identifier: Apache-2.0 */
/* OCSP requests and responses, against OpenSSL's: what one writes the other reads. */
#include <check.h>
#include <string.h>

#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include "crypto/issue.h"
#include "crypto/ocsp.h"
#include "crypto/x509.h"
#include "runner.h"

#define NOW ((int64_t)1800000000)
#define DAY ((int64_t)86400)

static struct bk_rsa_key *rsa;
static struct bk_sm2_key *sm2;
static struct bk_signer signer;
static struct bk_x509 *issuer, *leaf;
static struct bk_buf name = BK_BUF_INIT;

static struct bk_x509 *make(enum bk_profile profile)
{
    struct bk_buf subject = BK_BUF_INIT, der = BK_BUF_INIT;
    struct bk_x509 *x = NULL;
    ck_assert_int_eq(bk_issue_name("示例科技有限公司", "测试用户甲", &subject), BK_OK);
    struct bk_issue issue = {.profile = profile,
                             .issuer = name.data,
                             .issuer_len = name.len,
                             .subject = profile == BK_PROFILE_ROOT ? name.data : subject.data,
                             .subject_len = profile == BK_PROFILE_ROOT ? name.len : subject.len,
                             .key = bk_signer_pubkey(&signer),
                             .ocsp_url = "http://ca.example/v1/ocsp",
                             .not_before = NOW - DAY,
                             .not_after = NOW + 365 * DAY};
    ck_assert_int_eq(bk_issue_serial(issue.serial), BK_OK);
    ck_assert_int_eq(bk_issue_cert(&signer, &issue, &der), BK_OK);
    ck_assert_int_eq(bk_x509_parse(der.data, der.len, &x), BK_OK);
    bk_buf_free(&subject);
    bk_buf_free(&der);
    return x;
}

static void make_ca(enum bk_alg alg)
{
    signer = (struct bk_signer){.alg = alg};
    if (alg == BK_ALG_SM2)
        ck_assert_int_eq(bk_sm2_generate(&sm2), BK_OK);
    else
        ck_assert_int_eq(bk_rsa_generate(2048, &rsa), BK_OK);
    signer.rsa = rsa;
    signer.sm2 = sm2;
    ck_assert_int_eq(bk_issue_name("示例证书认证机构", "Test CA", &name), BK_OK);
    issuer = make(BK_PROFILE_ROOT);
    leaf = make(BK_PROFILE_SIGN);
}

static void drop_ca(void)
{
    bk_x509_free(&issuer);
    bk_x509_free(&leaf);
    bk_rsa_free(&rsa);
    bk_sm2_free(&sm2);
    bk_buf_free(&name);
}

static void make_rsa(void)
{
    make_ca(BK_ALG_RSA);
}

static void make_sm2(void)
{
    make_ca(BK_ALG_SM2);
}

/* OpenSSL's request for `leaf`. */
static void ask(const EVP_MD *md, bool nonce, struct bk_buf *out)
{
    OCSP_REQUEST *request = OCSP_REQUEST_new();
    OCSP_CERTID *id = OCSP_cert_to_id(md, bk_x509_openssl(leaf), bk_x509_openssl(issuer));
    ck_assert_ptr_nonnull(OCSP_request_add0_id(request, id));
    if (nonce)
        ck_assert_int_eq(OCSP_request_add1_nonce(request, (unsigned char *)"0123456789abcdef", 16),
                         1);
    unsigned char *der = NULL;
    int len = i2d_OCSP_REQUEST(request, &der);
    ck_assert_int_gt(len, 0);
    bk_buf_clear(out);
    ck_assert_int_eq(bk_buf_put(out, der, (size_t)len), BK_OK);
    OPENSSL_free(der);
    OCSP_REQUEST_free(request);
}

static const struct {
    const char *md;
    bool nonce;
} questions[] = {{"SHA1", true}, {"SHA256", false}, {"SM3", true}};

START_TEST(what_openssl_asks_is_read)
{
    struct bk_buf der = BK_BUF_INIT;
    struct bk_ocsp_request r;
    bool is = false;
    ask(EVP_get_digestbyname(questions[_i].md), questions[_i].nonce, &der);
    ck_assert_int_eq(bk_ocsp_read(der.data, der.len, &r), BK_OK);
    ck_assert_uint_eq(r.count, 1);
    ck_assert_int_eq(r.nonce != NULL, questions[_i].nonce);
    if (r.nonce)
        ck_assert_mem_eq(r.nonce, "0123456789abcdef", 16);
    ck_assert_int_eq(bk_ocsp_is_of(&r.ids[0], name.data, name.len, &issuer->key, &is), BK_OK);
    ck_assert(is);
    /* neither its name alone nor its key alone */
    ck_assert_int_eq(bk_ocsp_is_of(&r.ids[0], name.data, name.len - 1, &issuer->key, &is), BK_OK);
    ck_assert(!is);
    struct bk_pubkey other = issuer->key;
    if (other.alg == BK_ALG_RSA)
        other.n[other.n_len - 1] ^= 2;
    else
        other.y[31] ^= 1;
    ck_assert_int_eq(bk_ocsp_is_of(&r.ids[0], name.data, name.len, &other, &is), BK_OK);
    ck_assert(!is);
    /* cut anywhere, or longer, it is malformed */
    for (size_t n = 0; n < der.len; n++)
        ck_assert_int_ne(bk_ocsp_read(der.data, n, &r), BK_OK);
    ck_assert_int_eq(bk_buf_put_u8(&der, 0), BK_OK);
    ck_assert_int_ne(bk_ocsp_read(der.data, der.len, &r), BK_OK);
    bk_buf_free(&der);
}
END_TEST

static OCSP_BASICRESP *answer(const struct bk_ocsp_request *r, enum bk_ocsp_state state, int reason,
                              struct bk_buf *out)
{
    const struct bk_ocsp_single single = {.id = r->ids[0].der,
                                          .id_len = r->ids[0].der_len,
                                          .state = state,
                                          .revoked_at = NOW - 60,
                                          .reason = reason};
    const struct bk_ocsp_answer a = {.singles = &single,
                                     .count = 1,
                                     .this_update = NOW,
                                     .next_update = NOW + 3600,
                                     .nonce = r->nonce,
                                     .nonce_len = r->nonce_len};
    bk_buf_clear(out);
    ck_assert_int_eq(bk_ocsp_answer(&signer, &a, out), BK_OK);
    const unsigned char *at = out->data;
    OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &at, (long)out->len);
    ck_assert_ptr_nonnull(response);
    ck_assert_ptr_eq(at, out->data + out->len);
    ck_assert_int_eq(OCSP_response_status(response), OCSP_RESPONSE_STATUS_SUCCESSFUL);
    OCSP_BASICRESP *basic = OCSP_response_get1_basic(response);
    ck_assert_ptr_nonnull(basic);
    OCSP_RESPONSE_free(response);
    return basic;
}

/* OpenSSL 3.0 has no place for the ID of an SM2 signature. */
static void check_signature(OCSP_BASICRESP *basic)
{
    unsigned char *tbs = NULL;
    int len = ASN1_item_i2d((const ASN1_VALUE *)OCSP_resp_get0_respdata(basic), &tbs,
                            ASN1_ITEM_rptr(OCSP_RESPDATA));
    const ASN1_OCTET_STRING *sig = OCSP_resp_get0_signature(basic);
    ck_assert_int_gt(len, 0);
    ck_assert_int_eq(bk_pubkey_verify_message(&issuer->key, tbs, (size_t)len,
                                              ASN1_STRING_get0_data(sig),
                                              (size_t)ASN1_STRING_length(sig)),
                     BK_OK);
    OPENSSL_free(tbs);
}

START_TEST(openssl_reads_what_is_answered)
{
    static const struct {
        enum bk_ocsp_state state;
        int reason, status;
    } states[] = {{BK_OCSP_GOOD, 0, V_OCSP_CERTSTATUS_GOOD},
                  {BK_OCSP_REVOKED, 4, V_OCSP_CERTSTATUS_REVOKED},
                  {BK_OCSP_REVOKED, 0, V_OCSP_CERTSTATUS_REVOKED},
                  {BK_OCSP_UNKNOWN, 0, V_OCSP_CERTSTATUS_UNKNOWN}};
    struct bk_buf der = BK_BUF_INIT, out = BK_BUF_INIT;
    struct bk_ocsp_request r;
    ask(EVP_sha1(), true, &der);
    ck_assert_int_eq(bk_ocsp_read(der.data, der.len, &r), BK_OK);
    OCSP_BASICRESP *basic = answer(&r, states[_i].state, states[_i].reason, &out);
    OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), bk_x509_openssl(leaf), bk_x509_openssl(issuer));
    int status = -1, reason = -2;
    ASN1_GENERALIZEDTIME *at = NULL, *this = NULL, *next = NULL;
    ck_assert_int_eq(OCSP_resp_find_status(basic, id, &status, &reason, &at, &this, &next), 1);
    ck_assert_int_eq(status, states[_i].status);
    if (states[_i].state == BK_OCSP_REVOKED)
        ck_assert_int_eq(reason, states[_i].reason ? states[_i].reason : -1);
    ck_assert_ptr_nonnull(next);
    check_signature(basic);
    if (signer.alg == BK_ALG_RSA) {
        X509_STORE *store = X509_STORE_new();
        STACK_OF(X509) *certs = sk_X509_new_null();
        ck_assert_int_eq(X509_STORE_add_cert(store, bk_x509_openssl(issuer)), 1);
        ck_assert_int_gt(sk_X509_push(certs, bk_x509_openssl(issuer)), 0);
        X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), NOW);
        ck_assert_int_eq(OCSP_basic_verify(basic, certs, store, 0), 1);
        sk_X509_free(certs);
        X509_STORE_free(store);
    }
    OCSP_CERTID_free(id);
    OCSP_BASICRESP_free(basic);
    bk_buf_free(&der);
    bk_buf_free(&out);
}
END_TEST

START_TEST(a_refusal_is_five_bytes)
{
    struct bk_buf out = BK_BUF_INIT;
    ck_assert_int_eq(bk_ocsp_refuse(BK_OCSP_UNAUTHORIZED, &out), BK_OK);
    ck_assert_uint_eq(out.len, 5);
    ck_assert_mem_eq(out.data, "\x30\x03\x0a\x01\x06", 5);
    bk_buf_free(&out);
}
END_TEST

START_TEST(the_certificate_names_its_responder)
{
    AUTHORITY_INFO_ACCESS *aia =
        X509_get_ext_d2i(bk_x509_openssl(leaf), NID_info_access, NULL, NULL);
    ck_assert_ptr_nonnull(aia);
    const ACCESS_DESCRIPTION *one = sk_ACCESS_DESCRIPTION_value(aia, 0);
    ck_assert_int_eq(OBJ_obj2nid(one->method), NID_ad_OCSP);
    ck_assert_str_eq((const char *)ASN1_STRING_get0_data(one->location->d.uniformResourceIdentifier),
                     "http://ca.example/v1/ocsp");
    AUTHORITY_INFO_ACCESS_free(aia);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ocsp");
    static const struct {
        const char *what;
        void (*make)(void);
    } cas[] = {{"rsa", make_rsa}, {"sm2", make_sm2}};
    for (int i = 0; i < 2; i++) {
        TCase *t = tcase_create(cas[i].what);
        tcase_add_checked_fixture(t, cas[i].make, drop_ca);
        tcase_add_loop_test(t, what_openssl_asks_is_read, 0, 3);
        tcase_add_loop_test(t, openssl_reads_what_is_answered, 0, 4);
        tcase_add_test(t, a_refusal_is_five_bytes);
        tcase_add_test(t, the_certificate_names_its_responder);
        suite_add_tcase(suite, t);
    }
    return run_suite(suite);
}
