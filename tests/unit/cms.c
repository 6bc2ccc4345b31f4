/* SPDX-License-Identifier: Apache-2.0 */
/* SM2 signed and enveloped messages, by themselves and taken apart again by openssl. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "crypto/cms.h"
#include "crypto/ctx.h"
#include "crypto/sm2.h"
#include "folder.h"

static struct bk_sm2_key *key, *other;
static struct bk_x509 *cert, *stranger;
static char dir[64];
static const char text[] = "投标文件: a document of some length, longer than one block";

/* A certificate for the key; what signed it doesn't matter here. */
static struct bk_x509 *certificate(const struct bk_sm2_key *k, long serial)
{
    struct bk_x509 *out = NULL;
    unsigned char *der = NULL;
    X509 *x = X509_new_ex(bk_crypto_ctx(), NULL);
    X509_NAME *name = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)"测试", -1, -1, 0);
    ck_assert_int_eq(X509_set_issuer_name(x, name), 1);
    ASN1_INTEGER_set(X509_get_serialNumber(x), serial);
    X509_gmtime_adj(X509_getm_notBefore(x), 0);
    X509_gmtime_adj(X509_getm_notAfter(x), 86400);
    ck_assert_int_eq(X509_set_pubkey(x, bk_sm2_evp(k)), 1);
    ck_assert_int_gt(X509_sign(x, bk_sm2_evp(k), EVP_sm3()), 0);
    int len = i2d_X509(x, &der);
    ck_assert_int_gt(len, 0);
    ck_assert_int_eq(bk_x509_parse(der, (size_t)len, &out), BK_OK);
    OPENSSL_free(der);
    X509_free(x);
    return out;
}

static void setup(void)
{
    memcpy(dir, "/tmp/bk-cms-XXXXXX", 19);
    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(bk_sm2_generate(&key), BK_OK);
    ck_assert_int_eq(bk_sm2_generate(&other), BK_OK);
    cert = certificate(key, 4660);
    stranger = certificate(other, 4661);
}

static void teardown(void)
{
    bk_x509_free(&cert);
    bk_x509_free(&stranger);
    bk_sm2_free(&key);
    bk_sm2_free(&other);
    folder_remove(dir);
}

static enum bk_err signer(void *context, const void *msg, size_t len, struct bk_buf *out)
{
    struct bk_sm2_key *k = context;
    struct bk_sm2_sig sig;
    uint8_t e[32];
    enum bk_err err = bk_sm2_e(bk_sm2_pubkey(k), NULL, 0, msg, len, e);
    if (err == BK_OK)
        err = bk_sm2_sign(k, e, &sig);
    return err == BK_OK ? bk_sm2_sig_to_der(&sig, out) : err;
}

static enum bk_err opener(void *context, const void *der, size_t len, struct bk_buf *out)
{
    struct bk_sm2_cipher cipher = {0};
    enum bk_err err = bk_sm2_cipher_from_der(der, len, &cipher);
    if (err == BK_OK)
        err = bk_sm2_decrypt(context, &cipher, out);
    bk_sm2_cipher_free(&cipher);
    return err;
}

static void put_file(const char *name, const void *data, size_t len)
{
    char path[96];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(data, 1, len, f), len);
    ck_assert_int_eq(fclose(f), 0);
}

/* Shell lines that must all succeed, run in the test's folder. */
static void shell(const char *script)
{
    int status = -1;
    put_file("script", script, strlen(script));
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        if (chdir(dir) == 0)
            (void)execlp("bash", "bash", "-euo", "pipefail", "script", (char *)NULL);
        _exit(127);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}

