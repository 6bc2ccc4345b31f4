/* SPDX-License-Identifier: Apache-2.0 */
#include "server/verification.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "server/ident.h"
#include "server/tell.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static enum bk_err find(struct bk_tx *tx, const char *sql, const struct bk_val *vals, size_t count,
                        struct bk_verification *v)
{
    struct bk_rows r = BK_ROWS_INIT;
    memset(v, 0, sizeof *v);
    enum bk_err err = bk_tx_get(tx, sql, vals, count, &r);
    if (err == BK_OK) {
        bk_row_copy(&r, 0, 0, v->id, sizeof v->id);
        bk_row_copy(&r, 0, 1, v->order_id, sizeof v->order_id);
        bk_row_copy(&r, 0, 2, v->purpose, sizeof v->purpose);
        v->way = bk_identity_way_parse(bk_row_text(&r, 0, 3));
        bk_row_copy(&r, 0, 4, v->state, sizeof v->state);
        bk_row_copy(&r, 0, 5, v->code_id, sizeof v->code_id);
        v->failing = bk_row_int(&r, 0, 6) != 0;
        v->created_at = bk_row_int(&r, 0, 7);
        v->expires_at = bk_row_int(&r, 0, 8);
        err = v->way == BK_IDENTITY_WAYS ? BK_ECORRUPT : BK_OK;
    }
    bk_rows_free(&r);
    return err;
}

#define COLUMNS                                                                                    \
    "SELECT id, order_id, purpose, way, state, code_id, failing, created_at, expires_at"           \
    " FROM verifications"

enum bk_err bk_verification_newest(struct bk_tx *tx, const char *order_id, const char *purpose,
                                   struct bk_verification *v)
{
    return find(tx, COLUMNS " WHERE order_id = $1 AND purpose = $2 ORDER BY seq DESC LIMIT 1",
                BK_VALS(bk_text(order_id), bk_text(purpose)), v);
}

static enum bk_err load(struct bk_tx *tx, const char *id, struct bk_verification *v)
{
    return find(tx, COLUMNS " WHERE id = $1", BK_VALS(bk_text(id)), v);
}

static enum bk_err save(struct bk_tx *tx, const struct bk_verification *v)
{
    return bk_tx_exec(tx,
                      "UPDATE verifications SET state = $1, code_id = $2, failing = $3,"
                      " expires_at = $4 WHERE id = $5",
                      BK_VALS(bk_text(v->state), bk_text(*v->code_id ? v->code_id : NULL),
                              bk_int(v->failing), bk_int(v->expires_at), bk_text(v->id)),
                      NULL);
}

static void set_state(struct bk_verification *v, const char *state)
{
    (void)snprintf(v->state, sizeof v->state, "%s", state);
    v->failing = false;
}

enum bk_err bk_verification_by_transfer(struct bk_tx *tx, const char *order_id, bool *is)
{
    return bk_tx_any(tx,
                     "SELECT 1 FROM verifications WHERE order_id = $1"
                     " AND way = 'transfer' AND state = 'done' LIMIT 1",
                     BK_VALS(bk_text(order_id)), is);
}

enum bk_err bk_verification_known(struct bk_tx *tx, const char *order_id, bool *known)
{
    return bk_tx_any(tx,
                     "SELECT 1 FROM applications a WHERE a.order_id = $1 AND (a.reviewed = 0 OR"
                     " EXISTS (SELECT 1 FROM verifications v WHERE v.order_id = a.order_id"
                     " AND v.purpose = 'verify' AND v.state = 'done'))",
                     BK_VALS(bk_text(order_id)), known);
}

enum bk_err bk_verification_void(struct bk_tx *tx, const char *order_id, const char *purpose)
{
    char subject[BK_CODE_SUBJECT];
    (void)snprintf(subject, sizeof subject, "%s", order_id);
    enum bk_err err =
        bk_tx_exec(tx,
                   "UPDATE verifications SET state = 'void' WHERE order_id = $1 AND purpose = $2"
                   " AND state IN ('asked', 'sent', 'done')",
                   BK_VALS(bk_text(order_id), bk_text(purpose)), NULL);
    return err == BK_OK ? bk_code_void(tx, purpose, subject) : err;
}

