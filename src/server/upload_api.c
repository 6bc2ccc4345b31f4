/* SPDX-License-Identifier: Apache-2.0 */
#include "server/upload_api.h"

#include "server/filetype.h"
#include "server/order_api.h"

#define HOUR_MS (INT64_C(3600) * 1000)
#define PER_OWNER 40 /* in an hour: four documents, each once more and again */

/* What was replaced is kept for an hour: so much an owner and an address can fill of a disk. */
static enum bk_err limit(struct bk_req *req, const struct bk_uploading *to, bool *refused)
{
    int64_t by_owner = 0, by_address = 0;
    enum bk_err err = bk_req_limit(req, to->scope, to->id, HOUR_MS, PER_OWNER, &by_owner);
    if (err == BK_OK)
        err = bk_req_limit(req, "upload-address", req->group, HOUR_MS,
                           req->app->policy.uploads_per_hour, &by_address);
    *refused = err == BK_OK && (by_owner || by_address);
    return *refused ? bk_refuse_later(req, by_owner > by_address ? by_owner : by_address) : err;
}

/* The file is written between two transactions, and held until the second is over. */
static enum bk_err take(struct bk_req *req, const struct bk_uploading *to, struct bk_upload *upload)
{
    bool refused = false;
    enum bk_err err = bk_upload_plan(req->app, req->tx, upload, req->now);
    if (err == BK_OK)
        err = bk_req_pause(req);
    if (err == BK_OK)
        err = bk_upload_write(req->app, upload);
    if (err == BK_ESTATE)
        err = BK_EBUSY; /* the folder isn't mounted: to be sent again */
    if (err == BK_OK)
        err = bk_req_resume(req);
    if (err == BK_OK)
        err = to->attach(req, upload, &refused);
    if (err != BK_OK || refused)
        return err;
    err = bk_req_pause(req);
    bk_upload_done(upload);
    if (err == BK_OK)
        err = bk_req_resume(req);
    return err == BK_OK ? to->reply(req) : err;
}

enum bk_err bk_req_upload(struct bk_req *req, const struct bk_uploading *to)
{
    struct bk_upload upload = {.data = req->in->body, .len = req->in->body_len, .lock = -1};
    bool refused = false;
    enum bk_err err = limit(req, to, &refused);
    if (err != BK_OK || refused)
        return err;
    upload.type = bk_filetype_name(bk_filetype_of(upload.data, upload.len));
    if (!upload.type)
        return bk_refuse(req, "bad-document");
    err = take(req, to, &upload);
    bk_upload_done(&upload);
    return err;
}
