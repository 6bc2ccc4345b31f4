/* SPDX-License-Identifier: Apache-2.0 */
/* An unlock that was asked for with documents: what was typed beside what is on record, the
 * documents, what is decided. */
#include <stdio.h>
#include <string.h>

#include "server/api.h"
#include "server/keys.h"
#include "server/order_api.h"
#include "server/page_words.h"
#include "server/pages_order.h"
#include "server/unlock_review.h"

static enum bk_err load(struct bk_req *req, struct bk_unlock_review *review, bool *refused)
{
    enum bk_err err = bk_unlock_review_load(req->app, req->tx, req->params[0], review);
    *refused = err == BK_ENOTFOUND;
    return *refused ? bk_refuse(req, "not-found") : err;
}

static enum bk_err note(struct bk_req *req, const char *action, const char *detail)
{
    char object[BK_REQ_PARAM + 8];
    (void)snprintf(object, sizeof object, "unlock:%s", req->params[0]);
    return bk_req_audit(req, action, object, detail);
}

static enum bk_err put_facts(struct bk_page *page, const struct bk_unlock_review *r)
{
    struct bk_req *req = page->req;
    struct bk_key key;
    bool recorded = false;
    enum bk_err err = bk_key_find(req->tx, r->unlock.serial, &key);
    bool known = err == BK_OK;
    if (err == BK_OK || err == BK_ENOTFOUND)
        err = bk_unlock_review_recorded(req->tx, r, &recorded);
    if (err != BK_OK)
        return err;
    bk_html(&page->html, "<dl>");
    bk_page_term(page, bk_say(req, "密钥", "Key"), r->unlock.serial);
    bk_page_term(page, bk_say(req, "登记单位", "Company on record"),
                 known ? key.company : bk_say(req, "该密钥未登记", "the key isn't registered"));
    bk_page_term(page, bk_say(req, "登记持有人", "Holder on record"), known ? key.holder : "");
    bk_page_term(page, bk_say(req, "填写的单位", "Company as typed"), r->company);
    bk_page_term(page, bk_say(req, "授权码送达", "The code goes to"), r->contact);
    bk_page_term(page, bk_say(req, "是否预留联系方式", "Is it on record"),
                 recorded ? bk_say(req, "是", "yes")
                          : bk_say(req, "否，须与材料核对", "no: it must stand in the documents"));
    bk_page_term(page, bk_say(req, "状态", "State"), bk_word(req, r->state));
    bk_page_term_time(page, bk_say(req, "提交时间", "Submitted"), r->entered_at);
    bk_page_term_time(page, bk_say(req, "应于此前完成", "Due"), r->due_at);
    bk_page_term(page, bk_say(req, "审核人", "Decided by"), r->decided_by);
    bk_page_term_time(page, bk_say(req, "审核时间", "Decided at"), r->decided_at);
    bk_page_term(page, bk_say(req, "原因", "Reason"), r->reason);
    bk_html(&page->html, "</dl>");
    return BK_OK;
}

static enum bk_err put_papers(struct bk_page *page, const char *id)
{
    struct bk_rows rows = BK_ROWS_INIT;
    enum bk_err err = bk_paper_list(page->req->tx, id, &rows);
    bk_html(&page->html, "<h2>%s</h2>", bk_say(page->req, "材料", "Documents"));
    if (err == BK_OK && !rows.count)
        bk_html(&page->html, "<p>%s</p>", bk_say(page->req, "没有材料。", "There are none."));
    bk_html(&page->html, "<div class=\"documents\">");
    for (size_t i = 0; err == BK_OK && i < rows.count; i++)
        bk_page_put_document(page, "unlocks", id, &rows, i);
    bk_html(&page->html, "</div>");
    bk_rows_free(&rows);
    return err;
}

static void put_form(struct bk_page *page, const char *id, const char *what)
{
    char path[96];
    (void)snprintf(path, sizeof path, "/admin/unlocks/%s/%s", id, what);
    bk_page_form(page, path);
}

