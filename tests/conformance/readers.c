/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readers that come and go for as long as a program runs: hundreds of names, each its own slots.
 * The PC/SC client library's functions are this program's.
 */
#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <winscard.h>

#include "life.h"
#include "runner.h"

#define TABLE 32 /* names that are known at a time */
#define MOST 16  /* readers at once */

static char names[MOST][40];
static size_t name_count;

LONG SCardEstablishContext(DWORD scope, LPCVOID one, LPCVOID two, LPSCARDCONTEXT context)
{
    (void)scope;
    (void)one;
    (void)two;
    *context = 1;
    return SCARD_S_SUCCESS;
}

LONG SCardReleaseContext(SCARDCONTEXT context)
{
    (void)context;
    return SCARD_S_SUCCESS;
}

LONG SCardIsValidContext(SCARDCONTEXT context)
{
    (void)context;
    return SCARD_S_SUCCESS;
}

LONG SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR readers, LPDWORD len)
{
    DWORD at = 0;
    (void)context;
    (void)groups;
    for (size_t i = 0; i < name_count; i++) {
        ck_assert_uint_lt(at + strlen(names[i]) + 2, *len);
        memcpy(readers + at, names[i], strlen(names[i]) + 1);
        at += strlen(names[i]) + 1;
    }
    readers[at] = 0;
    *len = at + 1;
    return name_count ? SCARD_S_SUCCESS : SCARD_E_NO_READERS_AVAILABLE;
}

static DWORD card = SCARD_STATE_EMPTY; /* in all of them */
static atomic_bool cancelled;
static void (*before_wait)(void); /* what happens when the module is about to wait, once */

LONG SCardCancel(SCARDCONTEXT context)
{
    (void)context;
    cancelled = true;
    return SCARD_S_SUCCESS;
}

/* Of a daemon that has nothing to tell of its own accord. */
static LONG wait_here(void)
{
    void (*happens)(void) = before_wait;
    before_wait = NULL;
    cancelled = false;
    if (happens)
        happens();
    for (int i = 0; i < 2000 && !cancelled; i++)
        (void)usleep(1000);
    ck_assert_msg(cancelled, "nobody woke the one who waits");
    return SCARD_E_CANCELLED;
}

LONG SCardGetStatusChange(SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATE *states,
                          DWORD count)
{
    (void)context;
    if (count >
        PCSCLITE_MAX_READERS_CONTEXTS) /* as PC/SC-Lite, which counts the one of new readers, too */
        return SCARD_E_INVALID_PARAMETER;
    if (timeout)
        return wait_here();
    for (DWORD i = 0; i < count; i++)
        states[i].dwEventState = card | SCARD_STATE_CHANGED;
    return SCARD_S_SUCCESS;
}

static void plug(size_t i, unsigned serial)
{
    (void)snprintf(names[i], sizeof names[i], "BJCA Key [CCID] (SERIAL%04u) 00 00", serial);
}

/* The first slot of the reader with this serial number; all that are listed are told apart. */
static CK_SLOT_ID slot_of(unsigned serial, CK_ULONG *listed)
{
    CK_SLOT_ID slots[4 * TABLE], found = CK_UNAVAILABLE_INFORMATION;
    char name[40];
    (void)snprintf(name, sizeof name, "(SERIAL%04u)", serial);
    *listed = 4 * TABLE;
    ck_assert_uint_eq(h.f->C_GetSlotList(0, NULL, listed), CKR_OK);
    *listed = 4 * TABLE;
    ck_assert_uint_eq(h.f->C_GetSlotList(0, slots, listed), CKR_OK);
    for (CK_ULONG i = 0; i < *listed; i++) {
        CK_SLOT_INFO info;
        for (CK_ULONG j = 0; j < i; j++)
            ck_assert_uint_ne(slots[i], slots[j]);
        ck_assert_uint_eq(h.f->C_GetSlotInfo(slots[i], &info), CKR_OK);
        /* 5.5.2: hardware, and empty, beside the virtual key */
        bool reader = memmem(info.slotDescription, sizeof info.slotDescription, "(SERIAL", 7);
        ck_assert_uint_eq(info.flags,
                          CKF_REMOVABLE_DEVICE | (reader ? CKF_HW_SLOT : CKF_TOKEN_PRESENT));
        if (found == CK_UNAVAILABLE_INFORMATION &&
            memmem(info.slotDescription, sizeof info.slotDescription, name, strlen(name)))
            found = slots[i];
    }
    ck_assert_msg(found != CK_UNAVAILABLE_INFORMATION, "reader %u has no slot", serial);
    return found;
}