const char *bk_verification_bar(const struct bk_application *a, enum bk_identity_way way)
{
    bool citizen =
        strcmp(bk_application_text(a->details, "legal_person", "id_type"), "citizen") == 0;
    if (way == BK_BY_TRANSFER)
        return json_object_get(a->details, "bank") ? NULL : "bank";
    return citizen ? NULL : "legal_person.id_type"; /* whom the other providers know */
}

/* --- codes --- */

static enum bk_err make_code(struct bk_app *app, struct bk_tx *tx, struct bk_verification *v,
                             int64_t now, char code[BK_CODE + 1])
{
    const struct bk_code_ask ask = {.purpose = v->purpose,
                                    .subject = v->order_id,
                                    .now = now,
                                    .expires_at = v->expires_at,
                                    .tries = app->policy.code_tries};
    return bk_code_make(tx, app->escrow, &ask, v->code_id, code);
}

/* To the legal person's phone. */
static enum bk_err send_code(struct bk_app *app, struct bk_tx *tx, struct bk_verification *v,
                             const struct bk_application *a, int64_t now)
{
    char code[BK_CODE + 1];
    v->expires_at = now + app->policy.code_ms;
    enum bk_err err = make_code(app, tx, v, now, code);
    const struct bk_tell tell = {.dedupe = v->id,
                                 .phone = bk_application_text(a->details, "legal_person", "phone"),
                                 .template =
                                     strcmp(v->purpose, "sign") == 0 ? "sign-code" : "verify-code",
                                 .code = code,
                                 .now = now,
                                 .expires_at = v->expires_at};
    char company[BK_QUOTED];
    bk_tell_quote(bk_application_text(a->details, "company", "name"), company);
    if (err == BK_OK)
        err = bk_tell_sms(app, tx, &tell, json_pack("{s:s}", "company", company));
    bk_wipe(code, sizeof code);
    if (err == BK_OK)
        set_state(v, "sent");
    return err;
}

/* --- begun --- */

static enum bk_err insert(struct bk_tx *tx, const struct bk_verification *v)
{
    return bk_tx_exec(
        tx,
        "INSERT INTO verifications (id, order_id, purpose, way, state, code_id, failing,"
        " created_at, expires_at, seq) VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8,"
        " (SELECT coalesce(max(seq), 0) + 1 FROM verifications))",
        BK_VALS(bk_text(v->id), bk_text(v->order_id), bk_text(v->purpose),
                bk_text(bk_identity_way_name(v->way)), bk_text(v->state),
                bk_text(*v->code_id ? v->code_id : NULL), bk_int(v->created_at),
                bk_int(v->expires_at)),
        NULL);
}

/* What the provider is to be told stands in the outbox, sealed, until it has been. */
static enum bk_err ask_outside(struct bk_app *app, struct bk_tx *tx, struct bk_verification *v,
                               const struct bk_verification_ask *ask)
{
    char code[BK_CODE + 1] = "", memo[BK_CODE + 2] = "", dedupe[64];
    enum bk_err err = BK_OK;
    set_state(v, "asked");
    v->expires_at = ask->now + DAY_MS;
    if (v->way == BK_BY_TRANSFER) {
        v->expires_at = ask->now + app->policy.transfer_ms;
        err = make_code(app, tx, v, ask->now, code);
        bk_code_show(code, memo);
    }
    (void)snprintf(dedupe, sizeof dedupe, "identity:%s", v->id);
    if (err == BK_OK)
        err = bk_outbox_add(tx, app->escrow, "identity", dedupe,
                            json_pack("{s:s, s:s, s:s}", "verification", v->id, "card",
                                      ask->card ? ask->card : "", "memo", memo),
                            ask->now, v->expires_at);
    bk_wipe(code, sizeof code);
    bk_wipe(memo, sizeof memo);
    return err;
}

