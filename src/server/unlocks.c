/* SPDX-License-Identifier: Apache-2.0 */
/* Asking for an unlock: hint, request, and the link that suspends it. */
#include <stdio.h>
#include <string.h>

#include "server/api.h"
#include "base/codec.h"
#include "server/ident.h"
#include "server/key_account.h"
#include "server/limits.h"
#include "server/page.h"
#include "server/phone.h"
#include "server/unlock.h"
#include "server/unlock_api.h"
#include "server/unlock_tell.h"

#define MINUTE_MS (INT64_C(60) * 1000)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

#define LIMIT_TEXT 72u

/* What an unknown serial is answered: one of the prefixes in use, always the same for a serial. */
static enum bk_err decoy_prefix(const struct bk_escrow *escrow, const char *serial, char prefix[4])
{
    uint8_t hash[32];
    enum bk_err err = bk_escrow_hash(escrow, "phone-decoy", serial, strlen(serial), hash);
    if (err == BK_OK)
        bk_phone_prefix((unsigned)(hash[0] << 8 | hash[1]), prefix);
    return err;
}

enum bk_err bk_unlock_limit_address(struct bk_req *req, bool *refused)
{
    int64_t wait = 0;
    enum bk_err err = bk_limit_take(req->tx, "unlock-address", req->group, req->now, HOUR_MS,
                                    req->app->policy.address_per_hour, &wait);
    *refused = err == BK_OK && wait;
    return *refused ? bk_refuse_later(req, wait) : err;
}

enum bk_err bk_api_unlock_hint(struct bk_req *req)
{
    struct bk_key key;
    const char *serial = NULL;
    char prefix[4] = "";
    bool refused = false;
    enum bk_err err = bk_req_text(req, "serial", 1, BK_SERIAL_MAX, &serial, &refused);
    if (err == BK_OK && !refused)
        err = bk_unlock_limit_address(req, &refused);
    if (err != BK_OK || refused)
        return err;
    /* the decoy is made in either case, so that the time taken tells nothing */
    err = decoy_prefix(req->app->escrow, serial, prefix);
    if (err != BK_OK)
        return err;
    err = bk_key_find(req->tx, serial, &key);
    /* what an old register holds that is no mobile number would stand out */
    if (err == BK_OK && bk_phone_valid(key.phone))
        (void)snprintf(prefix, sizeof prefix, "%.3s", key.phone);
    if (err != BK_OK && err != BK_ENOTFOUND)
        return err;
    return bk_reply(req, 200, json_pack("{s:s}", "phone_prefix", prefix));
}

struct asked {
    enum bk_unlock_way way;
    const char *serial;
    const char *name;             /* of the phone's holder, or of the account's company */
    char to[BK_ACCOUNT_MAX + 1];  /* the phone or the account's number */
    char counted[LIMIT_TEXT + 1]; /* what limits count it as */
    struct bk_key key;
    bool matched;
    enum bk_unlock_word word;
    char id[BK_ULID + 1];
    char code[BK_CODE + 1];
    char token[BK_SUSPEND_TOKEN + 1];
    int64_t code_at, expires_at;
};

static enum bk_err refuse_member(struct bk_req *req, const char *code, const char *member,
                                 bool *refused)
{
    *refused = true;
    return bk_refuse_with(req, code, json_pack("{s:s}", "member", member));
}

/* No phone and no account stands in clear in the limits: anybody can name anybody's. */
static enum bk_err count_as(struct bk_req *req, struct asked *a)
{
    uint8_t hash[32];
    enum bk_err err = bk_escrow_hash(req->app->escrow, "limit", a->to, strlen(a->to), hash);
    if (err == BK_OK)
        bk_hex_text(hash, sizeof hash, a->counted);
    return err;
}

static enum bk_err read_phone(struct bk_req *req, struct asked *a, bool *refused)
{
    const char *phone = NULL;
    enum bk_err err = bk_req_text(req, "phone", 1, BK_PHONE_TYPED, &phone, refused);
    if (err == BK_OK && !*refused)
        err = bk_req_text(req, "name", 1, BK_HOLDER_MAX, &a->name, refused);
    if (err != BK_OK || *refused)
        return err;
    return bk_phone_read(phone, a->to) ? count_as(req, a)
                                       : refuse_member(req, "bad-phone", "phone", refused);
}

