/* SPDX-License-Identifier: Apache-2.0 */
/* The built bjca-pkcs11.so as a client sees it: doors, slots, sessions, PINs, objects, mechanisms. */
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "crypto/digest.h"
#include "crypto/pubkey.h"
#include "modhost.h"

#define CKA_UNIQUE 0x4UL

static struct modhost h;

static void setup(void)
{
    mh_make(&h, BK_VKEY_GMT0017, BK_VKEY_DIRECT, NULL);
    mh_load(&h, MODULE);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}

static void teardown(void)
{
    (void)h.f->C_Finalize(NULL);
    mh_forget(&h);
}

/* With both identities on the key. */
static void setup_certs(void)
{
    setup();
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert00", CKK_RSA, 0), CKR_OK);
    ck_assert_uint_eq(mh_renew(&h, s, "personalCert01", CKK_SM2, 0), CKR_OK);
    ck_assert_uint_eq(h.f->C_CloseAllSessions(0), CKR_OK);
}

/* --- doors --------------------------------------------------------------------------------------*/

START_TEST(interfaces_in_order_and_nothing_for_strangers)
{
    CK_INTERFACE list[3], *one = NULL;
    CK_ULONG n = 0;
    CK_VERSION three_two = {3, 2}, two = {2, 40};
    ck_assert_uint_eq(h.f->C_GetInterfaceList(NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, 3);
    n = 2;
    ck_assert_uint_eq(h.f->C_GetInterfaceList(list, &n), CKR_BUFFER_TOO_SMALL);
    ck_assert_uint_eq(n, 3);
    ck_assert_uint_eq(h.f->C_GetInterfaceList(list, &n), CKR_OK);
    ck_assert_str_eq(list[0].pInterfaceName, "PKCS 11");
    ck_assert_uint_eq(((CK_VERSION *)list[0].pFunctionList)->major, 3);
    ck_assert_uint_eq(((CK_VERSION *)list[1].pFunctionList)->minor, 40);
    ck_assert_str_eq(list[2].pInterfaceName, "Vendor BJCA");
    ck_assert_uint_eq(h.f->C_GetInterface(NULL, NULL, &one, 0), CKR_OK);
    ck_assert_uint_eq(((CK_VERSION *)one->pFunctionList)->major, 3);
    ck_assert_uint_eq(h.f->C_GetInterface((CK_BYTE *)"PKCS 11", &two, &one, 0), CKR_OK);
    ck_assert_uint_eq(((CK_VERSION *)one->pFunctionList)->major, 2);
    ck_assert_uint_eq(
        h.f->C_GetInterface((CK_BYTE *)"Vendor NSS FIPS Interface", NULL, &one, 0),
        CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(h.f->C_GetInterface((CK_BYTE *)"PKCS 11", &three_two, &one, 0),
                      CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(
        h.f->C_GetInterface((CK_BYTE *)"PKCS 11", NULL, &one, CKF_INTERFACE_FORK_SAFE),
        CKR_ARGUMENTS_BAD);
}
END_TEST

static CK_RV nothing(void **m)
{
    (void)m;
    return CKR_OK;
}

static CK_RV nothing_to(void *m)
{
    (void)m;
    return CKR_OK;
}

START_TEST(initialize_takes_what_clients_give)
{
    CK_C_INITIALIZE_ARGS a = {0};
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_CRYPTOKI_ALREADY_INITIALIZED);
    ck_assert_uint_eq(h.f->C_Finalize(&a), CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
    a.pReserved = &a;
    ck_assert_uint_eq(h.f->C_Initialize(&a), CKR_ARGUMENTS_BAD);
    a.pReserved = NULL;
    a.CreateMutex = nothing;
    ck_assert_uint_eq(h.f->C_Initialize(&a), CKR_ARGUMENTS_BAD);
    a.DestroyMutex = a.LockMutex = a.UnlockMutex = nothing_to;
    ck_assert_uint_eq(h.f->C_Initialize(&a), CKR_CANT_LOCK);
    a.flags = CKF_OS_LOCKING_OK | CKF_LIBRARY_CANT_CREATE_OS_THREADS;
    ck_assert_uint_eq(h.f->C_Initialize(&a), CKR_OK);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    CK_ULONG n = 0;
    ck_assert_uint_eq(h.f->C_GetSlotList(0, NULL, &n), CKR_CRYPTOKI_NOT_INITIALIZED);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}
END_TEST

static void *initialize(void *rv)
{
    *(CK_RV *)rv = h.f->C_Initialize(NULL);
    return NULL;
}

START_TEST(racing_initializers_get_one_ok)
{
    for (int round = 0; round < 20; round++) {
        pthread_t t[8];
        CK_RV rv[8];
        int ok = 0;
        ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
        for (int i = 0; i < 8; i++)
            ck_assert_int_eq(pthread_create(&t[i], NULL, initialize, &rv[i]), 0);
        for (int i = 0; i < 8; i++) {
            ck_assert_int_eq(pthread_join(t[i], NULL), 0);
            ok += rv[i] == CKR_OK;
            ck_assert(rv[i] == CKR_OK || rv[i] == CKR_CRYPTOKI_ALREADY_INITIALIZED);
        }
        ck_assert_int_eq(ok, 1);
    }
}
END_TEST

START_TEST(a_forked_child_starts_anew_and_leaves_the_parent_alone)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    pid_t child = fork();
    if (child == 0) {
        CK_ULONG n = 0;
        bool good = h.f->C_GetSlotList(0, NULL, &n) == CKR_CRYPTOKI_NOT_INITIALIZED;
        good = good && h.f->C_Initialize(NULL) == CKR_OK;
        good = good && h.f->C_GetSlotList(1, NULL, &n) == CKR_OK && n == 2;
        good = good && h.f->C_Finalize(NULL) == CKR_OK;
        _exit(good ? 0 : 1);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    CK_SESSION_INFO info;
    ck_assert_uint_eq(h.f->C_GetSessionInfo(s, &info), CKR_OK);
    ck_assert_uint_eq(info.state, CKS_RW_USER_FUNCTIONS);
    ck_assert_uint_eq(mh_count(&h, s, CKO_PROFILE), 4);
}
END_TEST

START_TEST(unsupported_functions_say_so)
{
    ck_assert_uint_eq(h.f->C_WrapKey(0, NULL, 0, 0, NULL, NULL), CKR_FUNCTION_NOT_SUPPORTED);
    ck_assert_uint_eq(h.f->C_MessageSignFinal(0), CKR_FUNCTION_NOT_SUPPORTED);
    ck_assert_uint_eq(h.f->C_GetFunctionStatus(0), CKR_FUNCTION_NOT_PARALLEL);
    ck_assert_uint_eq(h.v->BJCA_Personalise(0, NULL), CKR_FUNCTION_NOT_SUPPORTED);
    /* no function pointer of any list is missing */
    CK_FUNCTION_LIST *two = NULL;
    ck_assert_uint_eq(h.f->C_GetFunctionList(&two), CKR_OK);
    ck_assert_uint_eq(two->version.minor, 40);
    for (size_t i = sizeof(void *); i < sizeof *two; i += sizeof(void *))
        ck_assert_ptr_nonnull(*(void **)((char *)two + i));
    for (size_t i = sizeof(void *); i < sizeof *h.f; i += sizeof(void *))
        ck_assert_ptr_nonnull(*(void **)((char *)h.f + i));
    for (size_t i = sizeof(void *); i < sizeof *h.v; i += sizeof(void *))
        ck_assert_ptr_nonnull(*(void **)((char *)h.v + i));
}
END_TEST

/* --- slots and tokens ---------------------------------------------------------------------------*/

START_TEST(two_slots_a_reader)
{
    CK_SLOT_ID slots[4];
    CK_ULONG n = 4;
    CK_SLOT_INFO info;
    ck_assert_uint_eq(h.f->C_GetSlotList(1, slots, &n), CKR_OK);
    ck_assert_uint_eq(n, 2);
    ck_assert_uint_eq(slots[0], 0);
    ck_assert_uint_eq(slots[1], 1);
    n = 1;
    ck_assert_uint_eq(h.f->C_GetSlotList(1, slots, &n), CKR_BUFFER_TOO_SMALL);
    ck_assert_uint_eq(h.f->C_GetSlotInfo(1, &info), CKR_OK);
    ck_assert(info.flags & CKF_TOKEN_PRESENT);
    ck_assert_int_eq(memcmp(info.slotDescription, "BJCA Virtual Key SM2 ", 21), 0);
    ck_assert_uint_eq(h.f->C_GetSlotInfo(2, &info), CKR_SLOT_ID_INVALID);
}
END_TEST

START_TEST(token_strings_tell_tokens_apart)
{
    CK_TOKEN_INFO info;
    ck_assert_uint_eq(h.f->C_GetTokenInfo(0, &info), CKR_OK);
    ck_assert_int_eq(memcmp(info.label, "BJCA-UserKey 000042             ", 32), 0);
    ck_assert_int_eq(memcmp(info.serialNumber, MH_SERIAL, 16), 0);
    CK_FLAGS want = CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED | CKF_TOKEN_INITIALIZED | CKF_RNG;
    ck_assert_uint_eq(info.flags & want, want);
    ck_assert(info.flags & CKF_USER_PIN_TO_BE_CHANGED);
    ck_assert_uint_eq(info.ulMinPinLen, 6);
    ck_assert_uint_eq(info.ulMaxPinLen, 16);
    ck_assert_uint_eq(h.f->C_GetTokenInfo(1, &info), CKR_OK);
    ck_assert_int_eq(memcmp(info.label, "BJCA-UserKey 000042 SM2         ", 32), 0);
    ck_assert_int_eq(memcmp(info.model, "BJCA SM2        ", 16), 0);
}
END_TEST

START_TEST(a_key_that_is_pulled_closes_its_sessions_and_comes_back)
{
    CK_SLOT_ID slot = 99;
    struct bk_buf state = BK_BUF_INIT;
    CK_SESSION_HANDLE s = mh_login(&h, 0), again;
    CK_SESSION_INFO info;
    CK_ULONG n = 0;
    mh_save(&h, &state);
    ck_assert_uint_eq(h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_NO_EVENT);
    ck_assert_int_eq(unlink(h.key), 0);
    ck_assert_uint_eq(h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_OK);
    ck_assert_uint_eq(slot, 0);
    ck_assert_uint_eq(h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_OK);
    ck_assert_uint_eq(slot, 1);
    ck_assert_uint_eq(h.f->C_GetSessionInfo(s, &info), CKR_SESSION_HANDLE_INVALID);
    ck_assert_uint_eq(h.f->C_GetSlotList(1, NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, 0);
    mh_restore(&h, &state);
    ck_assert_uint_eq(h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_OK);
    again = mh_login(&h, 0);
    ck_assert_uint_ne(again, s);
    bk_buf_free(&state);
}
END_TEST

START_TEST(removal_in_the_middle_of_a_call_is_told)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    struct bk_buf state = BK_BUF_INIT;
    mh_save(&h, &state);
    ck_assert_int_eq(unlink(h.key), 0);
    ck_assert_uint_eq(h.f->C_FindObjectsInit(s, NULL, 0), CKR_DEVICE_REMOVED);
    ck_assert_uint_eq(h.f->C_FindObjectsInit(s, NULL, 0), CKR_SESSION_HANDLE_INVALID);
    mh_restore(&h, &state);
    s = mh_login(&h, 0);
    ck_assert_uint_eq(mh_count(&h, s, CKO_PROFILE), 4);
    bk_buf_free(&state);
}
END_TEST

static void *wait_for_event(void *rv)
{
    CK_SLOT_ID slot = 0;
    *(CK_RV *)rv = h.f->C_WaitForSlotEvent(0, &slot, NULL);
    return NULL;
}

static void nap(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&t, NULL);
}

START_TEST(a_blocked_wait_ends_with_finalize)
{
    pthread_t t;
    CK_RV rv = CKR_OK;
    ck_assert_int_eq(pthread_create(&t, NULL, wait_for_event, &rv), 0);
    nap(100);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_int_eq(pthread_join(t, NULL), 0);
    ck_assert_uint_eq(rv, CKR_CRYPTOKI_NOT_INITIALIZED);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}
END_TEST

START_TEST(a_blocked_wait_wakes_when_the_key_goes)
{
    pthread_t t;
    CK_RV rv = CKR_GENERAL_ERROR;
    ck_assert_int_eq(pthread_create(&t, NULL, wait_for_event, &rv), 0);
    nap(100);
    ck_assert_int_eq(unlink(h.key), 0);
    ck_assert_int_eq(pthread_join(t, NULL), 0);
    ck_assert_uint_eq(rv, CKR_OK);
}
END_TEST

/* --- sessions and PINs --------------------------------------------------------------------------*/

static CK_RV try_pin(CK_SESSION_HANDLE s, const char *pin, size_t len)
{
    return h.f->C_Login(s, CKU_USER, (CK_BYTE *)pin, len);
}

static CK_ULONG tries(void)
{
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_OK);
    return st.userTriesLeft;
}

static CK_SESSION_HANDLE open_session(CK_SLOT_ID slot)
{
    CK_SESSION_HANDLE s = 0;
    ck_assert_uint_eq(
        h.f->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s), CKR_OK);
    return s;
}

