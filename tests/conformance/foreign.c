/* SPDX-License-Identifier: Apache-2.0 */
/* What other software, or wear, may have left on a key: names that are no text, containers that
 * don't say what is in them. It hides itself at most, nothing beside it. */
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

START_TEST(a_name_too_long_to_be_shown_hides_itself)
{
    char name[BK_CARD_BYTES_MAX + 2];
    memset(name, 0xb2, sizeof name - 1);
    name[sizeof name - 1] = 0;
    life_setup();
    life_issue_both();
    make_container(name, NULL, (enum bk_alg)0);
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(life_find_label(s, RSA, NULL), 3);
    ck_assert(mh_identity_works(&h, s));
    ck_assert(listed(RSA) && listed(SM2));
    ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
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

static void one_slot_has_it_all(CK_ULONG others_objects)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0), sm2 = life_session(1, CKF_RW_SESSION);
    ck_assert_uint_eq(life_find_label(s, RSA, NULL), 3);
    ck_assert(mh_identity_works(&h, s));
    ck_assert_uint_eq(life_find_label(sm2, SM2, NULL), others_objects);
}

START_TEST(a_container_that_does_not_say_what_it_is)
{
    life_setup();
    life_issue_both();
    start_with_no(0x4a, SM2, (size_t)_i, 1000000);
    one_slot_has_it_all(0);
    /* it isn't taken for an empty one */
    CK_SESSION_HANDLE sm2 = life_session(1, CKF_RW_SESSION);
    ck_assert_uint_ne(life_generate(sm2, SM2), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_DeleteContainer(sm2, (const CK_UTF8CHAR *)SM2),
                      CKR_ACTION_PROHIBITED);
    no_to.times = 0;
    life_restart();
    one_slot_has_it_all(3);
    life_teardown();
}
END_TEST

START_TEST(a_container_that_does_not_open)
{
    life_setup();
    life_issue_both();
    start_with_no(0x42, SM2, (size_t)_i, 1000000);
    one_slot_has_it_all(0);
    life_teardown();
}
END_TEST

/* A no of a moment is asked again. */
START_TEST(once_hides_nothing)
{
    static const uint8_t commands[] = {0x4a, 0x4e};
    life_setup();
    life_issue_both();
    start_with_no(commands[_i % 2], NULL, (size_t)_i / 2, 1);
    one_slot_has_it_all(3);
    life_teardown();
}
END_TEST

START_TEST(certificates_that_are_not_told)
{
    life_setup();
    life_issue_both();
    start_with_no(0x4e, NULL, (size_t)_i, 1000000);
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_count(&h, s, CKO_CERTIFICATE), 0);
    ck_assert_uint_eq(mh_count(&h, s, CKO_PRIVATE_KEY), 2);
    ck_assert_uint_eq(life_find_label(s, RSA, NULL), 2);
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("foreign");
    TCase *t = life_case("foreign");
    tcase_add_test(t, a_container_whose_name_is_no_text);
    tcase_add_test(t, a_name_too_long_to_be_shown_hides_itself);
    tcase_add_test(t, a_file_whose_name_is_no_text);
    tcase_add_loop_test(t, a_container_that_does_not_say_what_it_is, 0, COUNT(noes));
    tcase_add_loop_test(t, a_container_that_does_not_open, 0, COUNT(noes));
    tcase_add_loop_test(t, once_hides_nothing, 0, 2 * COUNT(noes));
    tcase_add_loop_test(t, certificates_that_are_not_told, 0, COUNT(noes));
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
