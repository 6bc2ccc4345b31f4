/* SPDX-License-Identifier: Apache-2.0 */
/* Files and containers through the vendor interface, and what of them is the module's own. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "life.h"
#include "runner.h"
#include "token/file.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define N(text) ((const CK_UTF8CHAR *)(text))
#define USER CK_BJCA_RIGHT_USER
#define ANYONE CK_BJCA_RIGHT_ANYONE
#define RSA "personalCert00"

/* --- the interface
 * ------------------------------------------------------------------------------*/

/* 1.1: a list that has grown serves who knows an earlier one. */
START_TEST(versions_of_the_interface)
{
    CK_INTERFACE *i = NULL;
    static const struct {
        CK_VERSION v;
        CK_RV rv;
    } rows[] = {{{1, 0}, CKR_OK},
                {{1, 1}, CKR_OK},
                {{1, 2}, CKR_ARGUMENTS_BAD},
                {{2, 0}, CKR_ARGUMENTS_BAD},
                {{0, 1}, CKR_ARGUMENTS_BAD}};
    life_setup();
    for (size_t k = 0; k < COUNT(rows); k++) {
        CK_VERSION v = rows[k].v;
        ck_assert_uint_eq(h.f->C_GetInterface((CK_UTF8CHAR *)CK_BJCA_INTERFACE_NAME, &v, &i, 0),
                          rows[k].rv);
    }
    ck_assert_uint_eq(h.v->version.minor, 1);
    life_teardown();
}
END_TEST

/* --- files
 * --------------------------------------------------------------------------------------*/

START_TEST(a_file_made_written_read_deleted)
{
    CK_BYTE in[3000], out[3000], names[256];
    CK_ULONG n = 0, len = 0;
    for (size_t i = 0; i < sizeof in; i++)
        in[i] = (CK_BYTE)(i * 31);
    life_start(_i ? BK_VKEY_LONGMAI : BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(h.v->BJCA_CreateFile(s, N("mine"), sizeof in, ANYONE, USER), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_CreateFile(s, N("文件"), 10, USER, USER), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_WriteFile(s, N("mine"), 0, in, sizeof in), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_ListFiles(s, NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, 5 + 7);
    len = n - 1;
    ck_assert_uint_eq(h.v->BJCA_ListFiles(s, names, &len), CKR_BUFFER_TOO_SMALL);
    ck_assert_uint_eq(len, n);
    ck_assert_uint_eq(h.v->BJCA_ListFiles(s, names, &len), CKR_OK);
    ck_assert_mem_eq(names, "mine\0文件", 12);
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(h.v->BJCA_ReadFile(s, N("mine"), 100, NULL, &n), CKR_OK);
        ck_assert_uint_eq(n, 2900);
        n = 2000;
        ck_assert_uint_eq(h.v->BJCA_ReadFile(s, N("mine"), 0, out, &n), CKR_OK);
        ck_assert_uint_eq(n, 2000);
        ck_assert_mem_eq(out, in, 2000);
        n = sizeof out;
        ck_assert_uint_eq(h.v->BJCA_ReadFile(s, N("mine"), 2000, out, &n), CKR_OK);
        ck_assert_uint_eq(n, 1000);
        ck_assert_mem_eq(out, in + 2000, 1000);
        n = 5;
        ck_assert_uint_eq(h.v->BJCA_ReadFile(s, N("mine"), 3000, out, &n), CKR_OK);
        ck_assert_uint_eq(n, 0);
        ck_assert_uint_eq(mh_count(&h, s, CKO_DATA), i ? 1 : 2);
        /* anybody reads what is for anybody */
        ck_assert_uint_eq(h.f->C_Logout(s), i ? CKR_USER_NOT_LOGGED_IN : CKR_OK);
    }
    ck_assert_uint_eq(h.f->C_Login(s, CKU_USER, (CK_BYTE *)MH_PIN, 8), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_DeleteFile(s, N("mine")), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_DeleteFile(s, N("mine")), CKR_BJCA_UNKNOWN_NAME);
    ck_assert_uint_eq(mh_count(&h, s, CKO_DATA), 1);
    life_teardown();
}
END_TEST

enum call { READ, WRITE, CREATE, DELETE };

static CK_RV make_call(CK_SESSION_HANDLE s, enum call call, const char *name, CK_ULONG a,
                       CK_ULONG b)
{
    static CK_BYTE bytes[64];
    CK_ULONG n = sizeof bytes;
    switch (call) {
    case READ:
        return h.v->BJCA_ReadFile(s, N(name), a, bytes, b ? &n : NULL);
    case WRITE:
        return h.v->BJCA_WriteFile(s, N(name), a, b > 1000 ? NULL : bytes, b);
    case CREATE:
        return h.v->BJCA_CreateFile(s, N(name), a, b, USER);
    default:
        return h.v->BJCA_DeleteFile(s, N(name));
    }
}

/* What the module keeps for itself isn't touched from here. */
START_TEST(the_module_s_own_files_are_its_own)
{
    static const char *const own[] = {"BJCAP11A", "BJCAP11B", "BJCAP11S", "BJCAP11D00000000",
                                      "BJCAP11"};
    CK_OBJECT_HANDLE o = 0;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &(CK_OBJECT_CLASS){CKO_DATA}, sizeof(CK_OBJECT_CLASS)},
                        {CKA_TOKEN, &(CK_BBOOL){1}, 1}};
    CK_ULONG n = 9;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK); /* now there are records */
    ck_assert_uint_eq(h.f->C_CreateObject(s, t, 2, &o), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_ListFiles(s, NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, 0);
    for (size_t i = 0; i < COUNT(own); i++)
        for (int call = READ; call <= DELETE; call++)
            ck_assert_uint_eq(make_call(s, (enum call)call, own[i], 4, 16), CKR_ACTION_PROHIBITED);
    ck_assert(mh_identity_works(&h, s));
    life_teardown();
}
END_TEST

