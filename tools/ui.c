/* SPDX-License-Identifier: Apache-2.0 */
#include "tools/ui.h"

#include <fcntl.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "base/codec.h"
#include "tools/qr.h"
#include "tools/terminal.h"

static bool quiet;
static bool as_json;
static bool line_open; /* the cursor stands behind a progress text */

/* The locale that the environment asks for, by the order of setlocale(3). */
static bool wants_chinese(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return strncmp(value, "zh_CN", 5) == 0;
    }
    return false;
}

static void take_closed_descriptors(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDONLY); /* so that writing to it fails, as it should */
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        (void)close(fd);
}

void ui_start(void)
{
    take_closed_descriptors();
    /* a machine without the asked-for locale still has C.UTF-8, which lets LANGUAGE decide */
    if (!setlocale(LC_ALL, "") && setlocale(LC_ALL, "C.UTF-8") && wants_chinese())
        (void)setenv("LANGUAGE", "zh_CN", 0);
#ifdef HAVE_LIBINTL
    const char *dir = getenv("BJCA_LOCALEDIR"); /* a build tree that isn't installed */
    (void)bindtextdomain("bjca-pkcs11", dir && *dir ? dir : LOCALEDIR);
    (void)bind_textdomain_codeset("bjca-pkcs11", "UTF-8");
    (void)textdomain("bjca-pkcs11");
#endif
}

int ui_end(int code)
{
    /* what was written may also have failed earlier, in a full buffer */
    bool failed = ferror(stdout) != 0;
    if (fflush(stdout) == 0 && !failed)
        return code;
    ui_warn("%s", _("not all of the result could be written to standard output"));
    return code == EXIT_OK ? EXIT_FAILED : code;
}

const char *ui_language(void)
{
    /* the tag of the language (RFC 5646) that the texts are in: gettext's choice, not a second one
     */
    return _("en");
}

void ui_json(void)
{
    as_json = true;
}

void ui_quiet(bool on)
{
    quiet = on;
}

static void end_line(void)
{
    if (line_open)
        (void)fputc('\n', stderr);
    line_open = false;
}

static void say(const char *prefix, const char *fmt, va_list args)
{
    end_line();
    (void)fputs(prefix, stderr);
    (void)vfprintf(stderr, fmt, args);
    (void)fputc('\n', stderr);
}

void ui_say(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    if (!quiet)
        say("", fmt, args);
    va_end(args);
}

void ui_warn(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    say("bjca: ", fmt, args);
    va_end(args);
}

void ui_progress(const char *what, size_t done, size_t total)
{
    static char shown[128];
    if (quiet)
        return;
    if (isatty(STDERR_FILENO)) {
        if (line_open && strcmp(shown, what) != 0)
            end_line();
        (void)fprintf(stderr, "\r  %s …", what);
        if (total)
            (void)fprintf(stderr, " %zu/%zu ", done, total);
        (void)fflush(stderr);
        line_open = true;
    } else if (strcmp(shown, what) != 0) {
        (void)fprintf(stderr, "  %s …\n", what);
    }
    (void)snprintf(shown, sizeof shown, "%s", what);
}

static enum bk_err ask(const char *prompt, bool echo, char *line, size_t size, size_t *len)
{
    end_line();
    return terminal_ask(prompt, echo, line, size, len);
}

enum bk_err ui_secret(int fd, const char *prompt, struct bk_secret *secret)
{
    char line[256];
    size_t len = 0;
    enum bk_err err = fd >= 0 ? terminal_line(fd, line, sizeof line, &len)
                              : ask(prompt, false, line, sizeof line, &len);
    if (err == BK_OK)
        err = bk_secret_set(secret, line, len);
    bk_wipe(line, sizeof line);
    return err;
}

enum bk_err ui_line(const char *prompt, char *line, size_t size)
{
    size_t len = 0;
    return ask(prompt, true, line, size, &len);
}

enum bk_err ui_new_pin(int fd, struct bk_secret *pin)
{
    if (fd >= 0)
        return ui_secret(fd, "", pin);
    for (;;) {
        struct bk_secret again = BK_SECRET_INIT;
        enum bk_err err = ui_secret(-1, _("New PIN: "), pin);
        if (err == BK_OK)
            err = ui_secret(-1, _("New PIN again: "), &again);
        bool same = err == BK_OK && bk_secret_equal(pin->data, pin->len, again.data, again.len);
        bk_secret_free(&again);
        if (err != BK_OK || same)
            return err;
        ui_warn("%s", _("The two are not the same."));
    }
}

bool ui_yes(const char *question, bool otherwise)
{
    char prompt[512], line[16];
    (void)snprintf(prompt, sizeof prompt, "%s %s ", question, otherwise ? "[Y/n]" : "[y/N]");
    if (ui_line(prompt, line, sizeof line) != BK_OK)
        return false;
    if (!*line)
        return otherwise;
    return *line == 'y' || *line == 'Y' || strncmp(line, "是", strlen("是")) == 0;
}

void ui_qr(const char *text)
{
    end_line();
    if (isatty(STDERR_FILENO))
        qr_draw(stderr, text);
    (void)fprintf(stderr, _("  Payment code: %s\n"), text);
}

void ui_time(int64_t ms, char out[32])
{
    time_t t = (time_t)(ms / 1000), now = time(NULL);
    struct tm tm = {0}, today = {0};
    out[0] = 0;
    if (!localtime_r(&t, &tm) || !localtime_r(&now, &today))
        return;
    bool same = tm.tm_year == today.tm_year && tm.tm_yday == today.tm_yday;
    (void)strftime(out, 32, same ? "%H:%M" : "%Y-%m-%d %H:%M", &tm);
}