START_TEST(log_in_is_the_keys_and_both_slots)
{
    CK_SESSION_HANDLE a = mh_login(&h, 0), b = open_session(1);
    CK_SESSION_INFO info;
    ck_assert_uint_eq(try_pin(b, MH_PIN, 8), CKR_USER_ALREADY_LOGGED_IN);
    ck_assert_uint_eq(h.f->C_GetSessionInfo(b, &info), CKR_OK);
    ck_assert_uint_eq(info.state, CKS_RW_USER_FUNCTIONS);
    ck_assert_uint_eq(h.f->C_CloseSession(a), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetSessionInfo(b, &info), CKR_OK);
    ck_assert_uint_eq(info.state, CKS_RW_USER_FUNCTIONS);
    a = open_session(0);
    ck_assert_uint_eq(h.f->C_Logout(a), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetSessionInfo(b, &info), CKR_OK);
    ck_assert_uint_eq(info.state, CKS_RW_PUBLIC_SESSION);
    ck_assert_uint_eq(h.f->C_Logout(b), CKR_USER_NOT_LOGGED_IN);
}
END_TEST

START_TEST(the_last_session_takes_the_login_along)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_SESSION_INFO info;
    ck_assert_uint_eq(h.f->C_CloseSession(s), CKR_OK);
    s = open_session(0);
    ck_assert_uint_eq(h.f->C_GetSessionInfo(s, &info), CKR_OK);
    ck_assert_uint_eq(info.state, CKS_RW_PUBLIC_SESSION);
}
END_TEST

