/* SPDX-License-Identifier: Apache-2.0 */
/* The register's two administrator PINs through unlocks that are cut, refused and repeated: the
 * platform's side against a key of a few lines, without HTTP. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "runner.h"
#include "server/keys.h"
#include "server/unlock.h"
#include "serverhost.h"

static void add_key(struct bk_tx *tx)
{
    const struct bk_key key = {.serial = "K1",
                               .dialect = BK_DIALECT_LONGMAI,
                               .admin_first = true,
                               .application = "BJCA-Application",
                               .phone = "13800000001",
                               .holder = "测试用户甲"};
    ck_assert_int_eq(bk_key_add(tx, host.app.escrow, &key, "admin-pin-1", NULL, 0, 1), BK_OK);
}

static void check_pin(struct bk_tx *tx, enum bk_slot slot, const char *want)
{
    struct bk_buf pin = BK_BUF_INIT;
    enum bk_err err = bk_key_admin(tx, host.app.escrow, "K1", slot, &pin);
    ck_assert_int_eq(err, want ? BK_OK : BK_ENOTFOUND);
    if (want)
        ck_assert_str_eq((const char *)pin.data, want);
    bk_buf_free(&pin);
}

START_TEST(key_keeps_both_pins_until_one_is_shown)
{
    struct bk_key key;
    struct bk_tx *tx = serverhost_begin();
    add_key(tx);
    ck_assert_int_eq(bk_key_find(tx, "K1", &key), BK_OK);
    ck_assert(key.admin_first && key.active && !key.has_pending);
    check_pin(tx, BK_SLOT_PENDING, NULL);
    ck_assert_int_eq(bk_key_set_pending(tx, host.app.escrow, "K1", "admin-pin-2", "U1"), BK_OK);
    ck_assert_int_eq(bk_key_find(tx, "K1", &key), BK_OK);
    ck_assert(key.has_pending && key.use_pending);
    ck_assert_str_eq(key.pending_by, "U1");
    check_pin(tx, BK_SLOT_CURRENT, "admin-pin-1");
    check_pin(tx, BK_SLOT_PENDING, "admin-pin-2");
    ck_assert_int_eq(bk_key_settle(tx, host.app.escrow, "K1", BK_SLOT_PENDING, "U2", 1), BK_OK);
    check_pin(tx, BK_SLOT_CURRENT, "admin-pin-2");
    check_pin(tx, BK_SLOT_PENDING, NULL);
    bk_tx_rollback(&tx);
}
END_TEST

/* --- the two administrator PINs through unlocks that are cut short --- */

static struct bk_unlock new_unlock(struct bk_tx *tx, const char *id)
{
    static const uint8_t hash[32];
    struct bk_unlock unlock;
    ck_assert_int_eq(
        bk_tx_exec(tx,
                   "INSERT INTO unlocks (id, serial, matched, state, code_hash, tries_left,"
                   " created_at, expires_at, suspend_hash, first_at, redemptions, rounds, slot,"
                   " swapped, pin_sent, expects, address, done_at) VALUES ($1, 'K1', 1, 'open', $2,"
                   " 5, 1, 2, $2, 0, 0, 0, 0, 0, 0, 'begin', '', 0)",
                   BK_VALS(bk_text(id), bk_bytes(hash, sizeof hash)), NULL),
        BK_OK);
    ck_assert_int_eq(bk_unlock_load(tx, id, &unlock), BK_OK);
    ck_assert_int_eq(bk_unlock_make_pin(host.app.escrow, &unlock), BK_OK);
    ck_assert_int_eq(bk_unlock_save(tx, &unlock, 1), BK_OK);
    ck_assert_int_eq(bk_unlock_load(tx, id, &unlock), BK_OK);
    return unlock;
}

static int64_t ticks;