START_TEST(signed_message_round_trip)
{
    for (int detached = 0; detached < 2; detached++) {
        struct bk_buf cms = BK_BUF_INIT, content = BK_BUF_INIT;
        struct bk_x509 *by = NULL;
        const void *outside = detached ? text : NULL;
        ck_assert_int_eq(bk_cms_sign(text, sizeof text, detached, cert, NULL, signer, key, &cms),
                         BK_OK);
        ck_assert_int_eq(bk_cms_verify(cms.data, cms.len, outside, sizeof text, &by, &content),
                         BK_OK);
        ck_assert_str_eq(by->serial_hex, "1234");
        ck_assert_mem_eq(content.data, text, sizeof text);
        bk_x509_free(&by);
        ck_assert_int_eq(
            bk_cms_verify(cms.data, cms.len, detached ? NULL : text, sizeof text, &by, NULL),
            BK_EINVAL);
        if (detached)
            ck_assert_int_eq(bk_cms_verify(cms.data, cms.len, text, sizeof text - 1, &by, NULL),
                             BK_EVERIFY);
        ck_assert_ptr_null(by);
        bk_buf_free(&cms);
        bk_buf_free(&content);
    }
}
END_TEST

START_TEST(every_changed_byte_is_noticed)
{
    struct bk_buf cms = BK_BUF_INIT, content = BK_BUF_INIT;
    ck_assert_int_eq(bk_cms_sign("abc", 3, false, cert, NULL, signer, key, &cms), BK_OK);
    for (size_t i = 0; i < cms.len; i++) {
        struct bk_x509 *by = NULL;
        cms.data[i] ^= 0x40;
        bk_buf_clear(&content);
        enum bk_err err = bk_cms_verify(cms.data, cms.len, NULL, 0, &by, &content);
        /* what the signature doesn't cover are the certificate's other fields: not ours to judge */
        if (err == BK_OK) {
            ck_assert_uint_eq(content.len, 3);
            ck_assert_mem_eq(content.data, "abc", 3);
            ck_assert(bk_pubkey_equal(&by->key, &cert->key));
        }
        bk_x509_free(&by);
        cms.data[i] ^= 0x40;
    }
    bk_buf_free(&cms);
    bk_buf_free(&content);
}
END_TEST

START_TEST(signature_by_another_key_is_refused)
{
    struct bk_buf cms = BK_BUF_INIT;
    struct bk_x509 *by = NULL;
    ck_assert_int_eq(bk_cms_sign(text, 5, false, cert, NULL, signer, other, &cms), BK_OK);
    ck_assert_int_eq(bk_cms_verify(cms.data, cms.len, NULL, 0, &by, NULL), BK_EVERIFY);
    ck_assert_ptr_null(by);
    bk_buf_free(&cms);
}
END_TEST

START_TEST(enveloped_message_round_trip)
{
    const struct bk_x509 *to[] = {stranger, cert};
    static const size_t lengths[] = {0, 1, 15, 16, 17, sizeof text};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct bk_buf cms = BK_BUF_INIT, content = BK_BUF_INIT;
        ck_assert_int_eq(bk_cms_encrypt(text, lengths[i], to, 2, &cms), BK_OK);
        ck_assert_int_eq(bk_cms_decrypt(cms.data, cms.len, cert, opener, key, &content), BK_OK);
        ck_assert_uint_eq(content.len, lengths[i]);
        ck_assert(!content.len || memcmp(content.data, text, content.len) == 0);
        /* under whatever certificate */
        bk_buf_clear(&content);
        ck_assert_int_eq(bk_cms_decrypt(cms.data, cms.len, NULL, opener, key, &content), BK_OK);
        ck_assert_uint_eq(content.len, lengths[i]);
        bk_buf_free(&cms);
        bk_buf_free(&content);
    }
    struct bk_buf cms = BK_BUF_INIT, content = BK_BUF_INIT;
    ck_assert_int_eq(bk_cms_encrypt(text, 5, to, 1, &cms), BK_OK);
    ck_assert_int_eq(bk_cms_decrypt(cms.data, cms.len, cert, opener, key, &content), BK_ENOTFOUND);
    ck_assert_int_ne(bk_cms_decrypt(cms.data, cms.len, stranger, opener, key, &content), BK_OK);
    ck_assert_int_eq(bk_cms_decrypt(cms.data, cms.len, NULL, opener, key, &content), BK_ENOTFOUND);
    ck_assert_uint_eq(content.len, 0);
    bk_buf_free(&cms);
    bk_buf_free(&content);
}
END_TEST

