/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A PIN that a key refused costs it no second try, wherever the key is put in the meantime: in
 * another reader, or in the same one after other keys. Readers are names of files that keys are
 * moved to and from.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "life.h"
#include "runner.h"
#include "token/refused.h"

#define KEYS (BK_REFUSED_KEPT + 1)
#define WRONG "wrong-one"

static char reader[2][128], drawer[KEYS][128];

/* Two empty readers of a production station, and the keys beside them. */
static void setup(void)
{
    life_start(BK_VKEY_GMT0017, BK_VKEY_DIRECT, "[module]\nproduction-station = yes\n");
    for (int i = 0; i < 2; i++)
        (void)snprintf(reader[i], sizeof reader[i], "%s/reader%d", h.dir, i);
    for (int i = 0; i < KEYS; i++)
        (void)snprintf(drawer[i], sizeof drawer[i], "%s/key%d", h.dir, i);
    FILE *f = fopen(h.conf, "ae");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_gt(fprintf(f, "[key]\nvirtual-key = %s:%s\n", reader[0], reader[1]), 0);
    ck_assert_int_eq(fclose(f), 0);
    life_restart();
}

static void remove_key(const char *path)
{
    char lock[136];
    (void)snprintf(lock, sizeof lock, "%s.lock", path);
    (void)unlink(path);
    (void)unlink(lock);
}

static void teardown(void)
{
    for (int i = 0; i < 2; i++)
        remove_key(reader[i]);
    for (int i = 0; i < KEYS; i++)
        remove_key(drawer[i]);
    life_teardown();
    ck_assert_int_ne(access(h.dir, F_OK), 0);
}

static void make_key(int i, int serial, const char *pin)
{
    char text[16];
    (void)snprintf(text, sizeof text, "SERIAL%04d", serial);
    struct bk_vkey_params p = {.serial = text,
                               .user_pin = pin,
                               .user_pin_len = strlen(pin),
                               .admin_pin = MH_ADMIN,
                               .admin_pin_len = strlen(MH_ADMIN)};
    ck_assert_int_eq(bk_vkey_create(drawer[i], &p), BK_OK);
}

static void move(const char *from, const char *to)
{
    CK_ULONG n = 0;
    ck_assert_int_eq(rename(from, to), 0);
    ck_assert_uint_eq(h.f->C_GetSlotList(1, NULL, &n), CKR_OK);
}

static void plug(int i, int into)
{
    move(drawer[i], reader[into]);
}

static void pull(int i, int from)
{
    move(reader[from], drawer[i]);
}

static CK_RV log_in(int into, CK_USER_TYPE user, const char *pin)
{
    CK_SESSION_HANDLE s = life_session((CK_SLOT_ID)into * 2, CKF_RW_SESSION);
    CK_RV rv = h.f->C_Login(s, user, (CK_BYTE *)(uintptr_t)pin, strlen(pin));
    ck_assert_uint_eq(h.f->C_CloseSession(s), CKR_OK);
    return rv;
}

static CK_ULONG left(int in, CK_USER_TYPE user)
{
    CK_BJCA_STATUS st = {.ulSize = sizeof st};
    ck_assert_uint_eq(h.v->BJCA_GetStatus((CK_SLOT_ID)in * 2, &st), CKR_OK);
    return user == CKU_SO ? st.adminTriesLeft : st.userTriesLeft;
}

/* Plugs the key in, has it asked, and pulls it again; the tries it then has. */
static CK_ULONG refuse_pin(int i, int into, CK_USER_TYPE user, const char *pin)
{
    plug(i, into);
    ck_assert_uint_eq(log_in(into, user, pin), CKR_PIN_INCORRECT);
    CK_ULONG n = left(into, user);
    pull(i, into);
    return n;
}

static CK_ULONG refuse(int i, int into, CK_USER_TYPE user)
{
    return refuse_pin(i, into, user, WRONG);
}

static const CK_USER_TYPE users[] = {CKU_USER, CKU_SO};
static const char *const pins[] = {MH_PIN, MH_ADMIN};

START_TEST(nor_in_another_reader)
{
    make_key(0, 0, MH_PIN);
    for (int turn = 0; turn < 4; turn++)
        ck_assert_uint_eq(refuse(0, turn % 2, users[_i]), 9);
    plug(0, 1);
    ck_assert_uint_eq(log_in(1, users[_i], pins[_i]), CKR_OK);
    ck_assert_uint_eq(left(1, users[_i]), 10);
    pull(0, 1);
    /* since another PIN was accepted it may be right */
    ck_assert_uint_eq(refuse(0, 0, users[_i]), 9);
}
END_TEST

