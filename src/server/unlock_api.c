/* SPDX-License-Identifier: Apache-2.0 */
/* Unlocks that are asked for with documents, until staff have them. Whoever asks draws a secret,
 * sends it with the request, and shows it as a bearer token (in hex) with all that follows. */
#include "server/unlock_api.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/codec.h"
#include "base/secret.h"
#include "server/api.h"
#include "server/ident.h"
#include "server/order_api.h"
#include "server/phone.h"
#include "server/unlock_review.h"
#include "server/upload_api.h"

#define SECRET 32u
#define DAY_MS (INT64_C(24) * 3600 * 1000)

static enum bk_err refuse_member(struct bk_req *req, const char *code, const char *member,
                                 bool *refused)
{
    *refused = true;
    return bk_refuse_with(req, code, json_pack("{s:s}", "member", member));
}

static enum bk_err hash_secret(const struct bk_req *req, const void *secret, uint8_t hash[32])
{
    return bk_escrow_hash(req->app->escrow, "unlock-client", secret, SECRET, hash);
}

/* --- asked for --- */

/* A phone in its one form, or an address when there is mail. */
static enum bk_err read_contact(struct bk_req *req, struct bk_unlock_review *r, bool *refused)
{
    const char *text = NULL;
    enum bk_err err = bk_req_text(req, "contact", 1, BK_CONTACT_MAX, &text, refused);
    if (err != BK_OK || *refused)
        return err;
    if (bk_phone_read(text, r->contact))
        return BK_OK;
    if (!bk_email_valid(text))
        return refuse_member(req, "bad-request", "contact", refused);
    if (!req->app->mail)
        return refuse_member(req, "way-unavailable", "contact", refused);
    (void)snprintf(r->contact, sizeof r->contact, "%s", text);
    return BK_OK;
}

static enum bk_err read_request(struct bk_req *req, struct bk_unlock_review *r, bool *refused)
{
    const char *company = NULL;
    struct bk_buf secret = BK_BUF_INIT;
    enum bk_err err = bk_req_text(req, "name", 1, BK_KEY_COMPANY, &company, refused);
    if (err == BK_OK && !*refused)
        err = read_contact(req, r, refused);
    if (err == BK_OK && !*refused)
        err = bk_req_bytes(req, "client_secret", SECRET, SECRET, &secret, refused);
    if (err == BK_OK && !*refused) {
        (void)snprintf(r->company, sizeof r->company, "%s", company);
        err = hash_secret(req, secret.data, r->token_hash);
    }
    bk_buf_free(&secret);
    return err;
}

static enum bk_err limit(struct bk_req *req, bool *refused)
{
    int64_t wait = 0;
    enum bk_err err = bk_unlock_limit_address(req, refused);
    if (err == BK_OK && !*refused)
        err = bk_req_limit(req, "unlock-reviews", req->group, DAY_MS,
                           req->app->policy.reviews_per_day, &wait);
    if (err == BK_OK && wait)
        *refused = true;
    return wait ? bk_refuse_later(req, wait) : err;
}

/* Without a code yet: no hash of one is all zeros. */
static enum bk_err store(struct bk_req *req, const struct bk_unlock *u)
{
    static const uint8_t none[32];
    return bk_tx_exec(
        req->tx,
        "INSERT INTO unlocks (id, serial, matched, state, code_hash, tries_left, created_at,"
        " expires_at, suspend_hash, first_at, redemptions, rounds, slot, swapped, pin_sent,"
        " expects, address, done_at, way) VALUES ($1, $2, 0, 'draft', $3, $4, $5, $6, $3, 0, 0, 0,"
        " 0, 0, 0, 'begin', $7, 0, 'documents')",
        BK_VALS(bk_text(u->id), bk_text(u->serial), bk_bytes(none, sizeof none),
                bk_int(req->app->policy.code_tries), bk_int(req->now), bk_int(u->expires_at),
                bk_text(req->in->peer)),
        NULL);
}

