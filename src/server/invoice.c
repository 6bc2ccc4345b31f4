/* SPDX-License-Identifier: Apache-2.0 */
#include "server/invoice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/secret.h"
#include "crypto/digest.h"
#include "net/http.h"
#include "server/aliyun.h"
#include "server/filetype.h"
#include "server/ident.h"
#include "server/rsa2.h"

#define API_VERSION "2026-01-01"
#define FILE_MAX ((size_t)2 * 1024 * 1024)
#define NOTICE_MAX ((size_t)64 * 1024)
#define OLD_MS (INT64_C(15) * 60 * 1000)

const char *const bk_invoice_kinds[BK_INVOICE_FILES] = {"pdf", "ofd", "xml"};

struct bk_invoice {
    struct bk_aliyun *aliyun;
    char *texts[6]; /* url, ca_file, secret, tax_code, tax_rate, notify_url */
};
enum { URL, CA, SECRET, TAX_CODE, TAX_RATE, NOTIFY, TEXTS };

enum bk_err bk_invoice_new(const struct bk_invoice_options *o, struct bk_invoice **invoice)
{
    const char *const given[TEXTS] = {o->url,      o->ca_file,  o->secret,
                                      o->tax_code, o->tax_rate, o->notify_url};
    struct bk_invoice *i = calloc(1, sizeof *i);
    enum bk_err err = i ? BK_OK : BK_ENOMEM;
    *invoice = NULL;
    for (size_t n = 0; err == BK_OK && n < TEXTS; n++) {
        i->texts[n] = given[n] ? strdup(given[n]) : NULL;
        err = given[n] && !i->texts[n] ? BK_ENOMEM : BK_OK;
    }
    const struct bk_aliyun_options aliyun = {.url = o->url,
                                             .ca_file = o->ca_file,
                                             .key_id = o->key_id,
                                             .secret = o->secret,
                                             .version = API_VERSION,
                                             .good = "200"};
    if (err == BK_OK)
        err = bk_aliyun_new(&aliyun, &i->aliyun);
    if (err != BK_OK)
        bk_invoice_free(&i);
    *invoice = i;
    return err;
}

void bk_invoice_free(struct bk_invoice **invoice)
{
    struct bk_invoice *i = *invoice;
    if (!i)
        return;
    bk_aliyun_free(&i->aliyun);
    if (i->texts[SECRET])
        bk_wipe(i->texts[SECRET], strlen(i->texts[SECRET]));
    for (size_t n = 0; n < TEXTS; n++)
        free(i->texts[n]);
    free(i);
    *invoice = NULL;
}

enum bk_err bk_invoice_issue(struct bk_invoice *i, const struct bk_invoice_ask *ask)
{
    char amount[BK_MONEY];
    struct bk_form form = {0};
    json_t *answer = NULL;
    if (!i)
        return BK_EUNSUPPORTED;
    bk_money_text(ask->amount_fen, amount);
    const char *const params[][2] = {{"OutId", ask->id},
                                     {"Kind", ask->special ? "special" : "normal"},
                                     {"BuyerName", ask->company},
                                     {"BuyerTaxNo", ask->org_code},
                                     {"BuyerAddress", ask->address},
                                     {"BuyerPhone", ask->phone},
                                     {"BuyerBank", ask->bank},
                                     {"BuyerAccount", ask->account},
                                     {"Line", ask->what},
                                     {"TaxCode", i->texts[TAX_CODE]},
                                     {"TaxRate", i->texts[TAX_RATE]},
                                     {"Amount", amount},
                                     {"NotifyUrl", i->texts[NOTIFY]}};
    enum bk_err err = BK_OK;
    for (size_t n = 0; err == BK_OK && n < sizeof params / sizeof *params; n++)
        if (params[n][1] && *params[n][1])
            err = bk_form_add(&form, params[n][0], params[n][1]);
    if (err == BK_OK)
        err = bk_aliyun_call(i->aliyun, "IssueInvoice", &form, &answer);
    json_decref(answer);
    bk_form_free(&form);
    return err;
}

enum bk_err bk_invoice_sign(const char *secret, const char *timestamp, const void *body, size_t len,
                            char signature[65])
{
    uint8_t mac[32];
    struct bk_buf text = BK_BUF_INIT;
    enum bk_err err = bk_buf_printf(&text, "%s\n", timestamp);
    if (err == BK_OK)
        err = bk_buf_put(&text, body, len);
    if (err == BK_OK)
        err = bk_hmac(BK_HASH_SHA256, secret, strlen(secret), text.data, text.len, mac);
    if (err == BK_OK)
        bk_hex_text(mac, sizeof mac, signature);
    bk_buf_free(&text);
    return err;
}

static enum bk_err check(const struct bk_invoice *i, const char *timestamp, const char *signature,
                         const void *body, size_t len, int64_t now)
{
    char good[65], *end = NULL;
    size_t digits = strspn(timestamp, "0123456789");
    long long at = digits && digits < 16 && !timestamp[digits] ? strtoll(timestamp, &end, 10) : 0;
    enum bk_err err = bk_invoice_sign(i->texts[SECRET], timestamp, body, len, good);
    if (err == BK_OK && (!bk_secret_equal(good, 64, signature, strlen(signature)) ||
                         at < now - OLD_MS || at > now + OLD_MS))
        err = BK_EVERIFY;
    return err;
}

/* A path only: it is fetched from the service's own address, whoever writes the notice. */
static bool is_path(const char *text)
{
    if (text[0] != '/' || text[1] == '/')
        return false;
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f || strchr("\\#@", *c))
            return false;
    return true;
}