/* One message of the key; the unlock is written and read as between two requests. */
static const char *tell(struct bk_tx *tx, struct bk_unlock *u, enum bk_unlock_ask kind,
                        uint16_t status)
{
    const char *problem = NULL;
    struct bk_buf answer = BK_BUF_INIT;
    struct bk_unlock_in in = {
        .kind = kind, .serial = "K1", .status = status, .user_tries = 6, .admin_tries = 8};
    struct bk_unlock_step step = {.app = &host.app, .tx = tx, .unlock = u, .now = ++ticks};
    (void)snprintf(in.authorisation, sizeof in.authorisation, "%s", u->id);
    ck_assert_int_eq(bk_key_find(tx, "K1", &step.key), BK_OK);
    ck_assert_int_eq(bk_unlock_take(&step, &in, &answer, &problem), BK_OK);
    ck_assert_int_eq(bk_unlock_save(tx, u, 1), BK_OK);
    ck_assert_int_eq(bk_unlock_load(tx, in.authorisation, u), BK_OK);
    bk_buf_free(&answer);
    return problem;
}

static void goes(struct bk_tx *tx, struct bk_unlock *u, enum bk_unlock_ask kind, uint16_t status,
                 enum bk_unlock_expects then)
{
    ck_assert_ptr_null(tell(tx, u, kind, status));
    ck_assert_int_eq(u->expects, then);
}

START_TEST(resumed_unlock_keeps_the_pin_that_worked)
{
    struct bk_key key;
    struct bk_tx *tx = serverhost_begin();
    add_key(tx);
    ck_assert_int_eq(bk_tx_exec(tx, "UPDATE keys SET shape = 'direct'", BK_NO_VALS, NULL), BK_OK);
    ck_assert_int_eq(bk_key_set_pending(tx, host.app.escrow, "K1", "admin-pin-2", "U1"), BK_OK);
    struct bk_unlock u = new_unlock(tx, "U2");
    goes(tx, &u, BK_ASK_BEGIN, 0, BK_EXPECT_UNBLOCKED);
    ck_assert_int_eq(u.slot, BK_SLOT_PENDING);
    goes(tx, &u, BK_ASK_NEXT, 0x63c9, BK_EXPECT_UNBLOCKED);
    ck_assert_int_eq(u.slot, BK_SLOT_CURRENT);
    /* 1A works, and the word of it is lost */
    goes(tx, &u, BK_ASK_BEGIN, 0, BK_EXPECT_TRIED);
    ck_assert_int_eq(u.slot, BK_SLOT_CURRENT);
    goes(tx, &u, BK_ASK_ROTATE, 0x9000, BK_EXPECT_PROOF);
    check_pin(tx, BK_SLOT_CURRENT, "admin-pin-1");
    check_pin(tx, BK_SLOT_PENDING, "admin-pin-2");
    ck_assert_int_eq(bk_key_find(tx, "K1", &key), BK_OK);
    ck_assert(!key.use_pending);
    bk_tx_rollback(&tx);
}
END_TEST

START_TEST(verified_pin_is_the_one_preferred)
{
    struct bk_key key;
    struct bk_tx *tx = serverhost_begin();
    add_key(tx);
    ck_assert_int_eq(bk_key_set_pending(tx, host.app.escrow, "K1", "admin-pin-2", "U1"), BK_OK);
    struct bk_unlock u = new_unlock(tx, "U2");
    goes(tx, &u, BK_ASK_BEGIN, 0, BK_EXPECT_VERIFIED);
    goes(tx, &u, BK_ASK_NEXT, 0x63c9, BK_EXPECT_VERIFIED);
    goes(tx, &u, BK_ASK_NEXT, 0x9000, BK_EXPECT_UNBLOCKED);
    ck_assert_int_eq(bk_key_find(tx, "K1", &key), BK_OK);
    ck_assert(key.has_pending && !key.use_pending);
    bk_tx_rollback(&tx);
}
END_TEST

