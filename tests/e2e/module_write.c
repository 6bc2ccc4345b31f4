/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the module writes, over PC/SC: key pairs, objects, labels, files, containers; and a
 * production station's work. Run by tests/e2e/module-write for each dialect: `user` on a key of
 * with-key's, `station` on one whose administrator PIN and device key are these.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pcsc.h"
#include "runner.h"

#define N(text) ((const CK_UTF8CHAR *)(text))
#define SO_PIN "Admin-of-station"
#define NEW_PIN "new-pin-1"

static CK_BYTE device_key[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
static CK_BBOOL yes = 1, no;

static void initialise(void)
{
    mh_load(&h, getenv("P11_MODULE"));
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}

static CK_SESSION_HANDLE log_in(CK_SLOT_ID slot)
{
    CK_SESSION_HANDLE s = mh_try_login(&h, slot, getenv("KEY_PIN"));
    ck_assert_uint_ne(s, 0);
    return s;
}

/* --- what a user writes
 * -------------------------------------------------------------------------*/

static CK_OBJECT_HANDLE find_label(CK_SESSION_HANDLE s, CK_OBJECT_CLASS class, const char *label)
{
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class},
                        {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)}};
    CK_OBJECT_HANDLE o = 0;
    CK_ULONG n = 0;
    if (h.f->C_FindObjectsInit(s, t, 2) != CKR_OK)
        return 0;
    (void)h.f->C_FindObjects(s, &o, 1, &n);
    (void)h.f->C_FindObjectsFinal(s);
    return n ? o : 0;
}

static bool holds(CK_SESSION_HANDLE s, const char *label, const char *value)
{
    struct bk_buf b = BK_BUF_INIT;
    CK_OBJECT_HANDLE o = find_label(s, CKO_DATA, label);
    bool same = o && mh_bytes_attr(&h, s, o, CKA_VALUE, &b) && b.len == strlen(value) &&
                memcmp(b.data, value, b.len) == 0;
    bk_buf_free(&b);
    return same;
}

static void make_data(CK_SESSION_HANDLE s, const char *label, const char *value, CK_BBOOL *private)
{
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_OBJECT_HANDLE o = 0;
    CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class},
                        {CKA_TOKEN, &yes, 1},
                        {CKA_PRIVATE, private, 1},
                        {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)},
                        {CKA_VALUE, (void *)(uintptr_t)value, strlen(value)}};
    ck_assert_uint_eq(h.f->C_CreateObject(s, t, 5, &o), CKR_OK);
}

/* What stands behind each slot, seen by a process that knows nothing of how it came. */
static bool seen_elsewhere(bool (*check)(CK_SESSION_HANDLE, CK_SESSION_HANDLE))
{
    pid_t child = fork();
    if (child == 0) {
        bool good = h.f->C_Initialize(NULL) == CKR_OK;
        CK_SESSION_HANDLE a = good ? mh_try_login(&h, 0, getenv("KEY_PIN")) : 0;
        CK_SESSION_HANDLE b = good ? mh_try_login(&h, 1, getenv("KEY_PIN")) : 0;
        _exit(a && b && check(a, b) && h.f->C_Finalize(NULL) == CKR_OK ? 0 : 1);
    }
    pc_expect_good(child);
    return true;
}

static bool data_is_there(CK_SESSION_HANDLE a, CK_SESSION_HANDLE b)
{
    return holds(a, "open", "changed") && holds(b, "数据", "of the second slot") &&
           !find_label(a, CKO_DATA, "secret") && !find_label(b, CKO_DATA, "open");
}