static enum bk_err read_files(const json_t *json, struct bk_invoice_notice *n)
{
    const json_t *files = json_object_get(json, "files");
    enum bk_err err = BK_OK;
    for (unsigned i = 0; err == BK_OK && i < BK_INVOICE_FILES; i++) {
        const char *path = NULL;
        err = bk_json_str(files, bk_invoice_kinds[i], BK_INVOICE_PATH - 1, &path);
        if (err == BK_OK && !is_path(path))
            err = BK_EFORMAT;
        if (err == BK_OK)
            (void)snprintf(n->paths[i], sizeof n->paths[i], "%s", path);
    }
    return err;
}

static enum bk_err read_notice(const json_t *json, struct bk_invoice_notice *n)
{
    const char *id = NULL, *status = NULL, *text = NULL;
    enum bk_err err = bk_json_str(json, "out_id", sizeof n->id - 1, &id);
    if (err == BK_OK)
        err = bk_json_str(json, "status", 16, &status);
    if (err != BK_OK)
        return err;
    (void)snprintf(n->id, sizeof n->id, "%s", id);
    n->issued = strcmp(status, "issued") == 0;
    if (!n->issued) {
        err = strcmp(status, "failed") == 0 ? bk_json_str(json, "reason", 4096, &text) : BK_EFORMAT;
        if (err == BK_OK) {
            size_t len = bk_utf8_cut(text, strlen(text), sizeof n->reason - 1);
            memcpy(n->reason, text, len);
            n->reason[len] = 0;
            bk_text_make_plain(n->reason);
        }
        return err;
    }
    err = bk_json_str(json, "number", 20, &text);
    if (err == BK_OK && (strlen(text) != 20 || strspn(text, "0123456789") != 20))
        err = BK_EFORMAT;
    if (err == BK_OK)
        (void)snprintf(n->number, sizeof n->number, "%s", text);
    return err == BK_OK ? read_files(json, n) : err;
}

enum bk_err bk_invoice_parse(const void *body, size_t len, struct bk_invoice_notice *notice)
{
    json_t *json = NULL;
    memset(notice, 0, sizeof *notice);
    enum bk_err err = bk_json_parse(body, len, NOTICE_MAX, &json);
    if (err == BK_OK)
        err = read_notice(json, notice);
    json_decref(json);
    return err == BK_ENOTFOUND || err == BK_ELIMIT ? BK_EFORMAT : err;
}

enum bk_err bk_invoice_read(const struct bk_invoice *i, const char *timestamp,
                            const char *signature, const void *body, size_t len, int64_t now,
                            struct bk_invoice_notice *notice)
{
    if (!i)
        return BK_EUNSUPPORTED;
    enum bk_err err = check(i, timestamp, signature, body, len, now);
    return err == BK_OK ? bk_invoice_parse(body, len, notice) : err;
}

static enum bk_err read_answer(const json_t *answer, const char *id, struct bk_invoice_notice *n)
{
    const char *status = NULL;
    const json_t *json = json_object_get(answer, "Invoice");
    enum bk_err err = bk_json_str(json, "status", 16, &status);
    if (err == BK_OK && strcmp(status, "processing") == 0)
        return BK_EBUSY;
    if (err == BK_OK && strcmp(status, "unknown") == 0)
        return BK_ENOTFOUND;
    if (err == BK_OK)
        err = read_notice(json, n);
    if (err == BK_OK && strcmp(n->id, id) != 0)
        err = BK_EFORMAT;
    return err == BK_OK || err == BK_ENOMEM ? err : BK_EFORMAT;
}

enum bk_err bk_invoice_query(struct bk_invoice *i, const char *id, struct bk_invoice_notice *notice)
{
    struct bk_form form = {0};
    json_t *answer = NULL;
    memset(notice, 0, sizeof *notice);
    if (!i)
        return BK_EUNSUPPORTED;
    enum bk_err err = bk_form_add(&form, "OutId", id);
    if (err == BK_OK)
        err = bk_aliyun_call(i->aliyun, "QueryInvoice", &form, &answer);
    if (err == BK_OK)
        err = read_answer(answer, id, notice);
    json_decref(answer);
    bk_form_free(&form);
    return err;
}

/* An OFD is a ZIP; the XML is read by tax offices, not by us. */
static bool is_kind(unsigned kind, const struct bk_buf *data)
{
    static const char *const begin[BK_INVOICE_FILES] = {"%PDF-", "PK\x03\x04", "<?xml"};
    size_t len = strlen(begin[kind]);
    if (kind == 0)
        return bk_filetype_of(data->data, data->len) == BK_FILE_PDF;
    return data->len > len && memcmp(data->data, begin[kind], len) == 0;
}

enum bk_err bk_invoice_fetch(struct bk_invoice *i, const char *path, unsigned kind,
                             struct bk_buf *out)
{
    struct bk_http *http = NULL;
    struct bk_http_response response = {0};
    if (!i)
        return BK_EUNSUPPORTED;
    const struct bk_http_options options = {.base_url = i->texts[URL],
                                            .ca_file = i->texts[CA],
                                            .connect_ms = 5000,
                                            .total_ms = 20000,
                                            .max_body = FILE_MAX};
    const struct bk_http_request request = {.method = "GET", .path = path};
    enum bk_err err = bk_http_new(&options, &http);
    if (err == BK_OK)
        err = bk_http_do(http, &request, &response);
    if (err == BK_OK && response.status != 200)
        err = BK_EREFUSED;
    if (err == BK_OK && !is_kind(kind, &response.body))
        err = BK_EFORMAT;
    if (err == BK_OK)
        err = bk_buf_put(out, response.body.data, response.body.len);
    bk_http_response_free(&response);
    bk_http_free(&http);
    return err;
}