START_TEST(report_alone_forgets_no_pin)
{
    struct bk_key key;
    struct bk_tx *tx = serverhost_begin();
    add_key(tx);
    ck_assert_int_eq(bk_tx_exec(tx, "UPDATE keys SET shape = 'direct'", BK_NO_VALS, NULL), BK_OK);
    struct bk_unlock u = new_unlock(tx, "U1");
    goes(tx, &u, BK_ASK_BEGIN, 0, BK_EXPECT_UNBLOCKED);
    goes(tx, &u, BK_ASK_ROTATE, 0x9000, BK_EXPECT_ROTATED);
    goes(tx, &u, BK_ASK_PROOF, 0x9000, BK_EXPECT_ROTATED);
    ck_assert_int_eq(u.state, BK_UNLOCK_DONE);
    ck_assert_int_eq(bk_key_find(tx, "K1", &key), BK_OK);
    ck_assert(key.has_pending && key.use_pending);
    check_pin(tx, BK_SLOT_CURRENT, "admin-pin-1");
    /* the rotation never came to the key: the next unlock finds the PIN that it has */
    u = new_unlock(tx, "U2");
    goes(tx, &u, BK_ASK_BEGIN, 0, BK_EXPECT_UNBLOCKED);
    ck_assert_int_eq(u.slot, BK_SLOT_PENDING);
    goes(tx, &u, BK_ASK_NEXT, 0x63c7, BK_EXPECT_UNBLOCKED);
    goes(tx, &u, BK_ASK_ROTATE, 0x9000, BK_EXPECT_ROTATED);
    check_pin(tx, BK_SLOT_CURRENT, "admin-pin-1");
    bk_tx_rollback(&tx);
}
END_TEST

static void make_direct(struct bk_tx *tx)
{
    ck_assert_int_eq(bk_tx_exec(tx, "UPDATE keys SET shape = 'direct'", BK_NO_VALS, NULL), BK_OK);
}

static bool is_active(struct bk_tx *tx)
{
    struct bk_key key;
    ck_assert_int_eq(bk_key_find(tx, "K1", &key), BK_OK);
    return key.active;
}

/* A redemption has each of two PINs refused once; the key isn't given up for that, and the next
 * unlock begins with the same. */
START_TEST(spoilt_random_costs_no_key_with_two_pins)
{
    struct bk_tx *tx = serverhost_begin();
    add_key(tx);
    make_direct(tx);
    ck_assert_int_eq(bk_key_set_pending(tx, host.app.escrow, "K1", "admin-pin-2", "U1"), BK_OK);
    struct bk_unlock u = new_unlock(tx, "U2");
    goes(tx, &u, BK_ASK_BEGIN, 0, BK_EXPECT_UNBLOCKED);
    goes(tx, &u, BK_ASK_NEXT, 0x6988, BK_EXPECT_UNBLOCKED);
    ck_assert_int_eq(u.slot, BK_SLOT_CURRENT);
    ck_assert_str_eq(tell(tx, &u, BK_ASK_NEXT, 0x63c9), "key-needs-reissue");
    ck_assert_int_eq(u.state, BK_UNLOCK_REFUSED);
    ck_assert(is_active(tx));
    u = new_unlock(tx, "U3");
    goes(tx, &u, BK_ASK_BEGIN, 0, BK_EXPECT_UNBLOCKED);
    ck_assert_int_eq(u.slot, BK_SLOT_PENDING);
    goes(tx, &u, BK_ASK_ROTATE, 0x9000, BK_EXPECT_ROTATED);
    check_pin(tx, BK_SLOT_CURRENT, "admin-pin-2");
    bk_tx_rollback(&tx);
}
END_TEST

START_TEST(spoilt_random_is_forgiven_with_one_pin)
{
    struct bk_tx *tx = serverhost_begin();
    add_key(tx);
    struct bk_unlock u = new_unlock(tx, "U1");
    goes(tx, &u, BK_ASK_BEGIN, 0, BK_EXPECT_VERIFIED);
    goes(tx, &u, BK_ASK_NEXT, 0x63c9, BK_EXPECT_VERIFIED);
    goes(tx, &u, BK_ASK_NEXT, 0x9000, BK_EXPECT_UNBLOCKED);
    goes(tx, &u, BK_ASK_ROTATE, 0x9000, BK_EXPECT_ROTATED);
    u = new_unlock(tx, "U2");
    goes(tx, &u, BK_ASK_BEGIN, 0, BK_EXPECT_VERIFIED);
    goes(tx, &u, BK_ASK_NEXT, 0x63c9, BK_EXPECT_VERIFIED);
    ck_assert_str_eq(tell(tx, &u, BK_ASK_NEXT, 0x63c8), "key-needs-reissue");
    bk_tx_rollback(&tx);
}
END_TEST

