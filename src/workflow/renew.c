/* SPDX-License-Identifier: Apache-2.0 */
#include "workflow/renew.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "workflow/token.h"

#define ORDERS_MAX 16u
#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define CODE_MS 20000 /* between two looks for another payment code */
#define AWAY_MS 60000 /* that the platform may be away while a payment is waited for */

struct renewal {
    const struct bk_module *module;
    CK_SESSION_HANDLE session;
    CK_SLOT_ID slot;
    const CK_UTF8CHAR *name;
    struct bk_api *api;
    const struct bk_renew_ui *ui;
    struct bk_failure *failure;
    struct bk_renew_result *result;
    CK_BJCA_RENEW_PARAMS params; /* flags as the renewal began, when it was taken up */
    CK_BJCA_CONTAINER before;    /* the current generation when it began */
    char before_serial[64];      /* of its signing certificate, which kept keys change alone */
    enum bk_renew_step step;
};

static enum bk_err enter(struct renewal *r, enum bk_renew_step step)
{
    r->step = step;
    if (r->ui->progress(r->ui->context, step, 0, 0))
        return BK_OK;
    return bk_fail(r->failure, BK_ECANCELLED, "%s", "");
}

/* The module's progress during one of our steps. */
static CK_RV on_key_progress(CK_VOID_PTR context, CK_ULONG done, CK_ULONG total)
{
    struct renewal *r = context;
    return r->ui->progress(r->ui->context, r->step, done, total) ? CKR_OK : CKR_FUNCTION_CANCELED;
}

static enum bk_err call(struct renewal *r, CK_RV rv)
{
    return bk_module_result(r->module, rv, r->failure);
}

static enum bk_err current_container(struct renewal *r, CK_BJCA_CONTAINER *out)
{
    return bk_module_container(r->module, r->slot, (const char *)r->name, out, r->failure);
}

static enum bk_err sign(struct renewal *r, const CK_BJCA_CONTAINER *container, const char *purpose,
                        const char *const *fields, struct bk_buf *signature)
{
    return bk_module_sign_for(r->module, r->session, container, r->api, purpose, fields, signature,
                              r->failure);
}

static enum bk_err log_in(struct renewal *r, const CK_BJCA_CONTAINER *container)
{
    struct bk_buf cert = BK_BUF_INIT, signature = BK_BUF_INIT;
    char nonce[129];
    enum bk_err err =
        bk_module_certificate(r->module, r->slot, container, CK_BJCA_SIGNING, &cert, r->failure);
    if (err != BK_OK)
        goto out;
    err = bk_api_nonce(r->api, "login", nonce);
    if (err != BK_OK) {
        err = bk_fail_api(r->failure, err, r->api);
        goto out;
    }
    err = sign(r, container, "login", (const char *const[]){nonce, NULL}, &signature);
    if (err != BK_OK)
        goto out;
    err =
        bk_api_session(r->api, "login", nonce, cert.data, cert.len, signature.data, signature.len);
    if (err != BK_OK)
        err = bk_fail_api(r->failure, err, r->api);
out:
    bk_buf_free(&cert);
    bk_buf_free(&signature);
    return err;
}

/* Somebody may have thought for long about whether to pay. */
static enum bk_err log_in_again(void *context)
{
    struct renewal *r = context;
    return log_in(r, &r->before);
}

static bool is_state(const struct bk_api_order *order, const char *state)
{
    return strcmp(order->state, state) == 0;
}

static bool is_one_of(const struct bk_api_order *order, const char *const *states)
{
    while (*states && !is_state(order, *states))
        states++;
    return *states != NULL;
}

/* It may be certified. */
static bool is_ready(const struct bk_api_order *order)
{
    return is_state(order, "PAID") || is_state(order, "APPROVED") || is_state(order, "ISSUED");
}

bool bk_renew_is_incomplete(const struct bk_api_order *order)
{
    static const char *const states[] = {"DRAFT",    "VERIFYING", "VERIFIED",
                                         "UPLOADED", "REJECTED",  NULL};
    return is_one_of(order, states);
}

static bool is_open(const struct bk_api_order *order)
{
    return is_state(order, "AWAIT_PAY") || is_state(order, "IN_REVIEW") || is_ready(order) ||
           bk_renew_is_incomplete(order);
}

bool bk_renew_is_over(const struct bk_api_order *order)
{
    return is_state(order, "CANCELLED") || is_state(order, "EXPIRED") ||
           is_state(order, "REFUNDED");
}