enum bk_err bk_verification_begin(struct bk_app *app, struct bk_tx *tx,
                                  const struct bk_verification_ask *ask)
{
    struct bk_verification v = {.way = ask->way, .created_at = ask->now};
    (void)snprintf(v.order_id, sizeof v.order_id, "%s", ask->application->order_id);
    (void)snprintf(v.purpose, sizeof v.purpose, "%s", ask->purpose);
    enum bk_err err = bk_ulid(v.id);
    if (err == BK_OK)
        err = bk_verification_void(tx, v.order_id, v.purpose);
    /* who was compared before has only to be sent a code */
    bool inside = strcmp(ask->purpose, "sign") == 0 && ask->way != BK_BY_TRANSFER;
    if (err == BK_OK)
        err = inside ? send_code(app, tx, &v, ask->application, ask->now)
                     : ask_outside(app, tx, &v, ask);
    return err == BK_OK ? insert(tx, &v) : err;
}

enum bk_err bk_verification_take(struct bk_app *app, struct bk_tx *tx, const char *order_id,
                                 const char *purpose, const char *text, int64_t now,
                                 struct bk_code_use *use)
{
    struct bk_verification v;
    *use = (struct bk_code_use){.problem = "order-state"};
    enum bk_err err = bk_verification_newest(tx, order_id, purpose, &v);
    /* a code in a memo may be read before the provider says that it has arrived */
    if (err == BK_ENOTFOUND || (err == BK_OK && (!*v.code_id || strcmp(v.state, "mismatch") == 0 ||
                                                 strcmp(v.state, "no-record") == 0)))
        return BK_OK;
    if (err == BK_OK)
        err = bk_code_take(tx, app->escrow, purpose, v.code_id, text, now, use);
    if (err == BK_OK && !use->problem) {
        set_state(&v, "done");
        err = save(tx, &v);
    }
    return err;
}

/* --- the worker's part --- */

static enum bk_err note(struct bk_tx *tx, const struct bk_verification *v)
{
    char object[48], detail[64];
    (void)snprintf(object, sizeof object, "order:%s", v->order_id);
    (void)snprintf(detail, sizeof detail, "%s by %s: %s", v->purpose, bk_identity_way_name(v->way),
                   v->state);
    const struct bk_audit entry = {.actor = "provider:identity",
                                   .address = "",
                                   .action = "order.identity",
                                   .object = object,
                                   .detail = detail};
    return bk_audit_add(tx, &entry);
}

struct asked {
    const char *id, *card, *memo, *flow;
    struct bk_verification v;
    struct bk_application a;
};

static enum bk_err read_item(const struct bk_outbox_item *item, struct asked *k)
{
    return bk_json_str(item->payload, "verification", BK_ULID, &k->id);
}

static enum bk_err look(struct bk_app *app, struct asked *k)
{
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = load(tx, k->id, &k->v);
    if (err == BK_OK)
        err = bk_application_load(tx, app->escrow, k->v.order_id, &k->a);
    bk_tx_rollback(&tx);
    return err;
}

static enum bk_err watch_transfer(struct bk_app *app, struct bk_tx *tx,
                                  const struct bk_verification *v, const char *flow, int64_t now)
{
    char dedupe[64];
    (void)snprintf(dedupe, sizeof dedupe, "transfer:%s", v->id);
    return bk_outbox_add(tx, app->escrow, "transfer", dedupe,
                         json_pack("{s:s, s:s}", "verification", v->id, "flow", flow), now,
                         v->expires_at);
}