static enum bk_err read_account(struct bk_req *req, struct asked *a, bool *refused)
{
    const char *account = NULL;
    enum bk_err err = bk_req_text(req, "account", 1, BK_PHONE_TYPED, &account, refused);
    if (err == BK_OK && !*refused)
        err = bk_req_text(req, "name", 1, BK_KEY_COMPANY, &a->name, refused);
    if (err != BK_OK || *refused)
        return err;
    return bk_account_read(account, a->to) ? count_as(req, a)
                                           : refuse_member(req, "bad-request", "account", refused);
}

static enum bk_err read_request(struct bk_req *req, struct asked *a, bool *refused)
{
    const char *way = NULL;
    enum bk_err err = bk_req_text(req, "serial", 1, BK_SERIAL_MAX, &a->serial, refused);
    if (err == BK_OK && !*refused)
        err = bk_req_text(req, "way", 1, 16, &way, refused);
    if (err != BK_OK || *refused)
        return err;
    a->way = bk_unlock_way_parse(way);
    if (!bk_key_serial_valid(a->serial))
        return refuse_member(req, "bad-request", "serial", refused);
    if (a->way == BK_UNLOCK_WAYS)
        return refuse_member(req, "bad-request", "way", refused);
    return a->way == BK_UNLOCK_BY_PHONE     ? read_phone(req, a, refused)
           : a->way == BK_UNLOCK_BY_ACCOUNT ? read_account(req, a, refused)
                                            : BK_OK;
}

struct limit {
    const char *scope;
    int64_t window, max;
};

/* Counts in all of them; wait is the longest that one asks for. */
static enum bk_err take_limits(struct bk_req *req, const struct limit *limits, size_t count,
                               const char *subject, int64_t *wait)
{
    enum bk_err err = BK_OK;
    *wait = 0;
    for (size_t i = 0; err == BK_OK && i < count; i++) {
        int64_t one = 0;
        err = bk_limit_take(req->tx, limits[i].scope, subject, req->now, limits[i].window,
                            limits[i].max, &one);
        *wait = one > *wait ? one : *wait;
    }
    return err;
}

/* What one address may ask for, in all and about one phone or account. Anybody can name a phone:
 * only what its holder could have asked for is counted for the phone itself, by limit_match. */
static enum bk_err limit_asker(struct bk_req *req, const char *counted, bool *refused)
{
    const struct bk_policy *p = &req->app->policy;
    const struct limit limits[] = {{"unlock-asker-minute", MINUTE_MS, p->phone_per_minute},
                                   {"unlock-asker-hour", HOUR_MS, p->phone_per_hour},
                                   {"unlock-asker-day", DAY_MS, p->phone_per_day}};
    char subject[BK_ADDRESS_TEXT + LIMIT_TEXT + 2];
    int64_t wait = 0;
    enum bk_err err = bk_unlock_limit_address(req, refused);
    if (err != BK_OK || *refused)
        return err;
    (void)snprintf(subject, sizeof subject, "%s %s", req->group, counted);
    err = take_limits(req, limits, 3, subject, &wait);
    *refused = err == BK_OK && wait;
    return *refused ? bk_refuse_later(req, wait) : err;
}

/*
 * What a phone or an account, and a key, may be sent, counted only after serial, number and name
 * were right: none of them is a secret, and a limit must not become a way to lock their owner out.
 * Each way has its own, for who has an invoice knows the account.
 * Whoever is over it gets the usual answer and no message. Requests that don't match are counted
 * too, each in a place that nobody reads, for the same work.
 */
static enum bk_err limit_match(struct bk_req *req, struct asked *a)
{
    const struct bk_policy *p = &req->app->policy;
    const struct limit by_phone[] = {{"unlock-phone-hour", HOUR_MS, p->phone_per_hour},
                                     {"unlock-phone-day", DAY_MS, p->phone_per_day}};
    const struct limit by_key[] = {
        {a->way == BK_UNLOCK_BY_PHONE ? "unlock-key" : "unlock-key-account", DAY_MS,
         p->key_per_day}};
    const char *place = a->matched ? "" : "no-match ";
    int64_t since = a->way == BK_UNLOCK_BY_PHONE ? a->key.phone_since : a->key.account_since;
    char phone[LIMIT_TEXT + 16], key[BK_SERIAL_MAX + 16];
    int64_t phone_wait = 0, key_wait = 0;
    (void)snprintf(phone, sizeof phone, "%s%s", place, a->counted);
    (void)snprintf(key, sizeof key, "%s%s", place, a->serial);
    enum bk_err err = take_limits(req, by_phone, 2, phone, &phone_wait);
    if (err == BK_OK)
        err = take_limits(req, by_key, 1, key, &key_wait);
    bool quiet = since && req->now - since < p->phone_quiet_ms;
    a->word = !a->matched || phone_wait ? BK_WORD_NONE
              : key_wait || quiet       ? BK_WORD_NOTICE
                                        : BK_WORD_CODE;
    return err;
}

