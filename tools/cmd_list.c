/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/codec.h"
#include "crypto/x509.h"
#include "tools/cmd.h"

#define DAY_SECONDS ((int64_t)24 * 3600)
#define WARN_DAYS 60

/* One certificate of a container, with the PKCS#11 object that carries it. */
struct entry {
    struct bk_x509 *cert;
    char id[129]; /* CKA_ID in hex, "" when there is no object (a staged one) */
    char label[256];
};

static const char *role_name(CK_ULONG role)
{
    static const char *const names[] = {
        [CK_BJCA_CURRENT] = "current", [CK_BJCA_HISTORY] = "history", [CK_BJCA_STAGED] = "staged"};
    return role < sizeof names / sizeof *names ? names[role] : "unknown";
}

static const char *role_text(CK_ULONG role)
{
    return role == CK_BJCA_CURRENT   ? ""
           : role == CK_BJCA_HISTORY ? _("  (old)")
                                     : _("  (not finished: run bjca renew)");
}

static enum bk_err read_text(CK_ATTRIBUTE *id, CK_ATTRIBUTE *label, struct entry *entry)
{
    struct bk_buf hex = BK_BUF_INIT;
    enum bk_err err = bk_hex_encode(id->pValue, id->ulValueLen, &hex);
    if (err == BK_OK) {
        (void)snprintf(entry->id, sizeof entry->id, "%.*s", (int)hex.len, (char *)hex.data);
        (void)snprintf(entry->label, sizeof entry->label, "%.*s", (int)label->ulValueLen,
                       (char *)label->pValue);
    }
    bk_buf_free(&hex);
    return err;
}

/* The object with this very certificate; none is no failure. */
static enum bk_err find_object(struct cmd *cmd, CK_SLOT_ID slot, struct entry *entry,
                               struct bk_failure *failure)
{
    CK_FUNCTION_LIST_3_0 *p11 = cmd->module.p11;
    CK_SESSION_HANDLE session = 0;
    CK_OBJECT_CLASS class = CKO_CERTIFICATE;
    CK_OBJECT_HANDLE object = 0;
    CK_ULONG n = 0;
    CK_BYTE id[64];
    char label[256];
    CK_ATTRIBUTE find[] = {{CKA_CLASS, &class, sizeof class},
                           {CKA_VALUE, entry->cert->der.data, entry->cert->der.len}};
    CK_ATTRIBUTE get[] = {{CKA_ID, id, sizeof id}, {CKA_LABEL, label, sizeof label}};
    CK_RV rv = p11->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &session);
    if (rv != CKR_OK)
        return bk_module_result(&cmd->module, rv, failure);
    rv = p11->C_FindObjectsInit(session, find, 2);
    if (rv == CKR_OK)
        rv = p11->C_FindObjects(session, &object, 1, &n);
    if (rv == CKR_OK && n == 1)
        rv = p11->C_GetAttributeValue(session, object, get, 2);
    enum bk_err err = bk_module_result(&cmd->module, rv, failure);
    if (err == BK_OK && n == 1 && (err = read_text(&get[0], &get[1], entry)) != BK_OK)
        err = bk_fail(failure, err, "%s", "");
    (void)p11->C_CloseSession(session);
    return err;
}

static enum bk_err read_entry(struct cmd *cmd, const CK_BJCA_CONTAINER *c, CK_ULONG which,
                              struct entry *entry, struct bk_failure *failure)
{
    struct bk_buf der = BK_BUF_INIT;
    *entry = (struct entry){0};
    if (!(which == CK_BJCA_SIGNING ? c->hasSigningCert : c->hasEncryptionCert))
        return BK_OK;
    enum bk_err err = bk_module_certificate(&cmd->module, cmd->key.slot, c, which, &der, failure);
    if (err == BK_OK) {
        err = bk_x509_parse(der.data, der.len, &entry->cert);
        if (err != BK_OK)
            err = cmd_fail(failure, err, _("the certificate in %s can't be read"), c->name);
    }
    if (err == BK_OK && c->slotID != CK_UNAVAILABLE_INFORMATION)
        err = find_object(cmd, c->slotID, entry, failure);
    bk_buf_free(&der);
    return err;
}

static void print_entry(const struct entry *e, const CK_BJCA_CONTAINER *c, const char *what)
{
    char from[16], to[16];
    if (!e->cert)
        return;
    long long left = (e->cert->not_after - (int64_t)time(NULL)) / DAY_SECONDS;
    ui_date(e->cert->not_before * 1000, from);
    ui_date(e->cert->not_after * 1000, to);
    (void)printf("  %s  %s, %s\n", what, e->cert->common_name, e->cert->organisation);
    if (e->cert->not_after < (int64_t)time(NULL))
        (void)printf(_("      %s to %s: expired\n"), from, to);
    else
        (void)printf(ngettext_("      %s to %s: %lld day left\n",
                               "      %s to %s: %lld days left\n", (unsigned long)left),
                     from, to, left);
    (void)printf(_("      serial number %s\n"), e->cert->serial_hex);
    if (*e->id)
        (void)printf(_("      PKCS#11 id %s, slot %lu\n"), e->id, c->slotID);
}

