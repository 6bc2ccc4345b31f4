/* SPDX-License-Identifier: Apache-2.0 */
#include "workflow/produce.h"

#include <string.h>

#include "base/text.h"
#include "workflow/token.h"

#define DEVICE_TRIES 3 /* left of the device key: fewer aren't risked */

struct production {
    const struct bk_module *module;
    struct bk_key key;
    struct bk_api *api;
    const struct bk_produce_ask *ask;
    struct bk_failure *failure;
    struct bk_produce_result *result;
    struct bk_api_key_secrets secrets;
    CK_SESSION_HANDLE session; /* of the key's first slot; 0: none */
    enum bk_produce_step step;
};

static enum bk_err enter(struct production *p, enum bk_produce_step step)
{
    p->step = step;
    if (p->ask->progress(p->ask->context, step, 0, 0))
        return BK_OK;
    return bk_fail(p->failure, BK_ECANCELLED, "%s", "");
}

static CK_RV on_key_progress(CK_VOID_PTR context, CK_ULONG done, CK_ULONG total)
{
    struct production *p = context;
    return p->ask->progress(p->ask->context, p->step, done, total) ? CKR_OK : CKR_FUNCTION_CANCELED;
}

static enum bk_err call(struct production *p, CK_RV rv)
{
    return bk_module_result(p->module, rv, p->failure);
}

static enum bk_err told(struct production *p, enum bk_err err)
{
    return err == BK_OK ? BK_OK : bk_fail_api(p->failure, err, p->api);
}

/* --- is it the key to use --- */

static bool is_empty(const struct production *p)
{
    return p->key.status.flags & CKF_BJCA_EMPTY;
}

static enum bk_err refuse(struct production *p, const char *text)
{
    enum bk_err err = bk_fail(p->failure, BK_EDENIED, "%s", text);
    p->failure->complete = true;
    return err;
}

/* Containers are what is missed when it is gone: keys, certificates, history. An application by
 * another name would stay beside the one that is made. */
static enum bk_err check_contents(struct production *p)
{
    CK_BJCA_CONTAINER list[BK_CONTAINERS_MAX];
    size_t n = BK_CONTAINERS_MAX;
    const char *application = (const char *)p->key.status.application;
    if (!is_empty(p) && strcmp(application, p->result->production.application) != 0)
        return refuse(p, _("the key has an application of another name on it: take another one"));
    if (is_empty(p) || p->ask->erase)
        return BK_OK;
    enum bk_err err = bk_module_containers(p->module, p->key.slot, list, &n, p->failure);
    return err == BK_OK && n
               ? refuse(p, _("the key has keys or certificates on it: take another one, or give "
                             "--erase if nothing of it is needed"))
               : err;
}

static enum bk_err begin(struct production *p)
{
    const CK_BJCA_STATUS *s = &p->key.status;
    struct bk_api_production *now = &p->result->production;
    enum bk_err err = enter(p, BK_PRODUCE_BEGIN);
    if (err == BK_OK)
        err = told(p, bk_api_production_get(p->api, p->ask->order, now));
    /* before it is bound to anything */
    if (err == BK_OK && strcmp(now->serial, (const char *)s->serial) != 0)
        err = check_contents(p);
    if (err == BK_OK)
        err = told(p, bk_api_production_begin(p->api, p->ask->order, (const char *)s->serial,
                                              (const char *)s->dialect, p->ask->shape, now,
                                              &p->secrets));
    p->result->resumed = p->secrets.resumed;
    return err;
}

/* --- personalised --- */

static void close_session(struct production *p)
{
    if (p->session)
        (void)p->module->p11->C_CloseAllSessions(p->key.slot);
    p->session = 0;
}

static CK_RV log_in(struct production *p)
{
    const CK_FUNCTION_LIST_3_0 *p11 = p->module->p11;
    CK_RV rv = p11->C_OpenSession(p->key.slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL,
                                  &p->session);
    if (rv == CKR_OK)
        rv = p11->C_Login(p->session, CKU_USER, p->secrets.user_pin.data,
                          (CK_ULONG)p->secrets.user_pin.len);
    return rv;
}

/* An earlier run has personalised it: the application came last, with both PINs in one command. A
 * try is risked only on what looks like it. */
