/* SPDX-License-Identifier: Apache-2.0 */
/* A pair of certificates is what the CA was asked for, or the platform doesn't take it: a CA
 * answers whose questions were changed on the way. */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/tlv.h"
#include "crypto/csr.h"
#include "runner.h"
#include "server/cad_wire.h"
#include "server/certs.h"
#include "serverhost.h"

static char path[96];
static struct bk_cad *cad;
static struct bk_ca *client;
static int listener;
static struct bk_sm2_key *key, *other;
static struct bk_buf subject, request;

/* What stands in an element of the question instead of what the platform asked; tag 0: nothing. */
static struct {
    uint16_t tag;
    struct bk_buf value;
} changed;
static bool swapped; /* the answer's certificates */

static enum bk_err sign_request(void *context, const struct bk_pubkey *pub, const void *tbs,
                                size_t len, struct bk_buf *signature)
{
    uint8_t e[32];
    struct bk_sm2_sig sig;
    enum bk_err err = bk_sm2_e(pub, NULL, 0, tbs, len, e);
    if (err == BK_OK)
        err = bk_sm2_sign(context, e, &sig);
    return err == BK_OK ? bk_sm2_sig_to_der(&sig, signature) : err;
}

static void make_request(struct bk_sm2_key *of, struct bk_buf *out)
{
    ck_assert_int_eq(
        bk_csr_build(bk_sm2_pubkey(of), subject.data, subject.len, sign_request, of, out), BK_OK);
}

/* --- the CA --- */

static void change(const struct bk_buf *asked, struct bk_buf *out)
{
    struct bk_rd rd = bk_rd(asked->data, asked->len);
    struct bk_tlv tlv;
    bool first = true;
    enum bk_err err;
    while ((err = bk_tlv_next(&rd, &tlv)) == BK_OK) {
        bool is = first && tlv.tag == changed.tag;
        ck_assert_int_eq(bk_tlv_put(out, tlv.tag, is ? changed.value.data : tlv.value,
                                    is ? changed.value.len : tlv.len),
                         BK_OK);
        first = first && !is;
    }
    ck_assert_int_eq(err, BK_ENOTFOUND);
    ck_assert(!first || !changed.tag);
}

static void swap(const struct bk_buf *answer, struct bk_buf *out)
{
    struct bk_rd rd = bk_rd(answer->data, answer->len);
    struct bk_tlv tlv[3];
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(bk_tlv_next(&rd, &tlv[i]), BK_OK);
    for (int i = 0; i < 3; i++) {
        const struct bk_tlv *t = &tlv[swapped && i ? 3 - i : i];
        ck_assert_int_eq(bk_tlv_put(out, t->tag, t->value, t->len), BK_OK);
    }
}

static void *answer_once(void *unused)
{
    struct bk_buf ahead = BK_BUF_INIT, asked = BK_BUF_INIT, question = BK_BUF_INIT;
    struct bk_buf answer = BK_BUF_INIT, out = BK_BUF_INIT;
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    (void)unused;
    ck_assert_int_eq(bk_cad_receive(fd, &ahead, &asked), BK_OK);
    change(&asked, &question);
    ck_assert_int_eq(bk_cad_answer(cad, &question, NULL, &answer), BK_OK);
    ck_assert_uint_gt(answer.len, 500); /* it issued them */
    swap(&answer, &out);
    ck_assert_int_eq(bk_cad_send(fd, &out), BK_OK);
    (void)close(fd);
    struct bk_buf *all[] = {&ahead, &asked, &question, &answer, &out};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        bk_buf_free(all[i]);
    return NULL;
}

/* --- the platform --- */

static void set_up(void)
{
    serverhost_open();
    (void)snprintf(path, sizeof path, "%s/socket", host.folder);
    const struct bk_ca_options there = {.socket = path, .folder = host.folder};
    cad = serverhost_cad();
    ck_assert_int_eq(bk_cad_listen(path, 0600, &listener), BK_OK);
    ck_assert_int_eq(bk_ca_open(&there, &client), BK_OK);
    ck_assert_int_eq(bk_sm2_generate(&key), BK_OK);
    ck_assert_int_eq(bk_sm2_generate(&other), BK_OK);
    ck_assert_int_eq(bk_issue_name("示例科技有限公司", "测试用户甲", &subject), BK_OK);
    make_request(key, &request);
}