/* After 18 has worked, a spoilt 1A doesn't send the other PIN. */
START_TEST(verified_pin_isnt_left_for_the_other)
{
    struct bk_tx *tx = serverhost_begin();
    add_key(tx);
    ck_assert_int_eq(bk_key_set_pending(tx, host.app.escrow, "K1", "admin-pin-2", "U1"), BK_OK);
    struct bk_unlock u = new_unlock(tx, "U2");
    goes(tx, &u, BK_ASK_BEGIN, 0, BK_EXPECT_VERIFIED);
    goes(tx, &u, BK_ASK_NEXT, 0x9000, BK_EXPECT_UNBLOCKED);
    goes(tx, &u, BK_ASK_NEXT, 0x6988, BK_EXPECT_VERIFIED);
    ck_assert_int_eq(u.slot, BK_SLOT_PENDING);
    bk_tx_rollback(&tx);
}
END_TEST

/* What a client says of a key isn't signed: one that says it is blocked ends its unlock, no more.
 */
static void claims_blocked(struct bk_tx *tx, const char *id)
{
    struct bk_unlock u = new_unlock(tx, id);
    ck_assert_ptr_null(tell(tx, &u, BK_ASK_BEGIN, 0));
    ck_assert_str_eq(tell(tx, &u, BK_ASK_NEXT, 0x6983), "key-needs-reissue");
    ck_assert_int_eq(u.state, BK_UNLOCK_REFUSED);
}

static void works(struct bk_tx *tx, const char *id)
{
    struct bk_unlock u = new_unlock(tx, id);
    goes(tx, &u, BK_ASK_BEGIN, 0, BK_EXPECT_UNBLOCKED);
    goes(tx, &u, BK_ASK_ROTATE, 0x9000, BK_EXPECT_ROTATED);
    goes(tx, &u, BK_ASK_PROOF, 0x9000, BK_EXPECT_ROTATED);
    ck_assert_int_eq(u.state, BK_UNLOCK_DONE);
}

START_TEST(two_unlocks_must_say_that_a_key_is_blocked)
{
    struct bk_tx *tx = serverhost_begin();
    int64_t count = -1;
    add_key(tx);
    make_direct(tx);
    claims_blocked(tx, "U1");
    ck_assert(is_active(tx));
    works(tx, "U2");
    claims_blocked(tx, "U3"); /* the first was forgotten when one worked */
    ck_assert(is_active(tx));
    claims_blocked(tx, "U4");
    ck_assert(!is_active(tx));
    ck_assert_int_eq(bk_unlock_refused(tx, "K1", "", &count), BK_OK);
    ck_assert_int_eq(count, 2);
    ck_assert_int_eq(bk_key_activate(tx, "K1"), BK_OK);
    ck_assert_int_eq(bk_unlock_forgive(tx, "K1"), BK_OK);
    ck_assert_int_eq(bk_key_activate(tx, "K2"), BK_ENOTFOUND);
    ck_assert(is_active(tx));
    claims_blocked(tx, "U5");
    ck_assert(is_active(tx));
    bk_tx_rollback(&tx);
}
END_TEST

/* --- false reports --- */

static int64_t kept(struct bk_tx *tx)
{
    int64_t count = -1;
    ck_assert_int_eq(bk_key_kept(tx, "K1", &count), BK_OK);
    return count;
}

/* The key has a certificate: without a signature that fits there is no report. */
static void add_certificate(struct bk_tx *tx)
{
    ck_assert_int_eq(
        bk_tx_exec(tx,
                   "INSERT INTO certificates (id, serial_number, algorithm, kind, key_serial,"
                   " container, pair, subject, fingerprint, der, not_before, not_after, state,"
                   " revoked_at, reason, created_at) VALUES ('rsa:1', '1', 'rsa', 'sign', 'K1', 'C',"
                   " 'rsa:1', '', '', $1, 0, 0, 'good', 0, 0, 0)",
                   BK_VALS(bk_bytes("x", 1)), NULL),
        BK_OK);
}

