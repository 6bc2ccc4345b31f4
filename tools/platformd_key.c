/* SPDX-License-Identifier: Apache-2.0 */
/* The register of keys. */
#include <stdio.h>
#include <unistd.h>

#include "tools/platformd.h"

/* One line of standard input without its end. */
enum bk_err platformd_read_pin(struct bk_secret *pin, struct bk_admin_why *why)
{
    char line[64];
    size_t n = 0;
    ssize_t got = 0;
    while (n < sizeof line && (got = read(STDIN_FILENO, line + n, 1)) == 1 && line[n] != '\n')
        n++;
    if (n && line[n - 1] == '\r')
        n--;
    enum bk_err err = n < sizeof line && got >= 0 ? bk_secret_set(pin, line, n) : BK_EINVAL;
    bk_wipe(line, sizeof line);
    if (err == BK_EINVAL)
        (void)snprintf(why->text, sizeof why->text,
                       "the administrator PIN, one line of standard input, is missing or too long");
    return err;
}

enum bk_err platformd_key_add(struct bk_platform *platform, const char *serial,
                              const struct args *args, struct bk_admin_why *why)
{
    const struct bk_admin_key key = {.serial = serial,
                                     .dialect = args->dialect,
                                     .shape = args->shape,
                                     .application = args->application,
                                     .phone = args->phone,
                                     .holder = args->holder,
                                     .company = args->company,
                                     .contacts = args->contacts,
                                     .contact_count = args->contact_count,
                                     .bank = args->bank,
                                     .account = args->account};
    return bk_admin_key_add(bk_platform_app(platform), &key, (const char *)args->input.data, why);
}

enum bk_err platformd_key_show(struct bk_platform *platform, const char *serial,
                               const struct args *args, struct bk_admin_why *why)
{
    (void)args;
    return bk_admin_key_show(bk_platform_app(platform), serial, stdout, why);
}

enum bk_err platformd_key_phone(struct bk_platform *platform, const char *serial,
                                const struct args *args, struct bk_admin_why *why)
{
    return bk_admin_key_phone(bk_platform_app(platform), serial, args->phone, why);
}

enum bk_err platformd_key_account(struct bk_platform *platform, const char *serial,
                                  const struct args *args, struct bk_admin_why *why)
{
    const struct bk_admin_key key = {
        .serial = serial, .company = args->company, .bank = args->bank, .account = args->account};
    return bk_admin_key_account(bk_platform_app(platform), &key, why);
}

enum bk_err platformd_key_activate(struct bk_platform *platform, const char *serial,
                                   const struct args *args, struct bk_admin_why *why)
{
    (void)args;
    return bk_admin_key_activate(bk_platform_app(platform), serial, why);
}