/* True of an order whose certificate is the current one of the container. */
static enum bk_err is_of_current(struct renewal *r, const struct bk_api_order *order, bool *is)
{
    char serial[sizeof order->certificate_serial];
    CK_BJCA_CONTAINER now;
    *is = false;
    if (!*order->certificate_serial)
        return BK_OK;
    enum bk_err err = current_container(r, &now);
    if (err == BK_OK)
        err = bk_module_cert_serial(r->module, r->session, &now, serial, sizeof serial, r->failure);
    if (err == BK_OK)
        *is = strcmp(serial, order->certificate_serial) == 0;
    return err;
}

/* An order of this container that isn't at its end, or the one that its certificate came by. */
static enum bk_err find_order(struct renewal *r, bool *found)
{
    struct bk_api_order orders[ORDERS_MAX], *open = NULL, *done = NULL;
    size_t n = ORDERS_MAX;
    *found = false;
    enum bk_err err = bk_api_order_list(r->api, orders, &n);
    if (err != BK_OK)
        return bk_fail_api(r->failure, err, r->api);
    for (size_t i = 0; i < n; i++) {
        /* the one that the key was made for has nothing to do with it */
        if (strcmp(orders[i].type, "renewal") != 0 ||
            strcmp(orders[i].container, (const char *)r->name) != 0)
            continue;
        if (!open && is_open(&orders[i]))
            open = &orders[i];
        if (!done && is_state(&orders[i], "DONE"))
            done = &orders[i];
    }
    if (!open && done && (err = is_of_current(r, done, found)) != BK_OK)
        return err;
    *found = *found || open;
    if (*found) {
        r->result->order = open ? *open : *done;
        r->result->resumed = true;
    }
    return BK_OK;
}

/* The renewal of the order found is done, confirmed and all: *fresh while it isn't time for the
 * next, as the platform reckons it. */
static enum bk_err is_fresh(struct renewal *r, bool *fresh)
{
    struct bk_api_info info;
    enum bk_err err = bk_api_info(r->api, &info);
    if (err != BK_OK)
        return bk_fail_api(r->failure, err, r->api);
    int64_t left = r->result->order.new_not_after - (int64_t)time(NULL) * 1000;
    *fresh = left > info.renew_before_days * DAY_MS;
    return BK_OK;
}

static bool keeps(const struct renewal *r)
{
    return r->params.flags & CKF_BJCA_KEEP_KEY;
}

static const char *what_would_fit(const CK_BJCA_ROOM *room, bool keep)
{
    if (keep && room->fits)
        return _("no room on the key to keep its keys safely: renew it without --keep-key");
    bool history = room->oldestHistory != CK_UNAVAILABLE_INFORMATION;
    if (room->fitsKeepingKey && history)
        return _("no room on the key: an old generation could be deleted, or the keys be kept with "
                 "--keep-key");
    if (room->fitsKeepingKey)
        return _("no room on the key for new keys: they could be kept with --keep-key");
    return history ? _("no room on the key; an old generation could be deleted")
                   : _("no room on the key");
}

/* Before anything is ordered: a new generation must fit. What was begun has its place already, and
 * goes on as it began. */
static enum bk_err check_room(struct renewal *r)
{
    CK_BJCA_ROOM room = {.ulSize = sizeof room};
    CK_BJCA_RENEW_STATE state = {.ulSize = sizeof state};
    enum bk_err err = enter(r, BK_RENEW_ROOM);
    if (err == BK_OK)
        err = call(r, r->module->bjca->BJCA_RenewState(r->session, r->name, &state));
    if (err == BK_OK && state.state != CK_BJCA_RENEW_NONE)
        r->params.flags = state.flags;
    if (err != BK_OK || state.state != CK_BJCA_RENEW_NONE)
        return err;
    err = call(r, r->module->bjca->BJCA_RenewRoom(r->session, r->name, &r->params, &room));
    if (err != BK_OK)
        return err;
    if (keeps(r) ? room.fitsKeepingKey : room.fits)
        return BK_OK;
    err = bk_fail(r->failure, BK_EFULL, "%s", what_would_fit(&room, keeps(r)));
    r->failure->rv = CKR_BJCA_NO_ROOM;
    return err;
}

static enum bk_err make_order(struct renewal *r)
{
    char key[BK_TOKEN_TEXT];
    enum bk_err err = enter(r, BK_RENEW_ORDER);
    if (err != BK_OK)
        return err;
    err = bk_token_text(key);
    if (err != BK_OK)
        return bk_fail(r->failure, err, _("no random numbers"));
    err = bk_api_order_create(r->api, key, &r->result->order);
    return err == BK_OK ? BK_OK : bk_fail_api(r->failure, err, r->api);
}