/* Of an unknown serial the record is empty, and a phone never is. */
static bool phone_matches(const struct asked *a)
{
    return bk_secret_equal(a->key.phone, strlen(a->key.phone), a->to, strlen(a->to)) &&
           bk_secret_equal(a->key.holder, strlen(a->key.holder), a->name, strlen(a->name));
}

static enum bk_err match(struct bk_req *req, struct asked *a)
{
    uint8_t hash[32];
    enum bk_err err = bk_key_find(req->tx, a->serial, &a->key);
    if (err != BK_OK && err != BK_ENOTFOUND)
        return err;
    if (a->way == BK_UNLOCK_BY_PHONE) {
        a->matched = phone_matches(a);
        return limit_match(req, a);
    }
    /* made whatever is on record, so that the time taken tells nothing */
    err = bk_key_account_hash(req->app->escrow, a->serial, a->name, a->to, hash);
    if (err != BK_OK)
        return err;
    bool equal = bk_secret_equal(hash, sizeof hash, a->key.account_hash, sizeof hash);
    a->matched = equal && a->key.has_account;
    return limit_match(req, a);
}

static enum bk_err store_request(struct bk_req *req, const struct asked *a)
{
    uint8_t code_hash[32], token_hash[32];
    enum bk_err err = bk_code_hash(req->app->escrow, a->id, a->code, code_hash);
    if (err == BK_OK)
        err = bk_escrow_hash(req->app->escrow, "unlock-suspend", a->token, BK_SUSPEND_TOKEN,
                             token_hash);
    if (err == BK_OK)
        err = bk_tx_exec(
            req->tx,
            "INSERT INTO unlocks (id, serial, matched, state, code_hash, tries_left, created_at,"
            " expires_at, suspend_hash, first_at, redemptions, rounds, slot, swapped, pin_sent,"
            " expects, address, done_at, way)"
            " VALUES ($1, $2, $3, 'open', $4, $5, $6, $7, $8, 0, 0, 0, 0, 0, 0, 'begin', $9, 0,"
            " $10)",
            BK_VALS(bk_text(a->id), bk_text(a->serial), bk_int(a->matched),
                    bk_bytes(code_hash, sizeof code_hash), bk_int(req->app->policy.code_tries),
                    bk_int(req->now), bk_int(a->expires_at),
                    bk_bytes(token_hash, sizeof token_hash), bk_text(req->in->peer),
                    bk_text(bk_unlock_way_name(a->way))),
            NULL);
    return err;
}

static enum bk_err announce(struct bk_req *req, const struct asked *a)
{
    const struct bk_unlock_news news = {.id = a->id,
                                        .serial = a->serial,
                                        .way = a->way,
                                        .phone = a->way == BK_UNLOCK_BY_PHONE ? a->to : "",
                                        .code = a->code,
                                        .token = a->token,
                                        .word = a->word,
                                        .now = req->now,
                                        .expires_at = a->expires_at,
                                        .code_at = a->code_at};
    return bk_unlock_tell(req->app, req->tx, &news);
}