static bool is_slot(CK_SLOT_ID slot)
{
    CK_SLOT_INFO info;
    CK_SESSION_HANDLE s = 0;
    CK_RV rv = h.f->C_GetSlotInfo(slot, &info);
    ck_assert(rv == CKR_OK || rv == CKR_SLOT_ID_INVALID);
    ck_assert_uint_eq(h.f->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &s),
                      rv == CKR_OK ? CKR_TOKEN_NOT_PRESENT : rv);
    return rv == CKR_OK;
}

static void setup(void)
{
    name_count = 0;
    life_start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, "[key]\npcsc = yes\n");
}

/* A production station, or a machine that many people plug their keys into. The virtual key is
 * there all the time, with its session. */
START_TEST(each_new_reader_has_its_slots)
{
    CK_SLOT_ID last = 0, slots[200];
    CK_ULONG listed = 0;
    CK_SESSION_HANDLE s = mh_login(&h, 0);
    CK_SESSION_INFO info;
    name_count = 1;
    for (unsigned i = 0; i < 200; i++) {
        plug(0, i);
        slots[i] = slot_of(i, &listed);
        ck_assert_msg(i == 0 || slots[i] > last, "reader %u: slot %lu", i, slots[i]);
        ck_assert_uint_le(listed, 2 * TABLE);
        ck_assert_uint_eq(slots[i] % 2, 0);
        last = slots[i];
        ck_assert_uint_eq(h.f->C_GetSessionInfo(s, &info), CKR_OK);
        ck_assert_uint_eq(info.slotID, 0);
    }
    /* the last ones keep theirs, an old one is another's or nobody's, and comes back as a new one
     */
    for (unsigned i = 200 - (TABLE - 1); i < 200; i++)
        ck_assert_msg(is_slot(slots[i]) && is_slot(slots[i] + 1), "slots of reader %u", i);
    for (unsigned i = 0; i < 200 - (TABLE - 1); i++)
        ck_assert_msg(!is_slot(slots[i]) && !is_slot(slots[i] + 1), "slots of reader %u", i);
    plug(0, 199 - 10);
    ck_assert_uint_eq(slot_of(199 - 10, &listed), slots[199 - 10]);
    plug(0, 3);
    ck_assert_uint_gt(slot_of(3, &listed), last);
    life_teardown();
}
END_TEST

/* A new one takes no slot of a reader that is listed behind it. */
START_TEST(readers_that_are_there_keep_their_slots)
{
    CK_SLOT_ID before[MOST];
    CK_ULONG listed = 0;
    CK_SLOT_ID event = 0;
    name_count = 1;
    for (unsigned i = 0; i < TABLE; i++) { /* the table is full */
        plug(0, 1000 + i);
        (void)slot_of(1000 + i, &listed);
    }
    name_count = MOST - 1;
    for (unsigned i = 0; i < MOST - 1; i++)
        plug(i, i);
    for (unsigned i = 0; i < MOST - 1; i++)
        before[i] = slot_of(i, &listed);
    for (unsigned turn = 0; turn < 50; turn++) {
        name_count = MOST;
        plug(0, 2000 + turn);
        for (unsigned i = 0; i < MOST - 1; i++)
            plug(i + 1, i);
        (void)slot_of(2000 + turn, &listed);
        for (unsigned i = 0; i < MOST - 1; i++)
            ck_assert_uint_eq(slot_of(i, &listed), before[i]);
    }
    while (h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &event, NULL) == CKR_OK)
        ck_assert(is_slot(event));
    life_teardown();
}
END_TEST