START_TEST(data_objects)
{
    CK_SESSION_HANDLE a = log_in(0), b = log_in(1);
    make_data(a, "open", "first", &no);
    make_data(a, "secret", "private", &yes);
    make_data(b, "数据", "of the second slot", &yes);
    ck_assert(holds(a, "open", "first"));
    CK_ATTRIBUTE value = {CKA_VALUE, (void *)(uintptr_t) "changed", 7};
    ck_assert_uint_eq(h.f->C_SetAttributeValue(a, find_label(a, CKO_DATA, "open"), &value, 1),
                      CKR_OK);
    ck_assert_uint_eq(h.f->C_DestroyObject(a, find_label(a, CKO_DATA, "secret")), CKR_OK);
    ck_assert(seen_elsewhere(data_is_there));
    /* and after the key was out */
    pc_control("remove");
    ck_assert_uint_eq(h.f->C_FindObjectsInit(a, NULL, 0), CKR_DEVICE_REMOVED);
    pc_control("insert");
    pc_come_back();
    ck_assert(data_is_there(session, log_in(1)));
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

static bool labels_are_there(CK_SESSION_HANDLE a, CK_SESSION_HANDLE b)
{
    return find_label(a, CKO_CERTIFICATE, "my certificate") &&
           find_label(b, CKO_PRIVATE_KEY, "我的密钥") &&
           !find_label(a, CKO_CERTIFICATE, "personalCert00");
}

START_TEST(labels)
{
    CK_SESSION_HANDLE a = log_in(0), b = log_in(1);
    CK_ATTRIBUTE one = {CKA_LABEL, (void *)(uintptr_t) "my certificate", 14},
                 two = {CKA_LABEL, (void *)(uintptr_t) "我的密钥", 12};
    CK_OBJECT_HANDLE c = find_label(a, CKO_CERTIFICATE, "personalCert00");
    ck_assert_uint_eq(h.f->C_SetAttributeValue(a, c, &one, 1), CKR_OK);
    CK_OBJECT_HANDLE k = mh_find(&h, b, CKO_PRIVATE_KEY, CKA_SIGN);
    ck_assert_uint_eq(h.f->C_SetAttributeValue(b, k, &two, 1), CKR_OK);
    ck_assert(seen_elsewhere(labels_are_there));
    /* they stay through a renewal */
    ck_assert_uint_eq(mh_renew(&h, a, "personalCert00", CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, a, "personalCert01", CKK_SM2, 0), CKR_OK);
    ck_assert(seen_elsewhere(labels_are_there));
    ck_assert(mh_identity_works(&h, a) && mh_identity_works(&h, b));
}
END_TEST

static bool signs(CK_SESSION_HANDLE s, const char *label, CK_MECHANISM_TYPE type)
{
    CK_MECHANISM m = {type, NULL, 0};
    CK_BYTE sig[512];
    CK_ULONG len = sizeof sig;
    CK_OBJECT_HANDLE priv = find_label(s, CKO_PRIVATE_KEY, label),
                     pub = find_label(s, CKO_PUBLIC_KEY, label);
    return priv && pub && h.f->C_SignInit(s, &m, priv) == CKR_OK &&
           h.f->C_Sign(s, (CK_BYTE *)"text", 4, sig, &len) == CKR_OK &&
           h.f->C_VerifyInit(s, &m, pub) == CKR_OK &&
           h.f->C_Verify(s, (CK_BYTE *)"text", 4, sig, len) == CKR_OK;
}

static bool pairs_are_there(CK_SESSION_HANDLE a, CK_SESSION_HANDLE b)
{
    return signs(a, "new rsa", CKM_SHA256_RSA_PKCS) && signs(b, "new sm2", CKM_SM3_SM2);
}

static void generate(CK_SESSION_HANDLE s, CK_MECHANISM_TYPE type, const char *label)
{
    CK_MECHANISM m = {type, NULL, 0};
    CK_ATTRIBUTE t = {CKA_LABEL, (void *)(uintptr_t)label, strlen(label)};
    CK_OBJECT_HANDLE pub = 0, priv = 0;
    ck_assert_uint_eq(mh_generate(&h, s, &m, NULL, 0, &t, 1, &pub, &priv), CKR_OK);
}

START_TEST(key_pairs)
{
    generate(log_in(0), CKM_RSA_PKCS_KEY_PAIR_GEN, "new rsa");
    generate(log_in(1), CKM_SM2_KEY_PAIR_GEN, "new sm2");
    ck_assert(seen_elsewhere(pairs_are_there));
    ck_assert_uint_eq(h.v->BJCA_DeleteContainer(log_in(0), N("new rsa")), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_DeleteContainer(log_in(0), N("new sm2")), CKR_OK);
    ck_assert_uint_eq(find_label(log_in(0), CKO_PRIVATE_KEY, "new rsa"), 0);
}
END_TEST

START_TEST(files_and_containers)
{
    CK_BYTE in[3000], out[3000], names[256];
    CK_ULONG n = sizeof names;
    CK_BJCA_CONTAINER list[16] = {{.ulSize = sizeof list[0]}};
    CK_SESSION_HANDLE s = log_in(0);
    for (size_t i = 0; i < sizeof in; i++)
        in[i] = (CK_BYTE)(i * 31);
    ck_assert_uint_eq(
        h.v->BJCA_CreateFile(s, N("mine"), sizeof in, CK_BJCA_RIGHT_ANYONE, CK_BJCA_RIGHT_USER),
        CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_WriteFile(s, N("mine"), 0, in, sizeof in), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_ListFiles(s, names, &n), CKR_OK);
    ck_assert_ptr_nonnull(memmem(names, n, "mine", 5));
    n = sizeof out;
    ck_assert_uint_eq(h.v->BJCA_ReadFile(s, N("mine"), 0, out, &n), CKR_OK);
    ck_assert_uint_eq(n, sizeof in);
    ck_assert_mem_eq(in, out, sizeof in);
    ck_assert_uint_eq(h.v->BJCA_DeleteFile(s, N("mine")), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_ReadFile(s, N("mine"), 0, out, &n), CKR_BJCA_UNKNOWN_NAME);
    n = 16;
    ck_assert_uint_eq(h.v->BJCA_CreateContainer(s, N("empty")), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_GetContainers(0, list, &n), CKR_OK);
    ck_assert_uint_ge(n, 3);
    ck_assert_uint_eq(h.v->BJCA_DeleteContainer(s, N("personalCert01")), CKR_ACTION_PROHIBITED);
    ck_assert_uint_eq(h.v->BJCA_DeleteContainer(s, N("empty")), CKR_OK);
}
END_TEST

/* --- a station
 * ----------------------------------------------------------------------------------*/

static CK_SESSION_HANDLE administrator(void)
{
    CK_SESSION_HANDLE s = 0;
    ck_assert_uint_eq(h.f->C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s),
                      CKR_OK);
    ck_assert_uint_eq(h.f->C_Login(s, CKU_SO, (CK_BYTE *)SO_PIN, strlen(SO_PIN)), CKR_OK);
    return s;
}