static enum bk_err is_ours(struct production *p, bool *ours)
{
    const CK_BJCA_STATUS *s = &p->key.status;
    *ours = false;
    if (!p->secrets.resumed || is_empty(p) ||
        strcmp((const char *)s->label, p->result->production.label) != 0 ||
        strcmp((const char *)s->application, p->result->production.application) != 0)
        return BK_OK;
    CK_RV rv = log_in(p);
    *ours = rv == CKR_OK;
    if (!*ours)
        close_session(p);
    return rv == CKR_PIN_INCORRECT || rv == CKR_PIN_LOCKED ? BK_OK : call(p, rv);
}

static CK_RV personalise_with(struct production *p, const struct bk_secret *device_key)
{
    struct bk_api_key_secrets *s = &p->secrets;
    bool change = device_key != &s->device_key;
    CK_BJCA_PERSONALISE in = {.ulSize = sizeof in,
                              .flags = is_empty(p) ? 0 : CKF_BJCA_ERASE,
                              .deviceKey = device_key->data,
                              .deviceKeyLen = (CK_ULONG)device_key->len,
                              .newDeviceKey = change ? s->device_key.data : NULL,
                              .newDeviceKeyLen = change ? (CK_ULONG)s->device_key.len : 0,
                              .label = (CK_UTF8CHAR *)p->result->production.label,
                              .application = (CK_UTF8CHAR *)p->result->production.application,
                              .adminPin = s->admin_pin.data,
                              .adminPinLen = (CK_ULONG)s->admin_pin.len,
                              .userPin = s->user_pin.data,
                              .userPinLen = (CK_ULONG)s->user_pin.len};
    return p->module->bjca->BJCA_Personalise(p->key.slot, &in);
}

static enum bk_err no_device_key(struct production *p)
{
    return refuse(p, p->ask->maker_key->len
                         ? _("the key refuses its device key: put it aside and take another one")
                         : _("the device key that new keys have isn't known: give "
                             "--device-key-fd, or device-key-file under [production] in "
                             "bjca.conf"));
}

/* The key has its maker's device key, or the platform's. The likelier one goes first: each refusal
 * costs a try. */
static enum bk_err personalise(struct production *p)
{
    const struct bk_secret *own = &p->secrets.device_key, *maker = p->ask->maker_key;
    bool label_set = strcmp((const char *)p->key.status.label, p->result->production.label) == 0;
    bool own_first = p->secrets.device_key_set || (p->secrets.resumed && label_set);
    enum bk_err err = enter(p, BK_PRODUCE_PERSONALISE);
    if (err != BK_OK)
        return err;
    if (!own_first && !maker->len)
        return no_device_key(p);
    err = call(p, personalise_with(p, own_first ? own : maker));
    if (err == BK_EPIN_WRONG && !p->secrets.device_key_set && maker->len &&
        p->failure->tries_left >= DEVICE_TRIES)
        err = call(p, personalise_with(p, own_first ? maker : own));
    if (err == BK_EPIN_WRONG || err == BK_EPIN_LOCKED)
        return no_device_key(p);
    p->result->personalised = err == BK_OK;
    return err == BK_OK ? call(p, log_in(p)) : err;
}

static enum bk_err prepare(struct production *p)
{
    bool ours = false;
    enum bk_err err = is_ours(p, &ours);
    if (err != BK_OK || ours)
        return err;
    err = check_contents(p); /* what was begun may have been cut before anything was erased */
    return err == BK_OK ? personalise(p) : err;
}

/* --- its certificates --- */

static enum bk_err fetch(struct production *p, const CK_UTF8CHAR *name,
                         struct bk_api_certificates *certs)
{
    CK_BYTE csr[4096];
    CK_ULONG len = sizeof csr;
    char key[BK_TOKEN_TEXT];
    CK_BJCA_RENEW_PARAMS params = {
        .ulSize = sizeof params,
        .keyType = strcmp(p->result->production.algorithm, "rsa") == 0 ? CKK_RSA : CKK_SM2};
    const CK_BJCA_FUNCTION_LIST *bjca = p->module->bjca;
    enum bk_err err = enter(p, BK_PRODUCE_GENERATE);
    if (err == BK_OK)
        err = call(p, bjca->BJCA_RenewBegin(p->session, name, &params, on_key_progress, p));
    if (err == BK_OK)
        err = call(p, bjca->BJCA_RenewRequest(p->session, name, &params, csr, &len));
    if (err == BK_OK)
        err = enter(p, BK_PRODUCE_ISSUE);
    if (err == BK_OK && (err = bk_token_text(key)) != BK_OK)
        return bk_fail(p->failure, err, _("no random numbers"));
    return err == BK_OK ? told(p, bk_api_production_certificates(p->api, key, p->ask->order, csr,
                                                                 len, certs))
                        : err;
}