START_TEST(a_key_without_files)
{
    CK_ULONG n = 9;
    life_start_key(
        &(struct bk_vkey_params){.files = _i ? BK_VKEY_FILES_NO_RIGHT : BK_VKEY_FILES_NO_ROOM},
        NULL);
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(h.v->BJCA_ListFiles(s, NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, 0);
    ck_assert_uint_eq(make_call(s, CREATE, "new", 4, USER),
                      _i ? CKR_ACTION_PROHIBITED : CKR_FUNCTION_NOT_SUPPORTED);
    life_teardown();
}
END_TEST

/* Each file call is one step of the key, or says that it isn't done; what is done stays. */
START_TEST(a_file_cut_at_every_exchange)
{
    struct bk_buf state = BK_BUF_INIT;
    unsigned n = 1;
    life_setup();
    mh_save(&h, &state);
    for (bool fired = true; fired; n++) {
        CK_BYTE out[4];
        CK_ULONG len = 4;
        life_restart();
        mh_restore(&h, &state);
        CK_SESSION_HANDLE s = mh_login(&h, 0);
        fault = (struct bk_fault){.kind = (enum bk_fault_kind)_i, .at = n};
        CK_RV rv = h.v->BJCA_CreateFile(s, N("new"), 4, USER, USER);
        if (rv == CKR_OK)
            rv = h.v->BJCA_WriteFile(s, N("new"), 0, (const CK_BYTE *)"1234", 4);
        fired = fault.fired;
        fault.at = 0;
        life_restart();
        s = mh_login(&h, 0);
        if (rv != CKR_OK) {
            rv = h.v->BJCA_CreateFile(s, N("new"), 4, USER, USER);
            ck_assert(rv == CKR_OK || rv == CKR_FUNCTION_FAILED);
            ck_assert_uint_eq(h.v->BJCA_WriteFile(s, N("new"), 0, (const CK_BYTE *)"1234", 4),
                              CKR_OK);
        }
        ck_assert_uint_eq(h.v->BJCA_ReadFile(s, N("new"), 0, out, &len), CKR_OK);
        ck_assert(len == 4 && memcmp(out, "1234", 4) == 0);
    }
    ck_assert_uint_gt(n, 8);
    bk_buf_free(&state);
    life_teardown();
}
END_TEST

/* --- containers
 * ---------------------------------------------------------------------------------*/

static CK_ULONG containers(void)
{
    CK_ULONG n = 0;
    ck_assert_uint_eq(h.v->BJCA_GetContainers(0, NULL, &n), CKR_OK);
    return n;
}

START_TEST(containers_come_and_go)
{
    static const char *const bad[] = {"", "a~1", "123456789012345678901234567890123456789012345"};
    life_start(_i ? BK_VKEY_LONGMAI : BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    CK_SESSION_HANDLE s = 0;
    ck_assert_uint_eq(h.v->BJCA_CreateContainer(life_session(0, CKF_RW_SESSION), N("mine")),
                      CKR_USER_NOT_LOGGED_IN);
    s = mh_login(&h, 0);
    for (size_t i = 0; i < COUNT(bad); i++)
        ck_assert_uint_eq(h.v->BJCA_CreateContainer(s, N(bad[i])), CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(h.v->BJCA_CreateContainer(s, NULL), CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(h.v->BJCA_CreateContainer(s, N("mine")), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_CreateContainer(s, N("mine")), CKR_FUNCTION_FAILED);
    ck_assert_uint_eq(containers(), 1);
    ck_assert_uint_eq(life_generate(s, "mine"), CKR_OK);
    ck_assert_uint_eq(mh_count(&h, s, CKO_PRIVATE_KEY), 1);
    ck_assert_uint_eq(h.v->BJCA_DeleteContainer(s, N("other")), CKR_BJCA_UNKNOWN_NAME);
    ck_assert_uint_eq(h.v->BJCA_DeleteContainer(s, N("mine")), CKR_OK);
    ck_assert_uint_eq(containers(), 0);
    ck_assert_uint_eq(mh_count(&h, s, CKO_PRIVATE_KEY), 0);
    life_teardown();
}
END_TEST

/* A current identity is never deleted, nor what is being made of one. */
START_TEST(an_identity_is_not_deleted)
{
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_RSA};
    struct bk_buf before = BK_BUF_INIT, after = BK_BUF_INIT;
    life_setup();
    life_issue_both();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    for (int i = 0; i < 3; i++) {
        /* as issued; with a generation staged; with a history */
        if (i == 1)
            ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, N(RSA), &p, NULL, NULL), CKR_OK);
        if (i == 2)
            ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
        mh_save(&h, &before);
        ck_assert_uint_eq(h.v->BJCA_DeleteContainer(s, N(RSA)), CKR_ACTION_PROHIBITED);
        ck_assert_uint_eq(h.v->BJCA_DeleteContainer(s, N("personalCert01")), CKR_ACTION_PROHIBITED);
        mh_save(&h, &after);
        ck_assert(before.len == after.len && memcmp(before.data, after.data, after.len) == 0);
        ck_assert(mh_identity_works(&h, s));
    }
    bk_buf_free(&before);
    bk_buf_free(&after);
    life_teardown();
}
END_TEST

static CK_RV stop_at(void *context, CK_ULONG done, CK_ULONG total)
{
    (void)total;
    return done == *(CK_ULONG *)context ? CKR_FUNCTION_CANCELED : CKR_OK;
}

/* An encryption key came from the CA: without a certificate it is kept, too. */
START_TEST(an_encryption_key_is_not_deleted)
{
    CK_BJCA_RENEW_PARAMS p = {.ulSize = sizeof p, .keyType = CKK_SM2};
    CK_BJCA_CONTAINER c = {.ulSize = sizeof c};
    struct mh_issued parts;
    CK_BYTE csr[4096];
    CK_ULONG len = sizeof csr;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    ck_assert_uint_eq(h.v->BJCA_RenewBegin(s, N("new"), &p, NULL, NULL), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_RenewRequest(s, N("new"), &p, csr, &len), CKR_OK);
    struct bk_buf view = {csr, len, len};
    mh_issue(&view, true, &parts);
    CK_BJCA_LOAD load = mh_load_of(&parts);
    for (CK_ULONG at = 0; at < 4 && !c.hasEncryptionKey; at++) {
        CK_ULONG n = 1;
        (void)h.v->BJCA_RenewLoad(s, N("new"), &load, stop_at, &at);
        ck_assert_uint_eq(h.v->BJCA_GetContainers(1, &c, &n), CKR_OK);
    }
    ck_assert(c.hasEncryptionKey && !c.hasSigningCert);
    ck_assert_uint_eq(h.v->BJCA_DeleteContainer(s, N("new")), CKR_ACTION_PROHIBITED);
    mh_issued_free(&parts);
    life_teardown();
}
END_TEST

/* One of the same name has its own label. */
START_TEST(a_label_goes_with_its_container)
{
    struct bk_buf label = BK_BUF_INIT;
    CK_ATTRIBUTE t = {CKA_LABEL, (void *)(uintptr_t) "labelled", 8};
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(life_generate(s, "mine"), CKR_OK);
        CK_OBJECT_HANDLE o = mh_find(&h, s, CKO_PRIVATE_KEY, 0);
        ck_assert(mh_bytes_attr(&h, s, o, CKA_LABEL, &label));
        ck_assert(label.len == 4 && memcmp(label.data, "mine", 4) == 0);
        ck_assert_uint_eq(h.f->C_SetAttributeValue(s, o, &t, 1), CKR_OK);
        ck_assert_uint_eq(h.v->BJCA_DeleteContainer(s, N("mine")), CKR_OK);
    }
    bk_buf_free(&label);
    life_teardown();
}
END_TEST

