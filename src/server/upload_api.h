/* SPDX-License-Identifier: Apache-2.0 */
/* A document that is uploaded: the request's body is the file. */
#ifndef BK_SERVER_UPLOAD_API_H
#define BK_SERVER_UPLOAD_API_H

#include "server/router.h"
#include "server/upload.h"

struct bk_uploading {
    const char *scope, *id; /* of what has it: so much may come for that in an hour */
    /* When it is written, in the transaction in which it is looked at once more who it is for. */
    enum bk_err (*attach)(struct bk_req *req, const struct bk_upload *upload, bool *refused);
    enum bk_err (*reply)(struct bk_req *req); /* then, in another one */
};

/* Takes it, or refuses what is no document. */
enum bk_err bk_req_upload(struct bk_req *req, const struct bk_uploading *to) BK_MUST_CHECK;

#endif
