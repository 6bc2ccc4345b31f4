/* SPDX-License-Identifier: Apache-2.0 */
/* The built bjca-pkcs11.so as a client sees it: slots, sessions, PINs, objects. */
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "crypto/x509.h"
#include "modcase.h"
#include "runner.h"

#define CKA_UNIQUE 0x4UL

/* --- slots and tokens
 * ---------------------------------------------------------------------------*/

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

/* 2.40 clause 5.5, C_GetSlotList: the second way of a buffer that is there from the beginning. */
START_TEST(the_first_list_may_be_into_a_buffer)
{
    for (CK_BBOOL present = 0; present < 2; present++) {
        CK_SLOT_ID slots[4] = {99, 99, 99, 99};
        CK_ULONG n = 1;
        ck_assert_uint_eq(h.f->C_GetSlotList(present, slots, &n), CKR_BUFFER_TOO_SMALL);
        ck_assert_uint_eq(n, 2);
        ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
        ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
        n = 4;
        ck_assert_uint_eq(h.f->C_GetSlotList(present, slots, &n), CKR_OK);
        ck_assert_uint_eq(n, 2);
        ck_assert_uint_eq(slots[0], 0);
        ck_assert_uint_eq(slots[1], 1);
        ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
        ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    }
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

static CK_RV ask_slot(int what)
{
    CK_ULONG n = 0, len = 0;
    CK_BJCA_STATUS status = {.ulSize = sizeof status};
    CK_MECHANISM_INFO mechanism;
    CK_TOKEN_INFO token;
    CK_SESSION_HANDLE s;
    switch (what) {
    case 0:
        return h.f->C_GetMechanismList(0, NULL, &n);
    case 1:
        return h.f->C_GetMechanismInfo(0, CKM_RSA_PKCS, &mechanism);
    case 2:
        return h.f->C_GetTokenInfo(0, &token);
    case 3:
        return h.f->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &s);
    case 4:
        return h.v->BJCA_GetStatus(0, &status);
    case 5:
        return h.v->BJCA_GetContainers(0, NULL, &n);
    case 6:
        return h.v->BJCA_CheckPIN(0, (const CK_UTF8CHAR *)"a-new-pin", 9);
    default:
        return h.v->BJCA_GetCertificate(0, (const CK_UTF8CHAR *)"none", 1, 0, NULL, &len);
    }
}