START_TEST(a_container_cut_at_every_exchange)
{
    struct bk_buf state = BK_BUF_INIT;
    unsigned n = 1;
    life_setup();
    mh_save(&h, &state);
    for (bool fired = true; fired; n++) {
        life_restart();
        mh_restore(&h, &state);
        CK_SESSION_HANDLE s = mh_login(&h, 0);
        fault = (struct bk_fault){.kind = (enum bk_fault_kind)_i, .at = n};
        CK_RV rv = h.v->BJCA_CreateContainer(s, N("new"));
        if (rv == CKR_OK)
            rv = h.v->BJCA_DeleteContainer(s, N("new"));
        fired = fault.fired;
        fault.at = 0;
        life_restart();
        s = mh_login(&h, 0);
        ck_assert(rv != CKR_OK || containers() == 0);
        if (containers())
            ck_assert_uint_eq(h.v->BJCA_DeleteContainer(s, N("new")), CKR_OK);
        ck_assert_uint_eq(containers(), 0);
    }
    ck_assert_uint_gt(n, 8);
    bk_buf_free(&state);
    life_teardown();
}
END_TEST

START_TEST(a_container_s_name_has_no_control_characters)
{
    static const char *const bad[] = {"a\nb", "a\033[2J", "\x7f",
                                      "\xc2\x9b"
                                      "2J",
                                      "a\xff"};
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    for (size_t i = 0; i < COUNT(bad); i++)
        ck_assert_uint_eq(h.v->BJCA_CreateContainer(s, N(bad[i])), CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(containers(), 0);
    life_teardown();
}
END_TEST

/* Before the key's own: so many containers in which nothing is. */
#define CROWD "CROWD"
static unsigned crowd;

static enum bk_err list_crowd(struct bk_buf *answer)
{
    struct bk_buf all = BK_BUF_INIT;
    enum bk_err err = BK_OK;
    for (unsigned i = 0; !err && i < crowd; i++) {
        err = bk_buf_printf(&all, CROWD "%u", i);
        if (!err)
            err = bk_buf_put_u8(&all, 0);
    }
    if (!err)
        err = bk_buf_put(&all, answer->data, answer->len);
    bk_buf_free(answer);
    *answer = all;
    return err;
}

static enum bk_err with_crowd(struct bk_transport *inner, const uint8_t *command, size_t len,
                              bool sensitive, struct bk_buf *answer)
{
    static const uint8_t empty[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x90, 0};
    if (memmem(command, len, CROWD, strlen(CROWD))) {
        bk_buf_clear(answer);
        return bk_buf_put(answer, empty, sizeof empty);
    }
    enum bk_err err = inner->ops->transmit(inner, command, len, sensitive, answer);
    return err || command[1] != 0x46 ? err : list_crowd(answer);
}

/* However many there are, each is seen, and keeps its generations and its label. */
START_TEST(containers_behind_many_others)
{
    CK_ATTRIBUTE set = {CKA_LABEL, (void *)(uintptr_t) "my own", 6};
    CK_OBJECT_HANDLE o = 0;
    life_setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    for (int i = 0; i < 2; i++)
        ck_assert_uint_eq(mh_renew(&h, s, RSA, CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(life_find_label(s, RSA, &o), 3);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(s, o, &set, 1), CKR_OK);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    life_transmit = with_crowd;
    crowd = 70;
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    s = mh_login(&h, 0);
    ck_assert_uint_eq(containers(), 72);
    ck_assert_uint_eq(h.v->BJCA_CreateContainer(s, N(RSA)), CKR_FUNCTION_FAILED);
    ck_assert_uint_eq(h.v->BJCA_CreateContainer(s, N("new")), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_CreateFile(s, N("mine"), 10, USER, USER), CKR_OK);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    life_transmit = NULL;
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    s = mh_login(&h, 0);
    ck_assert_uint_eq(containers(), 3);
    ck_assert_uint_eq(life_find_label(s, "my own", NULL), 1);
    ck_assert(mh_identity_works(&h, s));
    life_teardown();
}
END_TEST

/* More than any key has room for: nothing of it is taken for all there is. */
START_TEST(a_key_that_names_no_end_of_containers)
{
    life_setup();
    life_transmit = with_crowd;
    crowd = 300;
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(h.f->C_FindObjectsInit(s, NULL, 0), CKR_DEVICE_ERROR);
    ck_assert_uint_eq(h.v->BJCA_CreateContainer(s, N("new")), CKR_DEVICE_ERROR);
    life_transmit = NULL;
    ck_assert_uint_eq(containers(), 0);
    ck_assert_uint_eq(h.v->BJCA_CreateContainer(s, N("new")), CKR_OK);
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("files");
    TCase *t = life_case("files");
    tcase_add_test(t, versions_of_the_interface);
    tcase_add_loop_test(t, a_file_made_written_read_deleted, 0, 2);
    tcase_add_test(t, the_module_s_own_files_are_its_own);
    tcase_add_loop_test(t, a_key_without_files, 0, 2);
    tcase_add_loop_test(t, a_file_cut_at_every_exchange, BK_FAULT_PULL, BK_FAULT_PULL + 1);
    tcase_add_loop_test(t, containers_come_and_go, 0, 2);
    tcase_add_test(t, an_identity_is_not_deleted);
    tcase_add_test(t, an_encryption_key_is_not_deleted);
    tcase_add_test(t, a_label_goes_with_its_container);
    tcase_add_loop_test(t, a_container_cut_at_every_exchange, BK_FAULT_PULL, BK_FAULT_PULL + 1);
    tcase_add_test(t, a_container_s_name_has_no_control_characters);
    tcase_add_test(t, containers_behind_many_others);
    tcase_add_test(t, a_key_that_names_no_end_of_containers);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    t = life_case("cuts");
    tcase_add_loop_test(t, a_file_cut_at_every_exchange, 0, BK_FAULT_KINDS);
    tcase_add_loop_test(t, a_container_cut_at_every_exchange, 0, BK_FAULT_KINDS);
    tcase_set_timeout(t, 300);
    tcase_set_tags(t, "cuts"); /* ./check runs them with the other cuts */
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
