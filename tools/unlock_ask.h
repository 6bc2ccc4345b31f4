/* SPDX-License-Identifier: Apache-2.0 */
/* How bjca unlock asks for a code: by which way, what its customer is known by, and the documents.
 */
#ifndef BK_TOOLS_UNLOCK_ASK_H
#define BK_TOOLS_UNLOCK_ASK_H

#include "tools/cmd.h"
#include "workflow/unlock.h"

#define UNLOCK_PAPERS 4u

struct unlock_options {
    const char *way; /* NULL: what the other options say, else by phone */
    const char *phone, *account, *contact, *name;
    struct bk_unlock_paper papers[UNLOCK_PAPERS];
    size_t paper_count;
    bool request_only; /* ask for the code and stop */
    int code_fd, pin_fd;
};

/* KIND=FILE, in options; EXIT_OK or what cmd_usage returns. */
int unlock_take_paper(struct unlock_options *options, char *text);
/* Which way it is. What belongs to another isn't passed over in silence. */
int unlock_check_way(struct unlock_options *options);
/* By phone or account. */
enum bk_err unlock_request_code(struct cmd *cmd, struct bk_state *state,
                                const struct unlock_options *options,
                                struct bk_failure *failure) BK_MUST_CHECK;
/* With documents: a new request, or the open one that lacks them. *waits: it has no code yet. */
enum bk_err unlock_hand_in(struct cmd *cmd, struct bk_state *state,
                           const struct unlock_options *options, bool open, bool *waits,
                           struct bk_failure *failure) BK_MUST_CHECK;

#endif
