/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a program is told of a key behind PC/SC before anybody gives a PIN: texts, slots of a key
 * that can't do both algorithms, and that nothing of it uses a PIN. Run by
 * tests/e2e/module-manners.
 */
#include <check.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <winscard.h>

#include "base/codec.h"
#include "pcsc.h"
#include "runner.h"

/* --- what goes to the key, and what it says of itself
 * -----------------------------------------------*/

/* GM/T 0017, DevInfo: where its fields stand */
enum { MAKER = 4, LABEL = 132, SERIAL = 164, ASYMMETRIC = 204, DEVINFO = 288 };

#define GET_DEV_INFO 0x04

static struct lie {
    size_t at, size;
    const char *says; /* NULL: the truth */
} lies[3];
static atomic_uint sent[256]; /* by instruction */

/* The program's symbol comes before the library's. */
__attribute__((visibility("default"))) LONG
SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *pci, const unsigned char *command,
              DWORD len, SCARD_IO_REQUEST *got_pci, unsigned char *answer, DWORD *got)
{
    pc_transmit *real = pc_real_transmit();
    LONG rv = real(card, pci, command, len, got_pci, answer, got);
    if (len < 2)
        return rv;
    sent[command[1]]++;
    for (size_t i = 0; i < 3; i++)
        if (command[1] == GET_DEV_INFO && *got >= DEVINFO && lies[i].says)
            memcpy(answer + lies[i].at, lies[i].says, lies[i].size);
    return rv;
}

static void initialise(void)
{
    mh_load(&h, getenv("P11_MODULE"));
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
}

/* --- texts
 * --------------------------------------------------------------------------------------*/

#define EXPECT_TEXT(field, want) expect_text(#field, field, sizeof(field), want)

static void expect_text(const char *what, const unsigned char *field, size_t size, const char *want)
{
    char padded[80];
    ck_assert_int_eq(snprintf(padded, sizeof padded, "%-*s", (int)size, want), (int)size);
    ck_assert_msg(memcmp(field, padded, size) == 0, "%s: \"%.*s\"", what, (int)size, field);
}

#define EXPECT_PLAIN(field) expect_plain(#field, field, sizeof(field))

/* Valid UTF-8, without a NUL or anything else that is no character to be seen, and not empty. */
static void expect_plain(const char *what, const unsigned char *field, size_t size)
{
    bool good = bk_utf8_valid(field, size) && field[0] != ' ';
    for (size_t i = 0; i < size; i++)
        good = good && field[i] >= 0x20 && field[i] != 0x7f;
    ck_assert_msg(good, "%s: \"%.*s\"", what, (int)size, field);
}

START_TEST(texts_are_padded_with_blanks)
{
    const char *serial = getenv("KEY_SERIAL"), *end[] = {"", " SM2"};
    CK_INFO info, *module = &info;
    ck_assert_uint_eq(h.f->C_GetInfo(module), CKR_OK);
    EXPECT_TEXT(module->manufacturerID, "bjca-pkcs11");
    EXPECT_PLAIN(module->libraryDescription);
    for (CK_SLOT_ID i = 0; i < 2; i++) {
        CK_SLOT_INFO slot;
        CK_TOKEN_INFO token;
        char text[65];
        ck_assert_uint_eq(h.f->C_GetSlotInfo(i, &slot), CKR_OK);
        (void)snprintf(text, sizeof text, "BJCA test reader 00 00%s", end[i]);
        EXPECT_TEXT(slot.slotDescription, text);
        EXPECT_TEXT(slot.manufacturerID, "bjca-pkcs11");
        ck_assert_uint_eq(h.f->C_GetTokenInfo(i, &token), CKR_OK);
        (void)snprintf(text, sizeof text, "BJCA-UserKey %s%s", serial + strlen(serial) - 6, end[i]);
        EXPECT_TEXT(token.label, text);
        EXPECT_PLAIN(token.manufacturerID);
        EXPECT_TEXT(token.model, i ? "BJCA SM2" : "BJCA RSA");
        EXPECT_TEXT(token.serialNumber, serial);
        EXPECT_TEXT(token.utcTime, "");
    }
}
END_TEST