START_TEST(nor_after_another_key)
{
    make_key(0, 0, MH_PIN);
    make_key(1, 1, MH_PIN);
    for (int turn = 0; turn < 6; turn++)
        ck_assert_uint_eq(refuse(turn % 2, 0, users[_i]), 9);
    /* one's is none of the other's, nor the user's the administrator's */
    plug(1, 0);
    ck_assert_uint_eq(log_in(0, users[_i], pins[_i]), CKR_OK);
    pull(1, 0);
    ck_assert_uint_eq(refuse(0, 0, users[_i]), 9);
    ck_assert_uint_eq(refuse(0, 0, users[!_i]), 9);
    ck_assert_uint_eq(refuse(0, 0, users[_i]), 9);
}
END_TEST

/* The one that refused longest ago is forgotten, and heeded anew once it has refused again. */
START_TEST(of_so_many_keys)
{
    for (int i = 0; i < KEYS; i++) {
        make_key(i, i, MH_PIN);
        ck_assert_uint_eq(refuse(i, i % 2, users[_i]), 9);
    }
    for (int i = KEYS - 1; i > 0; i--)
        ck_assert_uint_eq(refuse(i, i % 2, users[_i]), 9);
    ck_assert_uint_eq(refuse(0, 0, users[_i]), 8);
    ck_assert_uint_eq(refuse(0, 1, users[_i]), 8);
    /* one that has accepted a PIN since takes nobody's place */
    plug(0, 0);
    ck_assert_uint_eq(log_in(0, users[_i], pins[_i]), CKR_OK);
    pull(0, 0);
    ck_assert_uint_eq(refuse(1, 0, users[_i]), 8);
    for (int i = 2; i < KEYS; i++)
        ck_assert_uint_eq(refuse(i, 0, users[_i]), 9);
}
END_TEST

/* A maker's mistake: what one refused may be right for the other. */
START_TEST(a_key_of_the_same_serial_gets_its_own)
{
    make_key(0, 7, MH_PIN);
    make_key(1, 7, WRONG);
    ck_assert_uint_eq(refuse(0, 0, CKU_USER), 9);
    plug(1, _i);
    ck_assert_uint_eq(log_in(_i, CKU_USER, WRONG), CKR_OK);
    ck_assert_uint_eq(left(_i, CKU_USER), 10);
    pull(1, _i);
    /* where both have as few tries left they can't be told apart, until it has refused another */
    make_key(2, 7, MH_PIN);
    ck_assert_uint_eq(refuse_pin(1, _i, CKU_USER, "wrong-1"), 9);
    ck_assert_uint_eq(refuse(2, 0, CKU_USER), 9);
    ck_assert_uint_eq(refuse_pin(1, _i, CKU_USER, WRONG), 9);
    ck_assert_uint_eq(refuse_pin(1, _i, CKU_USER, "wrong-2"), 8);
    plug(1, _i);
    ck_assert_uint_eq(log_in(_i, CKU_USER, WRONG), CKR_OK);
}
END_TEST

/* The same key, which the module holds by two names. */
START_TEST(what_one_reader_hears_counts_in_the_other)
{
    make_key(0, 0, MH_PIN);
    plug(0, 0);
    ck_assert_int_eq(link(reader[0], reader[1]), 0);
    ck_assert_uint_eq(left(0, CKU_USER), 10);
    ck_assert_uint_eq(left(1, CKU_USER), 10);
    ck_assert_uint_eq(log_in(0, CKU_USER, WRONG), CKR_PIN_INCORRECT);
    (void)unlink(reader[1]);
    ck_assert_int_eq(link(reader[0], reader[1]), 0);
    ck_assert_uint_eq(log_in(1, CKU_USER, WRONG), CKR_PIN_INCORRECT);
    ck_assert_uint_eq(left(1, CKU_USER), 9);
}
END_TEST

START_TEST(until_the_end)
{
    make_key(0, 0, MH_PIN);
    ck_assert_uint_eq(refuse(0, 0, CKU_USER), 9);
    life_restart();
    ck_assert_uint_eq(refuse(0, 0, CKU_USER), 8);
    ck_assert_uint_eq(refuse(0, 1, CKU_USER), 8);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("refused");
    TCase *t = tcase_create("refused");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, nor_in_another_reader, 0, 2);
    tcase_add_loop_test(t, nor_after_another_key, 0, 2);
    tcase_add_loop_test(t, of_so_many_keys, 0, 2);
    tcase_add_loop_test(t, a_key_of_the_same_serial_gets_its_own, 0, 2);
    tcase_add_test(t, what_one_reader_hears_counts_in_the_other);
    tcase_add_test(t, until_the_end);
    tcase_set_timeout(t, 60);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
