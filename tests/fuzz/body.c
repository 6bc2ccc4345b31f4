/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies of requests, as the platform's readers take them; forms of the payment provider and of
 * pages; requests for certificates. */
#include <stdlib.h>
#include <string.h>

#include "crypto/issue.h"
#include "server/form.h"
#include "server/idempotency.h"
#include "server/page.h"
#include "server/problem.h"
#include "server/router.h"
#include "server/rsa2.h"
#include "server/unlock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void json_body(const uint8_t *data, size_t size)
{
    struct bk_http_in in = {.method = "POST", .path = "/", .body = data, .body_len = size};
    struct bk_http_out out = {.status = 0};
    struct bk_req req = {.in = &in, .out = &out};
    struct bk_buf bytes = BK_BUF_INIT;
    const char *text = NULL;
    bool refused = false;
    if (bk_json_parse(data, size, 65536, &req.body) != BK_OK)
        return;
    if (bk_req_text(&req, "name", 1, 96, &text, &refused) == BK_OK && !refused &&
        (!*text || strlen(text) > 96))
        abort();
    refused = false;
    if (bk_req_bytes(&req, "message", 1, 4096, &bytes, &refused) == BK_OK && !refused &&
        (!bytes.len || bytes.len > 4096))
        abort();
    if (refused && out.status != 400)
        abort();
    bk_buf_free(&bytes);
    bk_buf_free(&out.body);
    json_decref(req.body);
}

static size_t count(const struct bk_buf *text, uint8_t c)
{
    size_t n = 0;
    for (size_t i = 0; i < text->len; i++)
        n += text->data[i] == c;
    return n;
}

/* A form as the staff's pages take it: whatever it says, it adds no markup to a page. */
static void page_form(const uint8_t *data, size_t size)
{
    struct bk_req req = {.page = true};
    struct bk_html html = BK_HTML_INIT;
    if (bk_form_parse(data, size, &req.form) != BK_OK)
        return;
    for (size_t i = 0; i < req.form.count; i++) {
        const char *name = req.form.items[i].name, *value = bk_page_field(&req, name, 96);
        if (strlen(value) > 96 || strchr(value, '\n'))
            abort();
        bk_html(&html, "<p title=\"%s\">%s", name, req.form.items[i].value);
    }
    if (html.err == BK_OK &&
        (count(&html.text, '<') != req.form.count || count(&html.text, '>') != req.form.count ||
         count(&html.text, '"') != 2 * req.form.count || count(&html.text, '\'')))
        abort();
    bk_html_free(&html);
    bk_form_free(&req.form);
}

/* The first byte chooses the reader. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    uint8_t which = *data++;
    size--;
    char text[512], out[BK_IDEM_KEY_MAX + 1], code[BK_CODE + 1];
    int64_t fen = 0;
    struct bk_pkcs10 request;
    size_t n = size < sizeof text - 1 ? size : sizeof text - 1;
    memcpy(text, data, n);
    text[n] = 0;
    switch (which % 4) {
    case 0:
        json_body(data, size);
        break;
    case 1:
        page_form(data, size);
        break;
    case 2:
        (void)(bk_pkcs10_read(data, size, &request) == BK_OK);
        break;
    default:
        (void)(bk_idem_key(text, out) == BK_OK);
        (void)(bk_code_read(text, code) == BK_OK);
        (void)(bk_money_read(text, &fen) == BK_OK);
        (void)bk_lang_choose(text);
    }
    return 0;
}