enum bk_err bk_api_unlock_request(struct bk_req *req)
{
    struct asked a = {0};
    char object[48], detail[112];
    bool refused = false;
    enum bk_err err = read_request(req, &a, &refused);
    if (err == BK_OK && !refused && a.way == BK_UNLOCK_BY_DOCUMENTS)
        return bk_unlock_request_reviewed(req, a.serial);
    if (err == BK_OK && !refused)
        err = limit_asker(req, a.counted, &refused);
    if (err != BK_OK || refused)
        return err;
    a.code_at = req->now + req->app->policy.unlock_delay_ms;
    a.expires_at = a.code_at + (a.way == BK_UNLOCK_BY_ACCOUNT ? req->app->policy.transfer_ms
                                                              : req->app->policy.code_ms);
    err = match(req, &a);
    if (err == BK_OK)
        err = bk_ulid(a.id);
    if (err == BK_OK)
        err = bk_random_text("BCDFGHJKLMNPQRSTVWXZ", BK_CODE, a.code);
    if (err == BK_OK)
        err = bk_random_hex(BK_SUSPEND_TOKEN / 2, a.token);
    if (err == BK_OK)
        err = store_request(req, &a);
    if (err == BK_OK)
        err = announce(req, &a);
    (void)snprintf(object, sizeof object, "unlock:%s", a.id);
    (void)snprintf(detail, sizeof detail, "key %s, by %s: %s", a.serial, bk_unlock_way_name(a.way),
                   !a.matched                 ? "no match"
                   : a.word == BK_WORD_CODE   ? "code sent"
                   : a.word == BK_WORD_NOTICE ? "no code sent"
                                              : "over its limit, nothing sent");
    if (err == BK_OK)
        err = bk_req_audit(req, "unlock.requested", object, detail);
    bk_wipe(a.code, sizeof a.code);
    return err == BK_OK
               ? bk_reply(req, 202,
                          json_pack("{s:s, s:I, s:I}", "id", a.id, "expires_at",
                                    (json_int_t)a.expires_at, "code_at", (json_int_t)a.code_at))
               : err;
}

/* --- the link that suspends --- */

static enum bk_err find_by_token(struct bk_req *req, struct bk_unlock *unlock)
{
    uint8_t hash[32];
    enum bk_err err = bk_unlock_load(req->tx, req->params[0], unlock);
    if (err == BK_OK)
        err = bk_escrow_hash(req->app->escrow, "unlock-suspend", req->params[1],
                             strlen(req->params[1]), hash);
    if (err == BK_OK && !bk_secret_equal(hash, sizeof hash, unlock->suspend_hash, sizeof hash))
        err = BK_ENOTFOUND;
    return err;
}

static enum bk_err page(struct bk_req *req, const char *zh, const char *en, bool button)
{
    struct bk_page page;
    bk_page_begin(&page, req, bk_say(req, "证书密钥解锁", "Unlocking a certificate key"));
    bk_html(&page.html, "<p>%s</p>", bk_say(req, zh, en));
    if (button)
        bk_html(&page.html, "<form method=\"post\"><button class=\"bad\">%s</button></form>",
                bk_say(req, "中止解锁", "Stop the unlock"));
    return bk_page_end(&page, 200);
}

/* Reading the page changes nothing: programs that look at links in messages must not suspend. */
enum bk_err bk_api_unlock_suspend_page(struct bk_req *req)
{
    struct bk_unlock unlock;
    enum bk_err err = find_by_token(req, &unlock);
    if (err == BK_ENOTFOUND)
        return bk_refuse(req, "not-found");
    if (err != BK_OK)
        return err;
    if (!bk_unlock_stoppable(&unlock))
        return page(req, "该解锁申请已结束。", "This unlock request is over.", false);
    return page(req, "有人申请解锁您的证书密钥。如果不是您本人，请中止。",
                "Somebody asks to unlock your certificate key. Stop it if it isn't you.", true);
}

enum bk_err bk_api_unlock_suspend(struct bk_req *req)
{
    struct bk_unlock unlock;
    char object[48];
    enum bk_err err = find_by_token(req, &unlock);
    if (err == BK_ENOTFOUND)
        return bk_refuse(req, "not-found");
    if (err == BK_OK && bk_unlock_stoppable(&unlock)) {
        (void)snprintf(object, sizeof object, "unlock:%s", unlock.id);
        err = bk_unlock_suspend(req->tx, &unlock, req->now);
        if (err == BK_OK)
            err = bk_req_audit(req, "unlock.suspended", object, "");
    }
    if (err != BK_OK)
        return err;
    if (unlock.state == BK_UNLOCK_DONE)
        return page(req, "解锁已经完成，无法中止。请立即联系客服。",
                    "The unlock has been done already: ask the service desk at once.", false);
    return page(req, "解锁申请已中止。", "The unlock request has been stopped.", false);
}