/* What the provider said becomes the verification's state, unless that is over by now. */
static enum bk_err settle(struct bk_app *app, struct bk_tx *tx, struct asked *k, const char *flow,
                          enum bk_identity_result result)
{
    struct bk_verification *v = &k->v;
    struct bk_order order = {0};
    int64_t now = bk_now_ms();
    enum bk_err err = load(tx, k->id, v);
    if (err == BK_OK)
        err = bk_order_load(tx, v->order_id, &order);
    if (err != BK_OK || strcmp(v->state, "asked") != 0 || !bk_order_unfinished(order.state))
        return err;
    if (result == BK_IDENTITY_PENDING) {
        v->failing = false;
        err = save(tx, v);
        return err == BK_OK && *flow ? watch_transfer(app, tx, v, flow, now) : err;
    }
    if (result != BK_IDENTITY_MATCH) {
        err = bk_verification_void(tx, v->order_id, v->purpose); /* its code */
        set_state(v, result == BK_IDENTITY_MISMATCH ? "mismatch" : "no-record");
    } else if (v->way == BK_BY_TRANSFER) {
        set_state(v, "sent");
    } else {
        err = send_code(app, tx, v, &k->a, now);
    }
    if (err == BK_OK)
        err = save(tx, v);
    return err == BK_OK ? note(tx, v) : err;
}

/* failed: BK_OK, or what asking came to, which is told to the customer. */
static enum bk_err finish(struct bk_app *app, struct asked *k, const char *flow,
                          enum bk_identity_result result, enum bk_err failed)
{
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK && failed != BK_OK)
        err =
            bk_tx_exec(tx, "UPDATE verifications SET failing = 1 WHERE id = $1 AND state = 'asked'",
                       BK_VALS(bk_text(k->id)), NULL);
    else if (err == BK_OK)
        err = settle(app, tx, k, flow, result);
    err = bk_tx_end(&tx, err);
    return err == BK_OK ? failed : err;
}

static struct bk_identity_subject subject_of(const struct asked *k)
{
    const json_t *d = k->a.details;
    return (struct bk_identity_subject){.way = k->v.way,
                                        .id = k->v.id,
                                        .name = bk_application_text(d, "legal_person", "name"),
                                        .id_number =
                                            bk_application_text(d, "legal_person", "id_number"),
                                        .phone = bk_application_text(d, "legal_person", "phone"),
                                        .card = k->card,
                                        .company = bk_application_text(d, "company", "name"),
                                        .account = bk_application_text(d, "bank", "account"),
                                        .bank = bk_application_text(d, "bank", "name"),
                                        .memo = k->memo};
}

enum bk_err bk_verification_ask_provider(struct bk_app *app, const struct bk_outbox_item *item)
{
    char flow[BK_FLOW] = "";
    enum bk_identity_result result = BK_IDENTITY_PENDING;
    struct asked k = {.id = NULL};
    enum bk_err err = read_item(item, &k);
    if (err != BK_OK || bk_json_str(item->payload, "card", BK_CARD_MAX, &k.card) != BK_OK ||
        bk_json_str(item->payload, "memo", BK_CODE + 1, &k.memo) != BK_OK)
        return BK_ECORRUPT;
    err = look(app, &k);
    if (err == BK_OK && strcmp(k.v.state, "asked") == 0) {
        const struct bk_identity_subject subject = subject_of(&k);
        err = bk_identity_start(app->identity, &subject, flow, &result);
        err = finish(app, &k, flow, result, err);
    }
    bk_application_free(&k.a);
    return err;
}

enum bk_err bk_verification_ask_transfer(struct bk_app *app, const struct bk_outbox_item *item)
{
    enum bk_identity_result result = BK_IDENTITY_PENDING;
    struct asked k = {.id = NULL};
    enum bk_err err = read_item(item, &k);
    if (err != BK_OK || bk_json_str(item->payload, "flow", BK_FLOW - 1, &k.flow) != BK_OK)
        return BK_ECORRUPT;
    err = look(app, &k);
    if (err == BK_OK && strcmp(k.v.state, "asked") == 0) {
        err = bk_identity_check(app->identity, k.flow, &result);
        bool waits = err == BK_OK && result == BK_IDENTITY_PENDING;
        if (!waits || k.v.failing)
            err = finish(app, &k, "", result, err);
        if (err == BK_OK && waits)
            err = BK_EBUSY; /* not there yet */
    }
    bk_application_free(&k.a);
    return err;
}
