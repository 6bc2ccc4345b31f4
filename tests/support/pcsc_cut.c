/* SPDX-License-Identifier: Apache-2.0 */
#include "pcsc_cut.h"

#include <stdlib.h>
#include <string.h>
#include <winscard.h>

#define TIMES 1200 /* of 50 ms: a busy machine takes its time */

static unsigned seen, cut_number;
static unsigned char cut_instruction; /* 0: any */
static bool cut_after, cut_happened;
static void (*cut_what)(void);

void pc_cut_at(unsigned number, bool after, void (*happens)(void))
{
    seen = 0;
    cut_number = number;
    cut_instruction = 0;
    cut_after = after;
    cut_happened = false;
    cut_what = happens;
}

void pc_cut_at_one_of(unsigned char instruction, unsigned number, bool after, void (*happens)(void))
{
    pc_cut_at(number, after, happens);
    cut_instruction = instruction;
}

unsigned pc_cut_over(bool *happened)
{
    cut_number = 0;
    if (happened)
        *happened = cut_happened;
    return seen;
}

static void cut_now(void)
{
    cut_number = 0;
    cut_happened = true;
    cut_what();
}

/* The program's symbol comes before the library's. Of a command whose answer is to get lost the
 * library is asked again, which then has nobody to send it to. */
__attribute__((visibility("default"))) LONG
SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *pci, const unsigned char *command,
              DWORD len, SCARD_IO_REQUEST *got_pci, unsigned char *answer, DWORD *got)
{
    pc_transmit *real = pc_real_transmit();
    DWORD room = *got;
    bool counts = !cut_instruction || (len > 1 && command[1] == cut_instruction);
    seen += counts;
    bool now = counts && seen == cut_number;
    if (now && !cut_after)
        cut_now();
    LONG rv = real(card, pci, command, len, got_pci, answer, got);
    if (!now || !cut_after)
        return rv;
    cut_now();
    memset(answer, 0, *got);
    *got = room;
    return real(card, pci, command, len, got_pci, answer, got);
}

void pc_cut_pull(void)
{
    pc_control("remove");
}

void pc_cut_kill(void)
{
    pc_kill_daemon();
}

void pc_cut_restart(void)
{
    pc_kill_daemon();
    pc_start_daemon();
}

void pc_wait_card(bool present)
{
    SCARDCONTEXT context = 0;
    char name[1024] = "";
    DWORD len = sizeof name;
    bool is = !present;
    ck_assert_int_eq(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context), 0);
    ck_assert_int_eq(SCardListReaders(context, NULL, name, &len), 0);
    for (int i = 0; is != present && i < TIMES; i++) {
        SCARD_READERSTATE state = {.szReader = name};
        ck_assert_int_eq(SCardGetStatusChange(context, 0, &state, 1), 0);
        is = (state.dwEventState & SCARD_STATE_PRESENT) && !(state.dwEventState & SCARD_STATE_MUTE);
        if (is != present)
            pc_nap(50);
    }
    ck_assert_int_eq(is, present);
    ck_assert_int_eq(SCardReleaseContext(context), 0);
}

void pc_wait_key(CK_ULONG user_tries)
{
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    CK_RV rv = h.v->BJCA_GetStatus(0, &st);
    for (int i = 0; rv != CKR_OK && i < TIMES; i++) {
        ck_assert_msg(rv == CKR_TOKEN_NOT_PRESENT || rv == CKR_DEVICE_REMOVED, "%lx", rv);
        pc_nap(50);
        rv = h.v->BJCA_GetStatus(0, &st);
    }
    ck_assert_uint_eq(rv, CKR_OK);
    ck_assert(user_tries == CK_UNAVAILABLE_INFORMATION || st.userTriesLeft == user_tries);
    ck_assert_uint_eq(st.adminTriesLeft, st.adminTriesMax);
}

void pc_all_is_well(void)
{
    const char *pin = getenv("KEY_PIN");
    CK_SESSION_HANDLE s[2];
    for (CK_SLOT_ID slot = 0; slot < 2; slot++)
        ck_assert_uint_eq(
            h.f->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s[slot]),
            CKR_OK);
    CK_RV rv = h.f->C_Login(s[0], CKU_USER, (CK_BYTE *)(uintptr_t)pin, strlen(pin));
    ck_assert_msg(rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN, "%lx", rv);
    ck_assert(mh_identity_works(&h, s[0]));
    ck_assert(mh_identity_works(&h, s[1]));
    ck_assert_uint_eq(h.f->C_CloseSession(s[1]), CKR_OK);
    session = s[0];
    key = mh_find(&h, session, CKO_PRIVATE_KEY, CKA_SIGN);
}

CK_ULONG pc_free_space(void)
{
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    ck_assert_uint_eq(h.v->BJCA_GetStatus(0, &st), CKR_OK);
    return st.freeSpace;
}