void ui_date(int64_t ms, char out[16])
{
    time_t t = (time_t)(ms / 1000);
    struct tm tm = {0};
    out[0] = 0;
    if (localtime_r(&t, &tm))
        (void)strftime(out, 16, "%Y-%m-%d", &tm);
}

/* What each error means to the user, and what can be done. */
static const struct {
    enum bk_err err;
    enum exit_code exit;
    const char *text;
} failures[] = {
    {BK_EINVAL, EXIT_USAGE, N_("An argument is wrong.")},
    {BK_EFORMAT, EXIT_FAILED, N_("It doesn't have the form it must have.")},
    {BK_ELIMIT, EXIT_FAILED, N_("It is too long.")},
    {BK_ENOTFOUND, EXIT_FAILED, N_("Not found.")},
    {BK_EEXISTS, EXIT_FAILED, N_("It is there already.")},
    {BK_EIO, EXIT_FAILED, N_("Reading or writing failed.")},
    {BK_ECRYPTO, EXIT_FAILED, N_("The crypto library failed.")},
    {BK_ESTATE, EXIT_FAILED, N_("That isn't possible now.")},
    {BK_EPIN_WRONG, EXIT_PIN_WRONG, N_("Wrong PIN.")},
    {BK_EPIN_LOCKED, EXIT_PIN_LOCKED, N_("The PIN is locked. Unlock it with: bjca unlock")},
    {BK_EPIN_RULE, EXIT_USAGE, N_("This PIN can't be used: it must have 6 to 16 characters.")},
    {BK_ENOKEY, EXIT_NO_KEY, N_("No key found. Is it plugged in?")},
    {BK_EREMOVED, EXIT_NO_KEY, N_("The key was unplugged. Plug it in and run the command again.")},
    {BK_ERESET, EXIT_UNFINISHED,
     N_("The key was reset or the answer came too late. Run the command again.")},
    {BK_EUNKNOWN_KEY, EXIT_NO_KEY, N_("There is a card, but not one of BJCA's.")},
    {BK_EBUSY, EXIT_FAILED,
     N_("Another program is at work on this key. Try again when it is done.")},
    {BK_EFULL, EXIT_FAILED, N_("There is no room left.")},
    {BK_EDENIED, EXIT_FAILED, N_("This is not permitted.")},
    {BK_EREFUSED, EXIT_REFUSED, N_("The platform refused.")},
    {BK_ETLS, EXIT_NETWORK,
     N_("The platform's identity could not be proved; nothing was sent to it.")},
    {BK_ENET, EXIT_NETWORK, N_("The platform can't be reached. Run the command again later.")},
    {BK_ETIMEOUT, EXIT_UNFINISHED, N_("It took too long. Run the command again to go on.")},
    {BK_ECANCELLED, EXIT_CANCELLED, N_("Stopped. Run the command again to go on.")},
    {BK_EUNSUPPORTED, EXIT_FAILED, N_("This key can't do that.")},
    {BK_ELOGIN, EXIT_PIN_WRONG, N_("The key wants its PIN first.")},
    {BK_EVERIFY, EXIT_FAILED, N_("A check failed; what was there before is unchanged.")},
    {BK_ECORRUPT, EXIT_FAILED, N_("Stored data is damaged.")},
    {BK_ENOMEM, EXIT_FAILED, N_("Out of memory.")},
};

static bool speaks_for_itself(const struct bk_failure *f)
{
    return f->complete || (f->err == BK_EREFUSED && f->http_status && *f->text);
}

static void print_json(const struct bk_failure *f, const char *text)
{
    json_t *error =
        json_pack("{s:s, s:s}", "code", *f->code ? f->code : bk_err_name(f->err), "text", text);
    if (error && f->tries_left >= 0)
        (void)json_object_set_new(error, "tries_left", json_integer(f->tries_left));
    if (error && f->retry_after)
        (void)json_object_set_new(error, "retry_after", json_integer(f->retry_after));
    json_t *all = json_pack("{s:o}", "error", error);
    (void)json_dumpf(all, stdout, JSON_INDENT(2));
    (void)fputc('\n', stdout);
    json_decref(all);
}

/* What happened, in one line: what the error means, with what is known of this one. */
static void compose(const struct bk_failure *f, const char *text, char *out, size_t size)
{
    if (speaks_for_itself(f))
        (void)snprintf(out, size, "%s", f->text);
    else if (text && *f->text && f->err != BK_EPIN_WRONG && f->err != BK_EPIN_LOCKED &&
             strcmp(text, f->text) != 0)
        (void)snprintf(out, size, _("%s (%s)"), text, f->text);
    else
        (void)snprintf(out, size, "%s", text ? text : *f->text ? f->text : bk_err_name(f->err));
    bk_text_make_plain(out); /* a file may have any name */
}

int ui_failure(const struct bk_failure *f)
{
    enum exit_code code = EXIT_FAILED;
    const char *text = NULL;
    char line[sizeof f->text + 256];
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        if (failures[i].err == f->err) {
            code = failures[i].exit;
            text = _(failures[i].text);
        }
    }
    compose(f, text, line, sizeof line);
    ui_warn("%s", line);
    if (as_json)
        print_json(f, line);
    if (f->tries_left >= 0 && (f->err == BK_EPIN_WRONG || f->err == BK_EREFUSED))
        ui_warn(ngettext_("%ld try left.", "%ld tries left.", (unsigned long)f->tries_left),
                f->tries_left);
    if (f->retry_after) {
        char when[32];
        ui_time(((int64_t)time(NULL) + f->retry_after + 59) * 1000, when);
        ui_warn(_("It can be tried again from %s on."), when);
    }
    return code;
}