START_TEST(bad_pins_never_reach_the_key)
{
    CK_SESSION_HANDLE s = open_session(0);
    ck_assert_uint_eq(tries(), 10);
    (void)mh_exchanges(&h);
    ck_assert_uint_eq(try_pin(s, "", 0), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(try_pin(s, "12345678901234567", 17), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(try_pin(s, "1234\0678", 8), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(h.f->C_Login(s, CKU_USER, NULL, 8), CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(h.f->C_Login(s, CKU_SO, (CK_BYTE *)"87654321", 8), CKR_ACTION_PROHIBITED);
    ck_assert_uint_eq(mh_exchanges(&h), 0);
    ck_assert_uint_eq(tries(), 10);
}
END_TEST

START_TEST(a_refused_pin_is_not_sent_again_from_either_slot)
{
    CK_SESSION_HANDLE s = open_session(0), b = open_session(1);
    ck_assert_uint_eq(try_pin(s, "wrong-pin", 9), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(tries(), 9);
    ck_assert_uint_eq(try_pin(s, "wrong-pin", 9), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(try_pin(b, "wrong-pin", 9), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(tries(), 9);
    CK_BJCA_ERROR e = {.ulSize = sizeof e};
    ck_assert_uint_eq(try_pin(s, "wrong-pim", 9), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(h.v->BJCA_GetError(&e), CKR_OK);
    ck_assert_uint_eq(e.rv, CKR_PIN_INCORRECT);
    ck_assert_uint_eq(e.triesLeft, 8);
    ck_assert_uint_eq(e.statusWord, 0x63c8);
    ck_assert_ptr_null(strstr((char *)e.text, "wrong-pi"));
    ck_assert_uint_eq(try_pin(s, MH_PIN, 8), CKR_OK);
    ck_assert_uint_eq(tries(), 10);
}
END_TEST

START_TEST(the_pin_flags_follow_the_counter)
{
    CK_SESSION_HANDLE s = open_session(0);
    CK_TOKEN_INFO info;
    char pin[] = "wrong-0";
    for (int i = 0; i < 9; i++) {
        pin[6] = (char)('0' + i);
        ck_assert_uint_eq(try_pin(s, pin, 7), CKR_PIN_INCORRECT);
        ck_assert_uint_eq(h.f->C_GetTokenInfo(0, &info), CKR_OK);
        ck_assert(info.flags & CKF_USER_PIN_COUNT_LOW);
        ck_assert_int_eq((info.flags & CKF_USER_PIN_FINAL_TRY) != 0, i == 8);
    }
    ck_assert_uint_eq(try_pin(s, "wrong-x", 7), CKR_PIN_LOCKED);
    ck_assert_uint_eq(h.f->C_GetTokenInfo(1, &info), CKR_OK);
    ck_assert(info.flags & CKF_USER_PIN_LOCKED);
    ck_assert(!(info.flags & CKF_USER_PIN_COUNT_LOW));
    ck_assert_uint_eq(try_pin(s, MH_PIN, 8), CKR_PIN_LOCKED);
}
END_TEST

START_TEST(set_pin)
{
    CK_SESSION_HANDLE s = open_session(0), ro = 0;
    ck_assert_uint_eq(h.f->C_SetPIN(s, (CK_BYTE *)MH_PIN, 8, (CK_BYTE *)"short", 5),
                      CKR_PIN_LEN_RANGE);
    ck_assert_uint_eq(h.f->C_SetPIN(s, (CK_BYTE *)MH_PIN, 8, (CK_BYTE *)"with\nline", 9),
                      CKR_PIN_INVALID);
    ck_assert_uint_eq(h.f->C_SetPIN(s, (CK_BYTE *)"not-this", 8, (CK_BYTE *)"new-pin-1", 9),
                      CKR_PIN_INCORRECT);
    ck_assert_uint_eq(tries(), 9);
    ck_assert_uint_eq(h.f->C_SetPIN(s, (CK_BYTE *)MH_PIN, 8, (CK_BYTE *)"new-pin-1", 9), CKR_OK);
    ck_assert_uint_eq(tries(), 10);
    ck_assert_uint_eq(try_pin(s, MH_PIN, 8), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(try_pin(s, "new-pin-1", 9), CKR_OK);
    /* logged in: the kept PIN follows */
    ck_assert_uint_eq(h.f->C_SetPIN(s, (CK_BYTE *)"new-pin-1", 9, (CK_BYTE *)MH_PIN, 8), CKR_OK);
    ck_assert_uint_eq(h.f->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &ro), CKR_OK);
    ck_assert_uint_eq(h.f->C_SetPIN(ro, (CK_BYTE *)MH_PIN, 8, (CK_BYTE *)"new-pin-2", 9),
                      CKR_SESSION_READ_ONLY);
    ck_assert_uint_eq(h.f->C_OpenSession(0, 0, NULL, NULL, &ro),
                      CKR_SESSION_PARALLEL_NOT_SUPPORTED);
}
END_TEST

/* --- objects ------------------------------------------------------------------------------------*/

START_TEST(certificates_without_login_private_keys_with)
{
    CK_SESSION_HANDLE s = open_session(0);
    ck_assert_uint_eq(mh_count(&h, s, CKO_CERTIFICATE), 2);
    ck_assert_uint_eq(mh_count(&h, s, CKO_PUBLIC_KEY), 2);
    ck_assert_uint_eq(mh_count(&h, s, CKO_PRIVATE_KEY), 0);
    ck_assert_uint_eq(try_pin(s, MH_PIN, 8), CKR_OK);
    ck_assert_uint_eq(mh_count(&h, s, CKO_PRIVATE_KEY), 2);
    CK_OBJECT_HANDLE o = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
    CK_BYTE b[8];
    CK_ATTRIBUTE a = {CKA_CLASS, b, sizeof b};
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, o, &a, 1), CKR_OBJECT_HANDLE_INVALID);
}
END_TEST

static bool flag(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type)
{
    struct bk_buf v = BK_BUF_INIT;
    ck_assert(mh_bytes_attr(&h, s, o, type, &v));
    ck_assert_uint_eq(v.len, 1);
    bool set = v.data[0] == 1;
    bk_buf_free(&v);
    return set;
}

static bool same(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE a, CK_OBJECT_HANDLE b,
                 CK_ATTRIBUTE_TYPE type)
{
    struct bk_buf va = BK_BUF_INIT, vb = BK_BUF_INIT;
    ck_assert(mh_bytes_attr(&h, s, a, type, &va));
    ck_assert(mh_bytes_attr(&h, s, b, type, &vb));
    bool equal = va.len && va.len == vb.len && memcmp(va.data, vb.data, va.len) == 0;
    bk_buf_free(&va);
    bk_buf_free(&vb);
    return equal;
}

START_TEST(attributes_link_what_belongs_together)
{
    for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
        CK_SESSION_HANDLE s = slot ? open_session(1) : mh_login(&h, 0);
        CK_OBJECT_HANDLE priv = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
        CK_OBJECT_HANDLE dec = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT);
        CK_OBJECT_HANDLE pub = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_VERIFY);
        CK_OBJECT_HANDLE cert = mh_find(&h, s, CKO_CERTIFICATE, 0);
        ck_assert(priv && dec && pub && cert && priv != dec);
        ck_assert(same(s, priv, pub, CKA_ID));
        ck_assert(same(s, priv, cert, CKA_ID));
        ck_assert(same(s, priv, cert, CKA_SUBJECT));
        ck_assert(same(s, priv, cert, CKA_LABEL));
        ck_assert(!same(s, priv, dec, CKA_ID));
        ck_assert(!same(s, priv, dec, CKA_LABEL));
        ck_assert(!same(s, priv, pub, CKA_UNIQUE));
        ck_assert(same(s, priv, pub, slot ? CKA_EC_POINT : CKA_MODULUS));
        ck_assert(same(s, priv, pub, slot ? CKA_EC_PARAMS : CKA_PUBLIC_EXPONENT));
        ck_assert(!flag(s, priv, CKA_DECRYPT));
        ck_assert(!flag(s, dec, CKA_SIGN));
        ck_assert(!flag(s, priv, CKA_ALWAYS_AUTHENTICATE));
        ck_assert(flag(s, priv, CKA_SENSITIVE) && !flag(s, priv, CKA_EXTRACTABLE));
        ck_assert(!flag(s, cert, CKA_TRUSTED) && !flag(s, cert, CKA_PRIVATE));
    }
}
END_TEST

START_TEST(certificate_attributes_are_der)
{
    CK_SESSION_HANDLE s = open_session(0);
    CK_OBJECT_HANDLE cert = mh_find(&h, s, CKO_CERTIFICATE, 0);
    struct bk_buf v = BK_BUF_INIT, id = BK_BUF_INIT;
    ck_assert(mh_bytes_attr(&h, s, cert, CKA_SERIAL_NUMBER, &v));
    ck_assert(v.len > 2 && v.data[0] == 0x02 && v.data[1] == v.len - 2);
    ck_assert(mh_bytes_attr(&h, s, cert, CKA_ISSUER, &v) && v.data[0] == 0x30);
    ck_assert(mh_bytes_attr(&h, s, cert, CKA_START_DATE, &v));
    ck_assert_uint_eq(v.len, 8);
    struct bk_pubkey key;
    ck_assert(mh_bytes_attr(&h, s, cert, CKA_VALUE, &v));
    ck_assert_int_eq(bk_pubkey_from_cert(v.data, v.len, &key), BK_OK);
    ck_assert(mh_bytes_attr(&h, s, cert, CKA_UNIQUE, &id));
    ck_assert_uint_eq(id.len, 40 + strlen("-certificate"));
    bk_buf_free(&v);
    bk_buf_free(&id);
}
END_TEST

START_TEST(secrets_and_strangers_among_attributes)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_OBJECT_HANDLE priv = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    CK_BYTE v[512];
    CK_ATTRIBUTE a[3] = {{CKA_PRIVATE_EXPONENT, v, sizeof v}, {0x7777, v, sizeof v},
                         {CKA_MODULUS, v, sizeof v}};
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, priv, &a[0], 1), CKR_ATTRIBUTE_SENSITIVE);
    ck_assert_uint_eq(a[0].ulValueLen, CK_UNAVAILABLE_INFORMATION);
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, priv, a, 3), CKR_ATTRIBUTE_TYPE_INVALID);
    ck_assert_uint_eq(a[2].ulValueLen, 256); /* the good one is there all the same */
    a[2].ulValueLen = 10;
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, priv, &a[2], 1), CKR_BUFFER_TOO_SMALL);
    a[2].pValue = NULL;
    ck_assert_uint_eq(h.f->C_GetAttributeValue(s, priv, &a[2], 1), CKR_OK);
    ck_assert_uint_eq(a[2].ulValueLen, 256);
}
END_TEST