static enum bk_err note(struct bk_req *req, const char *id, const char *action, const char *detail)
{
    char object[48];
    (void)snprintf(object, sizeof object, "unlock:%s", id);
    return bk_req_audit(req, action, object, detail);
}

enum bk_err bk_unlock_request_reviewed(struct bk_req *req, const char *serial)
{
    struct bk_unlock_review r = {.unlock = {.expires_at = req->now + DAY_MS}};
    char detail[96];
    bool refused = false;
    enum bk_err err = read_request(req, &r, &refused);
    if (err == BK_OK && !refused)
        err = limit(req, &refused);
    if (err != BK_OK || refused)
        return err;
    (void)snprintf(r.unlock.serial, sizeof r.unlock.serial, "%s", serial);
    (void)snprintf(detail, sizeof detail, "key %s, by documents", serial);
    err = bk_ulid(r.unlock.id);
    if (err == BK_OK)
        err = store(req, &r.unlock);
    if (err == BK_OK)
        err = bk_unlock_review_add(req->app, req->tx, &r);
    if (err == BK_OK)
        err = note(req, r.unlock.id, "unlock.requested", detail);
    return err == BK_OK ? bk_reply(req, 202,
                                   json_pack("{s:s, s:I}", "id", r.unlock.id, "expires_at",
                                             (json_int_t)r.unlock.expires_at))
                        : err;
}

/* --- what follows --- */

/* One that isn't there, and one that is another's, are answered the same. */
static enum bk_err find(struct bk_req *req, struct bk_unlock_review *r, bool *refused)
{
    uint8_t hash[32];
    struct bk_buf secret = BK_BUF_INIT;
    const char *header = bk_httpd_header(req->in, "Authorization");
    bool given = header && strncasecmp(header, "Bearer ", 7) == 0 &&
                 bk_hex_decode(header + 7, strlen(header + 7), &secret) == BK_OK &&
                 secret.len == SECRET;
    enum bk_err err = given ? hash_secret(req, secret.data, hash) : BK_ENOTFOUND;
    if (err == BK_OK)
        err = bk_unlock_review_load(req->app, req->tx, req->params[0], r);
    if (err == BK_OK && !bk_secret_equal(hash, sizeof hash, r->token_hash, sizeof hash))
        err = BK_ENOTFOUND;
    bk_buf_free(&secret);
    *refused = err == BK_ENOTFOUND;
    return *refused ? bk_refuse(req, "not-found") : err;
}

/* Only while it is filled in. */
static enum bk_err find_draft(struct bk_req *req, struct bk_unlock_review *r, bool *refused)
{
    enum bk_err err = find(req, r, refused);
    if (err != BK_OK || *refused)
        return err;
    const char *problem = r->unlock.state == BK_UNLOCK_REVIEW  ? "in-review"
                          : r->unlock.state != BK_UNLOCK_DRAFT ? "code-void"
                          : req->now > r->unlock.expires_at    ? "code-expired"
                                                               : NULL;
    *refused = problem != NULL;
    return problem ? bk_refuse(req, problem) : BK_OK;
}

static enum bk_err put_papers(struct bk_req *req, const char *id, json_t *json)
{
    struct bk_rows rows = BK_ROWS_INIT;
    json_t *list = json_array();
    enum bk_err err = list ? bk_paper_list(req->tx, id, &rows) : BK_ENOMEM;
    for (size_t i = 0; err == BK_OK && i < rows.count; i++)
        if (json_array_append_new(list, json_string(bk_row_text(&rows, i, 0))) != 0)
            err = BK_ENOMEM;
    bk_rows_free(&rows);
    if (err != BK_OK)
        json_decref(list);
    else if (json_object_set_new(json, "documents", list) != 0)
        err = BK_ENOMEM;
    return err;
}