/* Whoever has a code, and no key, says that all commands worked. */
static void lies(struct bk_tx *tx, const char *id, enum bk_unlock_expects end)
{
    struct bk_unlock u = new_unlock(tx, id);
    goes(tx, &u, BK_ASK_BEGIN, 0, BK_EXPECT_UNBLOCKED);
    goes(tx, &u, BK_ASK_ROTATE, 0x9000, end);
    ck_assert_str_eq(tell(tx, &u, BK_ASK_PROOF, 0x9000), "proof-wrong");
}

START_TEST(lies_lose_no_pin)
{
    char id[16];
    struct bk_tx *tx = serverhost_begin();
    add_key(tx);
    make_direct(tx);
    add_certificate(tx);
    for (int i = 0; i < 20; i++) {
        (void)snprintf(id, sizeof id, "L%d", i);
        lies(tx, id, i <= BK_KEPT_MAX ? BK_EXPECT_ROTATED : BK_EXPECT_PROOF);
    }
    ck_assert_int_eq(kept(tx), BK_KEPT_MAX);
    /* the key's holder: two PINs are refused, the next code finds the right one */
    struct bk_unlock u = new_unlock(tx, "U1");
    goes(tx, &u, BK_ASK_BEGIN, 0, BK_EXPECT_UNBLOCKED);
    goes(tx, &u, BK_ASK_NEXT, 0x63c9, BK_EXPECT_UNBLOCKED);
    ck_assert_str_eq(tell(tx, &u, BK_ASK_NEXT, 0x63c8), "code-void");
    ck_assert(is_active(tx));
    u = new_unlock(tx, "U2");
    goes(tx, &u, BK_ASK_BEGIN, 0, BK_EXPECT_UNBLOCKED);
    ck_assert_int_eq(u.slot, BK_SLOT_CURRENT);
    check_pin(tx, BK_SLOT_CURRENT, "admin-pin-1");
    ck_assert_int_eq(kept(tx), BK_KEPT_MAX);
    bk_tx_rollback(&tx);
}
END_TEST

/* Nor do lies that it refused: what is put aside comes back in its turn. */
START_TEST(lies_about_refusals_lose_no_pin)
{
    struct bk_tx *tx = serverhost_begin();
    struct bk_buf pin = BK_BUF_INIT;
    int found = 0;
    add_key(tx);
    make_direct(tx);
    add_certificate(tx);
    lies(tx, "L1", BK_EXPECT_ROTATED);
    lies(tx, "L2", BK_EXPECT_ROTATED);
    lies(tx, "L3", BK_EXPECT_ROTATED);
    ck_assert_int_eq(kept(tx), 2);
    static const char *const ids[] = {"R1", "R2", "R3", "R4"};
    static const char *const said[] = {"code-void", "code-void", "key-needs-reissue",
                                       "key-needs-reissue"};
    for (int i = 0; i < 4; i++) {
        ck_assert(is_active(tx));
        struct bk_unlock u = new_unlock(tx, ids[i]);
        ck_assert_ptr_null(tell(tx, &u, BK_ASK_BEGIN, 0));
        ck_assert_str_eq(tell(tx, &u, BK_ASK_NEXT, 0x6983), said[i]);
    }
    ck_assert(!is_active(tx));
    ck_assert_int_eq(kept(tx), 2);
    ck_assert_int_eq(bk_key_admin(tx, host.app.escrow, "K1", BK_SLOT_CURRENT, &pin), BK_OK);
    found += strcmp((const char *)pin.data, "admin-pin-1") == 0;
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(bk_key_recall(tx, host.app.escrow, "K1", "S", ++ticks), BK_OK);
        ck_assert_int_eq(bk_key_admin(tx, host.app.escrow, "K1", BK_SLOT_CURRENT, &pin), BK_OK);
        found += strcmp((const char *)pin.data, "admin-pin-1") == 0;
    }
    ck_assert_int_eq(found, 1);
    bk_buf_free(&pin);
    bk_tx_rollback(&tx);
}
END_TEST

/* What an unlock found out of use, or took out of it, goes when the key has proved that unlock; what
 * others did meanwhile stays. */