START_TEST(a_station_at_work)
{
    CK_UTF8CHAR label[33] = "Batch 7                         ";
    generate(log_in(0), CKM_RSA_PKCS_KEY_PAIR_GEN, "old");
    ck_assert_uint_eq(h.f->C_CloseAllSessions(0), CKR_OK);
    ck_assert_uint_eq(h.f->C_InitToken(0, (CK_BYTE *)"wrong-admin", 11, label), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(h.f->C_InitToken(0, (CK_BYTE *)SO_PIN, strlen(SO_PIN), label), CKR_OK);
    ck_assert_uint_eq(mh_try_login(&h, 0, getenv("KEY_PIN")), 0);
    CK_SESSION_HANDLE s = administrator();
    ck_assert_uint_eq(h.f->C_InitPIN(s, (CK_BYTE *)"short", 5), CKR_PIN_LEN_RANGE);
    ck_assert_uint_eq(h.f->C_InitPIN(s, (CK_BYTE *)NEW_PIN, strlen(NEW_PIN)), CKR_OK);
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
    ck_assert_uint_eq(h.f->C_CloseAllSessions(0), CKR_OK);
    ck_assert_int_eq(setenv("KEY_PIN", NEW_PIN, 1), 0);
    ck_assert_uint_eq(find_label(log_in(0), CKO_PRIVATE_KEY, "old"), 0);
    ck_assert_uint_eq(mh_renew(&h, log_in(0), "personalCert00", CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, log_in(0), "personalCert01", CKK_SM2, 0), CKR_OK);
    ck_assert(mh_identity_works(&h, log_in(0)) && mh_identity_works(&h, log_in(1)));
}
END_TEST

START_TEST(a_key_made_ready)
{
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    CK_BJCA_PERSONALISE p = {.ulSize = sizeof p,
                             .flags = CKF_BJCA_ERASE,
                             .deviceKey = device_key,
                             .deviceKeyLen = sizeof device_key,
                             .label = (CK_UTF8CHAR *)"Key of production",
                             .adminPin = (CK_UTF8CHAR *)SO_PIN,
                             .adminPinLen = strlen(SO_PIN),
                             .userPin = (CK_UTF8CHAR *)NEW_PIN,
                             .userPinLen = strlen(NEW_PIN),
                             .userTries = 6};
    ck_assert_uint_eq(h.v->BJCA_Personalise(0, &p), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_OK);
    ck_assert_str_eq((char *)st.label, "Key of production");
    ck_assert_uint_eq(st.userTriesMax, 6);
    ck_assert_int_eq(setenv("KEY_PIN", NEW_PIN, 1), 0);
    generate(log_in(1), CKM_SM2_KEY_PAIR_GEN, "new sm2");
    ck_assert(signs(log_in(1), "new sm2", CKM_SM3_SM2));
    ck_assert_uint_eq(mh_count(&h, log_in(0), CKO_PRIVATE_KEY), 0);
}
END_TEST

int main(int argc, char **argv)
{
    if (argc != 2 || !getenv("KEY_CONTROL") || !getenv("P11_MODULE"))
        return 77; /* not under with-key --pcsc: make check skips it */
    bool station = strcmp(argv[1], "station") == 0;
    Suite *suite = suite_create("write");
    TCase *t = tcase_create("write");
    tcase_add_checked_fixture(t, initialise, pc_teardown);
    tcase_set_timeout(t, 120);
    if (station) {
        tcase_add_test(t, a_station_at_work);
        tcase_add_test(t, a_key_made_ready);
    } else {
        tcase_add_test(t, data_objects);
        tcase_add_test(t, labels);
        tcase_add_test(t, key_pairs);
        tcase_add_test(t, files_and_containers);
    }
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