/* --- mechanisms ---------------------------------------------------------------------------------*/

struct sample {
    CK_MECHANISM_TYPE type;
    CK_MECHANISM_TYPE hash; /* of PSS */
    CK_ULONG mgf, salt, size;
};

static void sign_and_verify(CK_SESSION_HANDLE s, const struct sample *m)
{
    CK_RSA_PKCS_PSS_PARAMS pss = {m->hash, m->mgf, m->salt};
    CK_MECHANISM mech = {m->type, m->hash ? &pss : NULL, m->hash ? sizeof pss : 0};
    CK_BYTE data[100], one[512], parts[512];
    CK_ULONG one_len = sizeof one, parts_len = sizeof parts, need = 0;
    CK_OBJECT_HANDLE priv = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    CK_OBJECT_HANDLE pub = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_VERIFY);
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (CK_BYTE)(i + 1);
    ck_assert_uint_eq(h.f->C_SignInit(s, &mech, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignInit(s, &mech, priv), CKR_OPERATION_ACTIVE);
    ck_assert_uint_eq(h.f->C_Sign(s, data, m->size, NULL, &need), CKR_OK);
    one_len = need - 1;
    ck_assert_uint_eq(h.f->C_Sign(s, data, m->size, one, &one_len), CKR_BUFFER_TOO_SMALL);
    one_len = sizeof one;
    ck_assert_uint_eq(h.f->C_Sign(s, data, m->size, one, &one_len), CKR_OK);
    ck_assert_uint_le(one_len, need);
    ck_assert_uint_eq(h.f->C_Sign(s, data, m->size, one, &one_len), CKR_OPERATION_NOT_INITIALIZED);
    ck_assert_uint_eq(h.f->C_SignInit(s, &mech, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignUpdate(s, data, 7), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignUpdate(s, data + 7, m->size - 7), CKR_OK);
    ck_assert_uint_eq(h.f->C_SignFinal(s, parts, &parts_len), CKR_OK);
    ck_assert_uint_eq(h.f->C_VerifyInit(s, &mech, pub), CKR_OK);
    ck_assert_uint_eq(h.f->C_Verify(s, data, m->size, parts, parts_len), CKR_OK);
    ck_assert_uint_eq(h.f->C_VerifyInit(s, &mech, pub), CKR_OK);
    ck_assert_uint_eq(h.f->C_VerifyUpdate(s, data, m->size), CKR_OK);
    ck_assert_uint_eq(h.f->C_VerifyFinal(s, one, one_len), CKR_OK);
    data[0] ^= 1;
    ck_assert_uint_eq(h.f->C_VerifyInit(s, &mech, pub), CKR_OK);
    ck_assert_uint_eq(h.f->C_Verify(s, data, m->size, one, one_len), CKR_SIGNATURE_INVALID);
}

START_TEST(rsa_signatures)
{
    static const struct sample samples[] = {
        {CKM_RSA_PKCS, 0, 0, 0, 51},
        {CKM_RSA_X_509, 0, 0, 0, 100},
        {CKM_SHA1_RSA_PKCS, 0, 0, 0, 100},
        {CKM_SHA224_RSA_PKCS, 0, 0, 0, 100},
        {CKM_SHA256_RSA_PKCS, 0, 0, 0, 100},
        {CKM_SHA384_RSA_PKCS, 0, 0, 0, 100},
        {CKM_SHA512_RSA_PKCS, 0, 0, 0, 100},
        {CKM_RSA_PKCS_PSS, CKM_SHA256, CKG_MGF1_SHA256, 32, 32},
        {CKM_SHA1_RSA_PKCS_PSS, CKM_SHA_1, CKG_MGF1_SHA1, 20, 100},
        {CKM_SHA224_RSA_PKCS_PSS, CKM_SHA224, CKG_MGF1_SHA224, 28, 100},
        {CKM_SHA256_RSA_PKCS_PSS, CKM_SHA256, CKG_MGF1_SHA256, 0, 100},
        {CKM_SHA384_RSA_PKCS_PSS, CKM_SHA384, CKG_MGF1_SHA384, 48, 100},
        {CKM_SHA512_RSA_PKCS_PSS, CKM_SHA512, CKG_MGF1_SHA512, 64, 100},
    };
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        sign_and_verify(s, &samples[i]);
}
END_TEST

START_TEST(sm2_signatures)
{
    static const struct sample samples[] = {
        {CKM_SM3_SM2, 0, 0, 0, 100},           {CKM_SM3_SM2_DER, 0, 0, 0, 100},
        {CKM_SM3_SM2_APPID1, 0, 0, 0, 100},    {CKM_SM3_SM2_APPID1_DER, 0, 0, 0, 100},
        {CKM_SM2_SIGN, 0, 0, 0, 32},           {CKM_SM2_SIGN_NO_DER, 0, 0, 0, 32},
    };
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        sign_and_verify(s, &samples[i]);
}
END_TEST

static void encrypt_and_decrypt(CK_SESSION_HANDLE s, CK_MECHANISM *m, size_t size)
{
    CK_BYTE data[300], cipher[600], back[600];
    CK_ULONG len = sizeof cipher, back_len = 1;
    CK_OBJECT_HANDLE priv = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT);
    CK_OBJECT_HANDLE pub = mh_find(&h, s, CKO_PUBLIC_KEY, CKA_ENCRYPT);
    memset(data, 0, sizeof data);
    for (size_t i = 1; i < size; i++)
        data[i] = (CK_BYTE)(i * 7);
    ck_assert_uint_eq(h.f->C_EncryptInit(s, m, pub), CKR_OK);
    ck_assert_uint_eq(h.f->C_Encrypt(s, data, size, cipher, &len), CKR_OK);
    ck_assert_uint_eq(h.f->C_DecryptInit(s, m, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_Decrypt(s, cipher, len, back, &back_len), CKR_BUFFER_TOO_SMALL);
    ck_assert_uint_eq(back_len, size);
    back_len = sizeof back;
    ck_assert_uint_eq(h.f->C_Decrypt(s, cipher, len, back, &back_len), CKR_OK);
    ck_assert_uint_eq(back_len, size);
    ck_assert_mem_eq(back, data, size);
    CK_ULONG got = sizeof back;
    back_len = sizeof back;
    ck_assert_uint_eq(h.f->C_DecryptInit(s, m, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_DecryptUpdate(s, cipher, 10, back, &got), CKR_OK);
    ck_assert_uint_eq(got, 0);
    ck_assert_uint_eq(h.f->C_DecryptUpdate(s, cipher + 10, len - 10, back, &got), CKR_OK);
    ck_assert_uint_eq(h.f->C_DecryptFinal(s, back, &back_len), CKR_OK);
    ck_assert_mem_eq(back, data, size);
    if (m->mechanism == CKM_RSA_X_509)
        return; /* any block below the modulus is one */
    back_len = sizeof back;
    cipher[len - 1] ^= 1;
    ck_assert_uint_eq(h.f->C_DecryptInit(s, m, priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_Decrypt(s, cipher, len, back, &back_len),
                      CKR_ENCRYPTED_DATA_INVALID);
}

START_TEST(rsa_decryption)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_MECHANISM pkcs = {CKM_RSA_PKCS, NULL, 0}, raw = {CKM_RSA_X_509, NULL, 0};
    encrypt_and_decrypt(s, &pkcs, 40);
    encrypt_and_decrypt(s, &raw, 256);
    static const struct sample hashes[] = {
        {0, CKM_SHA_1, CKG_MGF1_SHA1, 0, 0},     {0, CKM_SHA224, CKG_MGF1_SHA224, 0, 0},
        {0, CKM_SHA256, CKG_MGF1_SHA256, 0, 0},  {0, CKM_SHA384, CKG_MGF1_SHA384, 0, 0},
        {0, CKM_SHA512, CKG_MGF1_SHA512, 0, 0},  {0, CKM_SHA256, CKG_MGF1_SHA1, 0, 0},
    };
    char label[] = "label";
    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
        CK_RSA_PKCS_OAEP_PARAMS p = {hashes[i].hash, hashes[i].mgf, CKZ_DATA_SPECIFIED,
                                     i % 2 ? label : NULL, i % 2 ? 5 : 0};
        CK_MECHANISM oaep = {CKM_RSA_PKCS_OAEP, &p, sizeof p};
        encrypt_and_decrypt(s, &oaep, 40);
    }
}
END_TEST

START_TEST(sm2_decryption)
{
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    CK_MECHANISM raw = {CKM_SM2_ENCRYPT, NULL, 0}, der = {CKM_SM2_ENCRYPT_DER, NULL, 0};
    encrypt_and_decrypt(s, &raw, 200);
    encrypt_and_decrypt(s, &der, 33);
}
END_TEST

START_TEST(keys_do_what_they_are_for)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0), sm2 = open_session(1);
    CK_MECHANISM rsa = {CKM_SHA256_RSA_PKCS, NULL, 0}, m = {CKM_SM3_SM2, NULL, 0};
    CK_MECHANISM ecdsa = {CKM_ECDSA, NULL, 0}, param = {CKM_SHA256_RSA_PKCS, &rsa, 1};
    CK_OBJECT_HANDLE sign = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    CK_OBJECT_HANDLE dec = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_DECRYPT);
    CK_OBJECT_HANDLE sm2_key = mh_find(&h, sm2, CKO_PRIVATE_KEY, CKA_SIGN);
    CK_BYTE big[300], sig[512];
    CK_ULONG len = sizeof sig;
    memset(big, 0xff, sizeof big);
    ck_assert_uint_eq(h.f->C_SignInit(s, &rsa, dec), CKR_KEY_FUNCTION_NOT_PERMITTED);
    ck_assert_uint_eq(h.f->C_DecryptInit(s, &rsa, sign), CKR_MECHANISM_INVALID);
    ck_assert_uint_eq(h.f->C_SignInit(s, &m, sign), CKR_MECHANISM_INVALID);
    ck_assert_uint_eq(h.f->C_SignInit(sm2, &ecdsa, sm2_key), CKR_MECHANISM_INVALID);
    ck_assert_uint_eq(h.f->C_SignInit(s, &rsa, sm2_key), CKR_KEY_HANDLE_INVALID);
    ck_assert_uint_eq(h.f->C_SignInit(s, &param, sign), CKR_MECHANISM_PARAM_INVALID);
    rsa.mechanism = CKM_RSA_PKCS;
    ck_assert_uint_eq(h.f->C_SignInit(s, &rsa, sign), CKR_OK);
    ck_assert_uint_eq(h.f->C_Sign(s, big, 246, sig, &len), CKR_DATA_LEN_RANGE);
    /* log-out ends what was begun */
    ck_assert_uint_eq(h.f->C_SignInit(s, &rsa, sign), CKR_OK);
    ck_assert_uint_eq(h.f->C_Logout(s), CKR_OK);
    ck_assert_uint_eq(h.f->C_Sign(s, big, 20, sig, &len), CKR_USER_NOT_LOGGED_IN);
}
END_TEST