static int64_t now_ms(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct code {
    char qr[512];
    int64_t asked_at;
};

/* The code to pay with, which is shown when it is another one than before: codes end before their
 * order does. */
static enum bk_err show_code(struct renewal *r, struct code *code)
{
    char key[BK_TOKEN_TEXT], qr[sizeof code->qr];
    enum bk_err err = bk_token_text(key);
    if (err != BK_OK)
        return bk_fail(r->failure, err, _("no random numbers"));
    err = bk_api_order_pay(r->api, key, r->result->order.id, qr);
    if (err != BK_OK)
        return bk_fail_api(r->failure, err, r->api);
    code->asked_at = now_ms();
    if (!*qr || strcmp(qr, code->qr) == 0)
        return BK_OK;
    (void)snprintf(code->qr, sizeof code->qr, "%s", qr);
    r->ui->pay(r->ui->context, &r->result->order, qr);
    return BK_OK;
}

/* Asks until the order is in another state: often at first, then every three seconds. A code that
 * can't be had just now is asked for again later: the one that is shown may do. Nor does a network
 * that is away for a while end it: somebody is at it. code: NULL when nothing is paid. */
static enum bk_err wait_while(struct renewal *r, const char *state, struct code *code,
                              const char *not_yet)
{
    struct bk_failure ignored;
    struct renewal later = *r;
    later.failure = &ignored;
    struct bk_api_order *order = &r->result->order;
    int64_t start = now_ms(), heard = start;
    long pause = 200;
    enum bk_err err = BK_OK;
    while (is_state(order, state)) {
        if (now_ms() - start > r->ui->wait_ms)
            return bk_fail(r->failure, BK_ETIMEOUT, "%s", not_yet);
        if (!r->ui->progress(r->ui->context, r->step, 0, 0))
            return bk_fail(r->failure, BK_ECANCELLED, "%s", "");
        if ((err = bk_api_pause(r->api, pause)) != BK_OK)
            return bk_fail(r->failure, err, "%s", "");
        pause = pause < 3000 ? pause + 200 : pause;
        if (code && now_ms() - code->asked_at > CODE_MS && show_code(&later, code) != BK_OK)
            code->asked_at = now_ms();
        char id[sizeof order->id];
        memcpy(id, order->id, sizeof id);
        err = bk_api_order_get(r->api, id, order);
        if (err == BK_OK)
            heard = now_ms();
        else if ((err != BK_ENET && err != BK_ETIMEOUT) || now_ms() - heard > AWAY_MS)
            return bk_fail_api(r->failure, err, r->api);
    }
    return BK_OK;
}

static enum bk_err confirm_order(struct renewal *r)
{
    struct bk_renew_result *result = r->result;
    enum bk_renew_answer answer = r->ui->confirm(r->ui->context, &result->order);
    if (answer == BK_RENEW_YES)
        return BK_OK;
    if (answer == BK_RENEW_NO && !result->resumed) {
        enum bk_err err = bk_api_order_cancel(r->api, &result->order);
        if (err != BK_OK)
            return bk_fail_api(r->failure, err, r->api);
    }
    return bk_fail(r->failure, BK_ECANCELLED, "%s",
                   answer == BK_RENEW_CANNOT_ASK ? _("there is nobody to ask: give --yes")
                   : result->resumed             ? _("the order stays open")
                                                 : _("the order is cancelled"));
}

static enum bk_err pay(struct renewal *r)
{
    struct bk_api_order *order = &r->result->order;
    struct code code = {.qr = ""};
    if (!is_state(order, "AWAIT_PAY"))
        return BK_OK;
    enum bk_err err = enter(r, BK_RENEW_PAY);
    if (err != BK_OK)
        return err;
    err = confirm_order(r);
    if (err != BK_OK)
        return err;
    err = show_code(r, &code);
    return err == BK_OK ? wait_while(r, "AWAIT_PAY", &code, _("the order is not paid yet")) : err;
}

/* Of an order that staff look at: what its customer has to do comes first. */
static enum bk_err wait_for_review(struct renewal *r)
{
    struct bk_api_order *order = &r->result->order;
    enum bk_err err = BK_OK;
    if (is_state(order, "IN_REVIEW")) {
        err = enter(r, BK_RENEW_REVIEW);
        if (err == BK_OK)
            err = wait_while(r, "IN_REVIEW", NULL, _("the order is not reviewed yet"));
    }
    if (err == BK_OK && is_state(order, "REJECTED"))
        return bk_fail(r->failure, BK_ESTATE, _("the order was not approved: %s"), order->reason);
    if (err == BK_OK && bk_renew_is_incomplete(order))
        return bk_fail(r->failure, BK_ESTATE, _("the order is not complete yet (%s)"),
                       order->state);
    if (err == BK_OK && !is_ready(order))
        return bk_fail(r->failure, BK_ESTATE, _("the order is %s"), order->state);
    return err;
}

bool bk_renew_gets_nothing(const struct bk_failure *failure)
{
    static const char *const codes[] = {"certificate-revoked", "cannot-be-issued",
                                        "order-refunded"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (strcmp(failure->code, codes[i]) == 0)
            return true;
    return false;
}

/* No certificate will come for what is staged: the container goes, the current one stays. When that
 * fails nothing is lost but room, and the next renewal goes on with it. */
static void forget_staged(struct renewal *r)
{
    (void)r->module->bjca->BJCA_RenewAbort(r->session, r->name);
}

static enum bk_err ask_certificates(struct renewal *r, struct bk_api_certificates *certs)
{
    CK_BYTE csr[4096];
    CK_ULONG len = sizeof csr;
    char key[BK_TOKEN_TEXT];
    enum bk_err err =
        call(r, r->module->bjca->BJCA_RenewRequest(r->session, r->name, &r->params, csr, &len));
    if (err != BK_OK)
        return err;
    err = bk_token_text(key);
    if (err != BK_OK)
        return bk_fail(r->failure, err, _("no random numbers"));
    err = bk_api_order_certificates(r->api, key, r->result->order.id, csr, len, keeps(r), certs);
    if (err == BK_OK)
        return BK_OK;
    err = bk_fail_api(r->failure, err, r->api);
    if (bk_renew_gets_nothing(r->failure))
        forget_staged(r);
    return err;
}

static enum bk_err fetch(struct renewal *r, struct bk_api_certificates *certs)
{
    enum bk_err err = keeps(r) ? BK_OK : enter(r, BK_RENEW_GENERATE);
    if (err == BK_OK)
        err = call(r, r->module->bjca->BJCA_RenewBegin(r->session, r->name, &r->params,
                                                       on_key_progress, r));
    if (err == BK_OK)
        err = enter(r, BK_RENEW_ISSUE);
    return err == BK_OK ? ask_certificates(r, certs) : err;
}

/* What was issued may be revoked since, with its order: there is no way back from the commit, so
 * the platform is asked for the same once more. */
static enum bk_err check_still_good(struct renewal *r)
{
    struct bk_api_certificates same = {0};
    enum bk_err err = ask_certificates(r, &same);
    bk_api_certificates_free(&same);
    return err;
}

/* From the paid order to the committed generation. */
static enum bk_err replace(struct renewal *r)
{
    struct bk_api_certificates certs = {0};
    enum bk_err err = fetch(r, &certs);
    if (err == BK_OK)
        err = enter(r, BK_RENEW_LOAD);
    if (err == BK_OK)
        err = bk_module_load(r->module, r->session, (const char *)r->name, &certs, on_key_progress,
                             r, r->failure);
    if (err == BK_OK)
        err = enter(r, BK_RENEW_PROVE);
    if (err == BK_OK)
        err = call(r, r->module->bjca->BJCA_RenewProve(r->session, r->name));
    if (err == BK_OK)
        err = check_still_good(r);
    if (err == BK_OK)
        err = enter(r, BK_RENEW_COMMIT);
    if (err == BK_OK)
        err = call(r, r->module->bjca->BJCA_RenewCommit(r->session, r->name));
    r->result->replaced = err == BK_OK;
    r->result->kept_keys = keeps(r);
    bk_api_certificates_free(&certs);
    return err;
}

/* The signature by the new key is what the platform believes. */
static enum bk_err confirm(struct renewal *r)
{
    struct bk_api_order *order = &r->result->order;
    struct bk_buf signature = BK_BUF_INIT;
    CK_BJCA_CONTAINER now;
    char id[sizeof order->id], serial[sizeof order->certificate_serial];
    memcpy(id, order->id, sizeof id);
    r->result->confirming = true;
    enum bk_err err = enter(r, BK_RENEW_CONFIRM);
    if (err == BK_OK)
        err = current_container(r, &now);
    if (err == BK_OK)
        err = bk_module_cert_serial(r->module, r->session, &now, serial, sizeof serial, r->failure);
    if (err == BK_OK)
        err = sign(r, &now, "renewal-report", (const char *const[]){id, serial, NULL}, &signature);
    if (err == BK_OK) {
        err = bk_api_order_confirm(r->api, id, signature.data, signature.len, order);
        if (err != BK_OK)
            err = bk_fail_api(r->failure, err, r->api);
    }
    r->result->confirmed = err == BK_OK;
    bk_buf_free(&signature);
    return err;
}

/* A run that another one overtook may have left something. */
static enum bk_err already_done(struct renewal *r)
{
    forget_staged(r);
    r->result->confirmed = true;
    return BK_OK;
}

/* One go, from log-in to confirmation. Where it stands is found out anew. */
static enum bk_err attempt(struct renewal *r, CK_FLAGS flags)
{
    struct bk_api_order *order = &r->result->order;
    bool found = false, committed = false, fresh = false;
    *r->result = (struct bk_renew_result){0};
    enum bk_err err = current_container(r, &r->before);
    if (err != BK_OK)
        return err;
    r->params = (CK_BJCA_RENEW_PARAMS){
        .ulSize = sizeof r->params, .flags = flags, .keyType = r->before.keyType};
    err = bk_module_cert_serial(r->module, r->session, &r->before, r->before_serial,
                                sizeof r->before_serial, r->failure);
    if (err == BK_OK)
        err = enter(r, BK_RENEW_LOGIN);
    if (err == BK_OK)
        err = log_in(r, &r->before);
    if (err == BK_OK)
        err = find_order(r, &found);
    if (err == BK_OK && found && is_state(order, "DONE")) {
        err = is_fresh(r, &fresh);
        if (fresh)
            return already_done(r);
        found = false;
        *r->result = (struct bk_renew_result){0};
    }
    if (err == BK_OK && found && is_state(order, "ISSUED"))
        err = is_of_current(r, order, &committed);
    if (err == BK_OK && !committed)
        err = check_room(r);
    if (err == BK_OK && !found)
        err = make_order(r);
    if (err == BK_OK && !committed)
        err = pay(r);
    if (err == BK_OK && !committed)
        err = wait_for_review(r);
    if (err == BK_OK && !committed)
        err = replace(r);
    else if (err == BK_OK) /* may have been cut before it had cleaned up behind itself */
        err = call(r, r->module->bjca->BJCA_RenewCommit(r->session, r->name));
    return err == BK_OK ? confirm(r) : err;
}

/* Another run, on this machine or wherever the key was, has renewed the certificate meanwhile. Then
 * what the platform says to the old certificate isn't the truth of the order. */
static bool is_overtaken(const struct renewal *r, enum bk_err err)
{
    struct bk_failure ignored;
    struct renewal look = *r;
    CK_BJCA_CONTAINER now = {0};
    char serial[sizeof r->before_serial];
    look.failure = &ignored;
    if (r->result->replaced) /* by itself */
        return false;
    if (err == BK_OK || err == BK_ECANCELLED || err == BK_ENET || err == BK_ETLS ||
        err == BK_ETIMEOUT)
        return false;
    if (current_container(&look, &now) != BK_OK ||
        bk_module_cert_serial(r->module, r->session, &now, serial, sizeof serial, &ignored) !=
            BK_OK)
        return false;
    return now.generation != r->before.generation || strcmp(serial, r->before_serial) != 0;
}

enum bk_err bk_renew_run(const struct bk_module *module, CK_SESSION_HANDLE session, CK_SLOT_ID slot,
                         const char *name, CK_FLAGS flags, struct bk_api *api,
                         const struct bk_renew_ui *ui, struct bk_renew_result *result,
                         struct bk_failure *failure)
{
    struct renewal r = {.module = module,
                        .session = session,
                        .slot = slot,
                        .name = (const CK_UTF8CHAR *)name,
                        .api = api,
                        .ui = ui,
                        .failure = failure,
                        .result = result};
    bk_api_on_logged_out(api, log_in_again, &r);
    enum bk_err err = attempt(&r, flags);
    if (!is_overtaken(&r, err)) {
        bk_api_on_logged_out(api, NULL, NULL);
        return err;
    }
    const struct bk_api_order earlier = result->order;
    err = attempt(&r, flags);
    bk_api_on_logged_out(api, NULL, NULL);
    if (err != BK_OK && !*result->order.id) {
        result->order = earlier;
        result->order.state[0] = 0;
    }
    return err;
}
