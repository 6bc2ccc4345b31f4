/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A key that is its own reader, as USB keys are: both come and go at once, under the same name, and
 * the daemon's count of events begins anew. pcscd doesn't let a test plug such a reader, so these
 * functions stand before the client library's and say what pcscd says (RFReaderInfoById of 1.9.9)
 * of a handle whose reader went; all else is between the module and pcscd. Runs under
 * tests/support/with-key --pcsc (tests/e2e/module-pcsc does that).
 */
#include <check.h>
#include <dirent.h>
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <winscard.h>

#include "pcsc.h"
#include "runner.h"

#define HANDLES 64
#define INS_GET_DEV_INFO 0x04

static atomic_bool away;
static atomic_uint plugged; /* how often */
static struct {
    SCARDHANDLE card;
    unsigned plugged;
} handles[HANDLES];
static unsigned handle_count;
enum { OURS, FOREIGN, MUTE };
static atomic_int kind;
static char usb[] = "/tmp/bjca-usb.XXXXXX";

#define REAL(name)                                                                                 \
    __typeof__(name) *real = NULL;                                                                 \
    *(void **)&real = dlsym(RTLD_NEXT, #name)
#define SHOWN __attribute__((visibility("default")))

static bool went(SCARDHANDLE card)
{
    for (unsigned i = handle_count; i-- > 0;)
        if (handles[i].card == card)
            return away || handles[i].plugged != plugged;
    return true;
}

SHOWN LONG SCardConnect(SCARDCONTEXT context, LPCSTR reader, DWORD share, DWORD protocols,
                        LPSCARDHANDLE card, LPDWORD protocol)
{
    REAL(SCardConnect);
    LONG rv =
        away ? SCARD_E_UNKNOWN_READER : real(context, reader, share, protocols, card, protocol);
    if (rv == SCARD_S_SUCCESS) {
        handles[handle_count].card = *card;
        handles[handle_count++].plugged = plugged;
        ck_assert_uint_lt(handle_count, HANDLES);
    }
    return rv;
}

SHOWN LONG SCardReconnect(SCARDHANDLE card, DWORD share, DWORD protocols, DWORD how,
                          LPDWORD protocol)
{
    REAL(SCardReconnect);
    return went(card) ? SCARD_E_INVALID_VALUE : real(card, share, protocols, how, protocol);
}

SHOWN LONG SCardBeginTransaction(SCARDHANDLE card)
{
    REAL(SCardBeginTransaction);
    return went(card) ? SCARD_E_INVALID_VALUE : real(card);
}

SHOWN LONG SCardEndTransaction(SCARDHANDLE card, DWORD how)
{
    REAL(SCardEndTransaction);
    return went(card) ? SCARD_E_INVALID_VALUE : real(card, how);
}

SHOWN LONG SCardStatus(SCARDHANDLE card, LPSTR name, LPDWORD name_len, LPDWORD state,
                       LPDWORD protocol, LPBYTE atr, LPDWORD atr_len)
{
    REAL(SCardStatus);
    return went(card) ? SCARD_E_INVALID_VALUE
                      : real(card, name, name_len, state, protocol, atr, atr_len);
}

/* Of our own the daemon still has the connection: else nobody could be alone with the card. */
SHOWN LONG SCardDisconnect(SCARDHANDLE card, DWORD how)
{
    REAL(SCardDisconnect);
    bool was = went(card);
    LONG rv = real(card, was ? SCARD_LEAVE_CARD : how);
    return was ? SCARD_E_INVALID_VALUE : rv;
}

SHOWN LONG SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *pci, LPCBYTE command, DWORD len,
                         SCARD_IO_REQUEST *got_pci, LPBYTE answer, LPDWORD got)
{
    REAL(SCardTransmit);
    if (went(card))
        return SCARD_E_INVALID_VALUE;
    if (kind == MUTE) {
        pc_nap(2100);
        return SCARD_E_NOT_TRANSACTED;
    }
    if (kind == FOREIGN) {
        memcpy(answer, "\x6d\x00", 2);
        *got = 2;
        return SCARD_S_SUCCESS;
    }
    return real(card, pci, command, len, got_pci, answer, got);
}

SHOWN LONG SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR names, LPDWORD len)
{
    REAL(SCardListReaders);
    return away ? SCARD_E_NO_READERS_AVAILABLE : real(context, groups, names, len);
}

SHOWN LONG SCardGetStatusChange(SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATE *states,
                                DWORD count)
{
    REAL(SCardGetStatusChange);
    if (away)
        return SCARD_E_UNKNOWN_READER;
    LONG rv = real(context, timeout, states, count);
    for (DWORD i = 0; i < count; i++)
        states[i].dwEventState &= 0xffff;
    return rv;
}

SHOWN LONG SCardGetAttrib(SCARDHANDLE card, DWORD id, LPBYTE value, LPDWORD len)
{
    REAL(SCardGetAttrib);
    return went(card) ? SCARD_E_INVALID_VALUE : real(card, id, value, len);
}

SHOWN DIR *opendir(const char *path)
{
    REAL(opendir);
    return real(strcmp(path, "/dev/bus/usb") == 0 ? usb : path);
}

