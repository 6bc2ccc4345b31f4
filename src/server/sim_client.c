/* SPDX-License-Identifier: Apache-2.0 */
#include "server/sim_client.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "net/http.h"

static enum bk_err open_http(const char *folder, struct bk_http **http)
{
    char path[PATH_MAX];
    struct bk_buf address = BK_BUF_INIT;
    const char *url = NULL;
    int n = snprintf(path, sizeof path, "%s/address", folder);
    enum bk_err err =
        n > 0 && (size_t)n < sizeof path ? bk_file_read(path, 256, &address) : BK_ELIMIT;
    if (err == BK_OK)
        err = bk_buf_cstr(&address, &url);
    if (err == BK_OK) {
        address.data[strcspn(url, "\r\n")] = 0;
        const struct bk_http_options options = {.base_url = url, .total_ms = 10000};
        err = bk_http_new(&options, http);
    }
    bk_buf_free(&address);
    return err;
}

static void copy(char *to, size_t size, const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    (void)snprintf(to, size, "%s", text ? text : "");
}

enum bk_err bk_sim_scan_code(const char *folder, const char *qr,
                             const struct bk_sim_payment *payment, struct bk_sim_scanned *scanned)
{
    struct bk_http *http = NULL;
    struct bk_http_response response = {0};
    struct bk_buf body = BK_BUF_INIT;
    json_t *answer = NULL;
    json_t *ask =
        json_pack("{s:s, s:i, s:i, s:s*, s:s*}", "qr_code", qr, "notices", payment->notices, "late",
                  payment->late_s, "amount", payment->amount, "behind", payment->behind);
    memset(scanned, 0, sizeof *scanned);
    enum bk_err err = ask ? bk_json_text(ask, &body) : BK_ENOMEM;
    if (err == BK_OK)
        err = open_http(folder, &http);
    if (err == BK_OK) {
        const struct bk_http_request request = {.method = "POST",
                                                .path = "/sim/scan",
                                                .content_type = "application/json",
                                                .body = body.data,
                                                .body_len = body.len};
        err = bk_http_do(http, &request, &response);
    }
    if (err == BK_OK)
        err = bk_json_parse(response.body.data, response.body.len, 4096, &answer);
    copy(scanned->order, sizeof scanned->order, answer, "out_trade_no");
    copy(scanned->amount, sizeof scanned->amount, answer, "amount");
    copy(scanned->refused, sizeof scanned->refused, answer, "refused");
    if (err == BK_OK && response.status != 200)
        err = BK_EREFUSED;
    json_decref(ask);
    json_decref(answer);
    bk_http_response_free(&response);
    bk_http_free(&http);
    bk_buf_free(&body);
    return err;
}
