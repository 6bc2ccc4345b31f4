/* SPDX-License-Identifier: Apache-2.0 */
/* What other software, or wear, may have left on a key: names that are no text, which are shown as
 * something, and containers that don't say what is in them, at which nothing is taken for nothing.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "life.h"
#include "runner.h"
#include "token/change.h"
#include "token/key.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define RSA "personalCert00"
#define SM2 "personalCert01"
#define GBK "\xb2\xe2\xca\xd4"
#define SHOWN "%b2e2cad4"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;

/* --- names
 * -------------------------------------------------------------------------------------*/

/* Other software; alg 0: an empty container. */
static void make_container(const char *name, const char *shown, enum bk_alg alg)
{
    struct bk_readers *readers = NULL;
    struct bk_token *t = life_other(&readers);
    uint8_t id[2];
    ck_assert_int_eq(bk_token_refresh(t), BK_OK);
    ck_assert_int_eq(bk_token_login(t, MH_PIN, 8), BK_OK);
    ck_assert_int_eq(bk_card_create_container(t->card, name, id), BK_OK);
    ck_assert_int_eq(bk_token_refresh(t), BK_OK);
    if (alg)
        ck_assert_int_eq(bk_token_generate(t, bk_token_current(t, shown), alg, 2048), BK_OK);
    life_other_free(&t, &readers);
}

static bool listed(const char *name)
{
    CK_BJCA_CONTAINER list[8];
    CK_ULONG n = COUNT(list);
    bool found = false;
    list[0].ulSize = sizeof *list;
    ck_assert_uint_eq(h.v->BJCA_GetContainers(0, list, &n), CKR_OK);
    for (CK_ULONG i = 0; i < n; i++)
        found = found || strcmp((const char *)list[i].name, name) == 0;
    return found;
}

/* GM/T 0016 doesn't say in which characters names are; Windows's are GBK. */
START_TEST(a_container_whose_name_is_no_text)
{
    life_setup();
    life_issue_both();
    make_container(GBK, SHOWN, BK_ALG_SM2);
    life_restart();
    CK_SESSION_HANDLE s = mh_login(&h, 0), sm2 = life_session(1, CKF_RW_SESSION);
    ck_assert_uint_eq(life_find_label(s, RSA, NULL), 3);
    ck_assert(mh_identity_works(&h, s));
    ck_assert_uint_eq(life_find_label(sm2, SHOWN, NULL), 2);
    ck_assert(listed(SHOWN));
    /* renewed, it is the current one of that name, before and after others look */
    ck_assert_uint_eq(mh_renew(&h, sm2, SHOWN, CKK_SM2, 0), CKR_OK);
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(life_find_label(sm2, SHOWN, NULL), 3);
        life_restart();
        (void)mh_login(&h, 0);
        sm2 = life_session(1, CKF_RW_SESSION);
    }
    life_teardown();
}
END_TEST

START_TEST(a_name_of_the_most_bytes)
{
    char name[BK_CARD_NAME_MAX + 1], shown[BK_CARD_NAME_MAX + 1];
    unsigned generation = 0;
    memset(name, 0xb2, sizeof name - 1);
    name[sizeof name - 1] = 0;
    bk_generation_split(name, shown, &generation);
    life_setup();
    life_issue_both();
    make_container(name, shown, BK_ALG_RSA);
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(life_find_label(s, RSA, NULL), 3);
    ck_assert_uint_eq(life_find_label(s, shown, NULL), 2);
    ck_assert(listed(RSA) && listed(SM2) && listed(shown));
    life_teardown();
}
END_TEST

