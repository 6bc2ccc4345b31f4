/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The identity provider. Everybody is who they say, but for names that end in 不符 (mismatch) or
 * 查无 (no record) and cards and accounts that end in 0000 (mismatch). A transfer arrives after a
 * second: its memo is then among the messages to its account.
 */
#include <string.h>

#include "server/ident.h"
#include "server/sim.h"

#define ARRIVES_MS 1000

static bool ends(const char *text, const char *end)
{
    size_t len = strlen(text), n = strlen(end);
    return len >= n && strcmp(text + len - n, end) == 0;
}

static const char *judge(const char *name, const char *number)
{
    return ends(name, "查无") ? "3" : ends(name, "不符") || ends(number, "0000") ? "2" : "1";
}

static enum bk_err refuse(struct bk_http_out *out, const char *what)
{
    return bk_sim_reply(out, 400, json_pack("{s:s, s:s}", "Code", "400", "Message", what));
}

static bool has(const struct bk_form *form, const char *const *names)
{
    while (*names && *bk_form_get(form, *names))
        names++;
    return !*names;
}

static enum bk_err compare(const struct bk_form *form, const char *const *needed,
                           const char *number, struct bk_http_out *out)
{
    char id[BK_ULID + 1];
    if (!has(form, needed))
        return refuse(out, "a parameter is missing");
    enum bk_err err = bk_ulid(id);
    return err == BK_OK
               ? bk_sim_reply(
                     out, 200,
                     json_pack("{s:s, s:s, s:s, s:{s:s}}", "Code", "200", "Message", "success",
                               "RequestId", id, "ResultObject", "BizCode",
                               judge(bk_form_get(form, "UserName"), bk_form_get(form, number))))
               : err;
}

enum bk_err bk_sim_mobile3(struct bk_sim *sim, const struct bk_form *form, struct bk_http_out *out)
{
    static const char *const needed[] = {"ParamType", "UserName", "IdentifyNum", "Mobile", NULL};
    (void)sim;
    return compare(form, needed, "Mobile", out);
}

enum bk_err bk_sim_bank4(struct bk_sim *sim, const struct bk_form *form, struct bk_http_out *out)
{
    static const char *const needed[] = {"VerifyMode",  "ProductType", "BankCard", "UserName",
                                         "IdentifyNum", "Mobile",      NULL};
    (void)sim;
    return compare(form, needed, "BankCard", out);
}

/* --- transfers --- */

static enum bk_err add(struct bk_tx *tx, const struct bk_form *form)
{
    char id[BK_ULID + 1];
    enum bk_err err = bk_ulid(id);
    return err == BK_OK
               ? bk_tx_exec(tx,
                            "INSERT INTO transfers (id, out_id, name, account, memo, arrived,"
                            " created_at) VALUES ($1, $2, $3, $4, $5, 0, $6)"
                            " ON CONFLICT (out_id) DO NOTHING",
                            BK_VALS(bk_text(id), bk_text(bk_form_get(form, "OutId")),
                                    bk_text(bk_form_get(form, "AccountName")),
                                    bk_text(bk_form_get(form, "Account")),
                                    bk_text(bk_form_get(form, "Memo")), bk_int(bk_now_ms())),
                            NULL)
               : err;
}

/* What the bank's customer reads on the account. */
static enum bk_err arrive(struct bk_tx *tx, const struct bk_rows *row)
{
    struct bk_buf text = BK_BUF_INIT;
    const char *plain = NULL;
    enum bk_err err =
        bk_buf_printf(&text, "入账 0.01 元, 附言: %s (模拟转账)", bk_row_text(row, 0, 3));
    if (err == BK_OK)
        err = bk_buf_cstr(&text, &plain);
    if (err == BK_OK)
        err = bk_tx_exec(tx,
                         "INSERT INTO messages (id, phone, text, code, out_id, created_at)"
                         " VALUES ($1, $2, $3, $4, $1, $5)",
                         BK_VALS(bk_text(bk_row_text(row, 0, 0)), bk_text(bk_row_text(row, 0, 2)),
                                 bk_text(plain), bk_text(bk_row_text(row, 0, 3)),
                                 bk_int(bk_now_ms())),
                         NULL);
    if (err == BK_OK)
        err = bk_tx_exec(tx, "UPDATE transfers SET arrived = 1 WHERE id = $1",
                         BK_VALS(bk_text(bk_row_text(row, 0, 0))), NULL);
    bk_buf_free(&text);
    return err;
}

static enum bk_err answer(struct bk_tx *tx, const char *by, const char *value,
                          struct bk_http_out *out)
{
    struct bk_rows row = BK_ROWS_INIT;
    const char *sql = strcmp(by, "id") == 0
                          ? "SELECT id, name, account, memo, arrived, created_at FROM transfers"
                            " WHERE id = $1"
                          : "SELECT id, name, account, memo, arrived, created_at FROM transfers"
                            " WHERE out_id = $1";
    enum bk_err err = bk_tx_get(tx, sql, BK_VALS(bk_text(value)), &row);
    if (err == BK_ENOTFOUND) {
        bk_rows_free(&row);
        return refuse(out, "no such transfer");
    }
    const char *code = judge(bk_row_text(&row, 0, 1), bk_row_text(&row, 0, 2));
    bool over = err == BK_OK && bk_now_ms() - bk_row_int(&row, 0, 5) >= ARRIVES_MS;
    if (over && *code == '1' && !bk_row_int(&row, 0, 4))
        err = arrive(tx, &row);
    if (err == BK_OK)
        err = bk_sim_reply(out, 200,
                           json_pack("{s:s, s:s, s:{s:s, s:s, s:s}}", "Code", "200", "Message",
                                     "success", "ResultObject", "FlowId", bk_row_text(&row, 0, 0),
                                     "Status",
                                     !over          ? "PROCESSING"
                                     : *code == '1' ? "SUCCESS"
                                                    : "FAILED",
                                     "BizCode", code));
    bk_rows_free(&row);
    return err;
}

static enum bk_err transfer(struct bk_sim *sim, const struct bk_form *form, bool begin,
                            struct bk_http_out *out)
{
    static const char *const needed[] = {"OutId", "AccountName", "Account", "BankName",
                                         "Memo",  "Amount",      NULL};
    struct bk_tx *tx = NULL;
    if (begin && (!has(form, needed) || strcmp(bk_form_get(form, "Amount"), "0.01") != 0))
        return refuse(out, "a parameter is missing");
    enum bk_err err = bk_tx_begin(sim->store, &tx);
    if (err == BK_OK && begin)
        err = add(tx, form);
    if (err == BK_OK)
        err = begin ? answer(tx, "out_id", bk_form_get(form, "OutId"), out)
                    : answer(tx, "id", bk_form_get(form, "FlowId"), out);
    return bk_tx_end(&tx, err);
}

enum bk_err bk_sim_transfer(struct bk_sim *sim, const struct bk_form *form, struct bk_http_out *out)
{
    return transfer(sim, form, true, out);
}

enum bk_err bk_sim_transfer_query(struct bk_sim *sim, const struct bk_form *form,
                                  struct bk_http_out *out)
{
    return transfer(sim, form, false, out);
}