START_TEST(proof_clears_what_was_before_it)
{
    struct bk_tx *tx = serverhost_begin();
    add_key(tx);
    make_direct(tx);
    struct bk_unlock u = new_unlock(tx, "A1"), honest;
    goes(tx, &u, BK_ASK_BEGIN, 0, BK_EXPECT_UNBLOCKED);
    goes(tx, &u, BK_ASK_ROTATE, 0x9000, BK_EXPECT_ROTATED);
    u = new_unlock(tx, "A2");
    goes(tx, &u, BK_ASK_BEGIN, 0, BK_EXPECT_UNBLOCKED);
    goes(tx, &u, BK_ASK_ROTATE, 0x9000, BK_EXPECT_ROTATED);
    ck_assert_int_eq(kept(tx), 1);
    honest = new_unlock(tx, "U1");
    honest.first_at = ++ticks;
    goes(tx, &honest, BK_ASK_BEGIN, 0, BK_EXPECT_UNBLOCKED);
    goes(tx, &honest, BK_ASK_ROTATE, 0x9000, BK_EXPECT_ROTATED);
    ck_assert_int_eq(kept(tx), 2);
    u = new_unlock(tx, "A3");
    goes(tx, &u, BK_ASK_BEGIN, 0, BK_EXPECT_UNBLOCKED);
    goes(tx, &u, BK_ASK_ROTATE, 0x9000, BK_EXPECT_ROTATED);
    ck_assert_int_eq(kept(tx), 3);
    goes(tx, &honest, BK_ASK_PROOF, 0x9000, BK_EXPECT_ROTATED);
    ck_assert_int_eq(kept(tx), 1);
    bk_tx_rollback(&tx);
}
END_TEST

/* --- a key, and a client that is cut --- */

enum cut {
    BEFORE_COMMAND, /* the platform's first answer is lost */
    AFTER_COMMAND,  /* 1A has worked, nobody hears of it */
    AFTER_CHANGE,   /* so has the change to the user's PIN */
    BEFORE_ROTATE,  /* the answer with the rotation is lost */
    AFTER_ROTATE,   /* the key has rotated, nobody hears of it */
    NO_CUT
};

struct model {
    struct bk_tx *tx;
    char admin[BK_ADMIN_PIN + 1];
    char one_time[27]; /* whose one-time PIN is set; "" when it is the user's */
    int tries, least;
    bool unlocked;
};

/* A command under the administrator PIN that the platform took it for. */
static uint16_t command(struct model *key, enum bk_slot slot)
{
    struct bk_buf pin = BK_BUF_INIT;
    ck_assert_int_eq(bk_key_admin(key->tx, host.app.escrow, "K1", slot, &pin), BK_OK);
    bool right = strcmp((const char *)pin.data, key->admin) == 0;
    bk_buf_free(&pin);
    key->tries = right ? 10 : key->tries - 1;
    key->least = key->tries < key->least ? key->tries : key->least;
    return right ? 0x9000 : (uint16_t)(0x63c0 | key->tries);
}

static uint16_t rotate(struct model *key)
{
    struct bk_buf pin = BK_BUF_INIT;
    uint16_t status = command(key, BK_SLOT_CURRENT);
    if (status != 0x9000)
        return status;
    ck_assert_int_eq(bk_key_admin(key->tx, host.app.escrow, "K1", BK_SLOT_PENDING, &pin), BK_OK);
    (void)snprintf(key->admin, sizeof key->admin, "%s", (const char *)pin.data);
    bk_buf_free(&pin);
    return status;
}

static void register_has(struct model *key)
{
    struct bk_buf pin = BK_BUF_INIT;
    bool found = false;
    for (int slot = BK_SLOT_CURRENT; slot <= BK_SLOT_PENDING; slot++)
        if (bk_key_admin(key->tx, host.app.escrow, "K1", (enum bk_slot)slot, &pin) == BK_OK)
            found = found || strcmp((const char *)pin.data, key->admin) == 0;
    bk_buf_free(&pin);
    ck_assert(found);
}