/* Fields of 32 and 64 bytes, however a maker filled them. */
static const char odd_texts[][65] = {
    "密钥甲乙丙丁戊己庚辛壬癸密", /* the shorter field cuts a character */
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "\xff\xfe\x80 no UTF-8 \xc3",
    "a:b\n\t\x7f:",
    "x                                                               ",
};

START_TEST(whatever_a_maker_wrote_texts_are_texts)
{
    CK_TOKEN_INFO token[2];
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    lies[0] = (struct lie){MAKER, 64, odd_texts[_i]};
    lies[1] = (struct lie){LABEL, 32, odd_texts[_i]};
    lies[2] = (struct lie){SERIAL, 32, odd_texts[_i]};
    /* its maker isn't known by name any more */
    ck_assert_int_eq(setenv("BJCA_CONF", getenv("CONF_WITH_DIALECT"), 1), 0);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    for (CK_SLOT_ID i = 0; i < 2; i++) {
        ck_assert_uint_eq(h.f->C_GetTokenInfo(i, &token[i]), CKR_OK);
        EXPECT_PLAIN(token[i].label);
        EXPECT_PLAIN(token[i].manufacturerID);
        EXPECT_PLAIN(token[i].model);
        EXPECT_PLAIN(token[i].serialNumber);
        ck_assert_ptr_null(memchr(token[i].label, ':', 32));
        ck_assert_ptr_null(memchr(token[i].serialNumber, ':', 16));
    }
    ck_assert_mem_ne(token[0].label, token[1].label, 32);
}
END_TEST

/* --- no PIN is used
 * -----------------------------------------------------------------------------*/

static unsigned pin_commands(void)
{
    /* proof of the device key and its change; PIN changed, proved, given anew; log-out */
    static const unsigned char all[] = {0x10, 0x12, 0x16, 0x18, 0x1a, 0x1c};
    unsigned n = 0;
    for (size_t i = 0; i < sizeof all; i++)
        n += sent[all[i]];
    return n;
}

static void look_around(CK_SLOT_ID slot)
{
    CK_SLOT_INFO slot_info;
    CK_TOKEN_INFO info;
    CK_SESSION_INFO session_info;
    CK_SESSION_HANDLE s = 0;
    CK_BYTE b[8];
    CK_ULONG n = 0;
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    struct bk_buf cert = BK_BUF_INIT;
    ck_assert_uint_eq(h.f->C_GetSlotInfo(slot, &slot_info), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetTokenInfo(slot, &info), CKR_OK);
    ck_assert(info.flags & CKF_USER_PIN_COUNT_LOW);
    ck_assert_uint_eq(h.f->C_GetMechanismList(slot, NULL, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s),
                      CKR_OK);
    ck_assert_uint_eq(h.f->C_GetSessionInfo(s, &session_info), CKR_OK);
    ck_assert_uint_eq(session_info.state, CKS_RW_PUBLIC_SESSION);
    ck_assert_uint_eq(mh_count(&h, s, CKO_CERTIFICATE), 2);
    ck_assert_uint_eq(mh_count(&h, s, CKO_PRIVATE_KEY), 0);
    ck_assert(mh_bytes_attr(&h, s, mh_find(&h, s, CKO_CERTIFICATE, 0), CKA_VALUE, &cert));
    ck_assert_uint_eq(h.f->C_GenerateRandom(s, b, sizeof b), CKR_OK);
    ck_assert_uint_eq(h.v->BJCA_GetStatus(slot, &st), CKR_OK);
    ck_assert_uint_eq(st.userTriesLeft, 9);
    ck_assert_uint_eq(h.f->C_CloseSession(s), CKR_OK);
    bk_buf_free(&cert);
}

/* A try was spent before: the right PIN, from wherever, would give it back. */
START_TEST(nothing_of_a_start_uses_a_pin)
{
    CK_ULONG n = 0;
    ck_assert(!mh_try_login(&h, 0, "wrong-pin"));
    ck_assert_uint_eq(pc_tries(), 9);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    for (size_t i = 0; i < 256; i++)
        sent[i] = 0;
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetSlotList(0, NULL, &n), CKR_OK);
    ck_assert_uint_eq(h.f->C_GetSlotList(1, NULL, &n), CKR_OK);
    ck_assert_uint_eq(n, 2);
    for (CK_SLOT_ID slot = 0; slot < 2; slot++)
        look_around(slot);
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    ck_assert_uint_gt(sent[GET_DEV_INFO], 0);
    ck_assert_uint_eq(pin_commands(), 0);
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    ck_assert_uint_eq(pc_tries(), 9);
    ck_assert(pc_log_in());
    ck_assert_uint_eq(pin_commands(), 1);
    ck_assert_uint_eq(sent[0x18], 1);
    ck_assert_uint_eq(pc_tries(), 10);
}
END_TEST