/* It would be another's: what is shown with it has other bytes. */
START_TEST(no_name_is_made_that_begins_so)
{
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(life_generate(s, SHOWN), CKR_ATTRIBUTE_VALUE_INVALID);
    ck_assert_uint_eq(h.v->BJCA_CreateContainer(s, (const CK_UTF8CHAR *)SHOWN), CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(mh_renew(&h, s, SHOWN, CKK_RSA, 0), CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(life_containers(), 0);
    /* other software makes one: it is yet another, which is what its bytes say */
    make_container(SHOWN, "%256232653263616434", BK_ALG_RSA);
    make_container(GBK, SHOWN, BK_ALG_RSA);
    life_restart();
    s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_renew(&h, s, SHOWN, CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(life_find_label(s, SHOWN, NULL), 3);
    ck_assert_uint_eq(life_find_label(s, "%256232653263616434", NULL), 2);
    life_teardown();
}
END_TEST

/* A key with an application of any name isn't an empty one, which would be made anew. */
START_TEST(an_application_whose_name_is_no_text)
{
    struct bk_vkey_params params = {.application = GBK};
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    life_start_key(&params, NULL);
    life_issue_both();
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_OK);
    ck_assert(!(st.flags & CKF_BJCA_EMPTY));
    ck_assert_str_eq((const char *)st.application, "????");
    life_restart();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert(mh_identity_works(&h, s));
    life_teardown();
}
END_TEST

START_TEST(a_file_whose_name_is_no_text)
{
    struct bk_readers *readers = NULL;
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_ATTRIBUTE data[] = {{CKA_CLASS, &class, sizeof class},
                           {CKA_TOKEN, &yes, 1},
                           {CKA_PRIVATE, &no, 1},
                           {CKA_LABEL, (void *)(uintptr_t) "data", 4},
                           {CKA_VALUE, (void *)(uintptr_t) "text", 4}};
    CK_OBJECT_HANDLE o = 0;
    CK_BYTE names[256];
    CK_ULONG len = sizeof names;
    life_setup();
    struct bk_token *t = life_other(&readers);
    ck_assert_int_eq(bk_token_refresh(t), BK_OK);
    ck_assert_int_eq(bk_token_login(t, MH_PIN, 8), BK_OK);
    ck_assert_int_eq(bk_card_create_file(t->card, GBK, 10, BK_RIGHT_ANYONE, BK_RIGHT_USER), BK_OK);
    ck_assert_int_eq(bk_card_create_file(t->card, "text", 10, BK_RIGHT_ANYONE, BK_RIGHT_USER),
                     BK_OK);
    life_other_free(&t, &readers);
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(h.f->C_CreateObject(s, data, COUNT(data), &o), CKR_OK);
    ck_assert_uint_eq(life_find_label(s, "data", NULL), 1);
    ck_assert_uint_eq(life_find_label(s, "text", NULL), 1);
    ck_assert_uint_eq(h.v->BJCA_ListFiles(s, names, &len), CKR_OK);
    ck_assert_str_eq((const char *)names, "text");
    life_teardown();
}
END_TEST

/* --- answers
 * -----------------------------------------------------------------------------------*/

static struct {
    uint8_t ins, answer[8];
    size_t len;
    const char *name; /* in the command; NULL: any */
    unsigned times;   /* left */
} no_to;

static enum bk_err say_no(struct bk_transport *inner, const uint8_t *command, size_t len,
                          bool sensitive, struct bk_buf *answer)
{
    enum bk_err err = inner->ops->transmit(inner, command, len, sensitive, answer);
    if (err || command[1] != no_to.ins || !no_to.times ||
        (no_to.name && !memmem(command, len, no_to.name, strlen(no_to.name))))
        return err;
    no_to.times--;
    bk_buf_clear(answer);
    return bk_buf_put(answer, no_to.answer, no_to.len);
}

static const struct {
    uint8_t answer[8];
    size_t len;
} noes[] = {{{0x6f, 0x00}, 2}, {{0x6a, 0x88}, 2},    {{0x6a, 0x94}, 2},
            {{0x65, 0x81}, 2}, {{1, 0x90, 0x00}, 3}, {{0x6a, 0x80}, 2}};

static void start_with_no(uint8_t ins, const char *name, size_t answer, unsigned times)
{
    no_to.ins = ins;
    no_to.name = name;
    no_to.times = times;
    no_to.len = noes[answer].len;
    memcpy(no_to.answer, noes[answer].answer, sizeof no_to.answer);
    life_transmit = say_no;
    life_restart();
}

static void all_is_there(void)
{
    no_to.times = 0;
    life_restart();
    CK_SESSION_HANDLE s = mh_login(&h, 0), sm2 = life_session(1, CKF_RW_SESSION);
    ck_assert(mh_identity_works(&h, s));
    ck_assert(mh_identity_works(&h, sm2));
    ck_assert_uint_eq(life_find_label(s, RSA, NULL), 3);
    ck_assert_uint_eq(life_find_label(sm2, SM2, NULL), 3);
    ck_assert_uint_eq(life_containers(), 2);
}

static CK_RV generate_sm2(CK_SESSION_HANDLE s, const char *label)
{
    CK_MECHANISM m = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE t[] = {{CKA_TOKEN, &yes, 1}, {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)}};
    CK_OBJECT_HANDLE pub = 0, priv = 0;
    return mh_generate(&h, s, &m, t, COUNT(t), t, COUNT(t), &pub, &priv);
}

/* What begins anew, ends or takes away all that seems not to be finished. */
static void try_everything(CK_SESSION_HANDLE s, CK_ULONG times)
{
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    const CK_UTF8CHAR *name = (const CK_UTF8CHAR *)SM2;
    no_to.times = (unsigned)times;
    ck_assert_uint_ne(h.v->BJCA_RenewAbort(s, name), CKR_OK);
    no_to.times = (unsigned)times;
    ck_assert_uint_ne(h.v->BJCA_RenewBegin(s, name, &p, NULL, NULL), CKR_OK);
    no_to.times = (unsigned)times;
    ck_assert_uint_ne(generate_sm2(s, SM2), CKR_OK);
    no_to.times = (unsigned)times;
    ck_assert_uint_ne(h.v->BJCA_DeleteContainer(s, name), CKR_OK);
}

START_TEST(a_container_that_does_not_say_what_it_is)
{
    life_setup();
    life_issue_both();
    start_with_no(0x4a, SM2, (size_t)_i, 0);
    (void)mh_login(&h, 0);
    CK_SESSION_HANDLE sm2 = life_session(1, CKF_RW_SESSION);
    try_everything(sm2, 1);
    try_everything(sm2, 2);
    try_everything(sm2, 1000000);
    all_is_there();
    life_teardown();
}
END_TEST

/* The certificate that a renewal under the same key would replace can't be put back. */
START_TEST(a_certificate_that_is_not_told_is_not_replaced)
{
    life_setup();
    life_issue_both();
    start_with_no(0x4e, NULL, (size_t)_i, 1000000);
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_ne(mh_renew(&h, s, RSA, CKK_RSA, CKF_BJCA_KEEP_KEY), CKR_OK);
    all_is_there();
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("foreign");
    TCase *t = life_case("foreign");
    tcase_add_test(t, a_container_whose_name_is_no_text);
    tcase_add_test(t, a_name_of_the_most_bytes);
    tcase_add_test(t, no_name_is_made_that_begins_so);
    tcase_add_test(t, an_application_whose_name_is_no_text);
    tcase_add_test(t, a_file_whose_name_is_no_text);
    tcase_add_loop_test(t, a_container_that_does_not_say_what_it_is, 0, COUNT(noes));
    tcase_add_loop_test(t, a_certificate_that_is_not_told_is_not_replaced, 0, COUNT(noes));
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