/* "open": it has a code, which may be used up since. */
static const char *state_of(const struct bk_req *req, const struct bk_unlock_review *r)
{
    const struct bk_unlock *u = &r->unlock;
    bool over =
        !u->bound && req->now > (u->state == BK_UNLOCK_OPEN ? bk_unlock_review_until(req->app, r)
                                                            : u->expires_at);
    switch (u->state) {
    case BK_UNLOCK_DRAFT:
        return over ? "void" : "draft";
    case BK_UNLOCK_REVIEW:
        return over ? "void" : "review";
    case BK_UNLOCK_REJECTED:
        return "rejected";
    case BK_UNLOCK_OPEN:
        return over ? "void" : "approved";
    case BK_UNLOCK_DONE:
        return "done";
    case BK_UNLOCK_SUSPENDED:
    case BK_UNLOCK_VOID:
    case BK_UNLOCK_REFUSED:
        break;
    }
    return "void";
}

static enum bk_err reply(struct bk_req *req, const struct bk_unlock_review *r)
{
    const struct bk_unlock *u = &r->unlock;
    json_t *json = json_pack("{s:s, s:s, s:I}", "id", u->id, "state", state_of(req, r),
                             "expires_at", (json_int_t)u->expires_at);
    enum bk_err err = json ? put_papers(req, u->id, json) : BK_ENOMEM;
    if (err == BK_OK && u->state == BK_UNLOCK_REVIEW &&
        json_object_set_new(json, "due_at", json_integer(r->due_at)) != 0)
        err = BK_ENOMEM;
    if (err == BK_OK && u->state == BK_UNLOCK_REJECTED &&
        json_object_set_new(json, "reason", json_string(r->reason)) != 0)
        err = BK_ENOMEM;
    if (err == BK_OK)
        return bk_reply(req, 200, json);
    json_decref(json);
    return err;
}

enum bk_err bk_api_unlock_get(struct bk_req *req)
{
    struct bk_unlock_review r;
    bool refused = false;
    enum bk_err err = find(req, &r, &refused);
    return err == BK_OK && !refused ? reply(req, &r) : err;
}

enum bk_err bk_api_unlock_submit(struct bk_req *req)
{
    struct bk_unlock_review r;
    bool refused = false;
    enum bk_err err = find(req, &r, &refused);
    if (err == BK_OK && !refused && r.unlock.state == BK_UNLOCK_REVIEW)
        return reply(req, &r); /* the answer to the first was lost */
    if (err == BK_OK && !refused)
        err = find_draft(req, &r, &refused);
    if (err != BK_OK || refused)
        return err;
    err = bk_unlock_review_enter(req->app, req->tx, &r, req->now);
    if (err == BK_ESTATE)
        return bk_refuse(req, "documents-missing");
    if (err == BK_OK)
        err = note(req, r.unlock.id, "unlock.submitted", r.unlock.serial);
    return err == BK_OK ? reply(req, &r) : err;
}

/* --- a document --- */

static enum bk_err attach(struct bk_req *req, const struct bk_upload *upload, bool *refused)
{
    struct bk_unlock_review r;
    enum bk_err err = find_draft(req, &r, refused);
    if (err == BK_OK && !*refused)
        err = bk_paper_attach(req->app, req->tx, upload, r.unlock.id, req->params[1], req->now);
    return err == BK_OK && !*refused ? note(req, r.unlock.id, "unlock.document", req->params[1])
                                     : err;
}

enum bk_err bk_api_paper_put(struct bk_req *req)
{
    struct bk_unlock_review r;
    bool refused = false;
    if (!bk_paper_is_kind(req->params[1]))
        return bk_refuse(req, "not-found");
    enum bk_err err = find_draft(req, &r, &refused);
    const struct bk_uploading to = {"upload-unlock", r.unlock.id, attach, bk_api_unlock_get};
    return err == BK_OK && !refused ? bk_req_upload(req, &to) : err;
}