static enum bk_err load(struct production *p)
{
    struct bk_api_certificates certs = {0};
    const char *name = p->result->production.container;
    const CK_UTF8CHAR *utf8 = (const CK_UTF8CHAR *)name;
    enum bk_err err = fetch(p, utf8, &certs);
    if (err == BK_OK)
        err = enter(p, BK_PRODUCE_LOAD);
    if (err == BK_OK)
        err = bk_module_load(p->module, p->session, name, &certs, on_key_progress, p, p->failure);
    if (err == BK_OK)
        err = enter(p, BK_PRODUCE_PROVE);
    if (err == BK_OK)
        err = call(p, p->module->bjca->BJCA_RenewProve(p->session, utf8));
    if (err == BK_OK)
        err = enter(p, BK_PRODUCE_COMMIT);
    if (err == BK_OK)
        err = call(p, p->module->bjca->BJCA_RenewCommit(p->session, utf8));
    bk_api_certificates_free(&certs);
    return err;
}

/* The container as it is now; without a certificate there may be none of this name. */
static enum bk_err look(struct production *p, CK_BJCA_CONTAINER *c, bool *certified)
{
    enum bk_err err =
        bk_module_container(p->module, p->key.slot, p->result->production.container, c, p->failure);
    *certified = err == BK_OK && c->hasSigningCert;
    return err == BK_ENOTFOUND ? BK_OK : err;
}

/* A session of the container's slot, which shares the log-in. */
static enum bk_err session_of(struct production *p, const CK_BJCA_CONTAINER *c,
                              CK_SESSION_HANDLE *session)
{
    *session = p->session;
    if (c->slotID == p->key.slot)
        return BK_OK;
    return call(p,
                p->module->p11->C_OpenSession(c->slotID, CKF_SERIAL_SESSION, NULL, NULL, session));
}

/* The signature by the new key is what the platform believes. */
static enum bk_err confirm(struct production *p, const CK_BJCA_CONTAINER *c)
{
    struct bk_api_production *now = &p->result->production;
    struct bk_buf signature = BK_BUF_INIT;
    char serial[sizeof now->certificate_serial];
    CK_SESSION_HANDLE session = 0;
    enum bk_err err = enter(p, BK_PRODUCE_CONFIRM);
    if (err == BK_OK)
        err = session_of(p, c, &session);
    if (err == BK_OK)
        err = bk_module_cert_serial(p->module, session, c, serial, sizeof serial, p->failure);
    if (err == BK_OK) {
        const char *const fields[] = {p->ask->order, (const char *)p->key.status.serial, serial,
                                      NULL};
        err = bk_module_sign_for(p->module, session, c, p->api, "production-report", fields,
                                 &signature, p->failure);
    }
    if (err == BK_OK)
        err = told(p, bk_api_production_confirm(p->api, p->ask->order, signature.data,
                                                signature.len, now));
    bk_buf_free(&signature);
    return err;
}

static enum bk_err produce(struct production *p)
{
    CK_BJCA_CONTAINER c = {.ulSize = sizeof c};
    bool certified = false;
    enum bk_err err = begin(p);
    if (err != BK_OK || strcmp(p->result->production.key_state, "made") == 0)
        return err;
    err = prepare(p);
    if (err == BK_OK)
        err = look(p, &c, &certified);
    if (err == BK_OK && !certified) {
        err = load(p);
        if (err == BK_OK)
            err = look(p, &c, &certified);
    } else if (err == BK_OK) { /* may have been cut before it had cleaned up behind itself */
        err = call(p, p->module->bjca->BJCA_RenewCommit(
                          p->session, (const CK_UTF8CHAR *)p->result->production.container));
    }
    return err == BK_OK ? confirm(p, &c) : err;
}

enum bk_err bk_produce_run(const struct bk_module *module, const struct bk_key *key,
                           struct bk_api *api, const struct bk_produce_ask *ask,
                           struct bk_produce_result *result, struct bk_failure *failure)
{
    struct production p = {.module = module,
                           .key = *key,
                           .api = api,
                           .ask = ask,
                           .failure = failure,
                           .result = result};
    *result = (struct bk_produce_result){.resumed = false};
    enum bk_err err = produce(&p);
    close_session(&p);
    bk_api_key_secrets_free(&p.secrets);
    return err;
}