START_TEST(digests_match_and_random_is_random)
{
    static const struct {
        CK_MECHANISM_TYPE type;
        enum bk_hash hash;
    } all[] = {{CKM_SHA_1, BK_HASH_SHA1},     {CKM_SHA224, BK_HASH_SHA224},
               {CKM_SHA256, BK_HASH_SHA256},  {CKM_SHA384, BK_HASH_SHA384},
               {CKM_SHA512, BK_HASH_SHA512},  {CKM_SM3, BK_HASH_SM3}};
    CK_SESSION_HANDLE s = open_session(0);
    for (size_t i = 0; i < 6; i++) {
        CK_MECHANISM m = {all[i].type, NULL, 0};
        uint8_t want[64], got[64];
        CK_ULONG len = sizeof got;
        ck_assert_int_eq(bk_digest(all[i].hash, "abc", 3, want), BK_OK);
        ck_assert_uint_eq(h.f->C_DigestInit(s, &m), CKR_OK);
        ck_assert_uint_eq(h.f->C_DigestUpdate(s, (CK_BYTE *)"a", 1), CKR_OK);
        ck_assert_uint_eq(h.f->C_Digest(s, (CK_BYTE *)"bc", 2, got, &len), CKR_OPERATION_ACTIVE);
        ck_assert_uint_eq(h.f->C_DigestUpdate(s, (CK_BYTE *)"bc", 2), CKR_OK);
        ck_assert_uint_eq(h.f->C_DigestFinal(s, got, &len), CKR_OK);
        ck_assert_uint_eq(len, bk_hash_len(all[i].hash));
        ck_assert_mem_eq(got, want, len);
    }
    (void)mh_exchanges(&h);
    CK_BYTE a[32], b[32];
    ck_assert_uint_eq(h.f->C_GenerateRandom(s, a, 32), CKR_OK);
    ck_assert_uint_eq(h.f->C_GenerateRandom(s, b, 32), CKR_OK);
    ck_assert_mem_ne(a, b, 32);
    ck_assert_uint_eq(mh_exchanges(&h), 0); /* a random of the key's spoils a PIN challenge */
}
END_TEST