/* --- a key that lacks an algorithm
 * ----------------------------------------------------------------*/

/* RSA alone, SM2 alone; the numbers are in the dialect's order. */
static const char *capabilities(CK_SLOT_ID can)
{
    bool little = strcmp(getenv("KEY_DIALECT"), "gmt0017") == 0;
    if (can == 0)
        return little ? "\0\0\1\0" : "\0\1\0\0";
    return little ? "\0\7\2\0" : "\0\2\7\0";
}

static void expect_absent(CK_SLOT_ID slot)
{
    CK_SLOT_INFO info;
    CK_TOKEN_INFO token;
    CK_SESSION_HANDLE s = 0;
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    CK_ULONG n = 0;
    ck_assert_uint_eq(h.f->C_GetSlotInfo(slot, &info), CKR_OK);
    ck_assert(!(info.flags & CKF_TOKEN_PRESENT));
    ck_assert_uint_eq(h.f->C_GetTokenInfo(slot, &token), CKR_TOKEN_NOT_PRESENT);
    ck_assert_uint_eq(h.f->C_GetMechanismList(slot, NULL, &n), CKR_TOKEN_NOT_PRESENT);
    ck_assert_uint_eq(h.f->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &s),
                      CKR_TOKEN_NOT_PRESENT);
    ck_assert_uint_eq(h.v->BJCA_GetStatus(slot, &st), CKR_TOKEN_NOT_PRESENT);
}

START_TEST(a_token_is_absent_where_the_key_can_not_do_it)
{
    CK_SLOT_ID can = (CK_SLOT_ID)_i, slots[4] = {9, 9, 9, 9};
    CK_SLOT_INFO info;
    CK_ULONG n = 4;
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
    lies[0] = (struct lie){ASYMMETRIC, 4, capabilities(can)};
    ck_assert_uint_eq(h.f->C_Initialize(NULL), CKR_OK);
    expect_absent(1 - can); /* asked first, too */
    ck_assert_uint_eq(h.f->C_GetSlotList(0, slots, &n), CKR_OK);
    ck_assert_uint_eq(n, 4); /* the driver's second reader is empty */
    n = 4;
    ck_assert_uint_eq(h.f->C_GetSlotList(1, slots, &n), CKR_OK);
    ck_assert_uint_eq(n, 1);
    ck_assert_uint_eq(slots[0], can);
    ck_assert_uint_eq(h.f->C_GetSlotInfo(can, &info), CKR_OK);
    ck_assert(info.flags & CKF_TOKEN_PRESENT);
    CK_SESSION_HANDLE s = mh_try_login(&h, can, getenv("KEY_PIN"));
    ck_assert_uint_ne(s, 0);
    ck_assert(mh_identity_works(&h, s));
    expect_absent(1 - can);
}
END_TEST

static void finalise(void)
{
    ck_assert_uint_eq(h.f->C_Finalize(NULL), CKR_OK);
}

int main(void)
{
    if (!getenv("KEY_CONTROL") || !getenv("P11_MODULE") || !getenv("CONF_WITH_DIALECT"))
        return 77; /* not under with-key --pcsc: make check skips it */
    Suite *suite = suite_create("tokens");
    TCase *t = tcase_create("tokens");
    tcase_add_checked_fixture(t, initialise, finalise);
    tcase_add_test(t, texts_are_padded_with_blanks);
    tcase_add_loop_test(t, whatever_a_maker_wrote_texts_are_texts, 0,
                        sizeof odd_texts / sizeof *odd_texts);
    tcase_add_test(t, nothing_of_a_start_uses_a_pin);
    tcase_add_loop_test(t, a_token_is_absent_where_the_key_can_not_do_it, 0, 2);
    tcase_set_timeout(t, 60);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