/* The system's files of what is plugged: a folder for each bus, in it a file for each device. */
static void plug_in(void)
{
    char path[64];
    (void)snprintf(path, sizeof path, "%s/001/%03u", usb, ++plugged);
    FILE *f = fopen(path, "we");
    ck_assert(f != NULL && fclose(f) == 0);
    away = false;
}

static void pull_out(void)
{
    char path[64];
    (void)snprintf(path, sizeof path, "%s/001/%03u", usb, plugged);
    away = true;
    ck_assert_int_eq(unlink(path), 0);
    pc_nap(20); /* what two changes of a folder may have the same time of */
}

static void setup(void)
{
    char path[64];
    ck_assert(mkdtemp(usb) != NULL);
    (void)snprintf(path, sizeof path, "%s/001", usb);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    plug_in();
    pc_setup();
    ck_assert_uint_eq(pc_sign(), CKR_OK);
}

static void teardown(void)
{
    char path[64];
    pc_teardown();
    (void)snprintf(path, sizeof path, "%s/001/%03u", usb, plugged);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/001", usb);
    ck_assert(rmdir(path) == 0 && rmdir(usb) == 0);
}

static CK_ULONG keys(void)
{
    CK_ULONG n = 0;
    ck_assert_uint_eq(h.f->C_GetSlotList(CK_TRUE, NULL, &n), CKR_OK);
    return n;
}

static void session_is_gone(void)
{
    CK_SESSION_INFO info;
    ck_assert_uint_eq(h.f->C_GetSessionInfo(session, &info), CKR_SESSION_HANDLE_INVALID);
}

static void all_is_well(void)
{
    ck_assert(pc_log_in());
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 10);
}

static bool any_event(void)
{
    CK_SLOT_ID slot = 0;
    bool any = false;
    while (h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL) == CKR_OK)
        any = true;
    return any;
}

/* Who uses it finds out, whether it is back or not, and so does who looks for keys. */
START_TEST(pulled)
{
    (void)any_event();
    pull_out();
    if (_i)
        plug_in();
    if (_i == 2)
        ck_assert_uint_eq(keys(), 2);
    else
        ck_assert_uint_eq(pc_sign(), CKR_DEVICE_REMOVED);
    session_is_gone();
    ck_assert(any_event());
    if (!_i) {
        ck_assert_uint_eq(keys(), 0);
        plug_in();
    }
    ck_assert_uint_eq(keys(), 2);
    all_is_well();
}
END_TEST

/* Something else is plugged, while another program holds the key: nothing comes of it. */
START_TEST(another_device)
{
    char path[64];
    struct timespec from, to;
    SCARDHANDLE card = pc_connect_card();
    (void)any_event();
    ck_assert_int_eq(SCardBeginTransaction(card), SCARD_S_SUCCESS);
    (void)snprintf(path, sizeof path, "%s/001/mouse", usb);
    FILE *f = fopen(path, "we");
    ck_assert(f != NULL && fclose(f) == 0);
    (void)clock_gettime(CLOCK_MONOTONIC, &from);
    ck_assert_uint_eq(keys(), 2);
    ck_assert(!any_event());
    (void)clock_gettime(CLOCK_MONOTONIC, &to);
    ck_assert_int_lt(to.tv_sec - from.tv_sec, 5); /* who holds the key isn't waited for */
    ck_assert_int_eq(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
    pc_disconnect_card(card, SCARD_LEAVE_CARD);
    ck_assert_uint_eq(pc_sign(), CKR_OK);
    ck_assert_int_eq(unlink(path), 0);
}
END_TEST

/* A card of somebody else's, or one that doesn't answer, and ours under its name. */
START_TEST(ours_in_place_of_another)
{
    CK_TOKEN_INFO info;
    pull_out();
    kind = _i;
    plug_in();
    ck_assert_uint_eq(keys(), 0);
    ck_assert_uint_eq(h.f->C_GetTokenInfo(0, &info),
                      _i == MUTE ? CKR_DEVICE_ERROR : CKR_TOKEN_NOT_RECOGNIZED);
    (void)any_event();
    pull_out();
    kind = OURS;
    plug_in();
    ck_assert_uint_eq(keys(), 2);
    ck_assert(any_event());
    all_is_well();
}
END_TEST

START_TEST(pulled_within_an_unlock)
{
    CK_BJCA_UNLOCK unlock = 0;
    CK_BBOOL done = CK_FALSE;
    CK_BYTE text[CK_BJCA_MESSAGE_MAX];
    CK_ULONG len = sizeof text;
    ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &unlock, text, &len), CKR_OK);
    pull_out();
    plug_in();
    len = sizeof text;
    CK_RV rv = h.v->BJCA_UnlockStep(unlock, (const CK_BYTE *)"no", 2,
                                    (const CK_UTF8CHAR *)"12345678", 8, text, &len, &done);
    ck_assert_uint_ne(rv, CKR_OK);
    len = sizeof text;
    ck_assert_uint_eq(h.v->BJCA_UnlockBegin(0, &unlock, text, &len), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_UnlockCancel(unlock), CKR_OK);
    all_is_well();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("usb");
    TCase *t = tcase_create("usb");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, pulled, 0, 3);
    tcase_add_test(t, another_device);
    tcase_add_loop_test(t, ours_in_place_of_another, FOREIGN, MUTE + 1);
    tcase_add_test(t, pulled_within_an_unlock);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