START_TEST(every_listed_mechanism_has_its_info)
{
    for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
        CK_MECHANISM_TYPE list[64];
        CK_MECHANISM_INFO info;
        CK_ULONG n = 64;
        ck_assert_uint_eq(h.f->C_GetMechanismList(slot, list, &n), CKR_OK);
        ck_assert_uint_gt(n, 10);
        for (CK_ULONG i = 0; i < n; i++) {
            ck_assert_uint_eq(h.f->C_GetMechanismInfo(slot, list[i], &info), CKR_OK);
            ck_assert_uint_ne(info.flags, 0);
            ck_assert_int_eq((info.flags & CKF_HW) != 0, (info.flags & CKF_DIGEST) == 0);
        }
        ck_assert_uint_eq(h.f->C_GetMechanismInfo(slot, CKM_ECDSA, &info), CKR_MECHANISM_INVALID);
    }
}
END_TEST

START_TEST(key_generation_in_a_container)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0), b = open_session(1);
    CK_ULONG bits = 2048;
    char name[] = "mine";
    CK_ATTRIBUTE pub[2] = {{CKA_MODULUS_BITS, &bits, sizeof bits}, {CKA_LABEL, name, 4}};
    CK_MECHANISM m = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0}, sm2 = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_OBJECT_HANDLE a = 0, c = 0;
    ck_assert_uint_eq(h.f->C_GenerateKeyPair(s, &m, pub, 2, NULL, 0, &a, &c), CKR_OK);
    ck_assert(a && c && a != c);
    ck_assert_uint_eq(h.f->C_GenerateKeyPair(s, &m, pub, 2, NULL, 0, &a, &c),
                      CKR_TEMPLATE_INCONSISTENT);
    bits = 1024;
    ck_assert_uint_eq(h.f->C_GenerateKeyPair(s, &m, pub, 2, NULL, 0, &a, &c), CKR_KEY_SIZE_RANGE);
    ck_assert_uint_eq(h.f->C_GenerateKeyPair(s, &sm2, NULL, 0, NULL, 0, &a, &c),
                      CKR_MECHANISM_INVALID);
    ck_assert_uint_eq(h.f->C_GenerateKeyPair(b, &sm2, NULL, 0, NULL, 0, &a, &c), CKR_OK);
    struct sample rsa = {CKM_SHA256_RSA_PKCS, 0, 0, 0, 100}, sm3 = {CKM_SM3_SM2, 0, 0, 0, 100};
    sign_and_verify(s, &rsa);
    sign_and_verify(b, &sm3);
}
END_TEST

