/* SPDX-License-Identifier: Apache-2.0 */
/* What the tool says and asks: messages in the user's language, prompts without echo, one line of
 * progress, and the translation of a failure to an exit code and a sentence. */
#ifndef BJCA_TOOLS_UI_H
#define BJCA_TOOLS_UI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"
#include "base/text.h"
#include "workflow/failure.h"

/* Documented in bjca(1). */
enum exit_code {
    EXIT_OK = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_NO_KEY = 3,
    EXIT_PIN_WRONG = 4,
    EXIT_PIN_LOCKED = 5,
    EXIT_REFUSED = 6,
    EXIT_NETWORK = 7,
    EXIT_CANCELLED = 8,
    EXIT_UNFINISHED = 9,
};

/* Sets the locale and the catalogue. A standard descriptor that is closed is taken, so that no file
 * opened later gets what is meant for it. */
void ui_start(void);
/* The last thing: sees to it that all of the result was written; the exit code is then `code`. */
int ui_end(int code);
/* "zh-CN" or "en": what the platform's texts should be in. */
const char *ui_language(void);

/* To standard error, with a line break: what goes on, as against the result on standard output. */
void ui_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void ui_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A step with an optional part done; ends the line when the next thing is said. */
void ui_progress(const char *what, size_t done, size_t total);
/* From here on a failure is also one JSON object on standard output. */
void ui_json(void);
void ui_quiet(bool quiet); /* no progress, no notes: warnings and errors only */

/* A line from descriptor fd when it is 0 or above, else asked for on the terminal without echo.
 * BK_ECANCELLED at the end of input, BK_EDENIED when there is no terminal to ask on. */
enum bk_err ui_secret(int fd, const char *prompt, struct bk_secret *secret) BK_MUST_CHECK;
/* The same with echo. */
enum bk_err ui_line(const char *prompt, char *line, size_t size) BK_MUST_CHECK;
/* A new PIN, asked for twice on the terminal; from a descriptor once. */
enum bk_err ui_new_pin(int fd, struct bk_secret *pin) BK_MUST_CHECK;
/* Yes or no; `otherwise` for an empty answer. Without a terminal: no. */
bool ui_yes(const char *question, bool otherwise);

/* A QR code of blocks when standard error is a terminal, and the text itself. */
void ui_qr(const char *text);
/* yyyy-mm-dd of milliseconds since 1970, local time. */
void ui_date(int64_t ms, char out[16]);
/* hh:mm of it, with the date before it when that isn't today's. */
void ui_time(int64_t ms, char out[32]);

/* Says what failed and what to do, and gives the exit code. */
int ui_failure(const struct bk_failure *failure);

#endif
