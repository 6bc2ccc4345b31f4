/* SPDX-License-Identifier: Apache-2.0 */
#include "server/admin.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "server/audit.h"
#include "server/certs.h"
#include "server/ident.h"
#include "server/key_account.h"
#include "server/order.h"
#include "server/outbox.h"
#include "server/pem.h"
#include "server/phone.h"
#include "server/revoke.h"
#include "server/unlock.h"

#define ACTOR 64u

static void name_staff(char actor[ACTOR])
{
    (void)snprintf(actor, ACTOR, "staff:uid-%u", (unsigned)getuid());
}

enum bk_err bk_admin_note(struct bk_tx *tx, const char *action, const char *kind,
                          const char *object, const char *detail)
{
    char actor[ACTOR], what[160];
    name_staff(actor);
    (void)snprintf(what, sizeof what, "%s:%s", kind, object);
    const struct bk_audit entry = {
        .actor = actor, .address = "", .action = action, .object = what, .detail = detail};
    return bk_audit_add(tx, &entry);
}

/* --- the register --- */

static enum bk_err wrong(struct bk_admin_why *why, enum bk_err err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static enum bk_err wrong(struct bk_admin_why *why, enum bk_err err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(why->text, sizeof why->text, fmt, args);
    va_end(args);
    return err;
}

static enum bk_err copy(char *to, size_t size, const char *name, const char *text,
                        struct bk_admin_why *why)
{
    size_t len = text ? strlen(text) : 0;
    if (!len && strcmp(name, "--company") != 0)
        return wrong(why, BK_EINVAL, "%s is empty", name);
    if (len >= size)
        return wrong(why, BK_ELIMIT, "%s is longer than %zu bytes", name, size - 1);
    if (!bk_utf8_valid(text ? text : "", len))
        return wrong(why, BK_EINVAL, "%s isn't UTF-8", name);
    if (!bk_text_is_plain(text ? text : "", len))
        return wrong(why, BK_EINVAL, "%s has control characters", name);
    memcpy(to, text ? text : "", len + 1);
    return BK_OK;
}

static enum bk_err read_serial(const char *serial, struct bk_admin_why *why)
{
    return bk_key_serial_valid(serial)
               ? BK_OK
               : wrong(why, BK_EINVAL,
                       "the serial number \"%s\" isn't 1 to %u letters, digits and - _ .", serial,
                       BK_SERIAL_MAX);
}

static enum bk_err read_phone(const char *name, const char *text, char phone[BK_PHONE + 1],
                              struct bk_admin_why *why)
{
    return bk_phone_read(text, phone)
               ? BK_OK
               : wrong(why, BK_EINVAL,
                       "%s \"%s\" isn't a mobile number: eleven digits, the first a 1, with or"
                       " without +86",
                       name, text);
}

static enum bk_err read_key(const struct bk_admin_key *in, struct bk_key *key,
                            struct bk_admin_why *why)
{
    memset(key, 0, sizeof *key);
    enum bk_err err = read_serial(in->serial, why);
    if (err == BK_OK && bk_dialect_parse(in->dialect, &key->dialect) != BK_OK)
        err = wrong(why, BK_EINVAL, "--dialect is gmt0017 or longmai, not \"%s\"", in->dialect);
    key->admin_first = strcmp(in->shape, "admin-first") == 0;
    if (err == BK_OK && !key->admin_first && strcmp(in->shape, "direct") != 0)
        err = wrong(why, BK_EINVAL, "--shape is direct or admin-first, not \"%s\"", in->shape);
    if (err == BK_OK)
        err = copy(key->serial, sizeof key->serial, "SERIAL", in->serial, why);
    if (err == BK_OK)
        err =
            copy(key->application, sizeof key->application, "--application", in->application, why);
    if (err == BK_OK)
        err = read_phone("--phone", in->phone, key->phone, why);
    if (err == BK_OK)
        err = copy(key->holder, sizeof key->holder, "--holder", in->holder, why);
    return err == BK_OK ? copy(key->company, sizeof key->company, "--company", in->company, why)
                        : err;
}

static enum bk_err read_account(const struct bk_admin_key *in, const char *company,
                                struct bk_key_account *account, struct bk_admin_why *why)
{
    if (!in->bank || !in->account)
        return wrong(why, BK_EINVAL, "--bank and --account belong together: one is missing");
    if (!*company)
        return wrong(why, BK_EINVAL, "an account is a company's: --company is missing");
    if (!bk_account_read(in->account, account->number))
        return wrong(why, BK_EINVAL, "--account isn't 6 to %u digits", BK_ACCOUNT_MAX);
    enum bk_err err = copy(account->bank, sizeof account->bank, "--bank", in->bank, why);
    return err == BK_OK ? copy(account->company, sizeof account->company, "--company", company, why)
                        : err;
}

enum bk_err bk_admin_key_add(struct bk_app *app, const struct bk_admin_key *in,
                             const char *admin_pin, struct bk_admin_why *why)
{
    struct bk_tx *tx = NULL;
    struct bk_key key;
    char contacts[BK_ADMIN_CONTACTS][BK_PHONE + 1];
    const char *list[BK_ADMIN_CONTACTS];
    struct bk_key_account account;
    bool has_account = in->bank || in->account;
    *why->text = 0;
    enum bk_err err = read_key(in, &key, why);
    if (err == BK_OK && in->contact_count > BK_ADMIN_CONTACTS)
        err = wrong(why, BK_ELIMIT, "--contact: more than %u of them", BK_ADMIN_CONTACTS);
    for (size_t i = 0; err == BK_OK && i < in->contact_count; i++) {
        err = read_phone("--contact", in->contacts[i], contacts[i], why);
        list[i] = contacts[i];
    }
    if (err == BK_OK && has_account)
        err = read_account(in, key.company, &account, why);
    if (err == BK_OK && !bk_key_pin_valid(admin_pin))
        err = wrong(why, BK_EINVAL,
                    "the administrator PIN, read from standard input, isn't 6 to 16 visible ASCII"
                    " characters");
    if (err == BK_OK)
        err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_key_add(tx, app->escrow, &key, admin_pin, list, in->contact_count, bk_now_ms());
    if (err == BK_EEXISTS)
        err = wrong(why, err, "a key with the serial number %s is registered already", key.serial);
    if (err == BK_OK && has_account)
        err = bk_key_set_account(tx, app->escrow, key.serial, &account, 0);
    if (err == BK_OK)
        err = bk_admin_note(tx, "key.added", "key", key.serial, in->shape);
    return bk_tx_end(&tx, err);
}

enum bk_err bk_admin_key_show(struct bk_app *app, const char *serial, FILE *to,
                              struct bk_admin_why *why)
{
    struct bk_tx *tx = NULL;
    struct bk_key key = {0};
    struct bk_key_account account;
    char shown[BK_BANK_MAX + 16] = "none";
    int64_t kept = 0;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_key_find(tx, serial, &key);
    if (err == BK_OK)
        err = bk_key_kept(tx, serial, &kept);
    if (err == BK_OK && key.has_account) {
        err = bk_key_account(tx, app->escrow, serial, &account);
        if (err == BK_OK)
            bk_key_account_show(&account, shown);
    }
    bk_tx_rollback(&tx);
    if (err == BK_ENOTFOUND)
        err = wrong(why, err, "no key with the serial number %s is registered", serial);
    if (err == BK_OK)
        (void)fprintf(to,
                      "serial: %s\ndialect: %s\nshape: %s\napplication: %s\nphone: %s\n"
                      "holder: %s\ncompany: %s\naccount: %s\nstate: %s\npending-admin-pin: %s\n"
                      "kept-admin-pins: %lld\n",
                      key.serial, key.dialect == BK_DIALECT_LONGMAI ? "longmai" : "gmt0017",
                      key.admin_first ? "admin-first" : "direct", key.application, key.phone,
                      key.holder, key.company, shown, key.active ? "active" : "reissue",
                      !key.has_pending  ? "no"
                      : key.use_pending ? "yes, tried first"
                                        : "yes, tried second",
                      (long long)kept);
    return err;
}

enum bk_err bk_admin_key_phone(struct bk_app *app, const char *serial, const char *typed,
                               struct bk_admin_why *why)
{
    struct bk_tx *tx = NULL;
    char phone[BK_PHONE + 1];
    *why->text = 0;
    enum bk_err err = read_phone("--phone", typed, phone, why);
    if (err == BK_OK)
        err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_key_set_phone(tx, serial, phone, bk_now_ms());
    if (err == BK_ENOTFOUND)
        err = wrong(why, err, "no key with the serial number %s is registered", serial);
    if (err == BK_OK)
        err = bk_admin_note(tx, "key.phone", "key", serial, "");
    return bk_tx_end(&tx, err);
}

enum bk_err bk_admin_key_account(struct bk_app *app, const struct bk_admin_key *in,
                                 struct bk_admin_why *why)
{
    struct bk_tx *tx = NULL;
    struct bk_key key = {0};
    struct bk_key_account account;
    *why->text = 0;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_key_find(tx, in->serial, &key);
    if (err == BK_ENOTFOUND)
        err = wrong(why, err, "no key with the serial number %s is registered", in->serial);
    if (err == BK_OK)
        err = read_account(in, in->company ? in->company : key.company, &account, why);
    if (err == BK_OK)
        err = bk_key_set_account(tx, app->escrow, key.serial, &account, bk_now_ms());
    if (err == BK_OK)
        err = bk_admin_note(tx, "key.account", "key", key.serial, "");
    return bk_tx_end(&tx, err);
}

enum bk_err bk_admin_key_activate(struct bk_app *app, const char *serial, struct bk_admin_why *why)
{
    struct bk_tx *tx = NULL;
    *why->text = 0;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_key_activate(tx, serial);
    if (err == BK_ENOTFOUND)
        err = wrong(why, err, "no key with the serial number %s is registered", serial);
    if (err == BK_OK)
        err = bk_unlock_forgive(tx, serial);
    if (err == BK_OK)
        err = bk_admin_note(tx, "key.activated", "key", serial, "");
    return bk_tx_end(&tx, err);
}

/* --- certificates --- */

static enum bk_err read_request(const char *file, struct bk_buf *der, struct bk_pkcs10 *read,
                                struct bk_admin_why *why)
{
    struct bk_buf bytes = BK_BUF_INIT;
    enum bk_err err = bk_file_read(file, (size_t)16 * 1024, &bytes);
    if (err != BK_OK)
        return wrong(why, err, "--csr: %s can't be read (%s)", file, bk_err_name(err));
    if (bytes.len && bytes.data[0] == 0x30)
        err = bk_buf_put(der, bytes.data, bytes.len);
    else
        err = bk_pem_get("CERTIFICATE REQUEST", bytes.data, bytes.len, der);
    if (err == BK_OK)
        err = bk_pkcs10_read(der->data, der->len, read);
    bk_buf_free(&bytes);
    return err == BK_OK || err == BK_ENOMEM
               ? err
               : wrong(why, err, "--csr: %s isn't a certificate request that can be taken (%s)",
                       file, bk_err_name(err));
}

/* The file's first line; "" without a file. */
static enum bk_err read_identity(const char *file, char identity[BK_CERT_IDENTITY + 1],
                                 struct bk_admin_why *why)
{
    struct bk_buf bytes = BK_BUF_INIT;
    *identity = 0;
    if (!file)
        return BK_OK;
    enum bk_err err = bk_file_read(file, 4096, &bytes);
    if (err != BK_OK)
        return wrong(why, err, "--identity: %s can't be read (%s)", file, bk_err_name(err));
    size_t n = 0;
    while (n < bytes.len && bytes.data[n] != '\n' && bytes.data[n] != '\r')
        n++;
    if (!n || n > BK_CERT_IDENTITY || !bk_text_is_plain(bytes.data, n))
        err = wrong(why, BK_EINVAL, "--identity: the first line of %s has 1 to %u bytes of text",
                    file, BK_CERT_IDENTITY);
    else
        (void)snprintf(identity, BK_CERT_IDENTITY + 1, "%.*s", (int)n, (const char *)bytes.data);
    bk_buf_free(&bytes);
    return err;
}

static enum bk_err check_issue(const struct bk_admin_issue *issue, struct bk_admin_why *why)
{
    if (issue->days < 1 || issue->days > 2000)
        return wrong(why, BK_EINVAL, "--days is a number from 1 to 2000");
    if (!*issue->container || strlen(issue->container) > 64 || strchr(issue->container, '~'))
        return wrong(why, BK_EINVAL, "--container is 1 to 64 bytes without ~, not \"%s\"",
                     issue->container);
    return read_serial(issue->serial, why);
}

static enum bk_err write_file(const char *prefix, const char *suffix, const struct bk_buf *bytes)
{
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s%s", prefix, suffix);
    if (n <= 0 || (size_t)n >= sizeof path)
        return BK_ELIMIT;
    return bk_file_output(path, bytes->data, bytes->len, 0644);
}

static enum bk_err write_chain(struct bk_app *app, const char *prefix, enum bk_alg alg)
{
    struct bk_buf chain = BK_BUF_INIT, root = BK_BUF_INIT, text = BK_BUF_INIT;
    char id[BK_SM2_ID_MAX + 1];
    enum bk_err err = bk_ca_chain(app->ca, alg, &chain, &root);
    if (err == BK_OK)
        err = bk_buf_put(&chain, root.data, root.len);
    if (err == BK_OK)
        err = write_file(prefix, ".chain", &chain);
    if (err == BK_OK && alg == BK_ALG_SM2)
        err = bk_ca_sm2_id(app->ca, id);
    if (err == BK_OK && alg == BK_ALG_SM2 && (err = bk_buf_put_str(&text, id)) == BK_OK)
        err = write_file(prefix, ".sm2-id", &text);
    bk_buf_free(&chain);
    bk_buf_free(&root);
    bk_buf_free(&text);
    return err;
}

static enum bk_err write_pair(const char *prefix, const struct bk_pair *pair)
{
    enum bk_err err = write_file(prefix, ".sign.der", &pair->sign);
    if (err == BK_OK)
        err = write_file(prefix, ".enc.der", &pair->enc);
    return err == BK_OK ? write_file(prefix, ".env", &pair->envelope) : err;
}

static enum bk_err cant_write(struct bk_admin_why *why, enum bk_err err, const char *prefix)
{
    return wrong(why, err, "--out: files that begin with %s can't be written (%s)", prefix,
                 bk_err_name(err));
}

static enum bk_err make_pair(struct bk_app *app, const struct bk_pair_ask *ask, enum bk_alg alg,
                             struct bk_pair *pair, struct bk_admin_why *why)
{
    struct bk_tx *tx = NULL;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_pair_plan(tx, alg, ask->not_after, bk_now_ms(), pair);
    err = bk_tx_end(&tx, err);
    if (err != BK_OK)
        return err;
    err = bk_pair_make(app->ca, ask, pair);
    if (err == BK_EREFUSED)
        (void)wrong(why, err,
                    "the CA refuses: its own certificate ends before, or --days are too many");
    if (err != BK_OK && pair->nothing) {
        enum bk_err forgot = bk_tx_begin(app->store, &tx);
        if (forgot == BK_OK)
            forgot = bk_pair_forget(tx, pair);
        if (bk_tx_end(&tx, forgot) != BK_OK)
            bk_log(BK_LOG_WARN, "%s is revoked later for nothing", pair->sign_id);
    }
    return err;
}

enum bk_err bk_admin_cert_issue(struct bk_app *app, const struct bk_admin_issue *issue,
                                struct bk_admin_why *why)
{
    struct bk_tx *tx = NULL;
    struct bk_buf request = BK_BUF_INIT, subject = BK_BUF_INIT;
    struct bk_pair pair = {0};
    struct bk_pkcs10 read = {0};
    char identity[BK_CERT_IDENTITY + 1] = "";
    struct bk_pair_ask ask = {.key_serial = issue->serial, .container = issue->container};
    *why->text = 0;
    enum bk_err err = check_issue(issue, why);
    if (err == BK_OK)
        err = read_request(issue->csr_file, &request, &read, why);
    if (err == BK_OK)
        err = read_identity(issue->identity_file, identity, why);
    if (err == BK_OK && (err = bk_issue_name(issue->org, issue->cn, &subject)) == BK_EINVAL)
        err = wrong(why, err, "--cn and --org make no subject (empty, too long, or not UTF-8)");
    /* what is issued must not get lost: first what is known before, and registered when it is there
     */
    if (err == BK_OK && (err = write_chain(app, issue->prefix, read.key.alg)) != BK_OK)
        err = cant_write(why, err, issue->prefix);
    if (err == BK_OK) {
        ask.request = request.data;
        ask.request_len = request.len;
        ask.key = &read.key;
        ask.subject = subject.data;
        ask.subject_len = subject.len;
        ask.not_before = (int64_t)time(NULL) - 300; /* clocks differ a little */
        ask.not_after = ask.not_before + issue->days * 86400;
        ask.ocsp_url = app->ocsp;
        ask.identity = *identity ? identity : NULL;
        ask.crl_url = read.key.alg == BK_ALG_SM2 ? app->crl_sm2 : app->crl_rsa;
        err = make_pair(app, &ask, read.key.alg, &pair, why);
    }
    if (err == BK_OK && (err = write_pair(issue->prefix, &pair)) != BK_OK)
        err = cant_write(why, err, issue->prefix);
    if (err == BK_OK)
        err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_pair_store(tx, app->escrow, &ask, &pair, bk_now_ms());
    if (err == BK_OK)
        err = bk_admin_note(tx, "certificate.issued", "certificate", pair.sign_id, issue->serial);
    err = bk_tx_end(&tx, err);
    bk_wipe(identity, sizeof identity);
    bk_pair_free(&pair);
    bk_buf_free(&request);
    bk_buf_free(&subject);
    return err;
}

enum bk_err bk_admin_cert_revoke(struct bk_app *app, const char *id, int reason,
                                 struct bk_admin_why *why)
{
    struct bk_tx *tx = NULL;
    struct bk_rows rows = BK_ROWS_INIT;
    char actor[ACTOR];
    const struct bk_audit who = {.actor = actor, .address = ""};
    *why->text = 0;
    name_staff(actor);
    if (reason < 0 || reason > 10 || reason == 7 || reason == 8)
        return wrong(why, BK_EINVAL, "--reason is a number of RFC 5280: 0 to 6, 9 or 10");
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_tx_get(tx, "SELECT pair FROM certificates WHERE id = $1", BK_VALS(bk_text(id)),
                        &rows);
    if (err == BK_ENOTFOUND)
        err = wrong(why, err, "no certificate with the id %s; cert list shows them", id);
    if (err == BK_OK)
        err = bk_certificate_revoke(app, tx, bk_row_text(&rows, 0, 0), reason, &who, bk_now_ms());
    bk_rows_free(&rows);
    return bk_tx_end(&tx, err);
}

enum bk_err bk_admin_cert_list(struct bk_app *app, const char *serial, FILE *to,
                               struct bk_admin_why *why)
{
    struct bk_tx *tx = NULL;
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_certificate_list(tx, serial, &rows);
    bk_tx_rollback(&tx);
    *why->text = 0;
    if (err == BK_OK && !rows.count)
        err = wrong(why, BK_ENOTFOUND, "no certificate was issued for a key %s", serial);
    for (size_t i = 0; err == BK_OK && i < rows.count; i++)
        (void)fprintf(to, "%s %s %s %s %lld\n", bk_row_text(&rows, i, 0), bk_row_text(&rows, i, 1),
                      bk_row_text(&rows, i, 2), bk_row_text(&rows, i, 3),
                      (long long)bk_row_int(&rows, i, 4));
    bk_rows_free(&rows);
    return err;
}

enum bk_err bk_admin_crl(struct bk_app *app, const char *algorithm, const char *file,
                         struct bk_admin_why *why)
{
    struct bk_buf der = BK_BUF_INIT;
    bool sm2 = strcmp(algorithm, "sm2") == 0;
    *why->text = 0;
    if (!sm2 && strcmp(algorithm, "rsa") != 0)
        return wrong(why, BK_EINVAL, "crl: rsa or sm2, not \"%s\"", algorithm);
    enum bk_err err = bk_crl_current(app, sm2 ? BK_ALG_SM2 : BK_ALG_RSA, &der);
    if (err == BK_OK && (err = bk_file_output(file, der.data, der.len, 0644)) != BK_OK)
        err = wrong(why, err, "--out: %s can't be written (%s)", file, bk_err_name(err));
    bk_buf_free(&der);
    return err;
}

/* --- orders --- */

enum bk_err bk_admin_order_refund(struct bk_app *app, const char *id, struct bk_admin_why *why)
{
    struct bk_tx *tx = NULL;
    struct bk_order order = {0};
    char actor[ACTOR];
    const struct bk_audit who = {.actor = actor, .address = ""};
    int64_t now = bk_now_ms();
    *why->text = 0;
    name_staff(actor);
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_order_load(tx, id, &order);
    if (err == BK_ENOTFOUND)
        err = wrong(why, err, "no order with the id %s", id);
    if (err == BK_OK && !bk_order_refundable(&order))
        err = wrong(why, BK_ESTATE,
                    "the order is %s: only what is paid and neither made nor done can be refunded",
                    bk_order_state_name(order.state));
    if (err == BK_OK && order.state == BK_ORDER_ISSUED)
        err = bk_certificate_revoke(app, tx, order.new_certificate, BK_REASON_CESSATION, &who, now);
    if (err == BK_OK)
        err = bk_order_refund(app, tx, &order, &who, "by staff", now);
    return bk_tx_end(&tx, err);
}

/* --- what is told outside --- */

enum bk_err bk_admin_outbox_list(struct bk_app *app, bool dead, FILE *to)
{
    struct bk_tx *tx = NULL;
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_outbox_list(tx, dead, &rows);
    bk_tx_rollback(&tx);
    for (size_t i = 0; err == BK_OK && i < rows.count; i++) {
        const char *state = bk_row_text(&rows, i, 2), *error = bk_row_text(&rows, i, 7);
        size_t when = strcmp(state, "dead") == 0 ? 6 : 5;
        (void)fprintf(to, "%s %s %s %lld %lld %lld %s %s\n", bk_row_text(&rows, i, 0),
                      bk_row_text(&rows, i, 1), state, (long long)bk_row_int(&rows, i, 3),
                      (long long)bk_row_int(&rows, i, 4), (long long)bk_row_int(&rows, i, when),
                      *error ? error : "-", bk_row_text(&rows, i, 8));
    }
    bk_rows_free(&rows);
    return err;
}

enum bk_err bk_admin_outbox_retry(struct bk_app *app, const char *id, struct bk_admin_why *why)
{
    struct bk_tx *tx = NULL;
    char kind[BK_OUTBOX_KIND + 1];
    *why->text = 0;
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_outbox_retry(tx, id, bk_now_ms(), kind);
    if (err == BK_ENOTFOUND)
        err = wrong(why, err, "no item with the id %s; outbox list shows them", id);
    else if (err == BK_ESTATE)
        err = wrong(why, err, "%s hasn't been given up", id);
    else if (err == BK_EUNSUPPORTED)
        err = wrong(why, err, "%s can't be tried again: what it told is gone", id);
    if (err == BK_OK)
        err = bk_admin_note(tx, "outbox.retry", "outbox", id, kind);
    return bk_tx_end(&tx, err);
}

enum bk_err bk_admin_audit_verify(struct bk_app *app, FILE *to)
{
    struct bk_tx *tx = NULL;
    int64_t seq = 0;
    uint8_t head[BK_AUDIT_HASH];
    char text[2 * BK_AUDIT_HASH + 1];
    enum bk_err err = bk_tx_begin(app->store, &tx);
    if (err == BK_OK)
        err = bk_audit_verify(tx, &seq, head);
    bk_tx_rollback(&tx);
    bk_hex_text(head, sizeof head, text);
    if (err == BK_OK)
        (void)fprintf(to, "%lld entries, head %s\n", (long long)seq, text);
    else if (err == BK_EVERIFY)
        (void)fprintf(to, "entry %lld doesn't follow from those before it\n", (long long)seq);
    return err;
}