/* --- several processes --------------------------------------------------------------------------*/

START_TEST(a_renewal_by_another_process_is_seen)
{
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    struct bk_buf before = BK_BUF_INIT, after = BK_BUF_INIT;
    CK_OBJECT_HANDLE cert = mh_find(&h, s, CKO_CERTIFICATE, 0);
    CK_OBJECT_HANDLE old = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    ck_assert(mh_bytes_attr(&h, s, cert, CKA_VALUE, &before));
    pid_t child = fork();
    if (child == 0) {
        if (h.f->C_Initialize(NULL) != CKR_OK)
            _exit(2);
        CK_RV rv = mh_renew(&h, mh_login(&h, 0), "personalCert00", CKK_RSA, 0);
        _exit(rv == CKR_OK && h.f->C_Finalize(NULL) == CKR_OK ? 0 : 1);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    CK_OBJECT_HANDLE now = mh_find(&h, s, CKO_CERTIFICATE, 0);
    CK_OBJECT_HANDLE new = mh_find(&h, s, CKO_PRIVATE_KEY, CKA_SIGN);
    ck_assert(mh_bytes_attr(&h, s, now, CKA_VALUE, &after));
    ck_assert(before.len != after.len || memcmp(before.data, after.data, after.len) != 0);
    ck_assert_uint_ne(old, new);
    /* the old handle still means the old pair, which has become history */
    ck_assert(!same(s, old, new, CKA_ID));
    ck_assert(!same(s, old, new, CKA_MODULUS));
    ck_assert_uint_eq(mh_count(&h, s, CKO_CERTIFICATE), 4);
    ck_assert(mh_identity_works(&h, s));
    bk_buf_free(&before);
    bk_buf_free(&after);
}
END_TEST

/* ------------------------------------------------------------------------------------------------*/

static TCase *with(Suite *suite, const char *name, void (*make)(void))
{
    TCase *t = tcase_create(name);
    tcase_add_checked_fixture(t, make, teardown);
    tcase_set_timeout(t, 120);
    suite_add_tcase(suite, t);
    return t;
}

int main(void)
{
    Suite *suite = suite_create("module");
    TCase *t = with(suite, "doors", setup);
    tcase_add_test(t, interfaces_in_order_and_nothing_for_strangers);
    tcase_add_test(t, initialize_takes_what_clients_give);
    tcase_add_test(t, racing_initializers_get_one_ok);
    tcase_add_test(t, a_forked_child_starts_anew_and_leaves_the_parent_alone);
    tcase_add_test(t, unsupported_functions_say_so);
    t = with(suite, "slots", setup);
    tcase_add_test(t, two_slots_a_reader);
    tcase_add_test(t, token_strings_tell_tokens_apart);
    tcase_add_test(t, a_key_that_is_pulled_closes_its_sessions_and_comes_back);
    tcase_add_test(t, removal_in_the_middle_of_a_call_is_told);
    tcase_add_test(t, a_blocked_wait_ends_with_finalize);
    tcase_add_test(t, a_blocked_wait_wakes_when_the_key_goes);
    tcase_add_test(t, every_listed_mechanism_has_its_info);
    t = with(suite, "sessions", setup);
    tcase_add_test(t, log_in_is_the_keys_and_both_slots);
    tcase_add_test(t, the_last_session_takes_the_login_along);
    tcase_add_test(t, bad_pins_never_reach_the_key);
    tcase_add_test(t, a_refused_pin_is_not_sent_again_from_either_slot);
    tcase_add_test(t, the_pin_flags_follow_the_counter);
    tcase_add_test(t, set_pin);
    tcase_add_test(t, digests_match_and_random_is_random);
    tcase_add_test(t, key_generation_in_a_container);
    t = with(suite, "objects", setup_certs);
    tcase_add_test(t, certificates_without_login_private_keys_with);
    tcase_add_test(t, attributes_link_what_belongs_together);
    tcase_add_test(t, certificate_attributes_are_der);
    tcase_add_test(t, secrets_and_strangers_among_attributes);
    tcase_add_test(t, rsa_signatures);
    tcase_add_test(t, sm2_signatures);
    tcase_add_test(t, rsa_decryption);
    tcase_add_test(t, sm2_decryption);
    tcase_add_test(t, keys_do_what_they_are_for);
    tcase_add_test(t, a_renewal_by_another_process_is_seen);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