static void tear_down(void)
{
    bk_ca_close(&client);
    (void)close(listener);
    bk_sm2_free(&key);
    bk_sm2_free(&other);
    bk_buf_free(&subject);
    bk_buf_free(&request);
    bk_buf_free(&changed.value);
    bk_cad_close(&cad);
    serverhost_close();
}

static enum bk_err make_pair(const struct bk_pubkey *kept)
{
    pthread_t thread;
    struct bk_pair pair;
    int64_t now = (int64_t)time(NULL);
    const struct bk_pair_ask ask = {.request = request.data,
                                    .request_len = request.len,
                                    .key = bk_sm2_pubkey(key),
                                    .subject = subject.data,
                                    .subject_len = subject.len,
                                    .not_before = now,
                                    .not_after = now + 86400 * 365,
                                    .kept_enc = kept};
    struct bk_tx *tx = serverhost_begin();
    ck_assert_int_eq(bk_pair_plan(tx, BK_ALG_SM2, ask.not_after, now * 1000, &pair), BK_OK);
    serverhost_commit(tx);
    ck_assert_int_eq(pthread_create(&thread, NULL, answer_once, NULL), 0);
    enum bk_err err = bk_pair_make(client, &ask, &pair);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert(!pair.nothing);
    ck_assert((err == BK_OK) == (pair.sign.len != 0));
    ck_assert_uint_eq(pair.envelope.len != 0, err == BK_OK && !kept);
    bk_pair_free(&pair);
    return err;
}

static void put_time(int64_t second)
{
    ck_assert_int_eq(bk_buf_put_u64be(&changed.value, (uint64_t)second), BK_OK);
}

START_TEST(pair_is_taken)
{
    ck_assert_int_eq(make_pair(NULL), BK_OK);
    ck_assert_int_eq(make_pair(bk_sm2_pubkey(other)), BK_OK);
}
END_TEST

START_TEST(signing_certificate_of_another_key)
{
    changed.tag = 0x85;
    make_request(other, &changed.value);
    ck_assert_int_eq(make_pair(NULL), BK_EVERIFY);
}
END_TEST

/* Its owner has the private key of neither, or somebody else has, too. */
START_TEST(encryption_certificate_of_another_key)
{
    changed.tag = 0x86;
    ck_assert_int_eq(bk_pubkey_to_spki(bk_sm2_pubkey(other), &changed.value), BK_OK);
    ck_assert_int_eq(make_pair(NULL), BK_EVERIFY);
    ck_assert_int_eq(make_pair(bk_sm2_pubkey(key)), BK_EVERIFY);
}
END_TEST

START_TEST(certificates_for_somebody_else)
{
    changed.tag = 0x84;
    ck_assert_int_eq(bk_issue_name("示例贸易有限公司", "测试用户甲", &changed.value), BK_OK);
    ck_assert_int_eq(make_pair(NULL), BK_EVERIFY);
}
END_TEST

START_TEST(certificates_for_another_time)
{
    int64_t now = (int64_t)time(NULL);
    changed.tag = 0x87;
    put_time(now - 60);
    ck_assert_int_eq(make_pair(NULL), BK_EVERIFY);
    bk_buf_clear(&changed.value);
    changed.tag = 0x88;
    put_time(now + 86400 * 300);
    ck_assert_int_eq(make_pair(NULL), BK_EVERIFY);
}
END_TEST

/* It couldn't be revoked: nobody would know its number. */
START_TEST(certificate_with_another_number)
{
    uint8_t serial[BK_SERIAL_BYTES];
    ck_assert_int_eq(bk_issue_serial(serial), BK_OK);
    changed.tag = 0x8d;
    ck_assert_int_eq(bk_buf_put(&changed.value, serial, sizeof serial), BK_OK);
    ck_assert_int_eq(make_pair(NULL), BK_EVERIFY);
}
END_TEST

START_TEST(one_in_the_place_of_the_other)
{
    swapped = true;
    ck_assert_int_eq(make_pair(NULL), BK_EVERIFY);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pair");
    TCase *tc = tcase_create("pair");
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, pair_is_taken);
    tcase_add_test(tc, signing_certificate_of_another_key);
    tcase_add_test(tc, encryption_certificate_of_another_key);
    tcase_add_test(tc, certificates_for_somebody_else);
    tcase_add_test(tc, certificates_for_another_time);
    tcase_add_test(tc, certificate_with_another_number);
    tcase_add_test(tc, one_in_the_place_of_the_other);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