/* One redemption, up to the cut. */
static void play(struct model *key, struct bk_unlock *u, enum cut cut)
{
    enum bk_unlock_ask ask = BK_ASK_BEGIN;
    uint16_t status = 0;
    for (int round = 0; u->state != BK_UNLOCK_DONE; round++) {
        ck_assert_int_lt(round, 12);
        ck_assert_ptr_null(tell(key->tx, u, ask, status));
        register_has(key);
        ask = BK_ASK_NEXT;
        switch (u->expects) {
        case BK_EXPECT_VERIFIED:
            status = command(key, u->slot);
            break;
        case BK_EXPECT_UNBLOCKED:
            if (cut == BEFORE_COMMAND)
                return;
            status = command(key, u->slot);
            if (status != 0x9000)
                break;
            (void)snprintf(key->one_time, sizeof key->one_time, "%s", u->id);
            if (cut == AFTER_COMMAND)
                return;
            break;
        case BK_EXPECT_TRIED:
            status = strcmp(key->one_time, u->id) == 0 ? 0x9000 : 0x63c9;
            break;
        case BK_EXPECT_ROTATED:
            if (cut == BEFORE_ROTATE)
                return;
            if (u->state != BK_UNLOCK_DONE)
                status = rotate(key);
            if (cut == AFTER_ROTATE)
                return;
            ask = BK_ASK_PROOF;
            continue;
        case BK_EXPECT_PROOF:
            ask = BK_ASK_PROOF;
            continue;
        case BK_EXPECT_BEGIN:
            ck_abort();
        }
        if (status != 0x9000 || u->expects == BK_EXPECT_VERIFIED)
            continue;
        key->one_time[0] = 0;
        key->unlocked = true;
        if (cut == AFTER_CHANGE)
            return;
        ask = BK_ASK_ROTATE;
    }
}

/* U1 is left when it was told to rotate, U2 is cut twice anywhere, then goes through; so does U3.
 */
static void abandon_and_cut(bool direct, enum cut first, enum cut second, enum cut third)
{
    struct model key = {.admin = "admin-pin-1", .tries = 10, .least = 10};
    key.tx = serverhost_begin();
    add_key(key.tx);
    if (direct)
        make_direct(key.tx);
    struct bk_unlock u1 = new_unlock(key.tx, "U1"), u2 = new_unlock(key.tx, "U2"),
                     u3 = new_unlock(key.tx, "U3");
    play(&key, &u1, first);
    key.unlocked = false;
    play(&key, &u2, second);
    play(&key, &u2, third);
    play(&key, &u2, NO_CUT);
    ck_assert(key.unlocked);
    ck_assert_str_eq(key.one_time, "");
    key.unlocked = false;
    play(&key, &u3, NO_CUT);
    ck_assert(key.unlocked);
    ck_assert_int_ge(key.least, 8); /* never more than two in a row, all given back by the next */
    bk_tx_rollback(&key.tx);
}

START_TEST(abandoned_and_twice_cut_unlock_loses_no_pin)
{
    for (int direct = 0; direct < 2; direct++)
        for (int first = BEFORE_ROTATE; first <= AFTER_ROTATE; first++)
            for (int second = BEFORE_COMMAND; second < NO_CUT; second++)
                for (int third = BEFORE_COMMAND; third < NO_CUT; third++)
                    abandon_and_cut(direct, (enum cut)first, (enum cut)second, (enum cut)third);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server_unlock");
    TCase *tc = serverhost_case(suite, "unlock");
    tcase_add_test(tc, key_keeps_both_pins_until_one_is_shown);
    tcase_add_test(tc, resumed_unlock_keeps_the_pin_that_worked);
    tcase_add_test(tc, verified_pin_is_the_one_preferred);
    tcase_add_test(tc, report_alone_forgets_no_pin);
    tcase_add_test(tc, spoilt_random_costs_no_key_with_two_pins);
    tcase_add_test(tc, spoilt_random_is_forgiven_with_one_pin);
    tcase_add_test(tc, verified_pin_isnt_left_for_the_other);
    tcase_add_test(tc, two_unlocks_must_say_that_a_key_is_blocked);
    tcase_add_test(tc, abandoned_and_twice_cut_unlock_loses_no_pin);
    tcase_add_test(tc, lies_lose_no_pin);
    tcase_add_test(tc, lies_about_refusals_lose_no_pin);
    tcase_add_test(tc, proof_clears_what_was_before_it);
    return run_suite(suite);
}