static void warn_of_expiry(const struct entry *e, const CK_BJCA_CONTAINER *c, const char *name)
{
    if (c->role != CK_BJCA_CURRENT || !e->cert)
        return;
    int64_t left = e->cert->not_after - (int64_t)time(NULL);
    if (left < 0)
        ui_warn(_("%s has expired: renew it with bjca renew --container %s"), e->cert->common_name,
                name);
    else if (left < WARN_DAYS * DAY_SECONDS)
        ui_warn(_("%s expires soon: renew it with bjca renew --container %s"), e->cert->common_name,
                name);
}

static json_t *entry_json(const struct entry *e)
{
    struct bk_buf pem = BK_BUF_INIT;
    if (!e->cert)
        return json_null();
    enum bk_err err = bk_buf_put_str(&pem, "-----BEGIN CERTIFICATE-----\n");
    for (size_t at = 0; err == BK_OK && at < e->cert->der.len; at += 48) {
        size_t n = e->cert->der.len - at < 48 ? e->cert->der.len - at : 48;
        err = bk_base64_encode(e->cert->der.data + at, n, &pem);
        if (err == BK_OK)
            err = bk_buf_put_str(&pem, "\n");
    }
    if (err == BK_OK)
        err = bk_buf_put_str(&pem, "-----END CERTIFICATE-----\n");
    json_t *json =
        err != BK_OK
            ? NULL
            : json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s#}", "id", e->id, "label", e->label,
                        "serial", e->cert->serial_hex, "common_name", e->cert->common_name,
                        "organisation", e->cert->organisation, "not_before",
                        (json_int_t)e->cert->not_before * 1000, "not_after",
                        (json_int_t)e->cert->not_after * 1000, "pem", pem.data, (int)pem.len);
    bk_buf_free(&pem);
    return json;
}

/* null: in none, since bjca.conf hides the second slot */
static json_t *slot_json(const CK_BJCA_CONTAINER *c)
{
    return c->slotID == CK_UNAVAILABLE_INFORMATION ? json_null()
                                                   : json_integer((json_int_t)c->slotID);
}

static enum bk_err show(struct cmd *cmd, const CK_BJCA_CONTAINER *c, json_t *list,
                        struct bk_failure *failure)
{
    struct entry sign = {0}, enc = {0};
    const char *type = c->keyType == CKK_RSA ? "RSA" : c->keyType == CKK_SM2 ? "SM2" : "-";
    enum bk_err err = read_entry(cmd, c, CK_BJCA_SIGNING, &sign, failure);
    if (err == BK_OK)
        err = read_entry(cmd, c, CK_BJCA_ENCRYPTION, &enc, failure);
    if (err != BK_OK)
        goto out;
    if (list) {
        json_t *one =
            json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:o, s:{s:o, s:o}}", "name", c->name,
                      "generation", (json_int_t)c->generation, "role", role_name(c->role), "type",
                      type, "id", sign.id, "label", sign.label, "slot", slot_json(c),
                      "certificates", "sign", entry_json(&sign), "enc", entry_json(&enc));
        if (json_array_append_new(list, one) != 0)
            err = bk_fail(failure, BK_ENOMEM, "%s", "");
        goto out;
    }
    char name[sizeof c->name];
    memcpy(name, c->name, sizeof name);
    bk_text_make_plain(name);
    (void)printf("%s  %s %lu%s\n", name, type, c->keyBits, role_text(c->role));
    print_entry(&sign, c, _("signing"));
    print_entry(&enc, c, _("encryption"));
    warn_of_expiry(&sign, c, name);
out:
    bk_x509_free(&sign.cert);
    bk_x509_free(&enc.cert);
    return err;
}

int cmd_list(struct cmd *cmd, int argc, char **argv)
{
    CK_BJCA_CONTAINER containers[BK_CONTAINERS_MAX];
    size_t n = BK_CONTAINERS_MAX;
    struct bk_failure failure;
    if (argc > 1)
        return cmd_usage(argv[0], _("one word too many: %s"), argv[1]);
    enum bk_err err = cmd_open_key(cmd, &failure);
    if (err == BK_OK)
        err = bk_module_containers(&cmd->module, cmd->key.slot, containers, &n, &failure);
    json_t *list = cmd->json ? json_array() : NULL;
    /* what is used today first, then what isn't finished, then the old ones */
    static const CK_ULONG order[] = {CK_BJCA_CURRENT, CK_BJCA_STAGED, CK_BJCA_HISTORY};
    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; err == BK_OK && i < n; i++)
            if (containers[i].role == order[k])
                err = show(cmd, &containers[i], list, &failure);
    if (err != BK_OK) {
        json_decref(list);
        return ui_failure(&failure);
    }
    if (list)
        return cmd_print_json(
            json_pack("{s:s, s:o}", "serial", cmd->key.status.serial, "containers", list));
    if (!n)
        ui_say("%s", _("No container on the key."));
    return EXIT_OK;
}