/* 2.40 clause 5.5.1: the list changes when its length is asked for, and not when it is fetched. */
START_TEST(a_list_is_fetched_as_it_was_counted)
{
    CK_SLOT_ID slots[4 * TABLE];
    CK_ULONG counted = 0, fetched = 4 * TABLE;
    ck_assert_uint_eq(h.f->C_GetSlotList(0, NULL, &counted), CKR_OK);
    plug(0, 1);
    name_count = 1;
    ck_assert_uint_eq(h.f->C_GetSlotList(0, slots, &fetched), CKR_OK);
    ck_assert_uint_eq(fetched, counted);
    ck_assert_uint_eq(h.f->C_GetSlotList(0, NULL, &fetched), CKR_OK);
    ck_assert_uint_eq(fetched, counted + 2);
    life_teardown();
}
END_TEST

/* --- events
 * -------------------------------------------------------------------------------------*/

static pthread_t other;
static atomic_bool looked;

static void *look_twice(void *rv)
{
    CK_ULONG n = 0;
    card = SCARD_STATE_PRESENT;
    CK_RV there = h.f->C_GetSlotList(0, NULL, &n);
    card = SCARD_STATE_EMPTY;
    CK_RV gone = h.f->C_GetSlotList(0, NULL, &n);
    *(CK_RV *)rv = there == CKR_OK ? gone : there;
    looked = true;
    return NULL;
}

static CK_RV other_rv;

/* A card comes and goes again, and another thread sees both: the reader is what it was when the one
 * who waits looked. */
static void come_and_go(void)
{
    ck_assert_int_eq(pthread_create(&other, NULL, look_twice, &other_rv), 0);
    while (!cancelled && !looked)
        (void)usleep(1000);
}

START_TEST(an_event_that_another_thread_sees_wakes_who_waits)
{
    CK_SLOT_ID slot = 0;
    plug(0, 1);
    name_count = 1;
    before_wait = come_and_go;
    ck_assert_uint_eq(h.f->C_WaitForSlotEvent(0, &slot, NULL), CKR_OK);
    ck_assert_uint_ge(slot, 2); /* 0 and 1 are the virtual key's */
    ck_assert_int_eq(pthread_join(other, NULL), 0);
    ck_assert_uint_eq(other_rv, CKR_OK);
    life_teardown();
}
END_TEST

START_TEST(one_waits_on_as_many_readers_as_there_can_be)
{
    CK_SLOT_ID slot = 0;
    name_count = MOST;
    for (unsigned i = 0; i < MOST; i++)
        plug(i, i);
    while (h.f->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL) == CKR_OK)
        ;
    before_wait = come_and_go;
    ck_assert_uint_eq(h.f->C_WaitForSlotEvent(0, &slot, NULL), CKR_OK);
    ck_assert_uint_ge(slot, 2);
    ck_assert_int_eq(pthread_join(other, NULL), 0);
    ck_assert_uint_eq(other_rv, CKR_OK);
    life_teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("readers");
    TCase *t = tcase_create("readers");
    tcase_add_checked_fixture(t, setup, NULL);
    tcase_add_test(t, each_new_reader_has_its_slots);
    tcase_add_test(t, readers_that_are_there_keep_their_slots);
    tcase_add_test(t, a_list_is_fetched_as_it_was_counted);
    tcase_add_test(t, an_event_that_another_thread_sees_wakes_who_waits);
    tcase_add_test(t, one_waits_on_as_many_readers_as_there_can_be);
    tcase_set_timeout(t, 60);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