static void put_decision(struct bk_page *page, const char *id, const char *reason)
{
    const struct bk_req *req = page->req;
    bk_html(&page->html, "<h2>%s</h2><div class=\"panel\">", bk_say(req, "审核", "Decision"));
    put_form(page, id, "approve");
    bk_html(
        &page->html, "<p>%s</p><button>%s</button></form></div><div class=\"panel\">",
        bk_say(req,
               "材料齐全、印章与登记单位一致、申请函写明密钥序列号与送达方式时通过；授权码随即"
               "发出，并通知所有预留联系人。",
               "Approve when the documents are complete, the seal is the company's on record, and"
               " the letter names the key and where the code is to go. The code is sent then, and"
               " all contacts on record are told."),
        bk_say(req, "通过", "Approve"));
    put_form(page, id, "reject");
    bk_html(&page->html,
            "<label for=\"reason\">%s</label><input id=\"reason\" name=\"reason\" class=\"wide\""
            " maxlength=\"200\" required value=\"%s\"><p><button class=\"bad\">%s</button></p>"
            "</form></div>",
            bk_say(req, "原因（会告知申请人，须重新申请）",
                   "Reason (whoever asked is told, and may ask anew)"),
            reason, bk_say(req, "不通过", "Reject"));
}

/* wrong: what was wrong with the last decision; NULL */
static enum bk_err unlock_page(struct bk_req *req, const char *wrong)
{
    struct bk_page page = {.req = req};
    struct bk_unlock_review r;
    bool refused = false;
    enum bk_err err = load(req, &r, &refused);
    if (err != BK_OK || refused)
        return err;
    bk_page_begin(&page, req, bk_say(req, "解锁申请", "Unlock request"));
    if (wrong)
        bk_html(&page.html, "<p class=\"wrong\" role=\"alert\">%s</p>", wrong);
    err = put_facts(&page, &r);
    if (err == BK_OK)
        err = put_papers(&page, r.unlock.id);
    if (r.unlock.state == BK_UNLOCK_REVIEW && req->now <= r.unlock.expires_at)
        put_decision(&page, r.unlock.id, bk_page_field(req, "reason", SIZE_MAX));
    if (err == BK_OK)
        err = note(req, "review.looked", "");
    if (err == BK_OK)
        err = bk_page_end(&page, wrong ? 400 : 200);
    bk_html_free(&page.html);
    return err;
}

enum bk_err bk_page_unlock(struct bk_req *req)
{
    return unlock_page(req, NULL);
}

enum bk_err bk_page_paper(struct bk_req *req)
{
    char digest[65];
    if (!bk_paper_is_kind(req->params[1]))
        return bk_refuse(req, "not-found");
    enum bk_err err = bk_paper_find(req->tx, req->params[0], req->params[1], digest);
    if (err == BK_ENOTFOUND)
        return bk_refuse(req, "not-found");
    if (err == BK_OK)
        err = note(req, "review.document", req->params[1]);
    return err == BK_OK ? bk_page_send_document(req, digest) : err;
}

static enum bk_err decide(struct bk_req *req, const char *reason, const char *done)
{
    struct bk_unlock_review r;
    const struct bk_audit who = bk_req_who(req);
    bool refused = false;
    enum bk_err err = load(req, &r, &refused);
    if (err != BK_OK || refused)
        return err;
    err = reason ? bk_unlock_review_reject(req->app, req->tx, &r, reason, &who, req->now)
                 : bk_unlock_review_approve(req->app, req->tx, &r, &who, req->now);
    if (err == BK_ESTATE)
        return bk_refuse(req, "version-conflict");
    if (err == BK_ENOTFOUND)
        return unlock_page(req, bk_say(req, "该密钥未登记，只能不通过。",
                                       "The key isn't registered: it can only be rejected."));
    if (err == BK_EINVAL)
        return unlock_page(req, bk_say(req, "请填写原因（不超过 600 字节的一行文字）。",
                                       "Give a reason, one line of at most 600 bytes."));
    return err == BK_OK ? bk_page_go(req, done) : err;
}

enum bk_err bk_page_unlock_approve(struct bk_req *req)
{
    return decide(req, NULL, "/admin/unlocks?done=approved");
}

enum bk_err bk_page_unlock_reject(struct bk_req *req)
{
    return decide(req, bk_page_field(req, "reason", BK_REASON_MAX), "/admin/unlocks?done=rejected");
}