/* Each is the first to ask for the slot since the key went, or came. */
START_TEST(a_key_that_goes_or_comes_is_seen_by_whoever_asks)
{
    struct bk_buf state = BK_BUF_INIT;
    mh_save(&h, &state);
    for (int what = 0; what < 8; what++) {
        CK_RV there = what == 7 ? CKR_BJCA_UNKNOWN_NAME : CKR_OK;
        ck_assert_uint_eq(ask_slot(what), there);
        ck_assert_int_eq(unlink(h.key), 0);
        ck_assert_msg(ask_slot(what) == CKR_TOKEN_NOT_PRESENT, "call %d, pulled", what);
        mh_restore(&h, &state);
        ck_assert_msg(ask_slot(what) == there, "call %d, put back", what);
    }
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

/* --- sessions and PINs
 * --------------------------------------------------------------------------*/

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

START_TEST(log_in_is_the_keys_and_both_slots)
{
    CK_SESSION_HANDLE a = mh_login(&h, 0), b = mc_session(1);
    CK_SESSION_INFO info;
    ck_assert_uint_eq(try_pin(b, MH_PIN, 8), CKR_USER_ALREADY_LOGGED_IN);
    ck_assert_uint_eq(h.f->C_GetSessionInfo(b, &info), CKR_OK);
    ck_assert_uint_eq(info.state, CKS_RW_USER_FUNCTIONS);
    ck_assert_uint_eq(h.f->C_CloseSession(a), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetSessionInfo(b, &info), CKR_OK);
    ck_assert_uint_eq(info.state, CKS_RW_USER_FUNCTIONS);
    a = mc_session(0);
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
    s = mc_session(0);
    ck_assert_uint_eq(h.f->C_GetSessionInfo(s, &info), CKR_OK);
    ck_assert_uint_eq(info.state, CKS_RW_PUBLIC_SESSION);
}
END_TEST

START_TEST(bad_pins_never_reach_the_key)
{
    CK_SESSION_HANDLE s = mc_session(0);
    ck_assert_uint_eq(tries(), 10);
    (void)mh_exchanges(&h);
    ck_assert_uint_eq(try_pin(s, "", 0), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(try_pin(s, "12345678901234567", 17), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(try_pin(s, "1234\0678", 8), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(h.f->C_Login(s, CKU_USER, NULL, 8), CKR_ARGUMENTS_BAD);
    ck_assert_uint_eq(h.f->C_Login(s, CKU_SO, (CK_BYTE *)"87654321", 8), CKR_USER_TYPE_INVALID);
    ck_assert_uint_eq(mh_exchanges(&h), 0);
    ck_assert_uint_eq(tries(), 10);
}
END_TEST

START_TEST(a_refused_pin_is_not_sent_again_from_either_slot)
{
    CK_SESSION_HANDLE s = mc_session(0), b = mc_session(1);
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

/* Pulled and put back, and the mistake is still the same one. */
START_TEST(a_refused_pin_is_not_sent_again_after_the_key_was_pulled)
{
    CK_SESSION_HANDLE s = mc_session(0);
    struct bk_buf state = BK_BUF_INIT;
    ck_assert_uint_eq(try_pin(s, "wrong-pin", 9), CKR_PIN_INCORRECT);
    mh_save(&h, &state);
    ck_assert_int_eq(unlink(h.key), 0);
    ck_assert_uint_eq(h.f->C_FindObjectsInit(s, NULL, 0), CKR_DEVICE_REMOVED);
    mh_restore(&h, &state);
    s = mc_session(0);
    ck_assert_uint_eq(try_pin(s, "wrong-pin", 9), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(tries(), 9);
    ck_assert_uint_eq(try_pin(s, MH_PIN, 8), CKR_OK);
    bk_buf_free(&state);
}
END_TEST

START_TEST(the_pin_flags_follow_the_counter)
{
    CK_SESSION_HANDLE s = mc_session(0);
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

/* 3.2, CK_TOKEN_INFO: what is free now, and whose PIN is still the factory's. */
START_TEST(token_information_is_of_now)
{
    CK_SESSION_HANDLE s = mh_login(&h, 1);
    CK_MECHANISM sm2 = {CKM_SM2_KEY_PAIR_GEN, NULL, 0};
    CK_OBJECT_HANDLE pub = 0, priv = 0;
    CK_TOKEN_INFO before, after;
    ck_assert_uint_eq(h.f->C_GetTokenInfo(1, &before), CKR_OK);
    ck_assert(before.flags & CKF_USER_PIN_TO_BE_CHANGED);
    ck_assert(!(before.flags & CKF_SO_PIN_TO_BE_CHANGED));
    ck_assert_uint_eq(mh_generate(&h, s, &sm2, NULL, 0, NULL, 0, &pub, &priv), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetTokenInfo(1, &after), CKR_OK);
    ck_assert_uint_lt(after.ulFreePublicMemory, before.ulFreePublicMemory);
    ck_assert_uint_lt(after.ulFreePrivateMemory, before.ulFreePrivateMemory);
}
END_TEST

/* As the factory made it, with its administrator PIN too. */
START_TEST(the_factorys_administrator_pin_is_told)
{
    CK_TOKEN_INFO info;
    const struct bk_vkey_params p = {.serial = MH_SERIAL};
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_int_eq(unlink(h.key), 0);
    ck_assert_int_eq(bk_vkey_create(h.key, &p), BK_OK);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetTokenInfo(0, &info), CKR_OK);
    ck_assert(info.flags & CKF_SO_PIN_TO_BE_CHANGED);
}
END_TEST

static CK_BJCA_ERROR last_error(void)
{
    CK_BJCA_ERROR e = {.ulSize = sizeof e};
    ck_assert_uint_eq(h.v->BJCA_GetError(&e), CKR_OK);
    return e;
}

/* Also what is refused at once is this thread's last failure, and nothing of the one before. */
START_TEST(the_last_failure_is_told)
{
    CK_SESSION_HANDLE s = mc_session(0), none = 0;
    CK_BYTE data[16] = {0};
    CK_ULONG n = sizeof data;
    CK_OBJECT_CLASS class = CKO_CERTIFICATE;
    CK_ATTRIBUTE t = {CKA_CLASS, &class, sizeof class};
    CK_SESSION_HANDLE ro = 0;
    ck_assert_uint_eq(h.f->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &ro), CKR_OK);
    for (int i = 0; i < 18; i++) {
        ck_assert_uint_eq(try_pin(s, "wrong-9", 7), CKR_PIN_INCORRECT);
        ck_assert_uint_eq(last_error().rv, CKR_PIN_INCORRECT);
        CK_RV rv = CKR_OK;
        switch (i) {
        case 0:
            rv = h.f->C_OpenSession(0, 0, NULL, NULL, &none);
            break;
        case 1:
            rv = h.f->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, NULL);
            break;
        case 2:
            rv = h.f->C_MessageEncryptInit(s, NULL, 0);
            break;
        case 3:
            rv = h.f->C_MessageSignInit(s, NULL, 0);
            break;
        case 4:
            rv = h.v->BJCA_Personalise(0, NULL);
            break;
        case 5:
            rv = h.f->C_LoginUser(s, CKU_USER, data, 8, NULL, 3);
            break;
        case 6:
            rv = h.f->C_LoginUser(s, CKU_USER, data, 8, data, 3);
            break;
        case 7:
            rv = h.f->C_GetFunctionStatus(s);
            break;
        case 8:
            rv = h.f->C_CancelFunction(s);
            break;
        case 9:
            rv = h.f->C_Initialize(NULL);
            break;
        case 10:
            rv = h.f->C_Finalize(data);
            break;
        case 11:
            rv = h.f->C_GetInterfaceList(NULL, NULL);
            break;
        case 12:
            rv = h.f->C_GetFunctionList(NULL);
            break;
        case 13:
            rv = h.f->C_GetInterface(data, NULL, NULL, 0);
            break;
        case 14:
            rv = h.f->C_SeedRandom(s, data, n);
            break;
        case 15:
            rv = h.f->C_SetPIN(ro, data, 8, data, 8);
            break;
        case 16:
            rv = h.f->C_SetAttributeValue(s, mh_find(&h, s, CKO_CERTIFICATE, 0), &t, 1);
            break;
        default:
            rv = h.f->C_GenerateRandom(99, data, n);
            break;
        }
        ck_assert_msg(rv != CKR_OK, "call %d", i);
        ck_assert_msg(last_error().rv == rv, "call %d: %lx, told %lx", i, rv, last_error().rv);
        ck_assert_msg(last_error().triesLeft == CK_UNAVAILABLE_INFORMATION, "call %d", i);
        ck_assert_msg(last_error().statusWord == 0, "call %d", i);
        ck_assert_msg(last_error().text[0], "call %d", i);
        ck_assert_msg(strcmp((const char *)last_error().text, "The call failed.") != 0,
                      "call %d: no text for %lx", i, rv);
    }
}
END_TEST

START_TEST(set_pin)
{
    CK_SESSION_HANDLE s = mc_session(0), ro = 0;
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

/* --- objects
 * ------------------------------------------------------------------------------------*/

START_TEST(certificates_without_login_private_keys_with)
{
    CK_SESSION_HANDLE s = mc_session(0);
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
        CK_SESSION_HANDLE s = slot ? mc_session(1) : mh_login(&h, 0);
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
        /* the encryption key came from outside, where it may have been anything */
        ck_assert(flag(s, priv, CKA_ALWAYS_SENSITIVE) && flag(s, priv, CKA_NEVER_EXTRACTABLE));
        ck_assert(!flag(s, dec, CKA_ALWAYS_SENSITIVE) && !flag(s, dec, CKA_NEVER_EXTRACTABLE));
        ck_assert(flag(s, priv, CKA_LOCAL) && !flag(s, dec, CKA_LOCAL));
    }
}
END_TEST

static bool is_date(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type, int64_t when)
{
    struct bk_buf v = BK_BUF_INIT;
    char want[16];
    time_t t = (time_t)when;
    struct tm tm;
    ck_assert(gmtime_r(&t, &tm) && strftime(want, sizeof want, "%Y%m%d", &tm) == 8);
    bool same = mh_bytes_attr(&h, s, o, type, &v) && v.len == 8 && memcmp(v.data, want, 8) == 0;
    bk_buf_free(&v);
    return same;
}

START_TEST(certificate_attributes_are_der)
{
    CK_SESSION_HANDLE s = mc_session(0);
    CK_OBJECT_HANDLE cert = mh_find(&h, s, CKO_CERTIFICATE, 0);
    struct bk_buf v = BK_BUF_INIT, id = BK_BUF_INIT;
    ck_assert(mh_bytes_attr(&h, s, cert, CKA_SERIAL_NUMBER, &v));
    ck_assert(v.len > 2 && v.data[0] == 0x02 && v.data[1] == v.len - 2);
    ck_assert(mh_bytes_attr(&h, s, cert, CKA_ISSUER, &v) && v.data[0] == 0x30);
    ck_assert(mh_bytes_attr(&h, s, cert, CKA_START_DATE, &v));
    ck_assert_uint_eq(v.len, 8);
    struct bk_x509 *x = NULL;
    ck_assert(mh_bytes_attr(&h, s, cert, CKA_VALUE, &v));
    ck_assert_int_eq(bk_x509_parse(v.data, v.len, &x), BK_OK);
    ck_assert_int_lt(x->not_before, x->not_after);
    ck_assert(is_date(s, cert, CKA_START_DATE, x->not_before));
    ck_assert(is_date(s, cert, CKA_END_DATE, x->not_after));
    bk_x509_free(&x);
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
    CK_ATTRIBUTE a[3] = {
        {CKA_PRIVATE_EXPONENT, v, sizeof v}, {0x7777, v, sizeof v}, {CKA_MODULUS, v, sizeof v}};
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

/* --- several processes
 * --------------------------------------------------------------------------*/

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

int main(void)
{
    Suite *suite = suite_create("module");
    TCase *t = mc_case(suite, "slots", mc_setup);
    tcase_add_test(t, two_slots_a_reader);
    tcase_add_test(t, the_first_list_may_be_into_a_buffer);
    tcase_add_test(t, token_strings_tell_tokens_apart);
    tcase_add_test(t, a_key_that_is_pulled_closes_its_sessions_and_comes_back);
    tcase_add_test(t, a_key_that_goes_or_comes_is_seen_by_whoever_asks);
    tcase_add_test(t, removal_in_the_middle_of_a_call_is_told);
    tcase_add_test(t, a_blocked_wait_ends_with_finalize);
    tcase_add_test(t, a_blocked_wait_wakes_when_the_key_goes);
    t = mc_case(suite, "sessions", mc_setup);
    tcase_add_test(t, log_in_is_the_keys_and_both_slots);
    tcase_add_test(t, the_last_session_takes_the_login_along);
    tcase_add_test(t, bad_pins_never_reach_the_key);
    tcase_add_test(t, a_refused_pin_is_not_sent_again_from_either_slot);
    tcase_add_test(t, a_refused_pin_is_not_sent_again_after_the_key_was_pulled);
    tcase_add_test(t, the_pin_flags_follow_the_counter);
    tcase_add_test(t, token_information_is_of_now);
    tcase_add_test(t, the_factorys_administrator_pin_is_told);
    tcase_add_test(t, the_last_failure_is_told);
    tcase_add_test(t, set_pin);
    t = mc_case(suite, "objects", mc_setup_certs);
    tcase_add_test(t, certificates_without_login_private_keys_with);
    tcase_add_test(t, attributes_link_what_belongs_together);
    tcase_add_test(t, certificate_attributes_are_der);
    tcase_add_test(t, secrets_and_strangers_among_attributes);
    tcase_add_test(t, a_renewal_by_another_process_is_seen);
    return run_suite(suite);
}
