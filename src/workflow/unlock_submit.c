/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"
#include "base/text.h"
#include "workflow/unlock.h"

static enum bk_err upload(struct bk_api *api, const struct bk_state *state,
                          const struct bk_unlock_paper *paper, struct bk_failure *failure)
{
    struct bk_buf data = BK_BUF_INIT;
    enum bk_err err = bk_file_read(paper->file, BK_BUF_MAX, &data);
    if (err != BK_OK)
        err = bk_fail(failure, err, _("can't read %s"), paper->file);
    else if ((err = bk_api_unlock_document(api, state->now.id, state->now.secret.data, paper->kind,
                                           data.data, data.len)) != BK_OK)
        err = bk_fail_api(failure, err, api);
    bk_buf_free(&data);
    return err;
}

enum bk_err bk_unlock_submit(struct bk_api *api, struct bk_state *state,
                             const struct bk_unlock_paper *papers, size_t count,
                             struct bk_api_unlock_review *review, struct bk_failure *failure)
{
    enum bk_err err = BK_OK;
    for (size_t i = 0; err == BK_OK && i < count; i++)
        err = upload(api, state, &papers[i], failure);
    if (err != BK_OK)
        return err;
    err = bk_api_unlock_submit(api, state->now.id, state->now.secret.data, review);
    if (err != BK_OK)
        return bk_fail_api(failure, err, api);
    state->expires_at = review->expires_at;
    err = bk_state_save(state);
    return err == BK_OK ? BK_OK : bk_fail(failure, err, _("can't write %s"), state->path);
}