/* openssl asn1parse finds the parts, openssl dgst and pkeyutl do the work: another program with
 * another reading of the standards. The OIDs stand here as the standard prints them. */
START_TEST(openssl_reads_a_signed_message)
{
    struct bk_buf cms = BK_BUF_INIT;
    ck_assert_int_eq(bk_cms_sign(text, sizeof text, false, cert, NULL, signer, key, &cms), BK_OK);
    put_file("cms", cms.data, cms.len);
    put_file("text", text, sizeof text);
    put_file("cert", cert->der.data, cert->der.len);
    shell("openssl asn1parse -inform DER -in cms >tree\n"
          "grep -q '4:d=1.*:1.2.156.10197.6.1.4.2.2$' tree\n"
          "grep -q ':1.2.156.10197.6.1.4.2.1$' tree\n"
          "[ $(grep -c -E ':(sm3|1.2.156.10197.1.401)$' tree) = 2 ]\n"
          "grep -q ':1.2.156.10197.1.301.1$' tree\n"
          "at=$(tail -1 tree | sed 's/^ *//; s/:.*//')\n"
          "openssl asn1parse -inform DER -in cms -strparse $at -out sig >/dev/null\n"
          "openssl x509 -inform DER -in cert -noout -pubkey >pub\n"
          "openssl dgst -sm3 -verify pub -sigopt distid:1234567812345678 -signature sig text\n");
    bk_buf_free(&cms);
}
END_TEST

START_TEST(openssl_reads_an_enveloped_message)
{
    const struct bk_x509 *to[] = {cert};
    struct bk_buf cms = BK_BUF_INIT;
    char path[96];
    ck_assert_int_eq(bk_cms_encrypt(text, sizeof text, to, 1, &cms), BK_OK);
    put_file("cms", cms.data, cms.len);
    put_file("text", text, sizeof text);
    (void)snprintf(path, sizeof path, "%s/key.pem", dir);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(PEM_write_PrivateKey(f, bk_sm2_evp(key), NULL, NULL, 0, NULL, NULL), 1);
    ck_assert_int_eq(fclose(f), 0);
    shell("openssl asn1parse -inform DER -in cms >tree\n"
          "grep -q ':1.2.156.10197.6.1.4.2.3$' tree\n"
          "grep -q ':1.2.156.10197.1.301.3$' tree\n"
          "grep -q -E ':(sm4-cbc|1.2.156.10197.1.104.2)$' tree\n"
          "at=$(grep 'OCTET STRING' tree | head -1 | sed 's/^ *//; s/:.*//')\n"
          "openssl asn1parse -inform DER -in cms -strparse $at -out wrapped >/dev/null\n"
          "openssl pkeyutl -decrypt -inkey key.pem -in wrapped -out session\n"
          "iv=$(grep 'OCTET STRING' tree | sed -n '2s/.*DUMP]://p')\n"
          "line=$(tail -1 tree | sed 's/^ *//')\n"
          "at=${line%%:*} head=$(sed 's/.*hl= *\\([0-9]*\\).*/\\1/' <<<\"$line\")\n"
          "len=$(sed 's/.* l= *\\([0-9]*\\).*/\\1/' <<<\"$line\")\n"
          "tail -c +$((at + head + 1)) cms | head -c $len >sealed\n"
          "openssl enc -d -sm4-cbc -K $(od -An -tx1 session | tr -d ' \\n') -iv $iv -in sealed "
          "-out opened\n"
          "cmp opened text\n");
    bk_buf_free(&cms);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("cms");
    TCase *t = tcase_create("cms");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, signed_message_round_trip);
    tcase_add_test(t, every_changed_byte_is_noticed);
    tcase_add_test(t, signature_by_another_key_is_refused);
    tcase_add_test(t, enveloped_message_round_trip);
    tcase_add_test(t, openssl_reads_a_signed_message);
    tcase_add_test(t, openssl_reads_an_enveloped_message);
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
